"""Reasons: sentences for people that keep how they were made, so that reports can translate them.

A reason is its English text, in every way that a text can be used. It also holds the template that it was
made from, and the values in it. The core writes English and knows no languages; a report looks the template
up in the catalogue of its language and fills in the same values (docs/decisions/0019-reasons-are-values.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self


class Reason(str):
    """An English sentence, made from a template and its values: `Reason("{name} is late", name=name)`.

    The template is a literal, since the catalogues are filled from the source; braces of its own are
    doubled. A value may be a reason itself.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill the template in."""
        text = super().__new__(cls, template.format_map(values))
        text.template = template
        text.values = values
        return text

    def again(self, values: Mapping[str, object]) -> Self:
        """Return the same sentence with other values for its own; KeyError where one is lacking."""
        return type(self)(self.template, **{name: values[name] for name in self.values})

    def __str__(self) -> str:
        """Return the reason itself: `str(error)` of an error with a reason is that reason."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.template,), dict(self.values)

    def __getstate__(self) -> None:
        """Nothing besides what it is made from."""


AND = Reason(" and ")
OR = Reason(" or ")


def joined(between: str, parts: Iterable[str]) -> Reason:
    """Join texts as `between.join` does; those that are reasons stay reasons, and so does what is between."""
    values: dict[str, str] = {f"part{number}": part for number, part in enumerate(parts)}
    template = "{between}".join(f"{{{name}}}" for name in values)
    return Reason(template, between=between, **values)
