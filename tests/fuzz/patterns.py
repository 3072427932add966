"""Every regular expression of the product, and texts that it nearly matches, as long as wanted.

Those that stand in the source are found there, also where they are put together of parts; those that are
made at run time are noted while samples are read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from tests.test_house import ROOT, modules, nodes

_CALLS = ("compile", "match", "search", "fullmatch", "split", "sub", "subn", "findall", "finditer")
_TYPICAL = " \n\ta0-._,:/\"'=([{<|#%\x1b\xe9*"
"""A character of each kind that patterns tell apart."""
_MANY = 20
"""A repeat up to so often is as good as one without an end."""
TAILS = ("", "\0", "\n!")
"""What a text ends with that makes a pattern fail at last."""


class Pattern(NamedTuple):
    """One pattern, and where it is used first."""

    text: str
    flags: int
    where: str
    searches: bool
    """Whether it is looked for anywhere in a text, and not only at a place that is known."""


def of_the_source() -> Iterator[Pattern]:
    """Yield what calls of `re` in the source are given, where that does not depend on an input."""
    for path in modules():
        calls = [node for node in nodes(path) if isinstance(node, ast.Call)
                 and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS
                 and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"]
        if not calls:
            continue
        room = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(room if room[0] == "aclproof" else ("aclproof", *room)).removesuffix(".__init__")
        known = dict(vars(import_module(name)))
        text = path.read_text(encoding="utf-8")
        for call in calls:
            with suppress(NameError):  # it is made of an input: `recorded` sees it
                found = eval(ast.unparse(call.args[0]), known)
                given = [each.value for each in call.keywords if each.arg == "flags"] + call.args[
                    {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(_method(call), 2):]
                flags = eval(ast.unparse(given[0]), known) if given else 0
                if isinstance(found, str):
                    yield Pattern(found, int(flags), f"{path.relative_to(ROOT)}:{call.lineno}",
                                  _is_searched(call, text))


def _method(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _is_searched(call: ast.Call, text: str) -> bool:
    """Whether a call, or a use in the same module of the name that a compiled pattern gets, searches."""
    if _method(call) != "compile":
        return _method(call) not in ("match", "fullmatch")
    line = text.splitlines()[call.lineno - 1]
    name = re.match(r"(_\w+)\b[^=]*=", line)
    used = rf"(?<!\bre)(?:\b{name[1]}|\.\w+)" if name else r"\w"
    return bool(re.search(rf"{used}\.(?:search|sub|subn|findall|finditer|split)\(", text)
                or not re.search(rf"{used}\.(?:match|fullmatch)\b", text))


@contextmanager
def recorded() -> Iterator[set[Pattern]]:
    """Note every pattern that is compiled or used meanwhile."""
    found: set[Pattern] = set()
    compiled: Callable[..., Any] = re._compile  # type: ignore[attr-defined]

    def note(pattern: Any, flags: Any) -> Any:
        if isinstance(pattern, str):
            found.add(Pattern(pattern, int(flags), "made at run time", searches=False))
        return compiled(pattern, flags)

    re._compile = note  # type: ignore[attr-defined]
    try:
        yield found
    finally:
        re._compile = compiled  # type: ignore[attr-defined]


def near_misses(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Yield what a text may begin with, and what is then repeated in it: a match of what a repeat repeats."""
    seen: set[tuple[str, str]] = set()
    for before, unit in _repeated(_parser.parse(pattern.text, pattern.flags), ""):
        for one in ((before, unit), ("", unit), ("", before + unit)):
            if one[1] and one not in seen:
                seen.add(one)
                yield one


def _repeated(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    for kind, value in tree:
        if kind in _REPEATS:
            _, most, inner = value
            if most is _constants.MAXREPEAT or most >= _MANY:
                yield from ((before, _match(inner, wanted)) for wanted in _TYPICAL)
                for branches in (each for name, each in inner if name is _constants.BRANCH):
                    yield from ((before, _match(each, "")) for each in branches[1])
        for inner in _inside(kind, value):
            yield from _repeated(inner, before)
        before += _one(kind, value, "")


_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def _inside(kind: Any, value: Any) -> list[Any]:
    """The patterns within one."""
    if kind in _REPEATS:
        return [value[2]]
    if kind is _constants.BRANCH:
        return list(value[1])
    if kind is _constants.SUBPATTERN:
        return [value[3]]
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is _constants.ATOMIC_GROUP else []


def _match(tree: Any, wanted: str) -> str:
    return "".join(_one(kind, value, wanted) for kind, value in tree)


def _one(kind: Any, value: Any, wanted: str) -> str:
    """A short text that matches, of the wanted character where that may stand."""
    if kind is _constants.LITERAL:
        return chr(value)
    if kind in (_constants.ANY, _constants.NOT_LITERAL, _constants.IN):
        return _character(kind, value, wanted)
    if kind in _REPEATS:
        times: int = min(value[0], _MANY)
        return _match(value[2], wanted) * times
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return ""
    inner = _inside(kind, value)
    return _match(inner[0], wanted) if inner else ""


def _character(kind: Any, value: Any, wanted: str) -> str:
    if kind is _constants.ANY:
        return wanted if wanted not in ("", "\n") else "a"
    if kind is _constants.NOT_LITERAL:
        return wanted if wanted and ord(wanted) != value else "ab"[value == ord("a")]
    own: list[str] = [chr(part[1] if part[0] is _constants.LITERAL else part[1][0]) for part in value
           if part[0] in (_constants.LITERAL, _constants.RANGE)]
    return next((each for each in (wanted, *_TYPICAL, *own) if each and _holds(value, each)), "a")


_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    _constants.CATEGORY_DIGIT: str.isdecimal, _constants.CATEGORY_SPACE: str.isspace,
    _constants.CATEGORY_WORD: lambda each: each.isalnum() or each == "_",
    _constants.CATEGORY_NOT_DIGIT: lambda each: not each.isdecimal(),
    _constants.CATEGORY_NOT_SPACE: lambda each: not each.isspace(),
    _constants.CATEGORY_NOT_WORD: lambda each: not (each.isalnum() or each == "_")}


def _holds(parts: Any, character: str) -> bool:
    """Whether a class of characters has one."""
    found, number = False, ord(character)
    for kind, value in parts:
        if kind is _constants.LITERAL:
            found |= number == value
        elif kind is _constants.RANGE:
            found |= value[0] <= number <= value[1]
        elif kind is _constants.CATEGORY:
            found |= _CATEGORIES[value](character)
    return found is not (parts[0][0] is _constants.NEGATE)
