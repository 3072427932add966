"""The laws, each as a function that tries one random case and returns what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.baseline.known import after, compare
from aclproof.linter.hearing import transcripts
from aclproof.linter.hearing.hearing import hear
from aclproof.linter.program import analyse, check, to_result
from aclproof.linter.result import MethodVerdict, Result
from aclproof.linter.testimony import Transcript
from aclproof.linter.verdict import waiving
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, Heard
from tests.laws.entries import Entry, entries, entry, reordered, split
from tests.laws.judged import (
    DAY,
    Picture,
    judged,
    less_known,
    more_passes,
    none_new,
    open_questions,
    picture,
    reread,
    same,
    with_facts,
    written,
)
from tests.laws.noise import noisy
from tests.laws.spelled import CONDITIONS, PLAIN, WRITERS, Spelling


class Case(Struct, frozen=True):
    """A random ruleset for one vendor, and where it may be written."""

    random: Random
    folder: Path
    vendor: str

    def judged(self, found: Sequence[Entry], spelling: Spelling = PLAIN) -> Picture:
        """Return what is proven of it."""
        return judged(self.folder, self.vendor, found, spelling)

    def drawn(self, conditions: int = CONDITIONS - 1) -> list[Entry]:
        """Return a ruleset, sometimes with an entry that is open already, by one of so many conditions."""
        found = entries(self.random)
        if self.random.random() < 0.3:
            at = self.random.randrange(len(found))
            found[at] = replace(found[at], condition=self.random.randrange(conditions))
        return found

    def spelling(self) -> Spelling:
        """Return how it is written."""
        return Spelling(grouped=self.random.random() < 0.5)


def _opened(random: Random, each: Entry) -> list[Entry]:
    return [replace(each, condition=random.randrange(CONDITIONS))]


def _one_changed(random: Random, found: Sequence[Entry],
                 change: Callable[[Random, Entry], Sequence[Entry]]) -> list[Entry]:
    at = random.randrange(len(found))
    return [*found[:at], *change(random, found[at]), *found[at + 1:]]


# What is not known


def unknown_condition(case: Case) -> list[str]:
    """A rule that tests something more, which is not known, proves nothing more."""
    found, spelling = case.drawn(CONDITIONS), case.spelling()
    opened = _one_changed(case.random, found, lambda random, each:
                          _opened(random, each) if each.condition is None else [each])
    return less_known(case.judged(found, spelling), case.judged(opened, spelling))


def more_facts(case: Case) -> list[str]:
    """A fact only decides what was open: nothing that was decided becomes anything else."""
    found = entries(case.random)
    for _ in range(case.random.randint(1, 2)):
        found = _one_changed(case.random, found, _opened)
    known = written(case.folder, case.vendor, found)
    before = analyse(known, DAY)
    facts = {key: case.random.random() < 0.5 for key in open_questions(before) if case.random.random() < 0.7}
    if not facts:
        return []
    return less_known(picture(check(with_facts(known, facts), DAY)), picture(to_result(before, DAY)))


def usual_answers(case: Case) -> list[str]:
    """To assume what is usual only decides what was open."""
    known = written(case.folder, case.vendor, case.drawn())
    return less_known(picture(check(replace(known, assume_usual=True), DAY)), picture(check(known, DAY)))


# What means the same


def split_rule(case: Case) -> list[str]:
    """Two rules for the halves of one, by addresses or by ports, are that one."""
    found, spelling = case.drawn(), case.spelling()
    return same(case.judged(found, spelling),
                case.judged(_one_changed(case.random, found, split), spelling))


def doubled_rule(case: Case) -> list[str]:
    """A rule twice is that rule once."""
    found, spelling = case.drawn(), case.spelling()
    return same(case.judged(found, spelling),
                case.judged(_one_changed(case.random, found, lambda _, each: [each, each]), spelling))


def other_order(case: Case) -> list[str]:
    """Neighbours that have no packet in common, or do the same, may change places; at Windows any rules."""
    found, spelling = case.drawn(), case.spelling()
    changed = reordered(case.random, found)
    if case.vendor == "windows":
        changed = case.random.sample(found, len(found))
    return same(case.judged(found, spelling), case.judged(changed, spelling))


def groups_or_lines(case: Case) -> list[str]:
    """A group, a set or a chain is what is in it, each in a line of its own."""
    found = case.drawn()
    return same(case.judged(found, PLAIN), case.judged(found, Spelling(grouped=True)))


def other_names(case: Case) -> list[str]:
    """Names of lists, groups, sets, chains and rules say nothing."""
    found = case.drawn()
    name = case.random.choice(("x", "Permit", "web-80", "A_very_long_name_of_something", "g0"))
    return same(case.judged(found, Spelling(grouped=True)),
                case.judged(found, Spelling(grouped=True, prefix=name)))


def capitals(case: Case) -> list[str]:
    """Words of Cisco and Windows may be in capitals."""
    if case.vendor not in ("asa", "windows"):
        return []
    found, spelling = case.drawn(), case.spelling()
    return same(case.judged(found, spelling), case.judged(found, replace(spelling, upper=True)))


def other_family(case: Case) -> list[str]:
    """The same in IPv6, every address within 2001:db8::/96, is proven as it is in IPv4.

    Echo is another protocol there, and every IPv6 packet needs its neighbours: these are not compared.
    """
    found = [each for each in case.drawn() if each.protocol != "echo"]
    before = case.judged(found, PLAIN)
    changed = case.judged(found, replace(PLAIN, v6=True))
    return same({each: before[each] for each in changed if "ECHO" not in each}, changed)


def other_ends(case: Case) -> list[str]:
    """Blank lines, blanks at the end of lines, CRLF and a byte order mark say nothing."""
    before = case.judged(case.drawn(), case.spelling())
    file = case.folder / WRITERS[case.vendor][0]
    file.write_bytes(noisy(file.read_bytes(), case.random))
    return same(before, picture(check(reread(case.folder), DAY)))


# What passes more, or less


def permit_on_top(case: Case) -> list[str]:
    """A permit before all others lets nothing pass less."""
    found, spelling = case.drawn(), case.spelling()
    return more_passes(case.judged(found, spelling),
                       case.judged([entry(case.random, permit=True), *found], spelling))


def permit_gone(case: Case) -> list[str]:
    """Without one of its permits nothing is met that was not."""
    found, spelling = case.drawn(), case.spelling()
    permits = [each for each in found if each.permit and each.condition is None]
    if not permits:
        return []
    gone = case.random.choice(permits)
    rest = [each for each in found if each is not gone]
    return none_new(case.judged(found, spelling), case.judged(rest, spelling)) + \
        more_passes(case.judged(rest, spelling), case.judged(found, spelling))


# What people and devices say


def accepted_gaps(case: Case) -> list[str]:
    """Waivers and a baseline change no verdict, of a requirement or of a method."""
    found = case.drawn()
    before = check(written(case.folder, case.vendor, found), DAY)
    other = check(written(case.folder, case.vendor, entries(case.random)), DAY)
    told = waiving.apply(before, [_waiver(case.random, number, before) for number in range(3)])
    told = compare(told, after(other if case.random.random() < 0.5 else before), "known.json")
    return same(picture(before), picture(told)) + _other_methods(before, told)


def _waiver(random: Random, number: int, result: Result) -> Waiver:
    names = [each.requirement.id for each in result.demands]
    until = DAY + timedelta(days=random.randint(-30, 300))
    return Waiver(f"W{number}", random.choice(names), "r", "o", until, random.choice(("", "fw")))


def _other_methods(before: Result, told: Result) -> list[str]:
    pairs = zip(before.methods, told.methods, strict=True)
    return [f"{one.id}: {one.verdict} became {other.verdict}" for one, other in pairs
            if one.verdict is not other.verdict]


def connections(case: Case) -> list[str]:
    """That a host could connect, or could not, makes nothing met, and no method work."""
    site = analyse(written(case.folder, case.vendor, case.drawn()), DAY)
    demands = [each for each in site.work.demands if not each.requirement.icmp]
    packets = [case.random.choice(demands).request.boxes[0].witness() for _ in range(3)]
    vendor = next(each.vendor for each in site.firewalls.values())
    answers = tuple((vendor, _connection(each, case.random)) for each in packets)
    told, _ = hear(site, DAY, [transcripts.Heard(Transcript("answers.txt", "fw", 3), "", answers)])
    before, result = to_result(site, DAY), to_result(told, DAY)
    works = {each.id for each in before.methods if each.verdict is MethodVerdict.WORKS}
    return none_new(picture(before), picture(result)) + [
        f"{each.id} works now" for each in result.with_verdict(MethodVerdict.WORKS) if each.id not in works]


def _connection(packet: Packet, random: Random) -> ConnectionAnswer:
    heard: tuple[Heard, ...] = "open", "closed", "filtered", "failed"
    return ConnectionAnswer(span=Span("answers.txt", 1, 1, ""), protocol=packet.protocol,
                            family=packet.family, source=packet.source, destination=packet.destination,
                            port=packet.destination_port, heard=random.choice(heard))


LAWS: Mapping[str, Callable[[Case], list[str]]] = {each.__name__.replace("_", " "): each for each in (
    unknown_condition, more_facts, usual_answers, split_rule, doubled_rule, other_order, groups_or_lines,
    other_names, capitals, other_family, other_ends, permit_on_top, permit_gone, accepted_gaps, connections)}


def tried(law: str, vendor: str, seed: int, folder: Path) -> list[str]:
    """Try one case of a law, and return what breaks it."""
    return LAWS[law](Case(Random(f"{law} {vendor} {seed}"), folder, vendor))
