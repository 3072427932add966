"""Two exports of one computer that cannot both be true are refused, wherever both come from."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.both import smb
from tests.parsers.windows.computers import allow, block, host, local
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented
from tests.parsers.windows.windows import OTHER_WAY, Words, firewall, listing, profiles

SMB = Words("SMB", local_port="445", program="System")
WEB = Words("Web", local_port="80", program="System")
BOTH = ("one.reg", "other.reg")
CONTRADICT = "two exports of one computer contradict each other"


def active(*rules: dict[str, str], store: str = "ActiveStore") -> str:
    """Write an export of rules that open SMB, and of three profiles."""
    export = documented(*rules, **{each["InstanceID"]: {"RemoteAddress": "Any"} for each in rules})
    export["Profile"] = [PROFILE | {"Name": name, "AllowLocalFirewallRules": "True"}
                         for name in ("Domain", "Private", "Public")]
    return json.dumps(export | {"Store": store}, indent=1)


@pytest.mark.parametrize(("one", "other"), [
    (local(allow()), local()), (local(allow()), local(block())),
    (local(allow()), local(allow().replace("Active=TRUE", "Active=FALSE"))),
    (local(allow()), local(allow("Protocol=6|LPort=80|"))),
    (local(allow()), local(allow(), allow("Protocol=6|LPort=80|"))),
    (local(profile='"DefaultInboundAction"=dword:00000000'),
     local(profile='"DefaultInboundAction"=dword:00000001'))])
def test_two_exports_of_the_registry(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            host(*pair, names=BOTH)


def test_the_same_twice_is_no_contradiction() -> None:
    assert smb(host(local(allow()), local(allow()), names=BOTH)) == "permit"
    twice = listing(SMB)
    assert smb(firewall(profiles(), twice, twice)) == "permit"
    assert smb(firewall(profiles() + twice + profiles() + twice)) == "permit"
    off = allow("Protocol=6|LPort=80|").replace("Active=TRUE", "Active=FALSE")
    assert smb(host(local(allow()), local(allow(), off), names=BOTH)) == "permit"  # it does nothing


@pytest.mark.parametrize(("one", "other"), [
    (listing(SMB, WEB), listing(WEB)), (listing(SMB), listing(replace(SMB, enabled="No"))),
    (listing(SMB), listing(replace(SMB, action="Block"))),
    (listing(SMB), listing(replace(SMB, remote_ip="10.0.0.0/8"))),
    (listing(SMB), listing(replace(SMB, enabled="No", verbose=False)))])
def test_two_listings_of_netsh_in_two_files_or_in_one(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            firewall(profiles(), *pair)
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            firewall(profiles() + "".join(pair))


def test_listings_of_one_name_one_direction_or_one_profile_complete_each_other() -> None:
    private = replace(WEB, profiles="Private")
    only = SMB.text() + "Ok.\n"
    both_ways = profiles(), listing(replace(SMB, verbose=False)), listing(SMB)
    for texts in ((profiles(), only, listing(SMB, WEB)), (profiles(), only, OTHER_WAY + "Ok.\n"),
                  (profiles(), SMB.text() + private.text() + "Ok.\n",
                   SMB.text() + replace(SMB, name="x", profiles="Domain").text() + "Ok.\n"),
                  both_ways):
        assert smb(firewall(*texts), {"rules that are not in the files": False}) in ("permit", "undecided")


def test_settings_of_a_profile_that_differ() -> None:
    off = profiles(domain=("OFF", "BlockInbound,AllowOutbound"))
    for texts in ((profiles(), off, listing()), (profiles() + off, listing())):
        with pytest.raises(UnsupportedInputError, match="the Domain profile is otherwise"):
            firewall(*texts)


def test_powershell_and_the_registry_know_a_rule_by_its_id() -> None:
    def both(rule: dict[str, str], pairs: str = "") -> str:
        reg = local(allow(pairs)).replace('"R0"', f'"{RULE["InstanceID"]}"') if pairs else local()
        return smb(convert.parse([from_bytes(active(RULE | {"Profile": "Any"} | rule).encode(), "f.json"),
                                  from_bytes(reg.encode("utf-16"), "l.reg")]))

    same = "Protocol=6|LPort=445|App=System|"
    of_policy = {"PolicyStoreSourceType": "GroupPolicy"}
    assert both({}, same) == "permit"
    assert both({"PolicyStoreSourceType": ""}, same) == "permit"
    for rule, pairs in (({"Enabled": "False"}, same), ({"Action": "Block"}, same), ({}, ""),
                        (of_policy, same)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            both(rule, pairs)
