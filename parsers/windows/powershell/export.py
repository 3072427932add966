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

from msgspec.structs import replace

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.powershell import profile, rule, selection, status, tables
from aclproof.parsers.windows.powershell.tables import Export
from aclproof.parsers.windows.powershell.text import DamagedTextError, delimiter, quotable
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
        raise UnsupportedInputError(f"{source.name}:{error.line}: {error}") from None
    if not export.rules and not export.profiles:
        raise UnsupportedInputError(Reason("{name}: no rule and no profile of the firewall in it",
                                           name=source.name))
    sources = {each.text("policystoresource").lower() for each in export.rules}
    if export.store.lower() in _NOT_IN_FORCE or (sources and sources <= _NOT_IN_FORCE):
        raise UnsupportedInputError(Reason(
            "{name}: rules of a store ({store}) that shows nothing of what is in force; {instead}",
            name=source.name, store=export.store or export.rules[0].text("policystoresource"),
            instead=INSTEAD))
    hardened = [each for each in export.rules if rule.is_hardening(each)]
    export.rules = [each for each in export.rules if not rule.is_hardening(each)]
    rules, profiles, broken = _read(export)
    if not source.text.endswith("\n") and source.text.lstrip()[:1] not in ("[", "{"):
        broken.append(Broken(len(source.lines()), Reason("the export ends without the end of a line: it may "
                                                         "be cut off")))
    whole = export.store.lower() == _ACTIVE and bool(export.rules)
    return WindowsInput(
        source, KIND, _counts(export, broken, len(source.lines())),
        tuple(rules), tuple(profiles), tuple(broken), system=_system(export),
        shows=_BOTH if whole else whole_listing.directions(
            rules, all_asked=selection.all_asked(source.text)),
        whole_store=whole,
        whole_policy=whole,
        barriers=(*_hardened(hardened), *_lost(export.lost)))


def _read(export: Export) -> tuple[list[WindowsRule], list[ProfileSettings], list[Broken]]:
    store = _STORES.get(export.store.lower(), "policy")
    rules: list[tuple[Record, WindowsRule]] = []
    profiles: list[ProfileSettings] = []
    broken: list[Broken] = []
    for record in export.rules:
        try:
            rules.append((record, rule.rule(record, store)))
        except ValueError as error:
            broken.append(Broken(record.line, Reason("rule '{name}': {reason}",
                                                     name=record.text('displayname', 'name'),
                                                     reason=str(error))))
    for record in export.profiles:
        try:
            profiles.append(profile.settings(record, store))
        except ValueError as error:
            broken.append(Broken(record.line, Reason("profile '{name}': {reason}",
                                                     name=record.text('name', 'profile'), reason=str(error))))
    current = status.current_profiles(rules)
    return [replace(each, out_of_force=status.out_of_force(record, each.profiles, current))
            for record, each in rules], profiles, broken


def _hardened(records: Sequence[Record]) -> Iterator[Barrier]:
    """Yield what blocks services in the layer in which Windows hardens them."""
    for record in records:
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


def _counts(export: Export, broken: Sequence[Broken], lines: int) -> LineCounts:
    unread = {each.line for each in broken}
    records = [each.lines for each in (*export.rules, *export.profiles) if each.line not in unread]
    understood = len(set[int]().union(*records) - unread)
    return LineCounts(understood, lines - understood - len(unread), 0, len(unread))


def _system(export: Export) -> tuple[int, int] | None:
    found = _SYSTEM.match(export.system)
    return (int(found[1]), int(found[2])) if found else None
