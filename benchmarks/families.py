"""Writes an input and prints the words of its command: `python -m benchmarks.families NAME SIZE FOLDER`.

In a process of its own, so that the memory this takes does not count for what is measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import asa_families, corpus_families, linux_families, site_families, windows_families
from benchmarks.family import FAMILIES

ROOMS = (asa_families, linux_families, corpus_families, windows_families, site_families)
"""Their families are in the order of the page."""


def main() -> None:
    name, size, folder = sys.argv[1:]
    files, words = FAMILIES[name].make(int(size))
    for file, text in files.items():
        (Path(folder) / file).write_text(text, encoding="utf-8")
    json.dump(list(words), sys.stdout)


if __name__ == "__main__":
    main()
