"""`explain`: every word of a report has a page, and what is mistyped a suggestion."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import get_args

import pytest

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.reports.explain import glossary
from aclproof.linter.reports.explain.topics import topics
from aclproof.linter.reports.language.language import ENGLISH
from aclproof.linter.result import MethodVerdict, NearKind, Verdict
from aclproof.parsers.model.notes import State

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(word: str, capsys: Output, *options: str) -> str:
    assert run(["explain", word, *options]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_glossary_has_every_word_of_a_result() -> None:
    assert set(glossary.NEAR) == set(get_args(NearKind))
    assert set(glossary.NOTES) == {each.value for each in State}
    keys = schemas.load("site")
    assert set(glossary.SITE_FILE) == (
        {*keys["properties"], *keys["$defs"]["firewall"]["properties"]} - {"name"})
    assert set(glossary.VERDICTS) == {each.value for each in (*Verdict, *MethodVerdict)} | {"waived", "known"}


def test_every_word_of_every_topic_has_a_page(capsys: Output) -> None:
    for topic in topics(rules.load("configmgr-2007"), ENGLISH):
        listing = explained(topic.id, capsys)
        for page in topic.pages:
            assert f"  {page.id} " in listing
            text = explained(page.id, capsys)
            assert page.id.lower() in text.lower()
            assert max(map(len, text.splitlines())) <= 140


def test_without_a_word_the_topics_are_listed_on_one_screen(capsys: Output) -> None:
    assert run(["explain"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) < 25
    for topic in topics(rules.load("configmgr-2007"), ENGLISH):
        assert f"\n  {topic.id} " in out


@pytest.mark.parametrize(("word", "says"), [
    ("undecided", "The report names the questions"), ("BLOCKED", "surely stopped"),
    ("unread", "may say anything"),
    ("interfaces", "'interfaces: {ROLE: eth1}'"), ("client", "CM2007-PUSH-SMB"),
    ("site-server", " CM2007-PUSH-ECHO"), ("other-network", "from or to another network"),
    ("native nft tables", "Shown by   nft list tables"),
    ("limit --limit 5/sec", '"limit --limit 5/sec": yes'),
    ("Group Policy of pc.reg", '"Group Policy of pc.reg": no'),
    ("time-range NIGHT", "active or inactive"),
    ("ipset clients", '"ipset clients": [10.1.1.1]'), ("LocalSubnet of pc.reg", "Shown by   ipconfig /all"),
    ("time-range NAME", "whether time-range NAME is active")])
def test_words_of_reports_are_explained(word: str, says: str, capsys: Output) -> None:
    assert says in explained(word, capsys)


@pytest.mark.parametrize(("word", "says"), [
    ("undecidd", "did you mean 'undecided'?"), ("timerange X", "did you mean 'time-range NAME'?"),
    ("clent", "did you mean 'client'?"), ("fact", "did you mean 'facts'?"),
    ("xyzzy", "'aclproof explain' lists the topics")])
def test_an_unknown_word_gets_a_suggestion_or_a_short_hint(word: str, says: str, capsys: Output) -> None:
    assert run(["explain", word]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert len(err) < 120


def test_a_fact_of_the_site_is_explained_with_its_lines(folder: Path, capsys: Output) -> None:
    for file in (SITES / "branch").iterdir():
        shutil.copy(file, folder)
    text = explained("time-range OFFICE-HOURS", capsys)
    assert "whether time-range OFFICE-HOURS is active" in text
    assert "branch-asa.cfg:63  access-list BRANCH-IN extended permit tcp" in text
    assert explained("time-range OTHER", capsys).count("branch-asa") == 0
    other = str(SITES / "branch" / "aclproof.yaml")
    (folder / "aclproof.yaml").write_text("roles: [", encoding="utf-8")
    assert "branch-asa.cfg:63" not in explained("time-range OFFICE-HOURS", capsys)
    assert "branch-asa.cfg:63" in explained("time-range OFFICE-HOURS", capsys, "--site", other)
    assert run(["explain", "undecided", "--site", "none.yaml"]) == 2


@pytest.mark.parametrize(("fact", "says"), [
    ("x=maybe", "'maybe' is neither yes, no, active, inactive, present or none, nor a list of addresses"),
    ("x", "write NAME=VALUE")])
def test_a_wrong_fact_says_what_a_fact_may_be(fact: str, says: str, capsys: Output) -> None:
    assert run(["check", "fw.cfg", "--client", "10.2.0.0/16", "--server", "10.1.1.1", "--fact", fact]) == 2
    assert says in capsys.readouterr().err
