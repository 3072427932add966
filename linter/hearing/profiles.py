"""The profile of a computer's network: what its site file leaves open, and the computer says itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from aclproof.linter.program import Analysis
from aclproof.linter.site.site import Site
from aclproof.linter.testimony import Said
from aclproof.parsers.model.conditions import InProfile
from aclproof.parsers.model.shown_by_device import DeviceAnswer, FactAnswer
from aclproof.reason import Reason, joined

_KEY = "network profile "
"""Before `domain`, `private` or `public`, in the key of an answer."""


def of_answer(answer: DeviceAnswer) -> str:
    """Return the profile that an answer is about; empty where it is about something else."""
    return answer.key.removeprefix(_KEY) if isinstance(answer, FactAnswer) and answer.key.startswith(
        _KEY) else ""


def given(site: Site, firewall: str) -> str:
    """Return the profile that the site file gives; empty for none."""
    return next(each.profile for each in site.firewalls if each.name == firewall)


def settled(site: Analysis, placed: Mapping[int, tuple[FactAnswer, str]]) -> tuple[Site, dict[int, Said]]:
    """Return the site with the profiles that it lacks, and what becomes of the answers that say them.

    `placed` are answers that count, each with its firewall; of several to one question all have to agree.
    """
    said: dict[int, Said] = {}
    profiles: dict[str, str] = {}
    for firewall in dict.fromkeys(name for _, name in placed.values()):
        answers = {number: answer for number, (answer, name) in placed.items()
                   if name == firewall and of_answer(answer)}
        if not answers or given(site.site, firewall) or not any(
                isinstance(each, InProfile) for _, each in site.asking[firewall].conditions()):
            continue
        said |= {number: settling(answer, firewall, "profile", list(answers.values()))
                 for number, answer in answers.items()}
        names = {of_answer(answer) for answer in answers.values()}
        profiles |= {firewall: names.pop()} if len(names) == 1 else {}
    places = tuple(replace(each, profile=profiles.get(each.name, each.profile))
                   for each in site.site.firewalls)
    return replace(site.site, firewalls=places), said


def settling(answer: FactAnswer, firewall: str, key: str, answers: Sequence[FactAnswer]) -> Said:
    """Say that an answer settles a question, where all answers to it agree."""
    others = [each for each in answers if (each.key, each.value) != (answer.key, answer.value)]
    if not others:
        return Said("settled", answer, firewall, Reason("it answers: {key}", key=key))
    return Said("proves-nothing", answer, firewall, Reason(
        "another answer to the same question says otherwise: {places}",
        places=joined(", ", (str(each.span) for each in others))))


def again(answer: FactAnswer, profile: str, firewall: str) -> Said:
    """Hold another answer against a profile that is known."""
    if of_answer(answer) == profile:
        return Said("confirmed", answer, firewall)
    return Said("contradicted", answer, firewall, Reason(
        "the site is proven with another profile of its network: {profile}", profile=profile))
