"""Lines that were joined, broken or changed on their way from the terminal: what they lost may be a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.parsers.netfilter import terminal
from tests.parsers.nftables.hosts import OPEN, verdict

_ASKED = "root@gw:~# nft -a list ruleset\n"
_DROPS = """table inet late { # handle 2
\tchain forward { # handle 1
\t\ttype filter hook forward priority filter + 5; policy accept;
\t\tct state established,related accept # handle 3
\t\tip daddr 10.1.1.0/24 tcp dport 80 drop comment "no # handle 5 x" # handle 4
\t}
}
"""
_SENT_ON = """table ip nat {
\tchain pre {
\t\ttype nat hook prerouting priority dstnat; policy accept;
\t\ttcp dport 80 dnat to :81
\t}
}
"""


def _said(folder: Path, text: str) -> str:
    return verdict(folder, {"gw.nft": f"{_ASKED}{OPEN}{text}"})


def test_what_is_whole_is_read(tmp_path: Path) -> None:
    assert _said(tmp_path, "") == "met"
    assert _said(tmp_path, _DROPS) == _said(tmp_path, _SENT_ON) == "missing"


@pytest.mark.parametrize(("whole", "broken"), [
    ("# handle 1\n", "# handle 1 "), ("# handle 3\n", "# handle 3"), ("accept # handle 3\n", "accept # h"),
    ("10.1.1.0/24", "10.1.1.0\\24"), ("10.1.1.0/24", '10.1.1.0"24'), ("10.1.1.0/24", "10.1.1.0 24"),
    ("10.1.1.0/24", "10.1.1.0x24"), ("10.1.1.0/24", "\u201c10.1.1.0/24\u201d"),
    ("tcp dport 80", 'tcp dport "80')])
def test_a_broken_line_is_open(whole: str, broken: str, tmp_path: Path) -> None:
    assert whole in _DROPS
    assert _said(tmp_path, _DROPS.replace(whole, broken, 1)) == "undecided"


@pytest.mark.parametrize("broken", ["dnat\n to :81", "dnat to\n:81", "dnat;to :81", "dnat to #:81"])
def test_a_translation_without_its_address_is_open(broken: str, tmp_path: Path) -> None:
    """Nft takes none: `dnat` alone would translate nothing."""
    assert _said(tmp_path, _SENT_ON.replace("dnat to :81", broken)) == "undecided"


def test_quotes_of_a_word_processor_are_none_of_nft(tmp_path: Path) -> None:
    text = _DROPS.replace("ip daddr", "iifname \u201ceth0\u201d ip daddr")
    assert _said(tmp_path, text) == "undecided"


def test_a_remark_after_a_handle_is_a_remark(tmp_path: Path) -> None:
    assert _said(tmp_path, _DROPS.replace("# handle 3", "# handle 3 # answers")) == "missing"
    text = _DROPS.replace("dport 80", "dport 81").replace("# handle 2", "# handle 2 progname fw")
    assert _said(tmp_path, text) == "met"


@pytest.mark.parametrize(("before", "after"), [
    ("[sudo] password for admin: \n", ""), ("", "logout\nConnection to gw closed.\n"), ("```text\n", "```\n"),
    ("Last login: Mon Jan  5 10:00:00 2026 from 10.0.0.5\n", "exit\n")])
def test_what_a_terminal_says_is_no_rule(before: str, after: str, tmp_path: Path) -> None:
    assert verdict(tmp_path, {"gw.nft": f"{_ASKED}{before}{OPEN}{after}"}) == "met"


@pytest.mark.parametrize("line", ["logout x", "[sudo] password for admin: nft add rule", "```nft add"])
def test_other_lines_are_not_a_terminals(line: str) -> None:
    assert not terminal.says(line)


@pytest.mark.parametrize("between", ["", " "])
def test_two_rules_in_one_line_may_be_about_any_packet(between: str, tmp_path: Path) -> None:
    """nft refuses such a line: it was two, and neither asks for what the other one does."""
    text = OPEN.replace("tcp dport 80 accept", f"tcp dport 81 accept{between}tcp dport 80 drop\n\t\taccept")
    assert _said(tmp_path, text.replace("fw {", "late {")) == "undecided"
