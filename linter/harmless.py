"""The one gate of foreign text: whatever it holds, it cannot act where it is printed.

A terminal obeys control characters, a reader's eye bidirectional and invisible ones, and the runner of a
pipeline commands that it finds in the log:

- GitHub (github.com/actions/runner, ActionCommand.cs): `::name` at the start of a line, `##[name]` in a line;
- Azure Pipelines (microsoft/azure-pipelines-agent, Command.cs): `##vso[name]` and `##[name]` in a line;
- TeamCity (service messages): `##teamcity[name]` in a line;
- GitLab (collapsible sections): `section_start:TIME:NAME`, and `section_end`.

So all of it is written as escapes, and every command loses its last sign: `##vso\\x5b`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_HIDDEN = frozenset(map(chr, (
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, *range(0xFE00, 0xFE10),
    0xFFA0, *range(0xE0100, 0xE01F0))))
"""Characters that Python calls printable and nobody sees: Unicode's Default_Ignorable_Code_Point, and the
Braille blank."""

_ADDRESS = r"[0-9A-Fa-f/][0-9A-Fa-f:./]*(?:[\s,;)]|-(?=[0-9A-Fa-f:])|$)"
"""What follows `::` in an IPv6 address; no command has such a name."""
_COMMAND = rf"##[\w.-]*\[|section_(?:start|end):(?=\d)|(?<!\S)::(?=[A-Za-z])(?!{_ADDRESS})"
"""Wherever they are: a text may be wrapped so that a line begins with any of its words."""
_FIRST = re.compile(rf"^[ \t]*::(?!{_ADDRESS})", re.MULTILINE)


def visible(text: str) -> str:
    """Write foreign text, a part of a line: a line break in it is written out as well."""
    return _broken(_escaped(text, _backslash), _backslash)


def page(lines: Iterable[str]) -> str:
    """Write lines that foreign text may be in; a line break in one of them is written out as well."""
    return first_words("".join(f"{visible(each)}\n" for each in lines))


def whole(text: str) -> str:
    """Write a text that was made of lines already: the last step before it is printed."""
    return first_words(_broken(_escaped(text, _backslash, but="\n"), _backslash))


def first_words(text: str) -> str:
    """Break up what begins a line like a command, and leave all else (colours) as it is."""
    return _FIRST.sub(lambda found: _last_sign(found, _backslash), text)


def as_json(value: object) -> str:
    """Write JSON that means the same and in which foreign text cannot act where it is printed."""
    import msgspec

    text = json_text(value)
    return msgspec.json.format(text, indent=2) + "\n"  # json's own indentation takes ten times as long


def json_text(value: object) -> str:
    """Write the same on one line."""
    import json

    return _broken(_escaped(json.dumps(value, ensure_ascii=False), _json_escape), _json_escape)


def yaml_text(text: str) -> str:
    """Write a text as YAML reads it; beyond 16 bits its escapes are not those of JSON."""
    import json

    return visible(json.dumps(text, ensure_ascii=False))


def _escaped(text: str, escape: Callable[[str], str], but: str = "") -> str:
    plain = text.replace(but, "") if but else text
    if plain.isascii() and plain.isprintable():
        return text
    signs = {each for each in set(text) - set(but) if not each.isprintable() or each in _HIDDEN}
    return text.translate({ord(each): escape(each) for each in signs})


def _broken(text: str, escape: Callable[[str], str]) -> str:
    if "##" in text or "::" in text or "section_" in text:  # hardly any, and a search takes ten times as long
        return re.sub(_COMMAND, lambda found: _last_sign(found, escape), text)
    return text


def _last_sign(found: re.Match[str], escape: Callable[[str], str]) -> str:
    return f"{found[0][:-1]}{escape(found[0][-1])}"


def _backslash(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii") if ord(sign) > 0x7E or ord(sign) < 0x20 \
        else f"\\x{ord(sign):02x}"


def _json_escape(sign: str) -> str:
    if "\ud800" <= sign <= "\udfff":  # half a character is no text, which most readers refuse
        return f"\\\\u{ord(sign):04x}"
    import json

    written = json.dumps(sign)[1:-1]
    return written if written != sign else f"\\u{ord(sign):04x}"
