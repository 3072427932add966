"""`aclproof show CONFIG`: what was understood of a configuration, and what was not; and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

import click

from aclproof import parsers
from aclproof.linter.cli import completing, exits, output, quick, streams
from aclproof.linter.cli.site_options import root_option
from aclproof.linter.harmless import as_json, page
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.language.language import ENGLISH, Language, Words, message
from aclproof.linter.reports.writing.wording import address_words, few, ports
from aclproof.linter.site.site import DEFAULT_FILE
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.plain_rules import PlainRules
from aclproof.parsers.model.rules import Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, PROTOCOL_NAMES, Service
from aclproof.reason import Reason


@click.command(name="show")
@click.argument("configs", nargs=-1, metavar="[CONFIG...]", shell_complete=completing.files)
@click.option("--acl", "--chain", metavar="NAME", help="The rules of one access list or chain, resolved.")
@click.option("--context", default="", metavar="NAME", help="The context that is meant (Cisco ASA).")
@click.option("--used-by", metavar="[SITE.yaml]", is_flag=False, flag_value=DEFAULT_FILE,
              shell_complete=completing.files,
              help="Show which requirements of a site hang on which lines instead: on those of the "
                   f"configurations, or on all of the site's.  [default site: {DEFAULT_FILE}]")
@click.option("--as-of", metavar="DATE",
              help="With --used-by: evaluate time ranges as of this date (YYYY-MM-DD).")
@root_option
@click.option("-v", "--verbose", is_flag=True, help="With --used-by: list the lines that nothing hangs on.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.language_option
def command(configs: tuple[str, ...], acl: str | None, context: str, used_by: str | None, as_of: str | None,
            root: str | None, verbose: bool, format_: str, language: Language) -> int:
    """Show a configuration as it was understood: interfaces, lists, and every line that was not.

    Exit code 3 when a line that could decide a verdict was not read.

    \b
      aclproof show --used-by aclproof.yaml
      aclproof show branch.cfg --used-by

    shows for each line which requirements and methods hang on it. Without the line the site is proven once
    more: it says of which requirements the line is the only permit.
    """
    if used_by is not None:
        from aclproof.linter.cli import used_by as usage

        if acl is not None or context:
            raise click.UsageError(Reason("--used-by is about a site: --acl and --context do not go with it"))
        return usage.show(usage.Asked(used_by, configs, as_of, root), format_,
                          output.ReportOptions("auto", verbose, 0, language))
    if not configs:
        raise click.UsageError(Reason("name a configuration, or give --used-by with a site file"))
    firewall, words = parsers.read(*quick.expand(configs), context=context), Words(language)
    lists = firewall.lists
    acl = quick.list_called(firewall, acl) if acl is not None else None
    if format_ == "json":
        shown = [lists[acl]] if acl else list(lists.values())
        streams.write(as_json(_json(firewall, shown)), encoding=streams.UTF8)
    elif acl:
        streams.emit(page(_wrapped(_rules(firewall, lists[acl], words))))
    else:
        streams.emit(page(_wrapped(_summary(firewall, lists, words))))
    return exits.UNPROVEN if any(each.decides for each in firewall.notes) else exits.PROVEN


class _Quoted(str):
    """A line of the file: as long as it is."""

    __slots__ = ()


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Wrap what is ours to the columns of the terminal, further in than it begins."""
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        yield from [line] if isinstance(line, _Quoted) or not line else wrap(
            line, output.columns(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _summary(firewall: Firewall, lists: Mapping[str, Chain], words: Words) -> Iterator[str]:
    counts = firewall.line_counts
    yield f"{firewall.source.name}: {firewall.name}, {firewall.vendor} {firewall.version}".rstrip()
    yield from (f"sha256 {file.sha256}" for file in firewall.files)
    states = words("{understood} understood, {ignored} ignored on purpose, {approximated} approximated, "
                   "{unread} unread", understood=counts.understood, ignored=counts.ignored,
                   approximated=counts.approximated, unread=counts.unread)
    yield f"{words.count('{n} line', '{n} lines', counts.total)}: {states}"
    yield from _interfaces(firewall, words)
    yield from ("", words("Chains") if firewall.on_host else words("Access lists"))
    empty = [name for name, chain in lists.items()
             if firewall.on_host and not chain.rules and name not in firewall.defaults]
    shown = {name: chain for name, chain in lists.items() if name not in empty}
    wide = min(36 if firewall.on_host else 32, max([20, *map(len, shown)]))
    for name, chain in shown.items():
        size = _size(chain) if firewall.on_host else len(chain.rules)
        gap = " " * max(1, wide + 8 - len(name) - len(str(size)))
        counted = words.count("{n} rule", "{n} rules", size)
        yield f"  {name}{gap}{counted}  {_use(firewall, name, words)}".rstrip()
    if empty:
        yield f"  {words.count('and {n} chain without rules', 'and {n} chains without rules', len(empty))}"
    yield from _inspections(firewall, words)
    yield from _notes(firewall, words)


def _size(chain: Chain) -> int:
    """How many rules people wrote: one that asks a map, or a set of interfaces, is several."""
    return len(chain.rules) if isinstance(chain.rules, PlainRules) else len(
        {rule.line for rule in chain.rules if rule.in_file})


def _interfaces(firewall: Firewall, words: Words) -> Iterator[str]:
    if firewall.interfaces:
        yield from ("", words("Interfaces"))
    for interface in firewall.interfaces:
        own = few(address_words(interface.addresses), words=words) or (
            words("by DHCP or PPPoE") if interface.dynamic else words("no address"))
        level = "" if firewall.on_host else f"{words('level {level}', level=f'{interface.level!s:<4}')} "
        yield f"  {interface.name:<20} {level}{own}"


def _inspections(firewall: Firewall, words: Words) -> Iterator[str]:
    shown = [each for each in firewall.inspections if not each.unshown_policy]
    if shown:
        yield from ("", words("Inspection"))
    for inspection in shown:
        place = inspection.interface or words("everywhere")
        in_part = "" if inspection.certain else f", {words('for a class of the traffic')}"
        yield f"  {inspection.protocol:<20} {place}{in_part}"


def _notes(firewall: Firewall, words: Words) -> Iterator[str]:
    for state, title in _STATES:
        notes = [note for note in firewall.notes if note.state is state]
        if notes:
            yield from ("", words(title))
        for note in sorted(notes, key=lambda each: each.span.first_line):
            yield f"  {note.span}{'  ' + words('could decide a verdict') if note.decides else ''}"
            if note.span.text:
                yield _Quoted(f"    {note.span.text}")
            yield f"    {words.sentence(note.reason)}"


_STATES = ((State.UNREAD, message("Unread lines")), (State.APPROXIMATED, message("Approximated lines")))


def _use(firewall: Firewall, name: str, words: Words) -> str:
    """Say where a list is bound, or what becomes of packets at the end of a chain."""
    if firewall.on_host:
        return _hook(firewall, name, words)
    bound = [f"{b.direction} {b.interface or words('everywhere')}" for b in firewall.bindings
             if b.chain == name]
    used = firewall.list_uses.get(name)
    if not bound and used:
        return words("not bound: used in line {line}", line=used)
    return ", ".join(bound) or words("not bound: filters nothing")


def _hook(firewall: Firewall, name: str, words: Words) -> str:
    """Say where the kernel calls a chain, at which priority, and what becomes of packets at its end."""
    end = firewall.defaults.get(name)
    point = next((each.point for each in firewall.bindings if each.chain == name and each.point), None)
    if end is None or point is None:
        return words.sentence(end.text) if end else ""
    return f"{point.hook} ({point.rank if point.translates else point.priority}): {end.action.value}"


def _rules(firewall: Firewall, chain: Chain, words: Words) -> Iterator[str]:
    source, destination = words("from"), words("to")
    width = max(len(source), len(destination))
    for rule in chain.rules:
        off = "" if rule.enabled else f"{words('inactive')} "
        target = f" {rule.target}" if rule.target else ""
        span = firewall.source.span(rule.line)
        yield (f"{span}: {off}{rule.action.value}{target} "
               f"{'; '.join(_service(each, words) for each in rule.services)}")
        if not span.literal:  # a rule of several lines has a name
            yield _Quoted(f"    {span.text}")
        yield f"    {source:<{width}} {few(address_words(rule.sources), 99, words)}"
        yield f"    {destination:<{width}} {few(address_words(rule.destinations), 99, words)}"
        for condition in rule.conditions:
            tested = words.sentence(condition.because).partition(";")[0]
            yield f"    {words('tests {condition}', condition=tested)}"


def _service(service: Service, words: Words = ENGLISH) -> str:
    if service.protocols == ANY_PROTOCOL:
        return "ip"
    names = [PROTOCOL_NAMES.get(number, str(number)) for low, high in service.protocols.ranges
             for number in range(low, high + 1)]
    source = "" if service.source_ports == ANY_PORT else \
        f" {words('from')} {ports(service.source_ports, 99, words)}"
    target = "" if service.destination_ports == ANY_PORT else \
        f" {words('to')} {ports(service.destination_ports, 99, words)}"
    return f"{'/'.join(names)}{source}{target}"


def _json(firewall: Firewall, chains: list[Chain]) -> dict[str, Any]:
    return {
        "schema": "aclproof/show/v1",
        "files": [{"path": file.name, "sha256": file.sha256,
                   "line_counts": json_v1.line_counts(file.line_counts)} for file in firewall.files],
        "name": firewall.name, "vendor": firewall.vendor, "version": firewall.version,
        "line_counts": json_v1.line_counts(firewall.line_counts),
        "interfaces": [{"name": each.name, "level": each.level, "addresses": address_words(each.addresses)}
                       for each in firewall.interfaces],
        "bindings": [{"chain": each.chain, "interface": each.interface, "direction": each.direction,
                      "line": each.line} for each in firewall.bindings],
        "chains": [{"name": chain.name, "rules": [_rule(each) for each in chain.rules]} for chain in chains],
        "notes": json_v1.notes(firewall.notes)}


def _rule(rule: Rule) -> dict[str, Any]:
    return {"line": rule.line, "action": rule.action.value, "enabled": rule.enabled,
            "sources": address_words(rule.sources), "destinations": address_words(rule.destinations),
            "services": list(map(_service, rule.services)),
            "target": rule.target or None, "asks": [each.because for each in rule.conditions]}
