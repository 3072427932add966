"""Damaged dumps: no requirement becomes met, unless the kernel loads the damaged file and means the same.

Cut at a line end and within a word, a line left out, a character changed, two files in one, long lines
broken. The kernel reads each damaged file that would make something met, and what it saves has to be met as
well: clean rules, which nothing of what reads damage takes part in. A listing cannot be loaded; without the
fact that it is all, nothing of it is met.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from aclproof.parsers.iptables.text import kinds
from tests.parsers.damage import broken, damages, judged, met

ROOT = Path(__file__).parents[3]
SITES = ROOT / "fixtures" / "sites"

MADE_UP = """\
settings: {mode: mixed, client-os: windows-xp}
methods: [client-push, group-policy, software-distribution]
roles:
  client: [10.20.0.0/24]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
  distribution-point: [10.1.1.12]
firewalls:
"""
"""For the rule sets that belong to no site: as a router's, and as the management point's own."""


def _inputs() -> Iterator[tuple[str, str]]:
    """Each site with each file of iptables rules in it."""
    for path in sorted(SITES.glob("*/*")):
        if path.is_file() and path.suffix != ".yaml" \
                and kinds.kind(path.read_text("utf-8", "replace")) in ("save", "commands"):
            yield f"sites/{path.parent.name}", path.name
    for path in sorted((ROOT / "fixtures" / "iptables").glob("*")):
        if path.is_file() and kinds.kind(path.read_text("utf-8", "replace")) == "save":
            yield from ((f"iptables {where}", path.name) for where in ("router", "host"))


def laid_out(folder: Path, where: str, name: str) -> Path:
    """A copy of a site, to damage."""
    if where.startswith("sites/"):
        shutil.copytree(ROOT / "fixtures" / where, folder, dirs_exist_ok=True)
    else:
        shutil.copy(ROOT / "fixtures" / "iptables" / name, folder / name)
        own = ", host: management-point" if where.endswith("host") else ""
        native = "facts: {native nft tables: none}\n" * ("nf_tables" in (folder / name).read_text())
        (folder / "aclproof.yaml").write_text(f"{MADE_UP}  - {{name: gw, config: {name}{own}}}\n{native}")
    return folder / "aclproof.yaml"


_ABLE = os.geteuid() == 0 and all(map(shutil.which, (
    "unshare", "ipset", "iptables-legacy-restore", "ip6tables-legacy-restore", "iptables-nft-restore")))


def as_the_kernel_saves(text: str, sets: str) -> str | None:
    """What the kernel makes of a file, in the form of iptables-save; None where it refuses the file."""
    of_v6 = "ip6tables" in text or re.search(r"-[sd] \S*:\S*/|ipv6-icmp", text)
    family = "ip6tables" if of_v6 else "iptables"
    program = f"{family}-{'nft' if '(nf_tables)' in text else 'legacy'}"
    table = text if kinds.is_save(text) else f"*filter\n{text}COMMIT\n"
    table = re.sub(r"(\s-{1,2}[\w-]+) ! ", r" !\1 ", table)  # as it was written before 1.4.3
    for name in set(re.findall(r"--match-set (\S+)", text)) - set(re.findall(r"create (\S+)", sets)):
        sets += f"create {name} hash:net\n"  # the site file says what is in it
    script = f"printf %s {shlex.quote(sets)} | ipset restore\n" if sets else ""
    script += f"printf %s {shlex.quote(table)} | {program}-restore && {program}-save"
    done = subprocess.run(["unshare", "-n", "sh", "-ec", script], capture_output=True, text=True, timeout=60)
    return None if done.returncode else done.stdout


@cache
def other_file(text: str) -> str:
    """Another dump of the same family."""
    name = "router.v6.rules" if "ip6tables" in text else "ufw.rules"
    return (ROOT / "fixtures" / "iptables" / name).read_text()


@pytest.mark.skipif(not _ABLE, reason="the kernel reads the damaged files, which needs root and iptables")
@pytest.mark.parametrize(("where", "name"), list(_inputs()))
def test_damage_makes_nothing_met_that_the_kernel_does_not_pass(where: str, name: str,
                                                                tmp_path: Path) -> None:
    site, file = laid_out(tmp_path, where, name), tmp_path / name
    text = file.read_text()
    sets = "".join(each.read_text() for each in tmp_path.glob("*.ipset"))
    every = (*damages(text, other_file(text), Random(f"{where} {name}")), *broken(text))
    if not kinds.is_save(text):  # nothing marks its end: the fact that it is all says that it is whole
        every = tuple(each for each in every if "cut" not in each[0])
    found = judged(site, file, every, lambda damaged: as_the_kernel_saves(damaged, sets))
    print(f"\n{where} {name}: {found}")


@pytest.mark.parametrize("name", ["linux-listing", "linux-rule-specs"])
def test_of_a_form_that_cannot_be_complete_nothing_is_met_whatever_the_damage(name: str,
                                                                              tmp_path: Path) -> None:
    shutil.copytree(SITES / name, tmp_path, dirs_exist_ok=True)
    site = tmp_path / "aclproof.yaml"
    site.write_text(re.sub("^facts: .*", "", site.read_text(), flags=re.MULTILINE))
    (file,) = tmp_path.glob("*.txt")
    text = file.read_text()
    assert met(site) == frozenset()
    for what, damaged in (*damages(text, text, Random(name)), *broken(text)):
        file.write_text(damaged)
        assert not (damaged.strip() and met(site)), what


@pytest.mark.parametrize("name", ["linux-listing", "linux-listing-short"])
def test_a_listing_that_is_broken_makes_nothing_met(name: str, tmp_path: Path) -> None:
    shutil.copytree(SITES / name, tmp_path, dirs_exist_ok=True)
    (file,) = tmp_path.glob("*.txt")
    whole = met(tmp_path / "aclproof.yaml")
    assert whole is not None
    for what, damaged in broken(file.read_text()):
        file.write_text(damaged)
        assert (met(tmp_path / "aclproof.yaml") or frozenset()) <= whole, what
