"""English wherever the tests run; Hypothesis draws fresh cases in every run, and a seed replays them."""

from __future__ import annotations

import os
import signal
import sys

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
