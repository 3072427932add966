"""Roles of a drafted site file, and the networks to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from aclproof.linter.draft.choice import Guess
from aclproof.linter.draft.draft import SiteDraft
from aclproof.linter.draft.stated import Line
from aclproof.linter.draft.wording import Wording, said
from aclproof.linter.draft.yaml_words import commented, guessed, scalar
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.questions import FILL_IN
from aclproof.reason import Reason
from aclproof.rules.init_section import RoleHints
from aclproof.rules.pack import Pack, Requirement, Role
from aclproof.rules.settings import MissingSettingError, Settings, applies, resolve, roles_tested

_MOST_REASONS = 2
_MOST_OTHERS = 4
_MOST_NETWORKS = 40


def roles(found: SiteDraft, pack: Pack, words: Wording) -> Iterator[str]:
    """Write the addresses of each role; those that are less sure as comments."""
    chosen, others = found.choice.chosen, found.choice.others
    say = words.sentence
    yield say(Reason("# Addresses (10.1.1.10), networks (10.20.0.0/16) and ranges (10.21.4.10-10.21.4.99)."))
    if any(may_translate(each.known.firewall) for each in found.placements):
        yield say(Reason("# A firewall here translates: roles hold the addresses that the other side dials."))
    yield "roles:"
    stated = found.stated.roles if found.stated else {}
    others_found = any(role != pack.near for role in (*chosen, *stated))
    supporting = [role.id for role in pack.roles if _only_supports(role, pack)
                  and role.id not in {*stated, *chosen, *others}]
    for role in pack.roles:
        if role.id in supporting:
            continue
        hints = pack.init.roles.get(role.id, RoleHints())
        if role.id in stated:
            yield from _stated(role.id, stated[role.id], hints.remark, words)
        elif role.id in chosen:
            yield f"  {role.id}:"
            yield from (f"    - {guessed(scalar(each.text), _reasons(each, words), words)}"
                        for each in chosen[role.id])
        else:
            yield _unknown(role, found, pack, words, others_found=others_found)
        for each in _perhaps(chosen.get(role.id, ()), others.get(role.id, ())):
            yield "    # " + say(Reason("perhaps {addresses}: {reasons}", addresses=each.text,
                                         reasons="; ".join(_reasons(each, words))))
    if supporting:
        yield "  " + say(Reason("# With 'tier: supporting' in this file these count as well:"))
        yield from wrap(", ".join(supporting), 110, initial_indent="  #   ", subsequent_indent="  #   ",
                        break_on_hyphens=False)
    if found.stated and found.stated.unknown:
        move = Reason("which role do these play? Move each there, or delete it")
        yield f"  {FILL_IN}:     # {words.sentence(move)}"
        yield from _lines(found.stated.unknown, words)


def _unknown(role: Role, found: SiteDraft, pack: Pack, words: Wording, *, others_found: bool) -> str:
    """The line of a role that nothing suggests addresses for."""
    hints = pack.init.roles.get(role.id, RoleHints())
    if _has_to_be_filled_in(role, pack, others_found):
        return f"  {role.id}: [{FILL_IN}]     # {words.of(role.title)}"
    if needed := _needing(role, found, pack):
        return f"  # {role.id}: [{FILL_IN}]     # " + _lacking(role, needed, hints, words)
    return f"  # {role.id}: []" + (f"     # {words.quoted(hints.remark)}" if hints.remark else "")


def _stated(role: str, lines: Sequence[Line], remark: str, words: Wording) -> Iterator[str]:
    if any(each.value for each in lines):
        yield f"  {role}:" + (f"     # {words.quoted(remark)}" if remark else "")
        yield from _lines(lines, words)
    else:
        remarks = "; ".join(words.sentence(each.remark) for each in lines)
        yield f"  # {role}: []" + (f"     # {remarks}" if remarks else "")


def _lines(lines: Sequence[Line], words: Wording) -> Iterator[str]:
    for each in lines:
        yield f"    - {commented(each.value, each.remark, words)}" if each.value else \
            f"    # {words.sentence(each.remark)}"


def _perhaps(chosen: Sequence[Guess], others: Sequence[Guess]) -> Sequence[Guess]:
    """Those to consider besides: where names have suggested some, only what a name suggests as well."""
    sure = any(each.named for each in chosen)
    return [each for each in others if each.named or not sure][:_MOST_OTHERS]


def _has_to_be_filled_in(role: Role, pack: Pack, others_found: bool) -> bool:
    """Where the pack names no role to fill in: each whose mere presence does not require more, and without
    which some method can be used."""
    if role.id == pack.near:
        return True
    to_fill_in = [name for name, hints in pack.init.roles.items() if hints.fill_in]
    if to_fill_in:
        return role.id in to_fill_in and not others_found
    here = [each for each in pack.requirements if role.id in (each.source, each.destination)]
    usable = [method for method in pack.methods if role.id not in roles_tested(method.when)
              and any(method.id in each.methods for each in here)]
    return bool(usable) and all(role.id not in roles_tested(each.when) for each in pack.requirements)


def _only_supports(role: Role, pack: Pack) -> bool:
    """Whether no method needs it itself, and the pack has nothing to say about it."""
    tiers = {each.tier for each in pack.requirements if role.id in (each.source, each.destination)}
    return tiers == {"supporting"} and role.id not in pack.init.roles


def _needing(role: Role, found: SiteDraft, pack: Pack) -> list[str]:
    """The methods that cannot be assessed without a role, with the settings that were guessed and the
    defaults of others; none where its mere presence requires more."""
    settings = resolve(pack, {name: each.value for name, each in found.settings.items()})
    needed = [each for each in pack.of_tier("").requirements
              if each.severity == "error" and role.id in (each.source, each.destination)]
    if any(role.id in roles_tested(each.when) for each in needed):
        return []
    needed = [each for each in needed if _may_apply(each, settings)]
    return [method.id for method in pack.methods if any(method.id in each.methods for each in needed)]


def _may_apply(requirement: Requirement, settings: Settings) -> bool:
    try:
        return applies(requirement.when, settings, ())
    except MissingSettingError:
        return True


def _lacking(role: Role, methods: Sequence[str], hints: RoleHints, words: Wording) -> str:
    text = words.sentence(Reason("{role}: not found; needed for {methods}", role=words.of(role.title),
                                 methods=", ".join(methods)))
    return f"{text} ({words.quoted(hints.remark)})" if hints.remark else text


def _reasons(guess: Guess, words: Wording) -> list[str]:
    reasons = dict.fromkeys(f"{hint.place} {said(hint.basis, words)}" for hint in guess.hints)
    return list(reasons)[:_MOST_REASONS]


def networks(found: SiteDraft, words: Wording) -> Iterator[str]:
    """Write the networks that the configurations know, as comments."""
    if not found.networks:
        return
    yield words.sentence(Reason("# Networks that the configurations know, to choose from:"))
    for each in found.networks[:_MOST_NETWORKS]:
        where = words.sentence(Reason("behind {interface} of {firewall} ({place})", interface=each.interface,
                                      firewall=each.firewall, place=each.place))
        yield f"#   {each.network:<22} {where}"
    more = len(found.networks) - _MOST_NETWORKS
    if more > 0:
        yield "#   " + words.sentence(Reason("and {number} more", number=more))
