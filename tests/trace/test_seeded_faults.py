"""The comparison of sets and tracer sees a fault in each piece that both have of their own.

Each test breaks one piece of the sets' side. If the tracer shared that piece, both would be wrong alike and
the comparison would pass. What they do share is listed in docs/decisions/0020-the-second-opinion.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aclproof.linter.program import check
from aclproof.linter.proof import hop, routed
from aclproof.linter.proof.nat_table import NatMatch
from aclproof.linter.site import paths
from aclproof.linter.site.site import Site
from aclproof.parsers.model import routing, ternary
from aclproof.parsers.model.conditions import ESTABLISHED
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.ternary import Ternary
from tests.test_sites import AS_OF, ROOT, agree_about_samples, site_of

_interface, _ternary = ternary._by, ternary._ternary
_longest_first = routing._longest_first
_between = paths.between


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of the sets' side, what stands in for it, and a site where that matters."""

    module: Any
    name: str
    wrong: Any
    site: str


def _no_match(firewall: Firewall, end: End, box: Box, *interfaces: str) -> Iterator[NatMatch]:
    yield NatMatch(box)


def _backwards(site: Site, near: Sequence[str], source: str, destination: str) -> paths.Path:
    """The path, backwards."""
    path = _between(site, near, source, destination)
    return replace(path, firewalls=path.firewalls[::-1])


FAULTS = {
    "order: packets meet the firewalls backwards": Fault(paths, "between", _backwards, "path-two-hops-block"),
    "conditions: what is open counts as met": Fault(
        ternary, "_ternary", lambda holds, negated=False: _ternary(holds is not False, negated=negated),
        "linux-interfaces-unnamed"),
    "conditions: negation is forgotten": Fault(
        ternary, "_ternary", lambda holds, negated=False: _ternary(holds), "linux-marks"),
    "conditions: an interface matches where it must not": Fault(
        ternary, "_by", lambda condition, place: not _interface(condition, place), "linux-asa-and-host"),
    "conditions: every state matches": Fault(
        ternary, "_in_state", lambda states, context: True, "linux-and-asa"),
    "conditions: every program is the one that listens": Fault(
        ternary, "_served", lambda condition, listener: True, "windows-local-subnet"),
    "conditions: a stated set holds every address": Fault(
        ternary, "_within", lambda condition, fact: Ternary.YES, "linux-ipset-settled"),
    "states: every later packet is of an established connection": Fault(
        hop, "_later_states", lambda way, replies: frozenset({ESTABLISHED}), "linux-reply-untracked"),
    "states: every packet of a connection is a SYN": Fault(
        hop, "_FLAGS", dict.fromkeys(hop._FLAGS, frozenset({0x02})), "linux-reply-missing"),
    "interfaces: the shortest prefix wins": Fault(
        routing, "_longest_first", lambda *of: list(reversed(_longest_first(*of))), "branch"),
    "translations: no line of the table matches": Fault(
        routed, "first_nat_matches", _no_match, "nat-published-mapped-behind"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_comparison_sees_the_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    agree_about_samples(fault.site, check(site_of(fault.site), AS_OF))
    monkeypatch.setattr(fault.module, fault.name, fault.wrong)
    with pytest.raises(AssertionError):
        agree_about_samples(fault.site, check(site_of(fault.site), AS_OF))


# What is shared, by the imports

SHARED = {"linter.proof.hooked", "linter.proof.routed.Segment", "linter.engine.stages.ForwardedFlow",
          "linter.proof.route_lookup", "linter.proof.dcom", "linter.proof.neighbour_discovery.Neighbours",
          "linter.site.paths", "parsers.stages", "parsers.through"}
_SETS = ("aclproof.linter.engine", "aclproof.linter.proof", "aclproof.linter.site.paths",
         "aclproof.linter.verdict", "aclproof.linter.program", "aclproof.parsers.model.ternary")
_DECISION = ROOT / "docs" / "decisions" / "0020-the-second-opinion.md"


def imported(file: Path) -> Iterator[str]:
    """What a file of the tracer takes from the modules that `check` proves with."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if name.startswith(_SETS))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "parsers":
            yield f"aclproof.parsers.{node.attr}"


def test_what_the_tracer_shares_is_what_the_decision_lists() -> None:
    names = {name.removeprefix("aclproof.") for file in (ROOT / "linter" / "trace").glob("*.py")
             for name in imported(file)}
    names = {"linter.proof.route_lookup" if name.startswith("linter.proof.route_lookup") else name
             for name in names}
    assert names == SHARED
    listed = _DECISION.read_text(encoding="utf-8")
    assert [name for name in sorted(SHARED) if f"`{name}`" not in listed] == []
