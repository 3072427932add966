"""What a target does: end the walk of a table, call a chain, or change the packet and let it go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.iptables.text import addresses, names
from aclproof.parsers.iptables.text.known_targets import TARGETS, Deed
from aclproof.parsers.iptables.text.words import AS_LISTED, Jump, RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.effects import (
    ALL_BITS,
    ChangeHopLimit,
    CopyMark,
    Divert,
    Effect,
    SetMark,
    TrackIn,
    Translate,
    Untrack,
    Whose,
)
from aclproof.parsers.model.intervals import Range
from aclproof.parsers.model.rules import Action
from aclproof.reason import Reason

_ENDS: Mapping[Deed, Action] = {"accepts": Action.PERMIT, "stops": Action.DENY, "returns": Action.RETURN,
                                "goes on": Action.CONTINUE, "may stop": Action.CONTINUE,
                                "program": Action.PERMIT}
_MARK_WORDS = ("set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark")


class TargetEffect(Struct, frozen=True):
    """What a target does."""

    action: Action
    effect: Effect | None = None
    chain: str = ""
    deed: Deed = "effect"
    """`program` where something outside of the rules has the last word, `may stop` where it stops some."""


def understand(jump: Jump, family: Family, chains: Mapping[str, object],
               hooks: Set[str] = frozenset()) -> TargetEffect:
    """Read the target of a rule; RuleError for one that is neither known nor a chain of the table.

    `hooks` are the built-in chains from which packets come to the rule, as far as that matters.
    """
    name = jump.target
    if name in chains:
        return TargetEffect(Action.GOTO if jump.goto else Action.JUMP, chain=name)
    if not name:
        return TargetEffect(Action.CONTINUE)
    if name not in TARGETS:
        raise RuleError(Reason("'{name}' is no target, and no chain of this table", name=name))
    target = TARGETS[name]
    if target.deed in _ENDS:
        return TargetEffect(_ENDS[target.deed], deed=target.deed)
    if target.deed == "diverts":
        return TargetEffect(Action.PERMIT, Divert(_why_diverted(name), name != "TPROXY"))
    return _with_effect(name, dict(jump.arguments), family, hooks)


def _why_diverted(name: str) -> str:
    if name == "TPROXY":
        return Reason("what the program does that takes them over (TPROXY)")
    return Reason("what {name} makes of them", name=name)


def _with_effect(name: str, options: Mapping[str, str], family: Family, hooks: Set[str]) -> TargetEffect:
    """Read a target that changes the packet or how it is tracked."""
    match name:
        case "MARK":
            return TargetEffect(Action.CONTINUE, _mark("packet", options))
        case "CONNMARK":
            return TargetEffect(Action.CONTINUE, _connection_mark(options))
        case "HMARK" | "IPMARK":
            return TargetEffect(Action.CONTINUE, _UNKNOWN_MARK)
        case "SET":
            return TargetEffect(Action.CONTINUE, _UNKNOWN_MARK if _sets_mark(options) else None)
        case "NOTRACK":
            return TargetEffect(Action.CONTINUE, Untrack())
        case "CT":
            return TargetEffect(Action.CONTINUE, _tracking(options))
        case "TTL" | "HL":
            return TargetEffect(Action.CONTINUE, _hop_limit(options))
        case "NETMAP":
            return TargetEffect(Action.PERMIT, _netmap(options, family, hooks))
        case _:
            return TargetEffect(Action.PERMIT, _translation(name, options, family))


_UNKNOWN_MARK = SetMark("packet", 0, 0, known=False)


def changed_sets(jump: Jump) -> Iterator[str]:
    """The sets whose members a rule changes."""
    if jump.target == "SET":
        for name, value in jump.arguments:
            if name in ("add-set", "del-set") and value:
                yield value.split()[0]


def _sets_mark(options: Mapping[str, str]) -> bool:
    """Whether members of a mapped set give their mark to the packet; a listing has all in one text."""
    return "map-mark" in options or any("map-mark" in value.split() for value in options.values())


def _tracking(options: Mapping[str, str]) -> Untrack | TrackIn:
    """Read `--notrack`, `--zone`, `--zone-orig`, `--zone-reply`; whatever else CT says, it is the line that
    counts.

    A listing has all but `notrack` in one text, such as `zone 1` or `zone-orig 1 helper ftp`.
    """
    if "notrack" in options:
        return Untrack()
    words = options.get(AS_LISTED, "").split()
    given = {**dict(pairwise(words)), **options}
    both = given.get("zone")
    original, reply = (given.get(f"zone-{way}", both) for way in ("orig", "reply"))
    first, back = (0 if zone is None else names.number(zone, 0xFFFF) for zone in (original, reply))
    return TrackIn(first, back)


_HOW: Mapping[str, Literal["set", "increase", "decrease"]] = {
    "set": "set", "inc": "increase", "dec": "decrease"}
_LISTED_HOPS = re.compile(r"(?:TTL|HL) (set to|increment by|decrement by) (\d+)")
_LISTED_HOW = {"set to": "set", "increment by": "inc", "decrement by": "dec"}


def _hop_limit(options: Mapping[str, str]) -> ChangeHopLimit:
    """Read `--ttl-set 64`, `--hl-dec 1`; a listing says `TTL set to 64`."""
    pairs = [(name[-3:], value) for name, value in options.items() if name[-4:-3] == "-"]
    if found := _LISTED_HOPS.search(options.get(AS_LISTED, "")):
        pairs = [(_LISTED_HOW[found[1]], found[2])]
    for how, text in pairs:
        number = names.number(text, 255)
        if how in _HOW and number is not None:
            return ChangeHopLimit(_HOW[how], number)
    raise RuleError(Reason("the target does not say what becomes of the hop limit"))


def _netmap(options: Mapping[str, str], family: Family, hooks: Set[str]) -> Effect:
    """On arrival the destination is mapped, on leaving the source (xt_NETMAP.c)."""
    found = addresses.parse(options.get("to", ""), family).of(family)
    if len(found.ranges) != 1:
        raise RuleError(Reason("NETMAP takes one network"))
    leaving = hooks & {"POSTROUTING", "INPUT"}
    if leaving and hooks - leaving:
        return Divert(Reason("which end NETMAP rewrites, as its chain is called on arrival and on leaving"))
    return Translate("source" if leaving else "destination", found.ranges[0], shifted=True)


def _mark(whose: Whose, options: Mapping[str, str]) -> SetMark:
    """Every way to set a mark is `(mark & ~mask) ^ value`."""
    for word in _MARK_WORDS:
        if word not in options:
            continue
        text, _, under = options[word].partition("/")
        value = names.number(text, ALL_BITS)
        mask = names.number(under, ALL_BITS) if under else ALL_BITS
        if value is None or mask is None:
            raise RuleError(Reason("'{value}' is no mark", value=options[word]))
        match word:
            case "set-mark":
                return SetMark(whose, value, mask | value)
            case "and-mark":
                return SetMark(whose, 0, ALL_BITS ^ value)
            case "or-mark":
                return SetMark(whose, value, value)
            case "xor-mark":
                return SetMark(whose, value, 0)
            case _:
                return SetMark(whose, value, mask)
    raise RuleError(Reason("the target does not say which mark it sets"))


def _connection_mark(options: Mapping[str, str]) -> Effect:
    shift = _shift(options)
    for word, to in (("save-mark", "connection"), ("restore-mark", "packet")):
        if word in options:
            whose: Whose = "connection" if to == "connection" else "packet"
            packet, connection = (_bits(options.get(name, options.get("mask", ""))) for name in ("nfmask",
                                                                                                 "ctmask"))
            return CopyMark(whose, *((packet, connection) if to == "connection" else (connection, packet)),
                            shift)
    mark = _mark("connection", options)
    return replace(mark, shift=shift)


def _shift(options: Mapping[str, str]) -> int:
    """By how many bits the result is moved up, or down."""
    for word, sign in (("left-shift-mark", 1), ("right-shift-mark", -1)):
        if word in options:
            bits = names.number(options[word], 32)
            if bits is None:
                raise RuleError(Reason("'{value}' is no number of bits", value=options[word]))
            return sign * bits
    return 0


def _bits(text: str) -> int:
    value = names.number(text, ALL_BITS) if text else ALL_BITS
    if value is None:
        raise RuleError(Reason("'{value}' is no mark", value=text))
    return value


def _translation(name: str, options: Mapping[str, str], family: Family) -> Effect:
    match name:
        case "REDIRECT":
            return Translate("destination", None, _ports(options.get("to-ports", "")), itself=True)
        case "MASQUERADE":
            return Translate("source", None, _ports(options.get("to-ports", "")), itself=True)
        case "DNAT":
            return _to("destination", options.get("to-destination", options.get("to", "")), family)
        case _:
            return _to("source", options.get("to-source", options.get("to", "")), family)


def _to(end: str, text: str, family: Family) -> Effect:
    """Read `10.0.0.2`, `10.0.0.2-10.0.0.9:80-90`, `:8080`, `[2001:db8::1]:80`."""
    text = text.split()[0] if text else ""
    if not text:
        raise RuleError(Reason("the target does not say to what it translates"))
    if text[0] == ":" and text[1:2].isdigit():
        where, ports = "", text[1:]
    elif family is Family.V6 and text.startswith("["):
        where, _, ports = text[1:].partition("]")
        ports = ports.removeprefix(":")
    elif family is Family.V6:
        where, ports = text, ""
    else:
        where, _, ports = text.partition(":")
    found = addresses.between(where, family) if where else None
    return Translate("destination" if end == "destination" else "source", found, _ports(ports))


def _ports(text: str) -> Range | None:
    """Read `80` or `80-90`; a base after a slash only says which of them is picked."""
    if not text:
        return None
    first, _, last = text.partition("/")[0].partition("-")
    low = names.port(first)
    return low, names.port(last) if last else low
