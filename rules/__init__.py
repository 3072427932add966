"""Requirement packs: which traffic each method of a product needs, as cited data.

A pack is a YAML file here or anywhere else; README.md says how to write one.
"""

from functools import cache

from aclproof.rules.loader import load_pack
from aclproof.rules.pack import Origin, Pack
from aclproof.rules.search import builtin, builtin_file, find, is_path, unknown_pack
from aclproof.rules.strict_yaml import read_text

__all__ = ["builtin", "find", "is_path", "load"]


def load(name_or_path: str) -> Pack:
    """Load a built-in pack by name, or any by the path of its .yaml file; raises InputError.

    What else has a name is found by `find`.
    """
    if is_path(name_or_path):
        from hashlib import sha256

        text = read_text(name_or_path)
        return load_pack(text, name_or_path, Origin(name_or_path, sha256(text.encode()).hexdigest()))
    if name_or_path not in (names := builtin()):
        raise unknown_pack(name_or_path, list(names))
    return _built_in(name_or_path)


@cache
def _built_in(name: str) -> Pack:
    """One that is part of the product does not change while it runs."""
    with open(builtin_file(name), encoding="utf-8") as pack:
        return load_pack(pack.read(), f"{name}.yaml")
