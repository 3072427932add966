"""By what the roles of a pack show themselves in configurations: words in names, and ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from aclproof.parsers.model.intervals import IntervalSet
from aclproof.rules.init_section import PortHint, RoleHints
from aclproof.rules.pack import Pack, Role
from aclproof.rules.ports import PortRange
from aclproof.rules.settings import MissingSettingError, ports_of, resolve

_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Signs(Struct, frozen=True):
    """What suggests the roles of one pack. The near role is networks, all others are few single hosts."""

    near: str
    """Empty where the pack declares none."""
    words: Mapping[str, RoleHints]
    ports: Sequence[PortHint]
    """The more telling ones later."""
    pusher: str
    """The only role that opens connections to the near one; empty where there are several or none."""
    listens: Mapping[str, IntervalSet]
    """The ports of each role, as far as the pack's defaults tell them."""
    opens: Mapping[str, IntervalSet]
    """Those that each role connects to."""

    def listens_on(self, role: str) -> IntervalSet:
        """Return the ports of a role."""
        return self.listens.get(role, IntervalSet())

    def connects_to(self, role: str) -> IntervalSet:
        """Return the ports that a role connects to."""
        return self.opens.get(role, IntervalSet())

    def roles_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the roles that a name or a description mentions, with the word."""
        known = _spaced(text)
        found: dict[str, str] = {}
        by_product: dict[str, str] = {}
        for role, hints in self.words.items():
            if word := _first(hints.words, known):
                found[role] = word
            elif word := _first(hints.product_words, known):
                by_product[role] = word
        named = found or by_product
        for role in self.words:
            if role in named:
                yield role, named[role]

    def names_only(self, text: str) -> bool:
        """Return whether a text is made of what means roles and of numbers: 'gateway' alone is no
        'acme gateway'."""
        rest = _spaced(text)
        known = {word for hints in self.words.values() for word in (*hints.words, *hints.product_words)}
        for word in sorted(known, key=len, reverse=True):
            rest = rest.replace(f" {word} ", "  ")
        return not rest.strip()

    def is_product(self, role: str, word: str) -> bool:
        """Return whether a word for a role is the product's name, which other servers have as well."""
        return word in self.words[role].product_words

    def near_place(self, text: str) -> str:
        """Return the word in a name for a place where the near role often is, or nothing."""
        hints = self.words.get(self.near)
        return _first(hints.places, _spaced(text)) if hints else ""


def signs_of(pack: Pack) -> Signs:
    """Take them from the pack's section `init`; roles it omits are known by id and title."""
    words = dict(pack.init.roles)
    for role in pack.roles:
        if role.id not in words:
            words[role.id] = RoleHints(words=tuple(_own_words(role)))
    pushers = {each.source for each in pack.requirements if pack.near and each.destination == pack.near}
    return Signs(pack.near, words, pack.init.ports, pushers.pop() if len(pushers) == 1 else "",
                 *_ports_of_roles(pack))


def _ports_of_roles(pack: Pack) -> tuple[dict[str, IntervalSet], dict[str, IntervalSet]]:
    """On which ports each role listens, and to which it connects, in requirements and in hints."""
    settings = resolve(pack, {})
    listens: dict[str, list[PortRange]] = {}
    opens: dict[str, list[PortRange]] = {}
    for each in pack.of_tier("").requirements:
        with suppress(MissingSettingError):
            listens.setdefault(each.destination, []).extend(ports_of(each, settings))
            opens.setdefault(each.source, []).extend(ports_of(each, settings))
    for hint in pack.init.ports:
        for role, ends, others in ((hint.source, opens, listens), (hint.destination, listens, opens)):
            if role:
                ends.setdefault(role, []).extend((port, port) for port in hint.ports)
                others.setdefault(pack.near, []).extend((port, port) for port in hint.ports)
    return ({role: IntervalSet.of(*ranges) for role, ranges in listens.items()},
            {role: IntervalSet.of(*ranges) for role, ranges in opens.items()})


def _own_words(role: Role) -> Iterator[str]:
    for text in (role.id, role.title.en, role.title.de):
        if word := _spaced(text).strip():
            yield word


def _first(words: Sequence[str], known: str) -> str:
    return next((word for word in words if f" {word} " in known), "")


def tokens(text: str) -> list[str]:
    """Return the words and numbers of `ACME-DB01` and `acmeAgents`, in small letters."""
    return [each.lower() for each in _TOKEN.findall(text)]


def _spaced(text: str) -> str:
    """Its words between blanks, without numbers: these tell one computer from another, not what it is."""
    return f" {' '.join(each for each in tokens(text) if not each.isdecimal())} "
