"""A waiver excuses exactly what it names, for as long as it says, and proves nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.check.text import render
from aclproof.linter.result import HopVerdict, Result
from aclproof.linter.site import waivers
from aclproof.linter.site.reader import read
from aclproof.linter.verdict import waiving
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.notes import Span
from aclproof.rules.strict_yaml import InputError

ROOT = Path(__file__).parents[2]
SITES = ROOT / "fixtures" / "sites"
PACK = rules.load("configmgr-2007")
DAY = date(2026, 10, 1)
SPAN = Span("w.yaml", 2, 2, "W")
AS_OF = ["--as-of", str(DAY)]
SHAPE = jsonschema.Draft202012Validator(
    json.loads((ROOT / "linter/schemas/waivers.schema.json").read_text(encoding="utf-8")))
REPORT = jsonschema.Draft202012Validator(
    json.loads((ROOT / "linter/schemas/check-v1.schema.json").read_text(encoding="utf-8")))
GOOD = """\
waivers:
  - id: W-1
    requirement: CM2007-PUSH-SMB
    firewall: gw
    reason: >
      Nobody uses
      push.
    owner: Client platform team
    approved-by: J. Doe
    ticket: 4711
    created: 2026-09-01
    expires: 2027-03-31
  - {id: W-2, requirement: CM2007-PUSH-ECHO, reason: r, owner: o, expires: 2026-10-01}
"""

Output = pytest.CaptureFixture[str]


@cache
def result(site: str) -> Result:
    return check(read(SITES / site / "aclproof.yaml"), DAY)


def waiver(requirement: str, name: str = "W", days: int = 90, **more: Any) -> Waiver:
    return Waiver(name, f"CM2007-{requirement}", "because", "somebody", DAY + timedelta(days=days), span=SPAN,
                  **more)


def applied(site: str, *given: Waiver) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json_v1.render(waiving.apply(result(site), given)))
    REPORT.validate(told)
    return told


def states(told: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["state"], each["because"]) for each in told["waivers"]]


# -- the file

def parsed(text: str, folder: Path) -> tuple[Waiver, ...]:
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    return waivers.read(str(folder / "w.yaml"), PACK, ["gw", "core"], DAY)


def test_a_sound_file_becomes_waivers(tmp_path: Path) -> None:
    one, two = parsed(GOOD, tmp_path)
    assert (one.id, one.requirement, one.firewall) == ("W-1", "CM2007-PUSH-SMB", "gw")
    assert (one.reason, one.owner) == ("Nobody uses push.", "Client platform team")
    assert (one.approved_by, one.ticket) == ("J. Doe", "4711")
    assert (one.created, one.expires) == (date(2026, 9, 1), date(2027, 3, 31))
    assert (one.span.first_line, two.span.first_line) == (2, 13)
    assert (two.firewall, two.approved_by, two.ticket, two.created) == ("", "", "", None)
    assert parsed("waivers: []\n", tmp_path) == ()


SHAPES = [
    ("    owner: Client platform team\n", "", 2, "the key 'owner' is missing"),
    ("id: W-1", "ident: W-1", 2, "the key 'id' is missing"),
    ("requirement: CM2007-PUSH-SMB", "requirment: CM2007-PUSH-SMB", 3, "did you mean 'requirement'"),
    ("owner: Client platform team", "owner: ' '", 8, "text is expected"),
    ("owner: Client platform team", "owner:", 8, "has no value"),
    ("owner: Client platform team", "owner: [a, b]", 8, "text is expected"),
    ("expires: 2027-03-31", "expires: 31.03.2027", 12, "a date is expected"),
    ("expires: 2027-03-31", "expires: 2027-3-31", 12, "a date is expected"),
    ("expires: 2027-03-31", "expires: 20270331", 12, "a date is expected"),
    ("expires: 2027-03-31", "expires: 2027-13-31", 12, "a date is expected"),
    ("expires: 2027-03-31", "expires: never", 12, "a date is expected"),
    ("created: 2026-09-01", "created: yesterday", 11, "a date is expected"),
    ("waivers:\n", "exceptions:\n", 1, "the key 'waivers' is missing"),
    (GOOD, "waivers: {}\n", 1, "a list is expected"),
    (GOOD, "waivers:\n", 1, "has no value"),
    (GOOD, "waivers: [text]\n", 1, "a mapping is expected"),
    (GOOD, "[]\n", 1, "a mapping is expected, with waivers"),
    (GOOD, "", 1, "a mapping is expected, with waivers"),
]
MEANINGS = [
    ("expires: 2027-03-31", "expires: 2027-02-29", 12, "a date is expected"),
    ("CM2007-PUSH-SMB", "CM2007-PUSH-SMBB", 3, "did you mean 'CM2007-PUSH-SMB'? (pack configmgr-2007)"),
    ("firewall: gw", "firewall: cores", 4, "unknown firewall 'cores': did you mean 'core'?"),
    ("id: W-2", "id: W-1", 13, "the first is on line 2"),
    ("2026-09-01", "2027-04-01", 12, "lies before 'created' (2027-04-01)"),
    ("2026-09-01", "2026-03-29", 12, "is more than 366 days after 'created' (2026-03-29): write 2027-03-30"),
    ("2026-10-01}", "2027-10-03}", 13, "366 days after 2026-10-01, the day of this run: write 2027-10-02"),
    ("owner: o", "owner: &a o", 13, "anchor"),
    ("owner: o", "owner: o, owner: p", 13, "twice"),
]


@pytest.mark.parametrize(("old", "new", "line", "says"), [*SHAPES, *MEANINGS])
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, says: str, tmp_path: Path) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parsed(GOOD.replace(old, new, 1), tmp_path)
    problem = next(each for each in caught.value.problems if says in each.message)
    assert problem.line == line
    assert problem.file.endswith("w.yaml")


@pytest.mark.parametrize(("old", "new"), [
    ("2026-09-01", "2026-03-30"), ("2026-10-01}", "2027-10-02}"), ("2026-09-01", "2027-03-31")])
def test_the_longest_and_the_shortest_life_are_accepted(old: str, new: str, tmp_path: Path) -> None:
    assert len(parsed(GOOD.replace(old, new, 1), tmp_path)) == 2


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "waivers.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0].replace("branch-asa", "gw")
    assert [each.id for each in parsed(example, tmp_path)] == ["W-2026-014"]
    SHAPE.validate(yaml.load(example, yaml.BaseLoader))


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("CM2007-PUSH-SMB", "CM2007-X").replace("    owner: Client platform team\n", "") \
        .replace("2027-03-31", "2028-03-31").replace("owner: o", "ticket: [], firewall: x") + "more: 1\n"
    with pytest.raises(InputError) as caught:
        parsed(text, tmp_path)
    assert [(each.line, each.path) for each in caught.value.problems] == [
        (2, "waivers[0]"), (3, "waivers[0].requirement"), (11, "waivers[0].expires"),
        (12, "waivers[1]"), (12, "waivers[1].firewall"), (12, "waivers[1].ticket"), (13, "more")]


def test_the_schema_knows_what_the_reader_knows() -> None:
    jsonschema.Draft202012Validator.check_schema(SHAPE.schema)
    SHAPE.validate(json.loads(json.dumps(yaml.safe_load(GOOD), default=str)))  # editors take days as text
    SHAPE.validate({"waivers": []})
    assert set(SHAPE.schema["$defs"]["waiver"]["properties"]) == {
        "site", *(key for entry in yaml.safe_load(GOOD)["waivers"] for key in entry)}
    for old, new, _, says in SHAPES:
        assert not SHAPE.is_valid(yaml.load(GOOD.replace(old, new, 1), yaml.BaseLoader)), says


# -- what a waiver does

def test_what_was_proven_stays_and_the_exit_code_is_told_apart() -> None:
    told = applied("branch", waiver("PUSH-SMB", approved_by="boss", ticket="T-1"), waiver("SWD-SMB", "W2"))
    before = applied("branch")
    smb = next(each for each in told["results"] if each["requirement"] == "CM2007-PUSH-SMB")
    assert (smb["verdict"], smb["proven"]) == ("waived", "missing")
    assert smb["waiver"] == {"id": "W", "reason": "because", "owner": "somebody", "approved_by": "boss",
                             "ticket": "T-1", "expires": "2026-12-30"}
    assert smb["missing"]
    share = next(each for each in told["results"] if each["requirement"] == "CM2007-SWD-SMB")
    assert (share["verdict"], share["proven"]) == ("waived", "undecided")
    assert told["methods"] == before["methods"]
    counts = {**before["summary"]["requirements"], "missing": 4, "undecided": 0, "waived": 2}
    assert before["summary"]["requirements"]["missing"] == 5
    assert told["summary"]["requirements"] == counts


@pytest.mark.parametrize(("site", "given", "state", "because"), [
    ("branch", waiver("SUP-HTTP"), "unused", "the requirement is met without it"),
    ("branch", waiver("ALL-FSP"), "unused", "the requirement does not apply to this site"),
    ("path-two-hops-block", waiver("SWD-SMB"), "unused", "the requirement is not checked in this run"),
    ("branch", waiver("PUSH-SMB", days=0), "applied", None),
    ("branch", waiver("PUSH-SMB", days=-1), "expired", None),
    ("branch", waiver("SUP-HTTP", days=-1), "expired", None),
    ("branch", waiver("PUSH-SMB", created=DAY), "applied", None),
    ("branch", waiver("PUSH-SMB", created=DAY + timedelta(days=1)), "unused",
     "it was created later, on 2026-10-02"),
    ("branch", waiver("PUSH-SMB", firewall="branch-asa"), "applied", None),
    ("branch", waiver("SWD-SMB", firewall="branch-asa"), "applied", None),
    ("path-two-hops-block", waiver("PUSH-SMB"), "applied", None),
    ("path-two-hops-block", waiver("PUSH-SMB", firewall="dc"), "unused",
     "not dc alone stops the requirement or leaves it open: client-host does, too"),
    ("path-two-hops-block", waiver("PUSH-SMB", firewall="client-host"), "unused",
     "not client-host alone stops the requirement or leaves it open: dc does, too"),
    ("path-two-hops-block", waiver("PUSH-SMB", firewall="branch"), "unused",
     "branch neither stops the requirement nor leaves it open"),
    ("two-in-series", waiver("PUSH-RPC", firewall="branch"), "applied", None),
    ("two-in-series", waiver("PUSH-RPC", firewall="dc"), "unused",
     "dc neither stops the requirement nor leaves it open"),
    ("nat-linux-dnat-edge", waiver("SUP-HTTP", firewall="edge"), "applied", None),
    ("unknown-route", waiver("GPO-MP-HTTP", firewall="fw109"), "applied", None),
])
def test_when_a_waiver_applies(site: str, given: Waiver, state: str, because: str | None) -> None:
    assert states(applied(site, given)) == [(state, because)]


def test_the_first_of_two_that_apply_counts() -> None:
    old, new = waiver("PUSH-SMB", "old", days=-3), waiver("PUSH-SMB", "new")
    assert states(applied("branch", old, new, replace(new, id="newer"))) == [
        ("expired", None), ("applied", None), ("unused", "new covers the requirement already")]


def test_a_firewall_behind_the_named_one_has_to_be_seen() -> None:
    whole = result("two-in-series")
    rpc = next(each for each in whole.demands if each.requirement.id == "CM2007-PUSH-RPC")
    hops = (replace(rpc.hops[0], verdict=HopVerdict.UNSEEN), rpc.hops[1])
    blind = replace(whole, demands=(replace(rpc, hops=hops),))
    given = waiver("PUSH-RPC", firewall="branch")
    assert waiving.apply(blind, [given]).waivers[0].because == "what dc does with the packets is not known"
    assert waiving.apply(blind, [replace(given, firewall="")]).waivers[0].state == "applied"


# -- R14: a waiver cannot widen

PROPERTY_SITES = ("branch", "path-two-hops-block", "two-in-series", "windows-three-vendors", "unknown-route")


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Waiver]]:
    site = draw(st.sampled_from(PROPERTY_SITES))
    ids = [each.requirement.id for each in result(site).demands]
    names = [each.name for each in result(site).inputs]
    days = st.integers(-40, 366).map(lambda left: DAY + timedelta(days=left))
    drawn = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(["", *names]), days,
                                    st.none() | days), max_size=6))
    return site, [Waiver(f"W{number}", requirement, "r", "o", expires, firewall, span=SPAN,
                         created=created)
                  for number, (requirement, firewall, expires, created) in enumerate(drawn)]


def excused(base: Mapping[str, Any], given: Sequence[Waiver]) -> Iterator[tuple[str, str]]:
    """Requirement and waiver, derived from the report without waivers alone."""
    done: set[str] = set()
    by_id = {each["requirement"]: each for each in base["results"]}
    for each in given:
        found = by_id[each.requirement]
        places = {part["blocked_by"]["firewall"] for part in found["missing"]}
        places |= {part["firewall"] for part in found["undecided"]}
        fits = not each.firewall or places == {each.firewall}
        if (found["verdict"] in ("missing", "undecided") and fits and each.requirement not in done
                and (each.created or DAY) <= DAY <= each.expires):
            done.add(each.requirement)
            yield each.requirement, each.id


@settings(max_examples=settings().max_examples // 4)
@given(cases())
def test_a_waiver_changes_what_it_names_and_nothing_else(case: tuple[str, list[Waiver]]) -> None:
    site, given = case
    base, told = applied(site), applied(site, *given)
    expected = dict(excused(base, given))
    found = {each["requirement"]: each["waiver"]["id"] for each in told["results"] if "waiver" in each}
    assert found == expected
    assert [each["state"] == "applied" for each in told["waivers"]] == [
        each.id in expected.values() for each in given]
    for each in told["results"]:
        if each.pop("waiver", None):
            assert each["verdict"] == "waived"
            each["verdict"] = each.pop("proven")
    counts = told["summary"]["requirements"]
    assert counts["waived"] == len(expected)
    for requirement in expected:
        verdict = next(each["verdict"] for each in base["results"] if each["requirement"] == requirement)
        counts[verdict] += 1
        counts["waived"] -= 1
    for method, before in zip(told["methods"], base["methods"], strict=True):
        assert method["warnings"] == [each for each in before["warnings"] if each not in expected]
        method["warnings"] = before["warnings"]
    told["summary"]["warnings"] = base["summary"]["warnings"]
    assert {**told, "waivers": []} == base


# -- the command

@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("aclproof.yaml", "branch-asa.cfg"):
        (tmp_path / name).write_bytes((SITES / "branch" / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


PUSH = ["PUSH-ECHO", "PUSH-SMB", "PUSH-EPM-TCP", "PUSH-EPM-UDP", "PUSH-RPC"]


def written(folder: Path, names: Sequence[str], expires: str = "2026-12-31", more: str = "") -> str:
    entries = [f"  - {{id: W{number}, requirement: CM2007-{name}, reason: because, owner: somebody, "
               f"expires: {expires}{more}}}\n" for number, name in enumerate(names)]
    (folder / "w.yaml").write_text("waivers:\n" + "".join(entries) if entries else "waivers: []\n",
                                   encoding="utf-8")
    return "w.yaml"


@pytest.mark.parametrize(("names", "options", "code"), [
    ([], [], 1),
    (["SWD-SMB"], [], 1),
    (PUSH[:4], [], 1),
    (PUSH, [], 3),
    (PUSH, ["--allow-undecided"], 0),
    ([*PUSH, "SWD-SMB"], [], 0),
    ([*PUSH, "SWD-SMB"], ["--require", "any"], 0),
    (PUSH, ["--method", "client-push"], 0),
    (["SWD-SMB"], ["--method", "software-distribution"], 0),
    (["PUSH-SMB"], ["--method", "software-distribution"], 3),
    ([], ["--method", "client-push", "--method", "software-distribution", "--require", "any"], 1),
    (["SWD-SMB"], ["--method", "client-push", "--method", "software-distribution", "--require", "any"], 0),
    (PUSH, ["--method", "client-push", "--method", "software-distribution", "--require", "any"], 0),
    (PUSH[:4], ["--method", "client-push", "--method", "software-distribution", "--require", "any"], 1),
])
def test_what_is_waived_counts_neither_as_missing_nor_as_undecided(
        branch: Path, capsys: Output, names: list[str], options: list[str], code: int) -> None:
    assert run(["check", *AS_OF, "--waivers", written(branch, names), *options]) == code
    assert ("waived, not proven" in capsys.readouterr().err) == (bool(names) and names != ["PUSH-SMB"])


def test_every_run_says_how_much_is_waived(branch: Path, capsys: Output) -> None:
    run(["check", *AS_OF, "--waivers", written(branch, PUSH)])
    assert capsys.readouterr().err == "aclproof: 5 requirements are waived, not proven\n"
    run(["check", *AS_OF, "--waivers", written(branch, PUSH[:1])])
    assert capsys.readouterr().err == "aclproof: 1 requirement is waived, not proven\n"


def test_expired_ones_are_one_line_on_standard_error_and_change_no_exit_code(
        branch: Path, capsys: Output) -> None:
    file = written(branch, PUSH[:2], "2026-09-30")
    assert run(["check", *AS_OF, "--waivers", file, "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == "aclproof: waivers that have expired do not apply: W0, W1\n"
    assert [each["state"] for each in json.loads(out)["waivers"]] == ["expired"] * 2


def test_a_wrong_waiver_file_is_exit_2_whatever_was_proven(branch: Path, capsys: Output) -> None:
    call = ["check", *AS_OF, "--method", "group-policy", "--waivers"]
    assert run([*call, written(branch, ["PUSH-SMBB"])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aclproof: w.yaml:2: waivers[0].requirement: unknown requirement")
    assert run([*call, "nowhere.yaml"]) == 2
    assert "nowhere.yaml: no such file" in capsys.readouterr().err
    assert run([*call, ""]) == 2
    assert "name the waiver file" in capsys.readouterr().err
    assert run([*call, written(branch, ["PUSH-SMB"], "2027-12-31")]) == 2
    assert "366 days" in capsys.readouterr().err


def test_the_site_file_names_a_waiver_file_and_the_option_wins(branch: Path, capsys: Output) -> None:
    site = (branch / "aclproof.yaml").read_text(encoding="utf-8")
    (branch / "aclproof.yaml").write_text(site + "\nwaivers: w.yaml\n", encoding="utf-8")
    written(branch, [*PUSH, "SWD-SMB"])
    assert run(["check", *AS_OF]) == 0
    (branch / "other.yaml").write_text("waivers: []\n", encoding="utf-8")
    assert run(["check", *AS_OF, "--waivers", "other.yaml"]) == 1
    assert run(["check", *AS_OF, "--format", "json=w.yaml"]) == 2
    assert "w.yaml is an input" in capsys.readouterr().err
    (branch / "aclproof.yaml").write_text(site + "\nwaivers: ../w.yaml\n", encoding="utf-8")
    assert run(["check", *AS_OF]) == 2
    assert "waivers: ../w.yaml lies outside" in capsys.readouterr().err
    assert run(["check", *AS_OF, "--allow-outside"]) == 2
    assert "w.yaml: no such file" in capsys.readouterr().err


def test_a_site_without_a_site_file_takes_waivers_too(branch: Path, capsys: Output) -> None:
    call = ["check", "branch-asa.cfg", "--client", "10.20.0.0/16", "--role", "site-server=10.1.1.10",
            "--role", "management-point=10.1.1.11", "--set", "mode=mixed", "--method", "client-push", *AS_OF]
    assert run(call) == 1
    assert run([*call, "--waivers", written(branch, PUSH, more=", firewall: branch-asa")]) == 0


def test_the_text_names_who_answers_and_keeps_the_evidence(branch: Path, capsys: Output) -> None:
    (branch / "w.yaml").write_text(GOOD.replace("gw", "branch-asa") + (
        "  - {id: W-3, requirement: CM2007-SUP-HTTP, reason: r, owner: o, expires: 2026-12-31}\n"
        "  - {id: W-4, requirement: CM2007-PUSH-RPC, reason: r, owner: o, expires: 2026-09-30}\n"),
        encoding="utf-8")
    run(["check", *AS_OF, "--waivers", "w.yaml"])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "BLOCKED     1 of 6, 2 waived" in out
    assert "MISSING  CM2007-PUSH-SMB" not in out
    block = out[out.index("WAIVED  CM2007-PUSH-SMB"):].split("\n\n")[0]
    assert "  Proven      missing\n" in block
    assert "until 2027-03-31 by Client platform team, approved by J. Doe" in " ".join(block.split())
    assert "(W-1, 4711)" in " ".join(block.split())
    assert "Nobody uses push." in block
    assert "branch-asa.cfg:67" in block
    assert out.index("MISSING  CM2007-PUSH-RPC") < out.index("WAIVED  ")
    told = out[out.index("\nWaivers\n"):].split("\n\n")[0]
    assert " ".join(told.split()) == (
        "Waivers "
        "Applied W-1 CM2007-PUSH-SMB until 2027-03-31 "
        "Applied W-2 CM2007-PUSH-ECHO until 2026-10-01, days left: 0 "
        "UNUSED W-3 CM2007-SUP-HTTP until 2026-12-31: the requirement is met without it "
        "EXPIRED W-4 CM2007-PUSH-RPC until 2026-09-30")


@pytest.mark.parametrize("form", ["junit", "sarif", "github", "gitlab"])
def test_machines_are_told_why_a_waiver_does_nothing(form: str) -> None:
    told = FORMATS[form](waiving.apply(result("branch"), [waiver("SUP-HTTP"), waiver("PUSH-RPC", days=-1)]),
                         Look())
    assert "is not used: the requirement is met without it." in told
    assert "expired on 2026-09-30 and does not apply any more." in told


def test_a_report_without_waivers_speaks_of_none() -> None:
    assert not {"Waivers", "WAIVED", "waived"} & set(render(result("branch")).split())


def test_words_of_a_waiver_cannot_act_on_the_terminal() -> None:
    given = replace(waiver("PUSH-SMB"), owner="\x1b[31m[red]x[/red]\u202e", reason="\x07\u200b")
    assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(render(waiving.apply(result("branch"), [given])))
