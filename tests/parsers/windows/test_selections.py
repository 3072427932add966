"""What was printed of a selection is not all: `reg query` without /s, a filter of netsh or of PowerShell."""

from __future__ import annotations

import pytest

from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.both import smb
from tests.parsers.windows.computers import LOCAL, POLICY, allow, powershell
from tests.parsers.windows.test_powershell import JOINED
from tests.parsers.windows.windows import Words, firewall, listing, profiles

ROOT = f"\n{LOCAL}\n    PolicyVersion    REG_DWORD    0x21f\n\n"
RULE = f"{LOCAL}\\FirewallRules\n    R0    REG_SZ    {allow()}\n\n"
PROFILES = "".join(f"{LOCAL}\\{name}Profile\n    EnableFirewall    REG_DWORD    0x1\n\n"
                   for name in ("Domain", "Public", "Standard"))
NAMED = "".join(f"{LOCAL}\\{name}\n" for name in ("AppIso", "DomainProfile", "PublicProfile",
                                                  "StandardProfile"))
NONE = {"Group Policy of q.txt": False}


def read(text: str) -> str:
    """Ask a computer for SMB whose registry printed this."""
    return smb(convert.parse([from_bytes(text.replace("\n", "\r\n").encode(), "q.txt")]), NONE)


def test_keys_that_are_only_named_are_not_empty() -> None:
    assert read(ROOT + PROFILES + RULE) == "permit"
    assert read(f"{ROOT}{NAMED}\n{RULE}") == "undecided"
    assert read(f"{ROOT}{NAMED}\n{PROFILES}{RULE}") == "permit"  # asked for one by one
    assert read(f"{ROOT}{PROFILES}{LOCAL}\\FirewallRules\n\n") == "undecided"


def test_slash_s_prints_empty_keys_too() -> None:
    capture = f"C:\\>reg query {LOCAL} /s\n{ROOT}{LOCAL}\\StandardProfile\n{PROFILES}{RULE}"
    assert read(capture) == "permit"
    outer = f"{LOCAL}\\DomainProfile\\AuthorizedApplications"
    inner = f"{outer}\n{outer}\\List\n    x    REG_SZ    x:*:Enabled:x\n\n"
    assert read(ROOT + PROFILES + inner + RULE) == "permit"  # only what holds others has no values


@pytest.mark.parametrize(("command", "expected"), [
    ("/s", "permit"), ("", "permit"), ("/v R0", "undecided"), ("/s /f SMB", "undecided"),
    ("/s | findstr R0", "undecided"), ("/VE", "undecided")])
def test_single_values_are_not_the_whole_key(command: str, expected: str) -> None:
    key = f"{LOCAL}\\FirewallRules"
    assert read(f"{ROOT}{PROFILES}C:\\>reg query {key} {command}\n\n{RULE}") == expected


def test_runs_that_print_a_value_each_are_not_the_whole_key() -> None:
    other = RULE.replace("R0", "R1")
    assert read(ROOT + PROFILES + RULE + other) == "undecided"
    assert read(ROOT + PROFILES + RULE + RULE) == "permit"


@pytest.mark.parametrize(("below", "whole"), [
    ("", True), (f"{POLICY}\\FirewallRules\n\n", False),
    (f"{POLICY}\\DomainProfile\n    EnableFirewall    REG_DWORD    0x1\n\n", True)])
def test_group_policy_that_is_only_named_is_not_known(below: str, whole: bool) -> None:
    text = f"{ROOT}{PROFILES}{RULE}{POLICY}\n    PolicyVersion    REG_DWORD    0x21f\n\n{below}"
    assert forms.read(from_bytes(text.encode(), "q.txt")).whole_policy is whole
    assert read(text) == ("permit" if whole else "undecided")


def test_a_value_that_is_missing_is_no_missing_key() -> None:
    text = (f"C:\\>reg query {POLICY} /v EnableFirewall\n\nERROR: The system was unable to find the "
            f"specified registry key or value.\n\nC:\\>reg query {LOCAL} /s\n{ROOT}{PROFILES}{RULE}")
    assert not forms.read(from_bytes(text.encode(), "q.txt")).whole_policy


# netsh and PowerShell


SMB = Words("SMB", local_port="445", program="System")
SHOW = "C:\\Windows\\system32>netsh advfirewall firewall show rule "


@pytest.mark.parametrize(("asked", "expected"), [
    ("name=all verbose", "permit"), ("all verbose", "permit"), ('name="all" dir=in', "permit"),
    ("dir=in name=all verbose", "permit"), ("name=SMB verbose", "undecided"),
    ('name="all users"', "undecided"), ("SMB verbose", "undecided"),
    ("name=all profile=domain", "undecided"), ('name=all | findstr ":"', "undecided")])
def test_a_prompt_shows_what_netsh_was_asked_for(asked: str, expected: str) -> None:
    """One rule of a name may stand there twice, so two names prove nothing."""
    assert smb(firewall(f"C:\\>netsh advfirewall show allprofiles\n{profiles()}{SHOW}{asked}\n"
                        f"{listing(SMB)}\nC:\\Windows\\system32>\n")) == expected
    assert smb(firewall(f"{SHOW}{asked}\n{listing(SMB)}", profiles())) == expected


def test_runs_of_netsh_that_show_a_rule_each_are_not_all() -> None:
    web = Words("Web", local_port="80")
    single = [each.text() + "Ok.\n" for each in (SMB, web)]
    assert smb(firewall(profiles() + "".join(single))) == "undecided"
    assert smb(firewall(profiles(), *single)) == "undecided"
    assert smb(firewall(profiles(), SMB.text() + web.text() + "Ok.\n")) == "permit"
    assert smb(firewall(profiles(), *single), {"rules that are not in the files": False}) == "permit"


@pytest.mark.parametrize(("asked", "shown"), [
    ("", True), (" -All | Format-List *", True), (" -PolicyStore ActiveStore -TracePolicyStore|fl", True),
    (" -Enabled True -Direction Inbound | Join-Filters | fl", True), (" -DisplayName SMB* | fl", False),
    (" SMB | fl", False), (" -Action Allow", False), (" | ? Enabled -eq True | fl", False),
    (" | Where-Object { $_.Enabled } | fl", False), (" | Select-Object -First 9 | fl", False)])
def test_a_prompt_shows_what_powershell_was_asked_for(asked: str, shown: bool) -> None:
    lists = "".join("".join(f"{name} : {value}\n" for name, value in (JOINED | {"DisplayName": each}).items())
                    + "\n" for each in ("one", "other"))
    text = f"PS C:\\Users\\me> Get-NetFirewallRule{asked}\n\n{lists}"
    assert bool(forms.read(from_bytes(text.encode(), "f.txt")).shows) is shown
    assert forms.read(from_bytes(lists.encode(), "f.txt")).shows
    assert not forms.read(from_bytes(lists.replace("other", "one").encode(), "f.txt")).shows


# Stores of PowerShell, and parts of `netsh firewall`


@pytest.mark.parametrize("store", ["corp.example\\Clients", "localhost", "RSOP"])
def test_rules_of_a_group_policy_object_are_not_all(store: str) -> None:
    found = powershell({"PolicyStoreSourceType": "GroupPolicy"}, store=store)
    assert smb(found) == "undecided"
    asked = {"rules that are not in the files": False, "Group Policy of f.json": False}
    assert smb(found, asked) == "permit"


def test_a_list_of_group_policy_only_is_not_all() -> None:
    lists = "".join("".join(f"{name} : {value}\n" for name, value in (
        JOINED | {"DisplayName": each, "PolicyStoreSourceType": "GroupPolicy"}).items()) + "\n"
        for each in ("one", "other"))
    assert not forms.read(from_bytes(lists.encode(), "f.txt")).shows


@pytest.mark.parametrize("store", ["SystemDefaults", "StaticServiceStore", "ConfigurableServiceStore"])
def test_a_store_that_is_not_in_force_is_refused(store: str) -> None:
    with pytest.raises(UnsupportedInputError, match="shows nothing of what is in force"):
        powershell({}, store=store)
    listed = "".join(f"{name} : {value}\n" for name, value in (JOINED | {"PolicyStoreSource": store}).items())
    with pytest.raises(UnsupportedInputError, match="shows nothing of what is in force"):
        forms.read(from_bytes(listed.encode(), "f.txt"))


MODES = "".join(f"\n{name} profile configuration:\n{'-' * 67}\nOperational mode                  = {{mode}}\n"
                "Exception mode                    = Enable\n" for name in ("Domain", "Standard"))
NEWER = '\nIMPORTANT: "netsh firewall" is deprecated;\nuse "netsh advfirewall firewall" instead.\n'
LOG = f"\nLog configuration:\n{'-' * 67}\nDropped packets  = Disable\n"


def test_the_modes_of_netsh_firewall_are_not_its_exceptions() -> None:
    """`show opmode` of any Windows, and a configuration of XP that is cut before its tables."""
    assert smb(firewall(MODES.format(mode="Enable"))) == "undecided"
    assert smb(firewall(MODES.format(mode="Disable") + NEWER)) == "permit"  # it is off
    for text, system in ((MODES, None), (MODES + NEWER, None), (MODES + LOG, (5, 1)),
                         (MODES + LOG + NEWER, None)):
        read = forms.read(from_bytes(text.format(mode="Enable").encode(), "f.txt"))
        assert (read.system, bool(read.shows)) == (system, system is not None)


# Rules that netsh's output lost between its sections


BLOCK = Words("No SMB", local_port="445", action="Block").text()
NO_DASHES = "\n".join(line for line in BLOCK.splitlines() if not line.startswith("---")) + "\n"


@pytest.mark.parametrize("damaged", [
    NO_DASHES, "".join(f"  {line}\n" for line in BLOCK.splitlines()),
    "".join(f"> {line}\n" for line in BLOCK.splitlines()), "Package: S-1-15-2-1\n", "Rule Na\n"])
def test_a_damaged_rule_between_two_is_not_lost(damaged: str) -> None:
    good = listing(SMB)
    for at in (SMB.text(), good.removesuffix("Ok.\n")):
        assert smb(firewall(profiles(), good.replace(at, at + damaged, 1))) == "undecided"


@pytest.mark.parametrize("damaged", [NO_DASHES, f"{SHOW}name=all dir=in\n{NO_DASHES}Ok.\n",
                                     f"{SHOW}name=all\n\nRule Name:                            x"])
def test_a_damaged_rule_after_the_profiles_is_not_lost(damaged: str) -> None:
    assert smb(firewall(listing(SMB) + profiles() + "C:\\>\n")) == "permit"
    for text in (listing(SMB) + profiles() + damaged, listing(SMB) + profiles()[:-5] + damaged + "Ok.\n"):
        assert smb(firewall(text)) == "undecided"


def test_what_other_commands_print_between_runs_is_no_rule() -> None:
    between = "\nC:\\>hostname\nPC1\n\nC:\\>ver\n\nMicrosoft Windows [Version 10.0.19045.3803]\n\nC:\\>\n"
    assert smb(firewall(between + profiles() + between + listing(SMB) + between)) == "permit"
