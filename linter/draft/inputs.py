"""The configurations that a site file is drafted from: read, put together, and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from aclproof import parsers
from aclproof.linter.draft import grouping
from aclproof.linter.draft.grouping import Config
from aclproof.linter.draft.hints import ReadConfig


def read_all(paths: Sequence[tuple[str, str]]) -> list[ReadConfig]:
    """Read configurations, given as the path to open and as the site file names it.

    UnsupportedInputError when one is none.
    """
    firewalls = grouping.by_firewall([config for each in paths for config in grouping.opened(*each)])
    shown = [next((each for each in files if each.shown.name), None) for files in firewalls]
    names = _unique([each.shown.name if each else "" for each in shown],
                    [PurePath(files[0].path).stem for files in firewalls])
    return [_read(files, name, by) for files, name, by in zip(firewalls, names, shown, strict=True)]


def _read(files: Sequence[Config], name: str, by: Config | None) -> ReadConfig:
    paths = {each.path: each.named for each in files}
    named_at = f"{by.named}:{by.shown.line}" if by and by.shown.name == name and by.shown.line else ""
    context = files[0].context
    return ReadConfig(name, paths, parsers.read(*paths, context=context),
                      parsers.names(*paths, context=context), named_at, context)


def _unique(shown: Sequence[str], stems: Sequence[str]) -> list[str]:
    """The name that each machine shows, else that of its file; where these are equal too, with a number."""
    often = Counter(shown)
    names = [name if name and often[name] == 1 and name not in stems else stem
             for name, stem in zip(shown, stems, strict=True)]
    return [name if names.count(name) == 1 else f"{name}-{number}" for number, name in enumerate(names, 1)]
