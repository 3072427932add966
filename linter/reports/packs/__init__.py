"""Requirement packs for people: which there are, and what one holds."""
