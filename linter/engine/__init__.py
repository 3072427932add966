"""Exact sets of packets through chains of rules: knows the model, no vendor, no requirement."""
