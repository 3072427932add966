"""From ASA's words to the common model: resolve names, read rules, bind lists, account for every line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning import (
    advanced,
    bridges,
    implicit,
    inspections,
    interfaces,
    nat,
    network,
    policies,
    translations,
)
from aclproof.parsers.cisco_asa.meaning.aces import AceReader
from aclproof.parsers.cisco_asa.meaning.alternatives import ACTIONS, unread
from aclproof.parsers.cisco_asa.meaning.nat import NewNat
from aclproof.parsers.cisco_asa.meaning.old_nat import OldNat
from aclproof.parsers.cisco_asa.meaning.passages import collected, passage
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import tree
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.firewall import (
    Binding,
    Direction,
    File,
    Firewall,
    Interface,
    Translation,
)
from aclproof.parsers.model.notes import LineCounts, Note, State
from aclproof.parsers.model.reason import Reason, joined
from aclproof.parsers.model.rules import Chain, Rule
from aclproof.parsers.model.services import SCTP, TCP, UDP
from aclproof.parsers.source import Source, UnsupportedInputError

VENDOR = "cisco-asa"
_REASONS: dict[type[Exception], str] = {
    KeyError: Reason("expected permit or deny"), IndexError: Reason("the line is cut short")}

_OWN_LISTS = Reason("whether a user's own list (per-user-override) decides instead")
_OTHER_LISTS = frozenset({"ethertype", "webtype"})


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert an ASA configuration or a `show access-list` listing.

    UnsupportedInputError when the file is none; lines that cannot be read become notes and open rules.
    """
    source, *others = sources
    if others:
        raise UnsupportedInputError(f"{others[0].name}: the configuration of an ASA is one file; "
                                    f"{source.name} is given already")
    reader = Reader(source)
    sections = tree(reader.section_lines)
    known = network.read(reader, sections)
    found, routes = known.interfaces, tuple(known.routes)
    time_ranges = {section.words[1]: interfaces.time_range(section) for section in sections
                   if section.words[0] == "time-range" and len(section.words) > 1}
    chains = _chains(reader, time_ranges)
    bindings = _in_force(_bindings(reader))
    for bound in bindings:
        if bound.chain not in chains or bound.chain in reader.unbindable:
            reason = _why_unbindable(bound.chain, in_file=bound.chain in chains)
            chains[bound.chain] = Chain(bound.chain, unread([], bound.line, reason))
    steps = policies.steps(sections, reader.flat.get("service-policy", []), chains)
    inspected = tuple(inspections.inspections(steps, policies.maps(sections)))
    old = before(reader, (8, 3))
    table = _translations(reader, chains, found, old=old)
    options = dict(_options(reader))
    ahead = [*implicit.chains(reader, found, bindings, inspected, table, chains, options),
             *bridges.chains(found, bindings),
             *passage.chains(collected.passages(reader, sections, known, steps, chains, table))]
    chains.update({each.name: each for each in ahead})
    _note_product(reader)
    counts = reader.counts
    version = " ".join((reader.platform, ".".join(map(str, reader.version)))) if reader.version else ""
    file = File(source.name, source.sha256, LineCounts(
        counts[State.UNDERSTOOD], counts[State.IGNORED], counts[State.APPROXIMATED], counts[State.UNREAD]))
    return Firewall(
        reader.hostname or source.name, VENDOR, version, source, (file,), chains, found, routes, bindings,
        inspected, translations=table, lists_before_translation=old,
        stateful=frozenset({TCP, UDP, SCTP}), options=options,
        definitions={each.name: each.line for each in reader.objects.definitions.values()},
        notes=tuple(reader.notes))


def _why_unbindable(chain: str, *, in_file: bool) -> Reason:
    if in_file:
        return Reason("access-list {chain} is bound, but is of a kind that filters no interface", chain=chain)
    return Reason("access-list {chain} is bound, but is not in the file", chain=chain)


def before(reader: Reader, release: tuple[int, int]) -> bool:
    """Whether the file is from an older release; without a version line, its own style decides."""
    if reader.platform not in ("ASA", "FTD"):
        return True
    if reader.release is not None:
        return reader.release < release
    return any(words[0] in ("static", "nat-control") for _, words, _ in reader.nat)


def ipv4_only(reader: Reader) -> bool:
    """Before 9.0 a list that is no `ipv6 access-list` says nothing about IPv6."""
    return before(reader, (9, 0)) or any(ipv6 for _, ipv6 in reader.lists)


def _translations(reader: Reader, lists: Mapping[str, Chain], used: Sequence[Interface], *,
                  old: bool) -> tuple[Translation, ...]:
    """Read the translation table; before 7.0 nothing passes that it does not name."""
    required = Reason("before release 7.0 only what a line translates or exempts passes (message 305005)")
    by_route = (reader.version or (0, 0)) == (8, 3)
    lines = nat.read(reader.nat, OldNat(reader.objects, lists, reader.flat.get("global", [])) if old
                     else NewNat(reader.objects, by_route))
    return translations.table(lines, used, required=required if implicit.pix6(reader) else "")


def _chains(reader: Reader, time_ranges: dict[str, TimeRange]) -> dict[str, Chain]:
    aces = AceReader(reader.objects, time_ranges, any_is_ipv4=ipv4_only(reader))
    chains: dict[str, Chain] = {}
    for (name, ipv6), access_list in reader.lists.items():
        remarks = sum(1 for entry in access_list.entries if entry < 0)
        reader.counts[State.IGNORED] += remarks
        reader.counts[State.UNDERSTOOD] += access_list.size - remarks  # taken back below where it is not
        rules: list[Rule] = []
        for line in access_list.lines(reader.texts, reader.objects):
            plain = aces.plain(reader.texts[line - 1] or "", line)
            if plain:
                rules.append(plain)
            else:
                rules += _rules(reader, aces, access_list, line)
        if ipv6 or not chains.get(name):
            chains[chain_name(reader, name, ipv6)] = Chain(name, rules)
    return chains


def chain_name(reader: Reader, name: str, ipv6: bool) -> str:
    """An IPv4 and an IPv6 list may share a name."""
    return f"{name} (ipv6)" if ipv6 and (name, False) in reader.lists else name


def _rules(reader: Reader, aces: AceReader, access_list: AccessList, line: int) -> list[Rule]:
    text = reader.texts[line - 1] or ""
    words = (text.replace("(hitcnt", " (hitcnt") if reader.listing else text).split()
    if access_list.ipv6:
        words = words[1:]
    at = 4 if words[2] == "line" else 2
    kind = words[at] if at < len(words) else ""
    if kind in _OTHER_LISTS:
        reader.unbindable.add(access_list.name)
        reader.counts[State.UNDERSTOOD] -= 1
        reader.counts[State.IGNORED] += 1
        return []
    try:
        if kind == "advanced":
            return advanced.rules(aces, words, at + 1, line)
        if kind == "extended" or kind in ACTIONS:
            rules = aces.extended(words, at + (kind == "extended"), line, ipv6=access_list.ipv6)
        else:
            rules = _of_other_kind(reader, aces, access_list, words, at, line)
    except (LineError, KeyError, IndexError) as error:
        reason = _REASONS.get(type(error)) or str(error)
        reader.unread(line, reason, decides=True, counted=True)
        return unread(words, line, reason)
    if len(rules) > 1 or (rules and rules[0].conditions):
        _note_open(reader, rules, line)
    return rules


def _of_other_kind(reader: Reader, aces: AceReader, access_list: AccessList, words: list[str], at: int,
                   line: int) -> list[Rule]:
    """Read an entry that is no extended one; LineError where it is of no kind at all."""
    kind = words[at] if at < len(words) else ""
    if kind == "standard":
        reader.unbindable.add(access_list.name)
        return aces.standard(words, at + 1, line)
    reader.loose.append(line)  # perhaps the name is damaged, and the rule is another list's
    raise LineError(Reason("'{kind}' is not a kind of access-list entry", kind=kind))


def _note_product(reader: Reader) -> None:
    """Say once what the whole file is, where its rules are not all that decides."""
    if reader.platform == "FTD":
        reason = Reason("Firepower Threat Defense: what 'trust' and 'deny' say is certain, what 'permit' "
                        "lets pass Snort may still refuse")
    elif reader.system_space:
        reason = Reason("the system space of a firewall with contexts: it filters nothing; give the "
                        "configuration of the context ('changeto context NAME', 'show running-config')")
    else:
        return
    reader.counts[State.UNDERSTOOD] -= 1
    reader.counts[State.APPROXIMATED] += 1
    reader.notes.append(Note(State.APPROXIMATED, reader.source.span(reader.version_line), reason,
                             decides=reader.system_space))


def _note_open(reader: Reader, rules: Sequence[Rule], line: int) -> None:
    """Note what stays open of a line."""
    conditions = {condition.because: None for rule in rules for condition in rule.conditions}
    if conditions:
        reader.counts[State.UNDERSTOOD] -= 1
        reader.counts[State.APPROXIMATED] += 1
        reason = Reason("open: {conditions}", conditions=joined("; ", conditions))
        reader.notes.append(Note(State.APPROXIMATED, reader.source.span(line), reason))


def _bindings(reader: Reader) -> Iterator[Binding]:
    known = {name for name, _ in reader.lists}
    log_in = any(words[1:2] == ["authentication"] for words, _ in reader.flat.get("aaa", []))
    for words, line in reader.flat.get("access-group", []):
        if words[-1] == "control-plane":
            continue  # traffic to the firewall itself
        place: str | None = None
        match words[1:]:
            case [name, "global", *_]:
                way: Direction = "in"
            case [name, "in" | "out", "interface", place, *_]:
                way = "out" if words[2] == "out" else "in"
            case _:
                reader.loose.append(line)
                reader.unread(line, Reason("expected 'access-group NAME in|out interface IF' or 'global'"),
                              decides=True, counted=True)
                continue
        own = _OWN_LISTS if "per-user-override" in words and log_in else ""
        if (name, False) in reader.lists or name not in known:
            family = Family.V4 if ipv4_only(reader) else None
            yield Binding(name, place, way, line, family, own)
        if (name, True) in reader.lists:
            yield Binding(chain_name(reader, name, True), place, way, line, Family.V6, own)


def _in_force(bindings: Iterable[Binding]) -> tuple[Binding, ...]:
    """A place takes one list of a family and direction: a later `access-group` replaces an earlier one."""
    latest = {(each.interface, each.direction, each.family is Family.V6): each for each in bindings}
    return tuple(latest.values())


def _options(reader: Reader) -> Iterator[tuple[str, int]]:
    if reader.platform == "FTD":  # it has no security levels
        yield from (("inter-interface", reader.version_line), ("intra-interface", reader.version_line))
    for words, line in reader.flat.get("same-security-traffic", []):
        yield words[-1], line
    if reader.platform == "FWSM":
        yield "lists-required", reader.version_line
    for _, line in reader.flat.get("router", []):
        yield "dynamic-routing", line
    for _, line in reader.flat.get("policy-route", []):
        yield "policy-routing", line
    for _, line in reader.flat.get("unread route", []):
        yield "unread-route", line
