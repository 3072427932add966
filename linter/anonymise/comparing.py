"""Whether two models, or two results, are the same but for other names and addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum
from itertools import zip_longest
from typing import Any

from msgspec import Struct, structs

from aclproof.linter.result import DemandResult, Result
from aclproof.parsers.model.addresses import AddressSet, Family, single
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, Route, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.renaming.renamer import CHUNK, REMOVED, Renamer
from aclproof.reason import Reason

_PART = re.compile(r"\W+")
_END = object()
_SAMPLES = 4099
"""So many hosts of a network are looked at, at most."""


def firewall(old: Firewall, new: Firewall, renamer: Renamer) -> str:
    """Say what differs in a firewall's model, by its new names; empty for nothing."""
    names = zip(old.files, new.files, strict=False)
    same = _Same(renamer, {one.name: other.name for one, other in names})
    for told, ours, theirs in (*_in_order(old, new), *_by_lines(old, new), *_lists(old, new, same)):
        for one, other in zip_longest(ours, theirs, fillvalue=_END):
            if not same.same(one, other):
                line = getattr(one, "line", 0) or getattr(other, "line", 0)
                return Reason("{at}: {what}", at=_place(new, line), what=told)
    if moved := next(filter(None, (_moved(*pair) for pair in _sequences(old, new, same))), 0):
        return Reason("{at}: {what}", at=_place(new, moved), what=Reason("the order"))
    return ""


def _place(new: Firewall, line: int) -> str:
    """Where that is, without the folder, which goes away."""
    return os.path.basename(str(new.quote(line))) if line else " + ".join(
        os.path.basename(each.name) for each in new.files)


def _sequences(old: Firewall, new: Firewall, same: _Same) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """What is in an order of addresses or names, or may be."""
    yield old.translations, new.translations
    for name, chain in old.chains.items():
        if chain.synthetic:
            yield chain.rules, new.chains[same.named(name, new.chains) or name].rules


def _moved(old: Sequence[Any], new: Sequence[Any]) -> int:
    """The line of what came before another one for the same packets, and comes after it now; 0 for none."""
    places: dict[int, int] = {}
    for at, each in enumerate(new):
        places.setdefault(each.line, at)
    order = [places[each.line] for each in old]
    if order == sorted(order):
        return 0
    return next((one.line for at, one in enumerate(old) for place, other in enumerate(old[at + 1:], at + 1)
                 if order[place] < order[at] and getattr(one, "end", "") == getattr(other, "end", "")
                 and not _alike(one, other) and _meet(one, other)), 0)


def _alike(one: Any, other: Any) -> bool:
    """Whether it does not matter which of two comes first: both do the same, or of neither it is known."""
    if isinstance(one, Rule) and isinstance(other, Rule):
        return one.effect is None and other.effect is None and (
            one.action is other.action or (_open(one) and _open(other)))
    return isinstance(one, Translation) and bool(one.because and other.because)


def _open(rule: Rule) -> bool:
    """Whether nothing can tell that a rule holds."""
    return any(isinstance(each, Opaque) and not each.key and not each.relied_on for each in rule.conditions)


def _meet(one: Any, other: Any) -> bool:
    """Whether two lines are for some packets that are the same."""
    return bool(one.sources & other.sources and one.destinations & other.destinations) and any(
        ours.protocols & theirs.protocols and ours.source_ports & theirs.source_ports
        and ours.destination_ports & theirs.destination_ports
        for ours in one.services for theirs in other.services)


_Aspect = tuple[str, Iterable[Any], Iterable[Any]]
"""What is compared, by its name, of either."""


def _in_order(old: Firewall, new: Firewall) -> Iterator[_Aspect]:
    yield Reason("the make"), [old.vendor], [new.vendor]
    yield Reason("the version"), [True], [old.version == new.version]
    yield Reason("what holds for all of it"), [_whole(old)], [_whole(new)]
    yield Reason("what was read"), [each.line_counts for each in old.files], [each.line_counts
                                                                            for each in new.files]
    for word, of in ((Reason("a note"), _notes), (Reason("an interface"), lambda each: each.interfaces),
                     (Reason("where a list is bound"), lambda each: each.bindings),
                     (Reason("an inspection"), lambda each: each.inspections),
                     (Reason("a policy"), lambda each: each.defaults.items()),
                     (Reason("a switch"), lambda each: sorted(each.options.values()))):
        yield word, of(old), of(new)


def _by_lines(old: Firewall, new: Firewall) -> Iterator[_Aspect]:
    """What stands in an order of addresses or names, which is that of lines here."""
    yield Reason("a route"), _bags(_reached(old.routes)), _bags(_reached(new.routes))
    yield Reason("a translation"), _bags(old.translations), _bags(new.translations)


def _lists(old: Firewall, new: Firewall, same: _Same) -> Iterator[_Aspect]:
    """The rules of each list with those of its image."""
    left = dict(new.chains)
    for name, chain in old.chains.items():
        image = same.named(name, left)
        if image is None:
            yield Reason("a list"), [name], []
            continue
        rules, others = chain.rules, left.pop(image).rules
        yield Reason("a rule"), *((_bags(rules), _bags(others)) if chain.synthetic else (rules, others))
    yield Reason("a list"), [], left


def _whole(firewall: Firewall) -> object:
    doubt = firewall.placement_doubt
    return (firewall.lists_before_translation, firewall.stateful, firewall.on_host, firewall.system,
            firewall.whole, firewall.all_routes, firewall.all_addresses, doubt and doubt.line,
            sorted(firewall.definitions.values()), sorted(firewall.list_uses.values()))


class _Bag(Struct, frozen=True):
    """What comes from one line, in no order."""

    line: int
    parts: tuple[Any, ...]


class _Reach(Struct, frozen=True):
    """Where a range leads to."""

    line: int
    route: Route
    addresses: AddressSet


def _reached(routes: Sequence[Route]) -> Iterator[Route | _Reach]:
    """Routes; those to one range as one, for its image is cut otherwise, where no other route is for as long
    a prefix of it."""
    kinds: dict[Route, list[Route]] = {}
    for each in routes:
        kinds.setdefault(structs.replace(each, network=0, length=0), []).append(each)
    for kind, parts in kinds.items():
        lengths = [each.length for each in parts]
        whole = IntervalSet.of(*(each for part in parts for each in part.addresses.ranges))
        if len(parts) == 1 or any(
                other not in parts and other.family is kind.family and other.addresses & whole
                and min(lengths) <= other.length <= max(lengths) for other in routes):
            yield from parts
        else:
            yield _Reach(kind.line, kind, single(kind.family, whole))


def _bags(found: Iterable[Any]) -> list[_Bag]:
    lines: dict[int, list[Any]] = {}
    for each in found:
        lines.setdefault(each.line, []).append(each)
    return [_Bag(line, tuple(parts)) for line, parts in sorted(lines.items())]


def _notes(firewall: Firewall) -> Iterable[object]:
    return sorted((each.state.value, each.span.first_line, each.decides) for each in firewall.notes)


def result(old: Result, new: Result, renamer: Renamer) -> str:
    """Say what differs in the result of a site; empty for nothing."""
    same = _Same(renamer, {}).same
    for one, other in zip_longest(old.demands, new.demands):
        if one is None or other is None or not same(_told(one), _told(other)):
            return Reason("requirement {id}", id=(one or other).requirement.id)
    for method, image in zip_longest(old.methods, new.methods):
        if method is None or image is None or not same((method.id, method.verdict),
                                                       (image.id, image.verdict)):
            return Reason("method {id}", id=(method or image).id)
    return ""


def _told(demand: DemandResult) -> object:
    """What a result says of a requirement, with where it hangs on: as counts where sets may be cut
    otherwise."""
    stopped = sorted((each.leg, each.blocked_by.span.first_line, each.blocked_by.kind,
                      sum(box.size for box in each.boxes)) for each in demand.missing)
    left = sorted((each.leg, each.line.span.first_line if each.line else 0, len(each.questions),
                   sum(box.size for box in each.boxes)) for each in demand.undecided)
    return (demand.requirement.id, demand.status, demand.coverage.permitted, demand.coverage.required,
            demand.coverage.stopped, [each.verdict for each in demand.hops],
            [each[1:] for each in stopped], [each[1:] for each in left])


class _Same:
    """Compares values of the model, whatever their kind."""

    def __init__(self, renamer: Renamer, files: Mapping[str, str]) -> None:
        """Take the names of files as well, by what they were: sentences have them."""
        self._renamer, self._files = renamer, files

    def named(self, name: str, among: Mapping[str, object]) -> str | None:
        """Return the image of a name; None where there is none."""
        for each in (name, self._renamer.words(name)):
            if each in among:
                return each
        return next((each for each in among if self._texts(name, each)), None)

    def same(self, old: Any, new: Any) -> bool:  # noqa: C901
        """Whether a value is another's image."""
        if isinstance(old, str) and isinstance(new, str):
            return self._texts(old, new)
        if isinstance(old, AddressSet) and isinstance(new, AddressSet):
            return self._renamer.addresses.of(old) == new
        if isinstance(old, IntervalSet) and isinstance(new, IntervalSet):
            return old == new or any(
                all(high <= family.last for _, high in old.ranges)
                and self._renamer.addresses.of(single(family, old)) == single(family, new)
                for family in Family)
        if type(old) is not type(new):
            return False
        if isinstance(old, Span):
            return (old.first_line, old.last_line) == (new.first_line, new.last_line)
        if isinstance(old, _Bag):
            return old.line == new.line and self._bags(list(old.parts), list(new.parts))
        if isinstance(old, Translate):
            return self._translations(old, new)
        if isinstance(old, Struct):
            return all(self.same(getattr(old, name), getattr(new, name)) for name in old.__struct_fields__)
        if isinstance(old, int) and not isinstance(old, bool | Enum):
            return old == new or any(0 <= old <= family.last and self._renamer.addresses(family, old) == new
                                     for family in Family)
        if isinstance(old, Mapping):
            return len(old) == len(new) and all(map(self.same, old.items(), new.items()))
        if isinstance(old, Set):
            return len(old) == len(new) and all(any(self.same(one, other) for other in new) for one in old)
        if isinstance(old, Iterable):
            return len(list(old)) == len(list(new)) and all(map(self.same, old, new))
        return bool(old == new)

    def _bags(self, old: list[Any], new: list[Any]) -> bool:
        for each in old:
            at = next((at for at, other in enumerate(new) if self.same(each, other)), None)
            if at is None:
                return False
            del new[at]
        return not new

    def _translations(self, old: Translate, new: Translate) -> bool:
        """Whether each host is translated into the image of what it was translated into."""
        family = Family.V6 if old.addresses and old.addresses[1] > Family.V4.last else Family.V4
        image = self._renamer.addresses
        if (old.end, old.ports, old.itself, old.shifted) != (new.end, new.ports, new.itself, new.shifted) \
                or not self.same(old.addresses, new.addresses):
            return False
        if old.addresses is None or old.offset is None or new.offset is None:
            return old.offset == new.offset and not (old.shifted and self._moves(old.addresses, family))
        low, high = old.addresses
        return all(image(family, each) - new.offset == image(family, each - old.offset)
                   for each in range(low, high + 1, max(1, (high - low) // _SAMPLES)))

    def _moves(self, addresses: tuple[int, int] | None, family: Family) -> bool:
        """Whether hosts of a network change places."""
        low, high = addresses or (0, 0)
        return any(self._renamer.addresses(family, bit) & high - low != bit
                   for bit in (1 << place for place in range((high - low).bit_length())))

    def _texts(self, old: str, new: str) -> bool:
        """Whether a text is another's image: of a sentence only some words are renamed."""
        if old == new or self._renamer.words(old) == new:
            return True
        if isinstance(old, Reason) and isinstance(new, Reason):
            return old.template == new.template and all(map(self.same, old.values.values(),
                                                            new.values.values()))
        named = old
        for name, image in self._files.items():
            named = named.replace(name, image)
        theirs = CHUNK.findall(new)
        return any(len(ours) == len(theirs) and all(map(self._words, ours, theirs))
                   for ours in (CHUNK.findall(old), CHUNK.findall(named)))

    def _words(self, old: str, new: str) -> bool:
        if new in (old, self._renamer.word(old)) or new.startswith((REMOVED, "remark-")):
            return True
        ours, theirs = _PART.split(old), _PART.split(new)
        return len(ours) > 1 and len(ours) == len(theirs) and all(
            other in (one, self._renamer.word(one)) for one, other in zip(ours, theirs, strict=True))
