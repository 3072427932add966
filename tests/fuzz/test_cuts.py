"""Every file of the fixtures, cut at every byte: read or refused, and every line accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.readers import READERS, Reader
from tests.fuzz.run import tried
from tests.fuzz.samples import FIXTURES, form_of
from tests.scale import PROFILE, scaled

SOME = scaled(4, 30, 0)
"""Cuts within lines, and at ends of lines, of each file; a long run makes all of them."""
_TRANSCRIPTS = {"asa": "cisco-asa", "branch": "cisco-asa", "linux": "iptables", "windows": "windows"}


def _reader_of(path: Path) -> str:
    """The reader that a file of the fixtures is for; empty where the product reads no such file."""
    room, folder = path.relative_to(FIXTURES).parts[0], path.parent.name
    if room == "transcripts":
        return "" if path.suffix == ".expected" else f"{_TRANSCRIPTS[folder]}: transcript"
    if path.suffix in (".md", ".yaml"):
        return "site file" if path.name == "aclproof.yaml" else ""
    return "inventory" if room == "configmgr" else form_of(path.read_bytes()) or "anonymise"


def _files() -> Iterator[tuple[Path, Reader]]:
    by_name = {each.name: each for each in READERS}
    seen: set[bytes] = set()
    for path in sorted(each for each in FIXTURES.rglob("*") if each.is_file()):
        reader, data = _reader_of(path), path.read_bytes()
        if reader and data not in seen:
            seen.add(data)
            yield path, by_name[reader]


def _cuts(data: bytes, random: Random) -> list[int]:
    if PROFILE == "long":
        return list(range(1, len(data)))
    ends = [at for at in range(1, len(data)) if data[at - 1] == 10]
    anywhere = range(1, len(data))
    return sorted({*random.sample(ends, min(SOME, len(ends))),
                   *random.sample(anywhere, min(SOME, len(anywhere)))})


@pytest.mark.parametrize("part", range(8))
def test_a_cut_file_is_read_or_refused(part: int, random: Random) -> None:
    for path, reader in list(_files())[part::8]:
        data = path.read_bytes()
        for end in _cuts(data, random):
            what, said = tried(reader, data[:end])
            assert not what, f"{path} cut at {end}: {said}"
