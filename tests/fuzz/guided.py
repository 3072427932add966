"""`python -m tests.fuzz.guided READER`: cases of libFuzzer, which is guided by the lines that each reaches.

It needs atheris (`pip install atheris`, Linux and macOS), which is no dependency: what it finds goes into
`test_found.py`. New cases are kept in a folder, where the next run goes on.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any

_MOST_BYTES = 20_000


def main() -> int:
    """Run until a fault is found, or so many cases are done; return 2 where that cannot be begun."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description=__doc__)
    parser.add_argument("reader", help="the name of one reader, or a part that no other has")
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir(), "aclproof-guided"))
    asked = parser.parse_args()
    try:
        atheris = import_module("atheris")
    except ImportError:
        print("atheris is not installed: pip install atheris")
        return 2
    with atheris.instrument_imports(include=["aclproof"]):
        readers = import_module("tests.fuzz.readers").READERS
        chosen = [each for each in readers if asked.reader.lower() == each.name.lower()] or [
            each for each in readers if asked.reader.lower() in each.name.lower()]
        if len(chosen) != 1:
            print(f"one reader is wanted, and these are called so: {', '.join(each.name for each in chosen)}")
            return 2
        for data in chosen[0].samples()[:20]:
            _tried(chosen[0], data)  # readers import what they need when they need it
    _run(atheris, chosen[0], asked.runs, asked.folder)
    return 0


def _tried(reader: Any, data: bytes) -> tuple[str, str]:
    from tests.fuzz.run import tried

    return tried(reader, data)


def _run(atheris: Any, reader: Any, runs: int, folder: Path) -> None:
    """Does not return: libFuzzer ends the process, with 77 after a fault."""
    corpus = folder / reader.name.replace(" ", "-").replace(":", "")
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(each for each in reader.samples() if len(each) <= _MOST_BYTES):
        (corpus / f"sample-{number}").write_bytes(data)

    def one(data: bytes) -> None:
        what, said = _tried(reader, data)
        if what:
            print(f"{what}: {said}\n{data!r}", flush=True)
            raise AssertionError(what)

    atheris.Setup([sys.argv[0], f"-runs={runs}", f"-max_len={_MOST_BYTES}", f"-artifact_prefix={folder}/",
                   str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
