"""Chains at one hook with one priority: the kernel asks the one that was loaded last first, and no list shows
that. So where the order decides, both fates are possible."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.nftables.hosts import verdict

_DROP = ("type filter hook forward priority filter; policy drop;",
         "ct state established,related accept\n\t\ttcp dport 80 accept")


def _chain(name: str, binding: str, rules: str, table: str = "inet t") -> str:
    return f"table {table} {{\n\tchain {name} {{\n\t\t{binding}\n\t\t{rules}\n\t}}\n}}\n"


def _said(folder: Path, place: str, one: str, other: str, *more: str, other_place: str = "", facts: str = ""
          ) -> str:
    chains = [_chain("g", place, one, "inet a"), _chain("h", other_place or place, other, "inet b")]
    said = {verdict(folder, {"gw.nft": "".join((*text, *more))}, facts=facts)
            for text in (chains, reversed(chains))}
    assert len(said) == 1  # the order of the text says nothing
    return said.pop()


_FORWARD = "type filter hook forward priority filter; policy accept;"
_RAW = "type filter hook prerouting priority raw; policy accept;"
_SAME = '"translation to 10.1.1.12": yes'
_NAT = "type nat hook prerouting priority dstnat; policy accept;"


@pytest.mark.parametrize(("place", "one", "other", "expected"), [
    (_FORWARD, "meta mark 0x1 drop", "meta mark set 0x1", "undecided"),
    (_FORWARD, "meta mark != 0x1 drop", "meta mark set 0x1", "undecided"),
    (_FORWARD, "ct mark 0x1 drop", "ct mark set 0x1", "undecided"),
    (_FORWARD, "meta mark 0x1 drop", "ct mark set 0x1", "met"),
    (_FORWARD, "meta mark & 0x10 == 0x10 drop", "meta mark set meta mark or 0x1", "met"),
    (_FORWARD, "tcp dport 81 drop", "meta mark set 0x1", "met"),
    (_FORWARD, "ip saddr 10.9.0.0/16 drop", "tcp dport 80 accept", "met"),
    (_FORWARD, "tcp dport 80 drop", "tcp dport 80 accept", "missing"),
    (_FORWARD, "jump { meta mark 0x1 drop; }", "meta mark set 0x1", "undecided"),
    (_FORWARD, "jump { jump { meta mark 0x1 drop; }; }", "meta mark set 0x1", "undecided"),
    (_FORWARD, "meta mark 0x1 drop", "meta mark set 0x1\n\t\tct mark set 0x2", "undecided"),
    (_FORWARD, "tcp dport 9 accept\n\t\tmeta mark 0x1 drop", "meta mark set 0x1", "undecided"),
    (_FORWARD, "meta mark 0x1 drop", "meta mark set meta mark xor 0x1", "undecided"),
    (_RAW, "tcp dport 80 notrack", "ct state untracked drop", "undecided"),
    (_RAW, "tcp dport 81 drop", "udp dport 53 notrack", "met"),
    (_NAT, "tcp dport 80 dnat ip to 10.1.1.11:80", "tcp dport 80 dnat ip to 10.1.1.11:8080", "undecided"),
    (_NAT, "tcp dport 81 dnat ip to 10.1.1.11:80", "tcp dport 82 dnat ip to 10.1.1.11:8080", "met"),
    (_NAT, "tcp dport 80 dnat ip to 10.1.1.11:80", "tcp dport 80 drop", "undecided"),
    (_NAT, "tcp dport 80 dnat ip to 10.1.1.11:80", "tcp dport 81 drop", "met"),
    (_NAT, "tcp dport 80 accept", "tcp dport 82 dnat ip to 10.1.1.11:8080", "met"),
])
def test_what_the_order_decides_is_open(place: str, one: str, other: str, expected: str, tmp_path: Path
                                        ) -> None:
    assert _said(tmp_path, place, one, other, _chain("z", *_DROP)) == expected


def test_a_policy_of_translation_that_drops(tmp_path: Path) -> None:
    text = (_chain("g", _NAT, "tcp dport 80 dnat ip to 10.1.1.11:80", "inet a")
            + _chain("h", _NAT.replace("accept", "drop"), "tcp dport 81 accept", "inet b")
            + _chain("z", *_DROP))
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"


@pytest.mark.parametrize(("binding", "rule", "expected"), [
    # the kernel translates there, before the filter or after it
    ("prerouting priority dstnat", "ip daddr 10.1.1.11 drop", "undecided"),
    ("prerouting priority dstnat", "ip daddr 10.1.1.12 drop", "undecided"),
    ("prerouting priority dstnat - 1", "ip daddr 10.1.1.11 drop", "missing"),
    ("prerouting priority dstnat + 1", "ip daddr 10.1.1.11 drop", "met"),
    # and undoes it for answers where it translates sources
    ("postrouting priority srcnat - 1", "ip saddr 10.1.1.11 drop", "met"),
    ("postrouting priority srcnat - 1", "ip saddr 10.1.1.12 drop", "missing"),
    ("postrouting priority srcnat", "ip saddr 10.1.1.11 drop", "undecided"),
    ("postrouting priority srcnat + 1", "ip saddr 10.1.1.11 drop", "undecided"),
    ("postrouting priority srcnat + 1", "tcp sport 80 drop", "undecided"),
    ("postrouting priority srcnat + 1", "tcp dport 9 drop", "met"),
    # and looks connections up at -200
    ("prerouting priority -201", "ct state new drop", "met"),
    ("prerouting priority -200", "ct state new drop", "undecided"),
    ("prerouting priority -200", "ct state invalid drop", "undecided"),
    ("prerouting priority -200", "ct mark 0 drop", "undecided"),
    ("prerouting priority -200", "meta mark 1 drop", "met"),
    ("prerouting priority -200", "jump { ct state new drop; }", "undecided"),
    ("forward priority -200", "ct state new drop", "missing"),
    ("prerouting priority -199", "ct state new drop", "missing")])
def test_the_kernel_is_one_of_those_with_a_priority(binding: str, rule: str, expected: str, tmp_path: Path
                                                    ) -> None:
    assert _said(tmp_path, _NAT, "ip daddr 10.1.1.11 dnat ip to 10.1.1.12", rule,
                 other_place=f"type filter hook {binding}; policy accept;",
                 facts=_SAME if expected == "met" or binding.startswith("post") else "") == expected


@pytest.mark.parametrize(("priority", "end", "expected"), [
    ("dstnat - 1", "10.1.1.1", "missing"), ("dstnat - 1", "10.20.0.0/16", "met"),
    ("dstnat", "10.1.1.1", "undecided"), ("dstnat", "10.20.0.0/16", "undecided"),
    ("dstnat + 1", "10.1.1.1", "met"), ("dstnat + 1", "10.20.0.0/16", "missing")])
def test_answers_have_their_ends_again(priority: str, end: str, expected: str, tmp_path: Path) -> None:
    """Where destinations are translated: the kernel undoes that of the source there."""
    assert _said(tmp_path, "type nat hook postrouting priority srcnat; policy accept;",
                 "ip daddr 10.1.1.11 snat ip to 10.1.1.1", f"ip saddr 10.1.1.11 ip daddr {end} drop",
                 other_place=f"type filter hook prerouting priority {priority}; policy accept;") == expected


_SIX = "type filter hook forward priority 5; policy drop;"


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("ip", "ip6", "met"), ("ip6", "ip6", "met"),
    ("ip", "inet", "undecided"), ("ip", "ip", "undecided"), ("inet", "ip", "undecided")])
def test_families_do_not_meet(one: str, other: str, expected: str, tmp_path: Path) -> None:
    text = (_chain("g", _FORWARD, "meta mark 0x1 drop", f"{one} a") + _chain("z", _RAW, "counter")
            + _chain("h", _FORWARD, "meta mark set 0x1", f"{other} b") + _chain("i", _SIX, "accept", "ip6 c"))
    assert verdict(tmp_path, {"gw.nft": text}) == expected


@pytest.mark.parametrize(("rank", "other_place", "rule", "expected"), [
    (5, _NAT, "tcp dport 80 drop", "missing"),
    (-105, _NAT, "tcp dport 80 drop", "met"),
    (-105, _NAT, "tcp dport 80 dnat ip to 10.1.1.13", "met"),
    (5, _NAT.replace("nat", "filter", 1), "ip daddr 10.1.1.12 drop", "undecided"),
    (-100, _NAT.replace("nat hook pre", "filter hook post"), "ip daddr 10.1.1.11 drop", "met")])
def test_chains_of_translation_have_an_order(rank: int, other_place: str, rule: str, expected: str,
                                             tmp_path: Path) -> None:
    """Whatever their priority, the kernel translates at its own."""
    assert _said(tmp_path, _NAT.replace("dstnat", str(rank)), "ip daddr 10.1.1.11 dnat ip to 10.1.1.12", rule,
                 other_place=other_place,
                 facts=_SAME if expected == "met" else "") == expected


_FIRST, _AFTER = _FORWARD.replace("filter;", "-5;"), _FORWARD.replace("filter;", "5;")
_ROUTED = "type filter hook prerouting priority mangle; policy accept;"
_LOOKED_UP = "type filter hook prerouting priority -200; policy accept;"
_TRANSLATES = "ip daddr 10.1.1.11 dnat ip to 10.1.1.12"


@pytest.mark.parametrize(("place", "one", "other", "before", "after", "expected"), [
    (_FORWARD, "meta mark set 0x1", "meta mark set 0x2", "", "meta mark 0x1 drop", "undecided"),
    (_FORWARD, "meta mark set 0x1", "meta mark set 0x1", "", "meta mark != 0x1 drop", "met"),
    (_FORWARD, "meta mark set ct mark", "ct mark set 0x1", "", "meta mark 0x1 drop", "undecided"),
    (_FORWARD, "ct mark set meta mark", "meta mark set 0x1", "", "ct mark 0x1 drop", "undecided"),
    (_FORWARD, "meta mark set ct mark", "meta mark 0x1 drop", "ct mark set 0x1", "", "undecided"),
    # hop limits
    (_FORWARD, "ip ttl set 5", "ip ttl 5 drop", "ip ttl set 64", "", "undecided"),
    (_FORWARD, "ip ttl set 5", "ip ttl set 64", "", "ip ttl 5 drop", "undecided"),
    (_ROUTED, "ip ttl set 64", "ip ttl set 64", "", "ip ttl != 63 drop", "met"),
    (_ROUTED, "ip ttl set 64", "ip ttl set 1", "", "", "undecided"),
    # what is kept out of tracking twice
    (_RAW, "tcp dport 81 notrack", "ct state invalid notrack", "", "ct state != untracked drop", "met"),
    # what is looked up there
    (_LOOKED_UP, "notrack", "counter", "", "ct state untracked drop", "undecided"),
    (_LOOKED_UP, "meta mark set 0x1", "counter", "", "meta mark 0x1 drop", "missing"),
    (_LOOKED_UP, "meta mark 0x1 ct state new drop", "counter", "", "", "met"),
    (_LOOKED_UP, "meta mark set ct mark", "counter", "ct mark set 0x1", "meta mark 0x1 drop", "undecided"),
    (_LOOKED_UP, "ct mark set 0x1", "counter", "", "ct mark 0x1 drop", "undecided"),
    (_LOOKED_UP, 'iifname "eth0" ct zone set 1', "counter", "",
     'ct state established accept\n\t\tiifname "eth1" drop', "undecided"),
    # a mark in a chain of translation
    (_NAT, _TRANSLATES, "meta mark set 0x1", "", "meta mark 0x2 drop", "met")])
def test_what_both_change(place: str, one: str, other: str, before: str, after: str, expected: str,
                          tmp_path: Path) -> None:
    more = [_chain(name, binding, rules, f"inet {name}")
            for name, binding, rules in (("y", _FIRST, before), ("z", _AFTER, after)) if rules]
    facts = _SAME if one == _TRANSLATES else ""
    assert _said(tmp_path, place, one, other, *more, facts=facts) == expected


@pytest.mark.parametrize("other", [
    "tcp dport 81 dnat ip to 10.1.1.13", "ip daddr 10.1.1.99 dnat ip to 10.1.1.13",
    "ip saddr 10.9.0.0/16 drop", _TRANSLATES])
def test_translations_of_other_packets_leave_it_sure(other: str, tmp_path: Path) -> None:
    assert _said(tmp_path, _NAT, _TRANSLATES, other, facts=_SAME) == "met"


def test_only_what_is_translated_is_open(tmp_path: Path) -> None:
    """A filter at the priority of translations says nothing of marks that are set there."""
    marks = "tcp dport 81 dnat ip to 10.1.1.12\n\t\tmeta mark set 0x1"
    assert _said(tmp_path, _NAT, marks, "counter", _chain("z", _AFTER, "meta mark 0x1 drop", "inet z"),
                 other_place=_NAT.replace("nat", "filter", 1)) == "missing"
    assert _said(tmp_path, _NAT, marks.replace("81", "80"), "ip daddr 10.1.1.12 drop",
                 other_place=_NAT.replace("nat", "filter", 1)) == "undecided"


def test_other_priorities_say_the_order(tmp_path: Path) -> None:
    later = _FORWARD.replace("filter;", "filter + 1;")
    text = _chain("g", later, "meta mark 0x1 drop") + _chain("h", _FORWARD, "meta mark set 0x1")
    assert verdict(tmp_path, {"gw.nft": text}) == "missing"


def test_iptables_beside_it_has_its_priorities_too(tmp_path: Path) -> None:
    dump = ("# Generated by iptables-save v1.8.9 on Thu Jan 15 10:00:00 2026\n*nat\n"
            ":PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"
            "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.1.1.11:80\nCOMMIT\n"
            "# Completed on Thu Jan 15 10:00:00 2026\n")
    text = _chain("h", _NAT, "tcp dport 80 dnat ip to 10.1.1.11:8080", "inet b") + _chain("z", *_DROP)
    assert verdict(tmp_path, {"gw.v4": dump, "gw.nft": text}) == "undecided"
