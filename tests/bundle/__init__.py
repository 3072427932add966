"""Runs that can be proven again."""
