"""Commands in capitals, or with one: a device takes them as it takes others, and prints none.

Names keep their letters, since a device tells `IN` and `in` apart there.
"""

from __future__ import annotations

import re

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.text import definitions, sections
from aclproof.parsers.cisco_asa.words.keywords import ICMP_TYPES, PORT_NAMES, PROTOCOLS
from aclproof.parsers.cisco_asa.words.literals import OPERATORS

_COMMANDS = frozenset({"no", "access-list", "access-group", "object", "object-group", *sections.HEADERS,
                       *frozenset[str]().union(*definitions.WORDS.values(), *sections.SAFE.values()),
                       *(word for row in table.TABLE for word in row.patterns[0])})
_KEYWORDS = frozenset("""extended standard permit deny remark line any any4 any6 host range in out interface
    global control-plane per-user-override inactive log disable default interval time-range network service
    protocol icmp-type user security tcp udp tcp-udp source destination static dynamic after-auto
    unidirectional description subnet fqdn netmask inter-interface intra-interface icmp address mask dhcp
    setroute pppoe transparent match inspect type parameters inspection_default""".split()).union(
    _COMMANDS, PORT_NAMES, PROTOCOLS, OPERATORS, *ICMP_TYPES.values())
_NAMES_AFTER = {"name": 2, "static": 2, "dynamic": 2, **dict.fromkeys(
    """object object-group time-range nameif hostname access-list access-group group-object interface class
    class-map policy-map service-policy host route tunnel-group group-policy context""".split(), 1)}
"""So many words after these are names, or numbers."""
_RULES = frozenset({"access-list", "access-group"})
_FREE_TEXT = frozenset({"remark", "description"})
_WITH_CAPITALS = re.compile(
    r"^(?:\S+[#>] ?)?[ \t]*(?:access-(?:list|group) \S+ (?:line \d+ )?(?:extended |standard )?"
    r"(?:permit |deny )?)?([A-Z][A-Za-z-]*)\b", re.MULTILINE)
_ENDS = (" ANY ", " ANY\n", " EQ ", " HOST ", " INTERFACE ")
"""Of a rule that begins in small letters."""


def are_in(text: str) -> bool:
    """Return whether a command or a rule of a text may have capitals."""
    return (any(found[1].lower() in _KEYWORDS for found in _WITH_CAPITALS.finditer(text))
            or any(end in text for end in _ENDS))



def _has_capitals(words: list[str]) -> bool:
    """Whether a command has capitals in its first word, or a rule in another keyword."""
    if not words[0].islower():
        return True
    return words[0] in _RULES and any(word.lower() in _KEYWORDS and not word.islower() for word in words[2:])


def lowered(line: str) -> str:
    """Return a line with its keywords in small letters."""
    words = line.split()
    if not words or words[0].lower() not in _COMMANDS or not _has_capitals(words):
        return line
    indent = line[:len(line) - len(line.lstrip())]
    found: list[str] = []
    names = 0
    for at, word in enumerate(words):
        small = word.lower()
        if found and found[-1] in _FREE_TEXT:
            return indent + " ".join((*found, *words[at:]))
        kind = at == 1 and words[0].lower() in ("object", "object-group")
        if names and not kind:
            found.append(word)
            names -= 1
            continue
        found.append(small if small in _KEYWORDS else word)
        names = names if kind else _NAMES_AFTER.get(small, 0)
    return indent + " ".join(found)
