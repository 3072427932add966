"""`aclproof explain WORD`: what a word of a report, of a pack or of a site file means, offline."""

from __future__ import annotations

from pathlib import Path

import click

from aclproof import rules
from aclproof.linter.cli import completing, exits, output, streams
from aclproof.linter.cli.packs import packs_option
from aclproof.linter.reports.explain import fact_pages
from aclproof.linter.reports.explain.topics import Topic, contents, listed, nearest, pages_of, topics
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site import configurations, reader, site
from aclproof.linter.site.fact_answers import kind_of
from aclproof.linter.site.fact_keys import told_apart
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason
from aclproof.rules.joined import join
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError


@click.command(name="explain")
@click.argument("name", metavar="[WORD]", required=False, shell_complete=completing.explained)
@packs_option("Requirement pack.  [default: that of the site file, if any, or the built-in one that has this "
             f"requirement, else {site.DEFAULT_PACK}]")
@click.option("--site", "site_file", metavar="FILE", shell_complete=completing.files,
              help=f"Whose pack it is, and whose configurations a fact is looked for in.  [default: "
                   f"{site.DEFAULT_FILE}, if any]")
@output.language_option
def command(name: str | None, packs: tuple[str, ...], site_file: str | None, language: Language) -> int:
    """Explain a requirement, a method, a setting, a role, a verdict, a fact, a note, a key of the site file.

    \b
      aclproof explain CM2007-PUSH-SMB
      aclproof explain undecided
      aclproof explain 'native nft tables'
      aclproof explain facts     # all words of a topic; without one: the topics
    """
    read = _site(site_file)
    named = packs or (read.packs if read else (site.DEFAULT_PACK,))
    known, words = join([rules.load(each) for each in named]), Words(language)
    everything = topics(known, words)
    if name and not packs and not _has(name, everything):
        known = _built_in_with(name) or known
        everything = topics(known, words)
    if name is None:
        streams.emit(contents(known, everything, words, output.columns()))
    else:
        streams.emit(_page(name, everything, read, words, named=site_file is not None))
    return exits.PROVEN


def _site(site_file: str | None) -> site.Site | None:
    """The site that is named, or the one that is here; None where there is none that can be read."""
    if site_file is None and not Path(site.DEFAULT_FILE).exists():
        return None
    try:
        found = reader.read(site_file or site.DEFAULT_FILE, anywhere=True, firewalls=False)
        join([rules.load(each) for each in found.packs])
        return found
    except InputError:
        if site_file is not None:
            raise
        return None  # the word may be about something else


def _has(name: str, everything: tuple[Topic, ...]) -> bool:
    return any(name.lower() == topic.id for topic in everything) or bool(pages_of(name, everything))


def _built_in_with(requirement: str) -> Pack | None:
    """The built-in pack that has a requirement of this id."""
    return next((pack for pack in map(rules.load, rules.builtin())
                 if any(one.id == requirement.upper() for one in pack.requirements)), None)


def _page(name: str, everything: tuple[Topic, ...], known: site.Site | None, words: Words, *,
          named: bool) -> str:
    """The page of a word, or the list of a topic; a fact that configurations ask for before its kind."""
    asked = _asked(name, known, named=named)
    kind, width = kind_of(name), output.columns()
    if asked:
        return fact_pages.of_configurations(name, asked, kind, words, width)
    for topic in everything:
        if topic.id == name.lower():
            return listed(topic, words, width)
    if pages := pages_of(name, everything):
        return "\n".join(page.text(width) for page in pages)
    if kind:
        return fact_pages.of_kind(kind, name, words, width)
    near = nearest(name, everything)
    if near:
        raise click.UsageError(Reason("unknown word '{word}': did you mean '{near}'?", word=name, near=near))
    raise click.UsageError(Reason("unknown word '{word}': 'aclproof explain' lists the topics", word=name))


def _asked(key: str, known: site.Site | None, *, named: bool) -> list[tuple[Firewall, int, Condition]]:
    """What the configurations of a site ask by a key, with their lines; nothing where there is no site."""
    if known is None:
        return []
    from aclproof.linter.site.doubts import doubts

    try:
        firewalls = told_apart({each.name: configurations.read(each) for each in known.firewalls})
    except (InputError, UnsupportedInputError):
        if named:
            raise
        return []  # the word may be about something else
    asked = [(firewall, rule.line if rule.in_file else 0, condition) for firewall in firewalls.values()
             for rule, condition in firewall.conditions() if condition.key == key]
    return asked or [(firewalls[place.name], 0, doubt) for place in known.firewalls
                     for doubt in doubts(known, place, firewalls[place.name]) if doubt.key == key]
