"""Commands that take entries out of access lists: by their own words, with the number where two are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from aclproof.parsers.cisco_asa.edit.editing import entry_of
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source


def commands(firewall: Firewall, places: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Return a command for each entry, by its list and line; empty for one of a listing.

    They are meant to be entered from the last entry of a list to the first, as numbers change.
    """
    if not isinstance(firewall.source, Source):
        return [""] * len(places)
    config = Config(firewall)
    counts = {chain: _counts(config, chain) for chain in {chain for chain, _ in places}}
    return [_command(config, chain, line, counts[chain]) for chain, line in places]


def _command(config: Config, chain: str, line: int, counts: Counter[Hashable]) -> str:
    known = config.access_list(chain)
    if known is None or known.announced or not config.source.span(line).literal:
        return ""
    words = config.source.span(line).text.split()
    at = 3 if known.ipv6 else 2
    if words[at:at + 1] == ["line"]:
        return ""
    number = ["line", str(config.number(chain, line))] if counts[_key(config, chain, line)] > 1 else []
    return " ".join(["no", *words[:at], *number, *words[at:]])


def _counts(config: Config, chain: str) -> Counter[Hashable]:
    """How often a list has each entry: the device takes one of several by its number only."""
    known = config.access_list(chain)
    return Counter(_key(config, chain, line) for line in known.entries if line > 0) if known else Counter()


def _key(config: Config, chain: str, line: int) -> Hashable:
    known = config.access_list(chain)
    at = 3 if known and known.ipv6 else 2
    return entry_of(config.source.span(line).text, at, config.reader.objects.names).key
