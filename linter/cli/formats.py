"""The option `--format`: which report goes where."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence

import click
from msgspec import Struct

from aclproof.linter.cli import files, output, streams
from aclproof.linter.reports import FORMATS, Look, Renderers
from aclproof.linter.result import Result
from aclproof.reason import Reason

_SHARING = ("text", "github")
"""Formats that may follow each other on standard output: people read them, or a runner line by line."""
STDOUT = "-"
"""As the file of a report: standard output."""
_SUMMARY_BYTES = 2**20
"""GitHub takes so much as the summary of one step, and refuses more."""


class Target(Struct, frozen=True):
    """A report to write, and where."""

    form: str
    file: str
    """`-` for standard output."""


def targets(values: Sequence[str], known: Collection[str] = FORMATS.keys()) -> list[Target]:
    """Read the values of `--format`, `FORMAT` or `FORMAT=FILE`; UsageError for what does not fit together."""
    found = [_target(each, known) for each in values] or [Target("text", STDOUT)]
    names = [files.key(each.file) for each in found if each.file != STDOUT]
    for each in found:
        if each.file != STDOUT and names.count(files.key(each.file)) > 1:
            raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                          file=each.file))
    printed = [each.form for each in found if each.file == STDOUT]
    if len(printed) > len(set(printed)) or (len(printed) > 1 and not set(printed) <= set(_SHARING)):
        raise click.UsageError(Reason("{formats} cannot share standard output; give all but one a file: "
                                      "--format {form}=FILE", formats=" and ".join(printed),
                                      form=printed[-1]))
    return found


def with_fixes(given: bool | None, wanted: Sequence[Target]) -> bool:
    """Whether reports of one site have fixes: as `--fixes` says, else where one is for an auditor."""
    return any(each.form == "html" for each in wanted) if given is None else given


def write(result: Result, wanted: Sequence[Target], wishes: output.ReportOptions,
          others: Renderers) -> None:
    """Write every report; an input is never overwritten. On GitHub the step's summary is written as well.

    `others` write some formats otherwise than usual.
    """
    forms = {**FORMATS, **others}
    deliver(lambda form, look: forms[form](result, look), wanted, wishes)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(each.form == "github" for each in wanted):
        plain = output.plain_look(wishes)
        files.append(FORMATS["markdown"](result, plain), summary, _SUMMARY_BYTES)


def deliver(render: Callable[[str, Look], str], wanted: Sequence[Target],
            wishes: output.ReportOptions) -> None:
    """Write what `render` makes in each format to its target: all files, or none."""
    with files.together() as put:
        for target in wanted:
            if target.file == STDOUT:
                encoding = "" if target.form == "text" else streams.UTF8
                streams.write(render(target.form, output.look(wishes)), wishes.quiet, encoding)
            else:
                put(render(target.form, output.plain_look(wishes)), target.file)


def _target(text: str, known: Collection[str]) -> Target:
    from aclproof.rules.suggest import unknown

    form, equals, file = text.partition("=")
    if form not in known:
        raise click.UsageError(unknown("format", form, known))
    if equals and not file:
        raise click.UsageError(Reason("--format {text}: no file is named; write --format {form}=FILE, or "
                                      "{form} alone for standard output", text=text, form=form))
    return Target(form, STDOUT if not file or files.is_stdout(file) else file)
