"""A site of a few hosts for a random ruleset, with what narrows its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import count, product
from pathlib import Path
from types import MappingProxyType

from aclproof.linter.audit.narrowing import Narrowing, narrow
from aclproof.linter.program import analyse
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Fact
from tests.audit.narrow_lists import DAY
from tests.oracle.asks import Ask, pack
from tests.oracle.constants import Constants
from tests.oracle.plan import EGRESS, INGRESS, write
from tests.oracle.probes import ICMP, SYN, TCP, Probe


class Case:
    """Some clients, servers and ports that a ruleset speaks about."""

    def __init__(self, constants: Constants) -> None:
        plan = constants.plan
        self._clients = [each for each in constants.bases["source"] if each in plan.clients][:2]
        self._servers = [each for each in constants.bases["destination"] if each in plan.servers][:2]
        first, second, third = constants.ports[:3]
        asks = [Ask("client", "tcp", str(first)), Ask("client", "tcp", str(second)),
                Ask("client", "udp", str(third)), Ask("client", "ping", "")]
        self._asks = [each for each in asks if self._clients and self._servers]

    def narrowed(self, folder: Path, shown: str,
                 facts: Mapping[str, Fact] = MappingProxyType({})) -> Narrowing | None:
        """Narrow the lines of a ruleset as a tool shows it; None where nobody is there to ask."""
        if not self._asks:
            return None
        (folder / "pack.yaml").write_text(pack(self._asks))
        (folder / "fw").write_text(shown)
        roles = {"client": _addresses(self._clients), "server": _addresses(self._servers)}
        place = SiteFirewall("fw", (str(folder / "fw"),), {"client": INGRESS[0], "server": EGRESS})
        site = Site(roles, (place,), packs=(str(folder / "pack.yaml"),), facts=facts)
        return narrow("fw", analyse(site, DAY), DAY)

    def probes(self) -> list[Probe]:
        """The first packets of all that is asked."""
        ports = count(20_000)
        return [self._probe(ask, client, server, next(ports))
                for ask, client, server in product(self._asks, self._clients, self._servers)]

    def _probe(self, ask: Ask, client: int, server: int, number: int) -> Probe:
        if not ask.ports:
            return Probe(4, ICMP, client, server, 8, 0, identifier=number)
        return Probe(4, ask.number, client, server, number, int(ask.ports), SYN if ask.number == TCP else 0)


def _addresses(numbers: Sequence[int]) -> AddressSet:
    return reduce(AddressSet.__or__, (addresses.parse(write(4, each)) for each in numbers))
