"""A draft as a commented site file; every guess names the line that it comes from.

Of a configuration only names, addresses and line numbers are written: no line of it, and no description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.draft.choice import Guess
from aclproof.linter.draft.draft import SiteDraft
from aclproof.linter.draft.facts import to_confirm
from aclproof.linter.draft.placement import Placement, Suggestion
from aclproof.linter.harmless import json_text, page
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.parsers.vendor import door
from aclproof.rules.init_section import RoleHints, SettingHints
from aclproof.rules.pack import Pack, Role, Setting
from aclproof.rules.settings import roles_tested

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
FILL_IN = "FILL-IN"
"""Stands for what nothing suggests: no site file with it is accepted."""
_FEW_METHODS = 2
_MOST_REASONS = 2
_MOST_OTHERS = 4
_MOST_NETWORKS = 40
_MOST_FACTS = 20


def write(found: SiteDraft, pack: Pack, pack_name: str = DEFAULT_PACK) -> str:
    """Write the site file; `pack_name` is how it names its pack."""
    parts = (_head(pack, pack_name), _settings(found.settings, pack), _roles(found, pack), _networks(found),
             _firewalls(found.placements, pack), _tail(found, pack))
    blocks = [page(part) for part in parts]
    return "\n".join(filter(None, blocks))


def unfilled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a written site file in which something has to be filled in."""
    for number, line in enumerate(text.splitlines(), 1):
        if FILL_IN in line.partition("#")[0]:
            yield number, line.strip()


def _head(pack: Pack, pack_name: str) -> Iterator[str]:
    explain = "aclproof explain" if pack_name == DEFAULT_PACK else f"aclproof explain --pack {pack_name}"
    methods = pack.init.methods or [each.id for each in pack.methods[:_FEW_METHODS]]
    yield "# A site file of aclproof: who plays which role, which settings apply, which firewalls there are."
    yield "# Lines with '# guess' were read out of the configurations: confirm or correct each of them."
    yield f"# {FILL_IN} marks what no line suggests, and has to be replaced."
    yield f"# '{explain}' lists roles and settings; 'aclproof schema site' is for editors."
    yield f"pack: {_scalar(pack_name)}"
    yield f"# methods: [{', '.join(methods)}]     # default: every method whose roles are given"


def _settings(guessed: Mapping[str, Suggestion], pack: Pack) -> Iterator[str]:
    yield "settings:" if pack.settings else "# settings: the pack has none"
    by_id = {each.id: each for each in pack.settings}
    hinted = pack.init.settings or [SettingHints(each.id, each.title.en) for each in pack.settings]
    named = {each.id for each in hinted}
    unnamed = [SettingHints(each.id, each.title.en) for each in pack.settings
               if each.id not in named and _has_to_be_given(each)]
    for hints in (*unnamed, *hinted):
        setting, remark = by_id[hints.id], hints.remark
        if hints.id in guessed:
            yield f"  {hints.id}: {_value(guessed[hints.id])}"
        elif _has_to_be_given(setting):
            yield f"  {hints.id}: {FILL_IN}     # {remark}"
        elif example := hints.example or _default(setting):
            text = f"{hints.id}: {example}"
            yield f"  # {text:<38} # {remark}"


def _has_to_be_given(setting: Setting) -> bool:
    return setting.default is None and setting.default_by is None and setting.derived is None


def _default(setting: Setting) -> str:
    """A value to begin with; nothing where it follows from another setting's number."""
    value = setting.default
    if setting.default_by:
        value = next(iter(setting.default_by.values.values()))
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else value or ""


def _value(found: Suggestion) -> str:
    return f"{_scalar(found.value)}     # guess: {found.place} {found.basis}"


def _roles(found: SiteDraft, pack: Pack) -> Iterator[str]:
    chosen, others = found.choice.chosen, found.choice.others
    yield "# Addresses (10.1.1.10), networks (10.20.0.0/16) and ranges (10.21.4.10-10.21.4.99)."
    if any(may_translate(each.known.firewall) for each in found.placements):
        yield "# A firewall here translates: roles hold the addresses that the other side dials."
    yield "roles:"
    others_found = any(role != pack.near for role in chosen)
    for role in pack.roles:
        hints = pack.init.roles.get(role.id, RoleHints())
        if role.id in chosen:
            yield f"  {role.id}:"
            yield from (f"    - {_scalar(each.text)}     # guess: {_reasons(each)}"
                        for each in chosen[role.id])
        elif _has_to_be_filled_in(role, pack, others_found):
            yield f"  {role.id}: [{FILL_IN}]     # {role.title.en}"
        else:
            remark = f"     # {hints.remark}" if hints.remark else ""
            yield f"  # {role.id}: []{remark}"
        sure = any(each.named for each in chosen.get(role.id, ()))
        for each in () if sure else others.get(role.id, ())[:_MOST_OTHERS]:
            yield f"    # perhaps {each.text}: {_reasons(each)}"


def _has_to_be_filled_in(role: Role, pack: Pack, others_found: bool) -> bool:
    """Where the pack names no role to fill in: each whose mere presence does not require more."""
    if role.id == pack.near:
        return True
    to_fill_in = [name for name, hints in pack.init.roles.items() if hints.fill_in]
    if to_fill_in:
        return role.id in to_fill_in and not others_found
    return all(role.id not in roles_tested(each.when) for each in pack.requirements)


def _two_roles(pack: Pack) -> tuple[str, str]:
    """The near role and another one, for examples."""
    ids = [role.id for role in pack.roles]
    first = pack.near or ids[0]
    return first, next((name for name in ids if name != first), first)


def _usual_role(pack: Pack) -> str:
    """A role that most sites have, besides the near one."""
    named = (name for name, hints in pack.init.roles.items() if hints.fill_in)
    return next(named, _two_roles(pack)[1])


def _reasons(guess: Guess) -> str:
    reasons = dict.fromkeys(f"{hint.place} {hint.basis}" for hint in guess.hints)
    return "; ".join(list(reasons)[:_MOST_REASONS])


def _networks(found: SiteDraft) -> Iterator[str]:
    if not found.networks:
        return
    yield "# Networks that the configurations know, to choose from:"
    for each in found.networks[:_MOST_NETWORKS]:
        where = f"behind {each.interface} of {each.firewall} ({each.place})"
        yield f"#   {each.network:<22} {where}"
    if len(found.networks) > _MOST_NETWORKS:
        yield f"#   and {len(found.networks) - _MOST_NETWORKS} more"


def _firewalls(placements: Sequence[Placement], pack: Pack) -> Iterator[str]:
    yield "# In the order in which the clients meet them." if pack.near else \
        "# The pack has no near role: where several are between two roles, say their order in 'paths'."
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
        yield from _advice(placement, pack)


def _advice(placement: Placement, pack: Pack) -> Iterator[str]:
    firewall = placement.known.firewall
    near, other = _two_roles(pack)
    if _guards_a_host(placement) and not placement.host:
        yield f"    host: {FILL_IN}     # the role of the computer that it guards"
        return
    if firewall.on_host and not placement.host:
        if not placement.interfaces:
            yield f"    # interfaces: {{{near}: eth1, {other}: eth0}}     # where rules name interfaces"
        yield f"    # host: {_usual_role(pack)}     # if it is the firewall of a host, and no router"
    if not firewall.on_host and not firewall.interfaces and not placement.lists:
        yield f"    # acl: {{{near}: LIST, {other}: LIST}}     # which list filters what comes from a role"


def _guards_a_host(placement: Placement) -> bool:
    return door(placement.known.firewall.vendor).traits.needs_host


def _tail(found: SiteDraft, pack: Pack) -> Iterator[str]:
    between = [_scalar(each.known.name) for each in found.placements
               if not each.host and not _guards_a_host(each)]
    names = ", ".join(between) or "NAME"
    yield "# Where not every firewall is between two roles:"
    yield "# paths:"
    yield f"#   - {{from: {_two_roles(pack)[0]}, to: {_usual_role(pack)}, through: [{names}]}}"
    yield from _facts(found)
    yield "# Accepted gaps:"
    yield "# waivers: waivers.yaml"


def _facts(found: SiteDraft) -> Iterator[str]:
    doubts = to_confirm(placement.known.firewall for placement in found.placements)
    if not doubts:
        yield "# What a configuration leaves undecided; 'aclproof check' names it:"
        yield "# facts:"
        yield '#   "time-range WORKHOURS": active'
        return
    yield "# What the configurations cannot show, and the usual answers: confirm each, and take its '#' away."
    yield "# facts:"
    for doubt in doubts[:_MOST_FACTS]:
        shown = f"; shown by: {doubt.find_out}" if doubt.find_out else ""
        yield f"#   {json_text(doubt.key)}: {'yes' if doubt.usual else 'no'}     # {doubt.because}{shown}"
    if len(doubts) > _MOST_FACTS:
        yield f"#   and {len(doubts) - _MOST_FACTS} more, which 'aclproof check' names where they matter"


def _scalar(text: str) -> str:
    """Write a text as a YAML value that means just this text."""
    if not text.isprintable():  # no site file takes it
        return FILL_IN
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else json_text(text)
