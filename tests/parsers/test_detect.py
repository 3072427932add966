"""Whose text is this? The right parser, or a refusal that says what to do."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers import detect, source
from aclproof.parsers.source import UnsupportedInputError


def _vendor(text: str) -> str:
    return detect.vendor(source.from_bytes(text.encode(), "f"))


@pytest.mark.parametrize("text", [
    "ASA Version 9.12(4)\n", "PIX Version 6.3(5)\n", "FWSM Version 4.1(9)\n", ": Saved\n:\n",
    "nameif ethernet0 outside security0\n",
    "interface E0\n nameif inside\n", "access-list OUT extended permit ip any any\n",
    "access-list OUT permit ip any any\n",
    "access-list 101 permit tcp any 10.0.0.0 255.0.0.0 eq 80\n", "access-list OUT remark x\n",
    "access-list OUT standard permit any4\n",
    "access-list OUT; 3 elements; name hash: 0x1\n", "access-list OUT line 1 extended deny ip any any "
                                                     "(hitcnt=0) 0x1\n",
    "object network X\n host 10.0.0.1\n", "object-group service S tcp\n port-object eq 80\n",
    "access-group OUT in interface outside\n",
    "fw# show run\naccess-list OUT extended permit ip any any\n",
    "fw/ctx(config)# access-list OUT permit ip any any\n",
    "<--- More --->\r              \raccess-list OUT permit ip any any\n",
    "! RANCID-CONTENT-TYPE: cisco\n!\nASA Version 9.1(2)\n",
    "\ufeffASA Version 9.1\n", "ASA Version 9.1\r\naccess-list A extended permit ip any any\r\n"])
def test_an_asa_is_recognised(text: str) -> None:
    assert _vendor(text) == "cisco-asa"


@pytest.mark.parametrize("text", [
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "#!/sbin/iptables-restore\n*nat\n:PREROUTING ACCEPT\nCOMMIT\n",
    "-P INPUT DROP\n-A INPUT -j ACCEPT\n", "-A FORWARD -j ACCEPT\n",
    "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n",
    "root@gw:~# iptables -L -n\nChain INPUT (policy DROP 1 packets, 2 bytes)\n",
    "create blocked hash:net family inet\nadd blocked 10.0.0.0/8\n", "Name: a\nType: hash:ip\nMembers:\n"])
def test_iptables_is_recognised_in_all_its_forms(text: str) -> None:
    assert _vendor(text) == "iptables"


@pytest.mark.parametrize("text", [
    "table inet filter {\n chain input {\n }\n}\n", "#!/usr/sbin/nft -f\nflush ruleset\n",
    "table ip filter\nadd chain ip filter input\n", "root@gw:~# nft -a list ruleset\ntable ip x {\n}\n",
    '{"nftables": [{"metainfo": {"version": "1.0.6"}}]}\n', "# Warning: x\ntable filter {\n}\n"])
def test_nftables_is_recognised_in_all_its_forms(text: str) -> None:
    assert _vendor(text) == "nftables"


@pytest.mark.parametrize(("text", "words"), [
    ("version 15.2\nhostname r1\naccess-list 101 permit ip any 10.0.0.0 0.0.0.255\n", "router"),
    ("ip access-list extended OUT\n permit tcp any any eq 80\n", "router"),
    ("interface Gi0/0\n ip access-group OUT in\n", "router"),
    ("access-list 101 permit ip any 10.1.1.0 0.0.0.255\n", "router"),
    ("#!/bin/bash\niptables -A INPUT -j DROP\n", "shell script"), ("/sbin/iptables -A INPUT -j DROP\n",
                                                                   "shell script"),
    ("$IPT -A INPUT -j DROP\n", "shell script"),
    ("root@gw:~# iptables -t nat -A POSTROUTING -j MASQUERADE\n", "shell script"),
    ("#!/bin/sh\niptables-restore <<EOF\n*filter\n-A INPUT -j DROP\nCOMMIT\nEOF\n", "shell script"),
    ("#!/bin/sh\nnft flush ruleset\nnft add table ip x\n", "shell script"),
    ("root@gw:~# nft add rule ip x y accept\n", "shell script"),
    ("\r\nRule Name:                            Core\r\nEnabled: Yes\r\n", "Windows"),
    ("Windows Registry Editor Version 5.00\r\n", "Windows"), ("netsh advfirewall show allprofiles\n",
                                                              "Windows"),
    ("set security policies from-zone a to-zone b\n", "Junos"), ("firewall {\n family inet {\n", "Junos"),
    ("hello\nworld\n", "no firewall configuration"), ("{\"a\": 1}\n", "no firewall configuration"),
    ("<html>\n", "no firewall configuration")])
def test_another_text_is_refused_with_its_name_and_the_way_out(text: str, words: str) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        parsers.parse(source.from_bytes(text.encode(), "dump.txt"))
    message = str(caught.value)
    assert message.startswith("dump.txt")
    assert words in message
    assert "; " in message, "what to give instead"
    assert "\n" not in message


def test_the_refusal_names_the_line() -> None:
    with pytest.raises(UnsupportedInputError, match=r"^f:3: a shell script that calls iptables"):
        _vendor("# Generated\n\niptables -A INPUT -j DROP\n")


def test_an_asa_with_a_router_list_pasted_in_is_still_an_asa() -> None:
    text = "interface E0\n nameif inside\naccess-list 101 permit ip any 10.1.1.0 0.0.0.255\n"
    assert _vendor(text) == "cisco-asa"


@pytest.mark.parametrize("row", ["ca10ca21 44ae5901 00000001 4a68aa7e", "0xca10ca21 0x00000000 0x00000001"])
def test_a_brief_listing_holds_no_entries(row: str) -> None:
    with pytest.raises(UnsupportedInputError, match=r"^f:1: 'show access-list \.\.\. brief' prints hashes"):
        _vendor(f"access-list OUT; 3 elements; name hash: 0xcb4257a3\n{row}\n")


def test_two_configurations_in_one_file_are_refused() -> None:
    with pytest.raises(UnsupportedInputError,
                       match=r"^f:3: a second configuration begins here \(the first one in line 1\)"):
        parsers.parse(source.from_bytes(b"ASA Version 9.1\nhostname a\nASA Version 9.1\nhostname b\n", "f"))
