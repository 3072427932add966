"""Two configurations compared, next to a peer: `python -m benchmarks.diff [--lines 1000,10000,100000]`.

The new configuration has one line more in the middle of its list, or another list altogether. Ours are the
pack's packets (`diff`) and every packet of the list (`--full`), as ratios to reading both files and splitting
them into lines, in the same run. The peer is fwshift `compare`, where it is installed; it is given up after
--patience seconds.
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

from aclproof.linter.diff import compare_sites
from aclproof.linter.diff import full as whole
from benchmarks.check import config, seconds, site, split

AS_OF = date(2026, 1, 15)
_LINE = "access-list IN extended permit tcp 10.20.0.0 255.255.0.0 172.20.0.0 255.255.255.0 eq 8530"


def rows(sizes: list[int], folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Pairs of files: addresses from pools as in the benchmark of check, and ACEs between single hosts."""
    for size in sizes:
        pooled, hosts = config(size, unique=False), _hosts(size)
        for name, old, new in (("pooled, one line more", pooled, _edited(pooled)),
                               ("pooled, another list", pooled, config(size, unique=False, seed=8)),
                               ("hosts, one line more", hosts, _edited(hosts)),
                               ("hosts, another list", hosts, _hosts(size, seed=8))):
            files = folder / "old.cfg", folder / "new.cfg"
            for file, text in zip(files, (old, new), strict=True):
                file.write_text(text, encoding="utf-8")
            yield f"{size:,} ACEs, {name}", *files


def _hosts(size: int, seed: int = 7) -> str:
    """Like the other one, but each ACE has two addresses and a port that occur nowhere else."""
    draw = random.Random(seed)
    head, binding, rest = config(0, unique=False).partition("access-group")
    aces = [f"access-list IN extended {draw.choice(('permit', 'permit', 'deny'))} tcp "
            f"host 10.{draw.randrange(128)}.{draw.randrange(256)}.{draw.randrange(1, 255)} "
            f"host 172.20.{draw.randrange(256)}.{draw.randrange(1, 255)} eq {draw.randrange(1, 65_535)}"
            for _ in range(size)]
    return "\n".join([head + aces[0], *aces[1:], "access-list IN extended deny ip any any", binding + rest])


def _edited(text: str) -> str:
    lines = text.split("\n")
    aces = [at for at, line in enumerate(lines) if line.startswith("access-list")]
    middle = aces[len(aces) // 2]
    return "\n".join([*lines[:middle], _LINE, *lines[middle:]])


def compared(old: Path, new: Path, *, full: bool) -> str:
    """Compare two files; how much of what `--full` looks for was within its budget."""
    found = compare_sites.of_files(site(str(old)), [str(new)], None, AS_OF, is_script=False)
    lists = whole.compare_lists(found, (), None, AS_OF) if full else []
    return "" if all(each.complete for each in lists) else ", in part"


def peer(old: Path, new: Path, patience: float) -> str:
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
    print(f"{'configurations':<37}{'read+split':>12}{'diff':>11}{'ratio':>7}{'--full':>11}{'ratio':>7}"
          "  fwshift")
    with tempfile.TemporaryDirectory() as folder:
        for name, old, new in rows([int(each) for each in given.lines.split(",")], Path(folder)):
            extent = compared(old, new, full=True)  # imports and caches are not what is compared
            times: tuple[list[float], ...] = ([], [], [])
            for _ in range(given.repeats):
                times[0].append(seconds(lambda: (split(str(old)), split(str(new)))))  # noqa: B023
                times[1].append(seconds(lambda: compared(old, new, full=False)))  # noqa: B023
                times[2].append(seconds(lambda: compared(old, new, full=True)))  # noqa: B023
            unit, ours, whole_list = map(statistics.median, times)
            print(f"{name:<37}{unit * 1000:>9.1f} ms{ours * 1000:>8.0f} ms{ours / unit:>6.0f}x"
                  f"{whole_list * 1000:>8.0f} ms{whole_list / unit:>6.0f}x  "
                  f"{peer(old, new, given.patience)}{extent and f' (--full{extent})'}", flush=True)


if __name__ == "__main__":
    main()
