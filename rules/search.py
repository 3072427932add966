"""Where a pack lies that is named without a path: never another one than was meant.

A name is looked for in the product, in the folder `rules` of the one who names it, and in the user's own
folder. Different files of one name are an error. Only a name that none of them has is asked of the installed
distributions, so no distribution takes the place of a file, and a run that needs none does not wait for them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from aclproof import inputs
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

SUFFIX = ".yaml"
"""Of files that are found by name."""
GROUP = "aclproof.packs"
"""The entry points of distributions: a pack's name, and the import package that has its file."""
FOLDER = "rules"
"""Where packs are found by name: in the folder of a site file, and in the user's own."""

_HERE = os.path.dirname(__file__)

Place: TypeAlias = Literal["built-in", "site", "user", "installed"]
"""Part of the product, in the folder `rules` of the site, in the user's own, or of a distribution."""


class Found(Struct, frozen=True):
    """A pack that is found by its name; `package` is the distribution, with its version, that brought it."""

    name: str
    file: str
    place: Place
    package: str = ""


def is_path(pack: str) -> bool:
    """Whether a pack is named by the path of its file."""
    return pack.endswith((SUFFIX, ".yml"))


def builtin() -> tuple[str, ...]:
    """The names of the packs that are part of the product, sorted."""
    return tuple(sorted(each.removesuffix(SUFFIX) for each in os.listdir(_HERE) if each.endswith(SUFFIX)))


def builtin_file(name: str) -> str:
    """The path of a pack that is part of the product."""
    return os.path.join(_HERE, f"{name}{SUFFIX}")


def find(pack: str, folder: str = "") -> str:
    """The name of a built-in pack or the path of a file, which `load` takes; a path stays as it is.

    `folder` is that of the site file, or empty for the current one. InputError for a name that nothing has,
    and for one that different files have.
    """
    if is_path(pack):
        return pack
    files = [each for each in in_folders(folder) if each.name == pack] if _is_name(pack) else []
    found = files or [each for each in _installed() if each.name == pack]
    if not found:
        raise unknown_pack(pack, [each.name for each in everywhere(folder)])
    if differ(found):
        raise InputError(Problem(pack, 0, "", Reason(
            "several packs have this name: {files}; name the one that is meant by its path, or rename the "
            "other one", files=", ".join(map(_described, found)))))
    return pack if found[0].place == "built-in" else found[0].file


def everywhere(folder: str = "") -> list[Found]:
    """Every pack that is found by a name, each file once, in the order in which they are looked for."""
    found = (*in_folders(folder), *_installed())
    return list({os.path.realpath(each.file): each for each in reversed(found)}.values())[::-1]


def is_ambiguous(pack: Found, packs: Sequence[Found]) -> bool:
    """Whether its name does not lead to a pack, as one of `packs` has the same name and other content."""
    named = [each for each in packs if each.name == pack.name]
    return differ([pack, *([each for each in named if each.place != "installed"] or named)])


def differ(packs: Sequence[Found]) -> bool:
    """Whether some packs are not all the same file or copies of it."""
    return len(packs) > 1 and len({_content(each.file) for each in packs}) > 1


def unknown_pack(pack: str, names: list[str]) -> InputError:
    """The error for a pack that is not one of those `names`."""
    return InputError(Problem(pack, 0, "", Reason(
        "{unknown} (or give the path of a .yaml file)", unknown=unknown("pack", pack, names))))


def in_folders(folder: str = "") -> Iterator[Found]:
    """Yield every pack that is found by a name without asking distributions, folder by folder."""
    for place, parent in _folders(folder):
        try:
            names = sorted(os.listdir(parent))
        except (OSError, ValueError):
            continue
        for stem, suffix in map(os.path.splitext, names):
            file = os.path.join(parent, f"{stem}{suffix}")
            if suffix == SUFFIX and _is_name(stem) and os.path.isfile(file):
                yield Found(stem, file, place)


def _folders(folder: str) -> Iterator[tuple[Place, str]]:
    yield "built-in", _HERE
    yield "site", os.path.normpath(os.path.join(folder, FOLDER))
    if settings := own_folder("XDG_CONFIG_HOME", ".config"):
        yield "user", os.path.join(settings, FOLDER)


def own_folder(variable: str, below_home: str) -> str:
    """Return where files of aclproof lie that are a user's own; empty where no folder is known.

    By the specification of XDG a variable names it, and a path that is not absolute is as none.
    """
    named, home = os.environ.get(variable, ""), os.path.expanduser("~")
    folder = named if os.path.isabs(named) else os.path.join(home, below_home)
    return os.path.join(folder, "aclproof") if os.path.isabs(folder) else ""


def _installed() -> Iterator[Found]:
    """Those of distributions: none of their code is run."""
    for entry, package in sorted(_entries(), key=lambda each: each[0].name):
        yield from (Found(entry.name, file, "installed", package) for file in _files_of(entry))


def _entries() -> Iterator[tuple["EntryPoint", str]]:
    """The entry points of distributions, the first of each name as Python has it; no damaged one stops them.

    `importlib.metadata.entry_points` raises for all where the files of one cannot be read.
    """
    from importlib.metadata import distributions

    seen = set()
    for each in distributions():
        try:
            name, version, entries = each.name, each.version, each.entry_points.select(group=GROUP)
            known = re.sub(r"[-_.]+", "-", name).lower()  # PEP 503
        except (LookupError, OSError, TypeError, ValueError):
            continue
        if known not in seen:
            yield from ((entry, f"{name} {version}") for entry in entries)
        seen.add(known)


def _files_of(entry: "EntryPoint") -> Iterator[str]:
    from importlib.util import find_spec

    top, *inner = entry.value.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return
    for parent in (spec.submodule_search_locations or ()) if spec else ():
        file = os.path.join(parent, *inner, f"{entry.name}{SUFFIX}")
        if _is_name(entry.name) and os.path.isfile(file):
            yield file


def _content(file: str) -> bytes | None:
    """None for what cannot be read: `load` says why."""
    try:
        return inputs.read(file)
    except inputs.UnreadableError:
        return None


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9-]*", text) is not None


def _described(found: Found) -> str:
    return Reason("the built-in one") if found.place == "built-in" else found.file
