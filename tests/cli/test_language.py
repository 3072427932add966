"""Standard error speaks the language of the run, whatever goes wrong and wherever it is found."""

from __future__ import annotations

import ast
import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from aclproof.linter.cli import language, run
from tests.language.reasons import core_modules

Output = pytest.CaptureFixture[str]
SITES = Path(__file__).parents[2] / "fixtures" / "sites"
SITE = str(SITES / "windows-block-rule" / "aclproof.yaml")
RAISED = {"UsageError", "ClickException", "UnsupportedInputError", "UnreadableError", "NoFileError",
          "NoRoleError", "NoPolicyError", "AmbiguousFirewallError"}
"""Errors whose text is all that people are told of them."""


def told(capsys: Output, *arguments: str) -> str:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.parametrize(("arguments", "german"), [
    ("chek", "Befehl 'chek' ist unbekannt; meinten Sie 'check'? (siehe 'aclproof --help')"),
    ("explain --langs", "die Option '--langs' gibt es nicht. Meinten Sie '--lang'?"
                        " (siehe 'aclproof explain --help')"),
    ("check --wrong-one", "die Option '--wrong-one' gibt es nicht. (siehe 'aclproof check --help')"),
    ("check --color", "die Option '--color' braucht einen Wert. (siehe 'aclproof --help')"),
    ("check --verbose=3", "die Option '--verbose' hat keinen Wert. (siehe 'aclproof --help')"),
    ("check --color red", "ungültiger Wert für '--color': 'red' ist keines von 'auto', 'always', 'never'."
                          " (siehe 'aclproof check --help')"),
    ("trace --source-port x", "ungültiger Wert für '--source-port': 'x' ist keine ganze Zahl."
                              " (siehe 'aclproof trace --help')"),
    ("explain mode more", "unerwartetes Argument (more) (siehe 'aclproof explain --help')"),
    ("tidy", "das Argument 'CONFIG...' fehlt. (siehe 'aclproof tidy --help')"),
    ("show", "eine Konfiguration nennen, oder --used-by mit einer Standortdatei angeben"
             " (siehe 'aclproof show --help')"),
    (f"check {SITE} --format txt", "Format 'txt' ist unbekannt; meinten Sie 'text'?"
                                   " (siehe 'aclproof check --help')"),
    ("show no-such.cfg", "no-such.cfg: diese Datei gibt es nicht"),
    (f"check {SITE} --as-of tomorrow", "--as-of tomorrow: einen Tag in der Form 2026-01-31 schreiben"
                                       " (siehe 'aclproof check --help')"),
])
def test_what_is_wrong_is_told_in_german(
        arguments: str, german: str, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert told(capsys, *arguments.split()) == f"aclproof: {german}\n"


def test_the_option_decides_although_another_one_is_wrong(capsys: Output) -> None:
    assert told(capsys, "check", "--wrong-one", "--lang", "de") == \
        "aclproof: die Option '--wrong-one' gibt es nicht. (siehe 'aclproof check --help')\n"


def test_the_words_of_click_stay_in_english(capsys: Output) -> None:
    assert told(capsys, "check", "--wrong-one") == \
        "aclproof: No such option '--wrong-one'. (see 'aclproof check --help')\n"


@pytest.mark.parametrize(("arguments", "line"), [
    ("--lang de check SITE", "aclproof check --lang de"), ("--format json", "aclproof check --format json"),
    ("-q fix a", "aclproof fix -q"), ("--lang=en show", "aclproof show --lang=en")])
def test_an_option_before_the_command_is_told_where_it_goes(
        arguments: str, line: str, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    option = arguments.split()[0].partition("=")[0]
    said = told(capsys, *arguments.split())
    assert said.startswith(f"aclproof: {option} ")
    assert f"'{line}'" in said or f"„{line}“" in said
    assert said.count("\n") == 1
    for unknown in ("--wrong-one check", "--resume trace"):
        assert "No such option" in told(capsys, *unknown.split())


def test_a_site_file_is_judged_in_the_language_of_the_run(
        tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    site = tmp_path / "aclproof.yaml"
    site.write_text("roles: {client: [10.1.1.1], client: [10.1.1.2]}\n")
    assert told(capsys, "check", str(site)) == \
        f"aclproof: {site}:1: roles.client: dieser Schlüssel steht zweimal darin: zuerst in Zeile 1\n"
    site.write_text("role: {client: [10.1.1.1]}\nfirewalls: []\n")
    assert "role: Schlüssel 'role' ist unbekannt; meinten Sie 'roles'?" in told(capsys, "check", str(site))


@pytest.mark.parametrize(("number", "german"), [  # Microsoft's language identifiers
    (0x0407, True), (0x0807, True), (0x0C07, True), (0x0409, False), (0x040C, False), (0x1234, False)])
def test_on_windows_the_language_is_that_of_its_user(
        number: int, german: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    kernel32 = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    assert language.of_system() == "en"
    monkeypatch.setattr(sys, "platform", "win32")
    assert language.of_system() == ("de" if german else "en")
    monkeypatch.setenv("LANG", "C")
    assert language.of_system() == "en"


@pytest.mark.parametrize(("arguments", "wished"), [
    ([], "en"), (["check", "--lang", "de"], "de"), (["--lang=de"], "de"), (["--lang"], "en"),
    (["--lang", "fr"], "en"), (["--lang", "de", "--lang", "en"], "en"), (["--language", "de"], "en")])
def test_the_option_is_found_wherever_it_stands(arguments: list[str], wished: str) -> None:
    assert language.asked_for(arguments) == wished


def test_what_people_are_told_of_an_error_can_be_translated() -> None:
    assert list(plain_texts()) == []


def plain_texts() -> Iterator[str]:
    """The errors of people that are raised with words of English which are no reason."""
    for path in core_modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) \
                        if name in RAISED and has_words(first):
                    yield f"{path.name}:{node.lineno}"


def has_words(node: ast.expr) -> bool:
    """Whether an expression writes words itself, outside of a call."""
    match node:
        case ast.Constant(value=str(text)):
            return any(letter.isalpha() for letter in text)
        case ast.JoinedStr(values=values):
            return any(map(has_words, values))
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return has_words(one) or has_words(other)
        case _:
            return False
