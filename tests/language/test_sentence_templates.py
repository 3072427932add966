from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.reports.language import catalogue
from aclproof.linter.reports.language.sentence_templates import Sentences
from tests.language.keeping import files, read
from tests.language.templates import placeholders

SMALL = Sentences({
    "it is late": "es ist spät",
    "the door is shut": "die Tür ist zu",
    "and": "und",
    "or": "oder",
    "red": "rot",
    "whether {name} is here": "ob {name} da ist",
    "{name} before {name2}": "{name2} nach {name}",
    "what it means: {phrase}": "was es heißt: {phrase}",
    "{span} {phrase}": "{span} {phrase}",
    "one of {phrases}": "eines von {phrases}",
    "{where} port {number}": "{where} Port {number}",
    "say '{{{role}: NAME}}'": "sage '{{{role}: NAME}}'"})
"""A catalogue that shows every kind of placeholder."""


def test_a_sentence_without_values_is_looked_up() -> None:
    assert SMALL.translate("it is late") == "es ist spät"
    assert SMALL.translate("it is late now") is None


def test_values_are_carried_over_as_they_are() -> None:
    assert SMALL.translate("whether it is late is here") == "ob it is late da ist"
    assert SMALL.translate("a{0} before b}{") == "b}{ nach a{0}"
    assert SMALL.translate("say '{client: NAME}'") == "sage '{client: NAME}'"


def test_an_empty_value_is_no_value() -> None:
    assert SMALL.translate("one of ") is None


def test_a_phrase_has_to_be_known() -> None:
    assert SMALL.translate("what it means: it is late") == "was es heißt: es ist spät"
    assert SMALL.translate("what it means: what it means: it is late") == \
        "was es heißt: was es heißt: es ist spät"
    assert SMALL.translate("what it means: nobody knows") is None


def test_words_of_a_list_are_translated_as_far_as_they_are_known() -> None:
    assert SMALL.translate("one of red, green and blue") == "eines von rot, green und blue"
    assert SMALL.translate("one of red or the door is shut") == "eines von rot oder die Tür ist zu"


def test_sentences_are_joined_by_semicolons() -> None:
    assert SMALL.translate("it is late; whether a; b is here; the door is shut") == \
        "es ist spät; ob a; b da ist; die Tür ist zu"
    assert SMALL.translate("it is late; nobody knows") is None


def test_the_reading_that_carries_over_least_is_taken() -> None:
    """Not the template with most text of its own: `port` stands in the second sentence by chance."""
    assert SMALL.translate("a.cfg:7 whether the port x is here") == "a.cfg:7 ob the port x da ist"
    assert SMALL.translate("my files/a.cfg:7 it is late") == "my files/a.cfg:7 es ist spät"


def test_a_template_of_few_letters_does_not_swallow_sentences() -> None:
    assert SMALL.translate("10.0.0.1 port 80") == "10.0.0.1 Port 80"
    assert SMALL.translate("nobody knows that port 80") is None


def test_hostile_texts_end_soon_and_stay_english() -> None:
    for text in ("what it means: " * 500, "x: " * 2000, "; ".join(["it is late"] * 300), "a port " * 900,
                 "a.cfg:7 " * 400 + "it is late", "it is late; " * 15, "one of " * 300 + "red"):
        assert SMALL.translate(text) in (None, text) or len(text) < 4000


GERMAN = catalogue.sentences("de")
TEMPLATES = sorted((message.id, message.string) for file in files() for message in read(file)
                   if message.context == catalogue.SENTENCE and "{phrase" not in message.id
                   and isinstance(message.id, str))
values = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
places = values.map(lambda text: f"{text}.cfg:7")


@given(st.sampled_from(TEMPLATES), st.data())
def test_every_german_template_finds_its_sentence(template: tuple[str, str], data: st.DataObject) -> None:
    english, german = template
    filled = {name: data.draw(places if name.startswith("span") else values, label=name)
              for name in placeholders(english)}
    found = GERMAN.translate(english.format(**filled))
    assert found is not None
    assert found == german.format(**filled) or all(value in found for value in filled.values())


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(GERMAN.translate(text), str | None)
