"""The command finds what tests do not notice, and no test is said to notice more than it does."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.modules import TESTS
from tests.mutants.mutations import mutants

ROOT = Path(__file__).parents[2]
PLANTED = '''\
"""Two decisions, and one that no test asks for."""


def permits(port, low, high):
    """Whether a port is in a range."""
    return low <= port and port <= high


def counts(found):
    while found > 3:
        found -= 1
    return found


def unasked(port):
    return not port
'''
TESTED = '''\
from planted import counts, permits


def test_permits():
    assert permits(5, 5, 7)
    assert not permits(4, 5, 7)
    assert not permits(8, 5, 7)


def test_counts():
    assert counts(6) == 3
'''
SURVIVORS = """\
planted.py:6: survived: permits: port <= high -> port < high
planted.py:16: unreached: unasked: not port -> port
"""
"""Of a port that is the range's end nothing is asked. All else is killed: `found -= 1` taken out by time."""


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    (folder / "planted.py").write_text(PLANTED, encoding="utf-8")
    (folder / "test_planted.py").write_text(TESTED, encoding="utf-8")
    command = [sys.executable, "-m", "tests.mutants", "planted.py", "--tests", "test_planted.py", *arguments]
    done = subprocess.run(command, cwd=folder, env={"PYTHONPATH": f"{ROOT}:{folder}", "PATH": ""},
                          capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def test_survivors_are_named_and_all_others_killed(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--patience", "1")
    assert code == 1
    told, counted = said[:said.index("planted.py: ")], said[said.index("planted.py: "):]
    assert told == SURVIVORS
    assert ", 0 explained, 2 survived\n" in counted


def test_a_sample_is_the_same_again(tmp_path: Path) -> None:
    said = run(tmp_path, "--sample", "2", "--patience", "1")
    assert run(tmp_path, "--sample", "2", "--patience", "1", "--seed", "0") == said
    assert "all: 2 mutants" in said[1]


def test_what_fails_anyway_judges_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text("def test_it():\n    assert False\n", encoding="utf-8")
    code, said = run(tmp_path, "--tests", "test_broken.py")
    assert code == 2
    assert "test_broken.py::test_it" in said


def test_texts_docstrings_and_annotations_stay() -> None:
    source = ('def why(a: int = 1) -> int:\n    "Say it."\n    '
              'return Reason("{n} {many}", n=a + 1, many=not a)\n')
    assert not list(mutants(ast.parse(source)))


def test_what_is_explained_is_still_there() -> None:
    for file, known in EQUIVALENT.items():
        names = {each.name for each in mutants(ast.parse((ROOT / file).read_text(encoding="utf-8")))}
        assert not known.keys() - names, file


def test_every_module_and_its_tests_are_there() -> None:
    named = [*TESTS, *(test.split("::")[0] for tests in TESTS.values() for test in tests)]
    assert not [each for each in named if not (ROOT / each).exists()]
