from __future__ import annotations

import pytest

from aclproof.linter.cli import language, run
from aclproof.linter.reports.language.language import ENGLISH, LANGUAGES, Words
from aclproof.reason import OR, Reason, joined
from aclproof.rules.pack import Text

GERMAN = Words("de")
OFFICE = Reason("whether time-range {name} is active", name="OFFICE")
Output = pytest.CaptureFixture[str]


def test_english_says_its_keys() -> None:
    assert ENGLISH("{met} of {all}", met=1, all=6) == "1 of 6"
    assert ENGLISH.sentence("whether {odd braces} stay") == "whether {odd braces} stay"
    assert ENGLISH.sentence(Reason("the table {name} is {{odd}}", name="{x}")) == "the table {x} is {odd}"
    assert [ENGLISH.count("{n} line", "{n} lines", n) for n in (0, 1, 2)] == ["0 lines", "1 line", "2 lines"]


def test_german_comes_from_the_catalogue() -> None:
    assert GERMAN("{met} of {all}", met=1, all=6) == "1 von 6"
    lines = [GERMAN.count("{n} line", "{n} lines", n) for n in (0, 1, 2)]
    assert lines == ["0 Zeilen", "1 Zeile", "2 Zeilen"]
    assert GERMAN.sentence(OFFICE) == "ob time-range OFFICE aktiv ist"
    assert GERMAN.quoted("paragraph") == "Absatz über der Tabelle"
    assert GERMAN.of(Text("Client push", "Clientpushinstallation")) == "Clientpushinstallation"


def test_what_the_catalogue_lacks_stays_english() -> None:
    assert GERMAN("nobody wrote {this}", this="that") == "nobody wrote that"
    assert GERMAN.count("one {n} nobody", "many {n} nobodies", 2) == "many 2 nobodies"
    assert GERMAN.sentence(Reason("nobody wrote {this} either", this=1)) == "nobody wrote 1 either"
    assert GERMAN.quoted("nor {this}") == "nor {this}"


def test_what_is_no_reason_stays_as_it_is() -> None:
    assert GERMAN.sentence(str.__str__(OFFICE)) == "whether time-range OFFICE is active"
    assert GERMAN.sentence("INPUT") == "INPUT"


def test_reasons_inside_of_others_are_translated_too() -> None:
    line = Reason("what the line means: {reason}", reason=OFFICE)
    assert GERMAN.sentence(line) == "was die Zeile bedeutet: ob time-range OFFICE aktiv ist"
    several = Reason("open: {reasons}", reasons=joined("; ", [OFFICE, line, "{as} it is"]))
    assert GERMAN.sentence(several) == (
        "offen: ob time-range OFFICE aktiv ist; was die Zeile bedeutet: ob time-range OFFICE aktiv ist; "
        "{as} it is")
    assert GERMAN.sentence(joined(OR, ["Domain", "Public"])) == "Domain oder Public"


@pytest.mark.parametrize(("locale", "german"), [
    ({}, False),
    ({"LANG": "de_DE.UTF-8"}, True), ({"LANG": "de"}, True), ({"LANG": "de_AT@euro"}, True),
    ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False), ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, True),
    ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, True),
    ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "POSIX"}, False),
    ({"LANG": "fr_FR.UTF-8"}, False), ({"LANG": "deu"}, False), ({"LC_ALL": "dex_DE"}, False)])
def test_the_language_is_that_of_the_locale(
        locale: dict[str, str], german: bool, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert run(["explain", "mode"]) == 0
    assert ("Standortmodus" in capsys.readouterr().out) is german


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8"])
def test_the_option_wins_over_the_locale(
        locale: str, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert run(["explain", "mode", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Site mode (mode)")
    assert run(["explain", "mode", "--lang", "de"]) == 0
    assert capsys.readouterr().out.startswith("Standortmodus")


def test_the_option_offers_every_language() -> None:
    assert sorted(language.LANGUAGES) == sorted(LANGUAGES)


def test_another_language_is_wrong_usage(capsys: Output) -> None:
    assert run(["explain", "mode", "--lang", "fr"]) == 2
    assert "--lang" in capsys.readouterr().err
