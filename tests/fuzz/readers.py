"""Every reader of the product, one a line, and what has to hold whatever it is given.

What is not read is refused with the errors that a user is told, and they name the file; what is read accounts
for every line. Anything else that comes out of a reader is a fault.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp
from typing import NamedTuple

from aclproof import parsers
from aclproof.linter.errors import user_errors
from aclproof.parsers import detect
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.prompts import without_prompts
from aclproof.parsers.source import Source, files_of
from aclproof.parsers.vendor import door
from aclproof.rules.strict_yaml import InputError, Problem
from tests.fuzz import samples, scripts
from tests.fuzz.asking import ask

NAME = "case-inbound.txt"
"""What a case is called that is no file; some forms do not say themselves which rules they hold."""
AS_OF = date(2026, 1, 15)
Make = Callable[[Random], bytes]


class Reader(NamedTuple):
    """One door through which somebody else's file comes in."""

    name: str
    read: Callable[[bytes], None]
    """Read a case; raises one of `user_errors()`, or AssertionError where it breaks a promise."""
    samples: Callable[[], Sequence[bytes]]
    make: Make | None = None
    """Makes a text by a grammar."""


def outcome(reader: Reader, data: bytes) -> str:
    """Read a case; return an empty text, or what the user is told. Whatever else is raised is a fault."""
    try:
        reader.read(data)
    except user_errors() as error:
        _told_well(error)
        said = error.problems[0].message if isinstance(error, InputError) else error.args[0]
        return str(getattr(said, "template", said))
    return ""


def _told_well(error: Exception) -> None:
    """An error names the file that is at fault, a line of it or none, and says something."""
    problems = error.problems if isinstance(error, InputError) else ()
    assert str(error).strip(), repr(error)
    assert all("case" in each.file and each.line >= 0 and each.message for each in problems), repr(error)
    assert problems or "case" in str(error), repr(error)


def configuration(data: bytes) -> None:
    """Read what claims to be a configuration, and ask all that commands ask about one."""
    source = samples.opened(data, NAME)
    vendor = detect.vendor(source)
    firewall = door(vendor).read([source])
    every_line_counts(firewall)
    if hash(data) % 8 == 0:  # the other commands' questions take longer than the reading
        ask(firewall)


def every_line_counts(firewall: Firewall) -> None:
    """The lines of each kind add up to those of the files, and notes and rules are about lines of these."""
    counts = firewall.line_counts
    assert min(counts.understood, counts.ignored, counts.approximated, counts.unread) >= 0, counts
    files = files_of(firewall.source)
    assert counts.total == sum(each.size for each in files), counts
    last = max(map(_last_line, files))
    for note in firewall.notes:
        assert 1 <= note.span.first_line <= note.span.last_line <= last, note


def _last_line(source: Source) -> int:
    return max([len(source.lines()), *map(_last_line, source.included)])


def transcript(data: bytes, keys: Sequence[str]) -> None:
    """Read what claims to be commands with their answers."""
    source = samples.opened(data, NAME)
    for key in keys:
        for answer in door(key).heard(source):
            assert 1 <= answer.span.first_line <= source.size, answer


def part(data: bytes) -> None:
    """Read what says nothing alone, beside the rules of the same host."""
    source = samples.opened(data, NAME)
    detect.vendor(source)
    every_line_counts(parsers.parse_all([samples.opened(scripts.BESIDE.encode(), "case.rules"), source]))


def script(data: bytes, vendor: str) -> None:
    """Carry out what claims to be a change script."""
    source = samples.opened(data, NAME)
    detect.script(source)
    traits = door(vendor).traits
    before = samples.opened(scripts.OF[vendor].before.encode(), "case before")
    firewall, _ = parsers.enter(vendor, [before], without_prompts(source, traits.prompt, traits.answer))
    assert firewall.line_counts.total == sum(each.size for each in files_of(firewall.source))


@cache
def _folder() -> Path:
    """Where cases lie that are read as files, as long as the process lives."""
    folder = mkdtemp(prefix="aclproof-fuzz-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return Path(folder)


def _file(data: bytes, name: str) -> str:
    path = _folder() / name
    path.write_bytes(data)
    return str(path)


def site_file(data: bytes) -> None:
    """Read a site file."""
    from aclproof.linter.site import reader

    reader.read(_file(data, "case.yaml"))


def base_of_a_site(data: bytes) -> None:
    """Read a site file that extends a case."""
    from aclproof.linter.site import reader

    _file(data, "case-base.yaml")
    reader.read(_file(b"extends: case-base.yaml\n", "case.yaml"))


def included(data: bytes) -> None:
    """Read a rule file of nftables that includes a case."""
    from aclproof.parsers.source import from_bytes

    name = _file(data, "case-included.nft")
    source = from_bytes(b'table ip t {\n include "./case-included.nft"\n}\n', f"{Path(name).parent}/case.nft")
    every_line_counts(door("nftables").read([source]))


def pack(data: bytes) -> None:
    """Read a pack."""
    from aclproof import rules

    rules.load(_file(data, "case.yaml"))


def waivers(data: bytes) -> None:
    """Read a waiver file for the default pack."""
    from aclproof import rules
    from aclproof.linter.site import waivers

    waivers.read(_file(data, "case.yaml"), rules.load("configmgr-2007"), ["branch"], AS_OF)


def baseline(data: bytes) -> None:
    """Read a baseline, and write what was read: it has to be the same again."""
    from aclproof.linter.baseline import file

    found = file.parsed(data, NAME)
    assert file.parsed(file.write(found).encode(), NAME) == found


def packets(data: bytes) -> None:
    """Read a CSV of packets."""
    from aclproof.linter.cli import packets

    for each in packets.of_csv(_file(data, "case.csv")):
        assert 1 <= each.line <= len(data.decode("utf-8-sig").splitlines())


def inventory(data: bytes) -> None:
    """Read an export of Configuration Manager, and draft the site files of it."""
    from aclproof.linter.draft.inventory import reader

    reader.read(_file(data, "case.json"))


def names(data: bytes) -> None:
    """Read a list of names from standard input."""
    import click

    from aclproof.linter.cli import name_lists

    stdin, sys.stdin = sys.stdin, TextIOWrapper(BytesIO(data))
    try:
        name_lists.changed(["-"])
    except click.UsageError as error:
        raise InputError(Problem(NAME, 0, "", error.message)) from None
    finally:
        sys.stdin = stdin


def anonymised(data: bytes) -> None:
    """Read a file that is to be written anew under other names."""
    from aclproof.linter.anonymise import texts

    texts.read(_file(data, "case.cfg"))


def _of(form: str, make: Make | None = None, read: Callable[[bytes], None] = configuration) -> Reader:
    def some() -> Sequence[bytes]:
        known = samples.configurations().get(form, ())
        return known or ([make(Random(number)) for number in range(5)] if make else ())
    return Reader(form, read, some, make)


def _transcripts(key: str, keys: Sequence[str], *rooms: str) -> Reader:
    return Reader(f"{key}: transcript", partial(transcript, keys=keys), lambda: samples.transcripts(*rooms))


def _scripts(key: str) -> Reader:
    commands = scripts.OF[key]
    return Reader(f"{key}: change script", partial(script, vendor=key),
                  lambda: [f"{each}\n".encode() for each in commands.commands],
                  partial(scripts.make, commands))


def _some_configurations() -> Sequence[bytes]:
    return [texts[0] for texts in samples.configurations().values()]


READERS: Sequence[Reader] = (
    _of("cisco-asa: configuration", samples.asa), _of("cisco-asa: show access-list", samples.asa_listing),
    _transcripts("cisco-asa", ("cisco-asa",), "asa", "branch"), _scripts("cisco-asa"),
    _of("iptables: save", samples.iptables), _of("iptables: commands"), _of("iptables: listing"),
    _of("iptables: ipset", samples.ipset, part), _of("iptables: nft tables", read=part),
    _of("iptables: ip output", read=part), _transcripts("iptables", ("iptables", "nftables"), "linux"),
    _scripts("iptables"),
    _of("nftables: text", samples.nftables), _of("nftables: json"), _scripts("nftables"),
    Reader("nftables: included file", included, lambda: samples.configurations()["nftables: text"]),
    _of("windows: registry export"), _of("windows: Registry.pol", samples.registry_pol),
    _of("windows: registry hive", samples.hive), _of("windows: Group Policy report", samples.policy_report),
    _of("windows: PowerShell export", samples.powershell),
    _of("windows: netsh advfirewall show", samples.netsh),
    _of("windows: netsh advfirewall script"), _of("windows: netsh firewall show"),
    _of("windows: wf.msc list"),
    _of(f"windows: {samples.LOOK_ALIKES}"),
    _transcripts("windows", ("windows",), "windows"), _scripts("windows"),
    Reader("site file", site_file, samples.site_files),
    Reader("base of a site file", base_of_a_site, samples.site_files),
    Reader("pack", pack, samples.packs), Reader("waivers", waivers, lambda: samples.WAIVERS),
    Reader("baseline", baseline, samples.baselines), Reader("packets", packets, lambda: samples.PACKETS),
    Reader("inventory", inventory, samples.inventories),
    Reader("list of names", names, lambda: samples.NAMES),
    Reader("anonymise", anonymised, _some_configurations),
)
