"""A made-up vendor, as small as one can be: routers with one list of rules for all that passes.

    acme 1
    permit tcp 10.20.0.0/16 10.1.1.11 80
    deny
"""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.addresses import ANY, parse
from aclproof.parsers.model.firewall import File, Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, TCP, UDP, service
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.vendor import Traits, Vendor

ACTIONS = {"permit": Action.PERMIT, "deny": Action.DENY}
PROTOCOLS = {"tcp": TCP, "udp": UDP}


class Acme(Vendor):
    """Reads its lines, and says how a packet meets them: that is all that a vendor must do."""

    traits = Traits(title="Acme", inputs="the rules of an Acme", comment_sign="//")

    def recognises(self, source: Source) -> bool:
        return source.text.startswith("acme 1\n")

    def read(self, sources: Sequence[Source]) -> Firewall:
        source = sources[0]
        lines = source.lines()
        rules = tuple(_rule(source, number, text) for number, text in enumerate(lines[1:], 2))
        file = File(source.name, source.sha256, LineCounts(understood=len(lines)))
        return Firewall(source.name, "acme", "", source, (file,), {"rules": Chain("rules", rules)},
                        stateful=frozenset({TCP, UDP}))

    def stages(self, firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
        return self.through(firewall, "rules")

    def through(self, firewall: Firewall, chain: str) -> tuple[Stage, ...]:
        end = Default(Action.DENY, "implicit-deny", "what no rule permits is dropped",
                      firewall.source.span(len(firewall.chains[chain].rules) + 1))
        return (Stage(chain, (chain,), end),)


def _rule(source: Source, line: int, text: str) -> Rule:
    match text.split():
        case [action] if action in ACTIONS:
            return Rule(ACTIONS[action], ANY, ANY, (ANY_SERVICE,), line)
        case [action, protocol, sender, receiver, port] if action in ACTIONS:
            number = int(port)
            wanted = service(PROTOCOLS[protocol], destination=IntervalSet.of((number, number)))
            return Rule(ACTIONS[action], parse(sender), parse(receiver), (wanted,), line)
        case _:
            raise UnsupportedInputError(f"{source.name}:{line}: no rule of an Acme")


VENDOR: Vendor = Acme()
