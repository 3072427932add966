"""Damaged configurations of an ASA: what becomes met by damage.

The law: nothing does that was not met on the whole file, with two exceptions, which nobody could see:

- a line that is left out as a whole leaves a file that a device could print, unless others belong to it (the
  header of an interface, an object or a group);
- a line in which a character was changed may be another line that a device takes.

Both are only granted to a file in which no line is unread and none is open by damage. What is cut anywhere,
broken into two lines anywhere, or runs into another file, shows it: the files begin as a device prints them,
so that their end belongs to them.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from aclproof import parsers
from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.rules.strict_yaml import InputError
from tests.scale import scaled

SITES = Path(__file__).parents[3] / "fixtures" / "sites"
AS_OF = date(2026, 1, 15)
EACH = scaled(1, 3, 150)
"""Damages of each kind, of each file."""
STEP = scaled(4, 3, 1)
"""Of so many sites one is damaged."""
_HEADER = re.compile(r"(?:interface|object|object-group) ")
_FREE_TEXT = re.compile(r"\s*(?:!|description |access-list \S+ (?:line \d+ )?remark |banner )|$")
_END = ("prompt hostname context\nCryptochecksum:0\n: end\n")


def _inputs() -> Iterator[tuple[str, str]]:
    found = [(path.parent.name, path.name) for path in sorted(SITES.glob("*/*.cfg"))
             if re.search(r"^ASA Version", path.read_text("utf-8"), re.MULTILINE)]
    yield from found[::STEP]


def as_printed(text: str) -> str:
    """A configuration as a device prints it: with a head and an end."""
    body = re.sub(r"(?m)^(?::.*|Cryptochecksum.*|prompt hostname context)\n", "", text)
    return f": Saved\n:\n{body.rstrip()}\n{_END}"


def damages(text: str, other: str, random: Random) -> Iterator[tuple[str, str, str]]:
    """The kind of each damage, the damaged text, and the line that it is done to."""
    lines = text.splitlines(keepends=True)
    body = range(3, len(lines) - 3)
    for at in _some(body, random):
        yield "cut", "".join(lines[:at]), ""
        part = lines[at][:random.randint(1, max(1, len(lines[at]) - 2))]
        yield "cut", "".join(lines[:at]) + part, lines[at]
        yield "two files", "".join(lines[:at]) + other, ""
    for at in _some(body, random):
        yield "left out", "".join(lines[:at] + lines[at + 1:]), lines[at]
    for at in _some([at for at in body if len(lines[at].strip()) > 1], random):
        column = random.randint(1, len(lines[at].strip()) - 1) + len(lines[at]) - len(lines[at].lstrip())
        halves = f"{lines[at][:column]}\n{random.choice(['', ' '])}{lines[at][column:]}"
        yield "broken", "".join(lines[:at]) + halves + "".join(lines[at + 1:]), lines[at]
    for at in _some([at for at in body if not _FREE_TEXT.match(lines[at])], random):
        joined = lines[at].rstrip() + random.choice(("", " ")) + lines[at + 1].lstrip()
        yield "joined", "".join((*lines[:at], joined, *lines[at + 2:])), lines[at]
    for at in _some([at for at in body if lines[at].strip()], random):
        column = random.randrange(len(lines[at]) - 1)
        changed = lines[at][:column] + random.choice("aZ0 .-|1e") + lines[at][column + 1:]
        yield "changed", "".join(lines[:at]) + changed + "".join(lines[at + 1:]), lines[at]


def _some(places: Sequence[int], random: Random) -> Iterable[int]:
    return random.sample(list(places), min(EACH, len(places)))


def _firewall(text: str) -> Firewall | None:
    try:
        return parsers.parse(from_bytes(text.encode(), "fw.cfg"))
    except UnsupportedInputError:
        return None


def met(site: Path) -> frozenset[str] | None:
    """The requirements that are met; None where the inputs are refused.

    A member of a group that cannot be read may stand beside them: rules that name the group are open, and
    others are not.
    """
    try:
        found = check(reader.read(site), AS_OF).demands
    except (UnsupportedInputError, InputError):
        return None
    return frozenset(each.requirement.id for each in found if each.verdict is Verdict.MET)


def _granted(kind: str, line: str, firewall: Firewall) -> bool:
    """Whether nobody could see that the file is damaged."""
    if kind not in ("left out", "changed") or (kind == "left out" and _HEADER.match(line)):
        return False
    return not any(note.state is State.UNREAD for note in firewall.notes)


@pytest.mark.parametrize(("name", "file"), list(_inputs()))
def test_damage_makes_nothing_met_unless_nobody_could_see_it(name: str, file: str, tmp_path: Path) -> None:
    shutil.copytree(SITES / name, tmp_path, dirs_exist_ok=True)
    site, config = tmp_path / "aclproof.yaml", tmp_path / file
    single = len(list(tmp_path.glob("*"))) == 3  # with aclproof.yaml and expected.yaml
    text = as_printed(config.read_text("utf-8"))
    config.write_text(text)
    whole = met(site)
    assert whole is not None
    tried: Counter[str] = Counter()
    gained: Counter[str] = Counter()
    for kind, damaged, line in damages(text, text, Random(f"{name} {file}")):
        config.write_text(damaged)
        now, firewall = met(site), _firewall(damaged)
        tried[kind] += 1
        if now is None or firewall is None:
            continue
        if firewall.chains["(unread lines)"].rules and single:
            assert not now, (kind, line, sorted(now))  # never works beside what could decide
        if now - whole:
            gained[kind] += 1
            assert _granted(kind, line, firewall), (kind, line, sorted(now - whole))
    print(f"\n{name}/{file}: " + ", ".join(f"{kind} {tried[kind]} ({gained[kind]} gain)" for kind in tried))


@pytest.mark.parametrize(("name", "file"), list(_inputs()))
def test_a_shortened_file_that_ends_within_a_line_proves_no_more(
        name: str, file: str, tmp_path: Path) -> None:
    """Without a head nobody sees an end after a line; within one that cannot be read it shows."""
    shutil.copytree(SITES / name, tmp_path, dirs_exist_ok=True)
    site, config = tmp_path / "aclproof.yaml", tmp_path / file
    text = re.sub(r"(?m)^(?::.*|Cryptochecksum.*)\n", "", config.read_text("utf-8"))
    config.write_text(text)
    whole = met(site)
    assert whole is not None
    places = [found.end() for found in re.finditer(r"(?m)^access-(?:list|group) .+", text)]
    random = Random(f"{name} {file}")
    for end in random.sample(places, min(2 * EACH, len(places))):
        cut = text[:end - random.randint(1, 12)]
        config.write_text(cut)
        firewall = _firewall(cut)
        last = cut.count("\n") + 1
        if firewall and any(note.state is State.UNREAD and note.span.first_line == last
                            for note in firewall.notes):
            assert (met(site) or frozenset()) <= whole, cut.splitlines()[-1]
