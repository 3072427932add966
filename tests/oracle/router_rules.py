"""Rules of routers: how they are written down, and random ones of the shapes that people write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random
from typing import Literal

from tests.oracle.asks import Ask
from tests.oracle.exchange import Side
from tests.oracle.road import ADDRESSES, BETWEEN, TO_CLIENT, TO_SERVER, Router
from tests.oracle.rulesets import BUILT_IN

Policy = Literal["ACCEPT", "DROP"]

ESTABLISHED = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
ASKS = tuple(map(Ask.read, (
    "client tcp 80", "client tcp 445", "client tcp 5000-5003", "client udp 53", "client udp 500-501",
    "client ping", "server tcp 135", "server tcp 445", "server tcp 6000-6010", "server udp 135-139",
    "server ping")))
"""What random routers have to let through."""


def written(policy: Policy, forward: Iterable[str], own: Iterable[str] = (), **tables: Iterable[str]) -> str:
    """Write rules in the save form: those of FORWARD, chains of one's own, and lines of other tables."""
    own = list(own)
    lines = []
    for table, chains in BUILT_IN.items():
        lines.append(f"*{table}")
        lines += [f":{chain} {policy if chain == 'FORWARD' and table == 'filter' else 'ACCEPT'} [0:0]"
                  for chain in chains]
        if table == "filter":
            lines += [f":{name} - [0:0]" for name in dict.fromkeys(each.split()[0] for each in own)]
            lines += [f"-A {each}" for each in (*(f"FORWARD {each}" for each in forward), *own)]
        lines += [f"-A {each}" for each in tables.get(table, ())]
        lines.append("COMMIT")
    return "\n".join(lines) + "\n"


class _Draft:
    """One router in the making."""

    def __init__(self, rng: Random, router: Router) -> None:
        self._rng, self._router = rng, router

    def text(self) -> str:
        forward = [*self._some(0.35, self._stopping), *self._some(0.9, self._states)]
        for ask in ASKS:
            forward += self._some(0.94, partial(self._permitting, ask))
            forward += self._some(0.15, partial(self._answering, ask))
        if self._chance(0.2):
            self._rng.shuffle(forward)
        own: list[str] = []
        if self._chance(0.4):
            at, name = self._rng.randrange(len(forward)), "OWN"
            own = [f"{name} {each}" for each in forward[at:at + 8]]
            forward[at:at + 8] = [self._rng.choice((f"-j {name}", f"-g {name}", f"-p tcp -j {name}",
                                                    f"-i {TO_CLIENT} -j {name}"))]
        forward += self._some(0.3, lambda: ["-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT"])
        policy: Policy = "DROP" if self._chance(0.8) else "ACCEPT"
        return written(policy, forward or [ESTABLISHED], own, raw=self._some(0.2, self._untracked),
                       mangle=self._some(0.15, self._mangled), nat=self._some(0.25, self._translated))

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability

    def _some(self, probability: float, make: Callable[[], Sequence[str]]) -> Sequence[str]:
        return make() if self._chance(probability) else ()

    def _one(self, *choices: str) -> Sequence[str]:
        return (self._rng.choice(choices),)

    def _states(self) -> Sequence[str]:
        return self._one(ESTABLISHED, ESTABLISHED, "-m state --state ESTABLISHED -j ACCEPT",
                         f"-p tcp {ESTABLISHED}", f"-i {TO_SERVER} {ESTABLISHED}",
                         "-m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT",
                         "-m conntrack ! --ctstate NEW,INVALID -j ACCEPT")

    def _permitting(self, ask: Ask) -> Sequence[str]:
        """Let the first packets of an ask through, or most of them."""
        words = [self._rng.choice(("", "", *_ways(ask), *_ends(ask)[:2])), _service(ask, "d")]
        if ask.protocol == "tcp" and self._chance(0.2):
            words.append("--syn")
        if self._chance(0.4):
            words.append("-m conntrack --ctstate NEW")
        return (" ".join([*filter(None, words), "-j ACCEPT"]),)

    def _answering(self, ask: Ask) -> Sequence[str]:
        """Let the answers through without looking at a connection."""
        words = [_service(ask, "s")]
        if ask.ports and self._chance(0.3):
            words.append("--dport 1024:65535")
        if ask.protocol == "tcp" and self._chance(0.4):
            words.append(self._rng.choice(("! --syn", "--tcp-flags SYN,ACK SYN,ACK", "--tcp-flags ACK ACK")))
        return (" ".join([*words, "-j ACCEPT"]),)

    def _stopping(self) -> Sequence[str]:
        ask = self._rng.choice(ASKS)
        end = self._rng.choice(_ends(ask))
        return self._one(
            f"{_service(ask, 'd')} -j DROP", f"{_service(ask, 's')} -j DROP", f"{end} -j DROP",
            f"{end} -p icmp -j REJECT --reject-with icmp-admin-prohibited",
            f"-i {TO_SERVER} -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP",
            f"-i {TO_CLIENT} -p tcp --syn -j DROP",
            f"-i {TO_SERVER} -p tcp --tcp-flags FIN FIN -j REJECT --reject-with tcp-reset",
            f"-o {TO_SERVER} -m conntrack --ctstate ESTABLISHED -j DROP",
            "-m conntrack --ctstate INVALID -j DROP", f"-i {TO_SERVER} -p udp -j REJECT",
            "-p tcp -m multiport --ports 445,5000:5003 -j DROP", "-p icmp --icmp-type echo-reply -j DROP")

    def _untracked(self) -> Sequence[str]:
        ask = self._rng.choice(ASKS)
        lines = [f"PREROUTING {_service(ask, side)} -j {target}" for side in "ds"
                 for target in self._one("NOTRACK", "CT --notrack")]
        return self._rng.choice((lines, lines, lines[:1], lines[1:]))

    def _mangled(self) -> Sequence[str]:
        ask = self._rng.choice(ASKS)
        return self._one(f"PREROUTING {_service(ask, 'd')} -j DROP", f"FORWARD {_service(ask, 's')} -j DROP",
                         f"POSTROUTING -o {TO_CLIENT} {_service(ask, 's')} -j DROP")

    def _translated(self) -> Sequence[str]:
        """Hide those behind this router from the other one."""
        hidden: Side
        hidden, away = ("client", TO_SERVER) if self._router == "r1" else ("server", TO_CLIENT)
        change = f"-j SNAT --to-source {BETWEEN[self._router]}"
        return self._one(f"POSTROUTING -o {away} {change}", f"POSTROUTING -o {away} -j MASQUERADE",
                         f"POSTROUTING -s {ADDRESSES[hidden][0]} -p tcp -o {away} {change}")


def pair(seed: int) -> dict[Router, str]:
    """Make the routers of a number, always the same."""
    rng = Random(f"two routers {seed}")
    return {"r1": _Draft(rng, "r1").text(), "r2": _Draft(rng, "r2").text()}


def _service(ask: Ask, side: str) -> str:
    """Match the packets of an ask (`d`), or their answers (`s`)."""
    if not ask.ports:
        return f"-p icmp --icmp-type echo-{'request' if side == 'd' else 'reply'}"
    return f"-p {ask.protocol} --{side}port {ask.ports.replace('-', ':')}"


def _ways(ask: Ask) -> tuple[str, str]:
    there = (TO_CLIENT, TO_SERVER) if ask.asker == "client" else (TO_SERVER, TO_CLIENT)
    return f"-i {there[0]} -o {there[1]}", f"-i {there[0]}"


def _ends(ask: Ask) -> tuple[str, ...]:
    """Tests of addresses: true of some packets of an ask, or of its answers."""
    source, destination = ADDRESSES[ask.asker], ADDRESSES[ask.answerer]
    return f"-s {source[-1]}", f"-s {source[0]}/31 -d {destination[0]}/31", f"-s {destination[-1]}"
