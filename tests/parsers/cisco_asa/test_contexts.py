"""A file with the configurations of several contexts: one is chosen, none is mixed with another."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.linter.proof.route_lookup import unbound
from aclproof.parsers import source
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from tests.parsers.cisco_asa.asa import packet, through

SYSTEM = """\
: Saved
:
ASA Version 9.8(2) <system>
!
hostname fw
context A
  config-url disk0:/A.cfg
Cryptochecksum:d41d8cd9
: end
"""


def context(name: str, port: int, version: str = "ASA Version 9.8(2) <context>") -> str:
    return (f": Saved\n:\n{version}\n!\nhostname {name}\n"
            f"access-list OUT extended permit tcp any any eq {port}\n"
            "policy-map global_policy\nservice-policy global_policy global\nCryptochecksum:d41d8cd9\n: end\n")


MORE = "access-list OUT extended permit udp any any"
CAPTURES = {
    "typed": "fw/act# show run\n" + SYSTEM + "fw/act# changeto context A\nfw/A/act# show run\n"
             + context("one", 80) + "fw/A/act# changeto context B\nfw/B/act# show run\n" + context("two", 443)
             + "fw/B/act# changeto system\nfw/act#\n",
    "prompts": "fw# show run\n" + SYSTEM + "fw/A# show run\n" + context("one", 80) + "fw/B# show run\n"
               + context("two", 443),
    # as oxidized writes them: model asa.rb, several contexts
    "backup": SYSTEM + "\n-----===== [ CONTEXT A FILE disk0:/A.cfg ] =====-----\n\n" + context("one", 80)
              + "\n-----===== [ CONTEXT B FILE disk0:/B.cfg ] =====-----\n" + context("two", 443),
    "headings": SYSTEM + "!\n! Context: A\n!\n" + context("one", 80) + "!\n! Context: B\n!\n"
                + context("two", 443),
    "host names": SYSTEM + context("A", 80) + context("B", 443),
    "FWSM": SYSTEM.replace("ASA", "FWSM") + context("A", 80, "FWSM Version 4.1(5) <context>")
            + context("B", 443, "FWSM Version 4.1(5) <context>"),
}


def chosen(text: str, name: str) -> Firewall:
    given = source.from_bytes(text.encode(), "fw.cfg")
    given.context = name
    return parsers.parse(given)


@pytest.mark.parametrize("text", CAPTURES.values(), ids=CAPTURES.keys())
def test_a_context_is_read_alone(text: str) -> None:
    for name, fates in (("A", ["permit", "deny"]), ("B", ["deny", "permit"])):
        firewall = chosen(text, name)
        found = [through(firewall, packet("10.20.0.1", "10.1.0.5", "tcp", port), "OUT") for port in (80, 443)]
        assert found == fates
        assert firewall.line_counts.unread == 0
        line = firewall.chains["OUT"].rules[0].line
        assert firewall.quote(line).text.startswith("access-list OUT extended permit tcp any any eq")


@pytest.mark.parametrize("text", CAPTURES.values(), ids=CAPTURES.keys())
def test_without_a_name_the_contexts_are_listed(text: str) -> None:
    with pytest.raises(UnsupportedInputError, match=r"there are system \(line \d+\), A \(line \d+\), B \("):
        chosen(text, "")
    with pytest.raises(UnsupportedInputError, match="no context in it is called 'C'; it holds system, A, B"):
        chosen(text, "C")


def test_the_system_space_filters_nothing_and_says_so() -> None:
    notes = chosen(CAPTURES["typed"], "system").notes
    assert any("the system space of a firewall with contexts" in note.reason for note in notes)


def test_what_to_give_instead_of_the_system_space_is_said_where_its_lists_were_asked_for() -> None:
    firewall = chosen(CAPTURES["typed"], "system")
    assert unbound(firewall, "client").startswith("the system space of a firewall with contexts")
    listing = chosen("access-list A extended permit ip any any\n", "")
    assert unbound(listing, "client").startswith("the file binds its lists to no interface")


def test_what_is_lost_of_one_context_is_not_lost_of_another() -> None:
    cut = CAPTURES["typed"].replace("Cryptochecksum:d41d8cd9\n: end\nfw/A/act#", "fw/B/act#").replace(
        "service-policy global_policy global\nfw/B", "fw/B")
    one = packet("10.20.0.1", "10.1.0.5", "tcp", 443)
    assert through(chosen(cut, "B"), one, "OUT") == "permit"


def test_going_to_the_context_before_its_configuration_changes_nothing() -> None:
    text = "fw# changeto context A\nfw/A# show run\n" + context("one", 80) + "fw/A# changeto system\n"
    one = packet("10.20.0.1", "10.1.0.5", "tcp", 80)
    assert through(chosen(text, ""), one, "OUT") == "permit"
    inside = text.replace("service-policy", "changeto context B\nservice-policy")
    assert through(chosen(inside, ""), one, "OUT") == "undecided"


def test_two_configurations_of_one_name_are_told_apart_by_their_lines() -> None:
    text = context("A", 80) + context("A", 443)
    one = packet("10.20.0.1", "10.1.0.5", "tcp", 443)
    assert through(chosen(text, "A:13"), one, "OUT") == "permit"
    assert through(chosen(text, "A:3"), one, "OUT") == "deny"


def test_other_vendors_have_none() -> None:
    with pytest.raises(UnsupportedInputError, match="has no contexts; leave 'context' out"):
        chosen("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "A")


@pytest.mark.parametrize(("capture", "sure"), [
    (name, {"A", "B"} if name not in ("host names", "FWSM") else {"A"}) for name in CAPTURES])
def test_commands_go_to_the_context_that_is_meant_where_that_is_sure(capture: str, sure: set[str]) -> None:
    for name in ("A", "B"):  # of the two hosts the system space makes only one a context
        firewall = chosen(CAPTURES[capture], name)
        lead = (f"changeto context {name}",) if name in sure else ()
        assert door("cisco-asa").leads_to(firewall) == lead
        script = source.from_bytes("\n".join((*lead, MORE)).encode(), "s")
        after, _ = parsers.enter("cisco-asa", source.files_of(firewall.source), script)
        assert len(after.chains["OUT"].rules) == 1 + len(firewall.chains["OUT"].rules)


@pytest.mark.parametrize("text", [context("A", 80), SYSTEM, CAPTURES["headings"]])
def test_commands_for_another_context_are_refused(text: str) -> None:
    firewall = chosen(text, "A" if "access-list" in text else "")
    script = source.from_bytes(f"changeto context C\n{MORE}\n".encode(), "s")
    with pytest.raises(UnsupportedInputError, match="'changeto' does is not followed"):
        parsers.enter("cisco-asa", source.files_of(firewall.source), script)
