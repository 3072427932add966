"""What else uses an access list than an interface: a login, a tunnel, a class, a translation, a cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.text.reader import Reader

_LISTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "access-group": (("access-group",),), "match": (("access-list",), ("ip", "address"), ("ipv6", "address"),
                                                    ("next-hop",), ("route-source",)),
    "crypto": (("match", "address"),), "aaa": (("match",),), "wccp": (("redirect-list",), ("group-list",)),
    **dict.fromkeys(("nat", "static", "capture"), (("access-list",),)),
    **dict.fromkeys(("vpn-filter", "ipv6-vpn-filter", "split-tunnel-network-list", "filter"), (("value",),)),
    "network-acl": (("network-acl",),), "distribute-list": (("distribute-list",),),
    "igmp": (("access-group",),), "multicast": (("boundary",),), "dynamic-filter": (("classify-list",),),
    "vpngroup": (("split-tunnel",),)}
"""First word of a line to the words right before the name of a list."""
_NO_USES = ("access-list ", "access-group ")


def uses(reader: Reader) -> dict[str, int]:
    """Return for each list that is used the first line that does so."""
    names = {name for name, _ in reader.lists}
    found: dict[str, int] = {}
    for line, text in enumerate(reader.texts, 1):
        if text and not text.startswith(_NO_USES) and text.strip().partition(" ")[0] in _LISTS:
            for name in lists(text.split()):
                if name in names:
                    found.setdefault(name, line)
    return found


def lists(words: Sequence[str]) -> Iterator[str]:
    """Yield the access lists that a line names, if it is no entry of one."""
    places = _LISTS.get(words[0], ())
    if not places or "prefix-list" in words:
        return
    for at in range(1, len(words)):
        if any(tuple(words[max(at - len(place), 0):at]) == place for place in places):
            yield from words[at:] if words[0] == "match" else words[at:at + 1]
