"""`Test-NetConnection -Port`, on the console: as a list of any length, as a table, as one word.

A ping is no connection: what it says is not read. `TcpTestSucceeded : False` does not say whether the port
was refused or nothing answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aclproof.parsers.model.shown_by_device import ConnectionAnswer
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source
from aclproof.parsers.windows.transcripts import tcp_test_objects
from aclproof.parsers.windows.transcripts.tcp_test_asked import asked
from aclproof.parsers.windows.transcripts.tcp_test_result import answer

_LABEL = re.compile(r"\s*(?P<label>[A-Za-z]\w*)(?: \(\w+\))?\s*:(?: (?P<value>.*))?")
_NOT_CONNECTED = re.compile(r"[^\W\d_]+ ?: TCP connect to (?:\((?P<address>\S+) : (?P<port>\d{1,5})\)|"
                            r"(?P<host>[^\s:]+):(?P<its>\d{1,5})) failed")
_COLUMNS = ("computername", "remoteaddress", "remoteport", "sourceaddress", "tcptestsucceeded")


def answers(transcript: Source, part: Typed) -> Iterator[ConnectionAnswer]:
    """Yield what the outputs of one command say, and what its warnings say besides."""
    found = [each for line, fields in _results(part)
             if (each := answer(transcript, part, line, fields))]
    yield from found
    known = {(each.destination, each.port) for each in found} | {(each.name, each.port) for each in found}
    for line, text in part.numbered():
        warning = _NOT_CONNECTED.fullmatch(text)
        if warning:
            host, port = warning["address"] or warning["host"], warning["port"] or warning["its"]
            each = answer(transcript, part, line, {
                "computername": host, "remoteaddress": warning["address"], "remoteport": port,
                "tcptestsucceeded": "False"})
            if each and not known & {(each.destination or each.name, each.port)}:
                yield each


def _results(part: Typed) -> Iterator[tuple[int, Mapping[str, Any]]]:
    quiet = asked(part.command)
    said = [(line, text) for line, text in part.numbered() if text and not _NOT_CONNECTED.fullmatch(text)]
    if quiet and quiet.only_says_whether:
        if len(said) == 1 and quiet.host and quiet.port:
            yield said[0][0], {"computername": quiet.host, "remoteport": quiet.port,
                               "tcptestsucceeded": said[0][1]}
        return
    yield from tcp_test_objects.results(said)
    yield from _lists(said if part.whole_line or _ends_itself(said) else said[:-1])
    yield from _table(said)


def _ends_itself(said: list[tuple[int, str]]) -> bool:
    """Whether the last line is not cut, though it has no end."""
    return bool(said) and bool(re.fullmatch(r"\s*TcpTestSucceeded\s*: (?:True|False)", said[-1][1]))


def _lists(said: list[tuple[int, str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Blocks of properties: each begins with the computer, and has no property twice."""
    fields: dict[str, str] = {}
    decides = 0
    for line, text in said:
        pair = _LABEL.fullmatch(text)
        label = pair["label"].lower() if pair else ""
        if label == "computername":
            if decides:
                yield decides, fields
            fields, decides = {}, 0
        if pair and (label == "computername" or fields):
            twice = label in fields
            fields[label] = (pair["value"] or "").strip()
            decides = 0 if twice or "" in fields else line if label == "tcptestsucceeded" else decides
            if twice:
                fields[""] = label  # nothing shows which of both counts
    if decides:
        yield decides, fields


def _table(said: list[tuple[int, str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """`Format-Table` of properties whose values hold no blanks."""
    names: list[str] = []
    rows = False
    for line, text in said:
        words = text.split()
        if "TcpTestSucceeded" in words and ":" not in text:
            names, rows = [each.lower() for each in words], False
        elif names and set(text) <= {"-", " "}:
            rows = len(words) == len(names) and set(names) <= set(_COLUMNS)
        elif rows and len(words) == len(names):
            yield line, dict(zip(names, words, strict=True))
