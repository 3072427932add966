"""Public exports of Windows Firewall: every file is read or refused for a cause, netsh's in every language.

The files are not part of the project; the tests run where a copy lies next to the checkout.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.parsers import source
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.netsh import listing, script
from aclproof.parsers.windows.records.rule import ProfileSettings, WindowsRule
from aclproof.parsers.windows.registry import binary
from tests.parsers.windows.windows import packet, verdict

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "windows"

if not CORPUS.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

_FILES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file())
_REFUSED = {
    "gpo/nsacyber_Backup.xml": "a backup of Group Policy; give the gpreport.xml",
    "gpo/nsacyber_WindowsFirewall.audit": "checks of an audit",
    "hives/win10_1709_SYSTEM.Defaults.reg": "not in force",
    "hives/win10_SYSTEM_B.Defaults.reg": "not in force",
    "hives/win7_SYSTEM.Defaults.reg": "not in force",
    "hives/win8.1_SYSTEM_2.Defaults.reg": "not in force",
    "netsh_l10n/de_norules.txt": "netsh found no rule that matches",
    "wfmsc/en_export_list.txt": "write 'inbound' or 'outbound' into the name of the file",
}
"""Files that hold no firewall, and what is said of them."""


def given(name: str) -> Source:
    """Read a file of the corpus, in whichever container it comes."""
    data = (CORPUS / name).read_bytes()
    return binary.read_bytes(data, name) or source.from_bytes(data, name)


@pytest.mark.parametrize("name", _FILES)
def test_every_file_is_read_or_refused_for_a_cause(name: str) -> None:
    text = given(name)
    if name in _REFUSED:
        with pytest.raises(UnsupportedInputError, match=_REFUSED[name]):
            convert.parse([text])
        return
    found = convert.parse([text])
    assert forms.form(text)
    assert found.line_counts.total == len(text.lines())
    assert {verdict(found, packet(port)) for port in (80, 445)} <= {"permit", "deny", "undecided"}


@pytest.mark.parametrize("vendor", ["asa", "iptables"])
def test_no_other_vendor_is_taken_for_windows(vendor: str) -> None:
    for path in sorted((CORPUS.parent / vendor).rglob("*")):
        if path.is_file():
            try:
                text = source.read(str(path))
            except UnsupportedInputError:
                continue
            assert forms.form(text) is None, path


def rules(name: str) -> list[WindowsRule]:
    """Read the rules of a listing."""
    return list(listing.read(given(f"netsh_l10n/{name}")).rules)


@pytest.mark.parametrize("name", ["de_vagrant_nfs.utf8.txt", "de_vagrant_nfs.cp850.txt"])
def test_german(name: str) -> None:
    assert [(each.name, each.direction, each.action, each.enabled, each.protocol, len(each.profiles))
            for each in rules(name)] == [("VagrantWinNFSd-1.4.0", way, "Allow", True, None, 3)
                                         for way in ("Out", "In")]


def test_spanish() -> None:
    assert [(each.direction, each.action, each.local_ports, each.remote_ports)
            for each in rules("es_block_http.txt")] == [("Out", "Block", (), ("80",)),
                                                        ("In", "Block", ("80",), ())]


def test_japanese() -> None:
    [rule] = rules("ja_wsl_ssh.txt")
    assert (rule.name, rule.direction, rule.action, rule.enabled, rule.protocol, rule.local_ports) == (
        "WSL SSH 2222", "In", "Allow", True, 6, ("2222",))


def test_portuguese() -> None:
    [rule] = rules("pt-BR_axon_verbose.txt")
    assert (rule.direction, rule.action, rule.program, rule.store, rule.security, rule.hidden) == (
        "In", "Allow", r"C:\Users\user\target\release\Axon.exe", "local", "", frozenset())


def test_english_with_all_fields() -> None:
    [rule] = listing.read(given("netsh/en_verbose_iphttps.txt")).rules
    assert (rule.name, rule.group, rule.direction, rule.remote_ports, rule.service, rule.edge) == (
        "Core Networking - IPHTTPS (TCP-Out)", "Core Networking", "Out", ("IPHTTPSOut",), "iphlpsvc", "No")


def settings(name: str) -> list[ProfileSettings]:
    """Read the profiles of a listing."""
    return list(listing.read(given(name)).profiles)


def test_profiles_in_french_and_in_english() -> None:
    assert [(each.profile, each.enabled, each.inbound, each.outbound, each.block_all_inbound)
            for each in settings("netsh_l10n/fr_allprofiles.txt")] == [
        (profile, True, "Block", "Allow", False) for profile in ("Domain", "Private", "Public")]
    assert [(each.profile, each.enabled, each.inbound, each.outbound, each.block_all_inbound)
            for each in settings("netsh/en_allprofiles_gpo.txt")] == [
        ("Domain", False, "Block", "Allow", False), ("Private", True, "Block", "Block", False),
        ("Public", True, "Block", "Allow", True)]


def test_scripts_of_a_generator() -> None:
    icmp = script.read(given("netsh/aerleon_testIcmpTypes.ref"))
    assert [(each.direction, each.action, each.protocol, each.icmp) for each in icmp.rules] == [
        ("Out", "Block", 1, (f"{kind}:*",)) for kind in (0, 3, 11)]
    [tcp] = script.read(given("netsh/aerleon_testTcp.ref")).rules
    assert (tcp.action, tcp.protocol, tcp.remote_ports, tcp.remote_addresses) == ("Allow", 6, ("25",),
                                                                                  ("10.0.0.0/8",))


_LISTENERS = (("system-smb", 445), ("endpoint-mapper", 135), ("rpc-server", 50000), ("http-sys", 80))


@pytest.mark.parametrize(("name", "profile", "expected"), [
    ("hives/win7_SYSTEM.Parameters.reg", "domain", "permit permit deny deny"),  # sharing on, WMI off
    ("hives/win7_SYSTEM.Parameters.reg", "public", "deny deny deny deny"),
    ("hives/win10_1709_SYSTEM.Parameters.reg", "domain", "deny permit deny deny"),  # Remote Assistance only
    ("hives/win10_1709_SYSTEM.Parameters.reg", "public", "deny deny deny deny"),
    ("wfw/f1rsty_rules.wfw", "domain", "deny permit deny deny"),
    ("wfw/f1rsty_rules.reg", "domain", "deny permit deny deny"),
])
def test_what_real_computers_let_in(name: str, profile: str, expected: str) -> None:
    found = convert.parse([given(name)])
    assert [verdict(found, packet(port), listener=listener, profile=profile)
            for listener, port in _LISTENERS] == expected.split()
