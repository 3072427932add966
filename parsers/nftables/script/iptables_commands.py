"""Commands of iptables-nft for a table that only nft shows: each as the command of nft that does the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.iptables.saved.carry_out import COMMANDS
from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.words import Jump, RuleError, Spec, Test
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables.text.commands import BY_NUMBER
from aclproof.reason import Reason

_ENDS = {"source": "saddr", "destination": "daddr", "src-range": "saddr", "dst-range": "daddr"}
_WAYS = {"in-interface": "iifname", "out-interface": "oifname"}
_PORTS = {"sport": "sport", "dport": "dport", "sports": "sport", "dports": "dport"}
_VERDICTS = {"": "", "ACCEPT": "accept", "DROP": "drop", "RETURN": "return", "REJECT": "reject", "LOG": "log",
             "QUEUE": "queue"}
_STATES = frozenset("NEW ESTABLISHED RELATED INVALID UNTRACKED".split())


def translated(text: str, family: Family, table: str) -> str:
    """Return a command, as a table of a dump holds it, in the words of nft; RuleError where there is none."""
    words = rule.tokens(text)
    verb, chain, rest = COMMANDS[words[0]], words[1] if len(words) > 1 else "", words[2:]
    where = f"{'ip' if family is Family.V4 else 'ip6'} {table}"
    number = int(rest.pop(0)) if rest and rest[0].isdecimal() else None
    match verb:
        case "append":
            return f"add rule {where} {chain} {_rule(rest, family)}"
        case "insert" if number in (None, 1):
            return f"insert rule {where} {chain} {_rule(rest, family)}"
        case "insert" if number:
            return f"add rule {where} {chain} index {number - 2} {_rule(rest, family)}"
        case "replace" if number:
            return f"replace rule {where} {chain} {BY_NUMBER} {number - 1} {_rule(rest, family)}"
        case "delete" if number and not rest:
            return f"delete rule {where} {chain} {BY_NUMBER} {number - 1}"
        case "new" if chain:
            return f"add chain {where} {chain}"
        case "flush" if chain:
            return f"flush chain {where} {chain}"
        case "policy" if len(rest) == 1 and rest[0] in ("ACCEPT", "DROP"):
            return f"add chain {where} {chain} {{ policy {rest[0].lower()}; }}"
        case _:
            raise RuleError(Reason("'{text}' is not carried out on what nft prints; write it as a command "
                                   "of nft", text=text))


def _rule(words: Sequence[str], family: Family) -> str:
    spec = rule.parse(words, 1)
    return " ".join(filter(None, (*_tests(spec, family), "counter", _verdict(spec.jump))))


def _verdict(jump: Jump) -> str:
    known = _VERDICTS.get(jump.target)
    return f"{'goto' if jump.goto else 'jump'} {jump.target}" if known is None else known


def _tests(spec: Spec, family: Family) -> Iterator[str]:
    protocol = next((each.values[0] for each in spec.tests if each.name == "protocol"), "")
    for test in spec.tests:
        found = _test(test, family, protocol)
        if found is None or (test.negated and test.name in ("ctstate", "state", "dports", "sports")):
            raise RuleError(Reason("what '{name}' tests is not carried out on what nft prints; write it as a "
                                   "command of nft", name=test.name))
        yield found


def _test(test: Test, family: Family, protocol: str) -> str | None:
    """One test in the words of nft; empty for one that tests nothing, None for one that is not known."""
    value, sign = test.values[0] if test.values else "", "!= " if test.negated else ""
    word = "ip" if family is Family.V4 else "ip6"
    if test.name in _ENDS and "," not in value:
        return f"{word} {_ENDS[test.name]} {sign}{value}"
    if test.name in _WAYS:
        return f'{_WAYS[test.name]} {sign}"{value.removesuffix("+")}{"*" * value.endswith("+")}"'
    if test.name == "protocol":
        return "" if value in ("all", "0") else f"meta l4proto {sign}{_PROTOCOLS.get(value, value)}"
    if test.name in _PORTS:
        ports = [_ports(each) for each in value.split(",")]
        return f"{protocol} {_PORTS[test.name]} {sign}{{ {', '.join(ports)} }}"
    if test.name in ("icmp-type", "icmpv6-type") and value.isdecimal():
        return f"{'icmp' if family is Family.V4 else 'icmpv6'} type {sign}{value}"
    if test.name in ("ctstate", "state") and _STATES.issuperset(value.split(",")):
        return f"ct state {value.lower()}"
    return "" if test.name == "comment" else None


_PROTOCOLS: Mapping[str, str] = {"icmpv6": "ipv6-icmp", "icmp6": "ipv6-icmp"}


def _ports(value: str) -> str:
    low, colon, high = value.partition(":")
    if not (low + high).isdecimal():
        raise RuleError(Reason("the port '{value}' is not a number", value=value))
    return f"{low or 0}-{high or 65535}" if colon else low
