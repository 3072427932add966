"""Mutants of the reader of nftables that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants.alike import QUICK, SPEED, alike

_APART = "packets that go their own way without need come to the same end"
_ONCE = "a second rule of a line that only lets go on changes nothing"
_NOTHING_AFTER = "no packet comes after a verdict"
_WORDS = "which words say what is open"
_ONE_VALUE = "one of its values is looked at, or two, and not these"

NFTABLES: Mapping[str, Mapping[str, str]] = {
    "parsers/nftables/meaning/rules.py": {
        **alike("what nothing comes after may be asked or not",
                "_Reading.rules: not each -> True",
                "_Reading.rules: -1 -> 1",
                "_Reading.rules: 1 -> 2",
                "_Reading.rules: 1 -> 0",
                "_Reading.rules: at < acting or not harmless[at] -> True",
                "_Reading.rules: at < acting -> at <= acting"),
        **alike(_ONCE,
                "_Reading.rules: not self._said -> True",
                "_Reading._asked_by: False -> True",
                "_Reading._test: self._said = False -> pass",
                "_Reading._with: self._said = action is Action.CONTINUE -> pass",
                "_Reading._any_verdict: word != 'continue' -> True"),
        **alike("one more rule that can match nothing changes nothing",
                "_Reading.rules: any(self._stretches) -> all(self._stretches)",
                "_Reading.rules: 0 -> -1"),
        **alike(_WORDS,
                "_Reading._carried_out: kind != UNKNOWN -> False",
                "_Reading._carried_out: kind != UNKNOWN -> True",
                "_Reading._carried_out: kind != UNKNOWN -> kind == UNKNOWN",
                "_Reading._unknown: self._rule.instead -> False",
                "_Reading._verdict: isinstance(name, str) and '{' not in name -> True",
                "_Reading._verdict: isinstance(name, str) and '{' not in name -> isinstance(name, str) or "
                "'{' not in name",
                "_Reading._verdict: isinstance(name, str) -> True (no. 2)",
                "_Reading._verdict: '{' not in name -> True"),
        **alike(_NOTHING_AFTER,
                "_Reading._unknown: self._done = True -> pass",
                "_Reading._unknown: True -> False",
                "_Reading._translation: self._done = True -> pass",
                "_Reading._translation: True -> False",
                "_Reading._mangled: self._done = True -> pass",
                "_Reading._mangled: True -> False",
                "_Reading._taken_aside: self._done = True -> pass",
                "_Reading._taken_aside: True -> False",
                "_Reading._queued: self._done = True -> pass",
                "_Reading._queued: True -> False"),
        **alike("a call has a target with a name",
                "_Reading._verdict: isinstance(body, dict) -> True",
                "_Reading._verdict: isinstance(name, str) -> True"),
        **alike(_APART,
                "_Reading._called_chain: action is Action.JUMP and again -> True",
                "_Reading._called_chain: action is Action.JUMP and again -> action is Action.JUMP or again",
                "_Reading._called_chain: action is Action.JUMP -> True",
                "_Reading._called_chain: again -> True",
                "_Reading._verdict_map: apart and kept -> True",
                "_Reading._verdict_map: apart and kept -> apart or kept",
                "_Reading._verdict_map: apart -> True (no. 2)",
                "_Reading._verdict_map: kept -> True",
                "_Reading._any_verdict: False -> True",
                "_Reading._changed: not any((turns.changes_its_tests(self._parts, each) for _, effects in "
                "found for each in effects)) -> False",
                "_Reading._untracked: not turns.changes_its_tests(before, untrack) -> False"),
        **alike("what goes its own way may be left out of all others too",
                "_Reading._verdict_map: apart -> False"),
        **alike("what one statement changes it changes in each of its effects",
                "_Reading._changed: any((turns.changes_its_tests(self._parts, each) for _, effects in "
                "found for each in effects)) -> all((turns.changes_its_tests(self._parts, each) for _, "
                "effects in found for each in effects))",
                "_Reading._changed: 0 -> -1 (no. 2)"),
        **alike("nft loads no hop limit that is no number",
                "_Reading._mangled: isinstance(value, int) -> True",
                "_Reading._mangled: 255 -> 256",
                "_Reading._mangled: 255 -> 254"),
    },
    "parsers/nftables/meaning/turns.py": {
        **alike(_APART,
                "may_come_again: len(parts) > 1 and any((isinstance(condition, _CHANGING) for part in "
                "parts for condition in part.conditions)) -> len(parts) > 1 or any((isinstance(condition, "
                "_CHANGING) for part in parts for condition in part.conditions))",
                "may_come_again: len(parts) > 1 -> True",
                "may_come_again: len(parts) > 1 -> len(parts) >= 1",
                "may_come_again: 1 -> 0",
                "may_come_again: any((isinstance(condition, _CHANGING) for part in parts for condition in "
                "part.conditions)) -> True",
                "changes_its_tests: isinstance(effect, SetMark) and effect.value & ~effect.mask and "
                "(len(parts) > 1) and conditions -> True",
                "changes_its_tests: effect.value & ~effect.mask -> True",
                "changes_its_tests: effect.value & ~effect.mask -> effect.value | ~effect.mask",
                "changes_its_tests: effect.value & ~effect.mask -> effect.value",
                "changes_its_tests: len(parts) > 1 -> True",
                "changes_its_tests: len(parts) > 1 -> len(parts) >= 1",
                "changes_its_tests: 1 -> 0",
                "changes_its_tests: conditions -> True",
                "_changes: condition.whose == whose -> True",
                "_changes: condition.whose == 'connection' -> True",
                "_changes: False -> True"),
        **alike("a packet that changes so has no connection, and fails every test of its mark",
                "_changes: isinstance(condition, HasMark) and condition.whose == 'connection' -> False",
                "_changes: condition.whose == 'connection' -> condition.whose != 'connection'"),
        **alike("how many rules are too many",
                "joined: sum((len(each) - 1 for each in rules)) * len(rules) <= _MOST -> sum((len(each) - "
                "1 for each in rules)) * len(rules) < _MOST",
                "joined: sum((len(each) - 1 for each in rules)) * len(rules) -> sum((len(each) - 1 for "
                "each in rules)) + len(rules)",
                "joined: sum((len(each) - 1 for each in rules)) * len(rules) -> sum((len(each) - 1 for "
                "each in rules))",
                "joined: len(each) - 1 -> len(each) + 1",
                "joined: len(each) - 1 -> len(each)",
                "joined: 1 -> 0"),
        **alike(QUICK,
                "joined: own -> True"),
        **alike("the rules of one line have one line",
                "joined: 0 -> -1 (no. 2)"),
    },
    "parsers/nftables/meaning/scope.py": {
        **alike("a line of it that was not read leaves all open besides",
                "Scope._known: not known.whole -> False"),
    },
    "parsers/nftables/meaning/implied.py": {
        **alike("no other statement has such parts",
                "asked: kind == 'reject' -> True",
                "asked: kind == 'mangle' -> True",
                "_written: isinstance(key, Mapping) -> True"),
        **alike("what sets a mark by a map asks the map itself",
                "asked: not (sets_mark(body) and isinstance(value, Mapping) and ('map' in value)) -> True"),
        **alike(_WORDS,
                "unsure: doubt.because -> False"),
    },
    "parsers/nftables/meaning/extent.py": {
        **alike("a line that was not read leaves all open besides",
                "is_list_of_tables: not form.deciding -> True"),
        **alike("of `--t` both say so",
                "_is_terse: 2 -> 3"),
        **alike("a line feed that begins the text may stand before a command as well",
                "_commands: text.rfind('\\n', 0, found.start()) + 1 -> text.rfind('\\n', 0, found.start())",
                "_commands: 1 -> 0",
                "_commands: 0 -> 1"),
    },
    "parsers/nftables/meaning/unequal.py": {
        **alike("asked a second time they say the same",
                "together: at in done -> False",
                "together: continue -> pass"),
    },
    "parsers/nftables/meaning/connection_fields.py": {
        **alike("no packet has one of no states, and each has none of them",
                "State.among: found -> True",
                "State.outside: found -> True",
                "State.any_bit: found -> True",
                "State.no_bit: found -> True"),
        **alike("to the model a packet without a connection fails every test of its mark",
                "Mark.__init__: self.has = EVERYTHING if whose == 'packet' else _WITH_CONNECTION -> pass",
                "Mark.__init__: whose == 'packet' -> True"),
        **alike(SPEED,
                "Mark.ordered: low -> False"),
        **alike("no mark has a value beside its mask: asked for, none is met, and inverted, all are",
                "Mark._conditions: not each & ~self._mask -> True"),
        **alike("it is halved until it fits",
                "_blocks: 1 -> 2"),
    },
    "parsers/nftables/meaning/packets.py": alike(QUICK, *(f"_ends: {change}" for change in (
        "one is two or two is ANY or (two is ANY4 and (not one.v6)) -> False", "one is two -> False",
        "one is two or two is ANY or (two is ANY4 and (not one.v6)) -> "
        "one is two and two is ANY and (two is ANY4 and (not one.v6))",
        "two is ANY -> False", "two is ANY4 and (not one.v6) -> False",
        "one is ANY or (one is ANY4 and (not two.v6)) -> False", "one is ANY -> False",
        "one is ANY or (one is ANY4 and (not two.v6)) -> one is ANY and (one is ANY4 and (not two.v6))",
        "one is ANY4 and (not two.v6) -> False"))),
    "parsers/nftables/meaning/header_fields.py": {
        "Flags.outside: not each & ~self._mask -> True":
            "nothing is a value beyond the mask, so not to be it asks nothing",
    },
}
"""As `EQUIVALENT`."""
