"""Parents and children of an ASA configuration: which lines are read of a section, and its tree.

ciscoconfparse reads the same lines, in the tests and where it is asked for (second_opinion.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.parsers.cisco_asa.features import table

HEADERS = frozenset("""interface class-map policy-map time-range group-policy tunnel-group tcp-map http-map
    dynamic-filter context webvpn username dynamic-access-policy-record
    route-map""".split())
"""Sections whose bodies can decide a verdict."""

SAFE = {
    "interface": frozenset("""nameif security-level ip ipv6 shutdown management-only bridge-group forward vlan
        channel-group port-channel member-interface switchport tunnel nve-only traffic-forward inline-set
        asr-group cts vrf dhcp policy-route""".split()),
    "class-map": frozenset({"match"}),
    "policy-map": frozenset("""class inspect set police sfr cxsc ips csc match parameters drop drop-connection
        reset protocol-violation endpoint-mapper""".split()),
    "time-range": frozenset({"absolute", "periodic"}),
    "group-policy": frozenset("""vpn-filter ipv6-vpn-filter vlan address-pools split-tunnel-policy
        ipv6-split-tunnel-policy split-tunnel-network-list""".split()),
    "tunnel-group": frozenset({"default-group-policy", "address-pool"}),
    "username": frozenset({"vpn-filter"}),
    "dynamic-access-policy-record": frozenset({"network-acl"}),
    "tcp-map": frozenset("""tcp-options check-retransmission checksum-verification exceed-mss invalid-ack
        reserved-bits seq-past-window syn-data synack-data urgent-flag window-variation""".split()),
    "http-map": frozenset("""content-length content-type-verification max-header-length max-uri-length
        port-misuse request-method strict-http transfer-encoding""".split()),
    "dynamic-filter": frozenset({"address"}),
    "context": frozenset({"allocate-interface"}),
    "webvpn": frozenset({"enable"}),
    "route-map": frozenset({"match", "set"}),
}
"""The first words (after an optional `no`) of the lines that are read; no other line is passed on."""

_READ = frozenset().union(*SAFE.values())

BESIDES = {section: frozenset(word for row in table.TABLE if row.within == section
                              for word in row.patterns[0]) - SAFE[section] for section in HEADERS}
"""Other lines of a section, with or without indentation: they do not end it, and are not read here."""

_DECISIVE = frozenset({"", "interface", "class-map", "time-range"})
"""Sections of which every line is known; the others have words without end, of which a few are read."""

_TAKES = {"nameif": 1, "security-level": 1, "shutdown": 0, "management-only": 1}
"""How many words follow the first one of a line of an interface, at most."""

_ALIKE = 0.75
_LONGEST = 30


def slip(section: str, word: str) -> bool:
    """Return whether an unread line of a section begins like one that decides, with a slip in it."""
    from difflib import get_close_matches

    return len(word) <= _LONGEST and (cut_short(section, [word])
                                      or bool(get_close_matches(word, SAFE[section], 1, _ALIKE)))


def goes_on(section: str, words: Sequence[str]) -> bool:
    """Return whether a line of an interface says more than its command: the end of a line is lost."""
    word, *rest = words
    if section != "interface" or word == "description":
        return False
    return len(rest) > _TAKES.get(word, len(rest)) or (bool(rest) and rest[-1].endswith("shutdown"))


def cut_short(section: str, words: Sequence[str]) -> bool:
    """Return whether a line of a section may be one that decides, cut short as people type it: `shut`."""
    word, *rest = words
    if word in SAFE[section]:
        return section == "interface" and word in ("ip", "ipv6") and bool(rest) and rest[0] != "address" \
            and "address".startswith(rest[0])
    return len(word) > 1 and any(each.startswith(word) for each in SAFE[section])


def words_of(section: str) -> frozenset[str]:
    """Return the words that begin a line in a section, none where no section is open."""
    return SAFE[section] | BESIDES[section] if section else frozenset()


def has(words: list[str]) -> bool:
    """Return whether a line, with or without `no` before it, may be one that is read in some section."""
    said = words[1:] if words[0] == "no" else words
    return bool(said) and said[0] in _READ


def is_decisive(section: str) -> bool:
    """Return whether a line of a section that is not known may change what the section says."""
    return section in _DECISIVE


def may_decide(section: str, lines: Sequence[tuple[int, str]], words: Sequence[str], *,
               indented: bool) -> bool:
    """Return whether a line that is not known may decide something, below the lines read so far.

    In a policy of classes it may be an action on packets, of which there are few, all known; not in an
    inspection map, which has words without end, nor where it names the queue of a shaped class (FW QoS).
    """
    if is_decisive(section) or slip(section, words[0]):
        return True
    header = next((text for _, text in reversed(lines) if not text.startswith(" ")), "")
    queue = indented and len(words) == 2 and words[0] == "service-policy"
    return header.startswith("policy-map ") and not header.startswith("policy-map type ") and not queue


def opens(words: list[str]) -> bool:
    """Distinguish the line that opens a section from others with the same first word."""
    match words:
        case ["group-policy" | "tunnel-group" | "username", *rest]:
            return len(rest) == 2 and rest[1] in ("attributes", "general-attributes")
        case ["webvpn", *rest]:
            return not rest
        case ["dynamic-filter", *rest]:
            return rest == ["blacklist"]
        case _:
            return True


def is_child(words: list[str]) -> bool:
    """Distinguish a child without indentation from a top-level command with the same first word."""
    match words:
        case ["ip", "address", where, *_]:
            return where[0].isdecimal() or where in ("dhcp", "pppoe")
        case ["nameif", *rest]:
            return len(rest) == 1
        case ["ipv6", "address", *_]:
            return True
        case _:
            return words[0] not in ("ip", "ipv6")


def indented(section: str, words: list[str]) -> str:
    """Write a line of a section with the indentation that the tree goes by."""
    said = words[1:] if words[0] == "no" else words
    depth = 1 if section != "policy-map" or said[:1] in (["class"], ["match"], ["parameters"]) else 2
    return " " * depth + " ".join(words)


class Section(Struct, frozen=True):
    """A line with the lines indented under it; `line` counts from 1 in the file."""

    line: int
    text: str
    children: tuple[Section, ...]

    @property
    def words(self) -> list[str]:
        """The line's words."""
        return self.text.split()


def tree(lines: Sequence[tuple[int, str]]) -> list[Section]:
    """Arrange `(line number, indented text)` pairs into sections: a line belongs to the one above it that
    is indented less."""
    below: list[tuple[int, Section]] = []  # the sections after a line, the nearest last, with their indents
    for number, text in reversed(lines):
        indent = len(text) - len(text.lstrip())
        children: list[Section] = []
        while below and below[-1][0] > indent:
            children.append(below.pop()[1])
        below.append((indent, Section(number, text.strip(), tuple(children))))
    return [section for _, section in reversed(below)]
