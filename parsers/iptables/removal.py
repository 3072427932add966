"""Commands that take rules out of a saved rule set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aclproof.parsers.iptables.meaning.chain_id import ChainId
from aclproof.parsers.iptables.permits import number_of, program
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Rule

_SAVED = re.compile(r"(?:\[\d+:\d+\] )?-A (?P<chain>\S+)(?P<words>.*)")
_SET_COUNTERS = re.compile(r" (?:-c|--set-counters) \d+ \d+")


def commands(firewall: Firewall, places: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Return a command for each rule, by chain and line; empty for a rule of a listing.

    They are meant to be entered from the last rule of a chain to the first, as numbers change.
    """
    chains = {chain for chain, _ in places}
    twins = {chain: _twins(firewall, firewall.chains[chain].rules) for chain in chains}
    return [_command(firewall, chain, line, twins[chain]) for chain, line in places]


def _command(firewall: Firewall, chain: str, line: int, twins: Mapping[int, int]) -> str:
    words = _words(firewall, line)
    if not words:
        return ""
    own, rules = ChainId.of(chain), firewall.chains[chain].rules
    what = str(number_of(rules, twins[line], firewall)) if line in twins else words
    table = "" if own.table == "filter" else f" -t {own.table}"
    family = Family.V6 if "ipv6" in own.dump else Family.V4
    return f"{program(firewall, family, chain)}{table} -D {own.chain} {what}"


def _twins(firewall: Firewall, rules: Sequence[Rule]) -> Mapping[int, int]:
    """The places of rules, by line, that have the words of an earlier one."""
    lines = {rule.line: at for at, rule in reversed(list(enumerate(rules))) if rule.in_file}
    seen: set[str] = set()
    found: dict[int, int] = {}
    for line, at in sorted(lines.items(), key=lambda each: each[1]):
        words = _words(firewall, line)
        if words in seen:
            found[line] = at
        seen.add(words)
    return found


def _words(firewall: Firewall, line: int) -> str:
    """The tests and the target of a rule as it was saved."""
    found = _SAVED.fullmatch(firewall.source.span(line).text.strip())
    return _SET_COUNTERS.sub("", found["words"]).strip() if found else ""
