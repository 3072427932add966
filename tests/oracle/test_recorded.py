"""Cases whose answer a kernel gave before: the tracer agrees, and no kernel is needed.

The packets went from the recording host to itself, through OUTPUT and then INPUT. The files are not part of
the project; the tests run where a copy lies next to the checkout.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.oracle.judge import Judge, of_iptables
from tests.oracle.probes import UDP, Probe

CASES = Path(__file__).parents[2].parent / "shared" / "corpus" / "iptables" / "kernel" / "behaviour"

if not CASES.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the recorded cases",
                allow_module_level=True)

_SETS = """\
create a hash:net family inet
add a 127.0.0.0/8
add a 127.0.0.7 nomatch
create b hash:ip,port family inet
add b 127.0.0.1,udp:5353
create e hash:ip family inet
create l list:set size 8
add l a
create p bitmap:port range 1-65535
add p 5353
"""
"""The sets that the cases were recorded with."""

_DROPS = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"

_KNOWN_BEFORE = {"025.save"}
"""Recorded when the connection was still known from the cases before it, so it was no longer NEW."""

_CHANCE = {"032.save"}
"""`limit` accepts some packets and not others."""

_SCATTERED = re.compile(r"-[sd] \S+/0\.0\.0\.\d+ ")
"""Masks that select millions of ranges: they may stay undecided, and are never decided wrongly."""

_WORDS = {"ACCEPT": "permit", "DROP": "deny"}


def _cases() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    with (CASES / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found[row["file"]].append(row)
    return found


def _said(rules: str, row: dict[str, str], second: str = "") -> str:
    probe = Probe(4, UDP, int(ip_address(row["src"])), int(ip_address(row["dst"])), int(row["sport"]),
                  int(row["dport"]))
    judge = Judge(of_iptables(4, _without_remarks(rules), _SETS, _without_remarks(second)), 4,
                  own={"": int(ip_address("127.0.0.1"))})
    return judge.judge_within(probe, "ESTABLISHED" if row["file"] in _KNOWN_BEFORE else "NEW")


def _without_remarks(text: str) -> str:
    """The recorder's own, which speak of the other back end; it is given, or it was empty."""
    return re.sub("^#.*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(("name", "rows"), sorted(_cases().items()))
def test_the_tracer_agrees_with_a_recorded_kernel(name: str, rows: list[dict[str, str]]) -> None:
    text = (CASES / name).read_text(encoding="utf-8")
    second = _DROPS if name == "018.save" else ""  # that of the second back end was not kept
    for row in rows:
        wanted = {"undecided"} if name in _CHANCE else {_WORDS[row["kernel_verdict"]]}
        if _SCATTERED.search(text):
            wanted.add("undecided")
        assert _said(text, row, second) in wanted, f"{name}: {row}"


def test_a_second_back_end_that_accepts_does_not_help() -> None:
    second = (CASES / "019.nft.save").read_text(encoding="utf-8")
    (row,) = _cases()["003.save"]
    assert _said(second, row) == "permit"
    assert _said(_DROPS, row, second) == "deny"
