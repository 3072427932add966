"""The shapes of a requirement pack: what a method needs, as data.

The YAML file has the same names in kebab-case; README.md in this folder explains each field to people who
write packs. The loader checks that the parts fit together, so a Pack in hand is always a sound one.
"""

from typing import Literal, TypeAlias

from msgspec import Struct, field, structs

from aclproof.rules.init_section import Init

Kind: TypeAlias = Literal["boolean", "choice", "port", "ports"]
Rule: TypeAlias = Literal["wsus-pair", "next-port"]
Protocol: TypeAlias = Literal["tcp", "udp", "icmp"]
Severity: TypeAlias = Literal["error", "warning"]
Tier: TypeAlias = Literal["", "supporting"]
"""`supporting`: what the product around a method needs, not the method itself; off unless a site asks."""
Written: TypeAlias = str | tuple[str, ...]
"""A setting's value as it is in a file, not yet read according to the setting's kind."""
COMMON_LISTENERS = ("system-smb", "endpoint-mapper", "rpc-server", "mapped-rpc", "http-sys", "icmp")
"""Services of Windows that every pack may name: the parsers know which programs they are."""
EPHEMERAL_PORTS = "ephemeral-ports"
"""The setting of the ports that connections are opened from, which every pack has."""


class Text(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A text for people, in English and German."""

    en: str
    de: str


class Page(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The document that a pack implements: its address and which edition of it was read."""

    url: str
    edition: str


class Method(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is proven to work or not, such as a way to install clients.

    A site for which `when` does not hold cannot use it at all, whatever its firewalls let through.
    """

    id: str
    title: Text
    when: "When | None" = None


class Listener(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A program of the pack's own that requirements name as their listener."""

    id: str
    title: Text
    program: str = ""
    """The name of its program on Windows, in small letters (`agent.exe`); empty where no source says."""


class MethodInSentences(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What `one` method and `all` of them are called in a sentence, with the article, as its subject."""

    one: Text
    all: Text


class RuleNames(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How new rules are called: `title` where a rule has a name for people, `stem` where it is one word."""

    title: str
    stem: str


class DefaultBy(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A default that follows another setting: that setting's value -> this one's."""

    setting: str
    values: dict[str, Written]


class Role(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A part that computers play; a site file lists its firewalls as the `near` role meets them.

    `ephemeral_ports` are those that it opens connections from, by the setting of its system.
    """

    id: str
    title: Text
    near: bool = False
    ephemeral_ports: DefaultBy | None = None


class Derived(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A value that another setting fixes.

    `next-port`: N -> N + 1; `wsus-pair`: HTTP port 80 -> 443, any other N -> N + 1.
    """

    setting: str = field(name="from")
    rule: Rule


class Setting(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A fact about a site. With no `default`, `default_by` or `derived` the user has to state it.

    `system_of` names the role whose operating system it is: an export of its own firewall may tell it.
    """

    id: str
    title: Text
    kind: Kind
    values: tuple[str, ...] = ()
    default: Written | None = None
    default_by: DefaultBy | None = None
    derived: Derived | None = None
    system_of: str = ""


class Equals(Struct, frozen=True, tag=True):
    """True if the setting has this value, written as in a file (`true`, `native`, `8530`)."""

    setting: str
    value: str


class RolePresent(Struct, frozen=True, tag=True):
    """True if the site has this role."""

    role: str


class AnyOf(Struct, frozen=True, tag=True):
    """True if one of the branches is true."""

    branches: "tuple[When, ...]"


class AllOf(Struct, frozen=True, tag=True):
    """True if every branch is true."""

    branches: "tuple[When, ...]"


# The tags only let msgspec accept the union; in YAML the keys distinguish the shapes, see rules/loader.py.
When: TypeAlias = Equals | RolePresent | AnyOf | AllOf


class Ports(Struct, frozen=True):
    """The ports `first` to `last`, both inclusive."""

    first: int
    last: int


class Citation(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where the source requires it; `row` counts from 1 in the table, or is `paragraph` for running text."""

    page: str
    table: str
    row: str
    note: str | None = None


class Requirement(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One kind of traffic that methods need: `source` opens it, `destination` listens.

    `methods` holds ids; a file's `all` is already spelled out. An item of `ports` is a range or the id of a
    setting. `icmp` is set, and `ports` empty, exactly if the protocol is icmp. An empty `listener` means that
    the pack does not say which program listens.
    """

    id: str
    title: Text
    methods: tuple[str, ...]
    source: str = field(name="from")
    destination: str = field(name="to")
    protocol: Protocol
    alternate_port: bool
    why: Text
    fix: Text
    citation: Citation
    ports: tuple[Ports | str, ...] = ()
    icmp: Literal["echo-request"] | None = None
    when: When | None = None
    listener: str = ""
    severity: Severity = "error"
    tier: Tier = ""


class WrittenPack(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the file of a pack holds, in its order."""

    id: str
    title: Text
    version: str
    page: Page
    methods: tuple[Method, ...]
    roles: tuple[Role, ...]
    settings: tuple[Setting, ...]
    requirements: tuple[Requirement, ...]
    listeners: tuple[Listener, ...] = ()
    rule_names: RuleNames | None = None
    advice: Text | None = None
    """What the source advises where one method is blocked and another works."""
    method_heading: Text | None = None
    """What a method is called as the heading of a column."""
    method_in_sentences: MethodInSentences | None = None
    same_service: tuple[tuple[str, ...], ...] = ()
    """Ports that one service is often on, group by group: a rule for one may be meant for another."""
    init: Init = Init()


class Origin(Struct, frozen=True):
    """The file that a pack was read from, as it was named, and the SHA-256 of its bytes."""

    file: str
    sha256: str


class Pack(WrittenPack, frozen=True):
    """Everything that one edition of a source page requires, in file order."""

    origin: Origin | None = None
    """Of a pack that is not part of the product: nothing else says which one it was."""
    parts: tuple["Pack", ...] = ()
    """The packs that it was put together from, with the words that they have in it; none where it is one."""
    were_warnings: frozenset[str] = frozenset()
    """Ids of requirements that are errors because the run is strict."""
    of_other_tier: frozenset[str] = frozenset()
    """Ids of methods that are left out, because they have nothing but what supports others."""

    @property
    def each(self) -> tuple["Pack", ...]:
        """The packs that it was put together from, or itself."""
        return self.parts or (self,)

    def part_with(self, word: str) -> "Pack":
        """The one of these that a requirement or a method comes from."""
        return next((part for part in self.parts
                     if word in {each.id for each in part.requirements}
                     or word in {each.id for each in part.methods}), self)

    def strict(self) -> "Pack":
        """The same pack with every warning as an error."""
        return structs.replace(
            self, requirements=tuple(structs.replace(each, severity="error") for each in self.requirements),
            were_warnings=frozenset(each.id for each in self.requirements if each.severity == "warning"))

    def only_warns_of(self, requirement: Requirement) -> bool:
        """Whether the pack only warns of a requirement, even where the run is strict."""
        return requirement.severity == "warning" or requirement.id in self.were_warnings

    def of_tier(self, tier: Tier) -> "Pack":
        """The pack with what supports its methods, or without it and the methods that have nothing else."""
        if tier:
            return self
        kept = tuple(each for each in self.requirements if not each.tier)
        needing = {method for each in kept for method in each.methods}
        return structs.replace(self, requirements=kept,
                               methods=tuple(each for each in self.methods if each.id in needing),
                               of_other_tier=frozenset(each.id for each in self.methods) - needing)

    @property
    def near(self) -> str:
        """The id of the role from which a site file counts its firewalls; empty where none is declared."""
        return next(iter(self.nears), "")

    @property
    def nears(self) -> tuple[str, ...]:
        """The near roles of the packs that it was put together from."""
        return tuple(role.id for role in self.roles if role.near)

    @property
    def names_of_rules(self) -> RuleNames:
        """How new rules are called; without `rule_names` by the pack's id."""
        return self.rule_names or RuleNames(self.id, self.id.upper())
