"""One rule in the words of iptables(8): tokens in, tests and target out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aclproof.parsers.iptables.text import options
from aclproof.parsers.iptables.text.known_matches import MATCHES, NOTHING_ALONE
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.words import Criteria, Jump, RuleError, Spec, Test
from aclproof.reason import Reason


class Quoted(str):
    """A word that was in quotes: never an option."""

    __slots__ = ()


def is_option(word: str) -> bool:
    """Return whether a word begins something new: `-j`, `--dport`, or `!` in front of such."""
    return type(word) is str and (word == "!" or (word[:1] == "-" and len(word) > 1))


def tokens(text: str) -> list[str]:
    """Cut a line as iptables-restore does: blanks separate, double quotes hold together, `\\` escapes inside.

    RuleError when a quote is not closed.
    """
    if '"' not in text:
        return text.split()
    found: list[str] = []
    for quoted, bare, quote in _WORDS(text):
        if quote:
            raise RuleError(Reason("a quote is not closed"))
        found.append(bare or Quoted(unescaped(quoted)))
    return found


_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]\S*)|(")', re.DOTALL).findall
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def unescaped(text: str) -> str:
    """Read what is between two double quotes."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def parse(words: Sequence[str], line: int) -> Spec:
    """Read the part of a rule after its chain; RuleError says what is not understood."""
    return Spec(line, *halves(words))


def halves(words: Sequence[str]) -> tuple[Criteria, Jump]:
    """Read the same, wherever the rule stands: what it asks, and what it does."""
    return _Rule(words).parse()


def readable(words: Sequence[str], *, whole: bool = False) -> tuple[Test, ...]:
    """Return the tests, after the chain, that can be relied on although the rule is not understood.

    What follows an odd word may have lost its `!`. The last word of a line without a target may have lost
    its end, unless the words are known to be `whole`.
    """
    found, ends = _Rule(words).readable()
    return found if whole or ends else found[:-1]


NO_TEST = {"-c", "--set-counters", "-4", "--ipv4", "-6", "--ipv6", "-w", "--wait"}
"""Options of the command that say nothing of packets."""


class _Rule:
    def __init__(self, words: Sequence[str]) -> None:
        self._words, self._at = words, 0
        self._modules: list[str] = []
        self._loaded: list[tuple[str, Mapping[str, str]]] = []
        """Matches and targets with their options, as they were named."""
        self._matches: list[tuple[str, list[Test]]] = []
        self._tests: list[Test] = []
        self._arguments: list[tuple[str, str]] = []
        self._target, self._goto = "", False
        self._protocol = ""

    def parse(self) -> tuple[Criteria, Jump]:
        while self._at < len(self._words):
            self._option()
        tests = self._tests
        for module in self._modules:
            if module not in NOTHING_ALONE and not any(test.module == module for test in tests):
                tests.append(Test(module, ""))  # a match that needs no option, such as `socket`
        matches = tuple((module, tuple(own)) for module, own in self._matches)
        return Criteria(tuple(tests), matches), Jump(self._target, self._goto, tuple(self._arguments))

    def readable(self) -> tuple[tuple[Test, ...], bool]:
        """The tests that can be relied on, and whether a target was read."""
        sound: list[Test] = []
        suspect = False
        while self._at < len(self._words):
            before, at = len(self._tests), self._at
            try:
                self._option()
            except RuleError:
                suspect = True
                self._at = max(self._at, at + 1)
                while self._at < len(self._words) and not is_option(self._words[self._at]):
                    self._at += 1
                continue
            if not suspect:
                sound += self._tests[before:]
            suspect = False
        return tuple(sound), bool(self._target)

    def _option(self) -> None:
        words = self._words
        negated = words[self._at] == "!"
        self._at += negated
        if self._at == len(words):
            raise RuleError(Reason("the line ends where an option was expected"))
        word = words[self._at]
        if not is_option(word) or word == "!":
            raise RuleError(Reason("'{word}' stands where an option was expected", word=word))
        self._at += 1
        name, equals, glued = word.partition("=")
        values = [glued] if equals else []
        old = not equals and self._old_negation()
        while self._at < len(words) and not is_option(words[self._at]):
            values.append(words[self._at])
            self._at += 1
        if negated and old:
            raise RuleError(Reason("{name} is negated twice", name=name))
        self._understand(name, tuple(values), negated=negated or old)

    def _old_negation(self) -> bool:
        """Take a `!` between an option and its value, as it did before 1.4.3."""
        here = self._words[self._at:self._at + 2]
        if len(here) < 2 or here[0] != "!" or is_option(here[1]):
            return False
        self._at += 1
        return True

    def _understand(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        if name in ("-j", "--jump", "-g", "--goto"):
            if self._target:
                raise RuleError(Reason("{name} stands twice in the rule", name=name))
            self._target, self._goto = _only(name, values, negated=negated), name in ("-g", "--goto")
            self._loaded.append(options.loaded_by_target(self._target))
        elif name in ("-m", "--match"):
            module = _only(name, values, negated=negated)
            self._modules.append(options.ALIASES.get(module, module))
            self._matches.append((self._modules[-1], []))
            self._loaded.append(options.loaded_by(self._modules[-1]))
        elif name in NO_TEST:
            return
        elif name in options.BUILT_IN:
            self._built_in(options.BUILT_IN[name], values, negated=negated)
        elif name.startswith("--"):
            self._extension(name[2:], values, negated=negated)
        else:
            raise RuleError(Reason("'{name}' is no option of a rule", name=name))

    def _built_in(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        if name == "fragment":
            if values:
                raise RuleError(Reason("-f takes no value, but '{value}' follows", value=values[0]))
        elif len(values) != 1:
            raise RuleError(Reason("--{name} takes one value", name=name))
        if any(test.name == name and not test.module for test in self._tests):
            raise RuleError(Reason("--{name} stands twice in the rule", name=name))
        if name == "protocol":
            self._protocol = values[0].lower()
        self._tests.append(Test("", name, values, negated))

    def _extension(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        known = options.owner(name, reversed(self._loaded))
        if known is None and (module := options.BY_PROTOCOL.get(self._protocol)):
            known = options.owner(name, [options.loaded_by(module)])
        if known is None:
            self._not_listed(name, values, negated=negated)
        elif known[0] == options.TARGET:
            self._arguments.append((known[1], " ".join(values)))
        elif known[0]:
            self._test(Test(*known, values, negated))
        else:
            self._built_in(known[1], values, negated=negated)

    def _not_listed(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        """Keep an option of a target or a match of which not all options are known."""
        last = self._modules[-1] if self._modules else ""
        if self._target and self._target not in TARGETS:
            self._arguments.append((name, " ".join(values)))
        elif last and (last not in MATCHES or MATCHES[last].any_option):
            self._test(Test(last, name, values, negated))
        else:
            raise RuleError(Reason("--{name} belongs to no match of the rule", name=name))

    def _test(self, test: Test) -> None:
        """Keep a test of a match; a protocol's own match is loaded with its first test."""
        self._tests.append(test)
        own = next((own for module, own in reversed(self._matches) if module == test.module), None)
        if own is None:
            own = []
            self._matches.append((test.module, own))
        own.append(test)


def _only(name: str, values: tuple[str, ...], *, negated: bool) -> str:
    if len(values) != 1 or negated:
        raise RuleError(Reason("{name} takes one name and cannot be negated", name=name) if negated
                    else Reason("{name} takes one name", name=name))
    return values[0]
