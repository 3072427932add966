"""Matches that depend on what came before: lists and sets of addresses, counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aclproof.parsers.iptables.meaning.matched import Matched, Reader, common, doubted, text_of
from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.conditions import Condition, Membership, Opaque
from aclproof.reason import Reason

_COUNTERS = ("packets-", "bytes-")


def _sets(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Read one match, or the several that stand in a row in a listing."""
    begins = [at for at, test in enumerate(tests) if test.name == "match-set"] or [0]
    begins[0] = 0
    for begin, end in zip(begins, [*begins[1:], len(tests)], strict=True):
        _set(matched, tests[begin:end])
    return (matched,)


def _set(matched: Matched, tests: Sequence[Test]) -> None:
    """Options that count change no later answer but that of options which ask for counters."""
    test = next((each for each in tests if each.name == "match-set"), None)
    if test is None or len(test.values) != 2:
        matched.conditions.append(doubted(tests, "set"))
        return
    counted = [each for each in tests if each.name.startswith(_COUNTERS)]
    if counted:
        matched.conditions.append(doubted([test, *counted], "set"))
        if test.negated:
            return
    name, directions = test.values[0], tuple(test.values[1].split(","))
    exceptions = any(each.name == "return-nomatch" for each in tests)
    known = matched.sets.get(name)
    if known is None or known.changed_by:
        matched.conditions.append(_not_known(matched, test, directions, exceptions=exceptions))
        return
    try:
        found = matched.sets.products(name, directions, negated=test.negated, exceptions=exceptions)
    except RuleError as error:
        matched.conditions.append(Opaque(f"ipset {name}", str(error)))
        return
    if matched.choices:
        found = [common(one, two) for one in matched.choices for two in found]
    matched.choices = found
    if not found:
        matched.nothing()


def _not_known(matched: Matched, test: Test, directions: tuple[str, ...], *, exceptions: bool) -> Condition:
    """A set that is not given, or not as it is once packets came."""
    name = test.values[0]
    if name in matched.sets:
        reason = Reason("whether the packets are in ipset {name}, which {where} changes", name=name,
                        where=matched.sets[name].changed_by)
    else:
        reason = Reason("whether the packets are in ipset {name}, which is not given; export it with 'ipset "
                        "save', and name it in the site file: 'ipset: FILE'", name=name)
    if directions in (("src",), ("dst",)) and not exceptions:
        return Membership("source" if directions == ("src",) else "destination", f"ipset {name}", reason,
                          test.negated)
    return Opaque(f"{'not in ' if test.negated else ''}ipset {name}", reason)


def _recent(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """`--set` records the address and holds for every packet; what the others find, lines like it decide."""
    record = next((test for test in tests if test.name == "set"), None)
    if record is not None:
        if record.negated:
            matched.nothing()
        return (matched,)
    key = text_of(tests, "recent")
    because = Reason("whether '{key}' holds, which depends on packets that came before", key=key)
    return (matched.copy(Opaque(key, because)),)


def _quota(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """A quota of 0 is used up before the first packet (xt_quota.c)."""
    if len(tests) != 1 or tests[0].values != ("0",):
        matched.conditions.append(doubted(tests, "quota"))
    elif not tests[0].negated:
        matched.nothing()
    return (matched,)


def _time(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """All days of the week, or the whole day, are always."""
    found = {test.name: " ".join(test.values) for test in tests if not test.negated}
    week = frozenset(found.get("weekdays", "").split(","))
    hours = found.get("timestart", "00:00:00") + "-" + found.get("timestop", "23:59:59")
    always = (found.keys() <= _OF_A_WEEK and ("weekdays" not in found or week in _WEEKS)
              and hours in ("00:00:00-23:59:59", "00:00-23:59:59"))
    if not always or len(found) != len(tests):
        from aclproof.parsers.netfilter import clock

        key = text_of(tests, "time")
        matched.conditions.append(clock.asked(key, Reason("whether '{key}' holds", key=key),
                                              found.get("datestart", ""), found.get("datestop", "")))
    return (matched,)


_OF_A_WEEK = frozenset({"weekdays", "timestart", "timestop", "kerneltz", "utc", "localtz"})
_WEEKS = (frozenset("Mon Tue Wed Thu Fri Sat Sun".split()), frozenset("1234567"))

READERS: Mapping[str, Reader] = {"set": _sets, "recent": _recent, "quota": _quota, "time": _time}
"""Match to its reader."""
