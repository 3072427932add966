"""Whether a change of structure left every output as it was, byte for byte.

    python -m tests.same keep FOLDER [--site PREFIX]     run everything, keep what came out
    python -m tests.same compare FOLDER [--site PREFIX]  run everything again, print what differs

Runs every command, in every format and language, on every site of `fixtures/sites`; the fixes of each site
as a change script; its first packets through `trace`; each site against the next one through `diff`. The
program is found by its entry point, so it does not matter where its modules are.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SITES = ROOT / "fixtures" / "sites"
AS_OF = ("--as-of", "2026-01-15")
FORMATS = "text json sarif junit github gitlab markdown csv html".split()
FOR_PEOPLE = "text markdown html github".split()
NOT_CONFIGS = {"aclproof.yaml", "expected.yaml"}
COMMANDS = "check requirements fix diff trace show init rules explain schema completion".split()
MOST_PACKETS = 4


def main() -> int:
    """Keep or compare; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["keep", "compare"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--site", default="", metavar="PREFIX")
    given = parser.parse_args()
    if given.action == "keep":
        _keep(given.folder, given.site)
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        _keep(Path(fresh), given.site)
        return _compare(given.folder, Path(fresh), given.site)


def _keep(folder: Path, prefix: str) -> None:
    names = sorted(each.parent.name for each in SITES.glob(f"{prefix}*/aclproof.yaml"))
    jobs = [(name, names[(number + 1) % len(names)], folder) for number, name in enumerate(names)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_keep_site, jobs))
    if not prefix:
        _write(folder / "program", _of_the_program())


def _keep_site(job: tuple[str, str, Path]) -> None:
    name, other, folder = job
    _write(folder / name, _of_a_site(name, other))


def _write(folder: Path, outputs: Iterator[tuple[str, str]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in outputs:
        (folder / name).write_text(text, encoding="utf-8", newline="")


def _of_the_program() -> Iterator[tuple[str, str]]:
    """What depends on no site: help, schemas, explanations, completion."""
    os.chdir(ROOT)
    yield "help", _run("--help")
    for command in COMMANDS:
        yield f"help-{command}", _run(command, "--help")
    for language in ("en", "de"):
        pages = _run("explain", "--lang", language)
        yield f"explain-{language}", pages
        ids = [line.split()[0] for line in pages.splitlines() if line.startswith("  ")]
        yield f"explain-all-{language}", "".join(_run("explain", each, "--lang", language) for each in ids)
    names = _run("schema")
    yield "schema", names
    yield "schemas", "".join(_run("schema", line.split()[0]) for line in names.splitlines() if line.strip())
    yield "completions", "".join(_run("completion", shell) for shell in ("bash", "zsh", "fish", "powershell"))


def _of_a_site(name: str, other: str) -> Iterator[tuple[str, str]]:
    os.chdir(SITES / name)
    configs = sorted(each.name for each in Path().iterdir()
                     if each.is_file() and each.name not in NOT_CONFIGS)
    for form in FORMATS:
        yield f"check-{form}", _run("check", *AS_OF, "--format", form)
        if form in FOR_PEOPLE:
            yield f"check-{form}-de", _run("check", *AS_OF, "--format", form, "--lang", "de")
    yield "check-verbose", _run("check", *AS_OF, "-v", "--fixes")
    for form in ("text", "json"):
        yield f"fix-{form}", _run("fix", *AS_OF, "--format", form)
    yield "fix-de", _run("fix", *AS_OF, "--lang", "de")
    yield "fix-cheapest", _run("fix", *AS_OF, "--cheapest")
    for form in ("text", "csv", "markdown", "json"):
        yield f"requirements-{form}", _run("requirements", "--format", form)
    yield "requirements-de", _run("requirements", "--lang", "de")
    for config in configs:
        for options in (["--format", "text"], ["--format", "json"], ["--lang", "de"]):
            yield f"show-{config}-{options[1]}", _run("show", config, *options)
    yield "init", _run("init", "-o", "-", *configs)
    sites = ("aclproof.yaml", f"../{other}/aclproof.yaml")
    yield "diff-next-text", _run("diff", *AS_OF, *sites)
    yield "diff-next-json", _run("diff", *AS_OF, *sites, "--format", "json", "--full")
    yield "diff-next-de", _run("diff", *AS_OF, *sites, "--lang", "de")
    yield from _fixes_entered()
    yield from _packets()


def _fixes_entered() -> Iterator[tuple[str, str]]:
    """What `fix` prints for each firewall, given to `diff` as a change script."""
    snippets = _parsed(_run("fix", *AS_OF, "--format", "json")).get("snippets", [])
    for number, snippet in enumerate(snippets):
        script = "\n".join(snippet["lines"]) + "\n"
        file = Path(tempfile.gettempdir()) / f"change-{os.getpid():08}.txt"  # one width: lines wrap alike
        file.write_text(script, encoding="utf-8")
        printed = _run("diff", *AS_OF, "aclproof.yaml", str(file), "--firewall", snippet["firewall"],
                       "--full")
        file.unlink()
        yield f"diff-script-{number}", script + printed.replace(str(file), "CHANGE")


def _packets() -> Iterator[tuple[str, str]]:
    """The witnesses of the first findings, rule by rule, and an answer to each."""
    results = _parsed(_run("check", *AS_OF, "--format", "json")).get("results", [])
    packets = [match for each in results if (match := _WITNESS.fullmatch(each["witness"] or ""))]
    for number, packet in enumerate(packets[:MOST_PACKETS]):
        words = [packet["source"], packet["destination"], packet["protocol"]]
        words += [packet["port"]] if packet["port"] else []
        words += ["--source-port", packet["source_port"]] if packet["source_port"] else []
        for form, options in {"text": [], "json": ["--format", "json"], "sentences": ["--explain"],
                              "reply": ["--reply"], "de": ["--explain", "--lang", "de"]}.items():
            yield f"trace-{number}-{form}", _run("trace", *AS_OF, *words, *options)


_WITNESS = re.compile(r"\[?(?P<source>[\d.]+|[\da-f:]+?)\]?(?::(?P<source_port>\d+))? -> "
                      r"\[?(?P<destination>[\d.]+|[\da-f:]+?)\]?(?::(?P<port>\d+))? (?P<protocol>\w+).*")


def _parsed(output: str) -> dict[str, Any]:
    _, _, body = output.partition("\n--- stdout\n")
    body, _, _ = body.partition("\n--- stderr\n")
    try:
        data = json.loads(body)
    except ValueError:  # an error was printed instead
        return {}
    assert isinstance(data, dict)
    return data


def _run(*arguments: str) -> str:
    """Exit code, standard output and standard error of one call."""
    printed, said = io.StringIO(), io.StringIO()
    os.environ.update(LC_ALL="C.UTF-8", COLUMNS="80")
    with redirect_stdout(printed), redirect_stderr(said):
        code = _program()(arguments)
    return "\n".join((" ".join(arguments), f"exit {code}", "--- stdout", printed.getvalue(), "--- stderr",
                      said.getvalue()))


def _program() -> Callable[[Sequence[str]], int]:
    """The function that runs the command line: it is next to the console script's."""
    (script,) = entry_points(group="console_scripts", name="aclproof")
    run: Callable[[Sequence[str]], int] = sys.modules[script.load().__module__].run
    return run


def _compare(kept: Path, fresh: Path, prefix: str) -> int:
    names = {path.relative_to(folder) for folder in (kept, fresh)
             for path in folder.glob(f"{prefix}*/*")}
    different = [name for name in sorted(names) if _text(kept / name) != _text(fresh / name)]
    for name in different:
        old, new = (_text(folder / name).splitlines() for folder in (kept, fresh))
        print(f"== {name}", *list(difflib.unified_diff(old, new, lineterm="", n=0))[2:20], sep="\n")
    print(f"{len(names) - len(different)} of {len(names)} outputs are the same")
    return 1 if different else 0


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else "(absent)"


if __name__ == "__main__":
    sys.exit(main())
