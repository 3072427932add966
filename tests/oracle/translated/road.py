"""The kernel with the roads of all trials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.oracle.kernel import Kernel
from tests.oracle.translated.asa_policy import ROAD


@contextmanager
def fresh() -> Iterator[Kernel]:
    """A fresh namespace, until the `with` block ends."""
    with Kernel() as made:
        made.enter(ROAD)
        yield made
