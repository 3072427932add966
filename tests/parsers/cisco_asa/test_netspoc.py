"""Netspoc-Approve writes commands that make one configuration of another: followed, they make it for us too.

What filters an interface afterwards has to be what the wanted configuration says, entry by entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.parsers import scripts, source
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa.netspoc import Case, cases

FOLDER = Path(__file__).parents[3].parent / "shared" / "corpus" / "asa" / "netspoc"

if not FOLDER.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

_HEAD = "ASA Version 9.12(4)"
_RENAMED = re.compile(r"-DRC-\d+")
"""What is put behind the name of something that takes another's place."""
DIFFERENT = {
    "Element of object-group with named port is not recognized as equal":
        "Netspoc takes 'port-object eq 80' and 'port-object eq www' for two members; a device has one, so "
        "what it adds is there already, and what it takes away is gone"}
REFUSED = re.compile(
    "not a command that is known here|not known behind the ports|is not followed; take the lines away"
    "|belongs into a section, and none that takes it is open|'webvpn' needs a kind and a name"
    "|there is no such line to take away|looks like a router's wildcard mask")
"""Commands for users' tunnels, of `webvpn`, and what no ASA takes; none of them is passed over."""


def _all() -> list[Case]:
    """All but those of several files, which Netspoc puts together."""
    return [case for path in sorted(FOLDER.glob("*.t")) for case in cases(path)
            if not any(line.startswith("--") for line in case.wanted)]


def _read(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _after(case: Case, folder: Path) -> Firewall | None:
    """What the commands make of the device; None where they are refused, as they have to be."""
    device = str(_read(folder, "device.cfg", [_HEAD, *case.device]))
    if not case.commands:
        return parsers.read(device)
    commands = _read(folder, "commands.txt", case.commands)
    try:
        return scripts.read([device], source.read(str(commands))).firewall
    except UnsupportedInputError as error:
        if not REFUSED.search(str(error)):
            raise
        return None


def _wanted(case: Case, folder: Path) -> Firewall:
    """What Netspoc does not speak of stays: the interfaces."""
    head = [] if any("nameif" in line for line in case.wanted) else list(_interfaces(case.device))
    return parsers.read(str(_read(folder, "wanted.cfg", [_HEAD, *head, *case.wanted])))


def _interfaces(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        inside = line.startswith("interface ") or (inside and line.startswith(" "))
        if inside:
            yield line


def _filters(firewall: Firewall) -> dict[tuple[str | None, str], list[str]]:
    """Every entry of the lists that are bound, by interface and direction, without its line and name."""
    return {(each.interface, each.direction): [_meaning(rule) for rule in firewall.chains[each.chain].rules]
            for each in firewall.bindings}


def _meaning(rule: Rule) -> str:
    return _RENAMED.sub("", repr((rule.action, rule.sources, rule.destinations,
                                  sorted(map(repr, rule.services)), rule.conditions, rule.enabled)))


@pytest.mark.parametrize("case", _all(), ids=lambda each: each.title)
def test_the_commands_lead_to_what_is_wanted(case: Case, tmp_path: Path) -> None:
    after = _after(case, tmp_path)
    if after is None:
        return
    found, wanted = _filters(after), _filters(_wanted(case, tmp_path))
    same = {place: found.get(place) for place in wanted} == wanted
    assert same is (case.title not in DIFFERENT), (found, wanted)


def test_many_cases_are_about_filters_and_need_their_commands(tmp_path: Path) -> None:
    followed = needed = 0
    for number, case in enumerate(_all()):
        folder = tmp_path / str(number)
        folder.mkdir()
        wanted, after = _filters(_wanted(case, folder)), _after(case, folder)
        before = _after(case._replace(commands=[]), folder)
        if wanted and after and before:
            followed += 1
            needed += _filters(before) != wanted
    assert (followed > 40, needed > 25) == (True, True), (followed, needed)
