from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from aclproof.linter.reports.language import catalogue
from tests.language.keeping import files, key_of, merged, read, texts, told, wanted
from tests.language.messages import found_in
from tests.shipping import console

all_languages = pytest.mark.parametrize("file", files(), ids=lambda file: file.parts[-3])


@all_languages
def test_everything_is_translated(file: Path) -> None:
    """It names what lacks by file and line; `make messages` writes the new keys into the catalogue."""
    known = {key_of(message) for message in read(file) if message.id and all(texts(message.string))}
    assert [f"{each.path}:{each.line}: {each.text}" for each in wanted() if each.key not in known] == []


@all_languages
def test_nothing_is_translated_that_nobody_says(file: Path) -> None:
    said = {each.key for each in wanted()}
    assert [message.id for message in read(file) if message.id and key_of(message) not in said] == []


@all_languages
def test_a_translation_holds_the_values_of_its_message(file: Path) -> None:
    for message in read(file):
        for text in filter(None, texts(message.string) if message.id else ()):
            assert fields(text) == fields(texts(message.id)[0]), message.id


def fields(text: str) -> set[tuple[str, str]]:
    """Placeholders with their formats."""
    return {(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None}


@all_languages
def test_the_file_is_as_make_messages_writes_it(file: Path) -> None:
    old, new = read(file), merged(read(file))
    assert [(each.context, each.id, each.string) for each in new if each.id] == [
        (each.context, each.id, each.string) for each in old if each.id]


@all_languages
def test_what_the_tool_reads_is_compiled_from_it(file: Path) -> None:
    language = file.parts[-3]
    messages = catalogue.messages(language)
    for message in (each for each in read(file) if each.id):
        if message.context:
            assert messages.pgettext(message.context, texts(message.id)[0]) == message.string
        elif isinstance(message.id, str):
            assert messages.gettext(message.id) == message.string
        else:
            one, many = texts(message.id)
            assert [messages.ngettext(one, many, n) for n in (1, 2)] == texts(message.string)


def test_messages_are_found_in_code() -> None:
    code = """
words("a {x}", x=1)
self._words('b')
self._words.count("{n} c", "{n} cs", 3)
TABLE = {1: message("d")}
other("e"); text.count("f"); words.of("g"); words(h)
"""
    assert sorted(keys for _, keys in found_in(code, ".py")) == [
        ("a {x}", ""), ("b", ""), ("d", ""), ("{n} c", "{n} cs")]


def test_messages_are_found_in_templates() -> None:
    pytest.importorskip("jinja2")
    template = """{{ words("a {x}", x=1) }} {% if y %}{{ _('b') }}{% endif %}
{% set table = {"k": _("c")} %}{{ words.count("{n} d", "{n} ds", n) }}{{ other("e") }}"""
    assert sorted(found_in(template, ".j2")) == [
        (1, ("a {x}", "")), (1, ("b", "")), (2, ("c", "")), (2, ("{n} d", "{n} ds"))]


def test_a_message_without_a_translation_is_named_as_the_page_shows() -> None:
    page = (console.ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    [shown] = (each.text for each in console.blocks(page) if each.name == "make messages")
    catalog = Catalog()
    catalog.add("yes", "ja", [("linter/one.py", 1)])
    catalog.add("{n} lines of {file}", "", [("linter/reports/check/text.py", 7)])
    assert [*told("de", catalog)] == shown.replace("...", "2").splitlines()
