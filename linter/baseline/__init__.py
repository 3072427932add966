"""Baselines: the gaps that are known, which may only shrink (docs/decisions/0032-baselines.md)."""
