"""Shell scripts that only call nft (and iptables): the text that nft gets of each line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.edited import Line
from aclproof.parsers.iptables.text import shell
from aclproof.parsers.iptables.text.course import Course
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.nftables.script.statements import SHOWING
from aclproof.parsers.nftables.text import lexer
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_NFT = r"[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?nft[ \t]+"
_CHANGES = re.compile(
    rf"(?m)^{_NFT}(?:(?:-\S+[ \t]+)*['\"]?(?:add|create|insert|replace|delete|destroy|flush|rename)[ \t]"
    r"|(?:-\S+[ \t]+)*(?:-\w*f|--file)\b)")
_IPTABLES = re.compile(r"[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?ip6?tables(?:-legacy|-nft)?(?:[ \t]|$)")
_HARMLESS = re.compile(
    r"(?:sudo\s+)?(?:(?:/\S*/)?(?:ip6?tables(?:-legacy|-nft)?-save|netfilter-persistent\s+save|"
    r"systemctl\s+(?:status|is-active|enable)\s+[\w.@-]+)|"
    r"set(?:\s+-(?:[euxvEB]+|[euxvEB]*o\s+(?:errexit|nounset|xtrace|verbose|pipefail)))+|exit(?:\s+0)?|true|:)\s*(?:#.*)?")
_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'(\w+)'|\"(\w+)\"|(\w+))[ \t]*$")
_FROM_INPUT = re.compile(r"(?:-f|--file)[ \t=]*(?:-|/dev/stdin)?[ \t]*$")
_EXPANDED = re.compile(r"[$`\\]")
_OPTIONS = re.compile(r"-[nsSNuapyTteochvV]+|--(?:numeric(?:-priority|-protocol|-time)?|stateless|service|"
                      r"reversedns|guid|handle|terse|echo|optimize|check|help|version)")
_SHOWS = re.compile(r"-\w*[chvV]\w*|--(?:check|help|version)")
"""Options with which nft changes nothing."""
_PLAIN = frozenset("{}")
"""What a shell leaves alone where it is a word of its own."""


def has_commands(text: str) -> bool:
    """Whether some line calls nft to change something."""
    return bool(_CHANGES.search(text))


def split(script: Source) -> tuple[list[Line], Source | None]:
    """Return what nft gets, line by line, and the commands of iptables as a script of their own.

    UnsupportedInputError for a line that only a shell could work out.
    """
    lines = script.lines()
    found: list[Line] = []
    others = [""] * len(lines)
    course = Course()
    number = 0
    while number < len(lines):
        first = number
        text = lines[number].strip("\r\t \ufeff")
        while text[:1] != "#" and text.endswith("\\") and number + 1 < len(lines):
            number += 1
            text = text[:-1] + " " + lines[number].strip("\r\t ")
        number += 1
        if not text or text.startswith("#") or _HARMLESS.fullmatch(text):
            course.passes(text)
            continue
        heredoc = _HEREDOC.search(text)
        try:
            if _IPTABLES.match(text):
                course.changes()
                others[first:number] = lines[first:number]
            elif heredoc:
                course.changes()
                size = _end(lines[number:], heredoc)
                found += _fed(text, heredoc, script, lines, range(number, number + size))
                number += size + 1
            else:
                given = _command(text)
                if given:
                    course.changes()
                else:
                    course.passes(text)
                found += [Line(each, script, first + 1) for each in given]
        except RuleError as error:
            raise UnsupportedInputError(f"{script.name}:{first + 1}: {error}") from None
    if not any(others):
        return found, None
    return found, Source(script.name, script.sha256, "".join(f"{each}\n" for each in others), script.encoding)


def _command(text: str) -> list[str]:
    """What nft gets of one call; nothing where it only shows something."""
    words = shell.words(text, _PLAIN)
    if words[:1] == ["sudo"]:
        words = words[1:]
    if not words or words[0].rpartition("/")[2] != "nft":
        raise RuleError(Reason("expected an nft command"))
    rest = words[1:]
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-f", "--file") or option.startswith("--file="):
            raise RuleError(Reason("what the file holds is not shown; give that file instead"))
        if not _OPTIONS.fullmatch(option):
            raise RuleError(Reason("the option {option} is not followed; write the commands as text",
                                   option=option))
        if _SHOWS.fullmatch(option):
            return []
    said = " ".join(rest)
    cut = lexer.words(said)
    if not cut or cut[0] in SHOWING:
        return []
    if cut.count("{") != cut.count("}"):
        raise RuleError(Reason("a brace is not closed"))
    return [said]


def _end(lines: Sequence[str], heredoc: re.Match[str]) -> int:
    """How many lines are fed, before the one that ends them."""
    dash, *marks = heredoc.groups()
    mark = next(each for each in marks if each)
    for size, line in enumerate(lines):
        line = line.rstrip("\r")
        if (line.lstrip("\t") if dash else line) == mark:
            return size
    raise RuleError(Reason("the line {mark} that ends the input of nft is missing", mark=mark))


def _fed(text: str, heredoc: re.Match[str], script: Source, lines: Sequence[str],
         numbers: range) -> Iterator[Line]:
    """The lines that nft reads from its input."""
    call = text[:heredoc.start()].strip()
    words = shell.words(_FROM_INPUT.sub("", call))
    program = words[1:] if words[:1] == ["sudo"] else words
    if not _FROM_INPUT.search(call) or len(program) != 1 or program[0].rpartition("/")[2] != "nft":
        raise RuleError(Reason("expected an nft command"))
    for number in numbers:
        if heredoc[4] and _EXPANDED.search(lines[number]):
            raise RuleError(Reason("'{text}' is for a shell to work out; write the commands as they are run",
                                   text=lines[number].strip()))
        yield Line(lines[number], script, number + 1)
