"""What one pack holds, for people: its source, its words, and its requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from aclproof.linter.harmless import visible
from aclproof.linter.reports.explain import pack_pages
from aclproof.linter.reports.explain.rows import page_rows, wrapped
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.wording import condition
from aclproof.rules.ephemeral_ports import PORTS
from aclproof.rules.pack import (
    AllOf,
    Listener,
    Method,
    Pack,
    Requirement,
    Role,
    RolePresent,
    Setting,
    When,
)


def render(pack: Pack, words: Words) -> str:
    """Write the whole pack, 80 columns wide."""
    origin = pack.origin
    head = (f"{words.of(pack.title)} ({pack.id} {pack.version})",
            f"{words.quoted(pack.page.edition)}, {pack.page.url}",
            f"{origin.file}, SHA-256 {origin.sha256}" if origin else words("built in"))
    hint = words("'aclproof explain ID --pack {pack}' says why something is needed, and which row of the "
                 "source has it.", pack=origin.file if origin else pack.id)
    top = "".join(wrapped(visible(line)) for line in head)
    return "\n".join((top, *_sections(pack, words), wrapped(visible(hint))))


def _sections(pack: Pack, words: Words) -> Iterator[str]:
    yield _section(words("Roles"), {each.id: _role(each, words) for each in pack.roles})
    yield _section(words("Methods"), _titles(pack.methods, words))
    own = [each for each in pack.settings if each != PORTS]  # every pack has that one
    if settings := {each.id: _setting(each, words) for each in own}:
        yield _section(words("Settings"), settings)
    if pack.listeners:
        yield _section(words("Programs of its own that listen"), _titles(pack.listeners, words))
    for methods, requirements in _by_methods(pack).items():
        everybody = len(methods) == len(pack.methods) > 1
        title = words("Needed by all") if everybody else words("Needed by {methods}",
                                                               methods=", ".join(methods))
        yield _section(title, {each.id: _requirement(each, words) for each in requirements})


def _section(title: str, rows: Mapping[str, str]) -> str:
    return wrapped(visible(title)) + page_rows({visible(key): visible(text) for key, text in rows.items()})


def _titles(parts: Sequence[Method | Listener], words: Words) -> dict[str, str]:
    return {each.id: words.of(each.title) for each in parts}


def _role(each: Role, words: Words) -> str:
    near = f" ({words('the role from which firewalls are counted')})" if each.near else ""
    return f"{words.of(each.title)}{near}"


def _setting(each: Setting, words: Words) -> str:
    return (f"{words.of(each.title)}: {pack_pages.values(each, words)}. "
            f"{words('Default')}: {pack_pages.default(each, words)}")


def _by_methods(pack: Pack) -> dict[tuple[str, ...], list[Requirement]]:
    """The requirements that the same methods need, in the order of the pack."""
    found: dict[tuple[str, ...], list[Requirement]] = {}
    for each in pack.requirements:
        found.setdefault(each.methods, []).append(each)
    return found


def _besides(when: When | None, ends: Set[str]) -> When | None:
    """A condition without the roles at both ends, which the packets name already."""
    if isinstance(when, RolePresent) and when.role in ends:
        return None
    if not isinstance(when, AllOf):
        return when
    kept = tuple(each for each in when.branches if not (isinstance(each, RolePresent) and each.role in ends))
    return replace(when, branches=kept) if len(kept) > 1 else next(iter(kept), None)


def _requirement(each: Requirement, words: Words) -> str:
    flow = f"{pack_pages.service(each, words)}, {each.source} -> {each.destination}"
    when = _besides(each.when, {each.source, each.destination})
    applies = f", {condition(when, words)}" if when else ""
    marks = [words("warning")] if each.severity == "warning" else []
    marks += [words("supporting")] if each.tier else []
    return f"{flow}{applies}" + (f" ({', '.join(marks)})" if marks else "")
