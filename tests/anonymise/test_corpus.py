"""Public configurations: the model is the same, and nothing but words of the make is left of them.

All of them are for `make long`; else those are taken that are small.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest

from aclproof.linter.anonymise import texts
from aclproof.linter.anonymise.anonymise import anonymised, configurations
from aclproof.parsers.renaming.vocabulary import EVERYWHERE, V4, Vocabulary
from aclproof.parsers.source import UnsupportedInputError

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
if not CORPUS.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
MOST_BYTES = 10**9 if LONG else 12_000
FILES = [path for path in sorted(CORPUS.rglob("*"))
         if path.is_file() and path.suffix != ".md" and path.stat().st_size <= MOST_BYTES
         and "netspoc" not in path.parts]  # these are programs with configurations in them
_WORD = re.compile(r"(?<!\w)[^\W\d_][\w-]{3,}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_the_model_is_the_same_and_no_name_is_left(path: Path, tmp_path: Path) -> None:
    try:
        text = texts.read(str(path))
    except UnsupportedInputError:
        return  # a binary file is refused
    found = anonymised(lambda: configurations([str(path)]), lambda at: configurations([at(str(path))]),
                       b"a salt that nobody keeps", str(tmp_path))
    if not found.meaning.unread:
        assert found.differs == ""
    written = found.files[0].text
    assert len(written.split("\n")) == len(text.text.split("\n"))
    assert sorted(_left(text.text, written, EVERYWHERE | text.vocabulary)) == []
    if not any(found.held):
        assert sorted(_addresses_left(text.text, written)) == []


def _left(before: str, after: str, known: Vocabulary) -> Iterator[str]:
    """The words of a text that are no words of its make, and stand in the other one."""
    shapes = re.compile(known.shapes)
    others = {each.casefold() for each in _WORD.findall(after)}
    for word in {each.casefold() for each in _WORD.findall(before)}:
        parts = {word, *re.split("[-_]", word)}
        if word in others and not all(part in known.words or shapes.fullmatch(part) or len(part) < 2
                                      or part.isdecimal() for part in parts - {word} or parts) \
                and word not in known.words and not shapes.fullmatch(word) and not _number(word):
            yield word


def _number(word: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]+", word))  # of IPv6 addresses and of identifiers


def _addresses_left(before: str, after: str) -> Iterator[str]:
    """Addresses of hosts that are public, and stand in both: by chance one is another's image."""
    found, others = set(re.findall(V4, before)), set(re.findall(V4, after))
    public = {each for each in found if _public(each)}
    if len(public) > 8:
        return  # the images fill the same networks
    yield from public & others


def _public(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    assert isinstance(address, IPv4Address)
    return address.is_global and not address.is_multicast and int(address) & 0xFF not in (0, 255)
