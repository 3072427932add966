"""From ASA's words to the common model: resolve names, read rules, bind lists, account for every line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from aclproof.parsers.cisco_asa.meaning import access_lists, bindings, implicit, interfaces, nat, translations
from aclproof.parsers.cisco_asa.meaning.alternatives import unread
from aclproof.parsers.cisco_asa.text import broken
from aclproof.parsers.cisco_asa.text.reader import Reader, without_description
from aclproof.parsers.cisco_asa.text.sections import Section, tree
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError
from aclproof.parsers.model.firewall import File, Firewall, Interface, PlacementDoubt, Route
from aclproof.parsers.model.notes import LineCounts, State
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Chain
from aclproof.parsers.model.services import SCTP, TCP, UDP
from aclproof.parsers.source import Source, UnsupportedInputError

VENDOR = "cisco-asa"


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert an ASA configuration or a `show access-list` listing.

    UnsupportedInputError when the file is none; lines that cannot be read become notes and open rules.
    """
    source, *others = sources
    if others:
        raise UnsupportedInputError(f"{others[0].name}: the configuration of an ASA is one file; "
                                    f"{source.name} is given already")
    reader = Reader(source)
    try:
        sections = tree(reader.section_lines)
    except ValueError as error:
        raise UnsupportedInputError(f"{source.name}: {error}") from None
    found, routes = _interfaces(reader, sections)
    time_ranges = {section.words[1]: interfaces.time_range(section) for section in sections
                   if section.words[0] == "time-range" and len(section.words) > 1}
    chains = access_lists.chains(reader, time_ranges, any_is_ipv4=ipv4_only(reader))
    named = _named(reader, sections)
    bound = bindings.read(reader, named, ipv4_only=ipv4_only(reader))
    for each in (*bound.certain, *bound.perhaps):
        if each.chain not in chains or each.chain in reader.unbindable:
            reason = _why_unbindable(each.chain, in_file=each.chain in chains)
            chains[each.chain] = Chain(each.chain, unread([], each.line, reason))
    inspected = tuple(interfaces.inspections(sections, reader.flat.get("service-policy", [])))
    old = before(reader, (8, 3))
    lines = _nat(reader, chains, named, old=old)
    options = dict(_options(reader))
    access_lists.account_for_rests(reader)
    for chain in implicit.chains(reader, found, bound, inspected, lines, chains):
        chains[chain.name] = chain
    counts = reader.counts
    version = " ".join((reader.platform, ".".join(map(str, reader.version)))) if reader.version else ""
    file = File(source.name, source.sha256, LineCounts(
        counts[State.UNDERSTOOD], counts[State.IGNORED], counts[State.APPROXIMATED], counts[State.UNREAD]))
    return Firewall(
        reader.hostname or source.name, VENDOR, version, source, (file,), chains, found, routes,
        bound.certain,
        inspected, translations=translations.table(lines, [each.name for each in found]),
        lists_before_translation=old,
        stateful=frozenset({TCP, UDP, SCTP}), options=options,
        definitions={each.name: each.line for each in reader.objects.definitions.values()},
        notes=tuple(reader.notes), placement_doubt=_placement_doubt(reader))


def _named(reader: Reader, sections: list[Section]) -> set[str]:
    """The names that the file gives to interfaces, whether they are in use or not."""
    found = {words[2] for words, _ in reader.flat.get("ip", [])}
    for section in interfaces.merged(sections):
        names = interfaces.names(section)
        found |= set(names)
        if len(names) > 1:
            reason = Reason("it has two names, as if a line between them were lost")
            reader.leave_all_open(section.line, reason, counted=True)
    return found


def _nat(reader: Reader, lists: Mapping[str, Chain], named: Collection[str], *, old: bool) -> list[nat.Nat]:
    """Read address translation; a line that may go on in the next one is read with it, or not at all."""
    pools = reader.flat.get("global", [])

    def read(words: list[str], inside: str, line: int) -> list[nat.Nat]:
        found = nat.read(reader.objects, [(line, words, inside)], pools, lists, old=old, interfaces=named)
        return [] if any(each.kind == "unread" for each in found) else found

    kept: list[nat.NatLine] = []
    unclear: set[int] = set()
    for line, words, inside in reader.nat:
        rests = reader.rests.pop(line, [])
        texts = [reader.texts[each - 1] or "" for each in rests]
        whole = [without_description(text.split())
                 for text in broken.put_together(" ".join(words), texts)] if rests else []
        readable = [each for each in whole if read(each, inside, line)]
        alone = read(words, inside, line) if rests else []
        together = len(readable) == 1 and (not alone or read(readable[0], inside, line) == alone)
        for rest in rests:
            if together:
                reader.approximated(rest, broken.READ, counted=False)
            else:
                reader.unread(rest, broken.DOUBT, decides=True)
        kept.append((line, readable[0] if together else words, inside))
        if rests and not together:
            unclear.add(line)
    found = nat.read(reader.objects, kept, pools, lists, old=old, interfaces=named, broken=unclear)
    for line, because in {each.line: each.because for each in found if each.kind == "unread"}.items():
        reader.unread(line, because, decides=True, counted=True)
    return found


def _placement_doubt(reader: Reader) -> PlacementDoubt | None:
    """A line that is not read may be an interface, an address or a route."""
    lines = [*reader.loose, *(line for _, line in reader.flat.get("unread route", []))]
    reason = Reason("a line that could not be read may be one of an interface or a route")
    return PlacementDoubt(min(lines), reason) if lines else None


def _why_unbindable(chain: str, *, in_file: bool) -> Reason:
    if in_file:
        return Reason("access-list {chain} is bound, but is of a kind that filters no interface", chain=chain)
    return Reason("access-list {chain} is bound, but is not in the file", chain=chain)


def before(reader: Reader, release: tuple[int, int]) -> bool:
    """Whether the file is from an older release; without a version line, its own style decides."""
    if reader.platform != "ASA":
        return True
    if reader.version is not None:
        return reader.version < release
    return any(words[0] in ("static", "nat-control") for _, words, _ in reader.nat)


def ipv4_only(reader: Reader) -> bool:
    """Before 9.0 a list that is no `ipv6 access-list` says nothing about IPv6."""
    return before(reader, (9, 0)) or any(ipv6 for _, ipv6 in reader.lists)


def _interfaces(reader: Reader, sections: list[Section]) -> tuple[tuple[Interface, ...], tuple[Route, ...]]:
    """Read interfaces and routes, and give the interfaces' addresses to the reader's objects."""
    found: dict[str, Interface] = {}
    routes: list[Route] = []
    for known, connected in _section_interfaces(reader, sections):
        found[known.name] = known
        routes += connected
    routes += _static_routes(reader)
    for known, connected in _pix6_interfaces(reader):
        old = found.get(known.name)
        found[known.name] = replace(known, level=old.level) if old else known
        routes += connected
    for interface in found.values():
        if interface.addresses:
            reader.objects.interfaces[interface.name] = Addresses(interface.addresses)
    return tuple(found.values()), tuple(routes)


def _section_interfaces(reader: Reader, sections: list[Section]) -> Iterator[tuple[Interface, list[Route]]]:
    for section in interfaces.merged(sections):
        try:
            known = interfaces.interface(section, reader.objects.names)
        except LineError as error:
            reader.unread(section.line, str(error), decides=True, counted=True)
            reader.flat.setdefault("unread route", []).append(([], section.line))  # of its own network
            known = interfaces.nameless_address(section)
        if known:
            yield known


def _static_routes(reader: Reader) -> Iterator[Route]:
    for words, line in (*reader.flat.get("route", []), *reader.flat.get("ipv6", [])):
        rests = reader.rests.pop(line, [])
        texts = [reader.texts[each - 1] or "" for each in rests]
        whole = [text.split() for text in broken.put_together(" ".join(words), texts)] if rests else []
        readings = {found for each in (words, *whole) if (found := _route(reader, each, line))}
        yield from readings
        for rest in rests:
            if len(readings) == 1 and any(_route(reader, each, line) for each in whole):
                reader.approximated(rest, broken.READ, counted=False)
            else:
                reader.unread(rest, broken.DOUBT, decides=True)
                reader.flat.setdefault("unread route", []).append((words, rest))
        if not readings:
            reader.flat.setdefault("unread route", []).append((words, line))
            reader.unread(line, Reason("a route that could not be read"), decides=True, counted=True)


def _route(reader: Reader, words: list[str], line: int) -> Route | None:
    try:
        return interfaces.route(words, line, reader.objects.names)
    except (LineError, IndexError):
        return None


def _pix6_interfaces(reader: Reader) -> Iterator[tuple[Interface, list[Route]]]:
    """PIX 6 writes an interface's address as a line of its own: `ip address NAME ADDRESS MASK`."""
    for words, line in reader.flat.get("ip", []):
        nameif = Section(line, f"nameif {words[2]}", ())
        address = Section(line, f"ip address {words[3]} {words[4]}", ())
        section = Section(line, f"interface {words[2]}", (nameif, address))
        try:
            known = interfaces.interface(section, reader.objects.names)
        except LineError as error:
            reader.flat.setdefault("unread route", []).append((words, line))
            reader.counts[State.IGNORED] -= 1
            reader.unread(line, str(error), decides=True)
            continue
        if known:
            yield known


def _options(reader: Reader) -> Iterator[tuple[str, int]]:
    for words, line in reader.flat.get("same-security-traffic", []):
        match words[1:]:
            case ["permit", "inter-interface" | "intra-interface" as option]:
                yield option, line
            case _:
                reader.leave_all_open(line, Reason("the line is cut short"), counted=True)
    for _, line in reader.flat.get("router", []):
        yield "dynamic-routing", line
    for _, line in reader.flat.get("policy-route", []):
        yield "policy-routing", line
    for _, line in reader.flat.get("unread route", []):
        yield "unread-route", line
