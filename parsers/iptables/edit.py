"""iptables commands that change a saved rule set: each goes into its table, where it is carried out.

So a script needs no interpreter of its own: `save` reads commands as it reads the rules before them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from aclproof.parsers.edited import Edited, Line, Remark
from aclproof.parsers.iptables import forms
from aclproof.parsers.iptables.listing_edit import NewRow, with_rules
from aclproof.parsers.iptables.meaning import convert
from aclproof.parsers.iptables.saved.carry_out import COMMANDS
from aclproof.parsers.iptables.text import shell
from aclproof.parsers.iptables.text.course import Course
from aclproof.parsers.iptables.text.kinds import GENERATED, NFT_BACK_END
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Ruleset
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_PROGRAM = re.compile(r"(?:/\S*/)?(ip6?tables)(?:-(legacy|nft))?")
_HARMLESS = re.compile(
    r"(?:sudo\s+)?(?:/\S*/)?(?:ip6?tables(?:-legacy|-nft)?-save|netfilter-persistent\s+save|"
    r"service\s+ip6?tables\s+save|set\s+-[euxvEB]+|exit(?:\s+0)?|true)\s*(?:#.*)?")
_SHOWS = frozenset("-L --list -S --list-rules -C --check -h --help --version".split())


class Command(NamedTuple):
    """One command of a script: in which table of which family, and as a line of it."""

    line: Line
    family: Family
    table: str
    place: str
    """File and line, for people."""
    back_end: str = ""
    """`legacy` or `nft`, where the command names one."""


class _Dump(NamedTuple):
    """One ruleset, the number of its file, what distinguishes its chains in the model, what wrote it."""

    file: int
    ruleset: Ruleset
    suffix: str
    back_end: str


def changed(files: Sequence[Source], script: Source, *, into_listing: bool = False,
            parse: Callable[[Sequence[Source]], Firewall] = convert.parse,
            ) -> tuple[Firewall, Sequence[Remark]]:
    """Read the files of a host with the commands carried out; `parse` makes a firewall of the changed files.

    UnsupportedInputError names one that cannot be; a listing takes new rules only if `into_listing`.
    """
    found = list(commands(script))
    if not found:
        raise UnsupportedInputError(Reason("{name}: no iptables command in it", name=script.name))
    dumps = list(_dumps(files))
    by_dump: dict[int, list[Command]] = {}
    for command in found:
        by_dump.setdefault(_changed_dump(command, dumps), []).append(command)
    edits: dict[int, list[tuple[int, Line]]] = {}
    rows: list[NewRow] = []
    for at, wanted in by_dump.items():
        dump = dumps[at]
        if into_listing and "listing" in dump.ruleset.form:
            rows += [NewRow(command.line, command.family, command.table, dump.suffix) for command in wanted]
        else:
            edits.setdefault(dump.file, []).extend(_places(dump.ruleset, wanted))
    edited = [_with(file, script, edits[number]) if number in edits else file
              for number, file in enumerate(files)]
    firewall = parse(edited)
    return with_rules(firewall, script, rows) if rows else firewall, ()


def _dumps(files: Sequence[Source]) -> Iterator[_Dump]:
    seen: Counter[Family] = Counter()
    for number, file in enumerate(files):
        for ruleset in forms.read(file, rules=False).rulesets:
            seen[ruleset.family] += 1
            yield _Dump(number, ruleset, implicit.suffix(ruleset.family, seen[ruleset.family]),
                        _back_end(ruleset))


def _changed_dump(command: Command, dumps: Sequence[_Dump]) -> int:
    """Which dump a command changes: the one of its family, and of its back end where there are two."""
    found = [at for at, each in enumerate(dumps) if each.ruleset.family is command.family]
    family = f"IPv{command.family.value}"
    program = "iptables-save" if command.family is Family.V4 else "ip6tables-save"
    if not found:
        raise UnsupportedInputError(Reason("{place}: the firewall's files hold no rules of {family} that "
                                           "it could change; give the output of {program} as well",
                                           place=command.place, family=family, program=program))
    named = [at for at in found if dumps[at].back_end == command.back_end] or found
    outputs = sum(dumps[at].ruleset.outputs for at in named)
    if outputs > 1:
        raise UnsupportedInputError(Reason("{place}: the files hold {found} dumps of {family}, and which "
                                           "of them it changes cannot be told; give one of them",
                                           place=command.place, found=outputs, family=family))
    return named[0]


def _back_end(ruleset: Ruleset) -> str:
    """Which back end wrote a dump, by the line above it."""
    end = min((table.end for table in ruleset.tables.values()), default=0)
    above = (text for text in reversed(ruleset.source.lines()[:end]) if GENERATED.match(text))
    return "nft" if NFT_BACK_END in next(above, "") else "legacy"


def _with(old: Source, script: Source, entered: Sequence[tuple[int, Line]]) -> Edited:
    """Put lines before lines of a file, in their order."""
    before: dict[int, list[Line]] = {}
    for place, line in entered:
        before.setdefault(place, []).append(line)
    texts = old.lines()
    lines: list[Line] = []
    for number, text in enumerate(texts, 1):
        lines += before.get(number, ())
        lines.append(Line(text, old, number))
    return Edited.of(old, script, [*lines, *before.get(len(texts) + 1, ())])


def _places(ruleset: Ruleset, commands: Sequence[Command]) -> Iterator[tuple[int, Line]]:
    """Yield each command with the line before which it goes: its table's COMMIT."""
    if ruleset.form != "save" and not (ruleset.form == "commands" and len(ruleset.tables) == 1):
        raise UnsupportedInputError(Reason("{name}: a listing, which commands cannot be carried out on; "
                                           "give the output of iptables-save", name=ruleset.source.name))
    size = ruleset.source.size
    end = min(max((table.end for table in ruleset.tables.values()), default=size) + 1, size + 1)
    made: dict[str, Command] = {}
    for command in commands:
        table = ruleset.tables.get(command.table)
        if table:
            yield table.end, command.line
        elif ruleset.form == "commands" or command.table not in BUILT_IN:
            raise UnsupportedInputError(Reason("{place}: {name} does not show the table {table}; give the "
                                               "output of iptables-save", place=command.place,
                                               name=ruleset.source.name, table=command.table))
        else:  # it was not loaded, so it is empty and lets everything through
            made.setdefault(command.table, command)
    for name, first in made.items():
        for line in _new_table(name, first.line, commands):
            yield end, line


def _new_table(name: str, first: Line, commands: Sequence[Command]) -> Iterator[Line]:
    """A table that the file does not hold, with its commands, quoted by the first of them."""
    yield first._replace(text=f"*{name}")
    for chain in BUILT_IN[name]:
        yield first._replace(text=f":{chain} ACCEPT [0:0]")
    yield from (command.line for command in commands if command.table == name)
    yield first._replace(text="COMMIT")


def commands(script: Source) -> Iterator[Command]:
    """Yield the commands of a script; UnsupportedInputError for a line that is none."""
    lines = script.lines()
    course = Course()
    number = 0
    while number < len(lines):
        first, text = number + 1, lines[number].strip("\r\t \ufeff")
        while text[:1] != "#" and text.endswith("\\") and number + 1 < len(lines):
            number += 1
            text = text[:-1] + " " + lines[number].strip("\r\t ")
        number += 1
        place = f"{script.name}:{first}"
        if not text or text.startswith("#") or _HARMLESS.fullmatch(text):
            course.passes(text)
            continue
        try:
            command = _command(shell.words(text), script, first, place)
            if command:
                course.changes()
            else:
                course.passes(text)
        except RuleError as error:
            raise UnsupportedInputError(f"{place}: {error}") from None
        if command:
            yield command


def _command(words: list[str], script: Source, number: int, place: str) -> Command | None:
    """Read one command; None for one that only shows something."""
    if words[:1] == ["sudo"]:
        words = words[1:]
    program = _PROGRAM.fullmatch(words[0]) if words else None
    if not program:
        raise RuleError(Reason("expected an iptables or ip6tables command"))
    family = Family.V4 if program[1] == "iptables" else Family.V6
    table, rest = _table(words[1:])
    at = next((at for at, word in enumerate(rest)
               if type(word) is str and word in (*COMMANDS, *_SHOWS)), None)
    if at is None:
        raise RuleError(Reason("a command without -A, -I, -D, -R, -P, -N, -X or -F; write it in front and "
                               "apart"))
    if rest[at] in _SHOWS:
        return None
    ordered = [*rest[at:], *rest[:at]] if at else rest
    if at and COMMANDS[rest[at]] not in ("append", "insert", "replace", "delete"):
        raise RuleError(Reason("'{word}' does not belong before {command}", word=rest[0], command=rest[at]))
    return Command(Line(shell.saved(ordered), script, number), family, table, place, program[2] or "")


def _table(words: list[str]) -> tuple[str, list[str]]:
    """Take out which table is meant, and how to wait for others: both may be anywhere."""
    table, rest = "filter", []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        plain = type(word) is str
        if plain and word in ("-t", "--table"):
            if at == len(words):
                raise RuleError(Reason("-t does not say which table"))
            table = words[at]
            at += 1
        elif plain and word.startswith("--table="):
            table = word.partition("=")[2]
        elif plain and word in ("-w", "--wait", "-v", "--verbose", "-n", "--numeric"):
            at += word in ("-w", "--wait") and at < len(words) and words[at].isdecimal()
        else:
            rest.append(word)
    if table not in BUILT_IN:
        raise RuleError(Reason("iptables has no table '{table}'", table=table))
    return table, rest
