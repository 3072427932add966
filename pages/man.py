"""The man page, from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc

import click

from aclproof import __version__
from aclproof.linter.cli.app import COMMANDS, app

EXIT_STATUS = {
    0: "Every selected requirement is proven met. For trace: permitted. For fix: nothing to fix.",
    1: "Something is missing. For trace: denied.",
    2: "Wrong usage, a wrong site file or pack, an input or output that cannot be read or written.",
    3: "Nothing is missing, but not everything is proven. For show: a line that could decide was not read.",
    4: "A bug in aclproof, or not enough memory; nothing was proven.",
    130: "Stopped by Ctrl-C.",
    143: "Asked to end (SIGTERM).",
}
ENVIRONMENT = {
    "NO_COLOR": "Not empty: no colour.",
    "FORCE_COLOR, CLICOLOR_FORCE": "Not empty (the second: nor 0): colour in files and pipes too.",
    "TERM": "dumb: no colour and no progress bar.",
}
FILES = {"aclproof.yaml": "The site file that is used when none is named: roles, settings and firewalls."}
EXAMPLES = {
    "Check the site that aclproof.yaml describes": "aclproof check",
    "Check one configuration without a site file":
        "aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 --set mode=native",
    "Follow one packet": "aclproof trace fw.cfg 10.1.1.10 10.20.0.5 tcp 445",
    "Print what to add": "aclproof fix",
    "Let bash complete": 'eval "$(aclproof completion bash)"',
}


def page() -> str:
    """Write aclproof(1) in the man macros."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    root = click.Context(app, info_name="aclproof", **app.context_settings)
    summary, *_ = _paragraphs(app)
    yield '.\\" Written by `make docs`; change the commands instead.'
    yield f'.TH ACLPROOF 1 "" "aclproof {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"aclproof \\- {_text(summary[0].lower() + summary[1:].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B aclproof\n{_text(' '.join(app.collect_usage_pieces(root)))}"
    yield ".SH DESCRIPTION"
    yield _text(summary)
    yield from _options(app, root)
    yield ".SH COMMANDS"
    for name in COMMANDS:
        yield from _command(app, name, root)
    yield from _table("EXIT STATUS", {str(code): text for code, text in EXIT_STATUS.items()})
    yield from _table("FILES", FILES)
    yield from _table("ENVIRONMENT", ENVIRONMENT)
    yield ".SH EXAMPLES"
    for what, line in EXAMPLES.items():
        yield f".TP\n{_text(what)}:\n.EX\n{_text(line)}\n.EE"
    yield ".SH SEE ALSO\n.BR iptables\\-save (8),\n.BR ip6tables\\-save (8),\n.BR ipset (8)"


def _command(group: click.Group, name: str, parent: click.Context) -> Iterator[str]:
    """A command, and after a group each of its own."""
    command = group.get_command(parent, name)
    assert command
    context = click.Context(command, info_name=name, parent=parent)
    yield f'.SS "{_text(" ".join([context.command_path, *command.collect_usage_pieces(context)]))}"'
    yield from _help(command)
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _command(command, inner, context)


def _paragraphs(command: click.Command) -> list[str]:
    return re.split(r"\n\s*\n", cleandoc(command.help or ""))


def _help(command: click.Command) -> Iterator[str]:
    for number, paragraph in enumerate(_paragraphs(command)):
        if number:
            yield ".PP"
        if paragraph.startswith("\b"):
            yield ".EX"
            yield from map(_text, paragraph.split("\n")[1:])
            yield ".EE"
        else:
            yield _text(" ".join(paragraph.split()))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)):
            yield f".TP\n.B {_text(record[0])}\n{_text(record[1])}"


def _table(heading: str, rows: dict[str, str]) -> Iterator[str]:
    yield f".SH {heading}"
    for key, text in rows.items():
        yield f".TP\n.B {_text(key)}\n{_text(text)}"


def _text(text: str) -> str:
    """Escape what roff would take for itself; quotation marks get names, so they fit into arguments."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")
    return f"\\&{text}" if text.startswith(".") else text
