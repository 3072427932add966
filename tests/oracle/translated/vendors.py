"""Who is judged so, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.oracle.translated import aerleon_trials, asa_trials, nat_trials, windows_trials
from tests.oracle.translated.trials import Trial

VENDORS: Mapping[str, Callable[[int, int], Trial]] = {
    "asa": asa_trials.make, "asa-nat": nat_trials.make_new, "asa-nat-8.2": nat_trials.make_old,
    "windows": windows_trials.make,
    **({"aerleon": aerleon_trials.make} if aerleon_trials.INSTALLED else {})}
"""Each makes the trial of a number, with so many packets."""
