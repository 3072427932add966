"""What shells offer for an argument, besides files: names from the tables and from the built-in pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from click import Context, Parameter
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from aclproof.rules.pack import Pack

Items = list[CompletionItem[str]]


def files(_: Context, __: Parameter, incomplete: str) -> Items:
    """Let the shell offer files. (click's own Path would judge them too, in its words.)"""
    return [CompletionItem(incomplete, type="file")]


def formats(_: Context, __: Parameter, incomplete: str) -> Items:
    """Offer report formats; after `FORMAT=` the shell offers files."""
    from aclproof.linter.fleet.reports import FORMATS

    return _starting(incomplete, ((name, "") for name in FORMATS))


def schemas(_: Context, __: Parameter, incomplete: str) -> Items:
    """Offer the names of schemas."""
    from aclproof.linter import schemas

    return _starting(incomplete, ((name, "") for name in schemas.names()))


def packs(ctx: Context, parameter: Parameter, incomplete: str) -> Items:
    """Offer the packs that are found by name, else files."""
    from aclproof.rules.search import everywhere

    named = _starting(incomplete, ((name, "") for name in dict.fromkeys(each.name for each in everywhere())))
    return named or files(ctx, parameter, incomplete)


def methods(ctx: Context, _: Parameter, incomplete: str) -> Items:
    """Offer the pack's methods."""
    return _starting(incomplete, ((each.id, each.title.en) for each in _pack(ctx).methods))


def roles(ctx: Context, _: Parameter, incomplete: str) -> Items:
    """Offer roles."""
    return _starting(incomplete, ((each.id, each.title.en) for each in _pack(ctx).roles))


def role_values(ctx: Context, _: Parameter, incomplete: str) -> Items:
    """Offer `ROLE=`."""
    return _starting(incomplete, ((f"{each.id}=", each.title.en) for each in _pack(ctx).roles))


def settings(ctx: Context, _: Parameter, incomplete: str) -> Items:
    """Offer `SETTING=VALUE`, with the values of those that have few."""
    words = []
    for each in _pack(ctx).settings:
        values = ("true", "false") if each.kind == "boolean" else each.values or ("",)
        words += [(f"{each.id}={value}", each.title.en) for value in values]
    return _starting(incomplete, words)


def explained(ctx: Context, _: Parameter, incomplete: str) -> Items:
    """Offer everything that has a page, and the topics."""
    from aclproof.linter.reports.explain.topics import topics
    from aclproof.linter.reports.language.language import ENGLISH

    known = topics(_pack(ctx), ENGLISH)
    pages = [(page.id, page.title) for topic in known for page in topic.pages]
    return _starting(incomplete, (*pages, *((topic.id, topic.title) for topic in known)))


def _pack(ctx: Context) -> Pack:
    """The pack that the command line names so far; a shell has no use for what may be wrong with it."""
    from aclproof import rules
    from aclproof.linter.site.site import DEFAULT_PACK
    from aclproof.rules.joined import join
    from aclproof.rules.strict_yaml import InputError

    try:
        return join([rules.load(each) for each in ctx.params.get("packs") or (DEFAULT_PACK,)])
    except InputError:
        return rules.load(DEFAULT_PACK)


def _starting(incomplete: str, words: Iterable[tuple[str, str]]) -> Items:
    from aclproof.linter.harmless import visible  # names of a pack are foreign text for a terminal as well

    return [CompletionItem(word, help=visible(text) or None) for word, text in words
            if word.startswith(incomplete) and word == visible(word)]
