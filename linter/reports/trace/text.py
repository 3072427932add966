"""What packets meet, one line for each line that they meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclproof.linter.harmless import page
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.trace.steps import NOT_SHOWN, Line, leaves_changed, line, telling
from aclproof.linter.trace.records import Hop, Trace

VERDICTS = {"permit": message("PERMIT"), "deny": message("DENY"), "undecided": message("UNDECIDED"),
            "beside": message("NOT CROSSED"), "unseen": message("NOT KNOWN")}


ALIKE = message("it may have other addresses or ports here, and fares the same with all of them")


def render(traces: Iterable[Trace], words: Words) -> Iterator[str]:
    """Write packet by packet, with an empty line between them."""
    between = ""
    for trace in traces:
        yield between + page(_packet(trace, words))
        between = "\n"


def _packet(trace: Trace, words: Words) -> Iterator[str]:
    yield heading(trace, words)
    for number, hop in enumerate(trace.hops):
        yield from _hop(hop, words, reached=number <= trace.stopped_at)
    if trace.gap:
        yield f"  {words('open: {because}', because=words.sentence(trace.gap))}"
    if len(trace.hops) != 1:
        yield f"  {words('on the whole way')}: {words(VERDICTS[trace.verdict])}"


def heading(trace: Trace, words: Words) -> str:
    """Name the packet, and what it belongs to."""
    kinds = {"request": "", "reply": words("an answer"), "follow-up": words("a later packet")}
    demand = trace.connection.demand if trace.connection else None
    said = ", ".join(filter(None, (demand.requirement.id if demand else "", kinds[trace.kind])))
    return f"{trace.packet}{f'  ({said})' if said else ''}"


def _hop(hop: Hop, words: Words, *, reached: bool) -> Iterator[str]:
    way = f": {words.sentence(hop.way)}" if hop.way else ""
    unreached = "" if reached else f"  {words('(does not get here; as if it did)')}"
    yield f"  {hop.name}{way}{unreached}"
    lines = () if hop.firewall.on_host else hop.translated_by
    rewriting = [f"  {span}  {span.text}" for span in map(hop.firewall.source.span, lines)]
    if hop.verdict == "deny":  # what rewrites it later never sees it
        yield from rewriting
    unsure = hop.verdict in ("undecided", "unseen")
    told: set[str] = set()
    steps = hop.packet_trace.steps if hop.packet_trace else ()
    telling_ones = telling(steps) if hop.firewall.on_host else steps
    for step in telling_ones:
        found = line(hop, step)
        yield f"  {found.place}  {_told(found, words)}"
        yield from _fresh((condition.because for condition in step.unresolved), told, words, unsure=True)
    if idle := len(steps) - len(telling_ones):
        yield "  " + words.count("(left out: {n} call of a chain in which nothing fits)",
                                 "(left out: {n} calls of chains in which nothing fits)", idle)
    yield from _fresh(hop.because, told, words, unsure=unsure)
    if hop.alike:
        yield f"      {words(ALIKE)}"
    if hop.verdict != "deny":
        yield from rewriting
    if hop.left and leaves_changed(hop):
        yield f"  {words('leaves as {packet}', packet=hop.left)}"
    yield f"  {words(VERDICTS[hop.verdict])}"


def _fresh(because: Iterable[str], told: set[str], words: Words, *, unsure: bool) -> Iterator[str]:
    """What has not been said of this firewall yet."""
    for each in because:
        if each not in told:
            told.add(each)
            said = words.sentence(each)
            yield f"      {words('open: {because}', because=said) if unsure else said}"


def _told(found: Line, words: Words) -> str:
    if found.kind == "rule":
        return found.text
    return words(NOT_SHOWN) if found.kind == "not-in-file" else words.sentence(found.text)
