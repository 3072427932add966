"""What nft prints of rules that it loaded, in a network namespace of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache

import pytest

from tests.oracle.scale import CI

OPTIONS = ("", "-j", "-a", "-s", "-n", "-nn", "-y", "-t")


def missing() -> str:
    """What keeps this machine from loading rules; empty for nothing."""
    if os.geteuid() != 0:
        return "only root may make a network namespace"
    absent = [name for name in ("nft", "unshare", "ip") if not shutil.which(name)]
    return f"not installed: {', '.join(absent)}" if absent else ""


def skip() -> None:
    """Skip a test where nothing can be loaded; in CI it has to be."""
    why = missing()
    if why and CI and os.geteuid() == 0:
        pytest.fail(f"nft cannot be asked: {why}")
    if why:
        pytest.skip(f"needs root, nft and unshare: {why}")


def listed(base: str, rules: Iterable[tuple[str, str, str]], options: Iterable[str]) -> Mapping[str, str]:
    """Load rules, each by itself, and return what `nft OPTION list ruleset` prints then.

    A rule that this version or this kernel does not take is left out.
    """
    script = ["ip link set lo up", f"nft -f - <<'END'\n{base}\nEND"]
    script += [f"nft -f - 2>/dev/null <<'END'\nadd rule {family} t {chain} {rule}\nEND"
               for family, chain, rule in rules]
    script += [f"echo '@@@{option}'; nft {option} list ruleset 2>/dev/null" for option in options]
    found = subprocess.run(["unshare", "-n", "sh"], input="\n".join(script), capture_output=True, text=True,
                           check=True, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    outputs = (part.partition("\n") for part in found.stdout.split("@@@")[1:])
    return {option: text for option, _, text in outputs}


@cache
def everything() -> Mapping[str, str]:
    """All rules of `rule_lines`, in every form."""
    from tests.parsers.nftables.rule_lines import base, rules

    return listed(base(), rules(), OPTIONS)
