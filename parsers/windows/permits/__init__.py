"""Permits in the words of Windows."""
