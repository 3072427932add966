"""Unknown lines: which of them may be damaged ones that decide whether packets pass."""

from __future__ import annotations

import re
from functools import lru_cache

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.text import sections

SUSPICIOUS = frozenset("""permit deny access-list access-group object object-group extended shun
network-object port-object service-object protocol-object icmp-object group-object nameif""".split())
"""Words that make an unread line important: it may be a damaged rule, or a member of a damaged group."""

_ORPHANS = frozenset("""nameif security-level network-object port-object service-object protocol-object
icmp-object group-object""".split())

_DECIDING = tuple("""access-list access-group object object-group static interface route name nameif
time-range class-map policy-map service-policy same-security-traffic conduit network-object port-object
service-object protocol-object icmp-object group-object security-level""".split())
_SHORTEST = 3
"""Letters that a command is cut to, in lines that may be noise as well."""
_RULE = re.compile(r"\b(?:permit|deny) +(?:ip|tcp|udp|icmp|object)").search
_BINDING = re.compile(r"\b(?:in|out) +interface +\S|\(\S+,\S+\)").search
_SECOND = re.compile(
    r"access-list \S+ (?:extended|advanced|standard|permit|deny|line \d)|access-group \S+ (?:in|out|global)|"
    r"(?:network|service|port|protocol|icmp|group)-object \S|object(?:-group)? (?:network|service) \S+$|"
    r"nameif \S|security-level \d|ip address \d|nat \(|static \(\S+,|route \S+ \d\S*\.\d+ \d\S*\.\d|"
    r"same-security-traffic \S|service-policy \S+ (?:global|interface)|(?:class|policy)-map \S").search
_FREE_TEXT = frozenset("""description remark banner show prompt snmp-server username memo command-alias
more""".split())
_WITH_A_SECOND_WORD = frozenset("no ip ipv6 object object-group access-list".split())
_LONGEST = 30
PATIENCE = 1000
"""So many unknown lines are looked at; a file with more is no configuration, and each may decide."""


def may_decide(words: list[str]) -> bool:
    """Return whether an unknown line may be a damaged one that decides whether packets pass."""
    if len(words[0]) >= _SHORTEST and words[0].islower() and table.cut_short(words):
        return True
    words = [word.lower() for word in words]  # whether a device takes capitals is not documented
    text = " ".join(words)
    if len(words) == 1 and any(each.startswith(words[0]) for each in _DECIDING):
        return True  # cut off in its first word
    return bool(SUSPICIOUS.intersection(words) or _RULE(text) or binds(text) or nearly(words[0])
                or nearly("".join(words[:2])))


def decides_in_body(words: list[str], text: str, *, lost: bool) -> bool:
    """Return whether a line in a section that decides nothing may be of another one all the same, or a rule.

    `lost`: its header is unknown, and may stand in the middle of any section.
    """
    if words[0] in _ORPHANS or words[:2] == ["ip", "address"] or _RULE(text):
        return True
    return lost and (sections.has(words) or may_decide(words))


def binds(text: str) -> bool:
    """Return whether a line, be it a damaged one, says between which interfaces it holds."""
    return _BINDING(text) is not None


def holds_two(text: str) -> bool:
    """Return whether a command that decides begins within a line, as if the end of a line were lost."""
    words = text.split(None, 5)
    known = words[:1 + (words[0] in _WITH_A_SECOND_WORD)]
    return words[0] not in _FREE_TEXT and "remark" not in words[2:5] and bool(
        _SECOND(text, text.index(words[0]) + len(" ".join(known))))


@lru_cache(maxsize=PATIENCE)
def nearly(word: str) -> bool:
    """Return whether a word looks like a command that decides, with a slip in it."""
    from difflib import get_close_matches

    return (any(word.startswith(each) for each in _DECIDING[:4])
            or (len(word) <= _LONGEST and bool(get_close_matches(word, _DECIDING, 1, 0.75))))
