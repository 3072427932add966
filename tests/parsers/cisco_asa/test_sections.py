"""Sections of an ASA configuration: the tree, odd lines in it, and ciscoconfparse as oracle for both."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers import source
from aclproof.parsers.cisco_asa.text import lines, reader, second_opinion, sections
from aclproof.parsers.cisco_asa.text.sections import Section, tree
from tests.parsers.cisco_asa.asa import read

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures" / "asa"
CORPUS = ROOT.parent / "shared" / "corpus" / "asa"


def test_a_tree_of_parents_and_children() -> None:
    found = tree([(3, "interface E0"), (4, " nameif inside"), (9, "policy-map P"), (10, " class C"),
                  (11, "  inspect icmp")])
    assert found == [Section(3, "interface E0", (Section(4, "nameif inside", ()),)),
                     Section(9, "policy-map P", (Section(10, "class C", (Section(11, "inspect icmp", ()),)),
                                                 ))]
    assert tree([]) == []


@pytest.mark.parametrize("text", ["}", "} x", "interface }\n nameif }", "interface E0\n}\n nameif inside",
                                  "time-range }",
                                  "class-map {\n match any\n}", "policy-map P\n class }\n  inspect }"])
def test_a_brace_at_the_start_of_a_line_is_no_trouble(text: str) -> None:
    firewall = read(f"ASA Version 9.1\ninterface E1\n nameif outside\n{text}\naccess-list A extended "
                    "permit ip any any\n")
    assert "A" in firewall.chains
    assert firewall.interface("outside")


def test_blank_lines_keep_their_numbers() -> None:
    firewall = read("ASA Version 9.1\n\n\ninterface E0\n\n nameif inside\n\n security-level 7\n")
    assert [(each.line, each.level) for each in firewall.interfaces] == [(4, 7)]


def test_a_rule_without_the_word_extended_is_no_trouble() -> None:
    """With `factory=True` the library refuses the whole file for it."""
    assert len(read("ASA Version 9.1\naccess-list A permit ip any any\n").chains["A"].rules) == 1


@pytest.mark.parametrize("name", ["!x", "a!b", "{", "}", "banner", "banner motd ^", "#", "<x>", "%s", "{}",
                                  "\\", "^C", "é"])
def test_odd_names_keep_every_line(name: str) -> None:
    firewall = read(f"ASA Version 9.1\ninterface {name}\n nameif inside\n security-level 30\n"
                    f"time-range {name}\n"
                    f" absolute end 10:00 1 January 2020\nclass-map {name}\n match any\npolicy-map {name}\n"
                    f" class {name}\n"
                    f"  inspect icmp\nservice-policy {name} global\n")
    assert [each.level for each in firewall.interfaces] == [30]


def _library_bodies(texts: list[str], kinds: tuple[str, ...]) -> dict[int, list[int]]:
    """Header line: body lines, by ciscoconfparse's own indentation rule."""
    second_opinion.tree([(1, "interface E0")])  # imports the library and silences it
    from ciscoconfparse import CiscoConfParse

    parsed = CiscoConfParse(texts, syntax="asa", factory=False, ignore_blank_lines=False)
    return {each.linenum + 1: [child.linenum + 1 for child in each.all_children
                                if child.text.strip() and child.text.strip()[0] != "!"]
            for each in parsed.objs if each.text.startswith(kinds)
            and len(each.text.split()) > 2 - ("interface" in kinds)}


def _our_definition_bodies(text: source.Source, monkeypatch: pytest.MonkeyPatch) -> dict[int, list[int]]:
    """The same from the fast lane: which lines it hands to which definition."""
    bodies: dict[int, list[int]] = {}
    opened = reader.Reader._definition
    member = reader.Reader._member
    at: list[int] = []

    def definition(self: reader.Reader, words: list[str], number: int, line: str) -> None:
        bodies[number] = []
        at[:] = [number]
        opened(self, words, number, line)

    def body(self: reader.Reader, words: list[str], number: int) -> None:
        bodies[at[0]].append(number)
        member(self, words, number)

    monkeypatch.setattr(reader.Reader, "_definition", definition)
    monkeypatch.setattr(reader.Reader, "_member", body)
    read_ = reader.Reader(text)
    for number, _, inside in read_.nat:
        if inside:
            header = max(each for each in bodies if each < number)
            bodies[header] = sorted([*bodies[header], number])
    return bodies


def _inputs() -> list[Path]:
    found = [each for each in FIXTURES.iterdir() if each.suffix == ".cfg"]
    if CORPUS.is_dir():
        found += [each for each in CORPUS.rglob("*")
                  if each.is_file() and each.suffix in (".cfg", ".txt", ".test", "")
                  and not each.name.startswith("ref_") and each.name not in _NOT_INDENTED]
    return sorted(found)


_NOT_INDENTED = {
    # Bodies in column one, comments or prompts between the lines: the library goes by indentation alone.
    "jarrinl_asa.txt", "fredcosta_ASA.txt", "prometheus_asa9.txt", "mockdevices_asa_old.txt",
    # `object-group group icmp-type X` is no ASA syntax: we refuse the header, so nothing is its body.
    "asa-nested-icmp-type-object-group", "asa-nested-protocol-object-group",
    "asa-nested-service-object-group",
}


@pytest.mark.parametrize("path", _inputs(), ids=lambda each: each.name)
def test_its_tree_has_the_bodies_that_our_lane_reads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        text = source.from_bytes(path.read_bytes(), path.name)
        texts = [each or "" for each in lines.plain(text)]
    except source.UnsupportedInputError:
        pytest.skip("not one configuration")
    texts = [each if each[:1] not in "}" else "" for each in texts]
    theirs = _library_bodies(texts, ("object network", "object service", "object-group "))
    assert {key: value for key, value in _our_definition_bodies(text,
                                                                monkeypatch).items()
                                                                if key in theirs} == theirs


@pytest.mark.parametrize("path", _inputs(), ids=lambda each: each.name)
def test_its_tree_has_the_interface_lines_that_we_pass_on(path: Path) -> None:
    try:
        text = source.from_bytes(path.read_bytes(), path.name)
        ours = reader.Reader(text)
    except source.UnsupportedInputError:
        pytest.skip("not one configuration")
    texts = [(each or "") if (each or "")[:1] != "}" else "" for each in ours.texts]
    passed = {number for number, _ in ours.section_lines}
    for header, body in _library_bodies(texts, ("interface",)).items():
        safe = [each for each in body if texts[each - 1].split()[0] in sections.SAFE["interface"]]
        assert {header, *safe} <= passed


@pytest.mark.parametrize("path", _inputs(), ids=lambda each: each.name)
def test_its_tree_is_ours(path: Path) -> None:
    try:
        lines = reader.Reader(source.from_bytes(path.read_bytes(), path.name)).section_lines
    except source.UnsupportedInputError:
        pytest.skip("not one configuration")
    assert second_opinion.tree(lines) == tree(lines)


@pytest.mark.parametrize("indents", list(itertools.product((0, 1, 2), repeat=5)))
def test_a_tree_of_any_indents_is_the_same(indents: tuple[int, ...]) -> None:
    lines = [(number, f"{' ' * (indent if number else 0)}word {number}")
             for number, indent in enumerate(indents)]
    assert second_opinion.tree(lines) == tree(lines)


_DAMAGES: Mapping[str, Callable[[str, int], list[str]]] = {
    "lost": lambda line, _: [],
    "cut": lambda line, at: [line[:at]],
    "tab": lambda line, _: [line.replace(" ", "\t", 1)],
    "not indented": lambda line, _: [line.lstrip()],
    "indented more": lambda line, at: [" " * (1 + at % 3) + line],
    "twice": lambda line, _: [line, line],
    "in a banner": lambda line, _: [f"banner motd {line}", line],
    "after a certificate": lambda line, _: ["crypto ca certificate chain T", " certificate 01", "  30", line],
    "after a blank": lambda line, _: ["", line],
    "in a comment": lambda line, _: [f"! {line}"],
}
"""What copying, editing and cutting does to a line."""


@given(st.sampled_from([each for each in _inputs() if each.parent == FIXTURES]),
       st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(sorted(_DAMAGES)), st.integers(0, 40)),
                min_size=1, max_size=12))
def test_its_tree_of_damaged_configurations_is_ours(path: Path, damages: list[tuple[int, str, int]]) -> None:
    texts = path.read_text(encoding="utf-8").split("\n")
    for line, damage, at in damages:
        where = line % len(texts)
        texts[where:where + 1] = _DAMAGES[damage](texts[where], at)
    try:
        found = reader.Reader(source.from_bytes("\n".join(texts).encode(), path.name)).section_lines
    except source.UnsupportedInputError:
        return
    assert second_opinion.tree(found) == tree(found)
