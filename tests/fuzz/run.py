"""Makes cases for a reader, reads them, and says what came of them; a seed and a number give one case."""

from __future__ import annotations

import os
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz import damage, odd_values, samples
from tests.fuzz.limits import TooLongError, in_memory, in_time
from tests.fuzz.readers import Reader, outcome

Kind = str
KINDS = ("made", "damaged", "odd values", "bytes")
_MOST_SAID = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """A case that broke a promise."""

    reader: str
    number: int
    what: str
    """The exception and where it came up: faults of one kind are one."""
    said: str
    data: bytes


@dataclass(slots=True)
class Figures:
    """What came of the cases of one reader."""

    reader: str
    cases: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Cases by what the user is told."""
    kinds: Counter[Kind] = field(default_factory=Counter)
    faults: dict[str, Fault] = field(default_factory=dict)
    """The smallest case of each kind of fault."""
    slowest: tuple[float, int] = (0.0, 0)
    """Seconds of the processor, and the number of the case."""
    seconds: float = 0.0


def run(reader: Reader, seed: int, numbers: Iterable[int]) -> Figures:
    """Read some cases."""
    found = Figures(reader.name)
    with in_memory():
        for number in numbers:
            kind, data = case(reader, seed, number)
            begin = time.process_time()
            what, said = tried(reader, data)
            took = time.process_time() - begin
            found.cases += 1
            found.kinds[kind] += 1
            found.seconds += took
            found.slowest = max(found.slowest, (took, number))
            if what:
                known = found.faults.get(what)
                if known is None or len(data) < len(known.data):
                    found.faults[what] = Fault(reader.name, number, what, said, data)
            elif said:
                found.refused[said] += 1
            else:
                found.read += 1
    return found


def tried(reader: Reader, data: bytes) -> tuple[str, str]:
    """Read a case; return which fault that shows, and what it or the user is told."""
    try:
        with in_time():
            return "", outcome(reader, data)
    except KeyboardInterrupt:
        raise
    except (Exception, TooLongError) as error:
        return _named(error)


def _named(error: BaseException) -> tuple[str, str]:
    """Where in the product, or in what has to hold of it, an error came up, and what it says."""
    frames = [each for each in traceback.extract_tb(error.__traceback__)
              if Path(each.filename).is_relative_to(samples.ROOT)
              and not {".venv", "limits.py"} & {*Path(each.filename).parts}]
    last = frames[-1]
    return (f"{type(error).__name__} at {os.path.relpath(last.filename, samples.ROOT)}:{last.lineno}",
            str(error)[:_MOST_SAID])


def case(reader: Reader, seed: int, number: int) -> tuple[Kind, bytes]:
    """Make the case of a number."""
    random = Random(f"{seed} {reader.name} {number}")
    texts, words, trees = _material(reader)
    kind = random.choices(KINDS, (3 if reader.make else 0, 10 if texts else 0, 4 if trees else 0, 1))[0]
    match kind:
        case "made":
            assert reader.make
            data = reader.make(random)
            return kind, damage.damaged(data, random, words) if random.random() < 0.5 else data
        case "damaged":
            text = random.choice(texts)
            if random.random() < 0.8:
                text = damage.parts(text.decode("latin-1"), random).encode("latin-1")
            return kind, damage.damaged(text, random, words)
        case "odd values":
            data = odd_values.as_json(odd_values.changed(random.choice(trees), random), random)
            return kind, damage.damaged(data, random, words) if random.random() < 0.1 else data
        case _:
            start = random.choice((b"", b"", *(text[:random.randint(1, 60)] for text in texts[:20])))
            return kind, start + random.randbytes(random.choice((1, 4, 30, 300)))


@cache
def _material(reader: Reader) -> tuple[tuple[bytes, ...], tuple[str, ...], tuple[object, ...]]:
    """The texts of a reader, their words, and those that are data."""
    texts = tuple(reader.samples())
    small = [each for each in texts if len(each) < 30_000]
    return texts, damage.words_of(small), tuple(samples.as_data(small))


def smallest(reader: Reader, data: bytes, what: str) -> bytes:
    """Return a small case with the same fault: pieces are left out as long as it stays."""
    size = max(len(data) // 2, 1)
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size:]
            if shorter and tried(reader, shorter)[0] == what:
                data = shorter
            else:
                at += size
        size //= 2
    return data
