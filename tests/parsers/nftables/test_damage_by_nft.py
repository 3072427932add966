"""Damaged files of nftables: nothing becomes met, unless nft loads the file and lists what is met as well."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from aclproof.parsers.nftables.text import noise
from aclproof.parsers.nftables.text.kind import kind
from tests.parsers.damage import broken, damages, judged
from tests.parsers.nftables import loaded

SITES = Path(__file__).parents[3] / "fixtures" / "sites"
_OTHER = SITES / "nft-router" / "nftables.conf"


def _inputs() -> Iterator[tuple[str, str]]:
    for path in sorted(SITES.glob("*/*")):
        if path.is_file() and path.suffix != ".yaml" and kind(path.read_text("utf-8", "replace")) == "text":
            yield path.parent.name, path.name


def as_nft_lists(text: str, folder: Path) -> str | None:
    """What nft makes of a file or of what it listed before; None where it refuses it.

    Devices that it asks for by their index are made, and files that it includes lie in the folder.
    """
    rules = "\n".join(line for line in text.split("\n") if not (noise.is_prompt(line) or noise.command(line)))
    devices = sorted(set(re.findall(r'\b[io]if "?([\w.-]+)', rules)) - {"lo"})
    script = "".join(f"ip tuntap add dev {name} mode tun\n" for name in devices)
    script += f"printf %s {shlex.quote(rules)} > loaded; nft -f loaded && nft list ruleset"
    done = subprocess.run(["unshare", "-n", "sh", "-ec", script], cwd=folder, capture_output=True, text=True,
                          timeout=60)
    return None if done.returncode else f"root@fw:~# nft list ruleset\n{done.stdout}"


@pytest.mark.parametrize(("name", "file"), list(_inputs()))
def test_damage_makes_nothing_met_that_nft_does_not_pass(name: str, file: str, tmp_path: Path) -> None:
    loaded.skip()
    shutil.copytree(SITES / name, tmp_path, dirs_exist_ok=True)
    path = tmp_path / file
    text = path.read_text()
    every = [each for each in (*damages(text, _OTHER.read_text(), Random(f"{name} {file}")), *broken(text))
             if "cut" not in each[0]]  # the closing braces mark the end: tests/fuzz/test_cuts.py
    found = judged(tmp_path / "aclproof.yaml", path, every, lambda damaged: as_nft_lists(damaged, tmp_path))
    print(f"\n{name}/{file}: {found}")
