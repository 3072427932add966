"""Tool name and version for reports."""

from __future__ import annotations

NAME = "aclproof"


def version() -> str:
    """Return the version that is installed, such as `0.1.0`; `0.0.0` for a source tree without one."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(NAME)
    except PackageNotFoundError:
        return "0.0.0"
