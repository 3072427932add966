"""Containers of registry values: Registry.pol, and hives through regipy."""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.records.rule import WindowsInput
from aclproof.parsers.windows.registry import binary, export
from tests.parsers.windows.test_registry import ALLOW

KEY = "SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
SZ, DWORD = 1, 4
Record = tuple[str, str, int, bytes]


def utf16(text: str) -> bytes:
    """As Windows writes text."""
    return text.encode("utf-16-le")


def policy(records: Sequence[Record]) -> bytes:
    """Write a Registry.pol (MS-GPREG 2.2.1)."""
    body = b"".join(
        utf16("[") + utf16(f"{key}\0;{name}\0;") + struct.pack("<I", kind) + utf16(";")
        + struct.pack("<I", len(data)) + utf16(";") + data + utf16("]") for key, name, kind, data in records)
    return b"PReg\x01\0\0\0" + body


def read(records: Sequence[Record]) -> WindowsInput:
    """Read a Registry.pol."""
    source = binary.read_bytes(policy(records), "registry.pol")
    assert source
    return export.read(source)


def test_a_policy_holds_rules_and_profiles_whatever_is_in_their_data() -> None:
    string = f"v2.30|{ALLOW}Protocol=6|LPort=445|Name=a];[b\";\\|"
    found = read([(f"{KEY}\\FirewallRules", "{1}", SZ, utf16(string + "\0")),
                  (f"{KEY}\\PublicProfile", "EnableFirewall", DWORD, b"\0\0\0\0"),
                  (f"{KEY}\\PublicProfile", "**del.DefaultInboundAction", SZ, utf16(" \0"))])
    assert [(each.name, each.local_ports, each.store) for each in found.rules] == [
        ('a];[b";\\', ("445",), "policy")]
    (public,) = found.profiles
    assert (public.profile, public.enabled, public.inbound) == ("Public", False, None)
    assert found.source.encoding == "Registry.pol"
    assert not found.shows


def test_settings_below_a_profile_count_without_the_profiles_own_values() -> None:
    found = read([(f"{KEY}\\DomainProfile\\GloballyOpenPorts", "AllowUserPrefMerge", DWORD, b"\0\0\0\0")])
    assert [(each.profile, each.local_ports) for each in found.profiles] == [("Domain", False)]


def test_a_damaged_policy_is_refused_wherever_it_is_cut() -> None:
    data = policy([(f"{KEY}\\FirewallRules", "{1}", SZ, utf16(f"v2.30|{ALLOW}\0"))])
    for end in range(8, len(data) - 1):
        if end > 8:
            with pytest.raises(UnsupportedInputError, match="damaged"):
                binary.read_bytes(data[:end], "p")
    with pytest.raises(UnsupportedInputError, match="unknown version"):
        binary.read_bytes(b"PReg\x02\0\0\0", "p")


@given(st.binary(max_size=60))
def test_no_policy_crashes(body: bytes) -> None:
    try:
        binary.read_bytes(b"PReg\x01\0\0\0" + utf16("[") + body, "p")
    except UnsupportedInputError:
        return
    assert not body.strip(b"\0")


def test_text_is_no_container() -> None:
    assert binary.read_bytes(b"Windows Registry Editor Version 5.00", "x") is None


def test_a_hive_without_the_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "regipy.registry", None)
    with pytest.raises(UnsupportedInputError, match=r"aclproof\[hive\]"):
        binary.read_bytes(b"regf" + bytes(8192), "SYSTEM")


def test_a_hive_that_was_in_use_or_is_cut_is_refused() -> None:
    pytest.importorskip("regipy")
    with pytest.raises(UnsupportedInputError, match="in use"):
        binary.read_bytes(b"regf\x02\0\0\0\x01\0\0\0" + bytes(8192), "SYSTEM")
    with pytest.raises(UnsupportedInputError, match="damaged"):
        binary.read_bytes(b"regf\x02\0\0\0\x02\0\0\0" + bytes(8192), "SYSTEM")
    with pytest.raises(UnsupportedInputError, match="damaged"):
        binary.read_bytes(b"regf", "SYSTEM")
