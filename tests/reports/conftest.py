"""The browser that reports are looked at with."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.reports.browser import PROGRAMS, Browser, missing


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    absent = missing()
    if absent and os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail(f"the report cannot be looked at, not installed: {', '.join(absent)}")
    if absent:
        pytest.skip(f"looking at the report needs {', '.join(PROGRAMS)}; not installed: {', '.join(absent)}")
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened
