"""The pack of a drafted site file, with the lines that it was chosen by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclproof.linter.draft.pack_choice import Evidence, PackChoice
from aclproof.linter.draft.wording import Wording
from aclproof.linter.draft.yaml_words import guessed, scalar
from aclproof.reason import Reason

_MOST_REASONS = 2
_DEFAULT = Reason("the default, as no line tells the product and its version for sure")


def lines(named: str, choice: PackChoice, words: Wording) -> Iterator[str]:
    """Write the pack as the file names it, what it was chosen by, and where that is not certain what else
    it may be."""
    say, by = words.sentence, choice.deciding
    yield f"pack: {guessed(scalar(named), _reasons(by, words), words) if by else scalar(named)}"
    if choice.sure:
        return
    yield "  " + say(Reason("# confirm: {why}", why=_doubt(choice)))
    for reasons, names in _other_evidence(choice, words).items():
        yield "  # " + say(Reason("perhaps {packs}: {reasons}", packs=", ".join(names), reasons=reasons))
    others = ", ".join(name for name in choice.others if name != choice.name)
    yield "  # " + say(Reason("other packs: {packs}; 'aclproof rules list' says what they are about",
                              packs=others))


def why(choice: PackChoice, words: Wording) -> str:
    """Say by what the pack was chosen, for one line."""
    by = choice.deciding
    return "; ".join(_reasons(by, words)) if by else words.sentence(
        Reason("{default}; --pack names another one", default=_DEFAULT))


def _doubt(choice: PackChoice) -> Reason:
    if not choice.deciding:
        return _DEFAULT
    if any(each[0].decides for name, each in choice.found.items() if name != choice.name):
        return Reason("the lines do not agree on it")
    return Reason("such a line is usual with it, and does not name it")


def _other_evidence(choice: PackChoice, words: Wording) -> dict[str, list[str]]:
    """What speaks for others, or weakly for the default: the packs for each list of reasons."""
    packs: dict[str, list[str]] = {}
    ranked = sorted(choice.found.items(), key=lambda each: -each[1][0].weight)
    for name, evidence in ranked:
        if name != choice.name or not choice.deciding:
            packs.setdefault("; ".join(_reasons(evidence, words)), []).append(name)
    return packs


def _reasons(evidence: Iterable[Evidence], words: Wording) -> list[str]:
    return [_reason(each, words) for each in evidence][:_MOST_REASONS]


def _reason(evidence: Evidence, words: Wording) -> str:
    text = f"{evidence.place} {words.sentence(evidence.basis)}"
    return f"{text} ({words.quoted(evidence.because)})" if evidence.because else text
