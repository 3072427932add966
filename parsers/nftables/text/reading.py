"""What the readers of text share: the words, what they fill, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct, field

from aclproof.parsers.model.notes import State
from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import JOINED, UNKNOWN, NftChain, NftRule, NftTable, Tree
from aclproof.parsers.nftables.text import host_bits
from aclproof.parsers.nftables.text.lexer import END, GrammarError, Tokens
from aclproof.parsers.nftables.text.noise import hides_a_rule
from aclproof.parsers.nftables.text.normal import single
from aclproof.parsers.nftables.text.normal_rule import statement as normal
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.parsers.nftables.text.statements import statement
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_TERMINAL = frozenset("accept drop return jump goto reject queue dnat snat masquerade redirect".split())
_GLUED = re.compile("(?:accept|drop|return|reject|masquerade)[a-z]").match
"""The word that ends a rule, and the first one of another rule after it."""

THE_END_IS_MISSING = Reason("the end is missing: a block that begins before is never closed, so the input "
                            "was cut; export it again")


class Reading(Struct):
    """A text on its way into a form."""

    form: Form
    tokens: Tokens
    variables: dict[str, list[str]] = field(default_factory=dict)
    anonymous: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many chains without a name each table has so far."""
    kept: Mapping[str, Source] = field(default_factory=dict)
    """Files that were included when the text was read before: the bytes that are hashed are read again."""
    in_block: bool = False
    """Whether variables are those of a block, which end with it."""
    entering: bool = False
    """Whether these are commands about what is there: what they take away has to be."""

    def account(self, lines: Iterable[str]) -> None:
        """Take these lines into the account, as plain ones until something else is found."""
        self.form.states += [State.IGNORED if not text or text[0] == "#" else State.UNDERSTOOD
                             for text in map(str.strip, lines)]

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Let what is defined in a block end with it; GrammarError where its line goes on."""
        known, in_block = dict(self.variables), self.in_block
        self.in_block = True
        yield
        self.in_block = in_block
        if known != self.variables:
            self.variables.clear()
            self.variables.update(known)
            self.ends_line()

    def ends_line(self) -> None:
        """GrammarError where more stands in this line: its variables have been put in."""
        tokens = self.tokens
        if any(word not in (";", "}", "\n", END) and word[:1] != "#" for word in tokens.row[tokens.at:]):
            raise GrammarError(Reason("what stands after it in the same line is not read; begin a new line"))

    def unread(self, line: int, reason: str) -> None:
        """Note a piece that was not understood; what it says is not quoted."""
        self.form.unread(line, reason)

    def rule(self, table: NftTable, line: int) -> NftRule:
        """Read one rule to its end."""
        tokens = self.tokens
        found: list[Tree] = []
        comment, handle = None, None
        while not tokens.ended():
            if comment is not None and (self.form.ruleset.is_file or tokens.word == "comment"):
                raise GrammarError(Reason("nft refuses what stands after the comment of a rule"))
            if tokens.word == "comment":
                tokens.at += 1
                comment = name_here(tokens)
                continue
            if found and single(found[-1])[0] in _TERMINAL:
                raise GrammarError(Reason("nft refuses a statement after one that ends the rule"))
            found.append(self.statement(table))
        if tokens.word[:1] == "#":
            said, handle = split_handle(tokens.next())
            if said and (not self.form.ruleset.is_file or hides_a_rule(said)):
                found.append({UNKNOWN: said})
        return NftRule(line, tuple(found), handle, comment or "", self._instead(line, found))

    def _instead(self, line: int, statements: Iterable[Tree]) -> str:
        """Name a line that is not quoted, and by its file: two of different files are not alike."""
        if not (any(single(each)[0] == UNKNOWN for each in statements) and self.form.hides(line)):
            return ""
        return Reason("line {line} of the file with the SHA-256 {sum}... is no line of nft", line=line,
                      sum=self.form.source.sha256[:12])

    def statement(self, table: NftTable) -> Tree:
        """Read one statement; what is not understood is kept as text."""
        tokens = self.tokens
        if tokens.word in ("jump", "goto") and tokens.following == "{":
            return self._block(table)
        mark = tokens.mark()
        depth = tokens.depth
        try:
            found = normal(self._by_its_source(statement(tokens)), table.family)
            if not (tokens.ended() or tokens.word[0].isalpha() or tokens.word in ("@", "(")):
                raise GrammarError(Reason("a value is damaged"))  # no statement begins like that
            tokens.forget()
            return found
        except GrammarError:
            tokens.rewind(mark)
            tokens.depth = depth
            if _GLUED(tokens.word):
                raise GrammarError(Reason("two rules stand in one line, as if its end were lost")) from None
            return {UNKNOWN: tokens.rest()}

    def _by_its_source(self, found: Tree) -> Tree:
        """Return what a list of nft says by words that say something else in a file."""
        if self.form.ruleset.is_file:
            return found
        match found:
            case {"match": {"op": "", "left": asked, "right": {"|": bits}}}:  # equal to both at once
                op = "==" if self.form.listed else JOINED
                return {"match": {"op": op, "left": asked, "right": {"|": bits}}}
            case _:
                return host_bits.as_listed(found, surely=self.form.listed)

    def _block(self, table: NftTable) -> Tree:
        """A chain without a name, in braces where its name would be."""
        tokens = self.tokens
        verb = tokens.next()
        number = self.anonymous.get(table.key, 0)
        self.anonymous[table.key] = number + 1
        chain = table.chains[f"__chain{number}"] = NftChain(f"__chain{number}", tokens.line,
                                                           policy_line=tokens.line)
        tokens.depth += 1
        if tokens.depth > 20:
            return {UNKNOWN: tokens.rest()}
        tokens.expect("{")
        self.rules(table, chain)
        tokens.depth -= 1
        return {verb: {"target": chain.name}}

    def rules(self, table: NftTable, chain: NftChain) -> None:
        """Read rules up to the brace that closes them."""
        tokens = self.tokens
        while self.more():
            chain.rules.append(self.rule(table, tokens.line))

    def more(self) -> bool:
        """Go to the next statement of a block; False where the block ends, or the input."""
        tokens = self.tokens
        while True:
            tokens.skip_lines()
            if not tokens.accept(";"):
                break
        if tokens.word == END:
            self.form.unread(max(tokens.line, 1), THE_END_IS_MISSING)
            return False
        return not tokens.accept("}")


_LONGEST_HANDLE = len(str(2**64))


def split_handle(comment: str) -> tuple[str, int | None]:
    """Split `# handle 12`, which `nft -a` prints, from what a comment says besides."""
    said, sign, number = comment.rpartition("# handle ")
    is_one = sign and number.strip().isdecimal() and len(number) <= _LONGEST_HANDLE
    return (said.strip(), int(number)) if is_one else (comment.strip(), None)
