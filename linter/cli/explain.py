"""`aclproof explain ID`: the page of a requirement, a method or a setting, offline."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import click

from aclproof import rules
from aclproof.linter.cli import completing, exits, output, streams
from aclproof.linter.reports.language.language import Language, Words, message
from aclproof.linter.reports.writing.wording import cited, condition
from aclproof.linter.site import site
from aclproof.rules.pack import Pack, Ports, Requirement, Setting
from aclproof.rules.ports import show
from aclproof.rules.suggest import unknown


@click.command(name="explain")
@click.argument("name", metavar="[ID]", required=False, shell_complete=completing.explained)
@click.option("--pack", default=site.DEFAULT_PACK, show_default=True, metavar="NAME|FILE",
              shell_complete=completing.packs, help="Requirement pack.")
@output.language_option
def command(name: str | None, pack: str, language: Language) -> int:
    """Explain a requirement (CM2007-PUSH-SMB), a method (client-push) or a setting (mode).

    Without an ID, list them all.
    """
    known, words = rules.load(pack), Words(language)
    streams.emit(_list(known, words) if name is None else _page(known, name, words))
    return exits.PROVEN


def _page(pack: Pack, name: str, words: Words) -> str:
    for requirement in pack.requirements:
        if requirement.id.lower() == name.lower():
            return _requirement(pack, requirement, words)
    for method in pack.methods:
        if method.id == name:
            needs = [f"{each.id}  {words.of(each.title)}" for each in pack.requirements
                     if name in each.methods]
            heading = words("Needs, as far as the site has it:")
            return f"{words.of(method.title)} ({name})\n\n{heading}\n" + _bullets(needs)
    for setting in pack.settings:
        if setting.id == name:
            return _setting(setting, words)
    everything = [each.id for each in pack.requirements]
    everything += [each.id for each in pack.methods] + [each.id for each in pack.settings]
    raise click.UsageError(unknown("id", name, everything))


_SEVERITIES = {"error": message("error"), "warning": message("warning")}
_KINDS = {"boolean": message("boolean"), "choice": message("choice"), "port": message("port"),
          "ports": message("ports")}


def _requirement(pack: Pack, one: Requirement, words: Words) -> str:
    service = words("ICMP echo request") if one.icmp else \
        f"{one.protocol.upper()} " + ", ".join(
            show(each.first, each.last) if isinstance(each, Ports) else f"<{each}>" for each in one.ports)
    titles = {each.id: words.of(each.title) for each in pack.methods}
    rows = {
        words("Flow"): f"{one.source} -> {one.destination}  {service}",
        words("Methods"): ", ".join(titles[each] for each in one.methods),
        words("Listens"): _own_listener(pack, one, words),
        words("Applies"): condition(one.when, words),
        words("Other port"): words("may be changed in the site's settings") if one.alternate_port
        else words("fixed"),
        words("Why"): words.of(one.why), words("To do"): words.of(one.fix),
        words("Source"): cited(one.citation, words),
        words("Note"): words.quoted(one.citation.note or ""), words("Page"): pack.page.url,
        words("Severity"): words(_SEVERITIES[one.severity])}
    return f"{one.id}\n{words.of(one.title)}\n\n{_rows(rows)}"


def _own_listener(pack: Pack, one: Requirement, words: Words) -> str:
    """The title of a program of the pack's own; services of Windows follow from the port."""
    return next((words.of(each.title) for each in pack.listeners if each.id == one.listener), "")


def _rows(rows: Mapping[str, str]) -> str:
    width = max(11, *(len(label) + 1 for label in rows))
    return "".join(
        textwrap.fill(" ".join(text.split()), 80, initial_indent=f"  {label:<{width}}",
                      subsequent_indent=" " * (width + 2), break_long_words=False,
                      break_on_hyphens=False) + "\n"
        for label, text in rows.items() if text)


def _setting(one: Setting, words: Words) -> str:
    rows = {words("Values"): ", ".join(one.values) or words(_KINDS[one.kind])}
    if one.default is not None:
        rows[words("Default")] = str(one.default)
    elif one.default_by:
        rows[words("Default")] = words("follows {setting}", setting=one.default_by.setting)
    elif one.derived:
        rows[words("Value")] = words("follows from {setting}", setting=one.derived.setting)
    else:
        rows[words("Default")] = words("none: it is required")
    return f"{words.of(one.title)} ({one.id})\n\n{_rows(rows)}"


def _list(pack: Pack, words: Words) -> str:
    listed = ((words("Methods"), pack.methods), (words("Requirements"), pack.requirements),
              (words("Settings"), pack.settings))
    return f"{words.of(pack.title)}\n" + "".join(
        f"\n{heading}\n" + _bullets([f"{each.id:<24}{words.of(each.title)}" for each in entries])
        for heading, entries in listed)


def _bullets(lines: list[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)
