"""Whatever a reader is given: the user is told why not, or every line is accounted for, in bounded time."""

from __future__ import annotations

import pytest

from tests.fuzz.limits import in_memory
from tests.fuzz.readers import READERS, Reader, outcome
from tests.fuzz.run import run, smallest, tried
from tests.scale import scaled

VENDORS = ("cisco-asa", "iptables", "nftables", "windows")
OF_A_VENDOR = scaled(2_000, 20_000, 1_000_000)
"""Cases of all forms of a vendor."""
OF_ANOTHER = scaled(200, 1_000, 100_000)
"""Cases of a reader of our own files."""


def _cases(reader: Reader) -> int:
    vendor, colon, _ = reader.name.partition(":")
    return OF_A_VENDOR // sum(each.name.startswith(f"{vendor}:") for each in READERS) if colon else OF_ANOTHER


@pytest.mark.parametrize("reader", READERS, ids=lambda each: each.name)
def test_every_case_is_read_or_refused(reader: Reader, seed: int) -> None:
    found = run(reader, seed, range(_cases(reader)))
    print(f"{found.cases} cases, {found.read} read, {len(found.refused)} kinds of refusal, seed {seed}")
    for fault in found.faults.values():
        least = smallest(reader, fault.data, fault.what)
        pytest.fail(f"{fault.what}: {fault.said}\npython -m tests.fuzz --reader {reader.name!r} "
                    f"--seed {seed} --case {fault.number}, made small:\n{least!r}")
    assert found.cases == sum(found.kinds.values()) == found.read + found.refused.total()


@pytest.mark.parametrize("reader", READERS, ids=lambda each: each.name)
def test_whole_samples_are_read(reader: Reader) -> None:
    """Else the cases would only show that nonsense is refused."""
    some = [outcome(reader, data) for data in reader.samples()[:20]]
    assert (("" in some) is not reader.name.endswith("look-alikes")), some


def test_a_fault_is_found_and_made_small() -> None:
    """The harness bites: a reader that stumbles over one character, loses lines or does not end is seen."""
    def broken(data: bytes) -> None:
        if b"7" in data:
            raise IndexError("list index out of range")

    reader = Reader("broken", broken, lambda: [b"one 1\ntwo 2\nseven 7\n"])
    (fault,) = run(reader, 1, range(50)).faults.values()
    assert fault.what.startswith("IndexError at tests/fuzz/test_readers.py:")
    assert smallest(reader, fault.data, fault.what) == b"7"


def test_a_case_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(data: bytes) -> None:
        while data:
            pass

    monkeypatch.setattr("tests.fuzz.limits.SECONDS", 0.05)
    what, _ = tried(Reader("endless", endless, lambda: []), b"x")
    assert what.startswith("TooLongError at tests/fuzz/test_readers.py:")


def test_a_case_that_takes_all_memory_is_stopped() -> None:
    def greedy(data: bytes) -> None:
        assert len(data * 2**40)

    with in_memory():
        what, _ = tried(Reader("greedy", greedy, lambda: []), b"x")
    assert what.startswith("MemoryError at tests/fuzz/test_readers.py:")
