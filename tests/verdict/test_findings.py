"""Where to look for a finding, and which one is worse."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aclproof.linter.questions import Question
from aclproof.linter.result import FixLines, Undecided
from aclproof.linter.verdict.findings import findings, worst_first
from tests.reports.cases import SITES, result_of, waiver

UDP, SMB, ECHO, RPC = "CM2007-PUSH-EPM-UDP", "CM2007-PUSH-SMB", "CM2007-PUSH-ECHO", "CM2007-PUSH-RPC"


@pytest.mark.parametrize(("site", "places"), [
    ("unknown-route", {"fw109.cfg:1", "fw109.cfg:21"}),  # what no line decides: the beginning of the file
    ("linux-rhel-share", {"sysconfig-iptables:17", "aclproof.yaml:1"}),  # nor any firewall: of the site file
])
def test_it_begins_where_something_decides_it(site: str, places: set[str]) -> None:
    spans = [each.span for each in findings(result_of(site))]
    assert {str(each).removeprefix(f"{SITES / site}/") for each in spans} == places
    assert all(each.first_line == each.last_line for each in spans)


def test_of_several_firewalls_it_is_the_one_that_leaves_it_open() -> None:
    result = result_of("two-in-series")
    assert len(result.inputs) == 2
    for read in result.inputs:
        part = Undecided("request", "", (), (Question("whether it is so"),), None, read.name)
        demand = replace(result.demands[0], missing=(), undecided=(part,))
        found, = findings(replace(result, demands=(demand,)))
        assert (found.span.file, found.firewall) == (read.path, read.name)


def test_without_a_site_file_any_input_is_named() -> None:
    result = result_of("linux-rhel-share")
    alone = replace(result, scope=replace(result.scope, site_file=""))
    assert all(str(each.span).endswith(("sysconfig-iptables:17", "sysconfig-iptables:1"))
               for each in findings(alone))


def test_lines_that_open_it_are_those_of_its_firewall_and_requirement() -> None:
    result = result_of("path-two-hops-block")
    given = [("dc", SMB), ("client-host", SMB), ("dc", UDP)]
    fixes = tuple(FixLines(firewall, "", (f"{firewall} {name}",), (name,)) for firewall, name in given)
    assert [each.fix for each in findings(replace(result, fixes=fixes))] == [
        (f"dc {SMB}",), (f"client-host {SMB}",)]


def test_what_is_tolerated_comes_last_and_a_waiver_counts_before_a_baseline() -> None:
    """Of four missing requirements: one waived, one known, one both, and one neither; and a warning."""
    result = result_of("windows-nothing-open")
    waived, known = {SMB, RPC}, {ECHO, RPC}
    demands = tuple(replace(
        each, waiver=waiver(1, each.requirement.id) if each.requirement.id in waived else None,
        missing=tuple(replace(part, baseline="unchanged" if each.requirement.id in known else None)
                      for part in each.missing),
        requirement=replace(each.requirement,
                            severity="warning" if each.requirement.id == UDP else "error"))
        for each in result.demands)
    found = worst_first(findings(replace(result, demands=demands)))
    assert [(each.demand.requirement.id.removeprefix("CM2007-PUSH-"), each.status) for each in found] == [
        ("EPM-TCP", "missing"), ("EPM-UDP", "missing"), ("ECHO", "known"), ("SMB", "waived"),
        ("RPC", "waived")]
    assert [each.tolerated for each in found] == [False, False, True, True, True]
