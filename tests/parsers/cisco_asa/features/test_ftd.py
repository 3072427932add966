"""Firepower Threat Defense: `advanced` entries (TAC 212321); and the system space of contexts."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.notes import State
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import PUSH, SMB, TWO, WEB, judged

FTD = TWO.replace("ASA Version 9.12(4)", "NGFW Version 7.2.5").replace("level 100", "level 0")
LIST = """\
access-list CSM_FW_ACL_ remark rule-id 1: PREFILTER POLICY: P
access-list CSM_FW_ACL_ advanced trust tcp ifc outside 10.20.0.0 255.255.0.0 ifc inside host 10.1.1.10 \
eq www rule-id 1 event-log both
access-list CSM_FW_ACL_ remark rule-id 2: L7 RULE: smb
access-list CSM_FW_ACL_ advanced permit tcp ifc outside any ifc inside host 10.1.1.10 eq 445 rule-id 2
access-list CSM_FW_ACL_ advanced permit tcp any any eq 53 rule-id 3 event-log flow-end
access-list CSM_FW_ACL_ remark rule-id 9: L4 RULE: DEFAULT ACTION RULE
access-list CSM_FW_ACL_ advanced deny ip any any rule-id 9 event-log flow-start
access-group CSM_FW_ACL_ global
"""


def test_it_is_recognised_and_said_once() -> None:
    firewall = read(FTD + LIST)
    assert firewall.version == "FTD 7.2"
    assert [note.span.text for note in firewall.notes] == ["NGFW Version 7.2.5"]
    assert "Firepower Threat Defense" in firewall.notes[0].reason
    assert firewall.notes[0].state is State.APPROXIMATED
    assert not firewall.lists_before_translation  # its LINA is an ASA of 9.6 or later


@pytest.mark.parametrize(("one", "ingress", "egress", "expected"), [
    (WEB, "outside", "inside", "permit"), (SMB, "outside", "inside", "undecided"),
    (packet("10.21.0.5", "10.1.1.10", "tcp", 80), "outside", "inside", "deny"),
    (PUSH, "inside", "outside", "deny"),
    (packet("10.1.1.10", "10.1.1.10", "tcp", 445), "inside", "outside", "deny"),
    (packet("10.1.1.10", "10.20.0.5", "tcp", 53), "inside", "outside", "undecided")])
def test_trust_and_deny_are_certain_and_permit_is_snorts(one: object, ingress: str, egress: str,
                                                         expected: str) -> None:
    text = FTD + LIST
    assert judged(text, one, ingress, egress) == expected  # type: ignore[arg-type]
    if expected == "undecided":
        assert judged(text, one, ingress, egress, {"snort": True}) == "permit"  # type: ignore[arg-type]
        assert judged(text, one, ingress, egress, {"snort": False}) == "deny"  # type: ignore[arg-type]


def test_the_default_action_may_permit() -> None:
    text = FTD + LIST.replace("advanced deny ip any any", "advanced permit ip any any")
    assert judged(text, PUSH, "inside", "outside") == "undecided"


@pytest.mark.parametrize("place", [
    "eq 445{} rule-id 2", "eq 445 rule-id 2{}", "eq 445 rule-id 2 event-log both{}"])
def test_an_entry_of_some_hours_is_open_wherever_it_names_them(place: str) -> None:
    times = "time-range NIGHT\n periodic daily 0:00 to 6:00\n"
    entry = f"access-list A advanced trust tcp any any {place}\naccess-group A global\n"
    assert judged(FTD + times + entry.format(""), PUSH, "inside", "outside") == "permit"
    assert judged(FTD + times + entry.format(" time-range NIGHT"), PUSH, "inside", "outside") == "undecided"
    assert judged(FTD + times + entry.format(" of-a-new-release"), PUSH, "inside", "outside") == "undecided"


def test_a_group_is_the_protocol_and_an_entry_may_be_inactive() -> None:
    text = FTD + ("object-group service |acSvcg-1\n service-object tcp destination eq 445\n"
                  "access-list NGFW_ONBOX_ACL advanced trust object-group |acSvcg-1 ifc outside any "
                  "ifc inside any rule-id 1 event-log both{}\naccess-group NGFW_ONBOX_ACL global\n")
    assert judged(text.format(""), SMB, "outside", "inside") == "permit"
    assert judged(text.format(""), WEB, "outside", "inside") == "deny"
    assert judged(text.format(" inactive"), SMB, "outside", "inside") == "deny"


def test_an_entry_that_cannot_be_read_stays_open() -> None:
    text = FTD + "access-list A advanced trust tcp ifc outside any ifc\naccess-group A global\n"
    assert judged(text, SMB, "outside", "inside") == "undecided"


def test_at_a_bridge_the_interface_of_a_rule_is_not_known() -> None:
    text = FTD.replace(" nameif inside\n", " bridge-group 1\n nameif port\n").replace(
        " ip address 10.1.1.1 255.255.255.0\n", "") + (
        "interface BVI1\n nameif inside\n ip address 10.1.1.1 255.255.255.0\n"
        "access-list A advanced trust tcp ifc outside any ifc port any rule-id 1\naccess-group A global\n")
    assert judged(text, SMB, "outside", "inside") == "undecided"
    assert judged(text, SMB, "outside", "port") == "permit"


def test_plain_lists_are_read_as_on_an_asa() -> None:
    text = FTD + "access-list OUT extended permit tcp any any eq 80\naccess-group OUT in interface outside\n"
    assert judged(text, WEB, "outside", "inside") == "permit"


def test_the_system_space_is_named() -> None:
    firewall = read("ASA Version 9.8(2) <system>\ncontext A\n allocate-interface GigabitEthernet0/0\n")
    assert "system space" in firewall.notes[0].reason
    assert firewall.notes[0].decides
    assert not read("ASA Version 9.8(2) <context>\ninterface A\n nameif inside\n").notes
