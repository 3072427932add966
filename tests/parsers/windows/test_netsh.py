"""netsh's output in six languages and many code pages; scripts; what is damaged is never taken for less."""

from __future__ import annotations

import random

import pytest

from aclproof.parsers.model.notes import State
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert, groups
from aclproof.parsers.windows.netsh import listing as netsh
from aclproof.parsers.windows.netsh import script
from aclproof.parsers.windows.netsh.languages import GERMAN, LANGUAGES
from aclproof.parsers.windows.records.rule import WindowsInput, WindowsRule
from tests.parsers.windows.windows import SVCHOST, Words, firewall, listing, packet, profiles, source, verdict

_DASHES = "-" * 70

GERMAN_RULE = f"""
Regelname:                               Fernwartung
{_DASHES}
Beschreibung:                            Erste Zeile
Zweite Zeile: mit Doppelpunkt
Aktiviert:                               Ja
Richtung:                                Eingehend
Profile:                                 Domäne,Privat,Öffentlich
Gruppierung:                             Windows-Verwaltungsinstrumentation (WMI)
Lokales IP:                              Beliebig
Remote-IP:                               LocalSubnet,10.0.0.0/8
Protokoll:                               TCP
Lokaler Port:                            RPC
Remoteport:                              Beliebig
Edgeausnahme:                            Auf Anwendung zurückstellen
Programm:                                C:\\Windows\\system32\\svchost.exe
Dienst:                                  Winmgmt
Schnittstellentypen:                     LAN,Wireless
Sicherheit:                              NotRequired
Regelquelle:                             Lokale Einstellung
Aktion:                                  Zulassen

Regelname:                               Ping
{_DASHES}
Aktiviert:                               Nein
Richtung:                                Aus
Profile:                                 Domäne
Gruppierung:
Lokales IP:                              Beliebig
Remote-IP:                               Beliebig
Protokoll:                               ICMPv4
                                         Typ     Code
                                         8       Beliebig
                                         3       4
Edgeausnahme:                            Nein
Aktion:                                  Blockieren
OK.
"""

EXPECTED = (
    WindowsRule(
        2, "Fernwartung", "In", "Allow", True, group="Windows-Verwaltungsinstrumentation (WMI)",
        description="Erste Zeile Zweite Zeile: mit Doppelpunkt", protocol=6, local_ports=("RPC",),
        remote_addresses=("LocalSubnet", "10.0.0.0/8"), program=SVCHOST, service="Winmgmt",
        interface_types=("Lan", "Wireless"), edge="App", store="local", tool="netsh verbose"),
    WindowsRule(
        23, "Ping", "Out", "Block", False, profiles=("Domain",), protocol=1, icmp=("8:*", "3:4"),
        hidden=frozenset({"program", "service", "interface types", "security", "users"}), tool="netsh"))


def read(text: str | bytes) -> WindowsInput:
    """Read netsh's output, which is recognised as such."""
    given = source(text)
    assert netsh.recognises(given.text)
    found = netsh.read(given)
    assert found.counts.total == len(given.lines())
    return found


def test_every_field_of_a_verbose_and_of_a_plain_rule() -> None:
    found = read(GERMAN_RULE)
    assert found.rules == EXPECTED
    assert found.shows == {"In", "Out"}
    assert not found.broken


@pytest.mark.parametrize(("written", "read_as"), [
    ("utf-8", "utf-8"), ("cp850", "cp850"), ("cp437", "cp437"), ("cp1252", "cp1252"), ("cp850", "cp1252"),
    ("cp437", "cp1252"), ("cp1252", "cp850"), ("cp850", "cp437")])
@pytest.mark.parametrize("kept_as", ["utf-8", "utf-16"])
def test_code_pages_of_a_console_and_what_wrong_decoders_make_of_them(
        written: str, read_as: str, kept_as: str) -> None:
    text = GERMAN_RULE.encode(written).decode(read_as, errors="replace")
    assert read(text.encode(kept_as)).rules == EXPECTED
    assert read(GERMAN_RULE.encode(written)).rules == EXPECTED


def test_a_console_that_lacks_a_letter_writes_a_question_mark() -> None:
    text = GERMAN_RULE.replace("ä", "?").replace("Ö", "?").replace("ü", "?")
    assert read(text).rules == EXPECTED


def test_a_language_whose_words_are_not_known_is_refused_by_its_word() -> None:
    russian = f"\nИмя правила:      SSH\n{_DASHES}\nВключено:       Да\nПротокол:       TCP\n"
    with pytest.raises(UnsupportedInputError,
                       match=r"fw.txt:2: 'Имя правила' is no word of netsh in a language that is known"):
        read(russian)
    chinese = f"\n規則名稱:      SSH\n{_DASHES}\n已啟用:       是\n方向:       輸入\n通訊協定:    TCP\n"
    with pytest.raises(UnsupportedInputError, match="'規則名稱' is no word of netsh"):  # 方向 is Japanese too
        read(chinese)
    with pytest.raises(UnsupportedInputError, match="the heading 'Regelnummer' is no German word"):
        read(GERMAN_RULE + GERMAN_RULE.replace("Regelname", "Regelnummer"))


@pytest.mark.parametrize(("word", "instead", "named"), [
    ("Zulassen", "Erlauben", "action 'Erlauben'"), ("Eingehend", "Herein", "direction 'Herein'"),
    ("Domäne,", "Firma,", "profiles 'Firma'"), ("TCP", "TCP!", "protocol 'TCP!'"),
    (" Ja", " Jein", "enabled 'Jein'"), ("Ja\n", "?\n", "enabled '\\?'")])
def test_an_unknown_word_where_one_decides_is_refused(word: str, instead: str, named: str) -> None:
    with pytest.raises(UnsupportedInputError,
                       match=rf"fw.txt:2: the {named} is no German word that is known here"):
        read(GERMAN_RULE.replace(word, instead))


def test_a_field_that_is_not_known_narrows_the_rule_unless_anything_will_do() -> None:
    found = read(GERMAN_RULE.replace("Edgeausnahme: ", "Neues Feld:   "))
    assert [rule.tests for rule in found.rules] == [("Neues Feld=Auf Anwendung zurückstellen",),
                                                    ("Neues Feld=Nein",)]
    any_will_do = GERMAN_RULE.replace("Edgeausnahme:                            Nein", "Neues Feld: Beliebig")
    assert read(any_will_do).rules[1].tests == ()


def test_every_language_can_say_all_that_decides() -> None:
    for each in LANGUAGES:
        assert set(each.labels.meanings.values()) >= {
            "name", "description", "enabled", "direction", "profiles", "group", "local addresses",
            "remote addresses", "protocol", "local ports", "remote ports", "program", "service", "action"}
        assert {*each.yes_no.meanings.values()} == {True, False}
        assert {*each.directions.meanings.values()} == {"In", "Out"}
        assert {*each.profiles.meanings.values()} == {"Domain", "Private", "Public"}
        assert {*each.actions.meanings.values()} >= {"Allow", "Block"}
        assert {*each.any.meanings.values()} == {True}


def test_a_lost_letter_that_could_be_two_words_is_neither() -> None:
    assert GERMAN.yes_no.find("J?") is True
    assert GERMAN.yes_no.find("????") is False
    assert LANGUAGES[0].directions.find("??") == "In"
    assert LANGUAGES[0].yes_no.find("??") is False
    assert LANGUAGES[0].edges.find("?????????") is None


def test_nothing_matched_is_not_an_empty_policy() -> None:
    for text in ("\nNo rules match the specified criteria.\n\n",
                 "\r\nKeine Regeln stimmen mit den angegebenen Kriterien überein.\r\n"):
        with pytest.raises(UnsupportedInputError, match="netsh found no rule that matches"):
            read(text)


def test_profiles() -> None:
    found = read(profiles(domain=("OFF", "AllowInbound,BlockOutbound"), local_rules="Disable",
                          public=("ON", "BlockInboundAlways,AllowOutbound")))
    assert [(each.profile, each.enabled, each.inbound, each.outbound, each.block_all_inbound,
             each.local_rules) for each in found.profiles] == [
        ("Domain", False, "Allow", "Block", False, False),
        ("Private", True, "Block", "Allow", False, False),
        ("Public", True, "Block", "Allow", True, False)]
    assert not found.shows


@pytest.mark.parametrize(("old", "new", "trouble"), [
    ("ON\n", "PERHAPS\n", "the state 'PERHAPS' is no English word"),
    ("BlockInbound,AllowOutbound", "BlockInbound,MaybeOutbound", "the policy 'BlockInbound,MaybeOutbound'"),
    ("N/A (GPO-store only)", "Perhaps", "the local rules 'Perhaps' is no English word"),
    ("Public Profile Settings", "Home Profile Settings", "the heading 'Home Profile Settings' is no"),
])
def test_profiles_with_words_that_are_not_known(old: str, new: str, trouble: str) -> None:
    with pytest.raises(UnsupportedInputError, match=trouble):
        netsh.read(source(profiles().replace(old, new)))


# Damage


RULES = (Words("SMB", local_port="445", program="System"), Words("no web", local_port="80", action="Block"),
         Words("Web", local_port="80,8080-8090", remote_ip="10.0.0.0/8"),
         Words("RPC", local_port="RPC", program=SVCHOST),
         Words("Ping", protocol="ICMPv4", icmp=(("8", "Any"), ("0", "Any"))))
_ASKED = [("system-smb", packet(445)), ("http-sys", packet(80)), ("http-sys", packet(8085)),
          ("http-sys", packet(8085, remote="192.0.2.1")), ("rpc-server", packet(50000)),
          ("icmp", packet(0, 1, source_port=8)), ("icmp", packet(0, 1, source_port=3))]
_MAY_BE_LEFT_OUT = ("Program", "Service")
"""netsh leaves these lines out of a rule that has none, so it cannot be seen that one is missing."""


def verdicts(*texts: str) -> list[str] | None:
    """Ask for all packets; None where the text is refused."""
    try:
        found = firewall(*texts)
    except UnsupportedInputError:
        return None
    return [verdict(found, asked, listener=listener) for listener, asked in _ASKED]


def test_a_lost_line_never_makes_another_answer_sure() -> None:
    whole = listing(*RULES)
    sure = verdicts(profiles(), whole)
    assert sure == ["permit", "deny", "permit", "deny", "permit", "permit", "deny"]
    lines = whole.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith((*_MAY_BE_LEFT_OUT, " ")):
            found = verdicts(profiles(), "".join((*lines[:number], *lines[number + 1:])))
            for was, now in zip(sure, found or (), strict=False):
                assert now in (was, "undecided"), (line, sure, found)


def test_a_cut_listing_never_makes_another_answer_sure() -> None:
    whole = listing(*RULES)
    sure = verdicts(profiles(), whole)
    assert sure
    for end in range(0, len(whole) - 2, 29):
        found = verdicts(profiles(), whole[:end]) if whole[:end].strip() else None
        for was, now in zip(sure, found or (), strict=False):
            assert now in (was, "undecided"), (whole[:end][-80:], sure, found)


def test_noise_is_read_or_refused_but_never_a_crash() -> None:
    dice = random.Random(4)
    whole = profiles() + listing(*RULES) + GERMAN_RULE
    for _ in range(150):
        text = list(whole)
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(text))
            size = dice.choice((0, 1, 1, 30))
            text[at:at + size] = dice.choice(("", ":", "\n", "?", "-", "Any", "\ufffd", "é"))
        verdicts("".join(text))


def test_an_unread_rule_is_named_with_its_line() -> None:
    text = profiles() + listing(Words("SMB", local_port="445")).replace("Action:  ", "Action ")
    found = firewall(text)
    [note] = {note.reason: note for note in found.notes if note.state is State.UNREAD}.values()
    assert note.decides
    assert "has no label where one was expected" in note.reason
    assert found.line_counts.total == len(text.splitlines())


def test_an_icmp_table_that_is_damaged() -> None:
    ping = listing(Words(protocol="ICMPv4", icmp=(("8", "Any"),)))
    assert not read(ping).broken
    assert read(ping.replace("8       Any", "8 or    Any")).broken
    assert "heading" in read(ping.replace("Type    Code", "0       Any")).broken[0].reason


def test_a_field_that_stands_twice_is_damage() -> None:
    twice = listing(Words("x")).replace("Grouping:\n", "Grouping:\nEnabled:      Yes\n", 1)
    assert "twice" in read(twice).broken[0].reason


def test_other_protocols_by_their_number() -> None:
    found = read(listing(Words(protocol="47"), Words(protocol="ICMPv6")))
    assert [rule.protocol for rule in found.rules[:2]] == [47, 58]
    with pytest.raises(UnsupportedInputError, match="the protocol '256' is no English word"):
        read(listing(Words(protocol="256")))


def test_what_is_no_listing_at_all_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="no output of netsh"):
        netsh.read(source("nothing\n"))


# Scripts


SCRIPT = r"""@echo off
rem what the package opens
netsh advfirewall firewall add rule name="Web server" dir=in action=allow protocol=TCP ^
  localport=80,8000-8010 remoteip=localsubnet,10.0.0.0/8 profile=domain,private program="C:\x y\z.exe"
netsh advfirewall firewall add rule name = ping dir = in action = block protocol = icmpv4:8,any > nul
NETSH.EXE AdvFirewall Firewall Add Rule name=x dir=out action=bypass security=authenc service=any enable=no ^
  protocol=50
netsh advfirewall show allprofiles
netsh advfirewall firewall set rule group="Remote Desktop" new enable=Yes
netsh advfirewall firewall add rule name=y dir=in action=maybe
netsh advfirewall firewall add rule name=y action=allow
netsh advfirewall firewall add rule name=y dir=in action=allow colour=red
netsh advfirewall firewall add rule name=y dir=in action=allow protocol=xyz
netsh advfirewall firewall add rule name=y dir=in action=allow loose
"""


def test_a_script_of_rules() -> None:
    given = source(SCRIPT)
    assert script.recognises(given.text)
    found = script.read(given)
    assert found.rules == (
        WindowsRule(3, "Web server", "In", "Allow", True, profiles=("Domain", "Private"), protocol=6,
                    local_ports=("80", "8000-8010"), remote_addresses=("LocalSubnet", "10.0.0.0/8"),
                    program=r"C:\x y\z.exe", store="local"),
        WindowsRule(5, "ping", "In", "Block", True, protocol=1, icmp=("8:*",), store="local"),
        WindowsRule(6, "x", "Out", "ByPass", False, protocol=50, service="*", security="AuthenticateEncrypt",
                    store="local"))
    assert [each.line for each in found.broken] == [9, 10, 11, 12, 13, 14]
    assert (found.counts.understood, found.counts.unread, found.counts.total) == (5, 6, 14)
    assert not found.shows


def test_a_script_without_rules_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="adds no rule"):
        script.read(source("netsh advfirewall show allprofiles\n"))


# What an input is


def test_what_is_no_windows_export_is_not_taken_for_one() -> None:
    assert forms.form(source("access-list A extended permit ip any any\n")) is None
    assert forms.form(source(f"Heading: x\n{_DASHES}\nno more\n")) is None
    with pytest.raises(UnsupportedInputError,
                       match=r"no export of Windows Firewall.*export-windows-firewall.md"):
        convert.parse([source("nothing\n")])


def test_a_listing_of_600_rules_is_small_work() -> None:
    text = listing(*(Words(f"R{number}", local_port=str(number + 1)) for number in range(600)))
    assert len(firewall(text).chains["inbound"].rules) == 601


# Groups


@pytest.mark.parametrize("written", [
    "@FirewallAPI.dll,-34251", r"@%SystemRoot%\system32\firewallapi.dll,-34251",
    "Windows Management Instrumentation (WMI)", "Windows-Verwaltungsinstrumentation (WMI)",
    "Instrumenta??o de Gerenciamento do Windows (WMI)"])
def test_a_group_by_its_id_and_by_its_names(written: str) -> None:
    assert groups.find(written) is groups.WMI


def test_the_group_that_opens_a_service() -> None:
    for protocol, port in ((6, 445), (1, 8), (58, 128), (17, 137)):
        assert groups.opening(protocol, port) is groups.FILE_AND_PRINTER_SHARING
    assert groups.opening(6, 135, "endpoint-mapper") is groups.opening(6, 50000, "rpc-server") is groups.WMI
    assert groups.opening(6, 80, "http-sys") is None
    assert groups.find("Somebody's own") is None
    assert len({each.id for each in groups.GROUPS}) == len(groups.GROUPS)
