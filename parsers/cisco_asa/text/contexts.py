"""Several configurations in one file: the contexts of a firewall, as backups and captures hold them.

Each begins with a line that names the release, and with what is right above it: comments, prompts, a heading;
or with a command at the prompt of another device or context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.text import outputs
from aclproof.parsers.cisco_asa.text.outputs import Output
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

VERSIONS = ("ASA Version ", "PIX Version ", "FWSM Version ", "NGFW Version ")
_TYPED = re.compile(r"changeto (?:context (?P<context>\S+)|(?P<system>sys\w*))\s*$")
_HEADING = re.compile(r"[^\w\s:]+[\W_]*context\W{1,3}(?P<name>[\w.-]+)", re.IGNORECASE)
_PROMPT = re.compile(r"[A-Za-z][\w.-]*/(?P<parts>[\w./-]+)(?:\([\w-]+\))?[#>]")
_ANY_PROMPT = re.compile(r"[A-Za-z][\w./-]*(?:\([\w-]+\))?[#>]")
_HOSTNAME = re.compile(r"hostname (\S+)")
_ENDS = (": end", "Cryptochecksum:")
_SYSTEM = "system"


class Part(Struct, frozen=True):
    """One configuration in a file."""

    name: str
    lines: range
    """Its line numbers, counted from 1."""
    version: int
    """The line that names its release, else its first."""
    of_context: bool = False
    """Whether something says that its name is a context's, and not only a host's."""


def parts(lines: Sequence[str | None]) -> list[Part]:
    """Return the configurations of a file in order, as its lines are with their prompts; one has one name."""
    versions = [number for number, line in enumerate(lines, 1)
                if line and " Version " in line and _command(line).startswith(VERSIONS)]
    found = _by_release(lines, versions)
    shown = outputs.find(lines)
    found = [piece for part in found for piece in _by_prompt(part, shown)]
    names = [each.name for each in found]
    return [part if names.count(part.name) == 1 else
            replace(part, name=f"{part.name}:{part.version}", of_context=False) for part in found]


def _by_release(lines: Sequence[str | None], versions: list[int]) -> list[Part]:
    if len(versions) < 2:
        name = _name(lines, 1, versions[0], len(lines)) if versions else ("", False)
        return [Part(name[0], range(1, len(lines) + 1), versions[0] if versions else 1, name[1])]
    begins = [_beginning(lines, version, before) for before, version in
              zip([0, *versions], versions, strict=False)]
    ends = [*(each - 1 for each in begins[1:]), len(lines)]
    names = [_name(lines, *each) for each in zip(begins, versions, ends, strict=True)]
    return [Part(name, range(first, last + 1), version, of_context)
            for (name, of_context), first, version, last in zip(names, begins, versions, ends, strict=True)]


def _by_prompt(part: Part, shown: Sequence[Output]) -> list[Part]:
    """Cut what the prompts of several devices or contexts show: a change of the prompt begins another one."""
    own = [output for output in shown if output.line in part.lines]
    firsts = [output for before, output in pairwise(own) if output.who != before.who]
    if not firsts:
        return [part]
    begins = [part.lines.start, *(output.line for output in firsts)]
    ends = [*begins[1:], part.lines.stop]
    released = part.version if part.name else 0
    pieces = []
    for output, begin, end in zip([own[0], *firsts], begins, ends, strict=True):
        inside = released in range(begin, end)
        pieces.append(Part(part.name, range(begin, end), released, part.of_context) if inside else
                      Part(output.who[-1], range(begin, end), output.line, len(output.who) > 1))
    return pieces


def names(lines: Sequence[str | None]) -> tuple[str, ...]:
    """Return the contexts of a file that holds several configurations; the system space filters nothing."""
    found = parts(lines)
    return tuple(each.name for each in found if each.name and each.name != _SYSTEM) if len(found) > 1 else ()


def leads_to(source: Source) -> tuple[str, ...]:
    """Return the command that leads to the configuration that is meant, where a file holds several.

    None where it is not sure that its name is a context's.
    """
    name = source.original.context
    if name in ("", _SYSTEM):
        return ()
    lines = source.original.lines()
    found = parts(lines)
    defined = any(line and line.split() == ["context", name] for line in lines)
    sure = any(each.name == name and (each.of_context or defined) for each in found)
    return (f"changeto context {name}",) if sure and len(found) > 1 else ()


def chosen(lines: Sequence[str | None], file: str, wanted: str) -> range:
    """Return the lines of the configuration that is meant; UnsupportedInputError where that is not clear."""
    found = parts(lines)
    names = [each.name for each in found]
    if wanted in names:
        return found[names.index(wanted)].lines
    if wanted:
        raise UnsupportedInputError(Reason("{file}: no context in it is called '{wanted}'; it holds {names}",
                                           file=file, wanted=wanted, names=", ".join(filter(None, names))))
    if len(found) == 1:
        return found[0].lines
    where = ", ".join(f"{each.name} (line {each.version})" for each in found)
    raise UnsupportedInputError(Reason(
        "{file}:{line}: a second configuration begins here (the first one in line {first}); each device and "
        "each context is a firewall of its own, so say which one is meant: 'context: NAME' in the site file, "
        "or --context NAME; there are {where}", file=file, line=found[1].version, first=found[0].version,
        where=where))


def lines_around(lines: Sequence[str | None], meant: range) -> Iterator[int]:
    """Yield the lines before and after a configuration that go from one context to another, or name one."""
    for numbers in (meant, reversed(meant)):
        for number in numbers:
            line = (lines[number - 1] or "").strip()
            if _TYPED.search(line) or _HEADING.match(line):
                yield number
            elif not _leads(line) and not line.startswith(_ENDS):
                break


def _command(line: str) -> str:
    """A line without the prompt before it."""
    found = _PROMPT.match(line)
    return line[found.end():].strip() if found else line


def _beginning(lines: Sequence[str | None], version: int, before: int) -> int:
    """The first line of what leads to a configuration, after the one that begins `before` it."""
    first = version
    while first - 1 > before and _leads(lines[first - 2] or ""):
        first -= 1
    return first


def _leads(line: str) -> bool:
    text = line.strip()
    if text.startswith(_ENDS):
        return False
    return not text or text[0] in ":!#-=*[" or any(each.match(text) for each in (_TYPED, _ANY_PROMPT))


def _name(lines: Sequence[str | None], first: int, version: int, last: int) -> tuple[str, bool]:
    """What says best which context it is (what was typed, a heading, the prompt), else its own host name."""
    if (lines[version - 1] or "").rstrip().endswith(f"<{_SYSTEM}>"):
        return _SYSTEM, False
    above = [line for number in range(version - 1, first - 1, -1) if (line := lines[number - 1])]
    for name in _said(above):
        return name, True
    return next(_hostnames(lines, version, last), f"line {version}"), False


def _said(above: Sequence[str]) -> Iterator[str]:
    for line in above:
        if typed := _TYPED.search(line):
            yield typed["context"] or _SYSTEM
        elif heading := _HEADING.match(line.strip()):
            yield heading["name"]
    for line in above:
        prompt = _PROMPT.match(line.strip())
        yield from (part for part in (prompt["parts"].split("/") if prompt else ())
                    if part not in outputs.NO_NAMES)


def _hostnames(lines: Sequence[str | None], version: int, last: int) -> Iterator[str]:
    for number in range(version, last + 1):
        if found := _HOSTNAME.match(lines[number - 1] or ""):
            yield found[1]
