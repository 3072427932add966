"""What a host shows before a command that may change it settles nothing any more."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.source import from_bytes
from aclproof.parsers.vendor import door

SET = """\
root@gw:~# ipset list bl
Name: bl
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x1
Size in memory: 500
References: 1
Number of entries: 1
Members:
192.0.2.0/24
root@gw:~# nft list tables
table ip filter
root@gw:~#\x20
"""
NETWORK = """\
PS C:\\> hostname
PC1
PS C:\\> Get-NetConnectionProfile
Name             : corp.example
InterfaceAlias   : Ethernet
InterfaceIndex   : 5
NetworkCategory  : DomainAuthenticated
IPv4Connectivity : Internet
IPv6Connectivity : NoTraffic

PS C:\\>\x20
"""


def settled(vendor: str, text: str) -> set[str]:
    found = door(vendor).heard(from_bytes(text.encode(), "s.log"))
    return {each.key for each in found if isinstance(each, FactAnswer) and each.complete}


@pytest.mark.parametrize("command", [
    "ipset add bl 10.20.3.0/24", "sudo ipset -exist add bl 10.20.3.0/24", "ipset restore < sets",
    "nft add table inet x", "nft -f /etc/nftables.conf", "sudo nft flush ruleset",
    "iptables -I FORWARD -j DROP",
    "iptables-restore < rules", "ip6tables -P FORWARD DROP", "ip rule add blackhole", "ip route del default",
    "systemctl restart firewalld", "firewall-cmd --reload", "ufw enable", "nmcli connection up eth1",
    "sysctl -w net.bridge.bridge-nf-call-iptables=1", "date; ipset add bl 10.0.0.1"])
def test_of_linux(command: str) -> None:
    assert settled("iptables", SET) == {"ipset bl", "native nft tables"}
    assert settled("iptables", f"{SET}root@gw:~# {command}\nroot@gw:~# \n") == set()
    assert settled("iptables", f"root@gw:~# {command}\n{SET}") == {"ipset bl", "native nft tables"}
    assert settled("iptables", f"{SET}root@other:~# {command}\nroot@other:~# \n") == {
        "ipset bl", "native nft tables"}


@pytest.mark.parametrize("command", [
    "ipset list", "nft list ruleset", "iptables -S", "iptables -vnxL FORWARD", "ip address", "ip rule",
    "systemctl status nftables", "docker ps", "firewall-cmd --list-all", "sysctl net.bridge", "date"])
def test_what_only_shows_changes_nothing(command: str) -> None:
    after = f"{SET}root@gw:~# {command}\nroot@gw:~# \n"
    assert settled("iptables", after) == {"ipset bl", "native nft tables"}


@pytest.mark.parametrize(("command", "holds"), [
    ("Set-NetConnectionProfile -NetworkCategory Public", False), ("gpupdate /force", False),
    ("netsh advfirewall set allprofiles state on", False), ("New-NetFirewallRule -DisplayName x", False),
    ("Get-NetFirewallRule", True), ("netsh advfirewall show allprofiles", True), ("hostname", True)])
def test_of_windows(command: str, holds: bool) -> None:
    assert settled("windows", NETWORK) == {"network profile domain"}
    after = f"{NETWORK}PS C:\\> {command}\nPS C:\\> \n"
    assert (settled("windows", after) == {"network profile domain"}) is holds
