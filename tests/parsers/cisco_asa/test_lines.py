"""What people really have: prompts, pagers, banners, show tech, comments; line numbers stay the file's."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.parsers.model.notes import State
from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read, through

ACE = "access-list A extended permit tcp any any eq 443"
FIXTURES = Path(__file__).parents[3] / "fixtures" / "asa"


@pytest.mark.parametrize("line", [
    ACE, ACE + "   ", ACE + "\r", "  " + ACE, f"fw# {ACE}", f"fw(config)# {ACE}", f"fw/ctx-1(config)#{ACE}",
    f"fw> {ACE}",
    f"FW-01/pri/act# {ACE}", f"<--- More --->\r              \r{ACE}", f"<--- More --->              {ACE}",
    f"\r<--- More --->\r              \r{ACE}", "<--- More --->" + "\b" * 14 + " " * 14 + "\b" * 14 + ACE])
def test_what_a_terminal_leaves_around_a_line_is_removed(line: str) -> None:
    firewall = read(f"ASA Version 9.1\n{line}\n")
    assert not firewall.notes
    [rule] = firewall.chains["A"].rules
    assert rule.line == 2
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "permit"


@pytest.mark.parametrize("noise", [
    f"banner motd {ACE}", f"banner login {ACE}", f"! {ACE}", f": {ACE}", f"!{ACE}", f"prompt {ACE}",
    f"command-alias exec x {ACE}",
    f"interface E9\n description {ACE}", "crypto ca certificate chain T\n certificate 01\n    30820201 "
                                         "30820101 a0030201 02020431\n  quit",
    f"group-policy G attributes\n banner value {ACE.replace('permit tcp', 'permit')}",
    f"access-list A remark {ACE}",
    f"username x attributes\n memo {ACE.replace('tcp', 'x')}"])
def test_free_text_is_no_rule(noise: str) -> None:
    firewall = read(f"ASA Version 9.1\n{noise}\naccess-list A extended deny ip any any\n")
    assert not firewall.notes
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "deny"


def test_certificate_hex_without_indentation_is_noise_and_not_quoted() -> None:
    firewall = read("ASA Version 9.1\ncrypto ca certificate chain T\ncertificate 01\n30820201 06092a86 "
                    "4886f70d\nquit\n" + ACE + "\n")
    assert firewall.notes
    assert not any(note.decides or "3082" in note.span.text for note in firewall.notes)
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "permit"


def test_blank_lines_and_comments_keep_the_numbers() -> None:
    firewall = read(f"\n\n! x\nASA Version 9.1\n\n{ACE}\n\n\n{ACE} log\n")
    assert [rule.line for rule in firewall.chains["A"].rules] == [6, 9]
    assert firewall.source.span(9).text == f"{ACE} log"


def test_of_a_show_tech_only_the_running_configuration_counts() -> None:
    firewall = read((FIXTURES / "show-tech.txt").read_text(encoding="utf-8"))
    assert not firewall.notes
    assert firewall.name == "tech-asa"
    assert through(firewall, packet("1.1.1.1", "10.2.0.5", "tcp", 443), "OUTSIDE-IN") == "permit"
    assert through(firewall, packet("1.1.1.1", "10.2.0.5", "tcp", 22), "OUTSIDE-IN") == "deny"
    lines = (FIXTURES / "show-tech.txt").read_text(encoding="utf-8").splitlines()
    [rule] = firewall.chains["OUTSIDE-IN"].rules
    assert lines[rule.line - 1].startswith("access-list OUTSIDE-IN extended permit tcp")


def test_an_unknown_command_is_reported_and_its_words_are_not() -> None:
    firewall = read(f"ASA Version 9.1\nfrobnicate the secret\n under it\n{ACE}\n")
    [note] = firewall.notes
    assert (note.state, note.decides, note.span.first_line) == (State.UNREAD, False, 2)
    assert "secret" not in note.span.text


@pytest.mark.parametrize("line", [
    "ccess-list A extended deny ip any any", "access-listA extended deny ip any any", "access-list",
    "access-list A",
    "acces-group A in interface inside", "access-grup A global", "access-group A inn interface inside",
    "access-group A",
    "interfac E0\n nameif inside", "interface E0\n namif inside", "rout inside 10.0.0.0 255.0.0.0 10.1.1.1",
    "bject-group network G\n network-object host 10.0.0.1", "no access-list X extended deny ip any any",
    "clear configure object", "access-list A B extended deny ip any any",
    "same-security-trafic permit inter-interface", "conduit permit tcp host 10.0.0.1 any",
    "acc", "o", "p ort-object eq 80", "network-objct host 10.0.0.1", "ngroup-object G",
    "aaa x\n ccess-list A extended deny ip any any"])
def test_a_damaged_line_that_decides_leaves_everything_open(line: str) -> None:
    text = ("ASA Version 9.1\nobject network X\n host 10.0.0.1\n"
            f"{ACE}\naccess-list B extended permit ip any any\n{line}\n")
    firewall = read(text)
    assert any(note.state is State.UNREAD and note.decides for note in firewall.notes)
    if not line.startswith(("rout", "access-group A")):
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443), "B") == "undecided"


@pytest.mark.parametrize("line", ["permit tcp any any", "deny ip any any", " 10 permit icmp any any"])
def test_a_rule_like_line_in_a_skipped_section_is_not_swallowed(line: str) -> None:
    """Its own word may be damaged: `banner` and certificates hold words, but no `permit tcp`."""
    firewall = read(f"ASA Version 9.1\naaa-server R protocol radius\n {line}\n{ACE}\n")
    assert firewall.notes[0].decides


@pytest.mark.parametrize("line", [
    "nat (inside,outside) dynamic interface", "shutdown", "no ip address", "drop",
    "set connection advanced-options T",
    "vpn-filter value X", "no match any", "host 10.0.0.1 object X", "absolute end 10:00 1 May 2020"])
def test_a_line_after_an_unknown_header_may_belong_to_the_section_above_it(line: str) -> None:
    """The header may be noise in that section; after a known one that decides nothing it is none of it."""
    text = f"ASA Version 9.1\nobject network X\n host 10.0.0.1\n{{}}\n {line}\n{ACE}\n"
    assert any(note.span.first_line == 5 and note.decides for note in read(text.format("quux 7")).notes)
    assert not read(text.format("aaa-server R protocol radius")).notes


def test_counts_add_up_to_the_lines_of_the_file() -> None:
    for path in FIXTURES.iterdir():
        text = path.read_text(encoding="utf-8")
        counts = read(text).line_counts
        assert counts.total == len(text.splitlines())
        assert counts.unread == 0, path


DENY = ("access-list IN extended deny tcp any object-group ANY eq www\n"
        "access-list IN extended permit ip any any\naccess-group IN in interface inside\n")
ANY = "object-group network ANY\n network-object host 10.2.0.5\n"


@pytest.mark.parametrize("text", [
    ANY + DENY,
    ANY + DENY.replace("access-list IN extended deny tcp any object-group ANY eq www",
                       "ACCESS-LIST IN EXTENDED DENY TCP ANY OBJECT-GROUP ANY EQ WWW"),
    ANY + DENY.replace("access-group IN in interface", "ACCESS-GROUP IN IN INTERFACE"),
    ANY + DENY.replace("IN extended deny tcp any", "IN EXTENDED DENY TCP ANY").replace("eq www", "EQ 80"),
    ANY + DENY.replace("extended deny tcp any object", "extended Deny tcp any Object"),
    ANY + DENY.replace("deny tcp any", "deny TCP any").replace("group IN in", "group IN In"),
    ANY + DENY.replace("deny tcp any object-group ANY eq", "deny tcp ANY object-group ANY EQ"),
    ANY + DENY.replace("in interface", "in INTERFACE"),
    "Object-Group Network ANY\n NETWORK-OBJECT HOST 10.2.0.5\n" + DENY,
    ANY + "fw(config)# " + DENY.replace("access-list IN ext", "Access-List IN Ext"),
    ANY + "ACCESS-LIST IN REMARK Deny Tcp ANY any\n" + DENY])
def test_commands_in_capitals_are_the_same_commands(text: str) -> None:
    firewall = read(INTERFACES + text)
    found = [crossing(firewall, packet("10.1.0.1", to, "tcp", 80), "inside", "dmz")
             for to in ("10.2.0.5", "10.2.0.6")]
    assert found == ["deny", "permit"]
    assert firewall.line_counts.unread == 0


def test_names_keep_their_letters() -> None:
    firewall = read(INTERFACES + "ACCESS-LIST in EXTENDED PERMIT IP ANY ANY\n"
                    "ACCESS-LIST IN EXTENDED DENY IP ANY ANY\nACCESS-GROUP in IN INTERFACE outside\n"
                    "ACCESS-GROUP IN IN INTERFACE inside\n")
    assert set(firewall.lists) == {"in", "IN"}
    assert crossing(firewall, packet("10.1.0.1", "10.2.0.5", "tcp", 80), "inside", "dmz") == "deny"


@pytest.mark.parametrize(("entry", "reason"), [
    ("permit tcp any 10.1.1.1 eq ftp", "10.1.1.1 needs 'host' before it, or a mask after it"),
    ("permit tcp any 10.1.1.1", "10.1.1.1 needs 'host' before it, or a mask after it"),
    ("permit tcp any Dog_Ash 255.255.255.255",
     "'Dog_Ash' is no IPv4 address, and no 'name' line of the file defines it"),
    ("permit tcp any 10.1.1.0/24 eq 80",
     "'10.1.1.0/24' is not an IPv4 address: an ASA takes a netmask, not a prefix length")])
def test_what_is_wrong_with_an_address_is_said(entry: str, reason: str) -> None:
    notes = read(f"ASA Version 9.1\naccess-list A extended {entry}\n").notes
    assert any(reason in note.reason for note in notes)
