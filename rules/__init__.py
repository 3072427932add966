"""Requirement packs: which traffic each method of a product needs, as cited data.

A pack is a YAML file here or anywhere else; README.md says how to write one.
"""

import os
from functools import cache

from aclproof.reason import Reason
from aclproof.rules.loader import load_pack
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError, Problem, read_text
from aclproof.rules.suggest import unknown

__all__ = ["builtin", "load"]

_HERE = os.path.dirname(__file__)
_SUFFIX = ".yaml"


def builtin() -> tuple[str, ...]:
    """The names of the packs that are part of the product, sorted."""
    return tuple(sorted(each.removesuffix(_SUFFIX) for each in os.listdir(_HERE) if each.endswith(_SUFFIX)))


def load(name_or_path: str) -> Pack:
    """Load a built-in pack by name, or any by the path of its .yaml file; raises InputError."""
    if name_or_path.endswith((_SUFFIX, ".yml")):
        return load_pack(read_text(name_or_path), name_or_path)
    if name_or_path not in (names := builtin()):
        reason = Reason("{unknown} (built in: {names}; or give the path of a .yaml file)",
                        unknown=unknown("pack", name_or_path, names), names=", ".join(names))
        raise InputError(Problem(name_or_path, 0, "", reason))
    return _built_in(f"{name_or_path}{_SUFFIX}")


@cache
def _built_in(file: str) -> Pack:
    """One that is part of the product does not change while it runs."""
    with open(os.path.join(_HERE, file), encoding="utf-8") as pack:
        return load_pack(pack.read(), file)
