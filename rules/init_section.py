"""The section `init` of a pack: what in configurations suggests a value of a first site file.

Texts are English, as all of that file is.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from aclproof.rules.inventory_section import InventoryHints

Port: TypeAlias = Annotated[int, Meta(ge=1, le=65535)]
Strength: TypeAlias = Literal["weak", "fair", "strong"]


class RoleHints(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """By which words a name means a role, and how the role is drafted where nothing does.

    `product_words` name the product too: they mean the role only where a name has no other role's word.
    `places` are words for where computers with the role often are.
    """

    words: tuple[str, ...] = ()
    product_words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    fill_in: bool = False
    """Whether it has to be filled in where no line suggests any role but the near one."""
    remark: str = ""


class PortHint(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """TCP ports between the near role and another one: who opens them, or who listens."""

    ports: tuple[Port, ...]
    strength: Strength
    source: str = field(name="from", default="")
    destination: str = field(name="to", default="")


class Guess(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A setting's value where a TCP port to a role is permitted."""

    value: str
    role: str
    port: Port
    because: str


class PackSign(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """By what a configuration shows that it is for this pack; one of `words`, `ports` and `systems` is given.

    A weak sign is told and never decides; a fair one decides and is to be confirmed; a strong one names the
    product and its version.
    """

    strength: Strength
    words: tuple[str, ...] = ()
    """In names, descriptions and comments."""
    ports: tuple[Port, ...] = ()
    """TCP ports that a line is for."""
    systems: tuple[str, ...] = ()
    """Of the host that a configuration is of, as the pack's settings call them."""
    because: str = ""
    """What the sign has to do with the pack."""


class SettingHints(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a setting is drafted: the first guess that fits, else an example as a comment."""

    id: str
    remark: str
    example: str = ""
    """Empty: its default."""
    guesses: tuple[Guess, ...] = ()


class Init(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What a pack says of first site files; without it they are drafted from its ids and titles."""

    methods: tuple[str, ...] = ()
    """Examples."""
    roles: dict[str, RoleHints] = {}
    ports: tuple[PortHint, ...] = ()
    """The more telling ones later."""
    settings: tuple[SettingHints, ...] = ()
    chosen_by: tuple[PackSign, ...] = ()
    """What makes the pack the one of a site where nobody says which it is."""
    inventory: InventoryHints | None = None
