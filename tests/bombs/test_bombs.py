"""Bombs of sizes for every change; `python -m tests.bombs` has the large ones, and their figures."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.bombs import laying
from tests.bombs.bomb import BOMBS
from tests.scale import scaled

MENDED = ("asa-routes", "asa-tunnels", "site-facts")
"""Whose work grew with the square of their size."""
BOUNDED = {
    "iptables-jumps",
    "iptables-marks",
    "nft-marks",
    "nft-ranges",
    "self-check",
    "tidy-equal",
    "tidy-nested",
}
"""Whose work may grow faster: it is counted, and ends where it is too much."""
SOME = sorted({*MENDED, *list(BOMBS)[:: scaled(24, 12, 1)]} - BOUNDED)
NOTICED = 50_000
"""Calls: fewer say nothing of growth."""


def calls_of(action: Callable[[], object]) -> int:
    """Count the calls that something makes, those of generators and built-in functions too."""
    count = 0

    def called(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def work_on(name: str, size: int, folder: Path) -> int:
    """Run a bomb's command; it has to end as documented."""
    laid = BOMBS[name].make(size)
    folder.mkdir()
    laying.write(laid, folder)
    codes = []
    with chdir(folder), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
        count = calls_of(lambda: codes.append(run(list(laid.words))))
    assert codes[0] in (0, 1, 2, 3), said.getvalue()
    return count


@pytest.mark.skipif(sys.gettrace() is not None, reason="calls are counted by what a debugger uses")
@pytest.mark.parametrize("name", SOME)
def test_work_grows_as_the_input_does(name: str, tmp_path: Path) -> None:
    """From size to size four times as much is added, with the square sixteen times."""
    small = BOMBS[name].small
    work_on(name, small, tmp_path / "before")  # imports, and what is kept
    first, second, third = (work_on(name, small * times, tmp_path / f"{times}") for times in (1, 4, 16))
    assert third - second <= max(NOTICED, 8 * (second - first))


def test_work_that_grows_with_the_square_is_seen() -> None:
    def search(size: int) -> int:
        return calls_of(lambda: [sum(1 for _ in range(each)) for each in range(size)])

    first, second, third = map(search, (100, 400, 1_600))
    assert third - second > max(NOTICED, 8 * (second - first))
