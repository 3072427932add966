"""Templates with placeholders, as the catalogue holds them."""

from __future__ import annotations

from string import Formatter

PHRASE, PHRASES = "{phrase}", "{phrases}"


def escaped(text: str) -> str:
    """Write plain text as a template."""
    return text.replace("{", "{{").replace("}", "}}")


def letters(template: str) -> bool:
    """Whether there are words beside the placeholders."""
    return any(each.isalpha() for text, *_ in Formatter().parse(template) for each in text)


def placeholders(template: str) -> list[str]:
    """The names of its placeholders, in order."""
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def numbered(template: str) -> str:
    """Give every placeholder a name of its own: `{name}`, `{name2}`."""
    seen: dict[str, int] = {}
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(escaped(text))
        if name is not None:
            seen[name] = seen.get(name, 0) + 1
            parts.append(f"{{{name}{seen[name] if seen[name] > 1 else ''}}}")
    return "".join(parts)


def anonymous(template: str) -> str:
    """The template without the names that carry no meaning: equal ones match the same sentences."""
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(escaped(text))
        if name is not None:
            kind = name.rstrip("0123456789")
            parts.append(f"{{{kind}}}" if kind in ("phrase", "phrases", "span") else "{}")
    return "".join(parts)
