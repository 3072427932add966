"""`aclproof explain ID`: the page of a requirement, a method or a setting, offline."""

from __future__ import annotations

import textwrap

import click

import rules
from linter import site
from linter.cli import completing, exits, output
from linter.reports.wording import cited, condition
from rules.pack import Pack, Ports, Requirement, Setting
from rules.ports import show
from rules.suggest import unknown


@click.command(name="explain")
@click.argument("name", metavar="[ID]", required=False, shell_complete=completing.explained)
@click.option("--pack", default=site.DEFAULT_PACK, show_default=True, metavar="NAME|FILE",
              shell_complete=completing.packs, help="Requirement pack.")
def command(name: str | None, pack: str) -> int:
    """Explain a requirement (CM2007-PUSH-SMB), a method (client-push) or a setting (mode).

    Without an ID, list them all.
    """
    known = rules.load(pack)
    output.emit(_list(known) if name is None else _page(known, name))
    return exits.PROVEN


def _page(pack: Pack, name: str) -> str:
    for requirement in pack.requirements:
        if requirement.id.lower() == name.lower():
            return _requirement(pack, requirement)
    for method in pack.methods:
        if method.id == name:
            ids = [each.id for each in pack.requirements if name in each.methods]
            return f"{method.title.en} ({name})\n\nNeeds, as far as the site has it:\n" + _bullets(
                [f"{each.id}  {each.title.en}" for each in pack.requirements if each.id in ids])
    for setting in pack.settings:
        if setting.id == name:
            return _setting(setting)
    everything = [each.id for each in pack.requirements]
    everything += [each.id for each in pack.methods] + [each.id for each in pack.settings]
    raise click.UsageError(unknown("id", name, everything))


def _requirement(pack: Pack, one: Requirement) -> str:
    service = f"ICMP {one.icmp.replace('-', ' ')}" if one.icmp else f"{one.protocol.upper()} " + ", ".join(
        show(each.first, each.last) if isinstance(each, Ports) else f"<{each}>" for each in one.ports)
    titles = {each.id: each.title.en for each in pack.methods}
    rows = {
        "Flow": f"{one.source} -> {one.destination}  {service}",
        "Methods": ", ".join(titles[each] for each in one.methods),
        "Applies": condition(one.when),
        "Other port": "may be changed in the site's settings" if one.alternate_port else "fixed",
        "Why": one.why.en, "To do": one.fix.en, "Source": cited(one.citation),
        "Note": one.citation.note or "", "Page": pack.page.url, "Severity": one.severity}
    return f"{one.id}\n{one.title.en}\n\n" + "".join(
        _row(label, text) for label, text in rows.items() if text)


def _row(label: str, text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 80, initial_indent=f"  {label:<11}",
                         subsequent_indent=" " * 13, break_long_words=False, break_on_hyphens=False) + "\n"


def _setting(one: Setting) -> str:
    rows = {"Values": ", ".join(one.values) or one.kind}
    if one.default is not None:
        rows["Default"] = str(one.default)
    elif one.default_by:
        rows["Default"] = f"follows {one.default_by.setting}"
    elif one.derived:
        rows["Value"] = f"follows from {one.derived.setting}"
    else:
        rows["Default"] = "none: it has to be said"
    return f"{one.title.en} ({one.id})\n\n" + "".join(_row(*each) for each in rows.items())


def _list(pack: Pack) -> str:
    return (f"{pack.title.en}\n\nMethods\n" + _bullets([f"{m.id:<24}{m.title.en}" for m in pack.methods])
            + "\nRequirements\n" + _bullets([f"{r.id:<24}{r.title.en}" for r in pack.requirements])
            + "\nSettings\n" + _bullets([f"{s.id:<24}{s.title.en}" for s in pack.settings]))


def _bullets(lines: list[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)
