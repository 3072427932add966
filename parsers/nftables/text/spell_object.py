"""Objects of JSON as nft writes them, to be quoted."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import spell
from aclproof.parsers.nftables.text.commands import CHANGING
from aclproof.parsers.nftables.text.normal import listed, single
from aclproof.parsers.nftables.text.normal_rule import statement
from aclproof.parsers.nftables.text.spell_values import member, quoted

_FEW = 20
"""So many elements of a set are quoted."""
_OBJECTS = frozenset(("table", "chain", "rule", "set", "map", "element", "flowtable", "counter", "quota",
                      "limit", "ct helper", "ct timeout", "ct expectation", "synproxy", "secmark", "tunnel",
                      "ruleset"))


def written(tree: Tree) -> str:
    """Return one object as text; nothing for what is none."""
    name, inner = single(tree)
    if name in CHANGING:
        return f"{name} {written(inner)}".strip()
    if not isinstance(inner, Mapping) or name not in _OBJECTS:
        return ""
    where = " ".join(str(inner[key]) for key in ("family", "table", "chain") if key in inner)
    if name == "rule":
        family = str(inner.get("family", ""))
        statements = [each if isinstance(each, str) else statement(each, family)
                      for each in listed(inner.get("expr", []))]
        text = " ".join(" ".join(each.split()) if isinstance(each, str) else spell.statement(each, family)
                        for each in statements)
        comment = f" comment {quoted(inner['comment'])}" if inner.get("comment") else ""
        return f"{text}{comment}  ({where})"
    head = " ".join(str(word) for word in (name, where, inner.get("name", "")) if word)
    return f"{head}{_body(name, inner)}"


def _body(name: str, inner: Mapping[str, Tree]) -> str:
    if name == "chain" and "hook" in inner:
        return (f" {{ type {inner.get('type')} hook {inner.get('hook')} priority {inner.get('prio')}; policy "
                f"{inner.get('policy', 'accept')}; }}")
    elements = listed(inner.get("elem", [])) if name in ("set", "map", "element") else []
    if not elements:
        return ""
    few = ", ".join(member(each, ("",)) for each in elements[:_FEW])
    return f" {{ {few}{', ...' if len(elements) > _FEW else ''} }}"
