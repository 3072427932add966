"""`access-group`: which list filters where, and where that is not certain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning import ethertype
from aclproof.parsers.cisco_asa.meaning.access_lists import chain_name
from aclproof.parsers.cisco_asa.text import broken
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Binding, Direction
from aclproof.reason import Reason

_OWN_LISTS = Reason("whether a user's own list (per-user-override) decides instead")
_EXPECTED = Reason("expected 'access-group NAME in|out interface IF' or 'global'")

_Place = tuple[str, str | None, Direction]
"""A list, its interface (None: everywhere), and the direction."""


class Bindings(Struct, frozen=True):
    """What the file binds."""

    certain: tuple[Binding, ...]
    perhaps: tuple[Binding, ...]
    """What may be bound there as well, or instead."""


def read(reader: Reader, interfaces: Collection[str], *, ipv4_only: bool) -> Bindings:
    """Read all lines; `interfaces` are the names that the file gives, in use or not."""
    certain: list[Binding] = []
    perhaps: list[Binding] = []
    frames = _of_frames(reader)
    log_in = any(words[1:2] == ["authentication"] for words, _ in reader.flat.get("aaa", []))
    for words, line in reader.flat.get("access-group", []):
        if words[-1] == "control-plane" and line not in reader.rests:
            continue  # traffic to the firewall itself
        places = _places(reader, words, line, interfaces)
        if not places:
            reader.leave_all_open(line, _EXPECTED, counted=True)
            continue
        own = _OWN_LISTS if "per-user-override" in words and log_in else ""
        if len(places) == 1 and frames.get(places[0][0]) is False:
            continue  # it stops no IP
        sure = len(places) == 1 and (places[0][1] in (None, *interfaces) or not interfaces)
        if sure:
            certain += _of_list(reader, places[0], line, own, ipv4_only=ipv4_only)
            continue
        reader.unread(line, _why_unsure(places), decides=True, counted=True)
        for name, interface, way in places:
            for each in [interface] if interface in interfaces or interface is None else sorted(interfaces):
                perhaps += _of_list(reader, (name, each, way), line, "", ipv4_only=ipv4_only)
    return Bindings(_both_ways(_in_force(certain, frames), frames), tuple(perhaps))


def without_list(reader: Reader, bound: Bindings, interfaces: Iterable[str],
                 used: Collection[str]) -> list[str]:
    """Return the interfaces for which some list may be that is used nowhere: no other filters what enters."""
    named = {*used, *(words[1] for words, _ in reader.flat.get("access-group", ()) if len(words) > 1)}
    filtered = {each.interface for each in (*bound.certain, *bound.perhaps) if each.direction == "in"}
    if None in filtered or all(name in named for name, _ in reader.lists):
        return []
    return [each for each in interfaces if each not in filtered]


def _why_unsure(places: list[_Place]) -> Reason:
    if len(places) > 1:
        return broken.DOUBT
    return Reason("no interface in this file has the name {name}, so the list may filter anywhere",
                  name=places[0][1])


def _places(reader: Reader, words: list[str], line: int, interfaces: Collection[str]) -> list[_Place]:
    """Return all that a line may say, together with what may be its rest."""
    rests = reader.rests.pop(line, [])
    texts = list(map(reader.text, rests))
    alone = _place(words)
    whole = [_place(text.split()) for text in broken.put_together(" ".join(words), texts)] if rests else []
    found = dict.fromkeys(each for each in (alone, *whole) if each)
    if rests:  # of an interface that is there
        found = dict.fromkeys(each for each in found if each[1] in (None, *interfaces)) or found
    for rest in rests:
        if len(found) == 1 and next(iter(found)) in whole:
            reader.approximated(rest, broken.READ, counted=False)
        else:
            reader.unread(rest, broken.DOUBT, decides=True)
    if rests and not any(whole):
        return []
    return list(found)


def _place(words: list[str]) -> _Place | None:
    match words[1:]:
        case [name, "global", *rest] if set(rest) <= {"per-user-override"}:
            return name, None, "in"
        case [name, "in" | "out" as way, "interface", interface, *rest] if set(rest) <= _OPTIONS:
            return name, interface, "out" if way == "out" else "in"
        case _:
            return None


_OPTIONS = frozenset({"per-user-override", "control-plane"})


def _of_list(reader: Reader, place: _Place, line: int, own: str, *, ipv4_only: bool) -> Iterator[Binding]:
    name, interface, way = place
    known = {each for each, _ in reader.lists}
    if (name, False) in reader.lists or name not in known:
        yield Binding(name, interface, way, line, Family.V4 if ipv4_only else None, own)
    if (name, True) in reader.lists:
        yield Binding(chain_name(reader, name, ipv6=True), interface, way, line, Family.V6, own)


def _in_force(bindings: Iterable[Binding], frames: Collection[str]) -> tuple[Binding, ...]:
    """A place takes one list of a kind and direction: a later `access-group` replaces an earlier one.

    What lists of types of frames stop, they stop before all others.
    """
    latest = {(each.interface, each.direction, each.family is Family.V6, each.chain in frames): each
              for each in bindings}
    return tuple(sorted(latest.values(), key=lambda each: each.chain not in frames))


def _both_ways(bindings: Sequence[Binding], frames: Collection[str]) -> tuple[Binding, ...]:
    """Types of frames know no connections: what a list stops of them stops the answers, too, and with
    them the connections that are opened the other way (FW, EtherType rules)."""
    others = (replace(each, direction="out" if each.direction == "in" else "in") for each in bindings
              if each.chain in frames)
    return (*others, *bindings)


def _of_frames(reader: Reader) -> dict[str, bool]:
    """Lists of types of frames, and whether they may stop IP."""
    return {name: bool(ethertype.rules(each, reader.text)) for (name, _), each in reader.lists.items()
            if ethertype.is_one(each, reader.text)}
