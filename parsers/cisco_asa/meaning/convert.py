"""From ASA's words to the common model: resolve names, read rules, bind lists, account for every line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning import (
    access_lists,
    bindings,
    bridges,
    implicit,
    inspections,
    interfaces,
    list_uses,
    nat_lines,
    network,
    policies,
    policy_routes,
    proxy_arp,
    time_ranges,
    translations,
)
from aclproof.parsers.cisco_asa.meaning.alternatives import unread
from aclproof.parsers.cisco_asa.meaning.bridged_nat import with_bridges
from aclproof.parsers.cisco_asa.meaning.nat import Nat, NewNat
from aclproof.parsers.cisco_asa.meaning.passages import collected, passage, vpn
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section, tree
from aclproof.parsers.model.firewall import Binding, File, Firewall, PlacementDoubt
from aclproof.parsers.model.notes import LineCounts, State
from aclproof.parsers.model.rules import Chain
from aclproof.parsers.model.services import SCTP, TCP, UDP
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

VENDOR = "cisco-asa"
SYSTEM_SPACE = Reason("the system space of a firewall with contexts: it filters nothing; give the "
                      "configuration of the context ('changeto context NAME', 'show running-config')")


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert an ASA configuration or a `show access-list` listing.

    UnsupportedInputError when the file is none; lines that cannot be read become notes and open rules.
    """
    source, *others = sources
    if others:
        raise UnsupportedInputError(Reason("{name}: the configuration of an ASA is one file; {name2} is "
                                           "given already", name=others[0].name, name2=source.name))
    reader = Reader(source)
    sections = interfaces.merged(tree(reader.section_lines))
    known = network.read(reader, sections)
    found = known.interfaces
    chains = access_lists.chains(reader, time_ranges.read(sections), any_is_ipv4=ipv4_only(reader))
    routes = (*known.routes, *network.reverse_routes(known, chains))
    bound = bindings.read(reader, known.named, ipv4_only=ipv4_only(reader))
    for each in (*bound.certain, *bound.perhaps):
        if each.chain not in chains or each.chain in reader.unbindable:
            reason = _why_unbindable(each.chain, in_file=each.chain in chains)
            chains[each.chain] = Chain(each.chain, unread([], each.line, reason))
    steps = policies.steps(sections, reader.flat.get("service-policy", []), chains)
    inspected = tuple(inspections.inspections(steps, policies.maps(sections)))
    old = before(reader, (8, 3))
    lines = with_bridges(_nat_lines(reader, chains, known, old=old), found)
    table = translations.table(lines, found, required=_required(reader))
    silent = {words[-1] for words, _ in reader.flat.get("sysopt", ()) if words[1] == "noproxyarp"}
    options = {**dict(_options(reader, sections)), **policies.answers_alone(steps)}
    access_lists.account_for_rests(reader)
    used = list_uses.uses(reader)
    bare = bindings.without_list(reader, bound, known.named, used)
    reader.ask_what_it_lacks(numbered=reader.listing, interfaces=bool(found))
    reader.ask_for_its_end(interfaces=bool(found), unused=bool(bare))
    ahead = [*implicit.chains(reader, found, bound, inspected, table, chains, options),
             *implicit.lost_lists(reader, bare),
             *bridges.chains(found, bound.certain), *proxy_arp.chains(lines, routes, silent),
             *vpn.kept_out_chains(known.tunnels, chains, table,
                                   {each.name: each.addresses for each in found}),
             *passage.chains(collected.passages(reader, sections, known, steps, chains, table))]
    if not found:
        ahead += passage.somewhere(ahead)
    chains.update({each.name: each for each in ahead})
    _note_product(reader)
    for cut in filter(None, (reader.cut, reader.left_out, reader.lost_lists)):
        reader.remark(cut.line, cut.because)
    counts = reader.counts
    version = " ".join((reader.platform, ".".join(map(str, reader.version)))) if reader.version else ""
    file = File(source.name, source.sha256, LineCounts(
        counts[State.UNDERSTOOD], counts[State.IGNORED], counts[State.APPROXIMATED], counts[State.UNREAD]))
    return Firewall(
        reader.hostname or source.name, VENDOR, version, source, (file,), chains, found, routes,
        bound.certain, inspected, translations=table, lists_before_translation=old,
        stateful=frozenset({TCP, UDP, SCTP}), options=options,
        list_uses=used, selected=tuple(network.selected(known, chains)),
        policy_routes=policy_routes.policy_routes(reader, sections, known, chains),
        definitions={each.name: each.line for each in reader.objects.definitions.values()},
        notes=tuple(reader.notes), placement_doubt=_placement_doubt(reader, bound.perhaps),
        whole=reader.whole)


def _placement_doubt(reader: Reader, perhaps: Sequence[Binding]) -> PlacementDoubt | None:
    """A line that is not read may be one of an interface or a route."""
    if reader.system_space:
        return PlacementDoubt(reader.version_line, SYSTEM_SPACE)
    lines = [*reader.loose, *(line for _, line in reader.flat.get("unread route", []))]
    if lines:
        reason = Reason("a line that could not be read may be one of an interface or a route")
        return PlacementDoubt(min(lines), reason)
    nowhere = [each.line for each in perhaps if each.interface]
    if nowhere:
        return PlacementDoubt(min(nowhere), Reason("an interface that is named there is not in the file"))
    lost = reader.cut or reader.left_out
    return PlacementDoubt(lost.line, lost.because) if lost else None


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


def _nat_lines(reader: Reader, lists: Mapping[str, Chain], known: network.Network, *,
               old: bool) -> list[Nat]:
    """Read the lines of the translation table; before 8.3 also the `global` lines by themselves."""
    if not old:
        by_route = (reader.version or (0, 0)) == (8, 3)
        return nat_lines.read(reader, NewNat(reader.objects, by_route), known.named)
    from aclproof.parsers.cisco_asa.meaning.old_nat import OldNat

    old_nat = OldNat(reader.objects, lists, reader.flat.get("global", []))
    return [*nat_lines.read(reader, old_nat, known.named), *old_nat.pool_lines()]


def _required(reader: Reader) -> str:
    """Why only what a line translates or exempts passes, whatever the file says; empty since 7.0."""
    return Reason("before release 7.0, or 3.1 of an FWSM, only what a line translates or exempts passes "
                  "(message 305005)") if implicit.always_translates(reader) else ""


def _note_product(reader: Reader) -> None:
    """Say once what the whole file is, where its rules are not all that decides."""
    if reader.platform == "FTD":
        reason = Reason("Firepower Threat Defense: what 'trust' and 'deny' say is certain, what 'permit' "
                        "lets pass Snort may still refuse")
    elif reader.system_space:
        reason = SYSTEM_SPACE
    else:
        return
    reader.approximated(reader.version_line, reason, decides=reader.system_space)


def _options(reader: Reader, sections: Sequence[Section]) -> Iterator[tuple[str, int]]:
    if reader.platform == "FTD":  # it has no security levels
        yield from (("inter-interface", reader.version_line), ("intra-interface", reader.version_line))
    for words, line in reader.flat.get("same-security-traffic", []):
        match words[1:]:
            case ["permit", "inter-interface" | "intra-interface" as option]:
                yield option, line
            case _:
                reader.leave_all_open(line, Reason("the line is cut short"), counted=True)
    if reader.platform == "FWSM":
        yield "lists-required", reader.version_line
    for _, line in reader.flat.get("router", []):
        yield "dynamic-routing", line
    for _, _, line in policy_routes.used(sections):
        yield "policy-routing", line
    for _, line in reader.flat.get("unread route", []):
        yield "unread-route", line
