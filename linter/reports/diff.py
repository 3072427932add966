"""What a change does, for people and as JSON (schema `aclproof/diff/v1`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from linter.diff.chains import Packets
from linter.diff.compare import Comparison, DemandChange, MethodChange
from linter.diff.sides import Compared
from linter.diff.whole import Whole
from linter.engine.packets import Box
from linter.reports import json_v1, wording
from linter.reports.wording import visible
from linter.result import Line, MethodVerdict, Verdict
from parsers.model.firewall import File
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

SCHEMA = "aclproof/diff/v1"
_WIDTH = 80
_INDENT = 17
_MOST = 5
"""So many boxes or lines of one kind are written out; the rest is counted."""
_WORDS = {MethodVerdict.WORKS: "works", MethodVerdict.BLOCKED: "BLOCKED",
          MethodVerdict.UNDECIDED: "UNDECIDED", MethodVerdict.NOT_ASSESSED: "not assessed"}


def render(found: Compared, wholes: Sequence[Whole] | None, old: str, new: str, form: str) -> str:
    """Write the comparison; `old` and `new` are the two sides as the user named them."""
    if form == "json":
        return json.dumps(_json(found, wholes, old, new), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line.rstrip()}\n" for line in _text(found, wholes, old, new))


# For people


def _text(found: Compared, wholes: Sequence[Whole] | None, old: str, new: str) -> Iterator[str]:
    if found.script:
        name = found.script.firewall
        yield from _plain(f"{old}, before and after {new} on {name}")
    else:
        yield from _plain(f"{old} -> {new}")
    yield from _remarks(found)
    yield ""
    yield from _methods(found.comparison.methods)
    changes = sorted((each for each in found.comparison.demands if each.differs), key=_urgency)
    for each in changes:
        yield ""
        yield from _demand(each)
    for whole in wholes or ():
        yield ""
        yield from _whole(whole)
    yield ""
    yield from _plain(_summary(found, changes))


def _plain(text: str, indent: int = 0) -> list[str]:
    pad = " " * indent
    return wrap(visible(text), _WIDTH, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)


def _labelled(label: str, text: str) -> list[str]:
    return wrap(visible(text), _WIDTH, initial_indent=f"  {label:<{_INDENT - 2}}",
                subsequent_indent=" " * _INDENT, break_on_hyphens=False)


def _remarks(found: Compared) -> Iterator[str]:
    for remark in found.script.remarks if found.script else ():
        yield from _labelled("Note", f"{remark.span}: {remark.text}")


def _methods(methods: Sequence[MethodChange]) -> Iterator[str]:
    yield f"{'Installation method':<28}{'Before':<15}{'After':<15}".rstrip()
    for each in methods:
        mark = "worse" if each.worse else "better" if each.better else ""
        title = visible(each.title)
        yield f"{title:<27} {_WORDS[each.before]:<15}{_WORDS[each.after]:<15}{mark}"


def _urgency(each: DemandChange) -> int:
    return 0 if each.worse else 1 if each.unclear else 2


def _demand(each: DemandChange) -> Iterator[str]:
    word = "WORSE" if each.worse else "UNCLEAR" if each.unclear else "better" if each.permitted else "changed"
    before, after = (_verdict(verdict) for verdict in (each.before, each.after))
    verdicts = f"{before} -> {after}" if before != after else f"{after}, as before"
    yield from _plain(f"{word:<8} {each.requirement.id}  {verdicts}")
    yield from _plain(each.requirement.title.en, 2)
    for label, boxes in (("Now permitted", each.permitted), ("Now denied", each.denied),
                         ("Now open", each.undecided), ("Now required", each.required)):
        yield from _boxes(label, boxes)
    if each.unclear:
        yield from _labelled("", "Some of it is undecided before and after, by other lines or for other "
                                 "reasons.")
    label = "Changed"
    for changed in each.changed[:_MOST]:
        yield from _line(label, f"{changed.sign} {changed.line.span}", changed.line)
        label = ""
    if len(each.changed) > _MOST:
        yield from _labelled("", f"and {len(each.changed) - _MOST} more changed lines")
    known = {changed.line.span for changed in each.changed}
    label = "Decided by"
    for line in [line for line in each.deciding if line.span not in known or line.kind != "rule"][:2]:
        yield from _line(label, f"  {line.span}", line)
        label = ""


def _verdict(verdict: Verdict | None) -> str:
    return verdict.value if verdict else "not in the site"


def _boxes(label: str, boxes: Sequence[Box]) -> Iterator[str]:
    for box in boxes[:_MOST]:
        yield from _labelled(label, wording.flow(box))
        label = ""
    if len(boxes) > _MOST:
        yield from _labelled("", f"and {len(boxes) - _MOST} more parts; --format json has them all")


def _line(label: str, place: str, line: Line) -> Iterator[str]:
    yield f"  {label:<{_INDENT - 2}}{visible(place)}"
    yield from _labelled("", line.text)


def _whole(whole: Whole) -> Iterator[str]:
    found = whole.difference
    if found is None:
        side = "before" if whole.pair.old else "now"
        yield from _plain(f"{whole.firewall}, {whole.pair.name}: there is a list {side} only; without one "
                          "something else decides (security levels, a policy), so nothing is compared")
        return
    yield from _plain(f"{whole.firewall}, {whole.pair.name}: {found.rules} changed "
                      f"{'rule' if found.rules == 1 else 'rules'}, for packets that open connections")
    for label, parts in (("Now permitted", found.gained), ("Now denied", found.lost),
                         ("Open or not", found.unsure)):
        flows = [_flow(part, box) for part in parts for box in part.boxes]
        for flow in flows[:2 * _MOST]:
            yield from _labelled(label, flow)
            label = ""
        if len(flows) > 2 * _MOST:
            yield from _labelled("", f"and {len(flows) - 2 * _MOST} more parts; --format json has them all")
    if not (found.gained or found.lost or found.unsure):
        yield from _labelled("", "no packet fares differently" if found.complete else
                             "nothing was found in what was compared")
    if not found.complete:
        yield from _labelled("Not compared", f"{len(found.left_out)} changed rules, because the budget of "
                             "--full did not suffice (--budget): "
                             f"{wording.few([str(each) for each in found.left_out], 3)}")


def _flow(part: Packets, box: Box) -> str:
    """A box on one line; what several protocols share is said once."""
    ends = wording.flow(box).partition("  ")[0]
    return f"{ends}  {_service(part, box)}"


def _service(part: Packets, box: Box) -> str:
    if part.protocols.size == 1 and not is_icmp(box.protocol):
        return wording.service(box)
    names = [PROTOCOL_NAMES[number].upper() if number in PROTOCOL_NAMES else str(number)
             for low, high in part.protocols.ranges for number in range(low, high + 1)]
    said = "every protocol" if len(names) == 256 else "every other protocol" if len(names) > 200 else \
        wording.few(names)
    words = ("type", "code") if part.protocols.size == 1 else ("from port", "to port")
    for word, numbers in zip(words, (box.source_ports, box.destination_ports), strict=True):
        said += "" if numbers == ANY_PORT else f" {word} {wording.ports(numbers)}"
    return said


def _summary(found: Compared, changes: Sequence[DemandChange]) -> str:
    comparison = found.comparison
    same = len(comparison.demands) - len(changes)
    if not changes:
        edited = any(each.any for each in found.lines.values())
        return "Nothing changes for the packets that the installation methods need" + (
            ", though lines changed." if edited else "; no line changed that could decide.")
    worse = sum(1 for each in changes if each.worse)
    said = f"{_counted(worse)} worse" if worse else "Nothing got worse"
    return f"{said}; {len(changes) - worse} changed otherwise, {same} as before."


def _counted(number: int) -> str:
    return f"{number} {'requirement' if number == 1 else 'requirements'} got"


# For programs


def _json(found: Compared, wholes: Sequence[Whole] | None, old: str, new: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "old": {"name": old, "inputs": _inputs(found, new=False)},
        "new": {"name": new, "inputs": _inputs(found, new=True)},
        "script": _script(found),
        "methods": [{"method": each.id, "title": each.title, "before": each.before.value,
                     "after": each.after.value, "worse": each.worse} for each in found.comparison.methods],
        "requirements": [_change(each) for each in found.comparison.demands],
        "lists": None if wholes is None else list(map(_list, wholes)),
        "summary": _counts(found.comparison)}


def _inputs(found: Compared, *, new: bool) -> list[dict[str, str]]:
    inputs = []
    for name, firewall in (found.new if new else found.old).firewalls.items():
        files: Sequence[File] = firewall.files
        if new and found.script and name == found.script.firewall:
            files = found.old.firewalls[name].files
        inputs += [{"firewall": name, "path": each.name, "sha256": each.sha256} for each in files]
    return inputs


def _script(found: Compared) -> dict[str, Any] | None:
    if found.script is None:
        return None
    text = found.script.source
    return {"firewall": found.script.firewall, "path": text.name, "sha256": text.sha256,
            "remarks": [{"line": each.span.first_line, "text": each.text} for each in found.script.remarks]}


def _change(each: DemandChange) -> dict[str, Any]:
    return {
        "requirement": each.requirement.id, "title": each.requirement.title.en,
        "before": each.before.value if each.before else None,
        "after": each.after.value if each.after else None,
        "worse": each.worse, "unclear": each.unclear,
        "newly_permitted": list(map(json_v1.packets, each.permitted)),
        "newly_denied": list(map(json_v1.packets, each.denied)),
        "newly_undecided": list(map(json_v1.packets, each.undecided)),
        "newly_required": list(map(json_v1.packets, each.required)),
        "changed_lines": [{"change": "added" if line.sign == "+" else "removed", **json_v1.line(line.line)}
                          for line in each.changed],
        "decided_by": list(map(json_v1.line, each.deciding))}


def _list(whole: Whole) -> dict[str, Any]:
    found = whole.difference
    names = {"firewall": whole.firewall, "old_list": whole.pair.old or None,
             "new_list": whole.pair.new or None}
    if found is None:
        return {**names, "compared": None}
    return {**names, "compared": {
        "changed_rules": found.rules, "complete": found.complete,
        "newly_permitted": _many(found.gained), "newly_denied": _many(found.lost),
        "open_on_one_side": _many(found.unsure),
        "left_out": [{"file": each.file, "line": each.first_line} for each in found.left_out]}}


def _many(parts: Sequence[Packets]) -> list[dict[str, Any]]:
    return [{**json_v1.packets(box), "protocols": [str(low) if low == high else f"{low}-{high}"
                                                   for low, high in part.protocols.ranges]}
            for part in parts for box in part.boxes]


def _counts(comparison: Comparison) -> dict[str, Any]:
    changed = [each for each in comparison.demands if each.differs]
    return {"worse": comparison.worse, "unclear": comparison.unclear,
            "requirements": {"worse": sum(1 for each in changed if each.worse),
                             "changed": len(changed), "same": len(comparison.demands) - len(changed)}}
