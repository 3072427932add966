"""English wherever the tests run; what is drawn follows from one seed."""

from __future__ import annotations

import os
import signal
import sys
from random import Random, SystemRandom

import pytest
from hypothesis import HealthCheck, settings

from tests.scale import PROFILE, scaled

os.environ["LC_ALL"] = "C"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores Ctrl-C for what it runs in the background, and so would all that tests start and stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)
collect_ignore = ["oracle"] if sys.platform == "win32" else []
"""Who asks the kernel of Linux is skipped on Windows (`tests/oracle/__init__.py`)."""

settings.register_profile(
    PROFILE, max_examples=scaled(200, 500, 50_000), deadline=None, print_blob=True, derandomize=False,
    database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.load_profile(PROFILE)


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """What cases are drawn by: that of Hypothesis where it is given, a fresh one otherwise."""
    given = str(request.config.getoption("--hypothesis-seed", default=None))
    return int(given) if given.isdecimal() else SystemRandom().randrange(2**32)


@pytest.fixture
def random(seed: int, request: pytest.FixtureRequest) -> Random:
    """The numbers of one test: the same for a seed, in whatever order and process it runs."""
    return Random(f"{seed} {request.node.nodeid}")
