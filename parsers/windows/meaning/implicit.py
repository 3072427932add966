"""What decides besides the rules: profile settings, and what the exports do not show; as chains.

Their names are in parentheses and hold a blank (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Condition, InProfile, OnInterface, Opaque
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.windows.meaning.rules import ANY_SERVICES
from aclproof.parsers.windows.meaning.settings import Effective
from aclproof.parsers.windows.records.rule import PROFILE_NAMES, Direction, Profile
from aclproof.reason import Reason, joined

WAYS: dict[Direction, str] = {"In": Reason("inbound"), "Out": Reason("outbound")}
SETTINGS = "profile settings differ from the defaults"
"""The fact about profiles of which no file says the settings."""
_UNSEEN = "rules that are not in the files"
_POLICY_SHOWN_BY = r"reg export HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall policy.reg"


def barriers(way: Direction) -> str:
    """The chain of what may stop packets before the firewall's rules: IPsec, hardened services."""
    return f"({WAYS[way]} barriers)"


def state(way: Direction) -> str:
    """The chain that lets everything through where the firewall is off."""
    return f"({WAYS[way]} state)"


def bypass(way: Direction) -> str:
    """The chain of rules by which authenticated traffic passes even what is blocked."""
    return f"({WAYS[way]} bypass)"


def exceptions(way: Direction) -> str:
    """The chain that stops everything where no exceptions are allowed."""
    return f"({WAYS[way]} exceptions)"


def default(way: Direction) -> str:
    """The chain of the default actions, for a profile that is not known."""
    return f"({WAYS[way]} default)"


def _all(action: Action, line: int, *conditions: Condition) -> Rule:
    return Rule(action, ANY, ANY, ANY_SERVICES, line, conditions)


def _in(profile: Profile) -> Condition:
    return InProfile(frozenset({PROFILE_NAMES[profile]}))


def _unless(key: str, reason: str, usual: bool | None = None, shown_by: str = "") -> tuple[Condition, ...]:
    """A fact can say that there is nothing of the kind; that there is leaves open what it does."""
    return Opaque(key, reason, usual=usual, find_out=shown_by), Opaque("", reason)


Doubt = tuple[int, tuple[Condition, ...]]
"""What no file shows, under which conditions, and the line that it is asked at."""


def states(settings: Sequence[Effective], way: Direction, unknown: Sequence[Doubt]) -> Iterator[Rule]:
    """Yield where the firewall is off: in a profile, on an adapter, or perhaps."""
    yield from doubts(unknown, Action.PERMIT)
    for profile in settings:
        if not profile.enabled:
            yield _all(Action.PERMIT, profile.line, _in(profile.profile))
        for name in profile.disabled_interfaces:
            on = OnInterface("in" if way == "In" else "out", name)
            yield _all(Action.PERMIT, profile.line, _in(profile.profile), on)


def stops(settings: Sequence[Effective], way: Direction, unknown: Sequence[Doubt]) -> Iterator[Rule]:
    """Yield where allow rules do not count: 'block all inbound', or perhaps."""
    yield from doubts(unknown, Action.DENY)
    for each in settings:
        if each.block_all_inbound and way == "In":
            yield _all(Action.DENY, each.line, _in(each.profile))


def unsaid(settings: Sequence[Effective], shown_by: str) -> Iterator[Doubt]:
    """Yield what the settings of some profiles may do, where no file says them whole."""
    unknown = [each for each in settings if not each.known]
    if unknown:
        names = joined(", ", (PROFILE_NAMES[each.profile] for each in unknown))
        reason = Reason("whether the {names} settings are Windows' defaults (on, inbound blocked, "
                        "outbound allowed): no file says", names=names)
        profiles = frozenset(PROFILE_NAMES[each.profile] for each in unknown)
        where = (InProfile(profiles),) if len(unknown) < len(settings) else ()
        yield unknown[0].line or 1, (*where, *_unless(SETTINGS, reason, usual=False, shown_by=shown_by))


def unseen(way: Direction, shown_by: str) -> tuple[Condition, ...]:
    """Rules of one direction that no file shows."""
    reason = Reason("what inbound rules do that are not in the files; give the whole export") \
        if way == "In" else \
        Reason("what outbound rules do that are not in the files; give the whole export")
    return _unless(_UNSEEN, reason, usual=False, shown_by=shown_by)


def policy(name: str) -> tuple[Condition, ...]:
    """Group Policy that no file shows: its settings win, and its rules come on top.

    Nobody asks for it of a computer whose own policy is at hand, so it is relied on that there is none.
    """
    reason = Reason("whether Group Policy sets the Windows Firewall of {name}: its settings would win, and "
                    "its rules come on top", name=name)
    return (Opaque(f"Group Policy of {name}", reason, usual=False, find_out=_POLICY_SHOWN_BY, relied_on=True),
            Opaque("", Reason("what Group Policy sets: give its export as well, as one more file of "
                              "'config'"),
                   find_out=_POLICY_SHOWN_BY))


def policy_only(profile: Profile) -> tuple[Condition, ...]:
    """Rules of Group Policy, where only they count and none is given."""
    return (_in(profile), *_unless("rules of Group Policy that are not in the files", _POLICY_ONLY[profile],
                                   shown_by=_POLICY_SHOWN_BY))


_POLICY_ONLY: Mapping[Profile, Reason] = {
    "Domain": Reason("what Group Policy's rules do, which alone count in the Domain profile and are not in "
                     "the files; add the Group Policy object, or export what is in force"),
    "Private": Reason("what Group Policy's rules do, which alone count in the Private profile and are not in "
                      "the files; add the Group Policy object, or export what is in force"),
    "Public": Reason("what Group Policy's rules do, which alone count in the Public profile and are not in "
                     "the files; add the Group Policy object, or export what is in force")}


def unread(reason: str) -> tuple[Condition, ...]:
    """A line that may be any rule."""
    return (Opaque("", Reason("what the line means: {reason}", reason=reason)),)


def doubts(found: Sequence[Doubt], action: Action) -> list[Rule]:
    """Make rules of what may be any rule: it may allow, and it may block."""
    return [_all(action, line, *conditions) for line, conditions in found]


def defaults(settings: Iterable[Effective], way: Direction) -> Iterator[Rule]:
    """Yield the default action of each profile."""
    for each in settings:
        action = Action.PERMIT if allows(each, way) else Action.DENY
        yield _all(action, each.line or 1, _in(each.profile))


def allows(settings: Effective, way: Direction) -> bool:
    """Return whether a profile lets through what no rule decides."""
    return settings.inbound_allowed if way == "In" else settings.outbound_allowed


def of_profile(way: Direction, profile: Profile) -> str:
    """The key of a profile's default action in `Firewall.defaults`."""
    return f"{WAYS[way]} {profile}"


def unmatched(way: Direction, action: Action) -> str:
    """What happens to packets that no rule decides."""
    match way, action:
        case "In", Action.PERMIT:
            return Reason("inbound connections that match no rule are allowed")
        case "In", _:
            return Reason("inbound connections that match no rule are blocked")
        case _, Action.PERMIT:
            return Reason("outbound connections that match no rule are allowed")
        case _:
            return Reason("outbound connections that match no rule are blocked")
