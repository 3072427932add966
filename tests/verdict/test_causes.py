"""One cause, told once: lines and questions with all that hangs on them, and answers as they are pasted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.program import check
from aclproof.linter.reports.check.text import render
from aclproof.linter.result import Result, Verdict
from aclproof.linter.site import fact_answers, reader
from aclproof.linter.verdict.causes import blockers, open_questions, unproven
from aclproof.parsers.model.conditions import Fact
from aclproof.rules.strict_yaml import load
from tests.parsers.windows.windows import Words, listing
from tests.reports.cases import AS_OF, NAMES, SITES, result_of


@pytest.mark.parametrize("name", NAMES)
def test_every_line_and_every_question_is_in_exactly_one_cause(name: str) -> None:
    result = result_of(name)
    missing = unproven(result, Verdict.MISSING)
    found = [(demand.requirement.id, part) for each in blockers(missing) for demand, part in each.parts]
    assert sorted(map(repr, found)) == sorted(
        repr((demand.requirement.id, part)) for demand in missing for part in demand.missing)
    lines = [each.line for each in blockers(missing)]
    assert len(lines) == len({(each.firewall, each.span.file, each.span.first_line, each.kind, each.text)
                              for each in lines})
    effect = [len([demand for demand in each.demands if not demand.is_warning])
              for each in blockers(missing)]
    assert effect == sorted(effect, reverse=True)
    open_ = unproven(result, Verdict.UNDECIDED)
    keys = [each.question.key for each in open_questions(open_) if each.question.key]
    assert len(keys) == len(set(keys))
    assert set(keys) == {key for demand in open_ for part in demand.undecided for key in part.facts}


def _pasted(text: str) -> str:
    """The lines that the report gives to paste."""
    found = re.search(r"^    facts:\n((?:      .*\n)+)", text, re.MULTILINE)
    return "facts:\n" + found[1] if found else ""


@pytest.mark.parametrize("name", [name for name in NAMES if unproven(result_of(name), Verdict.UNDECIDED)])
def test_the_answers_can_be_pasted_once_what_is_not_usual_is_filled_in(name: str) -> None:
    result = result_of(name)
    pasted = _pasted(render(result, width=80))
    for key, word in re.findall(r'^ +"(.+)": (FILL-IN)  #', pasted, re.MULTILINE):
        with pytest.raises(ValueError, match="expected"):
            fact_answers.answer(key, word)
    yaml = re.sub(r"FILL-IN(  # (\w+) or)", r"\2\1", pasted)
    site = reader.read(SITES / name / "aclproof.yaml")
    questions = open_questions([each for each in result.demands if each.undecided and not each.waiver
                                and each.verdict is not Verdict.MET])[:6]
    keys = [each.question.key for each in questions if each.question.key]
    assert bool(keys) == bool(yaml)
    if yaml:
        written = load(yaml, "pasted.yaml").data
        assert isinstance(written, dict)
        assert isinstance(written["facts"], dict)
        assert sorted(written["facts"]) == sorted(keys)
        words: dict[str, Fact] = {key: value in ("yes", "active", "met")
                                  for key, value in written["facts"].items() if isinstance(value, str)}
        settled = check(replace(site, facts={**site.facts, **words}, waivers=""), AS_OF)
        assert not set(words) & {key for demand in settled.demands for part in demand.undecided
                                 for key in part.facts}


def test_the_first_screen_names_the_line_and_the_last_one_the_next_command() -> None:
    text = render(result_of("branch"), width=80)
    first = text.splitlines()[:25]
    assert any("branch-asa.cfg:72  stops 4 requirements" in each for each in first)
    assert any("Near" in each for each in first)
    assert "prints verified permits for what is missing." in _told(result_of("branch"))
    assert "4 of 6 methods proven to work; requirements: 4 met, 5 missing, 1 undecided." in text


def _told(result: Result) -> str:
    return " ".join(render(result, width=80).split())


def test_conditions_are_told_in_the_table_and_in_full() -> None:
    told = _told(result_of("branch"))
    assert "0 of 1; works if 1 thing is so" in told
    assert "works if 'time-range OFFICE-HOURS: active'; else it is blocked" in told


def test_the_usual_answer_is_the_one_to_paste() -> None:
    assert '"connlimit drops packets": no # yes or no; this is usual' in _told(result_of("linux-limits"))


LISTING = """
Rule Name:                            SMB
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:
LocalIP:                              Any
RemoteIP:                             Any
Protocol:                             TCP
LocalPort:                            445
RemotePort:                           Any
Edge traversal:                       No
Action:                               Allow
Ok.
"""
ALONE = """\
methods: [client-push]
settings: {mode: mixed}
roles: {client: [10.20.0.5], site-server: [10.1.1.10], management-point: [10.1.1.11]}
firewalls:
  - {name: pc, config: rules.txt, host: client, profile: domain}
"""


def test_what_stays_open_after_a_fact_is_no_question_of_its_own(tmp_path: Path) -> None:
    """That the settings differ would not say how; whoever confirms that they do not is done."""
    (tmp_path / "rules.txt").write_text(LISTING)
    (tmp_path / "aclproof.yaml").write_text(ALONE)
    result = check(reader.read(tmp_path / "aclproof.yaml"), AS_OF)
    found = open_questions(unproven(result, Verdict.UNDECIDED))
    assert [each.question.key for each in found] == ["profile settings differ from the defaults"]


def test_what_is_asked_later_is_told_at_once(tmp_path: Path) -> None:
    """netsh's rules without profiles: the network's profile matters as soon as the profiles are known."""
    (tmp_path / "rules.txt").write_text(listing(
        Words("SMB", local_port="445", program="System", profiles="Domain")))
    (tmp_path / "aclproof.yaml").write_text(
        "settings: {mode: mixed}\nmethods: [client-push]\n"
        "roles: {client: [10.20.0.5], site-server: [10.1.1.10], management-point: [10.1.1.11]}\n"
        "firewalls: [{name: pc, config: rules.txt, host: client}]\n")
    found = check(reader.read(tmp_path / "aclproof.yaml"))
    assert any("profile is Domain" in each.because and not each.key for each in found.later)
    told = _told(found)
    assert "profile: domain' (asked once the others are answered)" in told
    assert '"": ' not in told
