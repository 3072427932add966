"""Rules of routing beside the rules: what they drop is lost, and what they give to other tables is not known.

Each fate was asked of a kernel (6.1, `ip route get ... iif`); ip-rule(8) says the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.iptables.test_ip_output import ADDRESSES, ROUTES, RULES, USUAL, result, verdict

ANYWHERE = RULES.replace(" -i eth1 -o eth0", "")
"""Rules that no interface decides."""


def _fate(folder: Path, rule: str, **more: str) -> str:
    shown = USUAL.replace("32766:", f"{rule}\n32766:")
    return verdict(result(folder, ADDRESSES + ROUTES + shown, rules=ANYWHERE, **more))


@pytest.mark.parametrize(("rule", "fate"), [
    ("100:\tfrom 10.20.0.0/16 blackhole", "missing"),
    ("100:\tfrom 10.20.7.3 blackhole", "missing"),
    ("100:\tfrom 10.99.0.0/16 blackhole", "met"),
    ("100:\tfrom all to 10.1.1.0/24 prohibit", "missing"),
    ("100:\tfrom 10.1.1.11 unreachable", "missing"),  # the answers
    ("100:\tfrom 10.20.0.0/16 iif eth1 blackhole", "undecided"),
    ("100:\tfrom 10.20.0.0/16 ipproto tcp dport 80 blackhole", "undecided"),
    ("100:\tnot from 10.1.1.0/24 blackhole", "undecided"),
    ("100:\tfrom 10.20.0.0/16 lookup 100", "undecided"),
    ("100:\tfrom 10.99.0.0/16 lookup 100", "met"),
    ("100:\tfrom all fwmark 0x1 lookup 100", "undecided"),
    ("99:\tfrom 10.20.0.0/16 goto 32766\n100:\tfrom all blackhole", "undecided"),
    ("99:\tfrom 10.20.0.0/16 nop\n100:\tfrom all blackhole", "missing"),
    # wg-quick: the main table decides first, but for its default route
    ("98:\tfrom all lookup main suppress_prefixlength 0\n99:\tnot from all fwmark 0xca6c lookup 51820",
     "met"),
    ("98:\tfrom all lookup main suppress_prefixlength 16\n99:\tnot from all fwmark 0xca6c lookup 51820",
     "undecided")])
def test_rules_of_routing_decide_before_the_main_table(tmp_path: Path, rule: str, fate: str) -> None:
    assert _fate(tmp_path, rule) == fate


def test_what_the_main_table_has_a_route_for_goes_no_further(tmp_path: Path) -> None:
    after = USUAL + "32768:\tfrom all blackhole\n"
    assert verdict(result(tmp_path, ADDRESSES + ROUTES + after, rules=ANYWHERE)) == "met"


def test_without_the_main_table_nothing_is_known(tmp_path: Path) -> None:
    shown = ADDRESSES + ROUTES + USUAL.replace("32766:\tfrom all lookup main\n", "")
    assert verdict(result(tmp_path, shown, rules=ANYWHERE)) == "undecided"


@pytest.mark.parametrize(("more", "fate"), [
    ({"facts": '"routing table 100 drops": no'}, "met"),
    ({"facts": '"routing table 100 drops": yes'}, "missing"),
    ({"more": ", interfaces: {client: eth1, management-point: eth0}"}, "met")])
def test_a_fact_or_the_interfaces_settle_it(tmp_path: Path, more: dict[str, str], fate: str) -> None:
    assert _fate(tmp_path, "100:\tfrom 10.20.0.0/16 lookup 100", **more) == fate


def test_rules_of_another_family_are_others(tmp_path: Path) -> None:
    six = "ip -6 rule\n0:\tfrom all lookup local\n100:\tfrom all blackhole\n32766:\tfrom all lookup main\n"
    assert verdict(result(tmp_path, ADDRESSES + ROUTES + USUAL + six, rules=ANYWHERE)) == "met"


def test_a_second_rule_of_the_same_rank_begins_no_other_list(tmp_path: Path) -> None:
    """`ip rule add pref 0`: two rules of rank 0 are in one list, of IPv4."""
    shown = USUAL.replace("32766:", "0:\tfrom all lookup main suppress_prefixlength 0\n1:\tfrom 10.20.7.3 "
                                    "prohibit\n32766:")
    whole = ROUTES.replace("10.20.0.0/24", "10.20.0.0/25")
    assert verdict(result(tmp_path, ADDRESSES + whole + shown, rules=ANYWHERE)) == "met"
    late = USUAL.replace("32766:", "0:\tfrom 10.20.7.3 prohibit\n32766:")
    assert verdict(result(tmp_path, ADDRESSES + ROUTES + late, rules=ANYWHERE)) == "missing"
