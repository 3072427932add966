"""`packet-tracer` in its usual form: a strict reader, as what is out of place was damaged or is another's.

The form is the same from ASA 7.2 to 9.2x and in FTD: see docs/evidence-sources.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.cisco_asa.transcripts.screen import WIDTH, Line
from aclproof.parsers.cisco_asa.transcripts.trace import REASON, RESULTS, VERDICTS, Step, Trace, in_order

_FIELDS = r"(?:Phase|Type|Subtype|Result|Config|Additional Information)"
_PART = re.compile(r"Phase: \d+$|Additional Information:$|(?:in|out)put-(?:interface|status|line-status): "
                   r"|Action: (?:allow|drop)$|Drop-reason: \(|\s*<(?:Phase|action|drop-reason)>")
_RESULT = re.compile(r"([A-Za-z][A-Za-z -]*): ?(.*)")
_FREE = rf"(?:\n(?!{_FIELDS}:).*)*"
_PHASE = re.compile(
    r"Phase: (?P<number>\d{1,3})\nType:(?P<kind>.*)\nSubtype:(?P<subtype>.*)\n"
    r"Result: (?P<result>ALLOW|DROP)"
    rf"(?:\nElapsed [Tt]ime: .*)?\nConfig:(?P<config>{_FREE})\nAdditional Information:(?P<extra>{_FREE})")
_BEGINS = re.compile(r"\s|(?:access-list|access-group|nat|object|class-map|policy-map|class|service-policy"
                     r"|static|global|route|match|inspect|set|network-object|service-object|port-object"
                     r"|object-group (?:network|service|protocol|icmp-type)|Implicit Rule)\b")
"""What begins a line of a configuration, rather than going on with one."""
_WHOLE_REASON = "(acl-drop) Flow is denied by configured rule"
"""The end of most files that somebody copied without the last line feed."""


def lead(answer: Sequence[Line]) -> list[str]:
    """Return what is printed before the first phase: the rest of a command that is longer than the screen."""
    found = []
    for line in answer:
        if line.text.startswith(("Phase: ", "Result:", "<")):
            break
        if line.text:
            found.append(line.text)
    return found


def read(answer: Sequence[Line]) -> Trace | None:
    """Read one trace; None where it has no action."""
    pieces = list(_pieces(answer))
    results = [piece for piece in pieces if piece[0].text == "Result:"]
    if not results:
        return None
    result, line, sound = _result(results[0])
    if "action" not in result:
        return None
    steps = [_step(piece) for piece in pieces if piece[0].text != "Result:"]
    found = tuple(step for step in steps if step)
    sound = (sound and len(results) == 1 and pieces[-1] is results[0] and len(found) == len(steps)
             and in_order(found))
    return Trace(found, result, line, sound)


def _pieces(answer: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each phase, and those of the result."""
    piece: list[Line] = []
    for line in answer:
        if line.text.startswith("Phase: ") or line.text == "Result:":
            if piece:
                yield piece
            piece = [line]
        elif piece:
            piece.append(line)
    if piece:
        yield piece


def _step(piece: Sequence[Line]) -> Step | None:
    found = _PHASE.fullmatch("\n".join(line.text for line in piece if line.text))
    if not found:
        return None
    config, extra = (tuple(unwrapped(found[name].split("\n")[1:])) for name in ("config", "extra"))
    return Step(int(found["number"]), found["kind"].strip(), found["subtype"].strip(),
                VERDICTS[found["result"]], config, extra, piece[0].number)


def unwrapped(lines: Sequence[str]) -> Iterator[str]:
    """Put lines together that the width of the screen cut; a blank at the cut does not show."""
    text, last = "", 0
    for line in lines:
        if last in (WIDTH - 1, WIDTH) and not _BEGINS.match(line):
            text += " " * (WIDTH - last) + line
        else:
            if text:
                yield text.strip()
            text = line
        last = len(line)
    if text:
        yield text.strip()


def _result(piece: Sequence[Line]) -> tuple[dict[str, str], int, bool]:
    """What the result says, the line of the action, and whether it is whole."""
    found: dict[str, str] = {}
    number, last = 0, piece[0]
    for at, line in enumerate(piece[1:], 1):
        if not line.text:
            if _ends(found):
                return found, number, _nothing_more(piece[at:])
            continue
        named = _RESULT.fullmatch(line.text)
        name = named[1].lower() if named else ""
        if named and name in RESULTS:
            if name in found:
                return found, number, False
            found[name] = named[2].strip()
            number = line.number if name == "action" else number
        elif REASON in found and len(last.text) in (WIDTH - 1, WIDTH):
            found[REASON] += " " * (WIDTH - len(last.text)) + line.text
        else:
            return found, number, False
        last = line
    return found, number, _ends(found) and (
        last.whole or found.get(REASON, _WHOLE_REASON) == _WHOLE_REASON)


def is_part(text: str) -> bool:
    """Return whether a line is surely one of a trace, in any of its forms."""
    return bool(_PART.match(text))


def _ends(found: dict[str, str]) -> bool:
    return found.get("action", "drop") != "drop" or REASON in found


def _nothing_more(lines: Sequence[Line]) -> bool:
    """Whether no second result runs into the first one."""
    return not any(is_part(line.text) for line in lines)
