"""What decides besides the access lists, as chains of rules with open conditions (docs/decisions/0003).

Their names are in parentheses and hold a blank, which no access list's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from msgspec.structs import replace

from aclproof.parsers.cisco_asa.features.rows.policies import INSPECTION_MAP, UNSHOWN_INSPECTION_MAP
from aclproof.parsers.cisco_asa.meaning import bridges, reverse_path
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES, unread
from aclproof.parsers.cisco_asa.meaning.bindings import Bindings
from aclproof.parsers.cisco_asa.meaning.passages import passage, rpc
from aclproof.parsers.cisco_asa.text.forms import Cut
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.addresses import ANY, Family
from aclproof.parsers.model.conditions import Condition, ForListener, IsReply, Opaque
from aclproof.parsers.model.firewall import Binding, Direction, Firewall, Inspection, Interface, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ICMP, ICMP6, Service
from aclproof.reason import Reason

_LOOSE = "(unread lines)"
"""Lines that could not be read and may belong to any list."""
_CUT = "(end of file)"
"""What a file may hold that is cut, or from which lines are left out."""
_MOST_LOOSE = 20
"""Each makes everything undecided; a few suffice."""


_SHOWN_BY = "show running-config access-group"


def bound(interface: str | None, direction: Direction) -> str:
    """The chain of lists that may be bound to an interface, or everywhere (None)."""
    return f"(bound {direction} {interface or 'global'})"


def perhaps(firewall: Firewall, entry: Interface, leave: Interface) -> tuple[str, ...]:
    """The chains of lists that may be bound on the way in or out."""
    names = (bound(None, "in"), bound(entry.name, "in"), bound(leave.name, "out"))
    return tuple(name for name in names if name in firewall.chains)


def inspect(interface: str | None) -> str:
    """The chain of what inspection lets through there (None: everywhere) before any list is evaluated."""
    return f"(inspect {interface or 'global'})"


def users(interface: str) -> str:
    """The chain of users' own lists, which may win over the interface's."""
    return f"(users {interface})"


def equals(interface: str, option: str) -> str:
    """The chain that decides whether an interface may talk to one of its own level."""
    return f"({option} {interface})"


def level(interface: str) -> str:
    """The chain of a security level that could not be read."""
    return f"(level {interface})"


def ahead(firewall: Firewall, entry: Interface, leave: Interface, opened: str) -> tuple[str, ...]:
    """The chains that every filter between two interfaces evaluates before its lists.

    `opened` is the one of the ports that inspection opens, where a request lets it.
    """
    names = (_LOOSE, _CUT, *skipping(firewall, entry, leave), inspect(None), inspect(entry.name),
             inspect(leave.name), opened)
    return tuple(name for name in dict.fromkeys(names) if name in firewall.chains)


def passing(firewall: Firewall, entry: Interface, leave: Interface) -> tuple[str, ...]:
    """The chains of what stops packets between two interfaces besides their lists; asked once."""
    outward = entry.level is None or leave.level is None or entry.level >= leave.level
    names = passage.ahead(_names(firewall, entry), _names(firewall, leave), outward=outward)
    return tuple(name for name in names if name in firewall.chains)


def skipping(firewall: Firewall, entry: Interface, leave: Interface) -> tuple[str, ...]:
    """The chains of what skips the lists of two interfaces."""
    names = passage.skipping(_names(firewall, entry), _names(firewall, leave))
    return tuple(name for name in names if name in firewall.chains)


def _names(firewall: Firewall, interface: Interface) -> tuple[str, ...]:
    """An interface with its bridge and the members of its own."""
    members = bridges.members(firewall.interfaces, interface.name)
    return (interface.name, *((interface.bridge,) if interface.bridge else ()),
            *(each.name for each in members))


def nowhere(firewall: Firewall, chain: str) -> tuple[str, ...]:
    """The same for a list of a file without interfaces: any two may be meant."""
    names = {_LOOSE, _CUT, inspect(None), rpc.by_list(chain), reverse_path.ANYWHERE, passage.EVERYWHERE,
             passage.SOMEWHERE, *(bound(each.interface, "out") for each in firewall.bindings)}
    if any(each.chain == chain and each.interface is None for each in firewall.bindings):
        names |= {bound(each.interface, "in") for each in firewall.bindings}
    return tuple(name for name in firewall.chains if name in names)


def chains(reader: Reader, interfaces: Sequence[Interface], bindings: Bindings,
           inspected: Sequence[Inspection], table: Iterable[Translation], lists: Mapping[str, Chain],
           options: Mapping[str, int]) -> Iterator[Chain]:
    """Build them all; `lists` are those of the file."""
    yield Chain(_LOOSE, [rule for line in reader.loose[:_MOST_LOOSE]
                         for rule in unread([], line, Reason("it may be a damaged rule of any list"))],
                synthetic=True)
    if lost := [rule for cut in (reader.cut, reader.left_out) if cut for rule in _lost(cut)]:
        yield Chain(_CUT, lost, synthetic=True)
    yield from reverse_path.chains(table)
    newer = (reader.release or (0, 0)) >= _DCOM_SINCE.get(reader.platform, (99, 0))
    yield from _replies(inspected)
    somewhere = [] if interfaces else [each for each in bindings.certain if each.interface]
    yield from _perhaps_bound([*bindings.perhaps, *somewhere], lists)
    dcom = _dcom(newer, reader.version)
    yield from _pinholes(interfaces, bindings.certain, inspected, lists, dcom, options)
    for binding in bindings.certain:
        if binding.conditional and binding.interface:
            yield Chain(users(binding.interface), unread([], binding.line, binding.conditional),
                        synthetic=True)
    for interface in interfaces:
        yield from _levels(interface, equals_never_talk=pix6(reader))


def lost_lists(reader: Reader, interfaces: Iterable[str]) -> Iterator[Chain]:
    """What a list would do at interfaces that have none, where the line that binds one may be lost."""
    if reader.lost_lists:
        yield from (Chain(bound(each, "in"), _lost(reader.lost_lists), synthetic=True) for each in interfaces)


def _lost(cut: Cut) -> list[Rule]:
    """What is lost may permit or stop anything: a list may be bound there, a route, a translation."""
    asked = (Opaque(cut.key, cut.because, usual=False, find_out=cut.shown_by),) if cut.key else ()
    what = Opaque("", cut.because if not cut.key else Reason("what the part says that is lost"))
    return [Rule(action, ANY, ANY, ANY_SERVICES, cut.line, (*asked, what))
            for action in (Action.PERMIT, Action.DENY)]


def pix6(reader: Reader) -> bool:
    """Whether the file is from a PIX before 7.0: equal levels never talk."""
    return reader.platform == "PIX" and (reader.version or (0, 0)) < (7, 0)


def always_translates(reader: Reader) -> bool:
    """Whether a release lets no packet pass without a translation: `nat-control` came as an option later."""
    return pix6(reader) or (reader.platform == "FWSM" and (reader.version or (0, 0)) < (3, 1))


def _perhaps_bound(bindings: Iterable[Binding], lists: Mapping[str, Chain]) -> Iterator[Chain]:
    """Lists that may be bound somewhere: then they decide there, instead of what else does."""
    jumps: dict[str, list[Rule]] = {}
    for binding in bindings:
        way = binding.direction
        target = f"(access-list {way} {binding.chain})"
        yield Chain(target, _as_filter(lists[binding.chain].rules, binding), synthetic=True)
        where = binding.interface or "global"
        question = Reason("whether access-list {name} filters what goes {way} at {interface}: line {line} "
                          "may bind it there", name=binding.chain, way=way, interface=where,
                          line=binding.line)
        doubt = Opaque(f"access-group {binding.chain} {way} {where}", question, find_out=_SHOWN_BY)
        jumps.setdefault(bound(binding.interface, way), []).append(
            Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, binding.line, (doubt,), target=target))
    yield from (Chain(name, rules, synthetic=True) for name, rules in jumps.items())


def _as_filter(rules: Sequence[Rule], binding: Binding) -> list[Rule]:
    """A list with its end; on the way out what it permits has still to pass the rest."""
    if binding.direction == "out":
        rules = [rule._replace(action=Action.RETURN) if rule.action is Action.PERMIT else rule
                 for rule in rules]
    return [*rules, Rule(Action.DENY, ANY, ANY, ANY_SERVICES, binding.line)]


def _levels(interface: Interface, *, equals_never_talk: bool) -> Iterator[Chain]:
    """What its security level leaves open at an interface."""
    if interface.level is None:
        reason = Reason("its security level could not be read")
        yield Chain(level(interface.name), unread([], interface.line, reason), synthetic=True)
    for option in ("inter-interface", "intra-interface"):
        reason = Reason("whether traffic between equal security levels passes: {name} has level "
                        "{level}, and 'same-security-traffic permit {option}' is not in the file",
                        name=interface.name, level=interface.level, option=option)
        unresolved = (Opaque(f"same-security-traffic {option}", reason),)
        rules = [Rule(Action.PERMIT, ANY, ANY, ANY_SERVICES, interface.line, unresolved)]
        yield Chain(equals(interface.name, option), [] if equals_never_talk else rules, synthetic=True)


_DCOM_SINCE = {"ASA": (9, 4), "FTD": (9, 4), "FWSM": (4, 1)}
"""The first release whose guide says that `inspect dcerpc` reads RemoteCreateInstance, by which WMI is
activated; up to 9.1 the guides say that RPC besides the endpoint mapper's own messages is not supported.
Of an FWSM: TAC's document 3126395, 'DCE/RPC inspection on ASA/PIX/FWSM'."""


_RELIED_ON = Reason("relies on 'inspect dcerpc', which opens the port that RPC agrees on over TCP 135")


def _opens(engine: Inspection, dcom: ForListener) -> list[tuple[Condition, ...]]:
    """When `inspect dcerpc` opens a port, for each kind of RPC that it may follow.

    All messages of the endpoint mapper are supported, in every release that has the engine, whichever
    service the port is asked for (FW, DCERPC). DCOM's activation is none of them.
    """
    mapped = ForListener("mapped-rpc", "inspect dcerpc", _RELIED_ON, sure=True)
    if engine.unshown_map:
        stops = UNSHOWN_INSPECTION_MAP.opaque(engine=engine.protocol, map=engine.stopping_map)
        return [(kind, replace(stops, negated=True), *_unsure(engine)) for kind in (mapped, dcom)]
    if engine.stopping_map and engine.spares_mapper:
        return [(mapped, *_unsure(engine))]
    if engine.stopping_map:
        stops = INSPECTION_MAP.opaque(engine=engine.protocol, map=engine.stopping_map)
        return [(mapped, replace(stops, negated=True), *_unsure(engine))]
    if engine.mapper_only:
        dcom = replace(dcom, sure=False, because=_MAPPER_ONLY)
    return [(mapped, *_unsure(engine)), (dcom, *_unsure(engine))]


_MAPPER_ONLY = Reason("whether 'inspect dcerpc' opens the port that RPC agrees on: with 'endpoint-mapper "
                      "epm-service-only' it may refuse WMI's activation")


def _dcom(newer: bool, version: tuple[int, int] | None) -> ForListener:
    if newer:
        return ForListener("rpc-server", "inspect dcerpc", _RELIED_ON, sure=True)
    reason = Reason("whether 'inspect dcerpc' opens the port that RPC agrees on: release {major}.{minor} "
                     "may miss WMI's activation, which ASA 9.4 and later read", major=version[0],
                     minor=version[1]) if version else \
        Reason("whether 'inspect dcerpc' opens the port that RPC agrees on: a release that the file does not "
               "name may miss WMI's activation, which ASA 9.4 and later read")
    return ForListener("rpc-server", "inspect dcerpc", reason)


def _unsure(inspection: Inspection) -> tuple[Condition, ...]:
    if inspection.certain:
        return ()
    if inspection.unshown_policy:
        has = Reason("whether policy-map {policy} has 'inspect {protocol}': it is in force, and not in the "
                     "file", policy=inspection.unshown_policy, protocol=inspection.protocol)
        return (Opaque(f"inspect {inspection.protocol}", has, find_out="show service-policy"),)
    covered = Reason("whether the class of 'inspect {protocol}' covers it", protocol=inspection.protocol)
    return (Opaque(f"inspect {inspection.protocol}", covered),)


def _replies(inspected: Iterable[Inspection]) -> Iterator[Chain]:
    """Inspection as permits: echo replies of pings that went out."""
    rules: dict[str, list[Rule]] = {inspect(None): []}
    pairs = (_icmp(ICMP, 0), _icmp(ICMP6, 129))
    for inspection in inspected:
        if inspection.protocol == "icmp":
            rules.setdefault(inspect(inspection.interface), []).append(Rule(
                Action.PERMIT, ANY, ANY, pairs, inspection.line, (IsReply(), *_unsure(inspection))))
    return (Chain(name, found, synthetic=True) for name, found in rules.items())


def _pinholes(interfaces: Sequence[Interface], bindings: Sequence[Binding], inspected: Sequence[Inspection],
              lists: Mapping[str, Chain], dcom: ForListener, options: Mapping[str, int]) -> Iterator[Chain]:
    """Inspection as permits: the dynamic ports of RPC, where TCP 135 passes."""
    engines = sorted((each for each in inspected if each.protocol == "dcerpc"),
                     key=lambda each: bool(each.stopping_map))
    if not engines:
        return
    pinholes = rpc.Pinholes(lists)
    for entry, leave in product(interfaces, repeat=2):
        ways = _lists_between(entry, leave, bindings, options)
        engine = next((each for each in engines if each.interface in (None, entry.name, leave.name)), None)
        if engine is not None and ways is not None:
            target = pinholes.after(ways, engine.line, _opens(engine, dcom))
            yield _jump(rpc.between(entry.name, leave.name), target, engine.line)
    everywhere = next((each for each in engines if each.interface is None), None)
    for name in lists if everywhere else ():
        assert everywhere is not None
        target = pinholes.after([(name,)], everywhere.line, _opens(everywhere, dcom))
        yield _jump(rpc.by_list(name), target, everywhere.line)
    yield from pinholes.chains.values()


def _jump(name: str, target: str, line: int) -> Chain:
    return Chain(name, [Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, line, target=target)], synthetic=True)


def _lists_between(entry: Interface, leave: Interface, bindings: Sequence[Binding],
                   options: Mapping[str, int]) -> list[list[str]] | None:
    """The lists that IPv4 meets on the way in and on the way out; None where levels let nothing pass."""
    came = [each.chain for place in (entry.bridge or entry.name, None) for each in bindings
            if each.interface == place and each.direction == "in" and each.family is not Family.V6]
    goes = [each.chain for each in bindings if each.interface == (leave.bridge or leave.name)
            and each.direction == "out" and each.family is not Family.V6]
    if entry.level is None or leave.level is None:
        down = False  # what the level leaves open is open of the port that is agreed on as well
    else:
        down = entry.level > leave.level or (entry.level == leave.level and "inter-interface" in options)
    if not came and ("lists-required" in options or not down):
        return None
    return [lists for lists in (came, goes) if lists]


def _icmp(protocol: int, kind: int) -> Service:
    return Service(IntervalSet.of((protocol, protocol)), IntervalSet.of((kind, kind)))
