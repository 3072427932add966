"""A draft as a commented site file; every guess names the line that it comes from.

Of a configuration only names, addresses and line numbers are written, and plain descriptions of them: no
other line of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aclproof.linter.draft import facts, firewall_text, pack_text, role_text
from aclproof.linter.draft.draft import SiteDraft
from aclproof.linter.draft.pack_choice import PackChoice
from aclproof.linter.draft.stated import Line
from aclproof.linter.draft.wording import Wording
from aclproof.linter.draft.yaml_words import GUESS, commented, scalar, suggested
from aclproof.linter.harmless import page
from aclproof.linter.questions import FILL_IN
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.reason import Reason
from aclproof.rules.init_section import SettingHints
from aclproof.rules.pack import Pack, Setting

_FEW_METHODS = 2


def write(found: SiteDraft, pack: Pack, words: Wording, pack_name: str = DEFAULT_PACK,
          choice: PackChoice | None = None) -> str:
    """Write the site file; `pack_name` is how it names its pack, `choice` why it is that one."""
    head = (*_head(found, pack_name, words), *_pack(found, pack_name, choice, words), *_methods(pack, words))
    parts = (head, _settings(found, pack, words),
             role_text.roles(found, pack, words), role_text.networks(found, words),
             firewall_text.firewalls(found.placements, pack, words), _tail(found, pack, words))
    blocks = [page(part) for part in parts]
    return "\n".join(filter(None, blocks))


def unfilled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a written site file in which something has to be filled in."""
    for number, line in enumerate(text.splitlines(), 1):
        if FILL_IN in line.partition("#")[0]:
            yield number, line.strip()


def _head(found: SiteDraft, pack_name: str, words: Wording) -> Iterator[str]:
    say = words.sentence
    explain = "aclproof explain" if pack_name == DEFAULT_PACK else f"aclproof explain --pack {pack_name}"
    yield say(Reason("# A site file of aclproof: who plays which role, which settings apply, which firewalls "
                     "there are."))
    yield from (say(each) for each in (found.stated.head if found.stated else ()))
    yield say(Reason("# Lines with '# {guess}' were read out of the configurations: confirm or correct each "
                     "of them.", guess=GUESS))
    yield say(Reason("# {word} marks what no line suggests, and has to be replaced.", word=FILL_IN))
    yield say(Reason("# '{command}' lists roles and settings; 'aclproof schema site' is for editors.",
                     command=explain))


def _pack(found: SiteDraft, pack_name: str, choice: PackChoice | None, words: Wording) -> Iterator[str]:
    if choice:
        yield from pack_text.lines(pack_name, choice, words)
    elif found.stated:
        yield f"pack: {commented(pack_name, found.stated.pack_because, words)}"
    else:
        yield f"pack: {scalar(pack_name)}"


def _methods(pack: Pack, words: Wording) -> Iterator[str]:
    methods = pack.init.methods or [each.id for each in pack.methods[:_FEW_METHODS]]
    default = words.sentence(Reason("default: every method whose roles are given"))
    yield f"# methods: [{', '.join(methods)}]     # {default}"


def _settings(found: SiteDraft, pack: Pack, words: Wording) -> Iterator[str]:
    yield "settings:" if pack.settings else words.sentence(Reason("# settings: the pack has none"))
    by_id = {each.id: each for each in pack.settings}
    hinted = pack.init.settings or [SettingHints(each.id, words.of(each.title)) for each in pack.settings]
    named = {each.id for each in hinted}
    stated: Mapping[str, Line] = found.stated.settings if found.stated else {}
    yield from (f"  {name}: {commented(line.value, line.remark, words)}" for name, line in stated.items())
    unnamed = [SettingHints(each.id, words.of(each.title)) for each in pack.settings
               if each.id not in named and _has_to_be_given(each)]
    for hints in (*unnamed, *hinted):
        setting, remark = by_id[hints.id], words.quoted(hints.remark)
        if hints.id in stated:
            continue
        if hints.id in found.settings:
            yield f"  {hints.id}: {suggested(found.settings[hints.id], words)}"
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


def _tail(found: SiteDraft, pack: Pack, words: Wording) -> Iterator[str]:
    yield from firewall_text.paths(found.placements, pack, words)
    yield from facts.lines({each.known.name: each.known.firewall for each in found.placements}, words)
    yield words.sentence(Reason("# Accepted gaps:"))
    yield "# waivers: waivers.yaml"
