"""The contract between the readers of Windows Firewall exports and what makes one firewall of them.

A reader turns one text into one `WindowsInput`; `convert` joins the inputs of one host. Everything is
spelled as the specification of the registry strings does (MS-GPFAS 2.2.2.19), whatever the export's own
words: `Allow`, `Block`, `ByPass`; `In`, `Out`; `Domain`, `Private`, `Public`; `RPC-EPMap`; `LocalSubnet`.

- An empty tuple or text means *any*. A reader never writes `Any` or `*` for it.
- What an export does not show at all is named in `WindowsRule.hidden`, which is not the same as any; what its
  tool can never show is in `aspects`.
- A list is the union of its items; items are single words, trimmed, spelled by `spelling.port` and
  `spelling.address`. Unknown words are handed on as they are: `convert` leaves them open.
- A rule that cannot be read becomes a `Broken`: it may allow or block anything.
- Several registry keys of one rule are unions; what is missing has the specification's meaning (no
  `Active`: disabled; no `Profile`: all three; no `Protocol`: any).

Text readers offer `recognises(text: str) -> bool`, which is cheap, and `read(source: Source) ->
WindowsInput`, which raises `parsers.source.UnsupportedInputError` for a text that cannot be read as a whole.
Binary inputs (`Registry.pol`, `.wfw`, a SYSTEM hive) are no text: `binary.read_bytes(data: bytes, name: str)
-> Source | None` turns one into a Source with the text of the equivalent `.reg` file (sha256 of the bytes;
`encoding` names the container), and None says that the bytes are none of these. So evidence can be quoted and
one reader reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

from aclproof.parsers.model.notes import LineCounts, Note
from aclproof.parsers.source import Source
from aclproof.parsers.windows.records.aspects import Aspect, Tool
from aclproof.reason import Reason

Direction = Literal["In", "Out"]
Action = Literal["Allow", "Block", "ByPass"]
Profile = Literal["Domain", "Private", "Public"]
InterfaceType = Literal["Lan", "Wireless", "RemoteAccess", "MobileBroadband"]
"""PowerShell's `Wired` and the console's `LAN` are `Lan`."""
Edge = Literal["No", "Yes", "App", "User"]
"""Traffic through a NAT edge: never, always, if the application or the user requests it."""
Store = Literal["local", "policy", "effective", ""]
"""Where it comes from: this computer's own rules, Group Policy, all of them together as they are in force
(`ActiveStore`, a `dynamic` dump); empty where the export does not say."""
Version = tuple[int, int]
"""Of the schema of a rule string, or of the policy that a system reads: `v2.31` is (2, 31)."""

PROFILES: tuple[Profile, ...] = get_args(Profile)
PROFILE_NAMES: Mapping[str, Reason] = {
    "Domain": Reason("Domain"), "Private": Reason("Private"), "Public": Reason("Public")}
"""What people call them: each is the profile itself, and has a name in other languages."""


class WindowsRule(Struct, frozen=True):
    """One rule, in MS-GPFAS words."""

    line: int
    """Of its own source, from 1: where the rule begins."""
    name: str
    """The display name as written; it may be `@FirewallAPI.dll,-28511`, and need not be the only one."""
    direction: Direction
    action: Action
    enabled: bool
    id: str = ""
    """The registry's value name or PowerShell's InstanceID, where the export has it: `FPS-SMB-In-TCP`."""
    group: str = ""
    """EmbedCtxt, Grouping, DisplayGroup: `@FirewallAPI.dll,-28502`, or a name in some language."""
    description: str = ""
    profiles: tuple[Profile, ...] = PROFILES
    protocol: int | None = None
    """0-255; None for any protocol (256 in the registry)."""
    local_ports: tuple[str, ...] = ()
    """Each `445`, `5000-5010` or a keyword (`RPC`, `RPC-EPMap`, `IPHTTPSIn`, `Teredo`, `mDNS`, ...)."""
    remote_ports: tuple[str, ...] = ()
    local_addresses: tuple[str, ...] = ()
    """Each an address, `net/24`, `net/255.255.255.0`, `first-last` or a keyword: `LocalSubnet`, `DNS`,
    `DHCP`, `WINS`, `DefaultGateway`, `IntErnet`, ... A keyword means both families; from a key of one
    family (RA4, RA6, RA42, RA62) it ends in that digit: `LocalSubnet4`. IPv4 alone does not match IPv6."""
    remote_addresses: tuple[str, ...] = ()
    icmp: tuple[str, ...] = ()
    """`type:code` or `type:*` each; `protocol` says of which ICMP."""
    program: str = ""
    """A path as written (`%SystemRoot%\\system32\\svchost.exe`), or `System` for the kernel."""
    service: str = ""
    """A service's short name; `*` for services only, whichever."""
    package: str = ""
    """The SID of an application package (AppPkgId), or its family name (PFN)."""
    interface_types: tuple[InterfaceType | str, ...] = ()
    interfaces: tuple[str, ...] = ()
    """GUIDs or names of single interfaces."""
    edge: Edge = "No"
    security: str = ""
    """`Authenticate`, `AuthenticateEncrypt`, `An-NoEncap`, `AnE-Nego`, ...: what IPsec must do first.
    Empty for NotRequired."""
    override_block: bool = False
    """AuthByPassOut, or PowerShell's OverrideBlockRules: authenticated traffic passes block rules."""
    remote_computers: str = ""
    """RMauth: SDDL, as the other three."""
    remote_users: str = ""
    """RUAuth."""
    local_users: str = ""
    """LUAuth."""
    owner: str = ""
    """LUOwn: a SID."""
    local_only_mapping: bool = False
    """LOM: an allow rule then ignores its remote addresses and ports."""
    platforms: tuple[str, ...] = ()
    """`2:6:1` each: platform 2 (Windows NT), major and minor version; `2:6:1+` for it and what came later."""
    tests: tuple[str, ...] = ()
    """Every other test that narrows the rule (TTK, NNm, SecurityRealmId, an unknown key), as `KEY=VALUE`."""
    version: Version | None = None
    """Of its schema, where the export shows it."""
    skipped_up_to: Version | None = None
    """SkipVer: systems up to this version may ignore the rule."""
    out_of_force: str = ""
    """Why Windows says that it does not enforce the rule; empty where it says nothing of the kind."""
    store: Store = ""
    hidden: frozenset[Aspect] = frozenset()
    """What this export does not show of the rule: share one set between rules. What its tool hardly ever
    misses (`aspects.SELDOM`) is not listed."""
    tool: Tool = "registry"
    """What wrote the export."""


class ProfileSettings(Struct, frozen=True):
    """What one input says about one profile; None where it does not say, which is not 'off'."""

    line: int
    """Where the profile's section begins, or a line of it."""
    profile: Profile
    store: Store = ""
    enabled: bool | None = None
    """EnableFirewall, State."""
    inbound: Literal["Allow", "Block"] | None = None
    """DefaultInboundAction; in the registry 0 is allow and 1 is block."""
    outbound: Literal["Allow", "Block"] | None = None
    block_all_inbound: bool | None = None
    """DoNotAllowExceptions, `BlockInboundAlways`, AllowInboundRules=False: no allow rule counts."""
    local_rules: bool | None = None
    """AllowLocalPolicyMerge, LocalFirewallRules: whether local rules count besides those of Group Policy."""
    local_programs: bool | None = None
    """AuthorizedApplications UserPrefMerge: whether local rules 'a program, any TCP/UDP port' count."""
    local_ports: bool | None = None
    """GloballyOpenPorts UserPrefMerge: whether local rules 'no program, one port' count."""
    unicast_response: bool | None = None
    """UnicastResponsesToMulticast; True where they are let in. Reported only."""
    log_blocked: bool | None = None
    """LogDroppedPackets, LogDroppedConnections: whether what is stopped leaves a line in the log."""
    disabled_interfaces: tuple[str, ...] = ()
    """Adapters on which the firewall is off."""


class Broken(NamedTuple):
    """A line, or the first line of a rule, that could not be read though it may decide about packets."""

    line: int
    reason: str


class Barrier(NamedTuple):
    """What may stop packets before any rule of the firewall is asked, or may replace its rules."""

    line: int
    key: str
    """The fact that settles whether it does; empty where only another export can."""
    because: str
    matches: tuple[WindowsRule, ...] = ()
    """What it concerns, as rules; none for any packet."""
    find_out: str = ""
    permits: bool = False
    """Whether it may let packets through as well."""
    leaves_open: bool = False
    """Whether what it does to a packet is not known where it is there; so it is wherever it `permits`."""
    relied_on: bool = False
    """Whether it is taken to be absent as long as no fact says otherwise."""


ADDING_SCRIPT = "netsh advfirewall script"
"""The kind of a script that is given as an input of its own: it adds rules to others."""
CHANGE_SCRIPT = "change script"
"""The kind of an input that is no export: what a script adds to those of a computer."""


class WindowsInput(Struct, frozen=True):
    """One input, read.

    `counts` add up to `len(source.lines())`; every line of a rule that was read counts as understood here,
    `convert` moves it to approximated when something stays open. Each `Broken` line is counted as unread by
    the reader; `convert` writes its note.
    """

    source: Source
    kind: str
    """What it is, for people: `netsh advfirewall firewall show rule`, `registry export`, ..."""
    counts: LineCounts
    rules: tuple[WindowsRule, ...] = ()
    profiles: tuple[ProfileSettings, ...] = ()
    broken: tuple[Broken, ...] = ()
    notes: tuple[Note, ...] = ()
    """What people should also know, with a span of this source."""
    shows: frozenset[Direction] = frozenset()
    """The directions of which it lists every rule of its store: both for a registry export of FirewallRules
    or an unfiltered PowerShell export; one for a list of the inbound node; none for a script, for profile
    settings only, for a Group Policy object that may be one of several. A netsh listing may have been
    filtered by its command line, so it shows the directions that occur in it."""
    system: tuple[int, int] | None = None
    """The Windows version, where the export shows it: (6, 1) for Windows 7, (10, 0) for 10 and later."""
    reads: Version | None = None
    """The newest version of a rule string that this Windows reads (PolicyVersion)."""
    whole_store: bool = False
    """Whether a rule of the computer's own that is not in it was not there."""
    whole_policy: bool = False
    """Whether all of Group Policy is in it: in an export of what is in force, or of the key that Group Policy
    writes. One object of it proves nothing about the others."""
    barriers: tuple[Barrier, ...] = ()
    """What may stop packets besides the rules."""
    one_line: bool = False
    """Whether the line of a rule says all of it, so that it is quoted as it is."""
