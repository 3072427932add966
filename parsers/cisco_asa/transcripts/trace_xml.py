"""`packet-tracer ... xml`: elements one after the other, without a root.

The form is in public test data of programs that send this command: see docs/evidence-sources.md. Nothing is
nested but what a phase and the result hold, so patterns read all of it, and no entity is ever expanded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from aclproof.parsers.cisco_asa.transcripts.screen import Line
from aclproof.parsers.cisco_asa.transcripts.trace import RESULTS, VERDICTS, Step, Trace, in_order
from aclproof.parsers.cisco_asa.transcripts.trace_text import unwrapped

_ELEMENT = re.compile(r"<([A-Za-z][\w-]*)>([^<]*)</\1>")
_PARTS = re.compile(r"<(Phase|result)>((?:\s*<([A-Za-z][\w-]*)>[^<]*</\3>)*)\s*</\1>")
_NAMES = {"id", "type", "subtype", "result", "config", "extra"}


def is_xml(answer: Sequence[Line]) -> bool:
    """Return whether an answer is in this form."""
    return any(line.text.lstrip().startswith(("<Phase>", "<result>", "<?xml")) for line in answer)


def read(answer: Sequence[Line]) -> Trace | None:
    """Read one trace; None where it has no action."""
    text = "\n".join(line.text for line in answer)
    parts = list(_PARTS.finditer(text))
    results = [each for each in parts if each[1] == "result"]
    if not results:
        return None
    result = _elements(results[0][2])
    if "action" not in result:
        return None
    phases = [each for each in parts if each[1] == "Phase"]
    steps = tuple(step for each in phases if (step := _step(each[2], _line(answer, text, each.start()))))
    left = _PARTS.sub("", text[text.find("<"):])
    sound = (len(results) == 1 and parts[-1] is results[0] and len(steps) == len(phases) and in_order(steps)
             and result.keys() <= RESULTS and "<" not in re.sub(r"<\?xml[^<>]*\?>", "", left)
             and len(_ELEMENT.findall(results[0][2])) == len(result))
    return Trace(steps, result, _line(answer, text, text.find("<action>", results[0].start())), sound)


def _line(answer: Sequence[Line], text: str, at: int) -> int:
    return answer[0].number + text.count("\n", 0, at)


def _elements(text: str) -> dict[str, str]:
    return {name.lower(): html.unescape(value).strip() for name, value in _ELEMENT.findall(text)}


def _step(text: str, line: int) -> Step | None:
    said = _elements(text)
    if not said.keys() >= _NAMES or not said["id"].isdecimal() or said["result"] not in VERDICTS:
        return None
    config, extra = (tuple(unwrapped(said[name].split("\n"))) for name in ("config", "extra"))
    return Step(int(said["id"][:3]), said["type"], said["subtype"], VERDICTS[said["result"]], config, extra,
                line)
