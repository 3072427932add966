"""Check sums, as `sha256sum --check` reads them."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write(folder: Path) -> str:
    """Write them for all files of a folder, and return them."""
    text = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
                   for file in sorted(folder.iterdir()) if file.name != NAME)
    (folder / NAME).write_text(text, encoding="ascii", newline="\n")
    return text
