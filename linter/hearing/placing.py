"""Which firewall of a site an answer is of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aclproof.linter.site.site import Site
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.source import files_of
from aclproof.parsers.vendor import door, of_machine
from aclproof.reason import Reason, joined


def firewall_of(answer: DeviceAnswer, vendor: str, stated: str, devices: Collection[str], site: Site,
                firewalls: Mapping[str, Firewall]) -> str | Reason:
    """Return the name of the firewall in the site; or say why that is not known.

    What was stated for the file counts where its answers show one host name, `devices`, and not that of
    another firewall.
    """
    of_vendor = [name for name, each in firewalls.items() if of_machine((vendor, each.vendor))]
    own = {name for name in of_vendor
           if answer.device and answer.device.casefold() in _names(name, firewalls[name])}
    if stated and own and stated not in own:
        return Reason("it is said to be of {stated}, and its host name is that of {own}", stated=stated,
                      own=joined(", ", sorted(own)))
    if stated and not own and len(devices) > 1:
        return Reason("its host name is not that of {stated}, and the file has answers of several",
                      stated=stated)
    candidates = sorted(own) if answer.device else of_vendor
    if stated:
        candidates = [stated] if stated in of_vendor else []
    if len(candidates) > 1:
        return Reason("which firewall it is of does not show: say so with --evidence NAME=FILE")
    if not candidates:
        return Reason("no firewall of the site has that name: {device}", device=answer.device) if (
            answer.device) else Reason("the site has no such firewall")
    name, = candidates
    context = next(each.context for each in site.firewalls if each.name == name)
    if answer.context not in ("", context):
        return Reason("it is of the context {context}, which the site file does not name for {firewall}",
                      context=answer.context, firewall=name)
    return name


def _names(name: str, firewall: Firewall) -> set[str]:
    """What a firewall is called: by the site, and by its own files."""
    room = door(firewall.vendor)
    shown = (room.shown(each).name for each in files_of(firewall.source))
    return {each.casefold() for each in (name, *shown) if each}
