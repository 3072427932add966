"""Writes inputs that may be shown to others, and proves that they mean the same."""
