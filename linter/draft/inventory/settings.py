"""Settings that follow from properties of servers and sites; where these disagree or lack, a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.draft.inventory.inventory import InventorySite, ServerRole
from aclproof.linter.draft.stated import Line
from aclproof.linter.questions import FILL_IN
from aclproof.reason import Reason
from aclproof.rules.inventory_section import InventorySetting
from aclproof.rules.pack import Pack, Setting
from aclproof.rules.values import parse_value

_MOST_NAMES = 3


class _Found(Struct, frozen=True):
    """What one server or site says of a setting; no value where it says nothing."""

    name: str
    value: str
    basis: str


def lines(pack: Pack, sites: Sequence[InventorySite],
          servers: Mapping[str, Sequence[ServerRole]]) -> Iterator[tuple[str, Line]]:
    """Yield each setting that the inventory shows, and gaps for those that it does not show and has to.

    `sites` are those of the clients and of all `servers`.
    """
    by_id = {each.id: each for each in pack.settings}
    site_properties = {each.code: each.properties for each in sites}
    for hint in pack.init.inventory.settings if pack.init.inventory else ():
        if hint.roles:
            found = [_said(hint, each.server, {**site_properties[each.site], **each.properties})
                     for role in hint.roles for each in servers.get(role, ())]
        else:
            found = [_said(hint, each.code, each.properties) for each in sites]
        if line := _line(hint, by_id[hint.id], found):
            yield hint.id, line


def _said(hint: InventorySetting, name: str, properties: Mapping[str, str]) -> _Found:
    if hint.property:
        return _Found(name, properties.get(hint.property, ""), hint.property)
    for case in hint.cases:
        if all(properties.get(key) in values for key, values in case.when.items()):
            return _Found(name, case.value, ", ".join(f"{key} {properties[key]}" for key in case.when))
    asked = dict.fromkeys(key for case in hint.cases for key in case.when)
    return _Found(name, "", ", ".join(f"{key} {properties.get(key, '-')}" for key in asked))


def _line(hint: InventorySetting, setting: Setting, found: Sequence[_Found]) -> Line | None:
    values = {each.value for each in found}
    if not found or (hint.optional and values == {""}):
        return None
    if "" in values:
        mute = [each for each in found if not each.value]
        return Line(FILL_IN, Reason("the export does not tell it ({basis} of {names})", basis=mute[0].basis,
                                    names=_few(each.name for each in mute)))
    if len(values) > 1:
        return Line(FILL_IN, Reason("they differ: {values}; write a site file for each", values=_few(
            dict.fromkeys(f"{each.name} {each.value}" for each in found))))
    value = found[0].value
    try:
        parse_value(setting, value)
    except ValueError as error:
        return Line(FILL_IN, Reason("{basis} of {names}: {reason}", basis=found[0].basis,
                                    names=_few(each.name for each in found), reason=str(error)))
    return Line(value, Reason("{basis} of {names}", basis=found[0].basis,
                              names=_few(each.name for each in found)))


def _few(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    more = len(known) - _MOST_NAMES
    first = ", ".join(known[:_MOST_NAMES])
    return Reason("{names} and {number} more", names=first, number=more) if more > 0 else first
