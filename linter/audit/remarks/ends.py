"""Addresses and networks that remarks name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

from aclproof.linter.audit.remarks.claims import HasAddress
from aclproof.parsers.model.addresses import AddressSet, Family, join, parse, single
from aclproof.parsers.model.intervals import IntervalSet

_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_FORMS = (
    re.compile(rf"(?<![\w.:/-])(?P<first>{_V4})(?:/(?P<length>\d{{1,2}})|\s*-\s*(?P<last>{_V4})|"
               rf"[\s/]+(?P<mask>(?:255|254|252|248|240|224|192|128|0)(?:\.\d{{1,3}}){{3}}))?(?![\w.]*\w|-\d|/\d)"),
    re.compile(r"(?<![\w:.])(?P<first>(?=[0-9a-f:.]*:[0-9a-f:.]*:)[0-9a-f:]{2,39}(?:\d+(?:\.\d+){3})?)"
               r"(?:/(?P<length>\d{1,3}))?(?![\w:./])", re.IGNORECASE))
_VERSION = re.compile(r"\b(?:v|ver\w*|rel\w*|build|firmware|fw|patch|fix\w*|release)\.?\s*$", re.IGNORECASE)
_PREPOSITION = re.compile(r"\b(?:(?P<source>from|by|source|src|von|vom|aus|quelle)|"
                          r"to|into|towards|dest\w*|dst|nach|zum?|zur|auf|an|ziel)\b", re.IGNORECASE)
_PRIVATE = join(map(parse, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))


def addresses(text: str) -> Iterator[HasAddress]:
    """Yield the addresses, networks and ranges of a text; what cannot be one of a host is none."""
    for form in _FORMS:
        for found in form.finditer(text):
            if not _VERSION.search(text[:found.start()]) and (known := _set(found)):
                yield HasAddress(found[0], known, _end(text[:found.start()]))


def are_private(some: AddressSet) -> bool:
    """Return whether all of some addresses are of networks that the Internet does not know."""
    return some <= _PRIVATE


def _end(before: str) -> Literal["sources", "destinations", ""]:
    """The last preposition before an address says which end it is."""
    found = list(_PREPOSITION.finditer(before))
    if not found:
        return ""
    return "sources" if found[-1]["source"] else "destinations"


def _set(found: re.Match[str]) -> AddressSet | None:
    groups = found.groupdict()
    try:
        first = ip_address(found["first"])
        if groups.get("last"):
            low, high = int(first), int(ip_address(found["last"]))
        else:
            net: IPv4Network | IPv6Network = ip_network(
                f"{first}/{groups.get('length') or groups.get('mask') or first.max_prefixlen}", strict=False)
            low, high = int(net.network_address), int(net.broadcast_address)
    except ValueError:
        return None
    if first.is_unspecified or first.is_multicast or int(first) == Family(first.version).last or low > high:
        return None
    if first.version == 4 and str(first).startswith(("0.", "255.")):
        return None
    return single(Family(first.version), IntervalSet.of((low, high)))
