"""Entries of access lists that deny without a message.

Logging is off until `logging enable` (before 7.0 `logging on`) switches it on, and `no logging message` takes
single messages out; a destination takes messages up to its level (ASA CLI guide, 'Configuring Logging').
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.besides import level_of, message
from aclproof.parsers.cisco_asa.text import lines
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import NO_LINE, Action
from aclproof.parsers.model.unlogged import Unlogged
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_DISABLED = Reason("'log disable' keeps what it denies out of every log")
_ON = frozenset(("enable", "on"))
_DESTINATIONS = frozenset("asdm buffered console history mail monitor trap".split())
_DENIED = ("106023", "106100")
"""The messages of entries that deny."""
_LEVELS = frozenset("01234567")
_EVERY = max(_LEVELS)


class _Switches(Struct):
    """What the last lines about logging say."""

    on: bool | None = None
    """None where no line switches it."""
    line: int = NO_LINE
    """The line that switches it off."""
    messages: dict[str, int] = field(default_factory=dict)
    """Messages that are switched off, each with the line that does so."""
    levels: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By destination: up to which level it takes messages, and the line that says so."""
    hosts: bool = False
    """Whether there is a host that they are sent to, up to the level of `trap`."""
    otherwise: bool = False
    """Whether messages may get elsewhere, or at other levels: by a list, by class, by a changed level."""
    exported: bool = False
    """Whether NetFlow tells of what is denied."""

    @property
    def highest(self) -> tuple[str, int]:
        """The level up to which any destination takes messages, and the line that says so."""
        known = self.levels and not self.otherwise
        return max(self.levels.values()) if known else (_EVERY, NO_LINE)


def find(firewall: Firewall) -> Iterator[Unlogged]:
    """Yield what denies and says `log disable`; of a bound list, and of each message that is off, the first.

    Of Firepower only the first: there Snort logs.
    """
    assert isinstance(firewall.source, Source)
    switches = _switches(lines.plain(firewall.source))
    bound = {each.chain for each in firewall.bindings}
    for name, chain in firewall.lists.items() if not switches.exported else ():
        rules = [rule for rule in chain.rules if rule.in_file and rule.enabled]
        permits = {rule.line for rule in rules if rule.action is not Action.DENY}  # and what is not read
        found = {rule.line: message(firewall.quote(rule.line).text)
                 for rule in rules if rule.line not in permits}
        yield from (Unlogged(line, _DISABLED) for line, (number, _) in found.items() if not number)
        if name in bound and not firewall.version.startswith("FTD"):
            yield from _switched_off(firewall, name, found, switches)


def _switched_off(firewall: Firewall, name: str, found: Mapping[int, tuple[str, str]],
                  switches: _Switches) -> Iterator[Unlogged]:
    logged = [line for line, (number, _) in found.items() if number]
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
            of_it = [each for each in logged if found[each][0] == number]
            if of_it:
                yield Unlogged(of_it[0], Reason(
                    "no deny of {list} that would leave message {number} is logged, as that is switched off",
                    list=name, number=number), line)
        if firewall.whole:
            yield from _taken_nowhere(name, {line: found[line] for line in logged
                                             if found[line][0] not in switches.messages}, switches)


def _taken_nowhere(name: str, found: Mapping[int, tuple[str, str]],
                   switches: _Switches) -> Iterator[Unlogged]:
    """Yield the first entry of each message whose level no destination takes."""
    highest, line = switches.highest
    said: set[tuple[str, str]] = set()
    for entry, each in found.items():
        number, level = each
        if level > highest and each not in said:
            said.add(each)
            yield Unlogged(entry, Reason(
                "no deny of {list} that leaves message {number} of level {level} is logged, as no "
                "destination takes that level", list=name, number=number, level=level), line)


def _switches(texts: Sequence[str | None]) -> _Switches:
    found = _Switches()
    for number, text in enumerate(texts, 1):
        if not text or not ("logging" in text or "flow-export" in text):
            continue
        words = text.split()
        if words[:3] == ["clear", "configure", "logging"]:
            found = _Switches(False, number)
        elif not _switches_something(found, words, number):
            _leads_somewhere(found, words, number)
    found.otherwise |= found.hosts and "trap" not in found.levels
    return found


def _switches_something(found: _Switches, words: Sequence[str], number: int) -> bool:
    """Take in a line that switches logging, or one message, on or off; return whether it is one."""
    match words:
        case ["logging", word] if word in _ON:
            found.on = True
        case ["no", "logging", word] if word in _ON:
            found.on, found.line = False, number
        case ["no", "logging", "message", message_id]:
            found.messages[message_id] = number
        case ["logging", "message", message_id]:
            found.messages.pop(message_id, None)
        case _:
            return False
    return True


def _leads_somewhere(found: _Switches, words: Sequence[str], number: int) -> None:
    """Take in a line that says which messages go where."""
    match words:
        case ["logging", word, level] if word in _DESTINATIONS and level_of(level) in _LEVELS:
            found.levels[word] = level_of(level), number
        case ["no", "logging", word, *_] if word in _DESTINATIONS:
            found.levels.pop(word, None)
        case ["logging", "host", *_]:
            found.hosts = True
        case ["logging", word, *_] if word in _DESTINATIONS or word == "class":
            found.otherwise = True  # a list of messages
        case ["logging", "message", message_id, "level", _] if message_id in _DENIED:
            found.otherwise = True
        case ["flow-export", "event-type", "all" | "flow-denied", "destination", *_]:
            found.exported = True
        case _:
            pass
