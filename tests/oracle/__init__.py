"""The kernel of Linux as a judge; what imports this is skipped on Windows."""

import pytest

pytest.importorskip("fcntl", reason="this asks the kernel of Linux")
