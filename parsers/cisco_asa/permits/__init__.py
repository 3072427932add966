"""Permits in the words of a Cisco ASA."""
