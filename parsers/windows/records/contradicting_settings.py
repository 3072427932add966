"""What two inputs say about one profile, and whether both can be true.

Group Policy wins where it sets something, so what is in force may differ from the computer's own settings as
long as nobody knows that Group Policy leaves them alone. Tools other than the registry do not say whose
settings they print; they are held against every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from aclproof.parsers.windows.records.rule import PROFILES, ProfileSettings, WindowsInput

_DEFAULTS: dict[str, object] = {
    "enabled": True, "inbound": "Block", "outbound": "Allow", "block_all_inbound": False}
"""What decides in any form, and what it is where the computer's own settings leave it out."""
_OF_POLICY = (*_DEFAULTS, "local_rules", "local_programs", "local_ports")
_OLD = "netsh firewall show"
"""Its standard profile is another one than Public on Windows Vista and later."""


class Stated(NamedTuple):
    """What one input says about one profile."""

    by: WindowsInput
    settings: ProfileSettings


def find(inputs: Sequence[WindowsInput]) -> Iterator[tuple[Stated, Stated]]:
    """Yield pairs of which only one can be true."""
    stated = [Stated(each, record) for each in inputs for record in each.profiles]
    for profile in PROFILES:
        here = [each for each in stated if each.settings.profile == profile]
        for one, other in combinations(here, 2):
            if any(_differ(one, other, name, here) for name in _names(one, other)):
                yield one, other


def _names(one: Stated, other: Stated) -> Sequence[str]:
    """Return the settings that can be compared."""
    stores = {one.settings.store, other.settings.store}
    if stores == {"policy"}:
        return _OF_POLICY if one.by is not other.by and _is_whole(one) and _is_whole(other) else ()
    if "policy" in stores:
        return _OF_POLICY if "effective" in stores and (_is_whole(one) or _is_whole(other)) else ()
    if one.by.kind == other.by.kind and len(stores) == 1:
        return tuple(each for each in ProfileSettings.__struct_fields__
                     if each not in ("line", "profile", "store", "log_blocked"))
    if _OLD in (one.by.kind, other.by.kind) and one.settings.profile == "Public":
        return ()
    return tuple(_DEFAULTS)


def _is_whole(stated: Stated) -> bool:
    """Return whether this is all that Group Policy sets, and not one of its objects."""
    return stated.settings.store == "policy" and stated.by.whole_policy


def _differ(one: Stated, other: Stated, name: str, here: Sequence[Stated]) -> bool:
    first, second = (_value(each, name, one, other) for each in (one, other))
    if first in (None, ()) or second in (None, ()) or first == second:
        return False
    stores = {one.settings.store, other.settings.store}
    if stores == {"effective", "policy"}:  # whoever blocks all, it counts
        policy = first if one.settings.store == "policy" else second
        return name != "block_all_inbound" or bool(policy)
    if stores == {"policy"} or (one.by.kind == other.by.kind and len(stores) == 1):
        return True
    policies = [each for each in here if each.settings.store == "policy"]
    if any(getattr(each.settings, name) is not None for each in policies):
        return False
    return stores != {"effective", "local"} or any(map(_is_whole, policies))


def _value(stated: Stated, name: str, one: Stated, other: Stated) -> object:
    """Return a setting; what the computer's own leave out is the default, beside another form."""
    found: object = getattr(stated.settings, name)
    plain = found is None and stated.settings.store == "local" and one.by.kind != other.by.kind
    return _DEFAULTS.get(name) if plain else found
