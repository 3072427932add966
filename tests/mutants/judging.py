"""Runs the tests against mutants: one process for each, forked after everything was imported and collected.

A mutant is put in by giving the functions of the loaded module the code of the changed one. Only the tests
that call the changed function are run, the fastest first, until one fails.
"""

from __future__ import annotations

import ast
import gc
import inspect
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper, partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import CodeType, FrameType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

from aclproof import linter, parsers, rules
from tests.mutants.mutations import Mutant

ROOT = Path(__file__).parents[2]
_ALONE = ("bundle.prove", "__main__")
"""Scripts: they run when they are imported."""
_MEMORY = 4 << 30
"""Bytes of address space for one mutant."""
_PATIENCE = 4
"""How many times as long as all of its tests took a mutant may take, in seconds of the processor."""
_KILLED, _UNMADE = 1, 3
"""Exit codes of a process; 0 is of one that survived."""

Place = tuple[str, int]
"""A function: the file, and its first line."""
Told = Callable[[Path, Mutant, str], None]
"""Is told of every mutant whether it was `killed`, `survived`, `timed out`, or is `unreached` or `unmade`."""


@dataclass
class Judge:
    """A plugin of pytest that runs tests for mutants, in the place of running them once."""

    wanted: Sequence[tuple[Path, ast.Module, Mutant]]
    told: Told
    at_least: int
    """Seconds of the processor that each mutant may take, however fast its tests are."""
    broken: list[str] = field(default_factory=list)
    """Tests that fail without any mutant; nothing is judged then."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Draw fewer cases, the same for every mutant, and shrink none: one that fails is enough."""
        from hypothesis import Phase, settings  # pytest wants to be the first that imports it

        settings.register_profile("mutants", settings(), phases=(Phase.explicit, Phase.generate),
                                  max_examples=60, derandomize=True)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once to see what it calls, and then what each mutant does to those that call it."""
        files = {str(path) for path, _, _ in self.wanted}
        if any(file.startswith(str(ROOT)) for file in files):
            _warm()
        functions = _functions(files)
        _forget()
        gc.freeze()  # what is shared with the processes stays shared
        reached: dict[Place, list[tuple[float, pytest.Item]]] = {}
        for item in session.items:
            ok, seconds, places = _in_a_process(partial(_first_run, item, files))
            if not ok:
                self.broken.append(item.nodeid)
            for place in places:
                reached.setdefault(place, []).append((seconds, item))
        for path, tree, mutant in [] if self.broken else self.wanted:
            place = str(path), mutant.first_line
            tests = sorted(reached.get(place, []), key=lambda each: each[0])
            self.told(path, mutant, self._judged(functions.get(place, []), path, tree, mutant, tests))
        return True

    def _judged(self, functions: Sequence[FunctionType], path: Path, tree: ast.Module, mutant: Mutant,
                tests: Sequence[tuple[float, pytest.Item]]) -> str:
        if not functions or not tests:
            return "unreached"
        if not (pid := os.fork()):
            _silent()
            seconds = int(self.at_least + _PATIENCE * sum(seconds for seconds, _ in tests))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            try:
                mutant.apply()
                code = _code(compile(ast.fix_missing_locations(tree), str(path), "exec"), mutant.first_line)
                for each in functions:
                    each.__code__ = code
            except (SyntaxError, ValueError):
                os._exit(_UNMADE)
            os._exit(_KILLED if any(not _passes(item) for _, item in tests) else 0)
        status = os.waitpid(pid, 0)[1]
        if os.WIFSIGNALED(status):
            return "timed out" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
        return {0: "survived", _UNMADE: "unmade"}.get(os.WEXITSTATUS(status), "killed")


def _warm() -> None:
    """Load what otherwise every process loads for itself: all modules of the product, and its packs."""
    for room in (linter, parsers, rules):
        for each in walk_packages(room.__path__, f"{room.__name__}."):
            if not each.name.endswith(_ALONE):
                import_module(each.name)
    for name in rules.builtin():
        rules.load(name)


def _forget() -> None:
    """Clear what tests kept while they were collected: results of the program without any mutant."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper) and each.__module__.startswith("tests."):
            each.cache_clear()


def _functions(files: set[str]) -> Mapping[Place, list[FunctionType]]:
    """The loaded functions of some files, decorated ones too."""
    found: dict[Place, list[FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in files:
            found.setdefault((each.__code__.co_filename, each.__code__.co_firstlineno), []).append(each)
    return found


def _first_run(item: pytest.Item, files: set[str]) -> tuple[bool, float, set[Place]]:
    """Whether a test passes, the seconds that it takes, and the functions that it calls."""
    places: set[Place] = set()

    def see(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in files:
            places.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    sys.setprofile(see)
    passed = _passes(item)
    sys.setprofile(None)
    return passed, resource.getrusage(resource.RUSAGE_SELF).ru_utime, places


def _passes(item: pytest.Item) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _in_a_process(task: Callable[[], tuple[bool, float, set[Place]]]) -> tuple[bool, float, set[Place]]:
    read, write = os.pipe()
    if not (pid := os.fork()):
        _silent()
        with os.fdopen(write, "wb") as out:
            pickle.dump(task(), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as source:
        said = source.read()
    os.waitpid(pid, 0)
    return pickle.loads(said) if said else (False, 0.0, set())


def _silent() -> None:
    """Keep what a test prints away from the report."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _code(module: CodeType, first_line: int) -> CodeType:
    """The code of the function that begins at a line: of a module, or of a class in it."""
    return next(each for each in _codes(module) if each.co_firstlineno == first_line
                and "<" not in each.co_name and each.co_flags & inspect.CO_NEWLOCALS)  # no class


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)
