"""Mistakes that a translator of address translation could make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.oracle.translated.faults import Fault
from tests.oracle.translated.nat_policy import EVERYBODY, Ends, Line, Service, Translating, rank


def _lines(change: Callable[[Line], Line]) -> Fault[Translating]:
    return Fault(policy=lambda policy: replace(policy, lines=tuple(map(change, policy.lines))))


def _ranked(change: Callable[[Line], tuple[object, ...]]) -> Fault[Translating]:
    return Fault(policy=lambda policy: replace(policy, rank=change))


def _rules(pattern: str, put: str) -> Fault[Translating]:
    return Fault(rules=lambda rules: re.sub(pattern, put, rules, flags=re.MULTILINE))


def _in_chains(begin: str, word: str, put: str) -> Fault[Translating]:
    """Exchange a word in all chains whose names begin so."""
    return Fault(rules=lambda rules: re.sub(rf"^chain {begin}[^}}]*\}}", lambda chain: chain[0].replace(
        f" {word} ", f" {put} ").replace(f"\n{word} ", f"\n{put} "), rules, flags=re.MULTILINE))


def _without(word: str) -> Fault[Translating]:
    return _lines(lambda line: replace(line, words=tuple(each for each in line.words if each != word)))


def _with(word: str) -> Fault[Translating]:
    return _lines(lambda line: replace(line, words=(*line.words, word)))


def _service(change: Callable[[Service], Service | None]) -> Fault[Translating]:
    return _lines(lambda line: replace(line, service=line.service and change(line.service)))


def _moved(line: Line) -> Line:
    if not line.static or line.mapped in (EVERYBODY, line.real) or line.mapped.size == 1:
        return line
    return replace(line, mapped=Ends(line.mapped.low + 1, line.mapped.high + 1))


def _of_object(at: int, change: Callable[[int], int]) -> Fault[Translating]:
    """Order the objects' lines otherwise, by one of the numbers that count."""
    def ranked(line: Line) -> tuple[object, ...]:
        found: list[object] = list(rank(line))
        if line.kind == "object":
            found[at] = change(int(str(found[at])) if at > 1 else bool(found[at]))
        return tuple(found)
    return _ranked(ranked)


FAULTS_OF_NAT: Mapping[str, Fault[Translating]] = {
    "after-auto means nothing": _lines(lambda line: replace(line, after=False)),
    "the lines of objects are tried as the file has them": _ranked(
        lambda line: (1,) if line.kind == "object" else rank(line)),
    "the lines of objects go first": _ranked(lambda line: (line.kind != "object", *rank(line))),
    "dynamic lines go before static ones": _of_object(1, lambda dynamic: not dynamic),
    "the largest object goes first": _of_object(2, lambda size: -size),
    "the highest address goes first": _of_object(3, lambda low: -low),
    "the names of objects do not count": _ranked(lambda line: rank(line)[:4]),
    "the two interfaces are exchanged": _lines(
        lambda line: replace(line, behind=line.towards, towards=line.behind)),
    "any is outside": _lines(lambda line: replace(line, towards=line.towards or "outside")),
    "unidirectional means nothing": _without("unidirectional"),
    "inactive means nothing": _without("inactive"),
    "a line holds whatever is dialled": _lines(lambda line: replace(line, dialled=EVERYBODY, far=EVERYBODY)),
    "what twice NAT dials is not translated": _lines(lambda line: replace(line, far=line.dialled)),
    "a network is translated one address too high": _lines(_moved),
    "a port stays as it is": _service(lambda service: service._replace(real=service.mapped)),
    "the port that is dialled is the real one": _service(
        lambda service: service._replace(mapped=service.real)),
    "the ports that hosts dial are exchanged": _lines(lambda line: replace(
        line, far_service=line.far_service and line.far_service._replace(
            real=line.far_service.mapped, mapped=line.far_service.real))),
    "a line is for all ports": _service(lambda service: None),
    "UDP is TCP": _service(lambda service: service._replace(protocol=6)),
    "routes decide the way out": _with("route-lookup"),
    "lists hold mapped destinations": _in_chains("arriving_", "ip daddr", "ct original ip daddr"),
    "answers are not looked up": _rules("^goto answers$", "accept"),
    "sources keep their addresses": _rules(r"snat ip to .*$", "accept"),
}
"""What is wrong, in words, and how to make it so: from 8.3 on."""

FAULTS_OF_OLD_NAT: Mapping[str, Fault[Translating]] = {
    "exemptions go last": _ranked(lambda line: (9,) if line.kind == "exemption" else rank(line)),
    "lists decide after the best match": _ranked(lambda line: (9,) if line.kind == "policy" else rank(line)),
    "the first dynamic line decides, not the best": _ranked(lambda line: rank(line)[:1]),
    "nat-control means nothing": Fault(policy=lambda policy: replace(policy, control=False)),
    "without a pool hosts keep their addresses": _rules("^meta mark & [0-9]* != 0 drop$", ""),
    "outside means nothing": _without("outside"),
    "dynamic lines hold upwards": _with("outside"),
    "nat 0 without a list is an exemption": _lines(
        lambda line: replace(line, kind="exemption") if line.kind == "identity" else line),
    "another number's pool is taken": _lines(lambda line: replace(line, number=line.number % 3 + 1)),
    "a mask is forgotten": _lines(lambda line: replace(
        line, real=Ends(line.real.low, line.real.low), mapped=Ends(line.mapped.low, line.mapped.low))
        if line.kind == "static" else line),
    "a port stays as it is": _service(lambda service: service._replace(real=service.mapped)),
    "lists on the way in hold real destinations": _rules("prerouting priority -300",
                                                         "prerouting priority -50"),
    "lists on the way out hold real sources": _in_chains("out_", "ip saddr", "ct original ip saddr"),
    "answers are not looked up": _rules("^goto answers$", "accept"),
}
"""The same of releases before."""
