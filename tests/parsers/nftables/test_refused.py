"""What nft or the kernel refuses: no rule file with it is loaded, no command carried out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.nftables import loaded
from tests.parsers.nftables.comparing import not_understood
from tests.parsers.nftables.comparing import read as form_of
from tests.parsers.nftables.hosts import OPEN, verdict
from tests.parsers.nftables.test_scripts import read as changed

BEGIN = ("flush ruleset\nadd table inet t\nadd chain inet t c\nadd chain inet t d\n"
         "add set inet t plain { type inet_service; }\n"
         "add set inet t small { type inet_service; size 1; elements = { 1 }; }\n"
         "add set inet t fixed { type inet_service; flags constant; elements = { 1 }; }\n"
         "add rule inet t d tcp dport @fixed accept\n"
         "add map inet t m { type inet_service : verdict; elements = { 5 : accept }; }\n"
         "add set inet t nets { type ipv4_addr; flags interval; size 9; elements = { 10.0.0.0/8 }; }\n"
         "add set inet t short { type inet_service; timeout 1h; elements = { 5 timeout 1m }; }\n")
_BOUND = "add chain inet t n {{ type {} hook {} priority {}; }}\nadd rule inet t n "
"""A base chain, and the beginning of a rule in it."""
REFUSED = [
    "add rule inet t c accept counter", "add rule inet t c drop accept", "add rule inet t c jump d counter",
    "add rule inet t c reject counter", "add rule inet t c queue counter",
    'add rule inet t c accept comment "x" comment "y"', 'add rule inet t c counter comment "x" accept',
    "add rule inet t c tcp dport vmap { 5 : accept, 5 : drop }", "replace rule inet t c index 0 accept",
    "delete rule inet t d index 0", "delete rule inet t d", "add element inet t plain { 5-7 }",
    "add element inet t plain { 5 timeout 1h }", "add element inet t small { 2 }",
    "add element inet t fixed { 2 }", "add element inet t m { 5 : drop }",
    "add set inet t n { type ipv4_addr . inet_service; elements = { 10.0.0.0/8 . 5 }; }",
    "add element inet t nets { 10.1.0.0/16 }",
    "add set inet t n { type inet_service; flags interval; elements = { 80-90, 85 }; }",
    "add set inet t n { type ipv6_addr; flags interval; elements = { fd00::/8, fd00::1 }; }",
    "add rule inet t c tcp dport 22 udp dport 53 accept",
    "add rule inet t c meta l4proto tcp udp dport 53 accept",
    "add rule inet t c ip protocol icmp tcp dport 22 accept",
    "add rule inet t c tcp dport . udp sport { 1 . 2 }",
    "add rule inet t c icmp type 8 icmpv6 code 0 accept",
    "add rule inet t c ip saddr 10.0.0.1 ip6 daddr ::1 accept",
    "add rule inet t c udp dport 53 reject with tcp reset",
    "add table ip f\nadd chain ip f c\nadd rule ip f c ip6 saddr ::1 accept",
    "add table ip f\nadd chain ip f c\nadd rule ip f c reject with icmpv6 no-route",
    "add rule inet t c jump nowhere", "add rule inet t c tcp dport vmap { 5 : goto nowhere }",
    f"{_BOUND.format('nat', 'forward', 0)}", f"{_BOUND.format('nat', 'prerouting', -300)}",
    f"{_BOUND.format('route', 'input', 0)}", f"{_BOUND.format('nat', 'prerouting', 0)}masquerade",
    f"{_BOUND.format('nat', 'prerouting', 0)}snat ip to 10.0.0.1",
    f"{_BOUND.format('nat', 'postrouting', 100)}tcp dport 22 redirect to :23",
    f"{_BOUND.format('nat', 'postrouting', 100)}jump d\nadd rule inet t d dnat ip to 10.0.0.1",
    f"{_BOUND.format('nat', 'output', 0)}dnat to 10.0.0.1",
    f"{_BOUND.format('nat', 'output', 0)}redirect to :23",
    'add rule inet t c counter name "nowhere" accept', 'add rule inet t c quota name "nowhere" drop',
    'add rule inet t c ct helper set "nowhere"', "add rule inet t c flow add @nowhere",
    "create table inet t", "create chain inet t c", "create set inet t plain { type inet_service; }",
    "delete table inet nowhere", "delete chain inet t nowhere", "delete set inet t fixed",
    "flush chain inet t nowhere", "flush set inet t nowhere",
    "add chain inet t n { type filter hook input priority 0; }\nadd chain inet t n { type filter hook input "
    "priority 10; }",
    "add chain inet t n { type filter hook input priority 0; }\nadd rule inet t c jump n",
    "add set inet t plain { type ipv4_addr; }", "add set inet t plain { type inet_service; flags interval; }",
    'add rule inet t c iifname "sixteencharacters" accept', "add rule inet t c tcp dport 80-70 accept",
    "add rule inet t c tcp dport { 70000 } accept", "add rule inet t c ip saddr 10.0.0.0/33 accept",
    "add rule inet t c ip saddr 10.0.0.9-10.0.0.1 accept"]
TAKEN = [
    "add rule inet t c continue counter", "add rule inet t c tcp dport vmap { 5 : accept } counter",
    'add rule inet t c accept comment ""', "add element inet t small { 1 }",
    "add element inet t m { 5 : accept }",
    "add rule inet t c tcp dport vmap { 5 : accept, 6 : drop }", "add element inet t nets { 192.168.0.0/16 }",
    "add set inet t n { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/8, 10.1.0.1 }; }",
    "add set inet t n { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 10.0.0.0/8, 11.0.0.1 }; }",
    "add rule inet t c tcp dport 22 th sport 53 accept",
    "add rule inet t c meta l4proto != tcp udp dport 53 accept",
    "add rule inet t c tcp dport 22 reject with tcp reset",
    "add rule inet t c ip saddr 10.0.0.1 icmp type 8 accept",
    f"{_BOUND.format('nat', 'prerouting', -150)}icmp type 8 dnat to 10.0.0.1",
    f"{_BOUND.format('nat', 'input', 100)}snat ip to 10.0.0.1",
    f"{_BOUND.format('nat', 'output', -100)}meta l4proto {{ tcp, udp }} dnat ip to 10.0.0.1:80",
    f"{_BOUND.format('nat', 'postrouting', 100)}ip6 nexthdr tcp masquerade to :1024-65535",
    f"{_BOUND.format('route', 'output', -150)}meta mark set 1",
    f"{_BOUND.format('nat', 'prerouting', 0)}jump d",
    "create chain inet t n", "create table ip t", "create set inet t n { type inet_service; }",
    "add chain inet t n { type filter hook input priority 0; }\nadd chain inet t n { type filter hook input "
    "priority filter; policy drop; }", "add table inet t", "add chain inet t c",
    "add set inet t plain { type inet_service; }", 'add rule inet t c iifname "fifteenletters1" accept',
    "add counter inet t x\nadd rule inet t c counter name x accept",
    "delete element inet t nets { 10.0.0.0/8 }",
    "flush set inet t plain", "delete chain inet t c", "add rule inet t c tcp dport 65535 accept"]


@pytest.mark.parametrize("line", ["", *TAKEN])
def test_what_nft_takes_is_read(line: str) -> None:
    form = form_of(f"{BEGIN}{line}\n")
    assert not form.deciding
    assert not not_understood(form)


@pytest.mark.parametrize("line", REFUSED)
def test_what_nft_refuses_is_open(line: str) -> None:
    form = form_of(f"{BEGIN}{line}\n")
    assert form.deciding or not_understood(form)


@pytest.mark.parametrize("line", REFUSED)
def test_a_script_with_what_nft_refuses_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(UnsupportedInputError, match=r"change\.sh"):
        changed(tmp_path, f"nft -f - <<'E'\n{line}\nE", listed=BEGIN)


@pytest.mark.parametrize("line", [*REFUSED, *TAKEN])
def test_nft_itself_says_so(line: str) -> None:
    loaded.skip()
    found = subprocess.run(["unshare", "-n", "nft", "-f", "-"], input=f"{BEGIN}{line}\n", text=True,
                           capture_output=True, check=False)
    assert (found.returncode != 0) is (line in REFUSED)


def test_a_rule_that_cannot_be_loaded_proves_nothing(tmp_path: Path) -> None:
    text = f"flush ruleset\n{OPEN}"
    assert verdict(tmp_path, {"fw.nft": text}) == "met"
    assert verdict(tmp_path, {"fw.nft": text.replace("80 accept", "80 accept counter")}) == "undecided"
