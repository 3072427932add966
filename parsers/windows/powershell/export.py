r"""What PowerShell says about the firewall: rules joined with their filters, and profiles.

The export that collects everything needed (PowerShell 5.1 or later, as administrator)::

    $p = [ordered]@{
      Rule = 'InstanceID','DisplayName','Group','Enabled','Profile','Direction','Action','Platform',
        'EdgeTraversalPolicy','LocalOnlyMapping','Owner','PolicyStoreSource','PolicyStoreSourceType',
        'PrimaryStatus','EnforcementStatus','PackageFamilyName','PolicyAppId',
        'RemoteDynamicKeywordAddresses'
      PortFilter = 'InstanceID','Protocol','LocalPort','RemotePort','IcmpType','DynamicTarget'
      AddressFilter = 'InstanceID','LocalAddress','RemoteAddress'
      ApplicationFilter = 'InstanceID','Program','Package'
      ServiceFilter = 'InstanceID','Service'
      InterfaceTypeFilter = 'InstanceID','InterfaceType'
      InterfaceFilter = 'InstanceID','InterfaceAlias'
      SecurityFilter = 'InstanceID','Authentication','Encryption','OverrideBlockRules','LocalUser',
        'RemoteUser','RemoteMachine'
      Profile = 'Name','Enabled','DefaultInboundAction','DefaultOutboundAction','AllowInboundRules',
        'AllowLocalFirewallRules','AllowUserApps','AllowUserPorts','AllowUnicastResponseToMulticast',
        'DisabledInterfaceAliases'
    }
    $x = [ordered]@{Store='ActiveStore'; System="$([Environment]::OSVersion.Version)"}
    foreach ($t in $p.Keys) { $a = @{PolicyStore='ActiveStore'}
      if ($t -eq 'Rule') { $a.TracePolicyStore = $true }
      $x[$t] = @(& "Get-NetFirewall$t" @a | ForEach-Object {
      $i = $_; $o = [ordered]@{}; foreach ($n in $p[$t]) { $o[$n] = @($i.$n) -join ',' }; $o }) }
    $x | ConvertTo-Json -Depth 4 | Set-Content -Encoding UTF8 firewall.json

It runs each command once and leaves joining by InstanceID to the reader: running them by rule takes minutes.
So the file is one object, `{"Store": ..., "System": "10.0.19045.0", "Rule": [{...}], "PortFilter": [{...}],
..., "Profile": [{...}]}`; every value is a text, `Any` where nothing narrows, with commas between several.

Also read: JSON or CSV of rules that were joined already (one record with all columns above for each rule),
of profiles, and the `Format-List` text of either. There an enumeration may be a number (ConvertTo-Json of
PowerShell 5.1), a list of one may be without brackets, and a list may be wrapped in `value` and `Count`.
An empty or missing column is not `Any`: the aspect is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.text_lines import LEFT_OUT, omissions
from aclproof.parsers.windows.powershell import profile, rule, selection, status, tables
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.powershell.status import Status
from aclproof.parsers.windows.powershell.tables import Export
from aclproof.parsers.windows.powershell.text import delimiter, quotable
from aclproof.parsers.windows.records import hardening, whole_listing
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.instead import INSTEAD
from aclproof.parsers.windows.records.rule import (
    Barrier,
    Broken,
    Direction,
    ProfileSettings,
    Store,
    WindowsInput,
    WindowsRule,
)
from aclproof.reason import Reason

KIND = "PowerShell export"

_JSON = re.compile(r"\s*[\[{]")
_MEMBER = re.compile(r'"(?:Direction|DefaultInboundAction)"\s*:', re.IGNORECASE)
_LABEL = re.compile(r"^(?:InstanceID|DisplayName|EdgeTraversalPolicy|DefaultInboundAction)\s*: ",
                    re.MULTILINE)
_HEADING = re.compile(r"(?:#TYPE [^\n]*\n)?[^\n]*\b(?:Direction|DefaultInboundAction)\b[^\n]*", re.IGNORECASE)
_SYSTEM = re.compile(r"(\d{1,3})\.(\d{1,3})\.\d+", re.ASCII)
_ACTIVE = "activestore"
_STORES: Mapping[str, Store] = {
    "": "", _ACTIVE: "effective", "persistentstore": "local"}
"""Any other store is one of Group Policy: `DOMAIN\\OBJECT`, RSOP, `localhost` for the local object."""
_NOT_IN_FORCE = frozenset({"systemdefaults", "staticservicestore", "configurableservicestore"})
"""What Windows came with, and the layer in which it hardens its services."""
_ANYTHING = {"action": "Block", "enabled": "True", "profile": "Any", "edgetraversalpolicy": ""}
"""How a rule that is lost concerns most packets."""
_BOTH: frozenset[Direction] = frozenset({"In", "Out"})


def recognises(text: str) -> bool:
    """Return whether this is JSON, CSV or a list of firewall rules or profiles."""
    if _JSON.match(text):
        return bool(_MEMBER.search(text))
    heading = _HEADING.match(text.lstrip())
    return bool(_LABEL.search(text) or (heading and delimiter(heading[0])))


def read(source: Source) -> WindowsInput:
    """Read rules and profiles; UnsupportedInputError when the text is damaged, or lists are missing in it."""
    source.quotable = quotable
    try:
        export = tables.read(source)
    except DamagedTextError as error:
        raise UnsupportedInputError(Reason("{name}:{line}: {reason}", name=source.name, line=error.line,
                                           reason=str(error))) from None
    if not export.rules and not export.profiles:
        raise UnsupportedInputError(Reason("{name}: no rule and no profile of the firewall in it",
                                           name=source.name))
    store = _STORES.get(export.store.lower(), "policy")
    found = _Read(store, rule.RuleReader(store))
    for number, record in enumerate(export.rules):
        found.read_rule(number, record)
    if export.store.lower() in _NOT_IN_FORCE or (found.sources and found.sources <= _NOT_IN_FORCE):
        raise UnsupportedInputError(Reason(
            "{name}: rules of a store ({store}) that shows nothing of what is in force; {instead}",
            name=source.name, store=export.store or export.rules[0].text("policystoresource"),
            instead=INSTEAD))
    for record in export.profiles:
        found.read_profile(record)
    rules = found.with_status()
    if not _JSON.match(source.text):
        if not source.text.endswith("\n"):
            found.broken.append(Broken(source.size, Reason("the export ends without the end of a line: it "
                                                           "may be cut off")))
        found.broken += [Broken(line, LEFT_OUT) for line in omissions(source.text)]
    whole = export.store.lower() == _ACTIVE and bool(found.numbers)
    return WindowsInput(
        source, KIND, _counts(export, found, source.size),
        tuple(rules), tuple(found.profiles), tuple(found.broken), system=_system(export),
        shows=_BOTH if whole else whole_listing.directions(
            rules, all_asked=selection.all_asked(source.text)),
        whole_store=whole,
        whole_policy=whole,
        barriers=(*found.barriers, *_lost(export.lost)))


class _Read(Struct):
    """What was read of the records of an export."""

    store: Store
    reader: rule.RuleReader
    rules: list[WindowsRule] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    """Of each rule."""
    profiles: list[ProfileSettings] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    barriers: list[Barrier] = field(default_factory=list)
    """What blocks services in the layer in which Windows hardens them."""
    sources: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)
    """The numbers of the records that are rules of the firewall, read or not."""

    def read_rule(self, number: int, record: Record) -> None:
        """Read a rule."""
        self.sources.add(record.text("policystoresource").lower())
        if rule.is_hardening(record):
            self.barriers += _hardened(record)
            return
        self.numbers.append(number)
        try:
            self.rules.append(self.reader.read(record))
        except ValueError as error:
            self.broken.append(Broken(record.line, Reason("rule '{name}': {reason}",
                                                          name=record.text('displayname', 'name'),
                                                          reason=str(error))))
        else:
            self.statuses.append(status.of(record))

    def read_profile(self, record: Record) -> None:
        """Read the settings of a profile."""
        try:
            self.profiles.append(profile.settings(record, self.store))
        except ValueError as error:
            self.broken.append(Broken(record.line, Reason("profile '{name}': {reason}",
                                                          name=record.text('name', 'profile'),
                                                          reason=str(error))))

    def with_status(self) -> list[WindowsRule]:
        """Return the rules, with why Windows does not enforce them."""
        current = status.current_profiles(zip(self.statuses, self.rules, strict=True))
        reasons = (each.out_of_force(rule.profiles, current)
                   for each, rule in zip(self.statuses, self.rules, strict=True))
        return [replace(rule, out_of_force=reason) if reason else rule
                for rule, reason in zip(self.rules, reasons, strict=True)]


def _hardened(record: Record) -> Iterator[Barrier]:
    """Yield what a rule blocks in the layer in which Windows hardens its services."""
    try:
        yield from hardening.barriers(rule.rule(record, "local"))
    except ValueError as error:
        yield hardening.unread(record.line, error)


def _lost(records: Sequence[Record]) -> Iterator[Barrier]:
    """Yield what rules may do of which only the filters are left."""
    for record in records:
        name = record.text("instanceid", "name", "id")
        because = Reason("what the rule '{name}' does: its filters are in the file, and it is not", name=name)
        either = [Record(record.line, record.fields | _ANYTHING | {"direction": way, "displayname": name})
                  for way in ("Inbound", "Outbound")]
        try:
            matches = tuple(rule.rule(each, "effective") for each in either)
        except ValueError:
            matches = ()
        yield Barrier(record.line, "", because, matches, permits=True)


def _counts(export: Export, found: _Read, lines: int) -> LineCounts:
    unread = {each.line for each in found.broken}
    taken = bytearray(lines + 1)
    of_rules = (export.rules.lines(number) for number in found.numbers)
    for ranges in chain(of_rules, (each.lines for each in export.profiles)):
        if ranges[0].start not in unread:
            for each in ranges:
                taken[each.start:each.stop] = b"\1" * len(each)
    understood = taken.count(1) - sum(map(taken.__getitem__, unread))
    return LineCounts(understood, lines - understood - len(unread), 0, len(unread))


def _system(export: Export) -> tuple[int, int] | None:
    found = _SYSTEM.match(export.system)
    return (int(found[1]), int(found[2])) if found else None
