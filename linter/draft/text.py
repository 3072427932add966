"""A draft as a commented site file; every guess names the line that it comes from.

Of a configuration only names, addresses and line numbers are written: no line of it, and no description.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.draft.choice import Guess
from aclproof.linter.draft.draft import SiteDraft
from aclproof.linter.draft.hints import CLIENT, MANAGEMENT
from aclproof.linter.draft.placement import Placement, Suggestion
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.rules.pack import Pack

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
FILL_IN = "FILL-IN"
"""Stands for what nothing suggests: no site file with it is accepted."""
_MOST_REASONS = 2
_MOST_OTHERS = 4
_MOST_NETWORKS = 40
_OPTIONAL = {
    "setup-share": "the server with the share that CCMSetup.exe is run from, unless it is run locally",
    "source-server": "the server with the files, where CCMSetup is run with /source",
    "server-locator-point": "for clients that cannot read the sites from Active Directory",
    "fallback-status-point": "only where one is assigned to the clients"}
_SETTINGS = (
    ("client-os: windows-7", "decides the dynamic RPC ports; without it, those of all systems are needed"),
    ("rpc-dynamic-ports: 24158", "where the clients' range was made smaller, or WMI has a fixed port"),
    ("http-port: 80", "where the site systems use another one; so with https-port"),
    ("schema-published: true", "false where clients cannot read the sites from Active Directory"),
    ("ccmsetup-source: false", "true where CCMSetup is run with /source"),
    ("dp-bits: false", "true where the distribution points have BITS enabled"))


def write(found: SiteDraft, pack: Pack) -> str:
    """Write the site file."""
    parts = (_head(), _settings(found.settings), _roles(found, pack), _networks(found),
             _firewalls(found.placements), _tail(found))
    blocks = ["".join(f"{line}\n" for line in part) for part in parts]
    return "\n".join(filter(None, blocks))


def unfilled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a written site file in which something has to be filled in."""
    for number, line in enumerate(text.splitlines(), 1):
        if FILL_IN in line.partition("#")[0]:
            yield number, line.strip()


def _head() -> Iterator[str]:
    yield "# A site file of aclproof: who plays which role, which settings apply, which firewalls there are."
    yield "# Lines with '# guess' were read out of the configurations: confirm or correct each of them."
    yield f"# {FILL_IN} marks what no line suggests, and has to be replaced."
    yield "# 'aclproof explain' lists roles and settings; 'aclproof schema site' is for editors."
    yield f"pack: {DEFAULT_PACK}"
    yield "# methods: [client-push, group-policy]     # default: every method whose roles are given"


def _settings(settings: Mapping[str, Suggestion]) -> Iterator[str]:
    yield "settings:"
    mode = settings.get("mode")
    yield f"  mode: {_value(mode)}" if mode else \
        f"  mode: {FILL_IN}     # mixed (HTTP) or native (HTTPS)"
    wsus = settings.get("wsus-http-port")
    yield f"  wsus-http-port: {_value(wsus)}" if wsus else \
        "  # wsus-http-port: 8530                   # where WSUS does not use 80; its HTTPS port follows"
    for text, why in _SETTINGS:
        yield f"  # {text:<38} # {why}"


def _value(found: Suggestion) -> str:
    return f"{_scalar(found.value)}     # guess: {_comment(f'{found.place} {found.basis}')}"


def _roles(found: SiteDraft, pack: Pack) -> Iterator[str]:
    chosen, others = found.choice.chosen, found.choice.others
    yield "# Addresses (10.1.1.10), networks (10.20.0.0/16) and ranges (10.21.4.10-10.21.4.99)."
    if any(may_translate(each.known.firewall) for each in found.placements):
        yield "# A firewall here translates: roles hold the addresses that the other side dials."
    yield "roles:"
    servers = [role for role in chosen if role != CLIENT]
    for role in pack.roles:
        needed = role.id == CLIENT or (role.id == MANAGEMENT and not servers)
        if role.id in chosen:
            yield f"  {role.id}:"
            yield from (f"    - {_scalar(each.text)}     # guess: {_comment(_reasons(each))}"
                        for each in chosen[role.id])
        elif needed:
            yield f"  {role.id}: [{FILL_IN}]     # {role.title.en}"
        else:
            why = f"     # {_OPTIONAL[role.id]}" if role.id in _OPTIONAL else ""
            yield f"  # {role.id}: []{why}"
        sure = any(each.named for each in chosen.get(role.id, ()))
        for each in () if sure else others.get(role.id, ())[:_MOST_OTHERS]:
            yield f"    # perhaps {each.text}: {_comment(_reasons(each))}"


def _reasons(guess: Guess) -> str:
    reasons = dict.fromkeys(f"{hint.place} {hint.basis}" for hint in guess.hints)
    return "; ".join(list(reasons)[:_MOST_REASONS])


def _networks(found: SiteDraft) -> Iterator[str]:
    if not found.networks:
        return
    yield "# Networks that the configurations know, to choose from:"
    for each in found.networks[:_MOST_NETWORKS]:
        where = _comment(f"behind {each.interface} of {each.firewall} ({each.place})")
        yield f"#   {each.network:<22} {where}"
    if len(found.networks) > _MOST_NETWORKS:
        yield f"#   and {len(found.networks) - _MOST_NETWORKS} more"


def _firewalls(placements: Sequence[Placement]) -> Iterator[str]:
    yield "# In the order in which the clients meet them."
    if not placements:
        yield from ("firewalls:", f"  - config: {FILL_IN}     # path from this file")
        return
    yield "firewalls:"
    for placement in placements:
        yield f"  - name: {_scalar(placement.known.name)}"
        yield f"    config: {_scalar(placement.known.config)}"
        for key, value in (("host", placement.host), ("profile", placement.profile)):
            if value:
                yield f"    {key}: {_value(value)}"
        for key, by_role in (("interfaces", placement.interfaces), ("acl", placement.lists)):
            if by_role:
                yield f"    {key}:"
                yield from (f"      {role}: {_value(value)}" for role, value in by_role.items())
        yield from _advice(placement)


def _advice(placement: Placement) -> Iterator[str]:
    firewall = placement.known.firewall
    if firewall.on_host and not placement.host:
        if not placement.interfaces:
            yield "    # interfaces: {client: eth1, site-server: eth0}     # where rules name interfaces"
        yield "    # host: management-point     # if it is the firewall of a host, and no router"
    if not firewall.on_host and not firewall.interfaces and not placement.lists:
        yield "    # acl: {client: LIST, site-server: LIST}     # which list filters what comes from a role"


def _tail(found: SiteDraft) -> Iterator[str]:
    between = [_scalar(each.known.name) for each in found.placements if not each.host]
    names = ", ".join(between) or "NAME"
    yield "# Where not every firewall is between two roles:"
    yield "# paths:"
    yield f"#   - {{from: client, to: management-point, through: [{names}]}}"
    yield "# What a configuration leaves undecided; 'aclproof check' names it:"
    yield "# facts:"
    yield '#   "time-range WORKHOURS": active'
    yield "# Accepted gaps:"
    yield "# waivers: waivers.yaml"


def _scalar(text: str) -> str:
    """Write a text as a YAML value that means just this text."""
    if not text.isprintable():  # no site file takes it
        return FILL_IN
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    """Keep a text on its line, and what cannot be printed out of the file."""
    return "".join(each if each.isprintable() else "?" for each in text)
