"""The words by which people name what plays a role."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORDS: dict[str, tuple[str, ...]] = {
    "management-point": ("mp", "mps", "management point", "verwaltungspunkt"),
    "distribution-point": ("dp", "dps", "distribution point", "verteilungspunkt"),
    "software-update-point": ("sup", "wsus", "software update point", "softwareupdatepunkt"),
    "server-locator-point": ("slp", "server locator point", "serverlocatorpunkt"),
    "fallback-status-point": ("fsp", "fallback status point", "fallbackstatuspunkt"),
    "site-server": ("site server", "siteserver", "standortserver", "sccm", "configmgr", "mecm", "sms"),
    "client": ("client", "clients", "workstation", "workstations", "desktop", "desktops", "pc", "pcs",
               "laptop", "laptops", "notebook", "notebooks", "user", "users", "clientcomputer",
               "arbeitsplatz", "arbeitsplaetze", "benutzer"),
}
"""Role to the words that mean it; a name with those of another role is none for `site-server`."""
_CLIENT_SIDE = ("lan", "branch", "office", "campus", "inside", "filiale", "buero", "standort")
"""Words of places where clients often are."""
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_GENERAL = "site-server"
"""Its words name the product as well: `SCCM-MP01` is a management point."""


def roles_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the roles that a name or a description mentions, with the word."""
    known = _spaced(text)
    found = [(role, word) for role, words in _WORDS.items()
             for word in words if f" {word} " in known]
    first = dict(reversed(found))
    if len(first) > 1 and first.get(_GENERAL, "") in ("sccm", "configmgr", "mecm", "sms"):
        del first[_GENERAL]
    for role in _WORDS:
        if role in first:
            yield role, first[role]


def client_side(text: str) -> str:
    """Return the word in a name for a place where clients are, or nothing."""
    known = _spaced(text)
    return next((word for word in _CLIENT_SIDE if f" {word} " in known), "")


def _spaced(text: str) -> str:
    """`SCCM-MP01` and `sccmClients` as words between blanks."""
    return f" {' '.join(each.lower() for each in _TOKEN.findall(text))} "
