"""Which firewall of a site an answer is of."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.site.site import Site
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.source import Source, files_of
from aclproof.parsers.vendor import door, of_machine
from aclproof.reason import Reason, joined


def firewall_of(answer: DeviceAnswer, vendor: str, stated: str, site: Site,
                firewalls: Mapping[str, Firewall]) -> str | Reason:
    """Return the name of the firewall in the site; or say why that is not known.

    What was stated for the file counts as long as the answer's own host name is not that of another one.
    """
    of_vendor = [name for name, each in firewalls.items() if of_machine((vendor, each.vendor))]
    own = {name for name in of_vendor
           if answer.device and answer.device.casefold() in _names(name, firewalls[name])}
    contexts = {each.name: each.context for each in site.firewalls}
    if stated:
        if own and stated not in own:
            return Reason("it is said to be of {stated}, and its host name is that of {own}", stated=stated,
                          own=joined(", ", sorted(own)))
        candidates = [stated] if stated in of_vendor else []
    elif answer.device:
        candidates = sorted(own)
    else:
        candidates = of_vendor
    if answer.context:
        candidates = [each for each in candidates if contexts[each] in ("", answer.context)]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        return Reason("no firewall of the site has that name: {device}", device=answer.device) if (
            answer.device) else Reason("the site has no such firewall")
    return Reason("which firewall it is of does not show: say so with --evidence NAME=FILE")


def _names(name: str, firewall: Firewall) -> set[str]:
    """What a firewall is called: by the site, and by its own files."""
    room = door(firewall.vendor)
    shown = [room.shown(each).name for each in files_of(firewall.source)] if isinstance(
        firewall.source, Source) else []
    return {each.casefold() for each in (name, *shown) if each}
