"""Inputs that are no text: each becomes the text of the registry export that says the same.

So its lines can be quoted, and one reader reads all of them.
"""

from __future__ import annotations

import hashlib

from aclproof.inputs import MAX_BYTES
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.registry import hive, policy
from aclproof.reason import Reason

_CONTAINERS = (
    (policy.MAGIC, policy.KIND, policy.text),
    (hive.MAGIC, hive.KIND, hive.text),
)


def read_bytes(data: bytes, name: str) -> Source | None:
    """Open a container by its first bytes, None when it is none; UnsupportedInputError when it cannot be
    read.

    `sha256` is that of the bytes; `encoding` names the container.
    """
    for magic, kind, text in _CONTAINERS:
        if data.startswith(magic):
            if len(data) > MAX_BYTES:
                raise UnsupportedInputError(Reason("{name}: larger than {most} MiB; export the firewall's "
                                                   "policy", name=name, most=MAX_BYTES // 2**20))
            return Source(name, hashlib.sha256(data).hexdigest(), text(data, name), kind)
    return None
