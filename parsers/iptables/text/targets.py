"""What a target does: end the walk of a table, call a chain, or change the packet and let it go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aclproof.parsers.iptables.text import addresses, names
from aclproof.parsers.iptables.text.words import RuleError, Spec
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.effects import CopyMark, Divert, Effect, SetMark, Translate, Untrack, Whose
from aclproof.parsers.model.intervals import Range
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action

_ENDS = {"ACCEPT": Action.PERMIT, "DROP": Action.DENY, "REJECT": Action.DENY, "TARPIT": Action.DENY,
         "DELUDE": Action.DENY, "CHAOS": Action.DENY, "STEAL": Action.DENY, "RETURN": Action.RETURN}
_GOES_ON = frozenset(
    "LOG NFLOG ULOG TRACE SET TCPMSS TCPOPTSTRIP CHECKSUM CLASSIFY DSCP TOS TTL HL AUDIT ECN RATEEST "
    "IDLETIMER LED TEE SECMARK CONNSECMARK ACCOUNT IPV4OPTSSTRIP NETFLOW SYSRQ LOGMARK".split())
"""They log, count or colour: nothing that a later test depends on."""
_PROGRAM_DECIDES = frozenset("QUEUE NFQUEUE SYNPROXY".split())
_ALL_BITS = (1 << 32) - 1
_MARK_WORDS = ("set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark")


@dataclass(frozen=True, slots=True)
class TargetEffect:
    """What a target does; `program` where something outside of the rules has the last word."""

    action: Action
    effect: Effect | None = None
    chain: str = ""
    program: bool = False


def understand(spec: Spec, family: Family, chains: Mapping[str, object]) -> TargetEffect:
    """Read the target of a rule; RuleError for one that is neither known nor a chain of the table."""
    name = spec.target
    if name in chains:
        return TargetEffect(Action.GOTO if spec.goto else Action.JUMP, chain=name)
    if name in _ENDS:
        return TargetEffect(_ENDS[name])
    if not name or name in _GOES_ON:
        return TargetEffect(Action.CONTINUE)
    if name in _PROGRAM_DECIDES:
        return TargetEffect(Action.PERMIT, program=True)
    return _with_effect(name, dict(spec.arguments), family)


def _with_effect(name: str, options: Mapping[str, str], family: Family) -> TargetEffect:
    """Read a target that changes the packet or how it is tracked."""
    match name:
        case "MARK":
            return TargetEffect(Action.CONTINUE, _mark("packet", options))
        case "CONNMARK":
            return TargetEffect(Action.CONTINUE, _connection_mark(options))
        case "NOTRACK":
            return TargetEffect(Action.CONTINUE, Untrack())
        case "CT":
            return TargetEffect(Action.CONTINUE, Untrack() if "notrack" in options else None)
        case "DNAT" | "REDIRECT" | "NETMAP" | "SNAT" | "MASQUERADE" | "SAME":
            return TargetEffect(Action.PERMIT, _translation(name, options, family))
        case "TPROXY":
            reason = Reason("what the program does that takes them over (TPROXY)")
            return TargetEffect(Action.PERMIT, Divert(reason))
        case "HMARK":
            return TargetEffect(Action.CONTINUE, SetMark("packet", 0, 0, known=False))
        case _:
            raise RuleError(Reason("'{name}' is no target, and no chain of this table", name=name))


def _mark(whose: Whose, options: Mapping[str, str]) -> SetMark:
    """Every way to set a mark is `(mark & ~mask) ^ value`."""
    for word in _MARK_WORDS:
        if word not in options:
            continue
        text, _, under = options[word].partition("/")
        value = names.number(text, _ALL_BITS)
        mask = names.number(under, _ALL_BITS) if under else _ALL_BITS
        if value is None or mask is None:
            raise RuleError(Reason("'{value}' is no mark", value=options[word]))
        match word:
            case "set-mark":
                return SetMark(whose, value, mask | value)
            case "and-mark":
                return SetMark(whose, 0, _ALL_BITS ^ value)
            case "or-mark":
                return SetMark(whose, value, value)
            case "xor-mark":
                return SetMark(whose, value, 0)
            case _:
                return SetMark(whose, value, mask)
    raise RuleError(Reason("the target does not say which mark it sets"))


def _connection_mark(options: Mapping[str, str]) -> Effect:
    for word, to in (("save-mark", "connection"), ("restore-mark", "packet")):
        if word in options:
            whose: Whose = "connection" if to == "connection" else "packet"
            if {names.number(options[each], _ALL_BITS) for each in ("mask", "nfmask", "ctmask")
                    if each in options} <= {_ALL_BITS}:
                return CopyMark(whose)
            return SetMark(whose, 0, 0, known=False)
    return _mark("connection", options)


def _translation(name: str, options: Mapping[str, str], family: Family) -> Effect:
    match name:
        case "REDIRECT":
            return Translate("destination", None, _ports(options.get("to-ports", "")), itself=True)
        case "MASQUERADE":
            return Translate("source", None, _ports(options.get("to-ports", "")), itself=True)
        case "NETMAP":
            found = addresses.parse(options.get("to", ""), family).of(family)
            if len(found.ranges) != 1:
                raise RuleError(Reason("NETMAP takes one network"))
            return Translate("destination", found.ranges[0], shifted=True)
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
