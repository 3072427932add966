"""Rulesets as text or JSON, read into statements and expressions in the shape of libnftables-json(5)."""
