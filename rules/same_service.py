"""Ports that a requirement's service often has elsewhere: a rule for one of these may be meant for it."""

from aclproof.rules.pack import Pack, Requirement
from aclproof.rules.ports import PortRange, merge, parse_range
from aclproof.rules.settings import Settings, ports_of


def same_service(pack: Pack, requirement: Requirement, settings: Settings) -> tuple[PortRange, ...]:
    """Return the groups of the pack that its ports belong to, by its values here or by their defaults."""
    known = [*ports_of(requirement, settings), *_defaults(pack, requirement)]
    if not known:
        return ()
    groups = [[parse_range(each) for each in group] for group in pack.same_service]
    found = [group for group in groups if any(_meet(one, other) for one in group for other in known)]
    return merge([*known, *(each for group in found for each in group)])


def _defaults(pack: Pack, requirement: Requirement) -> list[PortRange]:
    """The ports that the settings have which the requirement names, where nobody gives others."""
    by_id = {setting.id: setting for setting in pack.settings}
    written = [by_id[name].default for name in requirement.ports if isinstance(name, str)]
    return [parse_range(text) for each in written if each
            for text in ([each] if isinstance(each, str) else each)]


def _meet(one: PortRange, other: PortRange) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
