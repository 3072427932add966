"""A baseline knows lines that checks name by their text, so that only new ones fail a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from aclproof.linter import schemas
from aclproof.linter.baseline.file import read
from aclproof.linter.baseline.named_lines import gone, shrunk
from aclproof.linter.cli import run
from aclproof.linter.gap import Seen
from aclproof.linter.observation import Audit
from aclproof.linter.verdict.fingerprint import name_of_line, settled
from aclproof.parsers.model.notes import Span
from aclproof.rules.strict_yaml import InputError

SITE = """pack: configmgr-2007
settings: {mode: native, client-os: windows-xp, schema-published: true, untrusted-clients: false}
roles: {client: [198.51.100.0/24], management-point: [10.30.0.10]}
methods: [group-policy]
firewalls:
  - {name: edge, config: fw.cfg, interfaces: {client: outside, management-point: dmz}}
"""
HEAD = """ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif dmz
 security-level 50
 ip address 10.30.0.1 255.255.255.0
object-group network SERVERS
 network-object host 10.30.0.10
"""
RULES = """access-list IN extended permit tcp any object-group SERVERS eq https
access-list IN extended permit udp any any eq 53
access-list IN extended permit udp host 192.0.2.7 any eq 53
access-list IN extended deny udp host 192.0.2.7 any eq 53
"""
"""Named are the first one (surplus), the third one (covered) and the last one (shadowed)."""
FEET = "access-group IN in interface outside\n"
ALL = ("check", "--checks", "hygiene", "--fail-on", "note")
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aclproof.yaml").write_text(SITE, encoding="utf-8")
    write(RULES)


def write(rules: str, head: str = HEAD) -> None:
    Path("fw.cfg").write_text(head + rules + FEET, encoding="utf-8")


def known() -> list[tuple[str, str]]:
    named = json.loads(Path("known.json").read_text())["named"]["aclproof.yaml"]
    return [(each["check"], each["line"]) for each in named]


def states(*options: str) -> tuple[int, dict[tuple[str, int], str]]:
    code = run([*ALL, "--baseline", "known.json", "--format", "json=out.json", "-qq", *options])
    told = json.loads(Path("out.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("check")).validate(told)
    return code, {(each["check"], each["line"]): each["baseline"] for each in told["audit"]["found"]}


NAMED = [("surplus", 12), ("covered-rule", 14), ("shadowed-rule", 15)]


def begin() -> None:
    assert run([*ALL, "-qq", "--write-baseline", "known.json"]) == 1  # nothing was known
    jsonschema.validate(json.loads(Path("known.json").read_text()), schemas.load("baseline"))


@pytest.mark.parametrize(("fail_on", "code"), [((), 0), (("--fail-on", "warning"), 1),
                                               (("--fail-on", "note"), 1)])
def test_by_itself_an_audit_fails_nothing(fail_on: tuple[str, ...], code: int) -> None:
    assert run(["check", "--checks", "hygiene", "-qq", *fail_on]) == code
    assert run(["check", "--checks", "covered-rule,unused-object", "-qq", *fail_on]) == (
        1 if "note" in fail_on else 0)  # a note is no warning
    assert run(["check", "--checks", "unused-object", "-qq", *fail_on]) == 0


def test_what_is_asked_has_to_be_said(capsys: Output) -> None:
    assert run(["check", "--fail-on", "note"]) == 2
    assert "--fail-on is about what --checks name" in capsys.readouterr().err
    assert run(["check", "--checks", "hygiene", "--fail-on", "error"]) == 2


@pytest.mark.parametrize(("rules", "alone", "failing"), [
    (RULES.replace("object-group SERVERS", "host 10.30.0.99"), 1, 1),  # something is missing
    (RULES.replace("any object-group SERVERS eq https",
                   "any object-group SERVERS eq https time-range T"), 3, 1)])
def test_the_exit_code_is_the_worse_one(rules: str, alone: int, failing: int) -> None:
    write(rules, HEAD + "time-range T\n periodic daily 8:00 to 17:00\n")
    assert run(["check", "-qq"]) == alone
    assert run([*ALL, "-qq"]) == failing
    assert run([*ALL, "-qq", "--allow-undecided"]) == 1
    Path("fw.cfg").unlink()
    assert run([*ALL, "-qq"]) == 2


def test_what_is_known_fails_nothing_wherever_it_stands_now() -> None:
    begin()
    assert states() == (0, dict.fromkeys(NAMED, "unchanged"))
    write("! moved\naccess-list IN remark moved\n" + RULES.replace("IN extended", "IN  extended"))
    assert states() == (0, {(check, line + 2): "unchanged" for check, line in NAMED})


def test_what_is_new_fails_also_if_its_text_is_known_already() -> None:
    begin()
    last = RULES.splitlines(keepends=True)[-1]
    write(RULES + last)
    assert states() == (1, {**dict.fromkeys(NAMED, "unchanged"), ("shadowed-rule", 16): "new"})
    assert run([*ALL, "--baseline", "known.json", "--fail-on", "warning", "-qq"]) == 1
    write(RULES.replace("permit udp any any eq 53", "permit udp any any"))
    code, found = states()  # one line has another text now, which no check names
    assert (code, set(found.values())) == (0, {"unchanged"})
    write(RULES + "access-list IN extended permit udp host 192.0.2.8 any eq 53\n")
    assert states()[1]["covered-rule", 16] == "new"


def test_a_permit_that_opens_more_than_it_did_has_grown() -> None:
    begin()
    write(RULES, HEAD + " network-object host 10.30.0.11\n")
    assert states() == (1, {("surplus", 13): "grown", ("covered-rule", 15): "unchanged",
                            ("shadowed-rule", 16): "unchanged"})
    before = Path("known.json").read_bytes()
    assert run([*ALL, "-qq", "--baseline", "known.json", "--write-baseline", "known.json"]) == 1
    assert Path("known.json").read_bytes() == before  # it takes nothing in
    assert run([*ALL, "-qq", "--write-baseline", "known.json"]) == 1
    write(RULES)
    assert states() == (0, {**dict.fromkeys(NAMED, "unchanged"), ("surplus", 12): "shrunk"})
    assert run([*ALL, "-qq", "--baseline", "known.json", "--write-baseline", "known.json"]) == 0
    write(RULES, HEAD + " network-object host 10.30.0.11\n")
    assert states()[0] == 1  # it only shrinks


def test_what_only_may_be_so_and_surely_is_has_grown() -> None:
    """A permit at night may hide what comes after it; without the time range it does."""
    lines = RULES.splitlines(keepends=True)
    rules = lines[0] + lines[1].replace("\n", " time-range NIGHT\n") + lines[3]
    night = HEAD + "time-range NIGHT\n periodic daily 20:00 to 23:00\n"
    write(rules, night)
    begin()
    data = json.loads(Path("known.json").read_text())["named"]["aclproof.yaml"]
    assert {each["check"]: each.get("perhaps") for each in data} == {"shadowed-rule": True, "surplus": None}
    assert states() == (0, {("surplus", 14): "unchanged", ("shadowed-rule", 16): "unchanged"})
    write(rules.replace(" time-range NIGHT", ""), night)
    assert states() == (1, {("surplus", 14): "unchanged", ("shadowed-rule", 16): "grown"})
    assert run([*ALL, "-qq", "--write-baseline", "known.json"]) == 1
    write(rules, night)
    assert states() == (0, {("surplus", 14): "unchanged", ("shadowed-rule", 16): "shrunk"})


def test_it_only_shrinks_and_keeps_what_was_not_asked(capsys: Output) -> None:
    begin()
    write(RULES.replace("deny udp host 192.0.2.7", "permit udp host 192.0.2.8"))
    before = known()
    again = ("--baseline", "known.json", "--write-baseline", "known.json")
    assert run(["check", "--checks", "covered-rule", *again, "-qq"]) == 0
    assert known() == before  # of the others nothing was asked
    capsys.readouterr()
    assert run([*ALL, "--baseline", "known.json", "--format", "json=out.json"]) == 1
    said = capsys.readouterr().err
    assert "known lines that no check names any more: 1; take them out with --baseline known.json" in said
    assert "lines that checks name, new or grown since the baseline: covered-rule 1" in said
    assert json.loads(Path("out.json").read_text())["baseline"]["gone"] == [
        {"check": "shadowed-rule", "firewall": "edge",
         "text": "access-list IN extended deny udp host 192.0.2.7 any eq 53"}]
    assert run([*ALL, *again, "-q"]) == 1
    assert known() == [each for each in before if each[0] != "shadowed-rule"]
    assert run(["check", "-qq", "--write-baseline", "known.json"]) == 0  # without checks
    assert [each for each, _ in known()] == ["covered-rule", "surplus"]
    assert run([*ALL, "-qq", "--write-baseline", "known.json"]) == 1  # on purpose
    assert len(known()) == 3


def test_without_lines_the_file_is_as_ever_and_an_old_one_knows_none() -> None:
    assert run(["check", "-qq", "--write-baseline", "known.json"]) == 0
    assert json.loads(Path("known.json").read_text()) == {
        "schema": "aclproof/baseline/v1", "sites": {"aclproof.yaml": []}}
    assert states() == (1, dict.fromkeys(NAMED, "new"))


def changed(**more: Any) -> str:
    data = json.loads(Path("known.json").read_text())
    data["named"]["aclproof.yaml"][0] |= more
    Path("known.json").write_text(json.dumps(data), encoding="utf-8")
    return "known.json"


@pytest.mark.parametrize("more", [
    {"line": "another"}, {"check": "any-any"}, {"firewall": "other"}, {"number": 2}, {"surplus": ["tcp"]},
    {"more": "of it"}, {"number": "one"}])
def test_a_line_that_was_changed_by_hand_is_refused(more: dict[str, Any]) -> None:
    begin()
    assert len(read("known.json")["aclproof.yaml"].seen) == 3
    with pytest.raises(InputError, match="damaged"):
        read(changed(**more))


def test_a_line_twice_and_one_of_no_site_are_refused() -> None:
    begin()
    data = json.loads(Path("known.json").read_text())
    data["named"]["aclproof.yaml"] *= 2
    Path("known.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="has a line twice"):
        read("known.json")
    data["sites"] = {}
    Path("known.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="is not among its sites"):
        read("known.json")


def test_a_fingerprint_is_of_all_of_a_line() -> None:
    names = {name_of_line(each) for each in (
        ("a", "fw", "x", 1), ("b", "fw", "x", 1), ("a", "f", "wx", 1), ("a", "fw", "y", 1),
        ("a", "fw", "x", 2))}
    assert len(names) == 5


def test_a_line_of_which_it_takes_too_long_to_tell_is_not_gone() -> None:
    span = Span("fw.cfg", 12, 12, "access-list IN line 7 extended permit ip any any (hitcnt=4)")
    seen, other = (Seen(("shadowed-rule", "edge", text, 1)) for text in (settled(span.text), "another line"))
    audit = Audit(("shadowed-rule",), (), (("edge", span),))
    assert gone(audit, (seen, other)) == (other,)
    assert shrunk(audit, (seen, other)) == (seen,)
    assert gone(replace(audit, checks=("any-any",)), (seen, other)) == ()
