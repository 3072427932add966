"""The commands that narrow a line, as an engineer would read them, and why there are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aclproof.linter.audit import kept, narrowing, rewriting
from aclproof.linter.audit.narrowing import narrow, narrow_all
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.cisco_asa.vendor import CiscoAsa
from aclproof.parsers.model import addresses
from aclproof.parsers.model.packets import Box
from aclproof.parsers.removals import Removals
from tests.audit.test_surplus_by_hand import ASA, LINUX, NAMES, PING, WEB
from tests.oracle.asks import Ask, pack

DAY = date(2026, 11, 30)
FORWARD = "-A FORWARD {} -p tcp -m tcp --dport 80 -j ACCEPT"
NFT = """table inet fw { # handle 1
	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
		ct state established accept # handle 2
		iifname "eth0" tcp dport 1-1024 counter packets 9 bytes 540 accept # handle 3
	}
}
"""


def site_of(tmp_path: Path, *texts: str, asks: tuple[Ask, ...] = (WEB,)) -> Analysis:
    (tmp_path / "pack.yaml").write_text(pack(asks))
    places = []
    for number, text in enumerate(texts):
        (tmp_path / f"fw{number}").write_text(text)
        ends = {"client": "in", "server": "out"} if "ASA" in text else {"client": "eth0", "server": "eth1"}
        places.append(SiteFirewall(f"fw{number}", (str(tmp_path / f"fw{number}"),), ends))
    roles = {"client": addresses.parse("10.1.0.0/24"), "server": addresses.parse("10.2.0.10")}
    return analyse(Site(roles, tuple(places), packs=(str(tmp_path / "pack.yaml"),)), DAY)


def linux(*lines: str) -> str:
    return LINUX.format(policy="DROP", lines="\n".join(lines))


def commands(site: Analysis) -> list[str]:
    found = narrow("fw0", site, DAY).together
    assert not found.refused
    return list(found.commands)


def refused(site: Analysis) -> str:
    found = narrow("fw0", site, DAY)
    assert not found.together.commands
    return found.lines[0].refused


def test_the_states_of_a_line_that_later_packets_pass_by_stay(tmp_path: Path) -> None:
    text = linux("-A FORWARD -p tcp -m conntrack --ctstate NEW,ESTABLISHED -m tcp --dport 80 -j ACCEPT")
    text = text.replace("-A FORWARD -m conntrack --ctstate ESTABLISHED -j",
                        "-A FORWARD -p tcp -m conntrack --ctstate ESTABLISHED -m tcp --sport 80 -j")
    assert commands(site_of(tmp_path, text)) == [
        "iptables -I FORWARD 2 -s 10.1.0.0/24 -d 10.2.0.10/32 -i eth0 -o eth1 -p tcp -m tcp --dport 80 "
        "-m conntrack --ctstate ESTABLISHED,NEW -j ACCEPT",
        "iptables -D FORWARD -p tcp -m conntrack --ctstate NEW,ESTABLISHED -m tcp --dport 80 -j ACCEPT"]


def test_a_state_of_first_packets_stays_as_well(tmp_path: Path) -> None:
    text = linux("-A FORWARD -m state --state NEW -j ACCEPT")
    assert commands(site_of(tmp_path, text)) == [
        "iptables -I FORWARD 2 -s 10.1.0.0/24 -d 10.2.0.10/32 -i eth0 -o eth1 -p tcp -m tcp --dport 80 "
        "-m state --state NEW -j ACCEPT",
        "iptables -D FORWARD -m state --state NEW -j ACCEPT"]


def test_where_exact_permits_take_more_lines_it_is_the_whole_demand(tmp_path: Path) -> None:
    """Two banned hosts would cut the clients into many networks; they are stopped before all the same."""
    banned = [f"-A FORWARD -s 10.1.0.{host}/32 -j DROP" for host in (77, 200)]
    site = site_of(tmp_path, linux(*banned, FORWARD.format("-i eth0")))
    assert commands(site) == [
        "iptables -I FORWARD 4 -s 10.1.0.0/24 -d 10.2.0.10/32 -i eth0 -o eth1 -p tcp -m tcp --dport 80 "
        "-j ACCEPT", "iptables -D FORWARD -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT"]
    assert [each.advice for each in narrow("fw0", site, DAY).together.snippets] == [()]


def test_a_line_by_which_answers_of_echoes_come_back(tmp_path: Path) -> None:
    """An ASA that does not inspect ICMP sees them as packets of their own: they are needed, and are kept."""
    lines = ("access-list IN extended permit ip any host 10.2.0.10\n"
             "access-list OUT extended permit ip any any\naccess-group OUT in interface out")
    assert commands(site_of(tmp_path, ASA.format(lines=lines), asks=(WEB, PING))) == [
        "access-list IN line 1 extended permit tcp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 80",
        "access-list IN line 1 extended permit icmp 10.1.0.0 255.255.255.0 host 10.2.0.10 echo",
        "access-list OUT line 1 extended permit icmp host 10.2.0.10 10.1.0.0 255.255.255.0 echo-reply",
        "no access-list IN extended permit ip any host 10.2.0.10",
        "no access-list OUT extended permit ip any any"]


def test_what_passes_by_a_later_line_is_not_written_again(tmp_path: Path) -> None:
    later = FORWARD.format("-s 10.1.0.0/24 -d 10.2.0.10/32")
    assert commands(site_of(tmp_path, linux(FORWARD.format("-i eth0"), later))) == [
        "iptables -D FORWARD -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT"]


def test_nft_writes_before_the_rule(tmp_path: Path) -> None:
    assert commands(site_of(tmp_path, NFT)) == [
        'nft insert rule inet fw forward handle 3 iifname "eth0" oifname "eth1" ip saddr 10.1.0.0/24 '
        "ip daddr 10.2.0.10 tcp dport 80 accept", "nft delete rule inet fw forward handle 3"]


def test_a_line_that_would_let_the_same_pass_goes_as_well(tmp_path: Path) -> None:
    """Without it, nothing would be closed: all that the first line opens passes by the second one."""
    lines = "access-list IN extended permit tcp any any\naccess-list IN extended permit ip any any"
    site = site_of(tmp_path, ASA.format(lines=lines))
    found = narrow("fw0", site, DAY, singly=True)
    assert [each.surplus[0].line for each in found.lines] == [10]
    assert found.lines[0].commands == ("no access-list IN extended permit tcp any any",)
    assert len(found.lines[0].advice) == 1
    assert [each.line for each in found.together.surplus] == [10, 11]
    assert found.together.commands == (
        "access-list IN line 1 extended permit tcp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 80",
        "no access-list IN extended permit ip any any", "no access-list IN extended permit tcp any any")
    assert found.together.advice == ()


def test_what_is_undecided_stays_open(tmp_path: Path) -> None:
    lines = ("time-range NIGHT\n periodic daily 22:00 to 23:59\n"
             "access-list IN extended deny tcp any any eq 80 time-range NIGHT\n"
             "access-list IN extended permit ip any any")
    site = site_of(tmp_path, ASA.format(lines=lines), asks=(WEB, NAMES))
    assert [each.verdict for each in site.results] == [Verdict.UNDECIDED, Verdict.MET]
    found = narrow("fw0", site, DAY).together
    assert found.commands == (
        "access-list IN line 2 extended permit tcp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 80",
        "access-list IN line 2 extended permit udp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 53",
        "no access-list IN extended permit ip any any")
    assert found.after
    assert [each.verdict for each in found.after.results] == [Verdict.UNDECIDED, Verdict.MET]


def test_what_a_line_does_besides_is_said(tmp_path: Path) -> None:
    site = site_of(tmp_path, ASA.format(lines="access-list IN extended permit ip any any log"))
    found = narrow("fw0", site, DAY).together
    assert found.advice == (f"{tmp_path}/fw0:10 does something besides (it logs, marks or counts) that the "
                            "permits do not",)


def test_two_firewalls_at_once(tmp_path: Path) -> None:
    broad = ASA.format(lines="access-list IN extended permit tcp any any")
    found = narrow_all(site_of(tmp_path, broad, broad.replace("IN", "LAN").replace("LANT", "INT")), DAY)
    assert [len(each.together.commands) for each in found] == [2, 2]


@pytest.mark.parametrize(("text", "why"), [
    (linux(FORWARD.format("-m mark --mark 0x0/0xff")),
     "the line asks what a permit would not: whether the packet mark is 0x0 under the mask 0xff"),
    (NFT.replace(" # handle 3", ""), "nft takes rules by their handles, which 'nft -a list ruleset' shows "
     "and this input does not; in a file of rules leave the line out, and load it anew"),
    (ASA.format(lines="access-list IN extended permit ip any any\n"
                "crypto map M 1 match address IN"),
     "each of its entries makes a tunnel of its own, with the ends that it names"),
])
def test_why_there_are_no_commands(tmp_path: Path, text: str, why: str) -> None:
    assert refused(site_of(tmp_path, text)) == why


def test_so_many_lines_are_tried_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "_MOST_LINES", 1)
    lines = "access-list IN extended permit tcp any any\naccess-list IN extended permit udp any any"
    found = narrow("fw0", site_of(tmp_path, ASA.format(lines=lines), asks=(WEB, NAMES)), DAY, singly=True)
    assert [bool(each.refused) for each in found.lines] == [False, True]
    assert [each.line for each in found.together.surplus] == [10, 11]


BROAD = ASA.format(lines="access-list IN extended permit tcp any any\n"
                   "access-list IN extended deny ip any any")


def test_commands_that_lose_a_requirement_are_not_shown(tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "kept", lambda *_: {})
    assert refused(site_of(tmp_path, BROAD)) == "with the commands CLIENT-TCP-80 would not be as before"


def test_permits_of_more_than_the_line_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wider(*given: Any) -> list[Box]:
        return [replace(box, protocol=17) for box in fewest(*given)] + list(fewest(*given))

    fewest = kept._fewest
    monkeypatch.setattr(kept, "_fewest", wider)
    assert refused(site_of(tmp_path, BROAD)) == "the permits would open more than the line did"


def test_commands_that_leave_the_line_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Removals(("no access-list IN extended deny ip any any",))
    monkeypatch.setattr(CiscoAsa, "removals", lambda *_: found)
    assert refused(site_of(tmp_path, BROAD)) == "the line is still there after the command that takes it away"


def test_commands_that_take_another_line_are_not_shown(tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the line that denies, the last one permits it."""
    lines = [f"access-list IN extended {each}" for each in (
        "deny tcp 10.1.0.0 255.255.255.0 host 10.2.0.11", "permit tcp any host 10.2.0.10",
        "permit tcp host 10.1.0.9 host 10.2.0.11 eq 22")]
    both = Removals((f"no {lines[1]}\nno {lines[0]}",))
    monkeypatch.setattr(CiscoAsa, "removals", lambda *_: both)
    site = site_of(tmp_path, ASA.format(lines="\n".join(lines)))
    assert refused(site) == "the permits would open more than the line did"


def test_interfaces_tell_what_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes by eth0 is dropped but for echoes of code 0: a permit of any code would open others."""
    lines = [FORWARD.format("-i eth0").replace("tcp -m tcp --dport 80", "icmp -m icmp --icmp-type 8/0"),
             "-A FORWARD -i eth0 -j DROP", "-A FORWARD -j ACCEPT"]
    site = site_of(tmp_path, linux(*lines), asks=(Ask("client", "ping", ""),))
    assert refused(site) == "the permits would open more than the line did"


@pytest.mark.parametrize("later", [
    "", "access-list IN extended permit tcp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 80"])
def test_a_context_is_entered_first(tmp_path: Path, later: str) -> None:
    """Also where nothing but the line goes."""
    one = ASA.format(lines=f"access-list IN extended permit tcp 10.1.0.0 255.255.255.0 any\n{later}")
    whole = one.replace("16(4)", "16(4) <context>").replace(": end\n", "Cryptochecksum:d41d8cd9\n: end\n")
    text = "".join(f"fw/{name}# show run\n{whole}" for name in ("A", "B"))
    (tmp_path / "pack.yaml").write_text(pack([WEB]))
    (tmp_path / "fw").write_text(text)
    place = SiteFirewall("fw", (str(tmp_path / "fw"),), {"client": "in", "server": "out"}, context="A")
    roles = {"client": addresses.parse("10.1.0.0/24"), "server": addresses.parse("10.2.0.10")}
    site = analyse(Site(roles, (place,), packs=(str(tmp_path / "pack.yaml"),)), DAY)
    found = narrow("fw", site, DAY).together
    assert not found.refused
    assert found.commands[0] == "changeto context A"
    assert len(found.commands) == (2 if later else 3)


@pytest.mark.parametrize(("site", "host", "rule"), [
    ("path-all-works", "client-host", "FPS-SMB-In-TCP"),  # two hosts: their questions are told apart
    ("windows-local-subnet", "client-host", "WMI-WINMGMT-In-TCP"),  # not for SMB, of which something is open
])
def test_rules_of_windows(site: str, host: str, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2] / "fixtures" / "sites" / site)
    found = narrow(host, analyse(reader.read("aclproof.yaml"), DAY), DAY).together
    assert not found.refused
    assert any(rule in each for each in found.removals)


def test_a_listing_takes_commands_for_whole_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers after a row that went are as if it had never been there, with permits before it."""
    monkeypatch.chdir(Path(__file__).parents[2] / "fixtures" / "sites" / "show-access-list")
    found = narrow("fw107", analyse(reader.read("aclproof.yaml"), DAY), DAY).together
    assert not found.refused
    assert found.removals == (
        "no access-list USERS extended permit icmp any any echo-reply",
        "no access-list SERVERS extended permit object-group PUSH host 10.1.107.10 any")
    assert [each for each in found.commands if not each.startswith(("!", "no "))] == [
        "access-list USERS line 5 extended permit icmp 10.107.0.0 255.255.0.0 host 10.1.107.10 echo-reply",
        "access-list SERVERS line 1 extended permit icmp host 10.1.107.10 10.107.0.0 255.255.0.0 echo",
        "access-list SERVERS line 1 extended permit tcp host 10.1.107.10 10.107.0.0 255.255.0.0 eq 135",
        "access-list SERVERS line 2 extended permit tcp host 10.1.107.10 10.107.0.0 255.255.0.0 eq 445"]
