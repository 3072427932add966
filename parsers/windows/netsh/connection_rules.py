"""Connection security rules as `netsh advfirewall consec show rule name=all` prints them, in English."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.windows.netsh.text import Section, label_of
from aclproof.parsers.windows.records import connection_security, spelling
from aclproof.parsers.windows.records.connection_security import ConnectionRule
from aclproof.parsers.windows.records.rule import Barrier

_ENDS = "Endpoint1", "Endpoint2"
_ANY = frozenset({"", "any"})
_REQUIRES: dict[str, connection_security.Requires] = {
    "requireinrequestout": ("In",), "requireinclearout": ("In",), "requireinrequireout": ("In", "Out"),
    "requestinrequestout": (), "requestinclearout": (), "noauthentication": ()}
"""Which ways a rule lets nothing pass that is not authenticated; `Clear` leaves the way out alone."""


def is_section(section: Section) -> bool:
    """Return whether a section is such a rule: no rule of the firewall has endpoints."""
    return any(line.startswith(_ENDS) for line in section.body)


def barriers(section: Section) -> Iterator[Barrier]:
    """Yield what the rule may stop."""
    fields = dict(pair for pair in map(label_of, section.body) if pair)
    name = section.heading.partition(":")[2].strip()
    required = _REQUIRES.get(fields.get("Action", "").lower())
    if required is None:
        yield connection_security.unread(section.line, name, fields.get("Action", ""))
        return
    if fields.get("Enabled", "").lower() == "no":
        return
    one, other = (_addresses(fields.get(end, "")) for end in _ENDS)
    profiles = connection_security.profiles(fields["Profiles"].split(",") if "Profiles" in fields else ())
    yield from connection_security.barriers(ConnectionRule(
        section.line, name, required, one, other, None, profiles))


def _addresses(written: str) -> tuple[str, ...]:
    words = [each.strip() for each in written.split(",")]
    return () if any(each.lower() in _ANY for each in words) else tuple(map(spelling.address, words))
