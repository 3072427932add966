"""`no` and `clear`: what takes away something that was read before.

A running configuration has none of it that matters; scripts, session logs and files put together do. It is
carried out where exactly one line is meant; else all that it could take away is open.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.text import commands
from aclproof.parsers.model.notes import State
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.cisco_asa.text.reader import Reader
    from aclproof.parsers.cisco_asa.words.members import Definition

_TAKES = Reason("a command that takes something away; give the configuration as it is after it")
_CLEARS = Reason("a command that clears what was read before it; give the configuration as it is after it")
_TWO_TRANSLATIONS = Reason("the section has two translations, as if a line between them were lost")
_MEMBERS = frozenset("""network-object port-object service-object protocol-object icmp-object group-object
host subnet range fqdn""".split())
_SINGLE = frozenset("access-group route same-security-traffic service-policy global".split())
_CLEARED_BY_PIX = frozenset(
    "access-list access-group nat static global nameif ip route name conduit object-group".split())
"""What `clear` takes out of the configuration of a PIX before 7.0."""
_HEADERS = frozenset("interface class-map policy-map time-range".split())


def no(reader: Reader, words: list[str], number: int) -> None:
    """Read `no COMMAND ...` outside of sections."""
    what = words[1:]
    word = what[0] if what else ""
    take = _TAKERS.get(word)
    if take is not None:
        take(reader, what, number)
    elif word in ("sysopt", "route-map"):
        reader.flat.setdefault(f"no {word}", []).append((what, number))
        reader.skip(number)
    elif word and table.find(what):
        reader.skip(number)
    elif word in _MEMBERS or (what and commands.may_decide(what)):
        reader.leave_all_open(number, _TAKES)
    else:
        reader.leave_unknown(number, words)


def member(reader: Reader, words: list[str], number: int) -> None:
    """Read `no MEMBER` in an open object or group; words[0] is `no`."""
    group = reader.group
    assert group is not None
    if words[1:2] == ["description"]:
        reader.counts[State.IGNORED] += 1
    elif words[1:2] == ["nat"]:
        _nat(reader, words[1:], number)
    elif reader.objects.take(group, words[1:]):
        reader.counts[State.UNDERSTOOD] += 1
    else:
        reader.unread(number, _TAKES, decides=True)


def _list(reader: Reader, words: list[str], number: int) -> None:
    """A line of a list, or all of it: carried out where the very words are there."""
    found = reader.lists.get((words[1], False)) if len(words) > 1 else None
    if found is None:
        reader.leave_all_open(number, _TAKES)
        return
    there = frozenset(map(abs, found.entries)) - reader.rests.keys()
    same = there.intersection(reader.same_entries.before(number, words))
    if not same:
        found.doubts.append(number)
        reader.unread(number, _TAKES, decides=True)
        return
    found.entries = array("q", [entry for entry in found.entries if abs(entry) not in same])
    reader.counts[State.IGNORED] += len(same)
    reader.counts[State.UNDERSTOOD] += 1


def _single(reader: Reader, words: list[str], number: int) -> None:
    lines = reader.flat.get(words[0], [])
    same = [each for each in lines if each[0][:len(words)] == words]
    if len(same) == 1:
        lines.remove(same[0])
        reader.counts[State.UNDERSTOOD] += 1
    elif same or lines:
        reader.leave_all_open(number, _TAKES)
    else:  # there is none
        reader.counts[State.IGNORED] += 1


def _nat(reader: Reader, words: list[str], number: int) -> None:
    inside = reader.group.name if reader.group and words[0] == "nat" and "source" not in words else ""
    same = [each for each in reader.nat if each[2] == inside and (
        each[1] == words or (inside and each[1][:len(words)] == words))]
    if len(same) == 1:
        reader.nat.remove(same[0])
        if inside and reader.group:
            reader.group.translated = False
        reader.counts[State.UNDERSTOOD] += 1
    elif words == ["nat-control"] or not reader.nat:
        reader.counts[State.IGNORED] += 1
    else:
        reader.leave_all_open(number, _TAKES)


def translation(reader: Reader, inside: Definition, number: int) -> None:
    """Take away the translation of an object that gets another one: it has one (FW, network object NAT).

    Two in one section, which nobody typed there, are of two objects: a header is lost.
    """
    if inside.translated and not reader.source.entered(number):
        reader.leave_all_open(number, _TWO_TRANSLATIONS, counted=True)  # as `nat`, after this
    inside.translated = True
    if inside.name in reader.translated:
        reader.nat = [each for each in reader.nat if each[2] != inside.name]
    reader.translated.add(inside.name)


def _definition(reader: Reader, words: list[str], number: int) -> None:
    known = reader.objects.definitions.get(words[2]) if len(words) > 2 else None
    if known is None:
        reader.leave_all_open(number, _TAKES)
        return
    reader.objects.doubt(known)
    reader.unread(number, _TAKES, decides=True)


def _section(reader: Reader, words: list[str], number: int) -> None:
    header = " ".join(words)
    if any(text == header or text.startswith(header + " ") for _, text in reader.section_lines):
        reader.leave_all_open(number, _TAKES)
    else:
        reader.skip(number)


def _anything(reader: Reader, words: list[str], number: int) -> None:
    reader.leave_all_open(number, _TAKES)


def _address(reader: Reader, words: list[str], number: int) -> None:
    """`no ip address NAME ...` of a PIX 6; every other `ip` line decides nothing here."""
    if words[1:2] == ["address"]:
        reader.leave_all_open(number, _TAKES)
    else:
        reader.skip(number)


_TAKERS: Mapping[str, Callable[[Reader, list[str], int], None]] = {
    "access-list": _list, "ipv6": _anything, "ip": _address, "name": _anything, "nameif": _anything,
    **dict.fromkeys(("nat", "static", "nat-control"), _nat), **dict.fromkeys(_SINGLE, _single),
    **dict.fromkeys(("object", "object-group"), _definition), **dict.fromkeys(_HEADERS, _section)}


def clear(reader: Reader, words: list[str], number: int) -> None:
    """Read `clear configure WHAT`: a generated script clears what it then builds."""
    what = words[2:] if words[1:2] and "configure".startswith(words[1]) and len(words[1]) > 3 else []
    if reader.platform == "PIX" and words[1:2] and words[1] in _CLEARED_BY_PIX and "counters" not in words:
        what = words[1:]
    if not what:
        reader.counts[State.IGNORED] += 1  # counters and tables of what runs
    elif what[0] == "access-list":
        _clear_lists(reader, what[1:], number)
    elif what[0] == "access-group":
        reader.flat["access-group"] = [each for each in reader.flat.get("access-group", [])
                                       if what[1:] and what[1] not in each[0]]
        reader.counts[State.UNDERSTOOD] += 1
    elif _there(reader, what[0]):
        reader.leave_all_open(number, _CLEARS)
    else:
        reader.counts[State.IGNORED] += 1


def _clear_lists(reader: Reader, names: list[str], number: int) -> None:
    gone = [key for key in reader.lists if not names or key[0] == names[0]]
    bound = {words[1] for words, _ in reader.flat.get("access-group", []) if len(words) > 1}
    if bound & ({name for name, _ in gone} | set(names)):
        reader.leave_all_open(number, _CLEARS)  # the device unbinds it as well
        return
    for key in gone:
        reader.counts[State.IGNORED] += reader.lists.pop(key).size
    reader.counts[State.UNDERSTOOD] += 1


def _there(reader: Reader, what: str) -> bool:
    """Whether something was read that this clears."""
    match what:
        case "all" | "primary" | "secondary":
            return bool(reader.lists or reader.objects.definitions or reader.section_lines or reader.nat)
        case "object" | "object-group":
            return bool(reader.objects.definitions)
        case "nat" | "static" | "nat-control" | "global":
            return bool(reader.nat)
        case "name" | "names":
            return bool(reader.objects.names)
        case "ip" | "nameif" | "interface" | "class-map" | "policy-map" | "time-range" | "route-map":
            return bool(reader.section_lines)
        case _:
            return bool(reader.flat.get(what)) or not table.find([what])


