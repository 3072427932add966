"""How Windows rules are quoted: by name, id and what narrows them, at their own line, whatever the export."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from aclproof.parsers.model.notes import Span
from aclproof.parsers.source import Source, from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.test_netsh import GERMAN_RULE
from tests.parsers.windows.test_powershell import JOINED, PROFILE, RULE, documented, table
from tests.parsers.windows.windows import Words, listing

BLOCK = {"InstanceID": "no-smb", "DisplayName": "No SMB", "Action": "Block", "Profile": "Any"}
SMB = ("SMB-In (FPS-SMB-In-TCP): Inbound, Allow, TCP, LocalPort 445, RemoteAddress LocalSubnet,10.0.0.0/8, "
       "Program System, Profile Domain,Private")
NO_SMB = ("No SMB (no-smb): Inbound, Block, TCP, LocalPort 445, RemoteAddress LocalSubnet,10.0.0.0/8, "
          "Program System")


def quoted(source: Source) -> dict[str, Span]:
    """Every line that the rules of a firewall name, by what is quoted."""
    found = convert.parse([source])
    spans = [found.quote(rule.line) for chain in found.lists.values() for rule in chain.rules if rule.in_file]
    return {span.text: span for span in spans}


def as_list(fields: dict[str, str]) -> str:
    return "".join(f"{name} : {value}\n" for name, value in fields.items()) + "\n"


RECORDS = [JOINED, JOINED | BLOCK]
FORMS = {
    "tables": json.dumps(documented(RULE, RULE | BLOCK), indent=2),
    "records": json.dumps(RECORDS, indent=4),
    "one record a line": "".join(f"{json.dumps(each)}\n" for each in RECORDS),
    "one line": json.dumps(documented(RULE, RULE | BLOCK), separators=(",", ":")),
    "csv": table(*RECORDS),
    "semicolons": table(*RECORDS, delimiter=";", first="#TYPE Selected\n"),
    "list": "".join(map(as_list, RECORDS))}


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_quoted_by_name_id_and_what_narrows_it(form: str) -> None:
    found = quoted(from_bytes(FORMS[form].encode(), "fw.json"))
    assert {SMB, NO_SMB} <= set(found)
    assert not any(span.literal for text, span in found.items() if text in (SMB, NO_SMB))
    lines = FORMS[form].splitlines()
    for text, name in ((SMB, "SMB-In"), (NO_SMB, "No SMB")):
        named = next(number for number, line in enumerate(lines, 1) if name in line)
        assert 0 <= named - found[text].first_line <= 2, (found[text], named)


def test_a_file_of_one_line_is_that_line_everywhere() -> None:
    """`-Compress`: however long it is, a rule is quoted and nothing else of the file."""
    many = [RULE | {"InstanceID": f"R{n}", "DisplayName": f"Rule {n}"} for n in range(400)]
    text = json.dumps(documented(*many), separators=(",", ":"))
    assert len(text) > 64 * 1024
    found = quoted(from_bytes(text.encode(), "fw.json"))
    assert len(found) == 400
    assert {(span.first_line, span.last_line) for span in found.values()} == {(1, 1)}
    for name in ("R0", "R399"):  # the column shows which object it is
        span, = (each for said, each in found.items() if f"({name})" in said)
        assert json.JSONDecoder().raw_decode(text[span.column - 1:])[0]["InstanceID"] == name


def test_a_profile_is_quoted_by_what_it_says() -> None:
    found = convert.parse([from_bytes(json.dumps(documented(RULE), indent=1).encode(), "fw.json")])
    default = found.defaults["inbound Domain"].span
    assert default.text == ("Profile Domain: Enabled True, DefaultInboundAction Block, "
                            "DefaultOutboundAction Allow, AllowInboundRules True, "
                            "AllowLocalFirewallRules False")
    assert default.first_line == next(number for number, line in enumerate(
        json.dumps(documented(RULE), indent=1).splitlines(), 1) if '"Name": "Domain"' in line) - 1


def test_what_cannot_be_read_is_no_brace_either() -> None:
    for broken in (documented(RULE, RULE | BLOCK | {"Direction": "Sideways"}),
                   documented(RULE) | {"Profile": [PROFILE | {"Enabled": "Perhaps"}]}):
        notes = convert.parse([from_bytes(json.dumps(broken, indent=2).encode(), "f.json")]).notes
        assert notes
        assert not any(note.span.text.startswith(("{", "[")) for note in notes)


def test_long_lists_and_long_texts_are_cut() -> None:
    hosts = ",".join(f"10.0.{n}.1" for n in range(200))
    rule = JOINED | {"RemoteAddress": hosts, "Program": "C:\\" + "a" * 5000, "DisplayName": "Two\r\n  lines"}
    found = quoted(from_bytes(json.dumps([rule], indent=2).encode(), "f.json"))
    text, = (each for each in found if each.startswith("Two lines (FPS-SMB-In-TCP): "))
    assert "RemoteAddress 10.0.0.1,10.0.1.1,10.0.2.1,10.0.3.1,... (200)" in text
    assert len(text) < 500


@pytest.mark.parametrize("page", ["cp850", "cp437", "cp1252", "utf-8"])
def test_netsh_is_quoted_in_the_code_page_that_it_is_in_and_without_padding(page: str) -> None:
    text = GERMAN_RULE.replace("Fernwartung", "Zugriff für Büro").encode(page, errors="replace")
    found = quoted(from_bytes(text, "regeln.txt"))
    assert {span.first_line for span in found.values()} == {2, 23}
    assert any(each.startswith("Zugriff für Büro: Inbound, Allow, TCP, LocalPort RPC") for each in found)


def lines_of(text: Sequence[Words]) -> str:
    return listing(*text)


def test_netsh_rules_say_what_narrows_them() -> None:
    words = [Words("SMB from the servers", remote_ip="10.1.1.0/24", local_port="445", program="System",
                   profiles="Domain"),
             Words("Off", enabled="No", local_port="135", verbose=False)]
    found = quoted(from_bytes(lines_of(words).encode(), "rules.txt"))
    assert {"SMB from the servers: Inbound, Allow, TCP, LocalPort 445, RemoteAddress 10.1.1.0/24, "
            "Program System, Profile Domain",
            "Off: Enabled False, Inbound, Allow, TCP, LocalPort 135"} <= set(found)


def test_a_line_of_netsh_that_is_no_rule_is_repaired_too() -> None:
    text = ("Domänenprofil-Einstellungen:\n" + "-" * 70 + "\nStatus                                EIN\n"
            "Firewallrichtlinie                    BlockInbound,AllowOutbound\nOK.\n")
    source = from_bytes(text.encode("cp850"), "profile.txt")
    convert.parse([source])
    assert source.span(1).text == "Domänenprofil-Einstellungen:"
    assert source.span(3).text == "Status EIN"
    assert not source.span(3).literal


def test_a_registry_string_says_all_of_a_rule_and_is_quoted_as_it_is() -> None:
    line = ('"FPS-SMB-In-TCP"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|App=System|'
            'Name=@FirewallAPI.dll,-28511|"')
    text = ("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\"
            "Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]\r\n" + line + "\r\n\r\n")
    span = quoted(from_bytes(text.encode("utf-16"), "p.reg"))[line]
    assert (span.first_line, span.literal) == (4, True)
