"""`aclproof check --bundle FILE`: a run that can be proven again, and is so once before it is written."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import chdir
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from aclproof import inputs, rules
from aclproof.linter import errors
from aclproof.linter.bundle import bundle, tree
from aclproof.linter.cli import evidence, exits, files, leaving, streams
from aclproof.linter.cli.formats import targets, with_fixes
from aclproof.linter.cli.site_options import QUICK, day_of
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file
from aclproof.reason import Reason
from aclproof.rules.search import builtin_file

_REPORTS = {"report.json": "json", "report.txt": "text", "report.md": "markdown", "report.html": "html"}
_COMPARED = "report.json"
"""It has all that was found: by it the run here and the one in a folder of its own are compared."""
_NOT_AGAIN = ("bundle", "without_inputs", "formats", "quiet", "colour", "statistics", "watch", "sites",
              "jobs", "cluster", "cache", "resume", "fail_fast")
"""Options about this run alone."""
_NOT_WITH = {"history": Reason("its commits are not in it"), "watch": Reason("it is about one state"),
             "write_baseline": Reason("a proof changes nothing")}


def make(file: str, prove: Callable[..., int], call: click.Context) -> int:
    """Prove a site here, and in a folder of its own; write what that took; returns the exit code.

    `prove` takes the options by their names. UsageError or ClickException for what cannot be proven again.
    """
    _refuse(file, call.params)
    given = _for_elsewhere(call.params)
    with leaving.work_folder() as room:
        first = os.path.join(room, _COMPARED)
        with inputs.recorded() as read:
            formats = (*(given["formats"] or ("text",)), f"json={first}")
            code = prove(**{**given, "bundle": None, "without_inputs": False, "formats": formats})
        if code == exits.BUG:
            streams.notice(Reason("{file} is not written: the judges of this run differ", file=file),
                           given["quiet"])
            return code
        _refuse_what_stays_here(read)
        layout = _layout(read)
        said = Path(first).read_bytes()
        given["root"] = _root(given, layout)
        run = bundle.Run(tuple(_arguments(call.command, given)), layout.folder, code,
                         {layout.place(each): data for each, data in read.items()}, _packs(said))
        reports = _proven_again(run, call.command, Path(room, "again"), said)
    data = bundle.contents(run, reports, whole=not given["without_inputs"])
    files.save(data, file, private=True)
    streams.notice(Reason("{file}: proven again before it was written; its sha256 is {digest}", file=file,
                          digest=sha256(data).hexdigest()), given["quiet"])
    return code


def _refuse(file: str, given: Mapping[str, Any]) -> None:
    if not file or files.is_stdout(file):
        raise click.UsageError(Reason("--bundle: name the file"))
    if files.key(file) in (files.key(each.file) for each in targets(given["formats"])):
        raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                      file=file))
    for option, reason in _NOT_WITH.items():
        if given[option] not in (None, False):
            raise click.UsageError(Reason("--bundle goes without --{option}: {reason}", reason=reason,
                                          option=option.replace("_", "-")))


def _for_elsewhere(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options as they mean the same in another folder, on another day."""
    transcripts = map(evidence.split, given["evidence"])
    fixes = with_fixes(given["fixes"], targets(given["formats"]))
    return {**given, "as_of": f"{day_of(given)}", "fixes": fixes, "watch": False,
            "paths": tuple(map(_relative, given["paths"])),
            "packs": tuple(_relative(each) if rules.is_path(each) else each for each in given["packs"]),
            "evidence": tuple(f"{name}{'=' if name else ''}{_relative(path)}" for name, path in transcripts),
            **{key: given[key] and _relative(given[key]) for key in ("waivers", "known", "root")}}


def _relative(path: str) -> str:
    """A path as named from here, and unlike an option."""
    if path.startswith("-") and path != inputs.STDIN:
        return os.path.join(os.curdir, path)
    try:
        return os.path.relpath(path) if os.path.isabs(path) else path
    except ValueError:  # another drive of Windows
        return path


def _refuse_what_stays_here(read: Iterable[str]) -> None:
    for path in read:
        if path == inputs.STDIN or not _is_regular(path):
            raise click.UsageError(Reason("{path} can be read once: a bundle needs files", path=path))
        if not _is_text(path):
            raise click.UsageError(Reason("{path}: a bundle holds names in UTF-8; give the file another name",
                                          path=path))
        if os.path.isabs(path):
            raise click.UsageError(Reason(
                "{path} is named by its whole path, and a bundle is proven in another folder: name it as "
                "seen from the file that names it (a pack of yours: put it into the folder rules beside the "
                "site file)", path=path))


def _is_regular(path: str) -> bool:
    return stat.S_ISREG(os.stat(path).st_mode)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _layout(read: Iterable[str]) -> tree.Tree:
    try:
        return tree.of(read, os.getcwd())
    except ValueError as error:
        raise click.UsageError(Reason("--bundle: {reason}", reason=error.args[0])) from None


def _root(given: Mapping[str, Any], layout: tree.Tree) -> str | None:
    """The folder in which the site may name files: all that it names is in the bundle, and no mark is."""
    site = given["paths"][0] if given["paths"] else DEFAULT_FILE
    if given["allow_outside"] or not is_site_file(site) or any(given[option] for option in QUICK):
        return None
    return os.path.relpath(layout.top)


def _arguments(command: click.Command, given: Mapping[str, Any]) -> Iterator[str]:
    """The command line that means the same, without what is about this run alone."""
    for each in command.params:
        value = given[each.name or ""]
        if each.name in _NOT_AGAIN or (value in (None, False, ()) and not each.secondary_opts):
            continue
        name = max(each.opts, key=len)
        if isinstance(each, click.Argument):
            yield from value
        elif each.secondary_opts:
            yield name if value else each.secondary_opts[0]
        elif value is True:
            yield name
        else:
            yield from (f"{name}={one}" for one in (value if each.multiple else (value,)))


def _packs(report: bytes) -> dict[str, bytes]:
    """Those of the program's own that a report names."""
    found = json.loads(report)
    files = [builtin_file(each["id"]) for each in found.get("packs", [found["pack"]]) if "file" not in each]
    return {os.path.basename(each): Path(each).read_bytes() for each in files}


def _proven_again(run: bundle.Run, command: click.Command, room: Path, first: bytes) -> dict[str, bytes]:
    """Prove it in a folder that has nothing else, and return the reports; ClickException where it differs."""
    for place, data in run.inputs.items():
        file = room / bundle.INPUTS / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    out = room / bundle.REPORTS
    out.mkdir(parents=True)
    here = room / bundle.INPUTS / run.folder
    here.mkdir(parents=True, exist_ok=True)
    formats = [f"--format={form}={out / name}" for name, form in _REPORTS.items()]
    try:
        with chdir(here):
            code = command.main(["-qq", *run.arguments, *formats], "aclproof check", standalone_mode=False)
    except errors.user_errors() as error:
        raise click.ClickException(Reason("--bundle: this cannot be proven in a folder of its own: {reason}",
                                          reason=errors.problems(error)[0])) from None
    reports = {name: (out / name).read_bytes() for name in _REPORTS}
    if code != run.exit_code or reports[_COMPARED] != first:
        raise click.ClickException(Reason("--bundle: in a folder of its own this says something else: what "
                                          "decides it lies in no file that was read"))
    return reports
