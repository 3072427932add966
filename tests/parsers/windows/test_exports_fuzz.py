"""Damaged exports of every form: refused or read, never a crash, never a lost line, never more rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers import source
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import mmc
from aclproof.parsers.windows.netsh import legacy
from aclproof.parsers.windows.powershell import export as powershell
from aclproof.parsers.windows.records.rule import WindowsInput
from aclproof.parsers.windows.registry import binary
from aclproof.parsers.windows.registry import export as registry
from tests.parsers.windows.test_binary import DWORD, KEY, SZ, policy, utf16
from tests.parsers.windows.test_console import HEADING, ROW, XP
from tests.parsers.windows.test_powershell import JOINED, PROFILE, RULE, documented, table
from tests.parsers.windows.test_registry import ALLOW, LOCAL, POLICY

REG = "\r\n".join([
    "Windows Registry Editor Version 5.00", "", f"[{LOCAL}]", '"PolicyVersion"=dword:0000021e',
    f"[{LOCAL}\\FirewallRules]", f'"A"="v2.30|{ALLOW}Protocol=6|LPort=445|RA4=LocalSubnet|Name=a\\"b|"',
    f'"B"="v2.10|{ALLOW}Protocol=1|ICMP4=8:*|Profile=Domain|"', f"[{LOCAL}\\DomainProfile]",
    '"EnableFirewall"=dword:00000001', '"L"=hex(7):41,00,\\', "  00,00,00,00",
    f"[{POLICY}\\DomainProfile\\GloballyOpenPorts\\List]", '"80"="80:TCP:*:Enabled:web"', "", ""])
LIST = "\r\n".join(line for fields in (RULE, PROFILE, RULE) for line in (
    *(f"{name:30}: {value}".rstrip() for name, value in fields.items()), "", ""))
POL = policy([(f"{KEY}\\FirewallRules", "{1}", SZ, utf16(f"v2.30|{ALLOW}\0")),
              (f"{KEY}\\DomainProfile", "EnableFirewall", DWORD, b"\1\0\0\0")])

Reader = Callable[[Source], WindowsInput]
FORMS: dict[str, tuple[bytes, Reader]] = {
    "reg": (REG.encode("utf-16"), registry.read), "pol": (POL, registry.read),
    "json": (json.dumps(documented(RULE, RULE | {"InstanceID": "b"}), indent=2).encode(), powershell.read),
    "csv": (table(JOINED, JOINED).encode(), powershell.read), "list": (LIST.encode(), powershell.read),
    "mmc": ("\r\n".join([HEADING, ROW, ROW]).encode(), mmc.read), "xp": (XP.encode("cp850"), legacy.read)}
_WORDS = ("""[ ] { } " \\ = : , ; | \t \r \n v2.10| Action=Allow Active=TRUE Dir=In Protocol=6 hex(7): dword:
LPort= "@"=- [-HKEY_LOCAL_MACHINE\\SYSTEM] "Direction": "Inbound" Any TCP 445 Enable Scope: null -1 1e999
\u0663 \x85 \u2028 \ufeff Yes Allow All """ + "-" * 70).split(" ")


def survives(data: bytes, read: Reader) -> WindowsInput | None:
    """Read an input, or see that it is refused with a sentence."""
    try:
        text = binary.read_bytes(data, "inbound") or source.from_bytes(data, "inbound")
        for recognises in (registry.recognises, powershell.recognises, mmc.recognises, legacy.recognises):
            recognises(text.text)
        found = read(text)
    except UnsupportedInputError:
        return None
    counts = found.counts
    assert counts.total == len(text.lines())
    assert min(counts.understood, counts.ignored, counts.approximated, counts.unread) >= 0
    lines = [*(each.line for each in found.rules), *(each.line for each in found.profiles),
             *(each.line for each in found.broken)]
    assert all(1 <= each <= counts.total for each in lines)
    assert len({each.line for each in found.broken}) == counts.unread
    unread = {each.line for each in found.broken}
    assert len({each.line for each in found.rules} - unread) <= counts.understood
    return found


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_as_it_stands(form: str) -> None:
    data, read = FORMS[form]
    found = survives(data, read)
    assert found
    assert found.rules
    assert not found.broken


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_anywhere_is_read_or_refused(form: str) -> None:
    data, read = FORMS[form]
    whole = survives(data, read)
    assert whole
    for end in range(0, len(data), 7):
        found = survives(data[:end], read)
        assert found is None or len(found.rules) <= len(whole.rules)


@pytest.mark.parametrize("form", FORMS)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_file_is_read_or_refused(form: str, seed: int) -> None:
    random = Random(seed)
    data, read = FORMS[form]
    encoding = "utf-16" if form == "reg" else "utf-8"
    text = data.decode("latin-1") if form == "pol" else data.decode(encoding)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text))
        text = text[:at] + random.choice(_WORDS) + text[at + random.choice((0, 1, 1, 9)):]
    survives(text.encode("latin-1", "replace") if form == "pol" else text.encode(encoding), read)


@given(st.binary(max_size=200))
def test_no_bytes_crash_a_reader(data: bytes) -> None:
    for _, read in FORMS.values():
        survives(b"x" + data, read)
