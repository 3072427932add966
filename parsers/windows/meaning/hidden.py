"""What an export does not show of a rule, as conditions: it may hold for less than what is seen.

Ports say nearly always what a rule is for, whatever program it names besides: so it is taken usually. A rule
for any port is usually for one program, if it allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.rules import NO_LINE
from aclproof.parsers.model.services import TCP, UDP
from aclproof.parsers.windows.records.aspects import SELDOM, VALUES, Aspect, Tool, hidden_by
from aclproof.parsers.windows.records.rule import Barrier, WindowsRule
from aclproof.reason import Reason, joined

HIDDEN = "hidden conditions of"
"""How the facts begin that settle what an export does not show."""
REGISTRY = (r"reg export HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
            " local.reg")

_PARTS: Mapping[Aspect, Reason] = {
    "program": Reason("program"), "service": Reason("service"), "security": Reason("security"),
    "ports": Reason("ports"), "addresses": Reason("addresses"), "icmp types": Reason("icmp types"),
    "profiles": Reason("profiles"),
    "interface types": Reason("interface types"), "users": Reason("users"),
    "application package": Reason("application package"), "local users": Reason("local users"),
    "single interfaces": Reason("single interfaces"), "platforms": Reason("platforms"),
    "paired devices": Reason("paired devices"),
    "application control tags": Reason("application control tags"),
    "dynamic addresses": Reason("dynamic addresses"), "network names": Reason("network names"),
    "compartments": Reason("compartments"), "skipped versions": Reason("skipped versions"),
    "version": Reason("version")}
VERBOSE = "netsh advfirewall firewall show rule name=all verbose"
_SHOWN_BY: Mapping[Tool, str] = {
    "netsh": VERBOSE, "netsh firewall": "netsh firewall show config verbose=enable"}
"""The command that shows more, where it is not the registry's."""
_INSTEAD: Mapping[Tool, Reason] = {
    "registry": Reason("export it again"),
    "Group Policy report": Reason("export it from the registry, or by PowerShell"),
    "PowerShell": Reason("export it by PowerShell with the filters of the rules, as administrator"),
    "PowerShell rules": Reason("export it by PowerShell with the filters of the rules: "
                               "docs/export-windows-firewall.md"),
    "netsh verbose": Reason("export it from the registry, or by PowerShell"),
    "netsh": Reason("export with 'verbose', or by PowerShell"),
    "netsh firewall": Reason("export with 'verbose=enable'"),
    "wf.msc": Reason("export it from the registry, or by PowerShell")}


def conditions(rule: WindowsRule, name: Reason) -> Iterator[Opaque]:
    """Yield what may narrow a rule besides what is seen of it; `name` is the rule's for people."""
    values, tests = rule.hidden & VALUES, rule.hidden - VALUES
    find_out, instead = _SHOWN_BY.get(rule.tool, REGISTRY), _INSTEAD[rule.tool]
    if values:
        yield Opaque("", Reason(
            "what this export does not show of {rule} ({parts}): it holds for so much at most; {instead}",
            rule=name, parts=_listed(values), instead=instead), find_out=find_out)
    if tests:
        yield Opaque(f"{HIDDEN} {name}", Reason(
            "whether these packets meet what {rule} may test besides, which this export does not show "
            "({parts}); {instead}", rule=name, parts=_listed(tests), instead=instead),
            usual=_usually_met(rule), find_out=find_out, met_or_not=True)
    if _like_a_package(rule):
        yield Opaque(f"{name} is for everybody", Reason(
            "whether {rule} is for every program, user and interface: so read nearly all rules of "
            "application packages, and this export would not show it; {instead}",
            rule=name, instead=_INSTEAD["netsh verbose"]), usual=False, find_out=REGISTRY)


def _usually_met(rule: WindowsRule) -> bool | None:
    """Return whether what is hidden usually changes nothing: for the ports that are seen it does not.

    `RPC` is whatever port the hidden program has opened. Of a block for any port nothing is usual: mostly it
    is for one program, but one for everybody stops everything.
    """
    if rule.protocol not in (None, TCP, UDP):
        return True
    ports = {*rule.local_ports, *rule.remote_ports}
    if ports and "RPC" not in ports:
        return True
    return None if rule.action == "Block" else False


def barriers(rules: Iterable[WindowsRule]) -> Iterator[Barrier]:
    """Yield, once for each tool, that some rule may test what the tool never shows."""
    tools: dict[str, WindowsRule] = {}
    for rule in rules:
        if hidden_by(rule.tool) & SELDOM:
            tools.setdefault(_NAMES[rule.tool], rule)
    for name, rule in tools.items():
        yield Barrier(NO_LINE, f"conditions that {name} does not show", Reason(
            "whether any rule tests what {tool} does not show ({parts})", tool=name,
            parts=_listed(hidden_by(rule.tool) & SELDOM)), find_out=REGISTRY, permits=True, relied_on=True)


def _listed(parts: frozenset[Aspect]) -> Reason:
    return joined(", ", (_PARTS[each] for each in sorted(parts)))


def _like_a_package(rule: WindowsRule) -> bool:
    """All 126 such rules of seven real registries name neither a program nor a protocol; no other enabled
    one does."""
    return bool("application package" in hidden_by(rule.tool) and rule.action != "Block" and not rule.program
                and not rule.service and rule.protocol in (None, TCP, UDP)
                and not rule.local_ports and not rule.remote_ports and not rule.hidden & VALUES)


_NAMES: Mapping[Tool, str] = {
    "registry": "the registry", "Group Policy report": "the report of Group Policy",
    "PowerShell": "PowerShell", "PowerShell rules": "PowerShell",
    "netsh verbose": "netsh", "netsh": "netsh", "netsh firewall": "netsh", "wf.msc": "wf.msc"}
