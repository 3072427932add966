"""What entries of access lists do besides permitting and denying, and lists of which each entry counts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aclproof.parsers.model.besides import Besides
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action
from aclproof.parsers.source import files_of
from aclproof.reason import Reason

_LOG = re.compile(r"\slog(?=\s|$)(?:\s+(?P<level>(?!interval\b|inactive\b|time-range\b)[a-z0-7]+))?"
                  r"(?:\s+interval\s+(?P<seconds>\d+))?")
_SNORT = re.compile(r"\S+\s+\S+\s+advanced\s+(?P<action>\S+).*?(?P<rule>\srule-id\s+\d+|$)")
"""Of Firepower: what is trusted does not come to Snort, which looks at all else by the rule's number."""
_LEVELS = {word: str(number) for number, word in enumerate(
    "emergencies alerts critical errors warnings notifications informational debugging".split())}
_USUAL_LEVEL, _USUAL_SECONDS = "6", "300"

_BY_ENTRY = re.compile(
    r"(?m)^[ \t]*(?:crypto (?:dynamic-)?map \S+ \d+ match address (?P<crypto>\S+)"
    r"|(?:nat \([^)\n]*\) \d+|static \([^)\n]*\) .*?) access-list (?P<nat>\S+))")
_TUNNELS = Reason("each of its entries makes a tunnel of its own, with the ends that it names")
_TRANSLATIONS = Reason("each of its entries makes a translation of its own")


def by_line(firewall: Firewall) -> Mapping[int, Besides]:
    """Say so of the entries of all lists."""
    actions = {rule.line: rule.action for chain in firewall.lists.values() for rule in chain.rules
               if rule.in_file}
    deeds = ((line, _deeds(firewall.source.span(line).text, action)) for line, action in actions.items())
    return {line: Besides(each) for line, each in deeds if each}


def _deeds(entry: str, action: Action) -> tuple[str, ...]:
    found = []
    if " log" in entry and (log := _LOG.search(entry)):
        level, seconds = log["level"] or _USUAL_LEVEL, log["seconds"] or _USUAL_SECONDS
        as_without = ("default", "disable") if action is Action.PERMIT else ("default",)
        if level not in as_without:  # without the word a deny leaves a message, and a permit none
            found.append(f"log {level_of(level)} {seconds}")
    if " advanced " in entry and (snort := _SNORT.match(entry)):
        found.append(f"{snort['action']}{snort['rule']}")
    return tuple(found)


def message(entry: str) -> tuple[str, str]:
    """Return number and level of the message that a denying entry leaves, by its word `log`; empty for none.

    A deny leaves 106023 of level 4 by default, 106100 instead where it says `log`, nothing where it says
    `log disable` (ASA CLI guide, 'Configuring Logging for Access Lists').
    """
    log = _LOG.search(entry) if " log" in entry else None
    level = (log["level"] or _USUAL_LEVEL) if log else "default"
    return {"default": ("106023", "4"), "disable": ("", "")}.get(level, ("106100", level_of(level)))


def level_of(word: str) -> str:
    """Return the number of a level that may be written as a word; what is no level as it is."""
    return _LEVELS.get(word, word)


def counted_singly(firewall: Firewall) -> Mapping[str, Reason]:
    """Say why the entries of a list are more than what the list permits."""
    found: dict[str, Reason] = {}
    for source in files_of(firewall.source):
        for use in _BY_ENTRY.finditer(source.text):
            name, why = (use["crypto"], _TUNNELS) if use["crypto"] else (use["nat"], _TRANSLATIONS)
            found |= {name: why, f"{name} (ipv6)": why}
    return found
