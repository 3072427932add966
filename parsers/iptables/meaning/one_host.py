"""Whether the inputs that are given together can be those of one host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.netfilter.hosts import prompts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason


def refuse_a_family_that_nothing_says(inputs: Iterable[Form]) -> None:
    """Beside rules of one family, others that nothing says the family of are most likely of the other one:
    UnsupportedInputError."""
    for form, other in permutations(inputs, 2):
        known = {each.family for each in other.rulesets}
        for ruleset in form.rulesets:
            if ruleset.family in known and not ruleset.said_family:
                raise UnsupportedInputError(Reason(
                    "{name}: nothing in it says whether its rules are of IPv4 or IPv6, and {other} has rules "
                    "of IPv{family}; give it with the heading of iptables-save, or name it .v4 or .v6",
                    name=form.source.name, other=other.source.name, family=ruleset.family.value))


def refuse_several(sources: Sequence[Source]) -> None:
    """What one host prints says nothing of another: UnsupportedInputError for prompts of two."""
    hosts: dict[str, tuple[str, int]] = {}
    for source in sources:
        for who, line in prompts(source):
            hosts.setdefault(who, (source.name, line))
            if len(hosts) > 1:
                (one, _), (other, (name, number)) = hosts.items()
                raise UnsupportedInputError(Reason(
                    "{name}:{line}: an output of {other}, beside those of {one}; give the outputs of each "
                    "host in files of its own, as a firewall of its own", name=name, line=number, other=other,
                    one=one))
