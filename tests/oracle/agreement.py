"""Two routers by the product and by the kernel: every verdict, and who stops what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from aclproof.linter.program import check
from aclproof.linter.result import DemandResult, Missing, Undecided, Verdict
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from tests.oracle import counters
from tests.oracle.asks import Ask, Exchanges, pack
from tests.oracle.exchange import Exchange, Fate, Loss, Side
from tests.oracle.probes import ICMP
from tests.oracle.road import ADDRESSES, BACK_END, TO_CLIENT, TO_SERVER, Router
from tests.oracle.routers import Routers

Pair = dict[Router, str]
"""The rules of both routers, as text."""


class Meeting(NamedTuple):
    """What the product and the kernel say of one pair of routers."""

    pair: Pair
    demands: dict[Ask, DemandResult]
    fates: dict[Exchange, tuple[Ask, Fate]]
    counted: Mapping[str, Mapping[int, int]]
    """For each router how many packets the kernel saw on each line."""


def meet(routers: Routers, pair: Pair, asks: Sequence[Ask], exchanges: Exchanges, folder: Path) -> Meeting:
    """Ask both; what the product names as the witness of a loss is tried as well."""
    demands = judge(pair, asks, folder)
    for router, text in pair.items():
        routers.load(router, text)
    fates = {}
    for asked in ({exchange: ask for ask in asks for exchange in exchanges.of(ask)},
                  _witnesses(demands, "client"), _witnesses(demands, "server")):
        found = zip(asked.items(), routers.hold(list(asked)), strict=True)
        fates.update({exchange: (ask, fate) for (exchange, ask), fate in found})
    counted = {str(router): counters.counted(text, routers.saved(router)) for router, text in pair.items()}
    return Meeting(pair, demands, fates, counted)


def _witnesses(demands: Mapping[Ask, DemandResult], asker: Side) -> dict[Exchange, Ask]:
    """The packets that are to show that something is missing; one side alone may ask from any port."""
    return {_exchange(ask, demand.witness, demand.missing[0].leg): ask for ask, demand in demands.items()
            if ask.asker == asker and demand.verdict is Verdict.MISSING and demand.witness}


def _exchange(ask: Ask, packet: Packet, leg: str) -> Exchange:
    """The exchange that a packet is of; after a translation it has no address of the hosts'."""
    ends = [(packet.source, packet.source_port), (packet.destination, packet.destination_port)]
    (source, source_port), (_, port) = reversed(ends) if leg == "reply" else ends
    if not ask.ports:
        source_port, port = 1, 0
    known = {_number(each): each for each in ADDRESSES[ask.asker]}
    return Exchange(ask.asker, ask.number, known.get(source, ADDRESSES[ask.asker][0]),
                    ADDRESSES[ask.answerer][0], max(source_port, 1), port)  # nobody can ask from port 0


def judge(pair: Pair, asks: Sequence[Ask], folder: Path) -> dict[Ask, DemandResult]:
    """Let the product check a site with these two routers."""
    (folder / "pack.yaml").write_text(pack(asks), encoding="ascii")
    for router, text in pair.items():
        (folder / f"{router}.rules").write_text(text, encoding="ascii")
    interfaces = {"client": TO_CLIENT, "server": TO_SERVER}
    site = Site({side: addresses.join(map(addresses.parse, some)) for side, some in ADDRESSES.items()},
                tuple(SiteFirewall(each, (str(folder / f"{each}.rules"),), interfaces) for each in pair),
                packs=(str(folder / "pack.yaml"),),
                settings={"ephemeral-ports": "1-65535"})  # all that are sent
    found = {each.requirement.id: each for each in check(site).demands}
    return {ask: found[ask.id] for ask in asks}


def disagreements(meeting: Meeting, may_stay_open: Collection[Ask] = ()) -> Iterator[str]:
    """Yield what the product says otherwise than the kernel, or leaves open without need."""
    for ask, demand in meeting.demands.items():
        fates = [fate.loss is None for which, fate in meeting.fates.values() if which == ask]
        match demand.verdict:
            case Verdict.MET if not all(fates):
                yield f"{ask} is met, and {fates.count(False)} of {len(fates)} exchanges fail"
            case Verdict.MISSING if all(fates):
                yield f"{ask} is missing, and all {len(fates)} exchanges succeed"
            case Verdict.UNDECIDED if ask not in may_stay_open:
                yield f"{ask} is undecided: {[each.because for each in demand.undecided]}"
    for exchange, (ask, fate) in meeting.fates.items():
        demand = meeting.demands[ask]
        stops = [each for each in demand.missing if _is_about(each, exchange, fate)]
        doubts = [each for each in demand.undecided if _is_about(each, exchange, fate)]
        if trouble := _trouble(meeting, exchange, fate, stops, doubts):
            yield f"{exchange}: {trouble}, by the product {stops or doubts or 'permitted'}"


def _trouble(meeting: Meeting, exchange: Exchange, fate: Fate, stops: Sequence[Missing],
             doubts: Sequence[Undecided]) -> str:
    """Say what is wrong with what the product says of one exchange, or nothing."""
    if fate.loss is None:
        return "it succeeds" if stops else ""
    if not stops:
        return "" if doubts else f"it fails, {fate.loss}"
    if fate.loss not in _first(exchange, stops):
        return "" if doubts else f"lost elsewhere, {fate.loss}"
    lines = {each.blocked_by.span.first_line for each in stops if _loss(each) == fate.loss}
    if not any(meeting.counted[fate.loss.router].get(line) for line in lines):
        return f"lost by another line, {meeting.counted[fate.loss.router]}"
    return ""


def _first(exchange: Exchange, stops: Iterable[Missing]) -> set[Loss]:
    """Where the first packet is lost that the product says is; a connection that opens may lose several."""
    found = {_loss(each) for each in stops}
    for router in BACK_END if exchange.asker == "client" else reversed(BACK_END):
        if (opening := Loss("request", router)) in found:
            return {opening}
    return found


def _loss(stop: Missing) -> Loss:
    return Loss(stop.leg, stop.blocked_by.firewall)


def _is_about(finding: Missing | Undecided, exchange: Exchange, fate: Fate) -> bool:
    """Tell whether an exchange is among the packets of a finding, as the router there sees them.

    The first router on the way may translate: it sees the packets before and after that.
    """
    stopped_by = finding.blocked_by.firewall if isinstance(finding, Missing) else ""
    second = "r2" if exchange.asker == "client" else "r1"
    sources = {fate.source} if stopped_by == second else {fate.source, exchange.source}
    return any(_packet(exchange, source, finding.leg) in box for box in finding.boxes for source in sources)


def _packet(exchange: Exchange, source: str, leg: str) -> Packet:
    kinds = (0, 0) if leg == "reply" else (8, 0)
    ends = [(_number(source), exchange.source_port), (_number(exchange.destination), exchange.port)]
    if leg == "reply":
        ends.reverse()
    (sender, sender_port), (receiver, receiver_port) = ends
    ports = kinds if exchange.protocol == ICMP else (sender_port, receiver_port)
    return Packet(Family.V4, exchange.protocol, sender, receiver, *ports)


def _number(address: str) -> int:
    return int(ip_address(address))
