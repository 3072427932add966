"""Which firewall of a site an answer is of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aclproof.linter.site.site import Site
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.shown_by_device import ANOTHER_HOST, DeviceAnswer
from aclproof.parsers.source import files_of
from aclproof.parsers.vendor import door, of_machine
from aclproof.reason import Reason, joined


class Placing:
    """The firewalls of a site, by what makes them known in transcripts."""

    def __init__(self, site: Site, firewalls: Mapping[str, Firewall]) -> None:
        self._vendors = {name: each.vendor for name, each in firewalls.items()}
        self._names = {name: _names(name, each) for name, each in firewalls.items()}
        self._contexts = {each.name: each.context for each in site.firewalls}

    def firewall_of(self, answer: DeviceAnswer, vendor: str, stated: str,
                    devices: Collection[str]) -> str | Reason:
        """Return the name of the firewall in the site; or say why that is not known.

        What was stated for the file counts where its answers show one host name, `devices`, and not that of
        another firewall.
        """
        of_vendor = [name for name, own in self._vendors.items() if of_machine((vendor, own))]
        own = self._called(answer.device)
        if stated and own and stated not in own:
            return Reason("it is said to be of {stated}, and its host name is that of {own}", stated=stated,
                          own=joined(", ", own))
        if stated and not own and len(devices) > 1:
            return Reason("its host name is not that of {stated}, and the file has answers of several",
                          stated=stated)
        candidates = [name for name in own if name in of_vendor] if answer.device else of_vendor
        if stated:
            candidates = [stated] if stated in of_vendor else []
        if len(candidates) > 1 and answer.context:
            candidates = [name for name in candidates if self._contexts[name] == answer.context] or candidates
        if len(candidates) > 1:
            return Reason("which firewall it is of does not show: say so with --evidence NAME=FILE")
        if not candidates and answer.device == ANOTHER_HOST:
            return Reason("a command before it leads to another host, and whose prompt this is does not show")
        if not candidates:
            return Reason("no firewall of the site has that name: {device}", device=answer.device) if (
                answer.device) else Reason("the site has no such firewall")
        name, = candidates
        if answer.context not in ("", self._contexts[name]):
            return Reason("it is of the context {context}, which the site file does not name for {firewall}",
                          context=answer.context, firewall=name)
        return name

    def _called(self, device: str) -> list[str]:
        """The firewalls that have a host name."""
        return sorted(name for name, names in self._names.items() if device.casefold() in names)

    def remark(self, answer: DeviceAnswer, firewall: str, stated: str) -> Reason | None:
        """Say by what an answer is taken to be of a firewall; None where its host name says so."""
        if self._called(answer.device):
            return None
        if not stated:
            return Reason("no host name shows: its answers are taken to be of {firewall}, which is the only "
                          "firewall of this kind", firewall=firewall)
        if answer.device in ("", ANOTHER_HOST):
            return None
        return Reason("its answers are taken to be of {firewall}, as --evidence says, though their host "
                      "name, {device}, is that of no firewall of the site", firewall=firewall,
                      device=answer.device)


def _names(name: str, firewall: Firewall) -> set[str]:
    """What a firewall is called: by the site, and by its own files."""
    room = door(firewall.vendor)
    shown = (room.shown(each).name for each in files_of(firewall.source))
    return {each.casefold() for each in (name, *shown) if each}
