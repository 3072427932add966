"""What address translation itself refuses, and what it leaves open, before any list is evaluated.

A new connection is looked up in both directions, and dropped when the answers would meet another line than
the request (message 305013). So the real address of a host that is translated towards the client cannot be
dialled, nor a mapped one whose host is exempt towards the client.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclproof.parsers.cisco_asa.meaning import proxy_arp
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.translations import UNKNOWN_POOL
from aclproof.parsers.model.addresses import ANY, spell_all
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, MetTranslations, Transit, Translation
from aclproof.parsers.model.rules import Action, Chain, Default, Rule
from aclproof.parsers.model.services import Service
from aclproof.reason import Reason

ANYWHERE = "(nat)"
"""The chain of what translation leaves open between any two interfaces."""

_OTHER_LINE = Reason("this line translates the answers, and the request did not meet it: the packets fail "
                     "the reverse path check (message 305013)")
_NO_LINE = Reason("this line translates the request, and its answers would keep their addresses: the packets "
                  "fail the reverse path check (message 305013)")


def check(firewall: Firewall, transit: Transit) -> Default | tuple[str, ...]:
    """Return what refuses a new connection, or else the chains that leave it open."""
    met = transit.met
    if met is None:
        return ()
    if met.destination and met.destination.refuses:
        return Default(Action.DENY, "no-route", met.destination.refuses,
                       firewall.source.span(met.destination.line))
    if met.source and met.source.refuses:
        return _refused(firewall, met.source, met.source.refuses)
    dialled = _changing(met.destination)
    stopped = _on_the_way_back(firewall, transit, dialled, met)
    silent = proxy_arp.name(dialled.line, transit.ingress or "") if dialled else ""
    if isinstance(stopped, Default) or silent not in firewall.chains:
        return stopped
    return (*stopped, silent)


def _on_the_way_back(firewall: Firewall, transit: Transit, dialled: Translation | None,
                     met: MetTranslations) -> Default | tuple[str, ...]:
    answer = _changing(met.answer)
    if answer is None:
        return _unanswered(firewall, dialled, met) if dialled and not _one_line(dialled, met) else ()
    if dialled and dialled.line == answer.line:
        return ()
    return _answered_otherwise(firewall, transit, answer, dialled, met)


def _changing(line: Translation | None) -> Translation | None:
    return None if line is None or line.keeps else line


def _one_line(dialled: Translation | None, met: MetTranslations) -> bool:
    """Whether one line decides about both ends of the request: it is looked up as one."""
    return bool(dialled and met.source and dialled.line == met.source.line)


def _unanswered(firewall: Firewall, dialled: Translation, met: MetTranslations) -> Default | tuple[str, ...]:
    """Packets whose destination is translated, though the answers would keep theirs."""
    return (_name(dialled),) if _changing(met.source) else _refused(firewall, dialled, _NO_LINE)


def _answered_otherwise(firewall: Firewall, transit: Transit, answer: Translation,
                        dialled: Translation | None, met: MetTranslations) -> Default | tuple[str, ...]:
    """Packets whose answers meet a line that the request did not meet."""
    sure = not _one_line(dialled, met)
    if dialled is None:
        # The guides do not say that answers between equals need a translation.
        sure = not (_equals(firewall, transit) if answer.refuses else _one_to_one(answer))
    return _refused(firewall, answer, answer.refuses or _OTHER_LINE) if sure else (_name(answer),)


def _equals(firewall: Firewall, transit: Transit) -> bool:
    """Whether two interfaces have one level."""
    ends = [firewall.interface(name or "") for name in (transit.ingress, transit.egress)]
    return len({end.level for end in ends if end}) == 1


def _one_to_one(line: Translation) -> bool:
    """Whether each address has one of its own that others dial, so that people may mean that one."""
    one = isinstance(line.effect, Translate) and (line.effect.offset is not None or bool(line.effect.ports))
    return one and line.opened_by != "hosts"


def _refused(firewall: Firewall, line: Translation, text: str) -> Default | tuple[str, ...]:
    if line.because and line.because != UNKNOWN_POOL:
        return (_name(line),)
    return Default(Action.DENY, "translation", text, firewall.source.span(line.line))


# Chains


def chains(table: Iterable[Translation]) -> Iterator[Chain]:
    """Build the chains of what the lines of a table leave open."""
    rules: list[Rule] = []
    names: set[str] = set()
    for line in table:
        if line.keeps or not line.sources:
            continue
        doubt = _question(line)
        if line.end == "destination":
            seen = Opaque("", Reason("which address the access lists see: the destination is translated by "
                                     "this line"))
            rules += (Rule(action, line.sources, line.destinations, line.services, line.line, (seen,))
                      for action in (Action.PERMIT, Action.DENY))
        else:
            rules.append(Rule(Action.DENY, line.destinations, line.sources, _reversed(line.services),
                              line.line, (doubt,)))
        if _name(line) not in names:
            names.add(_name(line))
            yield Chain(_name(line), [Rule(Action.DENY, ANY, ANY, ANY_SERVICES, line.line, (doubt,))],
                        synthetic=True)
    if rules:
        yield Chain(ANYWHERE, rules, synthetic=True)


def _name(line: Translation) -> str:
    return f"(nat {line.line})" if not line.because and _one_to_one(line) else f"(nat {line.line} unknown)"


def _question(line: Translation) -> Condition:
    if not line.because and _one_to_one(line):
        return Opaque(f"real address dialled: {', '.join(spell_all(line.sources))}", Reason(
            "whether the packets carry the real address: this line translates the destination towards them, "
            "and a packet to the real one fails the reverse path check"))
    return Opaque("", Reason("whether this line stops the connection: {reason}",
                             reason=line.because or line.refuses or _OTHER_LINE))


def _reversed(services: Iterable[Service]) -> tuple[Service, ...]:
    """The services of requests whose answers have these."""
    return tuple(Service(each.protocols, each.destination_ports, each.source_ports) for each in services)
