"""The proofs of promises: their commands are there, and a promise that is not kept is said."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from trust import __main__ as trust
from trust import figures
from trust.promises import PROMISES, Promise, Proof
from trust.running import run, shown

ROOT = Path(__file__).parents[1]
PROOFS = [each for promise in PROMISES for each in promise.proofs]
PRINTS = "import sys; print('3 cases\\n0 wrong'); sys.exit({code})"


def proof(code: int = 0, figure: str = r"^(\d+ \w+)$") -> Proof:
    command = (sys.executable, "-c", PRINTS.format(code=code))
    return Proof(command, command, figure, "nobody", "--seed")


def test_each_number_is_given_once_and_each_command_proves_one_thing() -> None:
    numbers = [each.number for each in PROMISES]
    assert sorted(set(numbers), key=lambda each: int(each[1:])) == numbers
    assert len({shown(each, long=False) for each in PROOFS}) == len({id(each) for each in PROOFS})


@pytest.mark.parametrize("each", PROOFS, ids=lambda each: shown(each, long=False)[-60:])
def test_what_a_command_names_is_there(each: Proof) -> None:
    for words in (each.short, each.long):
        assert find_spec(words[words.index("-m") + 1])
        paths = [word for word in words if word.startswith("tests/")]
        assert all((ROOT / path.partition("::")[0]).exists() for path in paths)
        assert paths or not each.is_of_tests


def test_the_figure_is_what_the_command_prints() -> None:
    outcome = run(proof(), long=False, seed=7)
    assert (outcome.kept, outcome.figure, outcome.said) == (True, "3 cases; 0 wrong", "")


def test_what_was_drawn_can_be_drawn_again(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr(figures, "_FILE", tmp_path / "figures.json")
    (tmp_path / "figures.json").write_text("{}")
    echo = (sys.executable, "-c", "import sys; print(sys.argv[1])")
    promises = (Promise("R1", "One.", (Proof(echo, echo, r"^(--draw=\d+)$", "nobody", "--draw"),)),)
    monkeypatch.setattr(trust, "PROMISES", promises)
    monkeypatch.setattr(figures, "PROMISES", promises)
    monkeypatch.setattr(sys, "argv", ["trust", "--seed", "7", "--keep"])
    with pytest.raises(SystemExit):
        trust.main()
    assert "kept  --draw=7 " in (said := capsys.readouterr().out)
    assert "'import sys; print(sys.argv[1])' --draw=7\n" in said
    assert "--draw=7` | --draw=7 |" in "\n".join(figures.rows(long=False))


@pytest.mark.parametrize("wrong", [proof(code=1), proof(figure="^(never)$")])
def test_what_fails_or_says_nothing_keeps_no_promise(wrong: Proof) -> None:
    outcome = run(wrong, long=True, seed=7)
    assert not outcome.kept
    assert "0 wrong" in outcome.said


def test_a_broken_promise_is_exit_1_and_keeps_no_figure(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr(figures, "_FILE", tmp_path / "figures.json")
    (tmp_path / "figures.json").write_text("{}")
    promises = (Promise("R1", "One.", (proof(),)), Promise("R2", "Two.", (proof(code=1),)))
    monkeypatch.setattr(trust, "PROMISES", promises)
    monkeypatch.setattr(figures, "PROMISES", promises)
    monkeypatch.setattr(sys, "argv", ["trust", "--keep"])
    with pytest.raises(SystemExit) as ended:
        trust.main()
    assert ended.value.code == 1
    assert "2 proofs, 1 failed" in capsys.readouterr().out
    assert [each["figure"] for each in figures.read().values()] == ["3 cases; 0 wrong"]
    assert list(figures.rows(long=True)) == ["None was kept by `make trust LONG=1 KEEP=1` so far."]
    assert "| **R2** Two. | nobody |" in "\n".join(figures.rows(long=False))
    monkeypatch.setattr(sys, "argv", ["trust", "R1"])
    with pytest.raises(SystemExit) as ended:
        trust.main()
    assert ended.value.code == 0
