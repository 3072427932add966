"""Commands to paste, machine by machine: a script, and the same with an overview for people."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count

from aclproof.linter.harmless import page, visible
from aclproof.linter.probing.records import Expected, Machine, Probe
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.reports.writing.wording import line_text

_EXPECTED: Mapping[Expected, str] = {
    "deny": message("it should be dropped"), "permit": message("it should pass"),
    "undecided": message("not known")}
_WIDTH = 80
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt")
                                                    for number in range(10))))
"""Names of no file on Windows, whatever follows after a dot."""


def render(machines: Sequence[Machine], words: Words = ENGLISH) -> str:
    """Write the scripts of all machines, one after the other."""
    if not machines:
        return page([f"# {words('there is nothing to ask')}"])
    return "\n".join(script(each, words) for each in machines)


def script(machine: Machine, words: Words = ENGLISH) -> str:
    """Write all commands for one machine: every line is one to enter or a comment."""
    return page(_lines(machine, words))


def file_names(machines: Iterable[Machine]) -> list[str]:
    """Return the name of a file for each script; where names are the same to some system, with a number."""
    found: dict[str, str] = {}
    for machine in machines:
        numbers = chain([""], map("-{}".format, count(2)))
        names = (f"{_stem(machine)}{number}{machine.shell.suffix}" for number in numbers)
        name = next(each for each in names if _same(each) not in found)
        found[_same(name)] = name
    return list(found.values())


def _stem(machine: Machine) -> str:
    """Letters, digits and dots of the machine's name: no hidden file, no option, no device of Windows."""
    said = f"{machine.role}-{machine.name}" if machine.role else machine.name
    name = "".join(each if each.isalnum() or each in "._-" else "-" for each in said)
    return f"_{name}" if name[:1] in ".-" or _same(name).partition(".")[0] in _DEVICES else name


def _same(name: str) -> str:
    """What names have in common that some system does not tell apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def _lines(machine: Machine, words: Words) -> Iterator[str]:
    sign = machine.shell.comment_sign
    who = words("{role}, host {address}", role=machine.role, address=machine.name) if machine.role else \
        machine.name
    yield from _comment(sign, words("{who} ({title}): commands that show something and change nothing; keep "
                                    "what they print for 'aclproof check --evidence'", who=who,
                                    title=machine.shell.title))
    written: set[str] = set()
    yield from _commands(machine, machine.shell.first, written)
    for each in machine.probes:
        yield ""
        yield from _comment(sign, _why(each, words))
        yield from _commands(machine, each.commands, written)
    if machine.shell.last:
        yield ""
        yield from machine.shell.written(machine.shell.last)


def _commands(machine: Machine, commands: Iterable[str], written: set[str]) -> Iterator[str]:
    """Yield each command once: one answer serves all that ask for it."""
    for command in commands:
        if command not in written:
            written.add(command)
            yield from machine.shell.written(visible(command))


def _why(each: Probe, words: Words) -> str:
    named = ", ".join(each.requirements)
    if each.question:
        return f"{named}: {words.sentence(each.question)}"
    by = f", {each.by.span} {line_text(each.by, words).strip()}" if each.by else ""
    return f"{named}: {each.packet}; {words(_EXPECTED[each.expected])}{by}"


def _comment(sign: str, text: str) -> Iterator[str]:
    for line in textwrap.wrap(visible(text), _WIDTH - len(sign) - 1, break_long_words=False,
                              break_on_hyphens=False):
        yield f"{sign} {line}"
