"""`explain`: every word of a report has a page, and what is mistyped a suggestion."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
from pathlib import Path
from typing import get_args

import pytest

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.cli import output, run
from aclproof.linter.fleet.reports import text as many_sites
from aclproof.linter.fleet.reports import wording
from aclproof.linter.program import check
from aclproof.linter.reports.check import text, text_audit, text_causes, text_demand, text_testimony
from aclproof.linter.reports.diff import labelled
from aclproof.linter.reports.diff import text as diff_text
from aclproof.linter.reports.explain import glossary, report_words
from aclproof.linter.reports.explain.topics import topics
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.trace import text as trace_text
from aclproof.linter.reports.usage import text as usage_text
from aclproof.linter.reports.writing import said
from aclproof.linter.result import MethodVerdict, NearKind, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.fact_answers import fact_kinds
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
            assert re.search(rf"^  {re.escape(page.id)}(  |$)", listing, re.MULTILINE)
            told = " ".join(explained(page.id, capsys).split())
            if page.id != "Near":  # the topic of that name
                assert page.id.lower() in told.lower()
                assert " ".join(page.title.split()) in told


PRINTED = (many_sites, wording, text, text_audit, text_causes, text_demand, text_testimony, diff_text,
           labelled, trace_text, usage_text, said)
"""The modules that write what is proven, for a terminal."""


def printed_words() -> set[str]:
    """The headings, labels and short words of these modules: what stands in a table or beside a style.

    A sentence with values in it is none.
    """
    found: set[str] = set()
    for module in PRINTED:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            in_tables = node.elts if isinstance(node, ast.Tuple) else ()
            found |= {_said(each, "words", "_words") for each in in_tables} | {_said(node, "message")}
            if (said := _said(node, "words", "_words")).startswith("("):  # (warning: ...)
                found.add(said.strip("()").partition(":")[0])
    return {each for each in found if "{" not in each} - SENTENCES - {""}


SENTENCES = {trace_text.ALIKE, "does not get here; as if it did", *text_audit.STATES.values()}


def _said(node: ast.AST | None, *by: str) -> str:
    """The text of a call of one of these names."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return ""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return str(node.args[0].value) if name in by else ""


def test_every_heading_and_short_word_of_a_text_report_is_explained(capsys: Output) -> None:
    known = printed_words()
    assert known >= {"warning", "Assumed", "Relied on", "not assessed", "Part", "BLOCKED", "STOPS", "Verdict"}
    for word in known:
        assert len(explained(word, capsys).splitlines()) > 2
        assert len(explained(Words("de")(word), capsys, "--lang", "de").splitlines()) > 2


def test_what_is_explained_of_reports_is_printed() -> None:
    assert set(report_words.WORDS) - {*report_words.NOTICES} <= printed_words()


def test_methods_and_roles_are_found_by_their_titles(capsys: Output) -> None:
    assert explained("Client push", capsys) == explained("client-push", capsys)
    assert "management-point" in explained("management point", capsys, "--lang", "de")


def test_what_stands_in_brackets_may_be_left_out(capsys: Output) -> None:
    assert explained("accepted", capsys) == explained("accepted (not proven)", capsys)


def test_machine_words_of_how_a_site_ended_are_known(capsys: Output) -> None:
    for end, (word, _) in wording.ENDS.items():
        assert end == "missing" or explained(word, capsys) in explained(end, capsys)  # it is a verdict too


@pytest.mark.parametrize(("short", "word"), [
    ("contradicted", "the device says otherwise"), ("confirmed", "the device says the same"),
    ("hygiene", "Audit"), ("proves nothing", "proves nothing here")])
def test_what_options_and_counts_call_it_is_known(short: str, word: str, capsys: Output) -> None:
    assert explained(short, capsys) == explained(word, capsys)
    german = Words("de").perhaps(short)
    assert explained(german, capsys, "--lang", "de") == explained(Words("de")(word), capsys, "--lang", "de")


def test_words_that_differ_in_their_case_are_two(capsys: Output) -> None:
    assert "another address or port" in explained("Translated", capsys)
    assert "after it: the other one" in explained("translated", capsys)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_can_be_wrapped_fits_into_80_columns(language: str, capsys: Output) -> None:
    run(["explain", "--lang", language])
    texts = [capsys.readouterr().out]
    for topic in topics(rules.load("configmgr-2007"), ENGLISH):
        for word in (topic.id, *(page.id for page in topic.pages)):
            texts.append(explained(word, capsys, "--lang", language))
    assert [line for each in texts for line in each.splitlines()
            if len(line) > 80 and max(map(len, line.split())) < 40] == []


@pytest.mark.parametrize("width", [60, 100])
def test_a_topic_is_as_wide_as_its_terminal(width: int, monkeypatch: pytest.MonkeyPatch,
                                            capsys: Output) -> None:
    monkeypatch.setattr(output, "columns", lambda: width)
    widest = max(map(len, explained("site-file", capsys).splitlines()))
    assert width - 15 < widest <= width


def test_every_question_of_a_check_is_of_a_kind_that_is_explained() -> None:
    kinds = list(fact_kinds())
    asked = {question.key for name in ("path-one-interface", "windows-three-vendors", "linux-dnat")
             for each in check(reader.read(SITES / name / "aclproof.yaml")).demands
             for part in each.undecided for question in part.questions}
    assert [key for key in asked if key and not any(kind.fits(key) for kind in kinds)] == []


@pytest.mark.parametrize(("word", "says"), [
    ("beside fw at inside", "pass no firewall at all"),
    ("client at inside of fw", "though its routes lead elsewhere"),
    ("DCOM through NAT at fw", "inside its"), ("translation to 10.1.1.11", "meant for, too"),
    ("access-list IN for client at fw", "filters what comes from ROLE"),
    ("interface eth7 of fw", "none of its rules names")])
def test_what_is_asked_between_site_file_and_configuration_is_explained(word: str, says: str,
                                                                        capsys: Output) -> None:
    assert says in " ".join(explained(word, capsys).split())


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


def test_a_word_is_that_of_the_pack_of_the_site_that_is_here(folder: Path, capsys: Output) -> None:
    """`client-os` is a setting of both generations: only today's one may be Windows 11."""
    shutil.copytree(SITES / "cb-warnings-only", folder, dirs_exist_ok=True)
    assert "windows-xp" not in explained("client-os", capsys)
    assert "windows-xp" in explained("client-os", capsys, "--pack", "configmgr-2007")
    assert "CMCB-NOTIFY" in explained("group-policy", capsys)
    assert "CM2007-PUSH-SMB" in explained("cm2007-push-smb", capsys)  # no word of this pack
