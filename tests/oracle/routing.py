"""How the namespace routes: the commands for `ip -batch` that make the plan true."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.plan import DEVICES, EGRESS, INGRESS, LOOPBACK, PLANS, write

_BITS = {4: 32, 6: 128}

_ANSWERS = {4: (), 6: ("ipproto tcp sport 1-65534", "ipproto tcp dport 1-65534",
                       "ipproto ipv6-icmp dport 1-65534")}  # where the kernel has type and code
"""What the firewall's own answers are recognised by, where looking at their ends does not do: `fib` asks for
routes without ports."""


def links() -> Iterator[str]:
    """Bring the interfaces up."""
    yield f"link set {LOOPBACK} up"
    for name in DEVICES:
        yield f"link set {name} multicast off"
        yield f"link set {name} up"


def routes(family: int) -> Iterator[str]:
    """Give out addresses, and see to it that the firewall itself has a way only for packets of the tests.

    So its own answers (rejects, resets, echo replies) end before they meet any filter.
    """
    plan = PLANS[family]
    for name, own in plan.own_addresses.items():
        yield f"addr add {write(family, own)}/{_BITS[family]} dev {name}" + (" nodad" if family == 6 else "")
    yield f"route add local {plan.own.cidr} dev {LOOPBACK}"
    yield f"route add {plan.clients.cidr} dev {INGRESS[0]}"
    yield f"route add {plan.servers.cidr} dev {EGRESS}"
    yield "rule add pref 10 lookup local"
    yield "rule del pref 0"
    local = f"iif {LOOPBACK}"
    for answer in _ANSWERS[family]:
        yield f"rule add pref 1 {local} {answer} unreachable"
    # Packets of the tests are sent as protocol 255, and are looked up again when a rule changed them.
    yield f"rule add pref 2 {local} ipproto 255 lookup main"
    yield f"rule add pref 3 {local} from {plan.own.cidr} to {plan.servers.cidr} lookup main"
    if family == 6:
        yield f"rule add pref 4 {local} to {plan.own.cidr} lookup local"  # as `addrtype` and `fib` ask
        for hosts in (plan.clients, plan.servers):
            yield f"rule add pref 4 {local} to {hosts.cidr} lookup main"
    yield f"rule add pref 5 {local} unreachable"
