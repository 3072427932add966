"""What rules of iptables do and ask that no verdict shows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from aclproof.parsers.iptables import forms
from aclproof.parsers.iptables.ipset.read import IpSet, is_dynamic
from aclproof.parsers.iptables.saved import same_rule
from aclproof.parsers.iptables.text.known_matches import ONLY_ASK
from aclproof.parsers.iptables.text.words import RuleError, Ruleset, Spec, Test
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Joined, Source

_VERDICTS = frozenset(("", "ACCEPT", "DROP", "RETURN"))
_NOTES = frozenset(("", "LOG", "NFLOG", "ULOG", "LOGMARK", "TRACE", "AUDIT"))
_OF_SOME_HEADERS = frozenset("ah esp ipcomp l2tp mh rt hbh dst frag srh ipv6header".split())
_GO_ON = "SYNPROXY"
"""It takes what opens a connection or acknowledges, and lets other packets go on (xt_SYNPROXY)."""


def by_line(firewall: Firewall, sources: Iterable[Source]) -> Mapping[int, Besides]:
    """Say so of the lines of dumps and listings; those that are not here do nothing besides."""
    found: dict[int, Besides] = {}
    joined = firewall.source
    read = [forms.read(source) for source in sources]
    sets = {name: each for form in read for name, each in form.sets.items()}
    for form in read:
        first = joined.first(form.source) if isinstance(joined, Joined) else 0
        for ruleset in form.rulesets:
            found.update((first + line, each) for line, each in _of_ruleset(ruleset, sets))
    return found


def _of_ruleset(ruleset: Ruleset, sets: Mapping[str, IpSet]) -> Iterator[tuple[int, Besides]]:
    seen: dict[tuple[int, int], Besides] = {}
    for table in ruleset.tables.values():
        for specs in table.chains.values():
            for spec in specs:
                if not isinstance(spec, Spec):
                    continue
                words = id(spec.criteria), id(spec.jump)  # equal words are the same objects
                if words not in seen:
                    seen[words] = _besides(spec, ruleset.family, sets, calls=spec.target in table.chains)
                if seen[words] != NOTHING:
                    yield spec.line, seen[words]


def _besides(spec: Spec, family: Family, sets: Mapping[str, IpSet], *, calls: bool) -> Besides:
    tests = spec.criteria.tests
    writes = tuple(str(test) for test in tests if test.module and _writes(test))
    target = () if calls or spec.target in _VERDICTS else _target(spec, family)
    deeds: Hashable = (target, writes) if target or writes else ()
    return Besides(deeds, not writes and not calls and spec.target in _NOTES,
                   spec.target == _GO_ON or any(_is_beyond(test, sets) for test in tests),
                   bool(target) and spec.target in _NOTES)


def _target(spec: Spec, family: Family) -> Hashable:
    """What it does; where that is not understood, as it is written."""
    try:
        return same_rule.target(spec, family)
    except RuleError:
        return spec.target, spec.jump.arguments


def _writes(test: Test) -> bool:
    """Whether a match may do more than ask, by itself or by its options."""
    return test.module not in ONLY_ASK or (test.module, test.name) in _WRITING


_WRITING = frozenset((("connlabel", "set"), ("osf", "log"), ("socket", "restore-skmark")))


def _is_beyond(test: Test, sets: Mapping[str, IpSet]) -> bool:
    match test.module, test.name:
        case "set", "match-set":
            return is_dynamic(test.values[0], sets) if test.values else True
        case "addrtype", "src-type" | "dst-type":
            return test.values != ("LOCAL",)
        case module, name:
            return module in _OF_SOME_HEADERS or module == "pkttype" or (not module and name == "fragment")
