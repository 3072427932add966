"""YAML values stay text, and whatever could surprise a reader is refused with its line."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.harmless import yaml_text
from aclproof.rules import strict_yaml
from aclproof.rules.strict_yaml import Data, InputError, Problem, dotted, load


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(text, "site.yaml")
    return caught.value.problems


def messages(text: str) -> list[str]:
    return [str(problem) for problem in problems(text)]


@pytest.mark.parametrize(
    "scalar",
    [
        "22:22",
        "010",
        "0x1F",
        "0o17",
        "no",
        "off",
        "True",
        "1_000",
        "2012-08-01",
        "1e3",
        ".inf",
        "=",
        "NULL",
        "+1",
    ],
)
def test_a_plain_scalar_stays_the_text_that_was_written(scalar: str) -> None:
    assert load(f"port: {scalar}", "f").data == {"port": scalar}


@pytest.mark.parametrize("key", ["no", "1", "22:22", "2012-08-01", "'null'", "''"])
def test_a_key_stays_the_text_that_was_written(key: str) -> None:
    assert load(f"{key}: x", "f").data == {key.strip("'"): "x"}


@pytest.mark.parametrize("key", ["x\u202ey", "\x1b[31m", "a\x7f", "\U0001f600\u2028"])
def test_a_key_may_hold_any_character_by_its_escape(key: str) -> None:
    """Facts are called as rules of a firewall are; raw, or in a value, such a character is refused."""
    written = yaml_text(key)
    assert load(f"{written}: x", "f").data == {key: "x"}
    for text in (f"{key}: x", f"x: {written}"):
        with pytest.raises(InputError, match=r"U\+"):
            load(text, "f")


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_only_a_plain_empty_scalar_is_none(empty: str) -> None:
    assert load(f"key: {empty}", "f").data == {"key": None}
    assert load(f"key: '{empty}'", "f").data == {"key": empty}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---", "\ufeff"])
def test_an_empty_file_is_none(text: str) -> None:
    document = load(text, "f")
    assert document.data is None
    assert document.line_of(("anything",)) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert load("\ufeffkey: x", "f").data == {"key": "x"}


def test_nested_data_and_block_scalars_are_read() -> None:
    text = "a:\n  - b: 1\n    c: [2, {d: 3}]\n  - >-\n    two\n    lines\ne: |\n  kept\n"
    assert load(text, "f").data == {"a": [{"b": "1", "c": ["2", {"d": "3"}]}, "two lines"], "e": "kept\n"}


def test_line_of_finds_keys_items_and_the_nearest_ancestor() -> None:
    document = load("# head\na:\n  b: 1\n  c:\n    - x\n    - y: 2\n      z: 3\n", "f")
    assert document.line_of(()) == 2
    assert document.line_of(("a", "b")) == 3
    assert document.line_of(("a", "c", 0)) == 5
    assert document.line_of(("a", "c", 1, "z")) == 7
    assert document.line_of(("a", "c", 1, "unknown", "deeper")) == 6
    assert document.line_of(("a", "c", 9)) == 4


def test_a_document_places_a_problem() -> None:
    problem = load("a:\n  - {b: 1}\n", "f.yaml").problem(("a", 0, "b"), "is wrong")
    assert problem == Problem("f.yaml", 2, "a[0].b", "is wrong")
    assert str(problem) == "f.yaml:2: a[0].b: is wrong"
    assert str(Problem("f.yaml", 2, "", "is wrong")) == "f.yaml:2: is wrong"
    assert str(Problem("f.yaml", 0, "", "is wrong")) == "f.yaml: is wrong"


def test_a_path_shows_no_line_break_from_a_key() -> None:
    assert dotted(("a\nb", 3, "c")) == "'a\\nb'[3].c"


def test_a_duplicate_key_names_both_lines() -> None:
    assert messages("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 2\n") == [
        "site.yaml:5: b.c: this key is set twice: first on line 3",
        "site.yaml:6: a: this key is set twice: first on line 1",
    ]


def test_keys_that_differ_only_in_quotes_are_duplicates() -> None:
    assert messages("a: 1\n'a': 2\n") == ["site.yaml:2: a: this key is set twice: first on line 1"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: &x 1\n", 1, "anchor &x"),
        ("a: 1\nb: *x\n", 2, "alias *x"),
        ("a: !!python/object:os.system x\n", 1, "tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("a: !!str 1\n", 1, "tag"),
        ("a: ! 1\n", 1, "tag"),
        ("a: !!set {x}\n", 1, "tag"),
        ("a: 1\n<<: {b: 2}\n", 2, "merge key"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "a key must be text"),
        ("a: 1\n? {x: y}\n: 2\n", 2, "a key must be text"),
        ("a: 1\nnull: 2\n", 2, "a key must be text"),
        ("a: 1\n?\n: 2\n", 2, "a key must be text"),
        ("a: 1\nb: [1, 2\n", 3, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: b: c\n", 1, "not valid YAML"),
        ("a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\nb: \x1b[31m\n", 2, "U+001B"),
        ("a: 1\nb: x\u2028y\n", 2, "U+2028"),
        ("a: 1\nb: x\u202ey\n", 2, "U+202E"),
        ("a: 1\nb: x\ud800y\n", 2, "U+D800"),
        ("a: 1\nb: x\ufeffy\n", 2, "U+FEFF"),
        ('a: 1\nb: "x\\0y"\n', 2, "U+0000"),
        ('a: 1\nb: "x\\ey"\n', 2, "U+001B"),
    ],
)
def test_a_surprise_is_refused_with_one_clear_problem(text: str, line: int, reason: str) -> None:
    (problem,) = problems(text)
    assert (problem.file, problem.line) == ("site.yaml", line)
    assert reason in problem.message
    assert "\n" not in str(problem)


def test_a_quoted_merge_key_is_just_a_key() -> None:
    assert load("'<<': x", "f").data == {"<<": "x"}


def test_refusals_are_collected_up_to_a_syntax_error() -> None:
    found = messages("a: &x 1\na: 2\nb: [\n")
    assert [line.split(":")[1] for line in found] == ["1", "2", "4"]


def test_an_alias_bomb_never_grows() -> None:
    lines = ["l0: &l0 [x]"] + [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert len(problems("\n".join(lines))) == 10 + 9 * 9


def test_fifty_levels_are_read_and_one_more_is_not() -> None:
    assert load("[" * 50 + "]" * 50, "f").data is not None
    assert messages("[" * 51 + "]" * 51) == ["site.yaml:1: the file is nested more than 50 levels deep"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "{? ", "- ", "? ", "[{? "])
def test_nesting_that_would_overflow_the_stack_is_refused(opening: str) -> None:
    assert "nested more than 50 levels" in messages(opening * 100_000)[-1]


def test_a_text_over_one_mebibyte_is_refused() -> None:
    assert load("x" * 1024 * 1024, "f").data is not None
    assert messages("x" * (1024 * 1024 + 1)) == ["site.yaml: the file is larger than 1 MiB"]


TRAPS = (
    "a: 1\nb: [x, {c: ~}]",
    "a: &x 1",
    "a: 1\na: 2",
    "a: [",
    "[" * 60,
    "a: 1\n---\nb: 2",
    '"\\ud800"',
    '"\\UFFFFFFFF"',
    "%YAML 1." + "1" * 5000 + "\n---\na",
)


def outcome(text: str) -> str:
    try:
        return repr(load(text, "f").data)
    except InputError as error:
        return f"refused on lines {[problem.line for problem in error.problems]}"


@pytest.mark.parametrize("text", TRAPS, ids=range(len(TRAPS)))
def test_without_libyaml_the_answer_is_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = outcome(text)
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
    slow = outcome(text)
    assert slow.split(" on ")[0] == fast.split(" on ")[0]


yamlish = st.text(st.sampled_from("ab:-?&*!<>|'\"%@[]{},#~ \n\t\\01")) | st.text(st.characters())


@given(yamlish)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert outcome(text)


VISIBLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cn", "Co"))
plain = st.text(VISIBLE, min_size=1)
trees: st.SearchStrategy[Data] = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=20,
)


@given(trees)
def test_what_a_yaml_writer_quotes_is_read_back(tree: Data) -> None:
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=True)
    assert load(text, "f").data == tree
