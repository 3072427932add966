"""Rules as iptables-save prints them: the fast lane of a big file.

A rule is cut where few and many rules differ: its addresses, its comment, its criteria, its target. What
stands there twice is read once, so a line costs a match or two, a few look-ups and one tuple. Everything
that is not clear at first sight is left to `rule`.
"""

from __future__ import annotations

import re
from typing import Any

from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.known_matches import MATCHES
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.read_once import ReadOnce
from aclproof.parsers.iptables.text.words import NO_COMMENT, Criteria, Jump, Spec, Test

_ANY_WORD = r'[^\s"!-][^\s"]*'
"""Surely no option, no `!` and not in quotes."""

APPENDED = re.compile(rf"(?:\[\d+:\d+\] *)?-A ({_ANY_WORD})(?: (! )?-s ({_ANY_WORD}))?"
                      rf"(?: (! )?-d ({_ANY_WORD}))?((?: .*)?)").fullmatch
"""A command that appends a rule: chain, `!` and source, `!` and destination, and the rest."""

_COMMENTED = re.compile(r'([^"]*-m comment --comment )'
                        rf'(?:"((?:[^"\\]|\\.)*)"|({_ANY_WORD}))(?= |$)(.*)').fullmatch

_ALONE = re.compile(rf" -([jg]) ({_ANY_WORD})").fullmatch

_ONE_ARGUMENT = re.compile(rf" -j ({_ANY_WORD}) --([a-z-]+) ({_ANY_WORD})").fullmatch
_ONE_TEST = re.compile(rf"-m ({_ANY_WORD}) --([a-z-]+) ({_ANY_WORD})").fullmatch


class PlainRules:
    """Reads rules; equal halves of them are the same objects."""

    def __init__(self) -> None:
        self._criteria = ReadOnce(self._joined)
        self._matches = ReadOnce(_match)
        self._jumps = ReadOnce(_jump)

    def spec(self, line: int, words: tuple[str | Any, ...]) -> Spec | None:
        """Read a rule by the groups of `APPENDED`; None for one that is not clear at first sight."""
        _, not_from, source, not_to, destination, rest = words
        comment = ""
        if "--comment" in rest:
            rest, comment = _without_comment(rest)
        asked, jump_word, done = rest.partition(" -j ")
        if not jump_word:
            asked, jump_word, done = rest.partition(" -g ")
        criteria, jump = self._criteria[asked], self._jumps[jump_word + done]
        if criteria is None or jump is None:
            return None
        return Spec(line, criteria, jump, f"!{source}" if not_from else source or "",
                    f"!{destination}" if not_to else destination or "", comment)

    def _joined(self, text: str) -> Criteria | None:
        """Read criteria match by match, as many rules differ in one only; else as a whole."""
        first, *others = text.split(" -m ")
        matches = [self._matches[first], *[self._matches[f"-m {each}"] for each in others]]
        tests: tuple[Test, ...] = ()
        loaded: tuple[tuple[str, tuple[Test, ...]], ...] = ()
        for match in matches:
            if match is None:
                return _criteria(text)
            tests += match.tests
            loaded += match.matches
        return Criteria(tests, loaded) if tests.count(NO_COMMENT) <= 1 else None


def _without_comment(rest: str) -> tuple[str, str]:
    """Leave nothing in the place of the comment, and return it; all as it is where that is not clear."""
    found = _COMMENTED(rest)
    if found is None:
        return rest, ""
    before, quoted, bare, after = found.groups()
    return f'{before}""{after}', bare or rule.unescaped(quoted)


def _criteria(text: str) -> Criteria | None:
    """Read criteria, None where they name addresses, which no rule does twice, or quote anything.

    One pair of quotes may stand there, in the place of a comment.
    """
    return _unquoted(text, *rule.halves(rule.tokens(text)))


def _match(text: str) -> Criteria | None:
    """Read one match with its tests, or what stands before all matches; None where it depends on other ones.

    Whatever was loaded before, an option belongs to the match of that name which was loaded last.
    """
    one = _ONE_TEST(text)
    if one and one[1] in MATCHES and one[2] in MATCHES[one[1]].options:
        test = Test(one[1], MATCHES[one[1]].options[one[2]], (one[3],))
        return Criteria((test,), ((one[1], (test,)),))
    words = rule.tokens(text)
    criteria, jump = rule.halves(words)
    if text.startswith("-m "):
        (module, tests), *others = criteria.matches
        known = MATCHES[module].options if module in MATCHES else {}
        exact = all(word == "!" or word[2:] in known for word in words[2:] if rule.is_option(word))
        if others or tests != criteria.tests or not exact:
            return None
    elif "-m" in words or "--match" in words:
        return None
    return _unquoted(text, criteria, jump)


def _unquoted(text: str, criteria: Criteria, jump: Jump) -> Criteria | None:
    ends = any(not test.module and test.name in ("source", "destination") for test in criteria.tests)
    only_comment = text.count('"') == 2 * criteria.tests.count(NO_COMMENT) <= 2
    return criteria if only_comment and not ends and not jump.target else None


def _jump(text: str) -> Jump | None:
    """Read a target, None where one of its options might also belong to a match."""
    alone = _ALONE(text)
    if alone:
        return Jump(alone[2], goto=alone[1] == "g")
    one = _ONE_ARGUMENT(text)
    if one and one[1] in TARGETS and one[2] in TARGETS[one[1]].options:
        return Jump(one[1], arguments=((TARGETS[one[1]].options[one[2]], one[3]),))
    words = rule.tokens(text)
    criteria, jump = rule.halves(words)
    known = TARGETS[jump.target].options if jump.target in TARGETS else {}
    clear = all(word.startswith("--") and word[2:] in known for word in words[2:] if rule.is_option(word))
    return jump if clear and not criteria.tests else None
