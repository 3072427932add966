"""How much the oracle does for nftables: a tenth while working, 204 rulesets in CI, many more on demand."""

from __future__ import annotations

from tests.oracle import scale

RULESETS = 2 * scale.RULESETS
"""For each of the six combinations of family and hook."""

PACKETS = 300
"""For each ruleset."""
