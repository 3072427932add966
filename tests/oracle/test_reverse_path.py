"""Filters of the reverse path: the kernel looks up the way back, and the product reads it off `ip route`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle.judge import Judge, Way
from tests.oracle.kernel import Kernel
from tests.oracle.nft.test_rows import chain, table
from tests.oracle.plan import DEVICES, EGRESS, INGRESS, LOOPBACK, PLANS, write
from tests.oracle.probes import SYN, TCP, Probe

DROPPED, PASSES = "deny", "permit"
BACK, ELSEWHERE = INGRESS
"""Routes lead back to the clients by the first one, whichever they come by."""


def nft(rule: str, policy: str = "accept") -> str:
    """One rule before routing."""
    return table(chain("p", f"filter hook prerouting priority raw; policy {policy};", rule))


def rpfilter(options: str) -> str:
    """One rule of raw, and a filter that lets everything on."""
    built_in = ":INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT"
    return (f"*raw\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n-A PREROUTING -m rpfilter {options} -j DROP\nCOMMIT\n"
            f"*filter\n{built_in}\nCOMMIT\n")


ROWS = {
    "none leads back": (nft("fib saddr . iif oif missing drop"), DROPPED),
    "none leads back, of the mark": (nft("fib saddr . mark . iif oif missing drop"), DROPPED),
    "none leads back, as old nft writes it": (nft("fib saddr . iif oif 0 drop"), DROPPED),
    "one leads back": (nft("fib saddr . iif oif exists accept", "drop"), DROPPED),
    "rpfilter, inverted": (rpfilter("--invert"), DROPPED),
    "rpfilter of the mark, inverted": (rpfilter("--validmark --invert"), DROPPED),
    "rpfilter by any interface, inverted": (rpfilter("--loose --invert"), PASSES),
}
"""What becomes of clients that come by an interface by which no route leads back to them."""


@pytest.fixture(scope="module")
def module_kernel(ready: None) -> Iterator[Kernel]:
    with Kernel() as made:
        clients = PLANS[4].clients.cidr
        made.enter(f"ip rule add pref 4 iif {LOOPBACK} to {clients} lookup main")  # as these filters ask
        yield made


@pytest.mark.parametrize("family", PLANS)
@pytest.mark.parametrize("name", ROWS)
def test_as_the_kernel_does(module_kernel: Kernel, name: str, family: int) -> None:
    rules, fate = ROWS[name]
    if rules.startswith("table"):
        module_kernel.load_native(rules)
    else:
        module_kernel.load_native("")
        module_kernel.load("nft", family, rules)
    probe = _probe(family)
    done = module_kernel.send("forward", [(BACK, probe), (ELSEWHERE, probe)])
    assert [PASSES if each else DROPPED for each in done] == [PASSES, fate]
    assert _said(rules, family, _shown(family)) == [PASSES, fate]


@pytest.mark.parametrize("family", PLANS)
@pytest.mark.parametrize("name", ROWS)
def test_what_is_said_beforehand(name: str, family: int) -> None:
    """Without routes both ways are open, and where two are equally good, too."""
    rules, fate = ROWS[name]
    assert _said(rules, family, _shown(family)) == [PASSES, fate]
    assert _said(rules, family, "") == ["undecided", "undecided"]
    equal = f"{PLANS[family].clients.cidr} dev {ELSEWHERE}\n"
    assert _said(rules, family, _shown(family) + equal) == ["undecided", "undecided"]
    others = {4: "192.0.2.0/24", 6: "2001:db8::/32"}[family]
    lost = _shown(family).replace(PLANS[family].clients.cidr, others)
    assert _said(rules, family, lost) == [DROPPED, DROPPED]


def _probe(family: int) -> Probe:
    plan = PLANS[family]
    return Probe(family, TCP, plan.clients.address(5), plan.servers.address(9), 40_000, 80, SYN)


def _shown(family: int) -> str:
    """What `ip address` and `ip route` print of the world of the oracle."""
    plan, kind = PLANS[family], {4: "inet", 6: "inet6"}[family]
    bits = {4: 32, 6: 128}[family]
    shown = [line for number, (name, own) in enumerate(plan.own_addresses.items(), 2) for line in (
        f"{number}: {name}: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP",
        f"    {kind} {write(family, own)}/{bits} scope global {name}")]
    assert set(DEVICES) == {BACK, ELSEWHERE, EGRESS}
    return "\n".join([*shown, f"{plan.clients.cidr} dev {BACK}", f"{plan.servers.cidr} dev {EGRESS}", ""])


def _said(rules: str, family: int, shown: str) -> list[str]:
    texts = {"rules.nft" if rules.startswith("table") else f"rules.v{family}": rules, "shown.ip": shown}
    judge = Judge(texts, family)
    return [judge.judge(Way.by("forward", name), _probe(family), "NEW").verdict for name in INGRESS]
