"""What an input form proves to be complete: how each begins, and what stands at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile

from msgspec import Struct

from aclproof.parsers.cisco_asa.text.lines import is_prompt
from aclproof.parsers.text_lines import omissions
from aclproof.reason import Reason


class Form(Struct, frozen=True):
    """A form of input that ends in a way of its own."""

    begins: re.Pattern[str]
    """A line that only this form has, near its beginning."""
    ends: re.Pattern[str]
    """One of the last lines that say something is such a one, or the end is lost."""
    shown_by: str
    """The command that prints it whole."""


FORMS = (
    # A device prints ': Saved' and then an end; who deletes the one (oxidized) deletes the other as well.
    # The last sections come after all that filters, translates and routes.
    Form(re.compile(r": (?:Saved|Written by)\b"),
         re.compile(r": end\b|Cryptochecksum:|(?:service-policy|prompt|no call-home|call-home) |"
                    r"(?:no )?call-home$"),
         "show running-config"),
)
"""Files that people write, and what backup tools make, have no end that could be lacking."""

_BEGINNING = 60
"""The first line of a form is among so many."""
_END = 3
"""The last lines: the sum and the end are two."""
_LAST = ": end"
"""After which nothing of a configuration comes, whatever else a capture shows."""
_FROM_LISTS_ON = re.compile(
    r"(?:access-list|(?:no |clear configure )?access-group|route|router|timeout|aaa|aaa-server|http|"
    r"snmp-server|crypto|telnet|ssh|console|threat-detection|webvpn|group-policy|username|tunnel-group|"
    r"class-map|policy-map|service-policy|prompt|user-identity|dynamic-access-policy-record|ntp|dhcpd) ")
"""Lists, what binds them, and lines that a device prints after those."""
_ENDS_INTERFACE = re.compile(
    r" +(?:(?:no )?ip(?:v6)? address|shutdown|bridge-group|channel-group|member-interface)\b")
"""One line at least of an interface that is whole."""
_MORE = "<--- More --->"


class Cut(Struct, frozen=True):
    """What shows that a file goes on where it ends."""

    line: int
    key: str
    """The fact that settles it; empty where the file itself says that it goes on."""
    because: str
    shown_by: str


def is_whole(texts: Sequence[str | None]) -> bool:
    """Return whether a configuration goes to its end."""
    return any(text and text.startswith(_LAST) for text in texts)


def cut(name: str, raw: Sequence[str | None], texts: Sequence[str | None]) -> Cut | None:
    """Return what shows that a file is cut, if anything does; `raw` has what is around its lines as well."""
    last, text = _last(raw)
    if not last:
        return None
    if text.strip(" \r\b").endswith(_MORE):
        return Cut(last, "", Reason("the output stops at '<--- More --->': what comes after it is not in the "
                                    "file"), FORMS[0].shown_by)
    beginning = list(islice(_said(texts), _BEGINNING))
    form = next((each for each in FORMS if any(map(each.begins.match, beginning))), None)
    if form is None or is_prompt(text) or any(map(form.ends.match, islice(_said(reversed(texts)), _END))):
        return None
    if is_whole(texts):
        return None
    reason = Reason("whether {name} is cut: it begins as a device prints it, and has no end", name=name)
    return Cut(last, f"{name} is cut", reason, form.shown_by)


def torn(name: str, last: int) -> Cut:
    """Return what the last line of a file shows, which has no end and could not be read."""
    return Cut(last, f"{name} is cut", Reason("whether {name} is cut: its last line has no end, and could "
                                              "not be read", name=name), FORMS[0].shown_by)


def among_objects(name: str, raw: Sequence[str | None], texts: Sequence[str | None]) -> Cut | None:
    """Return what a file shows that ends with an object, or a time range, which nothing uses; `raw` as for
    `cut`."""
    last, text = _last(raw)
    head, inner = _last_section(texts)
    if is_prompt(text) or not head.startswith(("object ", "object-group ", "time-range ")) or any(
            text.split()[0] == "nat" for text in inner):
        return None
    words = head.split()[:2 if head.startswith("time-range ") else 3]
    if any(words[-1] in text.split() for text in _said(texts) if text != head):
        return None
    reason = Reason("whether {name} is cut: it ends with {object}, which nothing uses", name=name,
                    object=" ".join(words))
    return Cut(last, f"{name} is cut", reason, FORMS[0].shown_by)


def among_interfaces(name: str, raw: Sequence[str | None], texts: Sequence[str | None]) -> Cut | None:
    """Return what a file shows that ends within an interface; as above.

    It has no line, or neither an end as others have nor the address with which a device ends it.
    """
    last, text = _last(raw)
    head, inner = _last_section(texts)
    if is_prompt(text) or text.startswith("!") or not head.startswith("interface ") or sum(
            each == head for each in _said(texts)) > 1:
        return None
    closed = any((after or "").startswith("!") and (before or "").startswith(" ")
                 for before, after in pairwise(raw))
    if inner and (not closed or any(map(_ENDS_INTERFACE.match, inner))):
        return None
    reason = Reason("whether {name} is cut: it ends within an interface", name=name)
    return Cut(last, f"{name} is cut", reason, FORMS[0].shown_by)


def among_lists(name: str, raw: Sequence[str | None], texts: Sequence[str | None]) -> Cut | None:
    """Return what a file shows that ends where a device prints lists and what binds them; as above."""
    last, text = _last(raw)
    latest = next(filter(_FROM_LISTS_ON.match, _said(reversed(texts))), "")
    if is_prompt(text) or not (text.startswith("access-group ") or latest.startswith("access-list ")):
        return None
    reason = Reason("whether {name} is cut: nothing in it uses one of its access lists, and it ends where a "
                    "device prints what binds them", name=name)
    return Cut(last, f"{name} is cut", reason, FORMS[0].shown_by)


_WHOLE_BEFORE = re.compile(r"(?:ASA|PIX|FWSM|NGFW)(?: Firewall)? Version |interface ")


def left_out(name: str, raw: Sequence[str | None], texts: Sequence[str | None], *, numbered: bool,
             interfaces: bool) -> Cut | None:
    """Return what shows that a capture's commands print a part of the lines only; `raw` as for `cut`.

    `numbered`: its lists show gaps by themselves. Lists alone, without `interfaces`, are judged alone.
    """
    from aclproof.parsers.cisco_asa.text import outputs

    found = sorted([*outputs.find(raw), *outputs.filtered_elsewhere(raw)], key=lambda each: each.line)
    ends = [*(each.line for each in found[1:]), len(raw) + 1] if found else []
    kept = [each for each, end in zip(found, ends, strict=True) if any(_said(texts[each.line:end - 1]))]
    whole = {each.of for each in kept if not each.leaves_out}
    if () in whole or (found and any(map(_WHOLE_BEFORE.match, _said(texts[:found[0].line - 1])))):
        return None
    with_gaps = [each for each in kept if each.leaves_out and not whole.intersection((each.of[:1], each.of))
                 and not (numbered and each.of[:1] == ("access-list",))]
    first = next(iter(with_gaps or (kept if interfaces else ())), None)
    if first is None:
        return None
    reason = Reason("whether lines that matter are left out of {name}: '{command}' prints a part of the "
                    "configuration", name=name, command=first.command)
    return Cut(first.line, f"lines left out of {name}", reason, FORMS[0].shown_by)


def omitted(name: str, text: str, texts: Sequence[str | None]) -> Cut | None:
    """Return what shows that somebody has left lines out and says so; not those of a certificate.

    `text` is the whole input, `texts` its lines where they are the configuration's.
    """
    for line in omissions(text):
        said = texts[line - 1] if line <= len(texts) else None
        head = next((each for each in reversed(texts[:line]) if each and each[0] not in " !"), "")
        if said and not (said[0] == " " and head.startswith("crypto ")):
            reason = Reason("whether lines that matter are left out of {name}: line {line} says that some "
                            "are", name=name, line=line)
            return Cut(line, f"lines left out of {name}", reason, FORMS[0].shown_by)
    return None


def _last(raw: Sequence[str | None]) -> tuple[int, str]:
    """The last line that is not blank, and its number; 0 where none is."""
    return next(((number, text) for number in range(len(raw), 0, -1)
                 if (text := raw[number - 1] or "").strip()), (0, ""))


def _last_section(texts: Sequence[str | None]) -> tuple[str, Sequence[str]]:
    """The last line that is not indented, and those below it from the last one on."""
    inner = list(takewhile(lambda text: text[0] == " ", _said(reversed(texts))))
    return next(islice(_said(reversed(texts)), len(inner), None), ""), inner


def _said(texts: Iterable[str | None]) -> Iterator[str]:
    """The lines that say something."""
    return (text for text in texts if text and text.strip(" !"))
