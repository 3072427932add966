"""`nc -zv`: OpenBSD's (Debian, macOS), the traditional one and ncat (RHEL), each with words of its own.

OpenBSD's names the port and the protocol. Of the others the command has to be shown: they do not say whether
it was TCP, and ncat does not say where it failed. Of UDP they say `open` where nothing came back, which
proves nothing.
"""

from __future__ import annotations

import getopt
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from aclproof.parsers.model.answer_ends import address
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, Heard
from aclproof.parsers.netfilter.transcripts.connections import TCP, UDP, answer
from aclproof.parsers.netfilter.transcripts.refusals import REASONS
from aclproof.parsers.netfilter.transcripts.session import words
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_HOST = r"(?P<host>[^\s()]+)(?: \((?P<address>[^\s()]+)\))?"
_OPENED = re.compile(rf"Connection to {_HOST} (?:port )?(?P<port>\d{{1,5}})(?: port)? "
                     r"\[(?P<protocol>tcp|udp)/\S{1,40}\] succeeded!")
_NOT_OPENED = re.compile(rf"(?:\S+: )?connect to {_HOST} port (?P<port>\d{{1,5}}) \((?P<protocol>tcp|udp)\) "
                         r"(?:failed: (?P<reason>.+)|(?P<late>timed out: Operation now in progress))")
_TRADITIONAL = re.compile(r"(?P<host>\S+) \[(?P<address>[^\s\]]+)\] (?P<port>\d{1,5}) \([^\s)]{1,40}\) "
                          r"(?:(?P<open>open)|: (?P<reason>.+))")
_NCAT_OPENED = re.compile(r"Ncat: Connected to (?P<address>\S+):(?P<port>\d{1,5})\.")
_NCAT_NOT_OPENED = re.compile(r"Ncat: (?:(?P<late>TIMEOUT)|(?P<reason>.+))\.")
_SHORT = "46bCDdFhklNnrStUuvzZcei:I:M:m:O:P:p:q:s:T:V:W:w:X:x:g:G:o:"
_LONG = ["udp", "sctp", "wait=", "source=", "source-port=", "verbose", "nodns", "proxy=", "proxy-type=",
         "recv-only", "send-only", "ssl"]
_INDIRECT = {"-x", "-X", "--proxy", "--proxy-type", "-U", "-g", "-G", "-l"}


class _Asked(Struct, frozen=True):
    host: str
    port: str
    """As it was typed: perhaps a range."""
    source: str
    protocol: int | None
    """None for one of which the program says nothing."""
    direct: bool


def answers(transcript: Source, part: Typed) -> Iterator[ConnectionAnswer]:
    """Yield what each connection came to."""
    asked = _asked(part.command)
    if asked and not asked.direct:
        return
    for line, text in part.numbered():
        text = text.strip()
        if (found := _OPENED.fullmatch(text) or _NOT_OPENED.fullmatch(text)) and _agrees(asked, found):
            each = _openbsd(transcript, part, line, found, asked)
        elif asked and asked.protocol == TCP and (found := _TRADITIONAL.fullmatch(text)) \
                and _agrees(asked, found):
            heard: Heard | None = "open" if found["open"] else REASONS.get(found["reason"])
            each = answer(transcript, part, line, asked.host, found["port"], heard,
                          literal=found["address"], source=asked.source)
        else:
            continue
        if each:
            yield each
    if asked and asked.protocol == TCP:
        yield from _ncat(transcript, part, asked)


def _openbsd(transcript: Source, part: Typed, line: int, found: re.Match[str],
             asked: _Asked | None) -> ConnectionAnswer | None:
    heard: Heard | None = "open"
    if found.re is _NOT_OPENED:
        heard = "filtered" if found["late"] else REASONS.get(found["reason"])
    if found["protocol"] == "udp" and heard != "closed":
        return None
    return answer(transcript, part, line, found["host"], found["port"], heard, literal=found["address"] or "",
                  source=asked.source if asked else "", protocol=TCP if found["protocol"] == "tcp" else UDP)


def _ncat(transcript: Source, part: Typed, asked: _Asked) -> Iterator[ConnectionAnswer]:
    """The line after the version says it; what comes after an open connection is about data."""
    said = [(line, text) for line, text in part.numbered() if text]
    if len(said) < 2 or not said[0][1].startswith("Ncat: Version "):
        return
    line, text = said[1]
    each = None
    if (found := _NCAT_OPENED.fullmatch(text)) and _agrees(asked, found):
        each = answer(transcript, part, line, asked.host, found["port"], "open", literal=found["address"],
                      source=asked.source)
    elif (found := _NCAT_NOT_OPENED.fullmatch(text)) and len(said) == 2:
        heard: Heard | None = "filtered" if found["late"] else REASONS.get(found["reason"])
        each = answer(transcript, part, line, asked.host, asked.port, heard, source=asked.source)
    if each:
        yield each


def _agrees(asked: _Asked | None, found: re.Match[str]) -> bool:
    """Whether a line is about what the command asked for."""
    if asked is None:
        return True
    parts: Mapping[str, str | None] = found.groupdict()
    host, literal = parts.get("host"), address(asked.host)
    low, _, high = asked.port.partition("-")
    port_fits = (int(low) <= int(found["port"]) <= int(high or low)
                 if low.isdecimal() and (high or low).isdecimal() else True)
    if literal:
        return port_fits and literal in (address(host), address(parts.get("address")))
    return port_fits and (host in (None, "(UNKNOWN)") or address(host) is not None
                          or str(host).lower().split(".")[0] == asked.host.lower().split(".")[0])


def _asked(command: str) -> _Asked | None:
    typed = words(command, "nc", "ncat", "netcat", "nc.openbsd", "nc.traditional")
    if not typed:
        return None
    try:
        options, operands = getopt.gnu_getopt(typed[1:], _SHORT, _LONG)
    except getopt.GetoptError:
        return None
    given = dict(options)
    if len(operands) != 2:
        return None
    protocol = UDP if {"-u", "--udp"} & set(given) else None if "--sctp" in given else TCP
    return _Asked(operands[0], operands[1], given.get("-s", given.get("--source", "")), protocol,
                  direct=not _INDIRECT & set(given))
