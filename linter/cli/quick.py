"""A site without a site file: from options to the same Site."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

import click

from aclproof import rules
from aclproof.linter.site import fact_answers
from aclproof.linter.site.amending import Amendments, amended
from aclproof.linter.site.site import Site, SiteFirewall, is_pattern
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.firewall import Firewall
from aclproof.reason import Reason, joined
from aclproof.rules.joined import join
from aclproof.rules.pack import Pack
from aclproof.rules.settings import roles_tested
from aclproof.rules.suggest import unknown


def site(configs: Sequence[str], options: Mapping[str, tuple[str, ...]], methods: tuple[str, ...],
         facts: Sequence[str], packs: tuple[str, ...]) -> Site:
    """Make a site of `--client`, `--server`, `--role`, `--set` and the rest.

    UsageError says what is missing, InputError what is wrong with the pack.
    """
    roles = _roles(options, join([rules.load(each) for each in packs]))
    interfaces = dict(_pairs("--interface", options["--interface"]))
    lists = dict(_pairs("--acl", options["--acl"]))
    configs = expand(configs)
    hosts = options["--host"]
    profile, context = ("".join(options[key]) for key in ("--profile", "--context"))
    places = tuple(SiteFirewall(name, (config,), interfaces, lists, hosts, profile, context)
                   for name, config in zip(unique_names(configs), configs, strict=True))
    return Site({role: addresses.join(some) for role, some in roles.items()}, places, packs, methods,
                settings(options["--set"]), dict(facts_of(facts)), listed=roles)


def settings(words: Sequence[str]) -> dict[str, str | list[str] | None]:
    """Read `--set KEY=VALUE`; with commas it is a list. UsageError for what is neither."""
    return {key: value.split(",") if "," in value else value for key, value in _pairs("--set", words)}


def _roles(options: Mapping[str, tuple[str, ...]], pack: Pack) -> dict[str, list[AddressSet]]:
    """Who plays which role: `--client` the near one, `--server` all others, `--role` the one it names."""
    by_name = f"--role ROLE=ADDR ({', '.join(role.id for role in pack.roles)})"
    if not pack.near:
        for option in ("--client", "--server"):
            if options[option]:
                raise click.UsageError(Reason("{option}: the pack {id} has no near role, so it says of no "
                                              "role that these are its clients; give {by_name}",
                                              option=option, id=pack.id, by_name=by_name))
    roles: dict[str, list[AddressSet]] = {}
    if options["--server"]:
        servers = _addresses("--server", options["--server"])
        named = list(_server_roles(pack))
        if not named:
            raise click.UsageError(Reason("--server stands for the roles that every site has, and of those "
                                          "the pack {id} has only the near one; give {by_name}", id=pack.id,
                                          by_name=by_name))
        roles.update(dict.fromkeys(named, servers))
    for role, text in _pairs("--role", options["--role"]):
        roles[role] = _addresses(f"--role {role}", text.split(","))
    if options["--client"]:
        roles.update(dict.fromkeys(pack.nears, _addresses("--client", options["--client"])))
    if len(roles) < _FEWEST or (pack.near and roles.keys().isdisjoint(pack.nears)):
        either = Reason("--client and --server (or --role) addresses") if pack.near else \
            Reason("addresses with {option}", option=by_name)
        raise click.UsageError(Reason("give {either}, or write a site file ('aclproof init')", either=either))
    return roles


_FEWEST = 2
"""Somebody has to talk to somebody."""


def unique_names(configs: Sequence[str]) -> list[str]:
    """Name firewalls by their files; equal names get their number."""
    names = [os.path.splitext(os.path.basename(config))[0] if config != "-" else "stdin"
             for config in configs]
    return [name if names.count(name) == 1 else f"{name}-{number}" for number, name in enumerate(names, 1)]


def expand(paths: Sequence[str]) -> list[str]:
    """Resolve patterns (`conf/*.cfg`) that a shell left as they are, in sorted order; UsageError for none.

    A match that cannot be read stays, so that reading it says why: it may be a firewall on the way.
    """
    found: list[str] = []
    for path in paths:
        if not is_pattern(path):
            found.append(path)
        elif some := _matches(path):
            found += some
        else:
            raise click.UsageError(Reason("{path}: no file matches this pattern", path=path))
    return found


def _matches(pattern: str) -> list[str]:
    from aclproof.linter.cli import matching

    found, closed = matching.matches(pattern)
    return [*found, *closed]


def amend(known: Site, methods: tuple[str, ...], facts: Sequence[str], packs: tuple[str, ...]) -> Site:
    """Let options of one run narrow or complete a site file."""
    return amended(known, Amendments(methods, dict(facts_of(facts)), packs))


def _server_roles(pack: Pack) -> Iterator[str]:
    """Every role of the methods themselves but the near one and those whose mere presence requires more."""
    requirements = pack.of_tier("").requirements
    used = {role for each in requirements for role in (each.source, each.destination)}
    optional = {role for each in requirements for role in roles_tested(each.when)}
    return (role.id for role in pack.roles if role.id in used - optional - {*pack.nears})


def _pairs(option: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        key, equals, value = word.rpartition("=")
        if not (key and equals and value):
            raise click.UsageError(Reason("{option} {word}: write NAME=VALUE", option=option, word=word))
        yield key.strip(), value.strip()


def _addresses(option: str, words: Sequence[str]) -> list[AddressSet]:
    try:
        return [addresses.parse(each) for word in words for each in word.split(",")]
    except ValueError as error:
        raise click.UsageError(joined(": ", (option, str(error)))) from None


def facts_of(words: Sequence[str]) -> Iterator[tuple[str, Fact]]:
    """Read `--fact KEY=VALUE`; UsageError for what no fact may be."""
    for key, value in _pairs("--fact", words):
        yield key, _word(key, value) if value in fact_answers.WORDS else _fact_addresses(key, value)


def _word(key: str, value: str) -> bool:
    try:
        return fact_answers.answer(key, value)
    except ValueError as error:
        raise click.UsageError(joined(": ", (f"--fact {key}", str(error)))) from None


def _fact_addresses(key: str, value: str) -> AddressSet:
    try:
        return addresses.join(addresses.parse(each) for each in value.strip("[]").replace(",", " ").split())
    except ValueError:
        raise click.UsageError(Reason(
            "--fact {key}: '{value}' is neither yes, no, active, inactive, present or none, nor a list of "
            "addresses; 'aclproof explain \"{key}\"' says what it may be", key=key, value=value)) from None


def list_called(firewall: Firewall, name: str) -> str:
    """Return the list of that name; of a chain its own name suffices where no other chain has it.

    UsageError names the nearest where there is none.
    """
    lists = list(firewall.lists)
    short = [each for each in lists if re.split("[ /]", each)[-1] == name]
    if name in lists:
        return name
    if firewall.on_host and len(short) == 1:
        return short[0]
    raise click.UsageError(unknown("chain" if firewall.on_host else "access list", name, short or lists))
