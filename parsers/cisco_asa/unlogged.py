"""Entries of access lists that deny without a message.

Logging is off until `logging enable` (before 7.0 `logging on`) switches it on, and `no logging message` takes
single messages out (ASA CLI guide, 'Configuring Logging').
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.besides import message
from aclproof.parsers.cisco_asa.text import lines
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import NO_LINE, Action
from aclproof.parsers.model.unlogged import Unlogged
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_DISABLED = Reason("'log disable' keeps what it denies out of every log")
_ON = frozenset(("enable", "on"))


class _Switches(Struct):
    """What the last lines about logging say."""

    on: bool | None = None
    """None where no line switches it."""
    line: int = NO_LINE
    """The line that switches it off."""
    messages: dict[str, int] = field(default_factory=dict)
    """Messages that are switched off, each with the line that does so."""


def find(firewall: Firewall) -> Iterator[Unlogged]:
    """Yield what denies and says `log disable`; of a bound list, and of each message that is off, the first.

    Of Firepower only the first: there Snort logs.
    """
    assert isinstance(firewall.source, Source)
    switches = _switches(lines.plain(firewall.source))
    bound = {each.chain for each in firewall.bindings}
    for name, chain in firewall.lists.items():
        rules = [rule for rule in chain.rules if rule.in_file and rule.enabled]
        permits = {rule.line for rule in rules if rule.action is not Action.DENY}  # and what is not read
        found = {rule.line: message(firewall.quote(rule.line).text)
                 for rule in rules if rule.line not in permits}
        yield from (Unlogged(line, _DISABLED) for line, number in found.items() if not number)
        if name in bound and not firewall.version.startswith("FTD"):
            yield from _switched_off(firewall, name, found, switches)


def _switched_off(firewall: Firewall, name: str, found: Mapping[int, str],
                  switches: _Switches) -> Iterator[Unlogged]:
    logged = [line for line, number in found.items() if number]
    if not logged:
        return
    if switches.on is False:
        yield Unlogged(logged[0], Reason("no deny of {list} is logged, as logging is switched off",
                                         list=name), switches.line)
    elif switches.on is None and firewall.whole:
        yield Unlogged(logged[0], Reason("no deny of {list} is logged, as no line of the whole configuration "
                                         "switches logging on", list=name))
    else:
        for number, line in switches.messages.items():
            of_it = [each for each in logged if found[each] == number]
            if of_it:
                yield Unlogged(of_it[0], Reason(
                    "no deny of {list} that would leave message {number} is logged, as that is switched off",
                    list=name, number=number), line)


def _switches(texts: Sequence[str | None]) -> _Switches:
    found = _Switches()
    for number, text in enumerate(texts, 1):
        if not text or "logging" not in text:
            continue
        match text.split():
            case ["logging", word] if word in _ON:
                found.on = True
            case ["no", "logging", word] if word in _ON:
                found.on, found.line = False, number
            case ["clear", "configure", "logging", *_]:
                found = _Switches(False, number)
            case ["no", "logging", "message", message_id]:
                found.messages[message_id] = number
            case ["logging", "message", message_id]:
                found.messages.pop(message_id, None)
            case _:
                continue
    return found
