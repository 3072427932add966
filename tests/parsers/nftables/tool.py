"""nft itself, where it is installed and a network of its own can be made."""

from __future__ import annotations

import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def nft() -> None:
    """Skip where nft cannot be asked."""
    if not shutil.which("nft"):
        pytest.skip("nft is not installed")
    done = subprocess.run(["unshare", "-n", "nft", "list", "ruleset"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no network namespace for nft")
