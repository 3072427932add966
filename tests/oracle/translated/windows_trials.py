"""Random rules of a Windows computer with packets at the edges of everything that they speak about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family, single
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.intervals import IntervalSet
from tests.oracle.judge import Way
from tests.oracle.plan import INGRESS, LOOPBACK, Network
from tests.oracle.traffic import NOT_RECOGNISED
from tests.oracle.translated import windows_nft, windows_policy, windows_text
from tests.oracle.translated.faults import NO_FAULT, Fault
from tests.oracle.translated.trials import Sent, Trial, first_packet
from tests.oracle.translated.windows_nft import Asked
from tests.oracle.translated.windows_policy import (
    ESP,
    FORMS,
    ICMP,
    ICMP6,
    LISTENERS,
    PROFILES,
    TCP,
    UDP,
    Addresses,
    Edges,
    Policy,
    Ports,
    Rule,
)

_KINDS = {ICMP: (0, 3, 8, 11, 13), ICMP6: (1, 3, 4, 128, 129)}


def make(seed: int, packets: int, fault: Fault[Policy] = NO_FAULT) -> Trial:
    """Make the trial of a number: the forms and the directions by turns, one of the profiles."""
    random = Random(f"packets {seed}")
    form, inbound = FORMS[seed // 2 % len(FORMS)], seed % 2 == 0
    asked = Asked(random.choice(PROFILES), random.choice(LISTENERS), inbound, form)
    policy, edges = windows_policy.make(seed, inbound=inbound)
    texts = windows_text.texts(policy, form)
    worlds = windows_nft.worlds(fault.policy(policy), asked)
    sent = [_draw(random, policy, edges, asked) for _ in range(packets)]
    return Trial(f"--vendor windows --seed {seed} --rulesets 1", texts,
                 tuple(map(fault.rules, worlds)), "input" if inbound else "output", sent, _whereabouts,
                 _facts(policy, next(iter(texts))))


def _facts(policy: Policy, host: str) -> Mapping[str, Fact]:
    known: dict[str, Fact] = {f"{word} of {host}": addresses.join(
        single(Family(each.family), IntervalSet.of((each.low, each.high))) for each in some)
        for word, some in policy.keywords.items()}
    return {**known, f"Group Policy of {host}": False}


def _draw(random: Random, policy: Policy, edges: Edges, asked: Asked) -> Sent:
    """Draw a packet between any edges, or at the edges of one rule."""
    inbound = asked.inbound
    rule = random.choice(policy.rules)
    if rule.inbound is not inbound or random.random() < 0.3:
        rule = _ANY
    family = random.choice([each.family for each in rule.local] or [4, 4, 4, 6])
    icmp = ICMP if family == 4 else ICMP6
    protocol = rule.protocol if rule.protocol in (TCP, UDP, icmp, ESP) else random.choice(
        (TCP, TCP, UDP, icmp, ESP))
    near = _end(random, rule.local, edges.addresses[0][family], windows_policy.ends(inbound, family)[0])
    remote = [each for word in rule.remote
              for each in (policy.keywords[word] if isinstance(word, str) else (word,))
              if each.family == family]
    far = _end(random, remote, edges.addresses[1][family], windows_policy.ends(inbound, family)[1])
    pair = (0, 0)
    if protocol in (TCP, UDP):
        pair = _port(random, rule.local_ports, edges), _port(random, rule.remote_ports, edges)
        pair = pair[::-1] if inbound else pair
        if set(pair) <= NOT_RECOGNISED:
            pair = pair[0], 443
    elif protocol == icmp:
        kind = random.choice([each.kind for each in rule.kinds] or _KINDS[icmp])
        pair = kind, random.randrange(3)
    way = Way("input" if inbound else "output", "", "", asked.profile.lower(), asked.listener)
    return Sent(way, random.choice(INGRESS) if inbound else LOOPBACK,
                first_packet(family, protocol, (far, near) if inbound else (near, far), pair))


_ANY = Rule("", True, True, "Allow", (), -1, (), (), (), (), ())


def _end(random: Random, some: Sequence[Addresses], edges: Sequence[int], network: Network) -> int:
    """Draw an end of a packet, mostly at an edge of one of the addresses."""
    if some and random.random() < 0.85:
        one = random.choice(some)
        found = random.choice((one.low, one.low, one.high, one.high, one.low - 1, one.high + 1))
        if network.low < found < network.high:
            return found
    return random.choice(edges)


def _port(random: Random, some: Sequence[Ports], edges: Edges) -> int:
    if not some or random.random() < 0.1:
        return random.choice(edges.ports)
    one = random.choice(some)
    found = random.choice((one.low, one.low, one.high, one.high, one.low - 1, one.high + 1))
    return min(max(found, 0), 65535)


def _whereabouts(sent: Sent) -> tuple[Network, Network]:
    near, far = windows_policy.ends(sent.way.hook == "input", sent.probe.family)
    return (far, near) if sent.way.hook == "input" else (near, far)
