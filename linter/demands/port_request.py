"""The port request for the firewall team: the demands of a site, one entry for each flow.

No configuration is read for it: who, to whom and which ports follow from the pack and the site alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand, Plan, answer, plan
from aclproof.linter.demands.not_needed import NotNeeded
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.paths import Path
from aclproof.linter.site.site import Site
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.rules.pack import Pack, Requirement, Role, Severity
from aclproof.rules.settings import rests_on, settings_tested, settings_used
from aclproof.rules.values import written


class Flow(Struct, frozen=True):
    """Packets that open connections, and every demand that needs exactly these."""

    box: Box
    demands: tuple[Demand, ...]
    path: Path
    settings: tuple[str, ...]
    """Those that its ports come from."""
    assumed: tuple[str, ...]
    """Settings that it rests on and that were not given."""

    @property
    def through(self) -> tuple[str, ...]:
        """Names of the firewalls on the way, in order, as far as the site file has them."""
        return self.path.names

    @property
    def answers(self) -> Box:
        """The packets on the way back."""
        return answer(self.box)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What needs it, in the pack's order."""
        return tuple(each.requirement for each in self.demands)

    @property
    def sources(self) -> tuple[str, ...]:
        """The roles that open it."""
        return tuple(dict.fromkeys(each.source for each in self.requirements))

    @property
    def destinations(self) -> tuple[str, ...]:
        """The roles that listen."""
        return tuple(dict.fromkeys(each.destination for each in self.requirements))

    @property
    def methods(self) -> tuple[str, ...]:
        """The selected methods that need it."""
        return tuple(dict.fromkeys(method for each in self.demands for method in each.methods))

    @property
    def severity(self) -> Severity:
        """`warning` only if nothing surely needs it."""
        return "warning" if {each.severity for each in self.requirements} == {"warning"} else "error"

    @property
    def port_may_change(self) -> bool:
        """Whether the source lets a site choose other ports for all that needs it."""
        return all(each.alternate_port for each in self.requirements)


class PortRequest(Struct, frozen=True):
    """All flows of a site, and what was taken for granted."""

    pack: Pack
    site_file: str
    """As it was named; empty where the site was given by options."""
    flows: tuple[Flow, ...]
    assessed: tuple[str, ...]
    """The methods that it is for."""
    left_out: Mapping[str, str]
    """Methods that it is not for, and why."""
    not_needed: tuple[NotNeeded, ...]
    assumed: Mapping[str, str]
    """Settings that any of it rests on and that were not given, with the value that was taken."""

    def role(self, name: str) -> Role:
        """Find a role of the pack."""
        return next(each for each in self.pack.roles if each.id == name)


def port_request(site: Site) -> PortRequest:
    """Compute what has to be open here; InputError for a site that the pack cannot be applied to."""
    pack = pack_of(site)
    work = plan(site, pack)
    used = [name for each in work.demands for name in settings_used(each.requirement)]
    tested = [name for each in work.not_applicable for name in settings_tested(each.requirement.when)]
    tested += [name for each in pack.methods if each.id in work.assessed
               for name in settings_tested(each.when)]
    rests = rests_on(pack, (*used, *tested), work.settings)
    assumed = {name: written(work.settings.values[name]) for name in work.assumed if name in rests}
    return replace(empty_request(site), flows=_flows(pack, work), assessed=work.assessed,
                   left_out=work.not_assessed, not_needed=work.not_applicable, assumed=assumed)


def empty_request(site: Site) -> PortRequest:
    """Return the request of a site for no method at all."""
    return PortRequest(pack_of(site), site.origin.file if site.origin else "", (), (), {}, (), {})


def _flows(pack: Pack, work: Plan) -> tuple[Flow, ...]:
    """Merge demands for the same packets on the same way, in the order of the first of them."""
    same: dict[tuple[Box, tuple[str, ...], bool], list[Demand]] = {}
    for demand in work.demands:
        for box in map(_from_any_port, demand.request.boxes):
            same.setdefault((box, demand.path.names, demand.path.unordered), []).append(demand)
    return tuple(_flow(pack, work, box, demands) for (box, *_), demands in same.items())


def _from_any_port(box: Box) -> Box:
    """No firewall team is asked to tell source ports apart."""
    return box if is_icmp(box.protocol) else replace(box, source_ports=ANY_PORT)


def _flow(pack: Pack, work: Plan, box: Box, demands: Sequence[Demand]) -> Flow:
    needed = [each.requirement for each in demands]
    ports = dict.fromkeys(item for each in needed for item in each.ports if isinstance(item, str))
    rests = rests_on(pack, (name for each in needed for name in settings_used(each)),
                     work.settings)
    return Flow(box, tuple(demands), demands[0].path, tuple(ports),
                tuple(name for name in work.assumed if name in rests))
