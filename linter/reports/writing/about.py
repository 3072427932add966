"""Tool name and version for reports."""

from __future__ import annotations

from aclproof import __version__

NAME = "aclproof"
VERSION = __version__
"""Such as `0.1.0`."""
