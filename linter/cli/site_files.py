"""Which site files a run over many sites is about: files, folders, patterns, and a list on standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from glob import escape
from typing import TYPE_CHECKING

import click

from aclproof import inputs
from aclproof.linter.site.site import DEFAULT_FILE, is_pattern, is_site_file
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.site.root import Root

_LIST = inputs.STDIN


def are_many(paths: Sequence[str], *, listed: bool) -> bool:
    """Whether arguments name sites and not one site or configurations; `-` is a list where it is `listed`."""
    folders = [each for each in paths if os.path.isdir(each)]
    patterns = [each for each in paths if is_site_file(each) and is_pattern(each)]
    sites = [each for each in paths if is_site_file(each)]
    several = len(paths) > 1 and len(sites) == len(paths)
    return bool(folders or patterns) or several or (listed and list(paths) == [_LIST])


def expanded(paths: Sequence[str]) -> list[str]:
    """Return arguments with what a list on standard input names; UsageError where that is nothing."""
    return [each for path in paths for each in (_of_list() if path == _LIST else [path])]


def site_files(paths: Sequence[str], root: Root | None = None) -> list[str]:
    """Return the site files, each once, in the order of the arguments and sorted within one.

    A folder is all files `aclproof.yaml` in it and below; hidden folders are left out. `root` is where links
    in folders may lead, where that is given. UsageError for what names none.
    """
    from aclproof.linter.site.identity import place_of

    found: dict[str, str] = {}
    for path in expanded(paths):
        for file in _of(path, root):
            found.setdefault(os.path.normcase(place_of(file)), file)
    return list(found.values())


def of_others(paths: Sequence[str], chosen: Sequence[str], root: Root | None = None) -> Iterator[str]:
    """Say how many site files in folders have another name, as these are not looked at."""
    from aclproof.linter.cli import tree
    from aclproof.linter.site.identity import place_of

    places = {place_of(each) for each in chosen}
    for folder, limits in (each for path in paths for each in _folders(path, root)):
        if others := tree.others(folder, places, limits):
            yield Reason(
                "site files in {folder} that are not called {file}, and not looked at: {n}, such as {other}; "
                "name them, by '{pattern}' perhaps", folder=folder, file=DEFAULT_FILE, n=len(others),
                other=others[0], pattern=_pattern(others[0]))


def _pattern(file: str) -> str:
    return os.path.join(escape(os.path.dirname(file)), f"*{os.path.splitext(file)[1]}")


def _of_list() -> list[str]:
    from aclproof.linter.cli import name_lists

    if named := name_lists.names():
        return named
    raise click.UsageError(Reason("the list on standard input names no site file"))


def _of(path: str, root: Root | None) -> list[str]:
    if os.path.isdir(path):
        return _of_folder(path, root)
    if not is_pattern(path):
        return [path]
    if some := sorted(set(_of_pattern(path, root))):
        return some
    raise click.UsageError(Reason("{path}: no file matches this pattern", path=path))


def _of_folder(path: str, root: Root | None) -> list[str]:
    from aclproof.linter.cli import tree

    if some := tree.sites(path, root):
        return some
    if others := tree.others(path, (), root):
        raise click.UsageError(Reason("{path}: no {file} in this folder or below it; for site files of "
                                      "other names write '{pattern}'", path=path, file=DEFAULT_FILE,
                                      pattern=_pattern(others[0])))
    raise click.UsageError(Reason("{path}: no {file} in this folder or below it", path=path,
                                  file=DEFAULT_FILE))


def _of_pattern(pattern: str, root: Root | None) -> Iterator[str]:
    """Yield what matches, with the sites in folders that do; what cannot be read is a site as well."""
    from aclproof.linter.cli import matching, tree

    limits = _limits(pattern, root)
    found, closed = matching.matches(pattern, limits)
    yield from closed
    for each in found:
        if limits.refusal(each, each):
            yield _way_out(each, limits)
        elif _is_looked_into(each):
            yield from tree.sites(each, limits)
        else:
            yield each


def _folders(path: str, root: Root | None) -> Iterator[tuple[str, Root]]:
    """Yield the folders that an argument means, each with where links in it may lead."""
    if os.path.isdir(path):
        yield path, _limits(path, root)
    elif is_pattern(path):
        from aclproof.linter.cli import matching

        limits = _limits(path, root)
        yield from ((each, limits) for each in matching.matches(path, limits)[0]
                    if _is_looked_into(each) and not limits.refusal(each, each))


def _is_looked_into(match: str) -> bool:
    """Whether what matches a pattern is a folder; one that is called like a site file stands for none."""
    return os.path.isdir(match) and not is_site_file(match)


def _limits(path: str, root: Root | None) -> Root:
    from pathlib import Path

    from aclproof.linter.cli import matching
    from aclproof.linter.site import root as roots

    return root or roots.of(Path(path if os.path.isdir(path) else matching.beginning(path)))


def _way_out(path: str, limits: Root) -> str:
    """Return the first part of a path that leads out of where it may, as that of a link does."""
    above = os.path.dirname(path)
    while above and limits.refusal(above, above) and os.path.dirname(above) != above:
        path, above = above, os.path.dirname(above)
    return path
