"""How packets, counts and foreign text are written for people, the same in every report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.result import (
    Coverage,
    DemandResult,
    Line,
    MethodResult,
    MethodVerdict,
    Missing,
    Result,
)
from aclproof.linter.verdict.not_checked import not_checked
from aclproof.linter.verdict.severity import warnings
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, spell, spell_all
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, icmp_kind
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.rules.pack import AllOf, AnyOf, Citation, Equals, Pack, RolePresent, When

MOST_RANGES = 6
"""So many ranges are written out; the rest is counted."""
_MOST_PERMITTING = 3
"""Rules of one firewall that let a demand through."""


def few(texts: Sequence[str], most: int = MOST_RANGES, words: Words = ENGLISH) -> str:
    """Join texts, and count what does not fit."""
    if len(texts) <= most:
        return ", ".join(texts)
    return words("{texts} and {n} more", texts=", ".join(texts[:most]), n=len(texts) - most)


def ports(numbers: IntervalSet, most: int = MOST_RANGES, words: Words = ENGLISH) -> str:
    """Write ports as numbers and ranges."""
    return few([str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges], most, words)


def service(box: Box, words: Words = ENGLISH, whole: Iterable[Box] = ()) -> str:
    """Write the service of a box: `TCP 445`, `ICMP echo request`.

    Source ports are left out where they are all those of the `whole` that packets are sent from, and so are
    destination ports of answers that go back to all of them.
    """
    name = PROTOCOL_NAMES.get(box.protocol, "").upper() or words("PROTOCOL {n}", n=box.protocol)
    if is_icmp(box.protocol):
        kinds = [words.sentence(icmp_kind(box.protocol, low)) for low, _ in box.source_ports.ranges]
        return words("{protocol} {kinds}", protocol=name, kinds=", ".join(kinds))
    unsaid = {ANY_PORT, *(each.source_ports for each in whole)}
    answer = box.source_ports not in unsaid and box.destination_ports in unsaid
    said = not answer and box.destination_ports != ANY_PORT
    tail = f" {ports(box.destination_ports, words=words)}" if said else ""
    if box.source_ports in unsaid:
        return f"{name}{tail}"
    return words("{service} from source port {ports}", service=f"{name}{tail}",
                 ports=ports(box.source_ports, words=words))


def flow(box: Box, most: int = MOST_RANGES, words: Words = ENGLISH, whole: Iterable[Box] = ()) -> str:
    """Write a box on one line: who to whom, which service; for `whole` see `service`."""
    source = few(spell(box.family, box.sources.ranges), most, words)
    destination = few(spell(box.family, box.destinations.ranges), most, words)
    return f"{source} -> {destination}  {service(box, words, whole)}"


def first_flow(boxes: Sequence[Box], words: Words = ENGLISH, whole: Iterable[Box] = ()) -> str:
    """Write the first of some boxes, and count the others; for `whole` see `service`."""
    more = len(boxes) - 1
    rest = f", {words.count('and {n} more part', 'and {n} more parts', more)}" if more else ""
    return f"{flow(boxes[0], words=words, whole=whole)}{rest}"


def address_words(addresses: AddressSet) -> list[str]:
    """Write the addresses that a rule is for."""
    for known, word in ((ANY, "any"), (ANY4, "any IPv4"), (ANY6, "any IPv6")):
        if addresses == known:
            return [word]
    return spell_all(addresses)


def share(coverage: Coverage, words: Words = ENGLISH) -> str:
    """Write how much of a demand is stopped, never rounded to nothing or to everything."""
    return part_of_it(coverage.stopped, coverage.required, words)


def part_of_it(part: int, whole: int, words: Words = ENGLISH) -> str:
    """Write how much a number is of another one, never rounded to nothing or to everything."""
    if part == whole:
        return words("all of it")
    percent = 100 * part / whole
    if percent < 1:
        return words("less than 1 % of it")
    if percent > 99:
        return words("more than 99 % of it")
    return words("{percent:.0f} % of it", percent=percent)


def lacking(demand: DemandResult, words: Words = ENGLISH) -> str:
    """Write how much of a demand is stopped, whether it is the replies alone, and whether more is open."""
    found = share(demand.coverage, words)
    if demand.coverage.permitted + demand.coverage.stopped < demand.coverage.required:
        found = words("{share}; more of it is undecided", share=found)
    if {part.leg for part in demand.missing} != {"reply"}:
        return found
    if demand.undecided:
        return words("the replies to {share}", share=found)
    return words("the replies to {share}; the requests pass", share=found)


def left_out(warnings: Sequence[DemandResult], words: Words = ENGLISH) -> str:
    """Write which missing requirements get no permit because no method fails by them."""
    return words.count("{n} warning is left out, as no method fails by it: {requirements} (--strict opens it "
                       "as well)", "{n} warnings are left out, as no method fails by them: {requirements} "
                       "(--strict opens them as well)", len(warnings),
                       requirements=", ".join(each.requirement.id for each in warnings))


def left_out_as_waived(demands: Sequence[DemandResult], words: Words = ENGLISH) -> str:
    """Write which requirements get no permit because somebody answers for them."""
    named = [words("{requirement} (waiver {waiver}, until {day})", requirement=each.requirement.id,
                   waiver=each.waiver.id, day=each.waiver.expires) for each in demands if each.waiver]
    return words.count("{n} requirement is left out, as it is waived: {requirements}",
                       "{n} requirements are left out, as they are waived: {requirements}", len(named),
                       requirements=", ".join(named))


def reply_hint(part: Missing, words: Words = ENGLISH) -> str:
    """What to do about packets after the first of a connection, which are all of one protocol."""
    cure = words.sentence(part.reply_cure)
    if part.boxes and is_icmp(part.boxes[0].protocol):
        return words("the answer does not come back: {cure}", cure=cure)
    if part.leg == "reply":
        return words("answers do not come back: {cure}", cure=cure)
    return words("later packets of a connection are stopped: {cure}", cure=cure)


def permitting_lines(demand: DemandResult, *, every: bool = False) -> list[Line]:
    """For every hop the rules that let requests through, at most three, or its best line; or `every` line.

    `further` counts those that are left out.
    """
    found: list[Line] = []
    for hop in demand.hops:
        parts = [part for part in demand.evidence if part.permitted_by.firewall == hop.firewall]
        rules = [part for part in parts if part.leg == "request" and part.permitted_by.kind == "rule"]
        lines = dict.fromkeys(part.permitted_by for part in (parts if every else rules or parts[:1]))
        found += list(lines)[:None if every else _MOST_PERMITTING]
    return found


def further(demand: DemandResult, shown: Sequence[Line], words: Words = ENGLISH) -> str:
    """Write how many more lines let a demand through than are shown; empty for none."""
    left = len({part.permitted_by for part in demand.evidence}) - len(shown)
    return words.count("and {n} more line", "and {n} more lines", left) if left else ""


def line_text(line: Line, words: Words = ENGLISH) -> str:
    """Write a line as it is in the file, or what a default is."""
    return line.text if line.kind == "rule" else words.sentence(line.text)


def condition(when: When | None, words: Words = ENGLISH) -> str:
    """Write when a requirement applies: `when mode is native`."""
    match when:
        case None:
            return words("always")
        case Equals(setting=name, value=value):
            return words("when {name} is {value}", name=name, value=value)
        case RolePresent(role=role):
            return words("when the site has an {role}", role=role) if role[0] in "aeiou" else \
                words("when the site has a {role}", role=role)
        case AnyOf(branches=branches):
            return f" {words('or')} ".join(condition(each, words) for each in branches)
        case AllOf(branches=branches):
            return f" {words('and')} ".join(
                f"({condition(each, words)})" if isinstance(each, AnyOf) else condition(each, words)
                for each in branches)


def cited(citation: Citation, words: Words = ENGLISH) -> str:
    """Write where a source requires something."""
    row = citation.row
    return words("{page}, table '{table}', {row}", page=citation.page, table=words.quoted(citation.table),
                 row=words("row {row}", row=row) if row.isdecimal() else words.quoted(row))


def method_heading(pack: Pack, words: Words = ENGLISH) -> str:
    """What heads a column of methods: the pack's word, or a neutral one."""
    return " ".join(words.of(pack.method_heading).split()) if pack.method_heading else words("Method")


def pack_file(pack: Pack, words: Words = ENGLISH) -> str:
    """Which files packs were read from that are not part of the product, in sentences; else nothing."""
    return " ".join(words("The requirements are those of {id} {version} in {file}, SHA-256 {sha256}.",
                          id=each.id, version=each.version, file=each.origin.file, sha256=each.origin.sha256)
                    for each in pack.each if each.origin)


def of_pack(pack: Pack, word: str) -> str:
    """Which of several packs a requirement or a method comes from; nothing where there is one pack."""
    return pack.part_with(word).id if pack.parts else ""


def a_method(pack: Pack, words: Words = ENGLISH) -> str:
    """One method inside a sentence, as its subject."""
    return words.of(pack.method_in_sentences.one) if pack.method_in_sentences else words("a method")


def the_methods(pack: Pack, words: Words = ENGLISH) -> str:
    """All methods inside a sentence, after `for`: they may be one thing or several."""
    return words.of(pack.method_in_sentences.all) if pack.method_in_sentences else words("the methods")


def advice(result: Result, words: Words = ENGLISH) -> str:
    """What a pack advises where one of its methods is blocked and another works; else nothing.

    What only supports the methods is none that could take the place of one.
    """
    wanted = {MethodVerdict.BLOCKED, MethodVerdict.WORKS}
    own = {name for each in result.pack.requirements if not each.tier for name in each.methods}
    found = [each.advice for each in result.pack.each if each.advice and wanted <= {
        method.verdict for method in result.methods
        if method.id in own and result.pack.part_with(method.id) is each}]
    return " ".join(dict.fromkeys(" ".join(words.of(each).split()) for each in found))


def with_warnings(verdict: str, method: MethodResult, result: Result, words: Words = ENGLISH) -> str:
    """Write a method's verdict, and what is lacking although it works: `works, 1 warning`.

    What was not checked is counted as well.
    """
    if method.verdict is not MethodVerdict.WORKS:
        return verdict
    return with_counts(verdict, len(warnings(result, method)), left_unchecked(result, method), words)


def with_counts(verdict: str, lacking: int, unchecked: int, words: Words = ENGLISH) -> str:
    """Write the verdict of a method that works, with how many warnings it has, and how much is unchecked."""
    if lacking:
        verdict = words.count("{verdict}, {n} warning", "{verdict}, {n} warnings", lacking, verdict=verdict)
    if unchecked:
        verdict = words.count("{verdict}, {n} not checked", "{verdict}, {n} not checked", unchecked,
                              verdict=verdict)
    return verdict


def left_unchecked(result: Result, method: MethodResult) -> int:
    """Count what supports a method and was not checked.

    A site that asks for it has roles that it may have forgotten, while a method's own optional roles are
    known to it.
    """
    return sum(1 for each in not_checked(result, method) if each.requirement.tier)


def without_addresses(result: Result, words: Words = ENGLISH) -> str:
    """Write the roles without addresses, each with what was not checked for it."""
    titles, lacking = role_titles(result, words), result.scope.without_addresses
    return few([f"{titles[role]} ({few(ids, 2, words)})" for role, ids in lacking.items()], 30, words)


def passing_none(result: Result, words: Words = ENGLISH) -> list[str]:
    """Write what passes no firewall although it applies, by reason: the requirements, and why."""
    found: dict[str, list[str]] = {}
    for each in result.demands:
        if each.reason:
            found.setdefault(each.reason, []).append(each.requirement.id)
    return [f"{few(ids, 30, words)}: {words.sentence(reason)}" for reason, ids in found.items()]


def method_titles(result: Result, words: Words = ENGLISH) -> Mapping[str, str]:
    """The titles of the methods, by id."""
    return {each.id: words.of(each.title) for each in result.pack.methods}


def role_titles(result: Result, words: Words = ENGLISH) -> Mapping[str, str]:
    """The titles of the roles, by id."""
    return {each.id: words.of(each.title) for each in result.pack.roles}
