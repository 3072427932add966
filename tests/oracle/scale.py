"""How much the oracle does: a tenth while working, all of it in CI, and fifty times that on demand."""

from __future__ import annotations

import os

LONG = os.environ.get("ACLPROOF_ORACLE") == "long"
CI = bool(os.environ.get("CI"))

RULESETS = 850 if LONG else 17 if CI else 2
"""For each of the twelve combinations of back end, family and hook."""

PACKETS = 1_000
"""For each ruleset."""
