"""Lines that are entered into an ASA's configuration: `access-list ... line N`, `no ...`, `clear configure`.

A list takes entries by number, remarks counted. Definitions that are entered again go on where they were
left, and later lines replace earlier ones; so everything else can stand at the end.
"""

from __future__ import annotations

import re

from parsers.source import Edited, Line, Source, Unusable

_MODE = re.compile(r"(?:conf(?:igure)? t(?:erminal)?|end|exit|en(?:able)?|wr(?:ite)?(?: mem(?:ory)?)?|!.*)?$")
_ENTRY = re.compile(r"((?:ipv6 )?access-list \S+) (?:line (\d+) )?(.+)")
_CLEAR = re.compile(r"clear conf(?:igure)? access-list (\S+)")


def changed(old: Source, script: Source) -> Source:
    """Return the configuration with a script entered; Unusable names a line that cannot be."""
    config = [Line(text, old, number) for number, text in enumerate(old.lines(), 1)]
    section = ""
    for number, raw in enumerate(script.lines(), 1):
        text, where = raw.strip(), f"{script.name}:{number}"
        if _MODE.match(text):
            section = ""
            continue
        entry, clear = _ENTRY.fullmatch(text), _CLEAR.fullmatch(text)
        if clear:
            config = [each for each in config if not _belongs(each, f"access-list {clear[1]}")]
        elif entry:
            _enter(config, entry, Line(f"{entry[1]} {entry[3]}", script, number), where)
        elif text.startswith("no "):
            _take_away(config, text[3:], section, where)
        else:
            config.append(Line(raw, script, number))
            section = section if raw[:1] == " " else text
    return Edited.of(f"{old.name} with {script.name}", config)


def _belongs(line: Line, head: str) -> bool:
    return line.text.lstrip().startswith(head + " ")


def _enter(config: list[Line], entry: re.Match[str], line: Line, where: str) -> None:
    entries = [at for at, each in enumerate(config) if _belongs(each, entry[1])]
    if any(" ".join(config[at].text.split()) == " ".join(line.text.split()) for at in entries):
        return  # the device says that it has it already
    wanted = int(entry[2]) if entry[2] else len(entries) + 1
    if wanted < 1:
        raise Unusable(f"{where}: entries are counted from 1")
    at = entries[wanted - 1] if wanted <= len(entries) else (entries[-1] + 1 if entries else len(config))
    config.insert(at, line)


def _take_away(config: list[Line], text: str, section: str, where: str) -> None:
    """Remove a line; of a list the entry by its words, with or without its number."""
    entry = _ENTRY.fullmatch(text)
    wanted = " ".join(f"{entry[1]} {entry[3]}".split()) if entry else " ".join(text.split())
    places = [at for at, each in enumerate(config) if " ".join(each.text.split()) == wanted]
    if section:
        places = [at for at in places if _section(config, at) == " ".join(section.split())]
    if not places and text.split()[:1] in (["object"], ["object-group"]):
        raise Unusable(f"{where}: '{text}' is not in the configuration")
    if not places:
        raise Unusable(f"{where}: there is no line '{wanted}' to take away")
    at = places[-1]
    del config[at]
    while not wanted.startswith("access-list") and at < len(config) and config[at].text[:1] == " ":
        del config[at]  # the body goes with its header


def _section(config: list[Line], at: int) -> str:
    """The header above a line of a body."""
    return next((" ".join(each.text.split()) for each in reversed(config[:at]) if each.text[:1] != " "), "")
