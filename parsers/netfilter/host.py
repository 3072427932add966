"""A whole host in the common model: its filters, with its interfaces and routes where they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import Divert, Translate
from aclproof.parsers.model.firewall import Binding, File, Firewall
from aclproof.parsers.model.notes import LineCounts, Note, State
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Chain, Default, Rule
from aclproof.parsers.netfilter import equal_rank, implicit, routes
from aclproof.parsers.source import Joined, Source
from aclproof.reason import Reason


class Filters(Struct):
    """Chains by name, where the kernel calls them, and what becomes of packets at their ends."""

    chains: dict[str, Chain] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    defaults: dict[str, Default] = field(default_factory=dict)

    def add(self, chains: Iterable[Chain]) -> None:
        """Add chains; the rules of one that is there already come after its own."""
        for chain in chains:
            before = self.chains.get(chain.name)
            self.chains[chain.name] = chain if before is None else Chain(
                chain.name, [*before.rules, *chain.rules], synthetic=chain.synthetic)


def firewall(vendor: str, joined: Joined, shows: Sequence[routes.Shows], filters: Filters,
             files: Sequence[File], notes: Iterable[Note],
             unless: Mapping[Family, tuple[Condition, ...]]) -> Firewall:
    """Put a host together; `unless` are the conditions under which routes are not those that are shown."""
    _leave_open_what_is_refused(filters)
    equal_rank.leave_open(filters.bindings, filters.chains, filters.defaults)
    filters.add(implicit.hop_limit(list(filters.chains.values())))
    leading, shown = routes.routes(shows, joined), routes.all_routes(shows)
    filters.add((*routes.ruled(shows, joined, leading), *routes.dropping(leading, unless),
                 *routes.unreached(leading, shown), implicit.itself()))
    made = Firewall(joined.sources[0].name, vendor, "", joined, tuple(files), filters.chains,
                    bindings=tuple(filters.bindings), defaults=filters.defaults, notes=tuple(notes),
                    on_host=True, interfaces=routes.interfaces(shows, joined), routes=leading,
                    options=routes.options(shows, joined), all_routes=shown,
                    all_addresses=routes.all_addresses(shows))
    if shown and any(isinstance(each, Opaque) and each.way_back for _, each in made.conditions()):
        from aclproof.parsers.netfilter import way_back

        way_back.decide(made, filters.chains, unless)
    return made


def files(source: Source, states: Sequence[State]) -> Iterator[File]:
    """Yield what is known of an input and of each that it includes, by what became of their lines."""
    end = source.size - sum(each.size for each in source.included)
    yield file(source, states[:end])
    for each in source.included:
        yield file(each, states[end:end + each.size])
        end += each.size


def file(source: Source, states: Sequence[State]) -> File:
    """Return what is known of an input, by what became of its lines."""
    counts = LineCounts(*map(states.count, (State.UNDERSTOOD, State.IGNORED, State.APPROXIMATED,
                                            State.UNREAD)))
    return File(source.name, source.sha256, counts)


_REFUSED = Divert(Reason("what the host has instead of this line: the kernel refuses to translate in such a "
                         "chain"))


def _leave_open_what_is_refused(filters: Filters) -> None:
    """Leave open what lines do that translate and are no chain's of translation."""
    translating = [chain for chain in filters.chains.values() if any(map(_translates, special(chain.rules)))]
    reached = equal_rank.reached([each.chain for each in filters.bindings if each.point
                                  and not each.point.translates] if translating else [], filters.chains)
    for chain in translating:
        if chain.name in reached:
            filters.chains[chain.name] = replace(chain, rules=[
                rule._replace(effect=_REFUSED) if _translates(rule) else rule for rule in chain.rules])


def _translates(rule: Rule) -> bool:
    return isinstance(rule.effect, Translate)
