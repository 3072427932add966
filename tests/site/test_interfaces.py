"""Interfaces of the site file against those that the rules of a Linux firewall name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.result import Result
from aclproof.linter.site import reader
from aclproof.rules.strict_yaml import InputError

SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [10.20.0.0/28], management-point: [10.1.1.11]}
firewalls:
  - {name: gw, config: gw.v4, interfaces: {client: CLIENT, management-point: eth0}}
"""
RULES = """\
*filter
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
-A FORWARD -i eth1 -o eth0 -p tcp -m tcp --dport 80 -j DROP
-A FORWARD -i vlan+ -j DROP
COMMIT
"""


def result(folder: Path, client: str, facts: str = "", rules: str = RULES) -> Result:
    (folder / "gw.v4").write_text(rules)
    site = folder / "aclproof.yaml"
    site.write_text(SITE.replace("CLIENT", client) + (f"facts: {{{facts}}}\n" if facts else ""))
    return check(reader.read(site), date(2026, 1, 15))


def verdict(found: Result) -> str:
    return next(each.verdict.value for each in found.demands
                if each.requirement.id == "CM2007-GPO-MP-HTTP")


@pytest.mark.parametrize("slip", ["eth11", "et1", "eht1", "erh1", "eth1x"])
def test_a_slip_is_an_error_with_what_was_meant(tmp_path: Path, slip: str) -> None:
    with pytest.raises(InputError, match=f"unknown interface '{slip}': did you mean 'eth1'"):
        result(tmp_path, slip)


def test_a_fact_says_that_there_is_such_an_interface(tmp_path: Path) -> None:
    found = result(tmp_path, "eth11", '"interface eth11 of gw": yes')
    assert verdict(found) == "met"
    assert ("interface eth11 of gw", "yes", "fact") in [
        (each.key, each.value, each.origin) for each in found.assumptions]
    with pytest.raises(InputError, match="unknown interface"):
        result(tmp_path, "eth11", '"interface eth11 of gw": no')


@pytest.mark.parametrize("other", ["eth2", "wg0", "bond0"])
def test_an_interface_without_rules_is_relied_on(tmp_path: Path, other: str) -> None:
    """Rules need not name all interfaces, and another number is another interface."""
    found = result(tmp_path, other)
    assert f"interface {other} of gw" in [
        each.key for each in found.assumptions if each.origin == "relied-on"]


@pytest.mark.parametrize("known", ["eth1", "vlan20"])
def test_what_a_rule_names_or_its_wildcard_is_known(tmp_path: Path, known: str) -> None:
    found = result(tmp_path, known)
    assert not any(each.key.startswith("interface ") for each in found.assumptions)
    assert verdict(found) == "missing"


def test_rules_that_name_no_interface_hold_for_any(tmp_path: Path) -> None:
    rules = RULES.replace("-i eth1 -o eth0 ", "").replace("-i vlan+", "-i lo")
    found = result(tmp_path, "eth11", rules=rules)
    assert not any(each.key.startswith("interface ") for each in found.assumptions)


def test_trace_knows_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gw.v4").write_text(RULES)
    packet = [str(tmp_path / "gw.v4"), "10.20.0.1", "10.1.1.11", "tcp", "80"]
    assert run(["trace", *packet, "--ingress", "eth11"]) == 2
    assert "did you mean 'eth1'" in capsys.readouterr().err
    assert run(["trace", *packet, "--ingress", "eth1", "--egress", "eth0"]) == 1
    assert run(["trace", *packet, "--ingress", "eth2"]) == 0
