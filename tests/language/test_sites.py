"""No English is left in a German report: every site of the fixtures, every string of its result."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from msgspec import Struct

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.reports.language import catalogue
from aclproof.linter.reports.language.language import LANGUAGES, Words
from aclproof.linter.result import Line, Result
from aclproof.linter.site import reader
from aclproof.linter.site import site as sites
from aclproof.rules.pack import Pack, Requirement
from tests.language.english import english_in, is_sentence
from tests.language.reasons import ROOT

SITES = ROOT / "fixtures" / "sites"
BRANCH = SITES / "branch" / "aclproof.yaml"
CONFIGS = sorted(each for each in SITES.glob("*/*") if each.suffix in {".cfg", ".rules", ".reg", ".txt"})
NAMES_OF_SITES = sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml"))
all_sites = pytest.mark.parametrize("name", NAMES_OF_SITES)
FOR_PEOPLE = {"text", "markdown", "html"}
Output = pytest.CaptureFixture[str]

SENTENCES = {"because", "reason", "advice", "caveats", "reply_cure", "question", "text", "way", "ways"}
"""Fields of a result that hold sentences of the core; what a line says is one unless it is a rule."""
NAMES = {"id", "title", "name", "path", "sha256", "vendor", "version", "firewall", "file", "kind", "leg",
         "methods", "requirement", "requirements", "facts", "find_out", "key", "value", "origin", "site_file",
         "roles", "settings", "lines", "owner", "approved_by", "ticket", "state", "text of a span",
         "reason of a waiver", "follows", "answers", "without_addresses", "verdict"}
"""Fields that hold names, foreign text, or words that reports choose by."""


@cache
def result_of(name: str) -> Result:
    return check(reader.read(SITES / name / "aclproof.yaml"), date(2026, 1, 15))


def strings(value: object, field: str = "", inside: object = None) -> Iterator[tuple[str, str]]:
    """All strings of a result with the fields that hold them; of the pack none, it has its own languages."""
    if isinstance(value, str):
        yield _kind(field, inside), value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(key, field, inside)
            yield from strings(each, field, inside)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from strings(each, field, inside)
    elif isinstance(value, Struct) and not isinstance(value, Pack | Requirement):
        for each in value.__struct_fields__:
            yield from strings(getattr(value, each), each, value)


def _kind(field: str, inside: object) -> str:
    kind = type(inside).__name__
    if field == "text" and (kind == "Span" or (isinstance(inside, Line) and inside.kind == "rule")):
        return "text of a span"
    if field == "reason" and kind == "Waiver":
        return "reason of a waiver"
    return field


@all_sites
def test_every_field_is_known_to_hold_sentences_or_names(name: str) -> None:
    """A new field has to be put into one of the two sets above."""
    assert {field for field, _ in strings(result_of(name))} <= SENTENCES | NAMES


@all_sites
def test_every_sentence_of_a_result_is_translated(name: str) -> None:
    assert [part for text in told(result_of(name)) for part in english_in(text)] == []


def told(result: Result) -> list[str]:
    """The sentences of a result."""
    return sorted({text for field, text in strings(result) if field in SENTENCES and is_sentence(text)})


def test_the_sites_say_enough_to_prove_something() -> None:
    said = {text for name in NAMES_OF_SITES for text in told(result_of(name))}
    assert len(said) > 150
    for start in ("implicit deny at the end of", "whether time-range", "permits it, but", "open: "):
        assert any(text.startswith(start) for text in said), start


class Recorder(gettext.NullTranslations):
    """Notes the messages that a catalogue does not have, and the sentences that are translated."""

    def __init__(self, known: gettext.NullTranslations) -> None:
        super().__init__()
        self._known = known
        self.asked = 0
        self.lacking: set[str] = set()
        self.sentences: list[str] = []

    @property
    def english(self) -> list[str]:
        """What stays English of the sentences."""
        return [part for text in self.sentences if is_sentence(text) for part in english_in(text)]

    def pgettext(self, context: str, message: str) -> str:
        return self._known.pgettext(context, message)

    def gettext(self, message: str) -> str:
        self.asked += 1
        found = self._known.gettext(message)
        if found is message:
            self.lacking.add(message)
        return found

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked += 1
        found = self._known.ngettext(msgid1, msgid2, n)
        if found in (msgid1, msgid2):
            self.lacking.add(msgid1)
        return found


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    real = catalogue.messages
    recorder = Recorder(real("de"))
    monkeypatch.setattr(catalogue, "messages",
                        lambda language: recorder if language == "de" else real(language))
    sentence = Words.sentence

    def noted(words: Words, text: str) -> str:
        recorder.sentences.append(text)
        return sentence(words, text)

    monkeypatch.setattr(Words, "sentence", noted)
    return recorder


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_asks_for_no_message_that_the_catalogue_lacks(form: str, recorder: Recorder) -> None:
    for name in NAMES_OF_SITES:
        FORMATS[form](result_of(name), Look(language="de"))
    assert recorder.lacking == set()
    assert recorder.english == []
    assert bool(recorder.asked) is (form in FOR_PEOPLE)


def test_other_commands_ask_for_no_message_that_the_catalogue_lacks(
        recorder: Recorder, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    pack = rules.load(sites.DEFAULT_PACK)
    ids = [[each.id] for each in pack.requirements]
    ids += [[each.id] for each in pack.methods] + [[each.id] for each in pack.settings]
    for name in ([], *ids):
        assert run(["explain", *name]) == 0
    for config in CONFIGS:
        run(["show", str(config)])
        run(["trace", str(config), "10.1.1.10", "10.20.0.10", "tcp", "445"])
    for site in NAMES_OF_SITES[::10]:
        run(["requirements", str(SITES / site / "aclproof.yaml")])
        run(["fix", str(SITES / site / "aclproof.yaml"), "--as-of", "2026-01-15"])
        run(["diff", str(BRANCH), str(SITES / site / "aclproof.yaml"), "--full", "--as-of", "2026-01-15"])
    assert "Zugriffslisten" in capsys.readouterr().out
    assert recorder.lacking == set()
    assert recorder.english == []
    assert len(recorder.sentences) > 100
    assert recorder.asked > 500


@pytest.mark.parametrize("form", sorted(set(FORMATS) - FOR_PEOPLE))
def test_machines_are_told_in_english_whatever_the_language(form: str) -> None:
    for name in NAMES_OF_SITES[::7]:
        english, german = (FORMATS[form](result_of(name), Look(language=each)) for each in LANGUAGES)
        assert english == german


@all_sites
def test_a_german_report_fits_a_terminal(name: str) -> None:
    lines = FORMATS["text"](result_of(name), Look(width=80, language="de")).splitlines()
    pasted = re.compile(r' +".*": ')  # a fact for the site file is one line
    assert [line for line in lines if len(line) > 80 and not pasted.match(line)] == []
