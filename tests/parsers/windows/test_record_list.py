"""Records that are kept small, and rules of which what is alike is read once: nothing is lost by it."""

from __future__ import annotations

from random import Random

from aclproof.parsers.windows.powershell.rule import RuleReader, rule
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.record_list import RecordList
from aclproof.parsers.windows.records.rule import Store, WindowsRule
from tests.parsers.windows.test_powershell import JOINED
from tests.scale import scaled

_READS = scaled(2_000, 10_000, 200_000)
_TEXTS = ("", "Any", "True", "False", "1", "2", "80", "80,,81", "RPC", "TCP", "UDP", "ICMPv4", "Domain",
          "Inbound", "Outbound", "Allow", "Block", "10.0.0.0/8", "10.1.1.1,LocalSubnet", "Required", "Local",
          "GroupPolicy", "6.1+", "x")
_NAMES = [each.lower() for each in JOINED] + ["name", "description", "displaygroup", "platforms", "profiles"]


def test_a_record_keeps_its_columns_and_gets_those_that_it_lacks() -> None:
    rules = RecordList([Record(1, {"id": "a", "x": "1"}, [range(1, 4)]),
                        Record(4, {"id": "b"}, [range(4, 5)])])
    one = RecordList([Record(6, {"id": "a", "y": "2"}, [range(6, 8)])])
    two = RecordList([Record(8, {"y": "3", "z": "4"}, [range(8, 9)]),
                      Record(9, {"x": "5"}, [range(9, 10)])])
    rules.join(one, [0, None])
    rules.join(two, [0, 1])
    assert list(rules) == [
        Record(1, {"id": "a", "x": "1", "y": "2", "z": "4"}, [range(1, 4), range(6, 8), range(8, 9)]),
        Record(4, {"id": "b", "x": "5"}, [range(4, 5), range(9, 10)])]
    assert rules.lines(1) == [range(4, 5), range(9, 10)]


def _outcome(read: RuleReader | None, record: Record, store: Store) -> WindowsRule | str:
    try:
        return read.read(record) if read else rule(record, store)
    except ValueError as error:
        return str(error)


def test_a_rule_that_is_like_another_is_read_as_if_it_was_the_only_one(random: Random) -> None:
    usual = {name.lower(): text for name, text in JOINED.items()}
    reader = RuleReader("local")
    for line in range(1, _READS):
        fields = dict(usual)
        for name in random.sample(_NAMES, random.randrange(3)):
            fields[name] = random.choice(_TEXTS)
        for name in random.sample(_NAMES, random.randrange(2)):
            fields.pop(name, None)
        record = Record(line, fields)
        assert _outcome(reader, record, "local") == _outcome(None, record, "local"), fields
