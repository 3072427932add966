"""Random targets of a rule: what each table allows, and what each end of the firewall can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.oracle.constants import Constants, Side
from tests.oracle.plan import write

_PORTED = ("tcp", "udp")


def verdict(constants: Constants, table: str, protocol: str, callable_chains: Sequence[str]) -> str:
    """Draw a target for a rule of raw, mangle, filter or security; empty for a rule that only counts."""
    choices: list[tuple[int, Callable[[], str]]] = [
        (28, lambda: "-j ACCEPT"), (20 if table == "filter" else 6, lambda: "-j DROP"),
        (8, lambda: "-j RETURN"), (8, lambda: ""), (8, lambda: _mark(constants)),
        (8, lambda: _connection_mark(constants)),
        (3, lambda: '-j LOG --log-prefix "-j DROP "'),
    ]
    if callable_chains:
        choices += [(16, lambda: f"-j {constants.rng.choice(callable_chains)}"),
                    (9, lambda: f"-g {constants.rng.choice(callable_chains)}")]
    if table == "filter":
        choices.append((8, lambda: _reject(constants, protocol)))
    if table == "raw":
        choices.append((40, lambda: constants.rng.choice(_TRACKING)))
    if table == "mangle":
        choices.append((9, lambda: _hop_limit(constants)))
    if constants.sets and constants.changes_sets:
        choices.append((6, lambda: _set(constants)))
    return _drawn(constants, choices)


def translation(constants: Constants, chain: str, protocol: str) -> str:
    """Draw a target for a rule of nat; a chain of one's own is known by the built-in one that calls it."""
    choices: list[tuple[int, Callable[[], str]]] = [
        (6, lambda: "-j ACCEPT"), (4, lambda: "-j RETURN"), (4, lambda: "")]
    if chain in ("PREROUTING", "OUTPUT"):
        choices += [(16, lambda: _destination(constants, protocol)), (6, lambda: _netmap(constants))]
        if constants.hook == "input":
            choices.append((8, lambda: _redirect(constants, protocol)))
    ported = protocol in _PORTED  # others could clash, and clashing packets are lost
    if chain in ("POSTROUTING", "INPUT") and ported:
        choices.append((5, lambda: _netmap(constants, "source")))
    if chain == "POSTROUTING" and ported:
        choices += [(8, lambda: "-j MASQUERADE"), (8, lambda: f"-j SNAT --to-source {_own(constants)}")]
    return _drawn(constants, choices)


def _drawn(constants: Constants, choices: Sequence[tuple[int, Callable[[], str]]]) -> str:
    weights = [weight for weight, _ in choices]
    return constants.rng.choices([make for _, make in choices], weights)[0]()


def _mark(constants: Constants) -> str:
    value, mask = constants.rng.randrange(8), constants.rng.choice((0x1, 0x3, 0x6, 0xFFFFFFFF))
    return constants.rng.choice((f"-j MARK --set-mark {value}", f"-j MARK --set-mark {value:#x}/{mask:#x}",
                                 f"-j MARK --set-xmark {value:#x}/{mask:#x}",
                                 f"-j MARK --or-mark {value:#x}", f"-j MARK --and-mark {value:#x}",
                                 f"-j MARK --xor-mark {value:#x}"))


_TRACKING = ("-j NOTRACK", "-j CT --notrack", "-j CT --notrack", "-j CT --ctevents new", "-j CT --zone 1",
             "-j CT --zone-orig 1", "-j CT --zone-reply 1")


def _hop_limit(constants: Constants) -> str:
    name = "TTL" if constants.family == 4 else "HL"
    what = constants.rng.choice(("set 0", "set 1", "set 2", "set 2", "set 3", "set 64", "inc 1", "dec 1"))
    return f"-j {name} --{name.lower()}-{what}"


def _set(constants: Constants) -> str:
    names = [name for name, kind in constants.sets.items() if kind in ("hash:ip", "hash:net")]
    what, side = constants.rng.choice(("add", "del")), constants.rng.choice(("src", "dst"))
    return f"-j SET --{what}-set {constants.rng.choice(names)} {side}"


def _connection_mark(constants: Constants) -> str:
    value, mask = constants.rng.randrange(8), constants.rng.choice((0x1, 0x3, 0x6, 0xFFFFFFFF))
    bits = f" --{constants.rng.choice(('left', 'right'))}-shift-mark {constants.rng.randint(1, 4)}"
    shift = bits if constants.chance(0.4) else ""
    masks = f"--nfmask {mask:#x} --ctmask {constants.rng.choice((0x1, 0x3, 0x6, 0xFFFFFFFF)):#x}{shift}"
    return constants.rng.choice((f"-j CONNMARK --set-xmark {value:#x}/{mask:#x}{shift}",
                                 "-j CONNMARK --save-mark", f"-j CONNMARK --save-mark {masks}",
                                 f"-j CONNMARK --restore-mark {masks}",
                                 "-j CONNMARK --restore-mark", f"-j CONNMARK --set-mark {value:#x}/{mask:#x}",
                                 f"-j CONNMARK --set-mark {value}"))


def _reject(constants: Constants, protocol: str) -> str:
    if protocol == "tcp" and constants.chance(0.4):
        return "-j REJECT --reject-with tcp-reset"
    kind = "icmp-host-prohibited" if constants.family == 4 else "icmp6-adm-prohibited"
    return "-j REJECT" if constants.chance(0.6) else f"-j REJECT --reject-with {kind}"


def _destination(constants: Constants, protocol: str) -> str:
    address = write(constants.family, constants.base("destination"))
    if protocol not in _PORTED or constants.chance(0.3):
        return f"-j DNAT --to-destination {address}"
    port = constants.rng.choice(constants.ports)
    if constants.chance(0.3):
        return f"-j DNAT --to-destination :{port}"
    return f"-j DNAT --to-destination {f'[{address}]' if constants.family == 6 else address}:{port}"


def _netmap(constants: Constants, side: Side = "destination") -> str:
    tail = constants.rng.choice((2, 4, 8))
    low = constants.base(side) >> tail << tail
    return f"-j NETMAP --to {write(constants.family, low)}/{constants.bits - tail}"


def _redirect(constants: Constants, protocol: str) -> str:
    if protocol in _PORTED and constants.chance(0.7):
        return f"-j REDIRECT --to-ports {constants.rng.choice(constants.ports)}"
    return "-j REDIRECT"


def _own(constants: Constants) -> str:
    return write(constants.family, constants.plan.own.address(3))
