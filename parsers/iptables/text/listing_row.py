"""One row of a listing: columns in, a rule as iptables-save would write it out.

The columns are set for the eye: a long name moves the rest to the right, a rule without a target leaves its
column blank, and old versions of ip6tables leave out `opt`. What a row means is decided by its words, then.
"""

from __future__ import annotations

import re
import socket
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from aclproof.parsers.iptables.text import listing_targets, listing_tests, names
from aclproof.parsers.iptables.text.words import Criteria, Jump, RuleError, Spec, Test
from aclproof.parsers.model.addresses import Family
from aclproof.reason import Reason

NO_COLUMNS = Reason("the line does not have the columns of its chain")

_TITLES = re.compile(r"\s*(num\s+)?(pkts\s+bytes\s+)?target\s+prot\s+(?:opt\s+)?(in\s+out\s+)?"
                     r"source\s+destination\s*")
_MOST_COMMENT_ENDS = 8
"""A row with more ends of comments than this is not understood after the first one."""

_SECOND = re.compile(r"\s(?:--|-f|!f)\s+(?:\S+\s+\S+\s+)?(?:!?[\da-f.:]+(?:/\S+)?|!?anywhere)\s+"
                     r"(?:!?[\da-f.:]+(?:/\S+)?|!?anywhere)(?:\s|$)")
"""The columns of a row within what another one tests: the end of a line is lost."""

_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*)(?:/\S+)?")
_GOTO = "[goto]"
_EVERYWHERE = {"0.0.0.0/0": Family.V4, "::/0": Family.V6}


class Columns(NamedTuple):
    """Which columns a listing has, besides those that all have."""

    numbers: bool
    counters: bool
    interfaces: bool


class Row(NamedTuple):
    """A rule, and the family that its addresses or its texts show."""

    spec: Spec
    family: Family | None
    number: int = 0
    """Of the row in its chain, where the listing has numbers."""


def titles(text: str) -> Columns | None:
    """Read the line of titles over a chain; None for any other line."""
    found = _TITLES.fullmatch(text)
    return Columns(*map(bool, found.groups())) if found else None


def row(text: str, line: int, columns: Columns) -> Row:
    """Read a rule; RuleError says why a line is none."""
    troubles = []
    for with_option, with_target in product((True, False), repeat=2):
        found = _pattern(columns, with_option, with_target).fullmatch(text)
        try:
            if found:
                return _row(found, line, old_v6=not with_option)
        except RuleError as error:
            troubles.append(error)
    raise troubles[0] if troubles else RuleError(NO_COLUMNS)


@cache
def _pattern(columns: Columns, with_option: bool, with_target: bool) -> re.Pattern[str]:
    return re.compile(
        r"\s*" + r"(?P<number>\d+)\s+" * columns.numbers + r"\d+[KMGTP]?\s+\d+[KMGTP]?\s+" * columns.counters
        + r"(?P<target>\S+)\s+" * with_target + r"(?P<protocol>\S+?)"
        + (r"\s*(?P<option>--|-f|!f)\s+" if with_option else r"\s+")
        + r"(?P<ingress>\S+)\s+(?P<egress>\S+)\s+" * columns.interfaces
        + r"(?P<source>\S+)\s+(?P<destination>\S+)(?P<rest>(?:\s.*)?)")


def _row(found: re.Match[str], line: int, *, old_v6: bool) -> Row:
    groups = found.groupdict()
    if _SECOND.search(groups["rest"]):
        raise RuleError(Reason("two rows stand in one line, as if its end were lost"))
    source, family = _address(groups["source"])
    destination, other = _address(groups["destination"])
    if (family or other) is not (other or family) or (old_v6 and Family.V4 in (family, other)):
        raise RuleError(Reason("the addresses of the rule are not of one family"))
    halves = _halves(groups.get("target") or "", groups["protocol"], groups.get("option", "--"),
                     groups.get("ingress"), groups.get("egress"), groups["rest"].strip(), old_v6=old_v6)
    return Row(Spec(line, *halves, source, destination),
               family or other or (Family.V6 if old_v6 else _shown(*halves)), int(groups.get("number", 0)))


@lru_cache(maxsize=1 << 12)
def _halves(target: str, protocol: str, option: str, ingress: str | None, egress: str | None, rest: str, *,
            old_v6: bool) -> tuple[Criteria, Jump]:
    """Read what a row says besides its addresses: many rows say the same."""
    tests = [_interface("in-interface", ingress), _interface("out-interface", egress),
             _protocol(protocol, strict=old_v6)]
    if option != "--":
        tests.append(Test("", "fragment", (), option == "!f"))
    goto = rest.startswith(_GOTO)
    tail = _tail(rest.removeprefix(_GOTO) if goto else rest, 0, target)
    return Criteria((*(test for test in tests if test), *tail.tests)), Jump(target, goto, tail.arguments)


def _address(text: str) -> tuple[str, Family | None]:
    """Write an address as a rule has it, nothing for all that there are; and find its family."""
    sign, text = text[:1] if text.startswith("!") else "", text.removeprefix("!")
    if text == "anywhere" or text in _EVERYWHERE:
        family = _EVERYWHERE.get(text)
        all_of_it = "::/0" if family is Family.V6 else "0.0.0.0/0"
        return sign and f"!{all_of_it}", family
    address, slash, mask = text.partition("/")
    family = _family(address)
    if family is None:
        host = _HOST.fullmatch(text)
        if not host or not any(each.isalpha() for each in address):
            raise RuleError(Reason("'{text}' is not an address", text=text))
    elif not slash:
        text += "/32" if family is Family.V4 else "/128"
    elif names.number(mask, family.last.bit_length()) is None and _family(mask) is not family:
        raise RuleError(Reason("'{text}' is not an address", text=text))
    return f"{sign}{text}", family


def _family(address: str) -> Family | None:
    for family, kind in ((Family.V4, socket.AF_INET), (Family.V6, socket.AF_INET6)):
        try:
            socket.inet_pton(kind, address)
        except (OSError, ValueError):
            continue
        return family
    return None


def _shown(criteria: Criteria, jump: Jump) -> Family | None:
    """Which family a rule betrays that names no address."""
    words = {test.module for test in criteria.tests}
    words |= {value.partition("-")[0] for _, value in jump.arguments}
    return Family.V6 if "icmp6" in words else Family.V4 if "icmp" in words else None


def _interface(name: str, text: str | None) -> Test | None:
    """Read the name of an interface; `*` and `any` mean all, and so does the wildcard alone."""
    if text in (None, "*", "any", "+"):
        return None
    return Test("", name, (text.removeprefix("!"),), text.startswith("!"))


def _protocol(text: str, *, strict: bool) -> Test | None:
    negated, text = text.startswith("!"), text.removeprefix("!")
    try:
        number = names.protocol(text)
    except RuleError:
        if strict:
            raise
        return Test("", "protocol", (text,), negated)
    if number is None and not negated:
        return None
    return Test("", "protocol", (names.protocol_name(number or 0),), negated)


class _Tail(NamedTuple):
    tests: tuple[Test, ...]
    arguments: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    """Whether everything was understood."""


def _tail(text: str, at: int, target: str) -> _Tail:
    """Read matches, then the target's options; what is left over becomes one unknown test."""
    tests: list[Test] = []
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if text.startswith("/*", at):
            rest = _comment(text, at, target)
            return rest._replace(tests=(*tests, *rest.tests))
        found = listing_tests.match(text, at)
        if not found:
            break
        tests += found.tests
        at = found.end
    arguments = listing_targets.arguments(target, text[at:])
    if arguments is None:
        return _Tail((*tests, listing_tests.unknown(text[at:])), (), whole=False)
    return _Tail(tuple(tests), arguments)


def _comment(text: str, at: int, target: str) -> _Tail:
    """Read a comment and what follows; it may hold its own end mark: the first that leaves sense is it."""
    ends = [each.start() for each in re.finditer(r" \*/(?=\s|$)", text[at:])]
    rest = _Tail((), whole=False)
    if 0 < len(ends) <= _MOST_COMMENT_ENDS:
        for end in ends:
            rest = _tail(text, at + end + 3, target)
            if rest.whole or len(ends) == 1:
                comment = Test("comment", "comment", (text[at + 3:at + end],))
                return rest._replace(tests=(comment, *rest.tests))
    return _Tail((listing_tests.unknown(text[at:]),), whole=False)
