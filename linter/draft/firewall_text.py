"""Firewalls of a drafted site file: their files, their places, and how paths name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.draft.placement import Placement
from aclproof.linter.draft.wording import Wording
from aclproof.linter.draft.yaml_words import guessed, one_or_many, scalar, suggested
from aclproof.linter.questions import FILL_IN
from aclproof.parsers.model.conditions import LOOPBACK, OnInterface
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.vendor import door
from aclproof.reason import Reason
from aclproof.rules.pack import Pack


def firewalls(placements: Sequence[Placement], pack: Pack, words: Wording) -> Iterator[str]:
    """Write the firewalls, in the order in which they were given."""
    say = words.sentence
    yield say(Reason("# In the order in which the clients meet them.")) if pack.near else \
        say(Reason("# The pack has no near role: where several are between two roles, say their order in "
                   "'paths'."))
    if not placements:
        yield "firewalls:"
        yield f"  - config: {FILL_IN}     # " + say(Reason("path from this file"))
        return
    yield "firewalls:"
    for placement in placements:
        yield from _firewall(placement, words)
        yield from _advice(placement, pack, words)


def _firewall(placement: Placement, words: Wording) -> Iterator[str]:
    known = placement.known
    called = "     # " + words.sentence(Reason("as {place} calls it", place=known.named_at)) \
        if known.named_at else ""
    yield f"  - name: {scalar(known.name)}{called}"
    files = one_or_many(list(known.configs.values()))
    if len(known.configs) > 1:
        together = Reason("these files are parts of one configuration")
        files = guessed(files, [words.sentence(together)], words)
    yield f"    config: {files}"
    if known.context:
        yield f"    context: {scalar(known.context)}"
    for key, value in (("host", placement.host), ("profile", placement.profile)):
        if value:
            yield f"    {key}: {suggested(value, words)}"
    for key, by_role in (("interfaces", placement.interfaces), ("acl", placement.lists)):
        if by_role:
            yield f"    {key}:"
            yield from (f"      {role}: {suggested(value, words)}" for role, value in by_role.items())


def _advice(placement: Placement, pack: Pack, words: Wording) -> Iterator[str]:
    firewall, say = placement.known.firewall, words.sentence
    near, other = _two_roles(pack)
    if _guards_a_host(placement) and not placement.host:
        yield f"    host: {FILL_IN}     # " + say(Reason("the role of the computer that it guards"))
        return
    if firewall.on_host and not placement.host:
        if not placement.interfaces and not firewall.interfaces:
            where, (first, second) = say(Reason("where rules name interfaces")), _two_interfaces(firewall)
            yield f"    # interfaces: {{{near}: {scalar(first)}, {other}: {scalar(second)}}}     # {where}"
        host = say(Reason("if it is the firewall of a host, and no router"))
        yield f"    # host: {_usual_role(pack)}     # {host}"
    if not firewall.on_host and not firewall.interfaces and not placement.lists:
        lists = say(Reason("which list filters what comes from a role"))
        yield f"    # acl: {{{near}: LIST, {other}: LIST}}     # {lists}"


def _guards_a_host(placement: Placement) -> bool:
    return door(placement.known.firewall.vendor).traits.needs_host


def _two_interfaces(firewall: Firewall) -> tuple[str, str]:
    """Two interfaces for an example: those that rules name, where they do."""
    named = dict.fromkeys(each.name for _, each in firewall.conditions()
                          if isinstance(each, OnInterface) and each.name != LOOPBACK
                          and not each.name.endswith("+"))
    first, second = (*named, *(name for name in ("eth1", "eth0") if name not in named))[:2]
    return first, second


def _two_roles(pack: Pack) -> tuple[str, str]:
    """The near role and another one, for examples."""
    ids = [role.id for role in pack.roles]
    first = pack.near or ids[0]
    return first, next((name for name in ids if name != first), first)


def _usual_role(pack: Pack) -> str:
    """A role that most sites have, besides the near one."""
    named = (name for name, hints in pack.init.roles.items() if hints.fill_in)
    return next(named, _two_roles(pack)[1])


def paths(placements: Sequence[Placement], pack: Pack, words: Wording) -> Iterator[str]:
    """Write an example of paths, as a comment."""
    between = [scalar(each.known.name) for each in placements if not each.host and not _guards_a_host(each)]
    names = ", ".join(between) or "NAME"
    yield words.sentence(Reason("# Where not every firewall is between two roles:"))
    yield "# paths:"
    yield f"#   - {{from: {_two_roles(pack)[0]}, to: {_usual_role(pack)}, through: [{names}]}}"
