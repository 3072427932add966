"""Two configurations compared, beside a peer: `python -m benchmarks.diff [--lines 1000,10000,100000]`.

The new configuration has one line more in the middle of its list, or is another one altogether. Ours are
the pack's packets (`diff`) and every packet of the list (`--full`), as ratios to reading both files and
splitting them into lines, in the same run. The peer is fwshift `compare` where it is installed, on the
one-line edits; it is given up after --patience seconds. A list of single hosts is its hardest.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.check import config, seconds, site, split
from linter.diff import sides, whole

AS_OF = date(2026, 1, 15)
_LINE = "access-list IN extended permit tcp 10.20.0.0 255.255.0.0 172.20.0.0 255.255.255.0 eq 8530"


def rows(sizes: list[int], folder: Path) -> Iterator[tuple[str, str, str]]:
    for size in sizes:
        pools, hosts = config(size, unique=False), of_hosts(size)
        for what, old, new in (("one line more", pools, edited(pools)),
                               ("another list", pools, config(size, unique=False, seed=8)),
                               ("hosts, one line more", hosts, edited(hosts))):
            files = [folder / side / f"{size} {what}.cfg" for side in ("old", "new")]
            for file, text in zip(files, (old, new), strict=True):
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8")
            yield f"{size:,} ACEs, {what}", str(files[0]), str(files[1])


def of_hosts(size: int) -> str:
    """The same firewall with a list of pairs of hosts and one port each."""
    draw = random.Random(3)
    head, tail = config(1, unique=False).split("access-list", 1)
    pairs = [f"access-list IN extended permit tcp host 10.{draw.randint(0, 60)}.{draw.randint(0, 255)}."
             f"{draw.randint(1, 254)} host 172.20.{draw.randint(0, 9)}.{draw.randint(1, 254)} "
             f"eq {draw.randint(1, 65535)}" for _ in range(size)]
    return f"{head}{chr(10).join(pairs)}\n{tail.split(chr(10), 1)[1]}"


def edited(text: str) -> str:
    """Put one entry into the middle of the list."""
    lines = text.split("\n")
    entries = [at for at, line in enumerate(lines) if line.startswith("access-list")]
    middle = entries[len(entries) // 2]
    return "\n".join([*lines[:middle], _LINE, *lines[middle:]])


def compared(old: str, new: str, *, full: bool) -> object:
    found = sides.of_file(site(old), new, None, AS_OF, is_script=False)
    return whole.differences(found, (), None, AS_OF) if full else found


def peer(old: str, new: str, patience: float) -> str:
    program = shutil.which("fwshift")
    if program is None:
        return "not installed"
    start = time.perf_counter()
    try:
        subprocess.run([program, "compare", old, new], capture_output=True, check=False, timeout=patience)
    except subprocess.TimeoutExpired:
        return f"> {patience:.0f} s"
    return f"{time.perf_counter() - start:.1f} s"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", default="1000,10000,100000")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--patience", type=float, default=60)
    given = options.parse_args()
    print(f"{'configurations':<32}{'read+split':>12}{'diff':>10}{'ratio':>8}{'--full':>10}{'ratio':>8}"
          "  fwshift")
    with tempfile.TemporaryDirectory() as folder:
        for name, old, new in rows([int(each) for each in given.lines.split(",")], Path(folder)):
            compared(old, new, full=True)  # imports and caches are not what is compared
            times: tuple[list[float], ...] = ([], [], [])
            for _ in range(given.repeats):
                times[0].append(seconds(lambda: (split(old), split(new))))  # noqa: B023
                times[1].append(seconds(lambda: compared(old, new, full=False)))  # noqa: B023
                times[2].append(seconds(lambda: compared(old, new, full=True)))  # noqa: B023
            unit, ours, whole_list = map(statistics.median, times)
            other = peer(old, new, given.patience) if "one line" in name else ""
            print(f"{name:<32}{unit * 1000:>9.1f} ms{ours * 1000:>7.0f} ms{ours / unit:>7.0f}x"
                  f"{whole_list * 1000:>7.0f} ms{whole_list / unit:>7.0f}x  {other}", flush=True)


if __name__ == "__main__":
    main()
