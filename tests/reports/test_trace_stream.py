"""Traces are written as they come: one is asked for at a time, and together they are one text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import pytest

from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.trace import json_v1, narrative, text
from aclproof.linter.trace.records import Trace
from aclproof.linter.trace.single import trace
from aclproof.parsers import parse
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import TCP
from aclproof.parsers.source import from_bytes

RULES = ("*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT ACCEPT\n-A FORWARD -p tcp --dport 80 -j ACCEPT\n"
         "COMMIT\n")
_Render = Callable[[Iterable[Trace]], Iterator[str]]
RENDERERS: dict[str, _Render] = {
    "json": json_v1.render, "text": lambda traces: text.render(traces, Words("en")),
    "sentences": lambda traces: narrative.render(traces, Words("en"))}


def traces(size: int) -> list[Trace]:
    """Packets to ports from 79 on, of which only the second is let through."""
    firewall = parse(from_bytes(RULES.encode(), "fw.rules"))
    packets = [Packet(Family.V4, TCP, 1, 2, 50_000, 79 + number) for number in range(size)]
    return [Trace(each, "request", [trace(firewall, each)]) for each in packets]


@pytest.mark.parametrize("form", RENDERERS)
def test_a_trace_is_written_before_the_next_is_asked_for(form: str) -> None:
    asked = 0

    def counted() -> Iterator[Trace]:
        nonlocal asked
        for each in traces(3):
            asked += 1
            yield each

    for number, piece in enumerate(RENDERERS[form](counted()), 1):
        assert asked == min(number, 3)
        assert piece


@pytest.mark.parametrize("size", [0, 1, 3])
def test_the_pieces_are_one_json_text(size: int) -> None:
    """Python's own indentation is the oracle."""
    written = "".join(json_v1.render(traces(size)))
    read = json.loads(written)
    assert [each["verdict"] for each in read["packets"]] == ["deny", "permit", "deny"][:size]
    assert written == json.dumps(read, indent=2, ensure_ascii=False) + "\n"


def test_an_empty_line_is_between_two_packets_and_nowhere_else() -> None:
    written = "".join(RENDERERS["text"](traces(3)))
    assert written.count("\n\n") == 2
    assert written.endswith("  DENY\n")
