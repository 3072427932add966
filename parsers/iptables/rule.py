"""One rule in the words of iptables(8): tokens in, tests and target out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parsers.iptables import options
from parsers.iptables.words import Spec, Test, Wrong


class Token(NamedTuple):
    """A word of a line; a quoted one is never an option."""

    text: str
    quoted: bool = False

    @property
    def is_option(self) -> bool:
        """Whether it begins something new: `-j`, `--dport`, or `!` in front of such."""
        return not self.quoted and (self.text == "!" or (self.text.startswith("-") and len(self.text) > 1))


def tokens(text: str) -> list[Token]:
    """Cut a line as iptables-restore does: blanks separate, double quotes hold together, `\\` escapes inside.

    Wrong when a quote is not closed.
    """
    if '"' not in text:
        return [Token(word) for word in text.split()]
    found: list[Token] = []
    at, size = 0, len(text)
    while at < size:
        if text[at].isspace():
            at += 1
            continue
        quote = text[at] == '"'
        at += quote
        word: list[str] = []
        while at < size and (text[at] != '"' if quote else not text[at].isspace()):
            if text[at] == "\\" and quote and at + 1 < size:
                at += 1
            word.append(text[at])
            at += 1
        if quote and at == size:
            raise Wrong("a quote is not closed")
        at += quote
        found.append(Token("".join(word), quote))
    return found


def parse(words: Sequence[Token], line: int) -> Spec:
    """Read the part of a rule behind its chain; Wrong says what is not understood."""
    return _Rule(words).parse(line)


_NO_TEST = {"-c", "--set-counters", "-4", "--ipv4", "-6", "--ipv6", "-w", "--wait"}


class _Rule:
    def __init__(self, words: Sequence[Token]) -> None:
        self._words, self._at = words, 0
        self._modules: list[str] = []
        self._tests: list[Test] = []
        self._arguments: list[tuple[str, str]] = []
        self._target, self._goto = "", False
        self._protocol = ""

    def parse(self, line: int) -> Spec:
        while self._at < len(self._words):
            self._option()
        tests = self._tests
        for module in self._modules:
            if module not in options.MATCHES and not any(test.module == module for test in tests):
                tests.append(Test(module, ""))  # a match that needs no option, such as `socket`
        return Spec(line, tuple(tests), self._target, self._goto, tuple(self._arguments))

    def _option(self) -> None:
        negated = self._take("!")
        word = self._next("an option")
        if not word.is_option or word.text == "!":
            raise Wrong(f"'{word.text}' stands where an option was expected")
        name, equals, glued = word.text.partition("=")
        values = [glued] if equals else []
        old = not equals and self._take("!", before_value=True)
        while self._at < len(self._words) and not self._words[self._at].is_option:
            values.append(self._words[self._at].text)
            self._at += 1
        if negated and old:
            raise Wrong(f"{name} is negated twice")
        self._understand(name, tuple(values), negated=negated or old)

    def _take(self, text: str, *, before_value: bool = False) -> bool:
        """Take the next word if it is `text`; an old-style `!` stands between an option and its value."""
        here = self._words[self._at:self._at + 2]
        if not here or here[0] != Token(text):
            return False
        if before_value and (len(here) < 2 or here[1].is_option):
            return False
        self._at += 1
        return True

    def _next(self, what: str) -> Token:
        if self._at == len(self._words):
            raise Wrong(f"the line ends where {what} was expected")
        self._at += 1
        return self._words[self._at - 1]

    def _understand(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        if name in ("-j", "--jump", "-g", "--goto"):
            self._target, self._goto = _only(name, values, negated=negated), name in ("-g", "--goto")
        elif name in ("-m", "--match"):
            module = _only(name, values, negated=negated)
            self._modules.append(options.ALIASES.get(module, module))
        elif name in _NO_TEST:
            return
        elif name in options.BUILT_IN:
            self._built_in(options.BUILT_IN[name], values, negated=negated)
        elif name.startswith("--"):
            self._extension(name[2:], values, negated=negated)
        else:
            raise Wrong(f"'{name}' is no option of a rule")

    def _built_in(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        if name == "fragment":
            if values:
                raise Wrong(f"-f takes no value, but '{values[0]}' follows")
        elif len(values) != 1:
            raise Wrong(f"--{name} takes one value")
        if any(test.name == name and not test.module for test in self._tests):
            raise Wrong(f"--{name} stands twice in the rule")
        if name == "protocol":
            self._protocol = values[0].lower()
        self._tests.append(Test("", name, values, negated))

    def _extension(self, name: str, values: tuple[str, ...], *, negated: bool) -> None:
        long = options.BUILT_IN.get(f"--{name}") or self._abbreviated(name)
        known = options.owner(name, reversed(self._modules))
        if known is None and (module := options.BY_PROTOCOL.get(self._protocol)):
            known = options.owner(name, [module])
        if known:
            self._tests.append(Test(*known, values, negated))
        elif self._target:
            self._arguments.append((name, " ".join(values)))
        elif self._modules and self._modules[-1] not in options.MATCHES:
            self._tests.append(Test(self._modules[-1], name, values, negated))
        elif long:
            self._built_in(long, values, negated=negated)
        else:
            raise Wrong(f"--{name} belongs to no match of the rule")

    def _abbreviated(self, name: str) -> str:
        found = {long for spelling, long in options.BUILT_IN.items() if spelling.startswith(f"--{name}")}
        return found.pop() if len(found) == 1 else ""


def _only(name: str, values: tuple[str, ...], *, negated: bool) -> str:
    if len(values) != 1 or negated:
        raise Wrong(f"{name} takes one name" + (" and cannot be negated" if negated else ""))
    return values[0]
