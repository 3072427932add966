"""Which configurations are files of one firewall: rules and settings of a computer, a host's families."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.parsers import detect
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.names import Shown
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.vendor import door, of_machine
from aclproof.reason import Reason

_COMMON = frozenset("""rules rule regeln regel regles reglas regole profile profiles profil profils perfiles
allprofiles settings einstellungen netsh advfirewall firewall iptables ip6tables ipset ipsets nft nftables
tables save dump show verbose output v ip ipv v4 v6 ip4 ip6 ipv4 ipv6 txt log cfg conf local lokal policy gpo
gpreport gpresult rsop reg pol xml set sets list lists routes export exports config configs
ruleset json""".split())
"""Words in names of files and folders that say what is in them, and not whose it is."""
_WORD = re.compile(r"ip6?tables|(?:ip)?v?[46]\b|[^\W\d_]+|\d+")


class Config(Struct, frozen=True):
    """A configuration before it is read as a firewall."""

    path: str
    """To open."""
    named: str
    """As the site file names it."""
    source: Source
    vendor: str
    shown: Shown
    context: str = ""
    """Which one is meant, where the file holds several."""

    @property
    def words(self) -> frozenset[str]:
        """What its name, and those of its folders, say of whose it is."""
        words = frozenset(_WORD.findall(" ".join(PurePath(self.named).parts).lower())) - _COMMON
        return words - {"4", "6"} if self.shown.parts & _FAMILIES else words


def opened(path: str, named: str) -> list[Config]:
    """Open a configuration, or each of several in one file; UnsupportedInputError when it is none."""
    return found_in(parsers.opened(path), path, named)


def found_in(source: Source, path: str, named: str) -> list[Config]:
    """Return the configuration of a file, or each of several in it; UnsupportedInputError when it is none."""
    vendor = detect.vendor(source)
    shown = door(vendor).shown(source)
    if not shown.contexts:
        return [Config(path, named, source, vendor, shown)]
    return [Config(path, named, replace(source, context=each), vendor, Shown(each), each)
            for each in shown.contexts]


def by_firewall(configs: Sequence[Config]) -> list[list[Config]]:
    """Put the files of one firewall together, in the order of the first of each.

    UnsupportedInputError for one that is of some firewall, and nothing shows which.
    """
    firewalls: list[list[Config]] = []
    for config in configs:
        same = [each for each in _fitting([config], firewalls) if any(_same(config, other) for other in each)]
        if len(same) == 1:
            same[0].append(config)
        else:
            firewalls.append([config])
    for firewall in firewalls[::-1]:
        other = _only_other_part(firewall, firewalls)
        if other:
            other.extend(firewall)
            firewalls.remove(firewall)
    for firewall in firewalls if len(firewalls) > 1 else ():
        if _holds_only(firewall, _NO_RULES):
            raise UnsupportedInputError(Reason(
                "{file}: which host it is of is not shown; give its file a name like the others of that "
                "host, or add it to 'config' by hand", file=firewall[0].path))
    order = {each.path: number for number, each in enumerate(configs)}
    return [sorted(firewall, key=lambda each: order[each.path]) for firewall in firewalls]


def _only_other_part(firewall: list[Config], firewalls: Sequence[list[Config]]) -> list[Config] | None:
    """The one firewall that files which say little alone are of, where no others may be."""
    fitting = _fitting(firewall, firewalls)
    fitting = [each for each in fitting if not _holds_only(each, _NEVER_ALONE)] or fitting
    if len(fitting) != 1 or not _holds_only(firewall, _NEVER_ALONE):
        return None
    rivals = [each for each in _fitting(fitting[0], firewalls) if not _complete(each[0], firewall[0])]
    return fitting[0] if rivals == [firewall] else None


def _holds_only(firewall: Sequence[Config], parts: frozenset[str]) -> bool:
    return all(each.shown.parts and each.shown.parts <= parts for each in firewall)


def _fitting(firewall: Sequence[Config], firewalls: Sequence[list[Config]]) -> list[list[Config]]:
    """The firewalls of which files may be other parts."""
    return [each for each in firewalls if all(_complete(one, other) for one in firewall for other in each)]


def _complete(one: Config, other: Config) -> bool:
    """Whether two files may be parts of one configuration: neither holds what the other one does, and their
    names are not those of two."""
    names = {name for each in (one, other) if (name := each.shown.name.lower())}
    return (bool(of_machine({one.vendor, other.vendor})) and bool(one.shown.parts and other.shown.parts)
            and one.shown.parts.isdisjoint(other.shown.parts) and len(names) < 2
            and (_both_named(one, other) or one.words <= other.words or other.words <= one.words))


def _same(one: Config, other: Config) -> bool:
    """Whether both name the same machine, or their files are called alike."""
    return _both_named(one, other) or one.words == other.words


def _both_named(one: Config, other: Config) -> bool:
    return bool(one.shown.name and other.shown.name)


_FAMILIES = frozenset(each.name for each in Family)
_NO_RULES = frozenset({"ipset", "nft tables", "routes"})
_NEVER_ALONE = _NO_RULES | {"profiles", "rules"}
"""Parts that say little without another one: a family of packets is a firewall of its own."""
