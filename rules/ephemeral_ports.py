"""From which ports connections are opened: a setting that every pack has, and what roles say of themselves.

No client opens a connection from a port below 1024 unless it asks for one: those are the system's (RFC 6335).
"""

from collections.abc import Iterable

from aclproof.rules.joined import bare
from aclproof.rules.pack import EPHEMERAL_PORTS, DefaultBy, Pack, Setting, Text
from aclproof.rules.ports import PortRange
from aclproof.rules.settings import Settings
from aclproof.rules.values import Value, parse_value, written

PORTS = Setting(
    EPHEMERAL_PORTS,
    Text("Ports that connections are opened from", "Ports, von denen Verbindungen ausgehen"),
    "ports",
    default="1024-65535",
)


def with_common_settings(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """The settings of a pack and those that every pack has; its own one of that name counts."""
    declared = tuple(settings)
    return declared if any(each.id == PORTS.id for each in declared) else (*declared, PORTS)


def source_ports(pack: Pack, role: str, settings: Settings,
                 of_system: tuple[PortRange, ...]) -> tuple[PortRange, ...]:
    """The ports that a role opens connections from, as sorted, disjoint, inclusive ranges.

    What was given counts first: the ports themselves, then the role's system. `of_system` are those of the
    system that an export of its firewall tells; empty where none does.
    """
    own = _own(pack)
    everywhere = _ranges(settings.values[own])
    by = _by_system(pack, role)
    if settings.is_given(own):
        return everywhere
    if of_system and not (by and settings.is_given(by.setting)):
        return of_system
    if by is None or by.setting not in settings.values:
        return everywhere
    return _ranges(parse_value(PORTS, by.values[written(settings.values[by.setting])]))


def settings_of_ports(pack: Pack, role: str, settings: Settings) -> tuple[str, ...]:
    """The settings, by id, that the ports of a role rest on: the ports themselves, and its system."""
    by = _by_system(pack, role)
    own = _own(pack)
    return (own,) if by is None or settings.is_given(own) else (own, by.setting)


def _own(pack: Pack) -> str:
    """The setting of the ports themselves, as it is called in a pack that may be one of several."""
    return next(each.id for each in reversed(pack.settings) if bare(each.id) == PORTS.id)


def _by_system(pack: Pack, role: str) -> DefaultBy | None:
    return next((each.ephemeral_ports for each in pack.roles if each.id == role), None)


def _ranges(value: Value) -> tuple[PortRange, ...]:
    assert isinstance(value, tuple)  # the kind of the setting
    return value
