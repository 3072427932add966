"""The ports that an endpoint mapper names, held against the setting that says which ones RPC servers have."""

from __future__ import annotations

from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand
from aclproof.linter.hearing.standing import CUT
from aclproof.linter.program import Analysis
from aclproof.linter.testimony import Said
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import TCP
from aclproof.parsers.model.shown_by_device import EndpointsAnswer
from aclproof.reason import Reason, joined
from aclproof.rules.values import written

_RPC = "rpc-server"
"""The listener whose port the mapper names."""


def of_endpoints(site: Analysis, answer: EndpointsAnswer) -> Said:
    """Say whether the ports are among those that the site proves for RPC to that host, and no more.

    What another requirement sends there, such as to the mapper itself, is not the setting's.
    """
    said = Said("proves-nothing", answer)
    if not answer.complete:
        return replace(said, says=CUT)
    if answer.destination is None:
        return replace(said, says=Reason("which address the host has does not show"))
    sent = [(each.requirement, ports) for each in site.work.demands if (ports := _ports(each, answer))]
    rpc = [(requirement, ports) for requirement, ports in sent if requirement.listener == _RPC]
    if not rpc:
        return replace(said, says=Reason("no requirement of the site is about RPC to this host"))
    said = replace(said, requirements=tuple(requirement.id for requirement, _ in rpc))
    settings = joined(", ", dict.fromkeys(_setting(site, item) for requirement, _ in rpc
                                          for item in requirement.ports if isinstance(item, str)))
    others = IntervalSet.union(ports for requirement, ports in sent if requirement.listener != _RPC)
    beside = [str(port) for port in answer.ports
              if port not in others and any(port not in ports for _, ports in rpc)]
    if not beside:
        return replace(said, standing="confirmed", says=Reason(
            "all ports that it names are among those of {setting}", setting=settings))
    return replace(said, standing="contradicted", says=Reason(
        "it names TCP {ports}, which {setting} does not have: what was proven is about other ports",
        ports=", ".join(beside), setting=settings))


def _ports(demand: Demand, answer: EndpointsAnswer) -> IntervalSet:
    """The TCP ports to which a demand opens connections to the host."""
    assert answer.destination is not None
    return IntervalSet.union(box.destination_ports for box in demand.request.boxes
                             if box.protocol == TCP and box.family is answer.family
                             and answer.destination in box.destinations)


def _setting(site: Analysis, name: str) -> str:
    return f"{name} ({written(site.work.settings.values[name])})"
