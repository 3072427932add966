"""Of the settings that nobody gave, those are assumed that a demand of the run, or its absence, rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.demands.demands import Plan, plan
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import parse
from aclproof.rules.loader import load_pack
from tests.rules.packs import SMALL, changed

ROLES = {"client": parse("10.20.0.0/16"), "server": parse("10.1.1.10")}
SITES = Path(__file__).parents[2] / "fixtures" / "sites"


def planned(pack: str = SMALL, method: str = "push", **settings: str) -> Plan:
    given: dict[str, str | list[str] | None] = {**settings}
    return plan(Site(ROLES, (), methods=(method,), settings=given), load_pack(pack, "small"))


def test_what_a_port_or_a_condition_names_is_assumed_and_nothing_else() -> None:
    assert planned(mode="native").assumed == ("http", "ephemeral-ports")


def test_what_was_given_is_not_assumed() -> None:
    assert planned(mode="native", http="8080").assumed == ("ephemeral-ports",)


def test_the_absence_of_a_demand_rests_on_what_its_condition_tests() -> None:
    on_shared = changed("{setting: mode, is: native}", "{setting: shared, is: true}")
    assert planned(on_shared).assumed == ("shared",)  # an echo is left, which has no port
    assert planned(on_shared, shared="true").assumed == ("http", "ephemeral-ports")


def test_requirements_of_other_methods_count_for_nothing() -> None:
    only_pull = changed("methods: [all]", "methods: [pull]")
    assert planned(only_pull, mode="native").assumed == ()
    assert planned(only_pull, "pull", mode="native").assumed == ("http", "ephemeral-ports")


def test_a_value_rests_on_what_it_follows_from() -> None:
    dynamic = changed("ports: [445, 10-20, http]", "ports: [dynamic]")
    assert planned(dynamic, mode="native").rests_on == {"dynamic", "mode", "ephemeral-ports"}
    derived = changed("ports: [445, 10-20, http]", "ports: [https]")
    assert planned(derived, mode="native").assumed == ("http", "ephemeral-ports")


def test_a_value_that_was_given_follows_from_nothing() -> None:
    always = changed("    when: {setting: mode, is: native}\n", "",
                     changed("ports: [445, 10-20, http]", "ports: [dynamic]"))
    assert planned(always, mode="native").rests_on == {"dynamic", "mode", "ephemeral-ports"}
    assert planned(always, dynamic="6000").rests_on == {"dynamic", "ephemeral-ports"}


@pytest.mark.parametrize(("site", "unrelated"), [
    ("cb-warnings-only", {"sql-port", "service-broker-port", "wake-port", "cmg-channel", "rpc-dynamic-ports",
                          "wsus-https-port"}),
    ("windows-three-vendors", {"wsus-http-port", "wsus-https-port", "sup-protocol", "run-from-dp"})])
def test_reports_list_no_port_of_a_product_that_nothing_here_talks_to(
        site: str, unrelated: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(SITES / site / "aclproof.yaml"), "--format", "json"])
    found = {each["key"] for each in json.loads(capsys.readouterr().out)["assumptions"]}
    assert not found & unrelated
    assert "http-port" in found
