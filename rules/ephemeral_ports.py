"""From which ports connections are opened: a setting that every pack has, and what roles say of themselves.

No client opens a connection from a port below 1024 unless it asks for one: those are the system's (RFC 6335).
"""

from collections.abc import Iterable

from aclproof.rules.joined import bare
from aclproof.rules.pack import EPHEMERAL_PORTS, Pack, Setting, Text
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
    own = next(each.id for each in pack.settings if bare(each.id) == PORTS.id)
    everywhere = _ranges(settings.values[own])
    by = next((each.ephemeral_ports for each in pack.roles if each.id == role), None)
    if settings.is_given(own):
        return everywhere
    if of_system and not (by and settings.is_given(by.setting)):
        return of_system
    if by is None or by.setting not in settings.values:
        return everywhere
    return _ranges(parse_value(PORTS, by.values[written(settings.values[by.setting])]))


def _ranges(value: Value) -> tuple[PortRange, ...]:
    assert isinstance(value, tuple)  # the kind of the setting
    return value
