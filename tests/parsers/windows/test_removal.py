"""The commands that take a rule of Windows away: for which rule, by which name, and why some have none."""

from __future__ import annotations

import json

import pytest

from aclproof import parsers
from aclproof.linter.audit.tidying import Tidying, tidy
from aclproof.linter.fix.entering import Entered
from aclproof.parsers.source import from_bytes
from tests.parsers.windows import windows
from tests.parsers.windows.test_powershell import RULE, documented
from tests.parsers.windows.windows import Words

WIDE = Words("all of it", local_port="1-1000", remote_ip="Any")
DELETE = "netsh advfirewall firewall delete rule"


def found_in(text: str, name: str = "fw.txt") -> Tidying:
    return tidy(parsers.parse_all([from_bytes(text.encode(), name)]))


def commands(*rules: Words) -> list[str]:
    """What takes rules of a listing away, and by hand the reasons."""
    found = found_in(windows.listing(WIDE, *rules))
    return [*found.removal.commands, *found.by_hand.values()]


@pytest.mark.parametrize(("rules", "expected"), [
    ([Words("web", local_port="80")], [f'{DELETE} name="web" dir=in']),
    ([Words("Webserver – Zugriff (intern)", local_port="80")],
     [f'{DELETE} name="Webserver – Zugriff (intern)" dir=in']),
    # of two that are called alike one is needed, or says something else
    ([Words("web", local_port="80"), Words("web", local_port="2000")],
     [f'{DELETE} name="web" dir=in protocol=tcp localport=80 remoteport=any']),
    ([Words("web", local_port="80"), Words("WEB", local_port="80", profiles="Domain", enabled="No")],
     ["another rule is called like it"]),
    ([Words("web", local_port="80", remote_ip="10.0.0.0/8"), Words("web", local_port="80", enabled="No")],
     [f'{DELETE} name="web" dir=in protocol=tcp localport=80 remoteport=any localip=any '
      "remoteip=10.0.0.0/8"]),
    ([Words("web", local_port="80"), Words("web", direction="Out", remote_port="80")],
     [f'{DELETE} name="web" dir=in']),
    ([Words("web", local_port="80"), Words("web", local_port="80")], 2 * ["another rule is called like it"]),
    ([Words("50% of $HOME", local_port="80")], ["signs"]),
])
def test_netsh_takes_a_rule_by_its_name_and_what_it_says(rules: list[Words], expected: list[str]) -> None:
    found = commands(*rules)
    assert len(found) == len(expected)
    assert all(said == each or (not each.startswith(DELETE) and each in said)
               for said, each in zip(found, expected, strict=True)), found


def exported(*names: str, ids: bool = True, **of_rules: str) -> Tidying:
    """An export of PowerShell: a rule for all ports, and others for some of them."""
    rules = [RULE | of_rules | {"InstanceID": "{0}", "DisplayName": "all of it"}]
    rules += [RULE | of_rules | {"InstanceID": f"{{{number}}}", "DisplayName": name}
              for number, name in enumerate(names, 1)]
    text = json.dumps(documented(*rules, **{"{0}": {"LocalPort": "Any", "RemoteAddress": "Any"}}))
    return found_in(text if ids else text.replace("InstanceID", "Instance"), "fw.json")


@pytest.mark.parametrize("name", [
    "it's", "‘smart’ quotes", 'say "x"', "a`b", "web*", "50% of $HOME", "@x.dll,-1"])
def test_powershell_takes_a_rule_by_its_id_whatever_it_is_called(name: str) -> None:
    found = exported(name)
    assert found.removal.commands == ("Remove-NetFirewallRule -Name '{1}'",)
    assert not found.by_hand


def wide(*rules: dict[str, str]) -> Tidying:
    """An export in which the rule with the id `wide` is for all ports from everywhere."""
    text = json.dumps(documented(*rules, wide={"LocalPort": "Any", "RemoteAddress": "Any"}))
    return found_in(text, "fw.json")


@pytest.mark.parametrize(("id_", "written"), [
    ("it's", "'it''s'"), ("‘a’", "'‘‘a’’'"), ('say "x"', """'say "x"'"""), ("$(x) # y", "'$(x) # y'")])
def test_an_id_is_quoted_for_powershell(id_: str, written: str) -> None:
    rules = [RULE | {"InstanceID": "wide"}, RULE | {"InstanceID": id_}]
    found = wide(*rules)
    assert found.removal.commands == (f"Remove-NetFirewallRule -Name {written}",)
    after = Entered.of(found.firewall).with_lines(found.removal.commands).firewall
    assert {rule.line for rule in after.lists["inbound"].rules if rule.in_file} < {
        rule.line for rule in found.firewall.lists["inbound"].rules}


@pytest.mark.parametrize("id_", ["a*", "a?b", "a[1]", "a`b"])
def test_an_id_that_stands_for_others_has_no_command(id_: str) -> None:
    rules = [RULE | {"InstanceID": "wide"}, RULE | {"InstanceID": id_}]
    found = wide(*rules)
    assert not any("-Name" in each for each in found.removal.commands)


def test_rules_of_group_policy_go_from_their_object() -> None:
    found = exported("web", PolicyStoreSource=r"corp\Base", PolicyStoreSourceType="GroupPolicy")
    assert found.removal.commands == (
        r"Remove-NetFirewallRule -Name '{1}' -PolicyStore " r'"DOMAIN\GPO"',)
    assert any("in place of" in each for each in found.removal.notes)


def test_a_rule_of_group_policy_that_only_this_computer_does_not_need_has_none() -> None:
    both = RULE | {"Profile": "Private"}  # where rules of the computer's own count
    rules = [both | {"InstanceID": "wide"}, both | {
        "InstanceID": "gpo", "PolicyStoreSource": r"corp\Base", "PolicyStoreSourceType": "GroupPolicy"}]
    found = wide(*rules)
    assert not found.removal.commands
    assert ["other computers may not have these" in each for each in found.by_hand.values()] == [True]


def test_what_the_export_cannot_show_is_said() -> None:
    notes = found_in(windows.listing(WIDE, Words("web", local_port="80"))).removal.notes
    assert any("whether any rule tests what netsh does not show" in each for each in notes)
