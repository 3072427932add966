"""What each form of an export can never show of a rule (docs/windows.md has the sources).

A registry export shows every field. What another form hides is not the same as any: whoever reads it keeps
what is hidden with the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Aspect = Literal[
    "ports", "addresses", "icmp types", "profiles", "program", "service", "security", "interface types",
    "users", "application package", "local users", "single interfaces", "platforms", "paired devices",
    "application control tags", "dynamic addresses", "network names", "compartments", "skipped versions",
    "version"]
"""Parts of a rule that an export may hide; the words are used in the report. `users` are the lists of
remote users and computers; `local users` those of the owner and of the process."""

Tool = Literal["registry", "Group Policy report", "PowerShell", "PowerShell rules", "netsh verbose", "netsh",
               "netsh firewall", "wf.msc"]
"""What wrote the export. `PowerShell rules` is Get-NetFirewallRule without its filters; the rules that `netsh
firewall` shows can test no more than it shows."""

VALUES: frozenset[Aspect] = frozenset({"ports", "addresses", "icmp types", "profiles"})
"""What no yes or no can stand for."""

SELDOM: frozenset[Aspect] = frozenset({
    "application package", "local users", "single interfaces", "platforms", "paired devices",
    "application control tags", "dynamic addresses", "network names", "compartments", "skipped versions",
    "version"})
"""What hardly any rule tests that names a program or a port: of 4,589 rules of real registries none that
opens a port of the kernel or of svchost; but 'any port, any program' is nearly always one package."""

_NOT_REGISTRY: tuple[Tool, ...] = ("PowerShell", "PowerShell rules", "netsh verbose", "netsh", "wf.msc")
_HIDERS: Mapping[Aspect, tuple[Tool, ...]] = {
    "ports": ("PowerShell rules",),
    "addresses": ("PowerShell rules",),
    "icmp types": ("PowerShell rules", "wf.msc"),
    "profiles": (),
    "program": ("PowerShell rules", "netsh"),
    "service": ("PowerShell rules", "netsh", "wf.msc"),
    "security": ("PowerShell rules", "netsh"),
    "interface types": ("PowerShell rules", "netsh", "wf.msc"),
    "users": ("PowerShell rules", "netsh"),
    "application package": ("PowerShell rules", "netsh verbose", "netsh"),
    "local users": ("PowerShell rules", "netsh verbose", "netsh"),
    "single interfaces": ("PowerShell rules", "netsh verbose", "netsh", "wf.msc"),
    "platforms": ("netsh verbose", "netsh", "wf.msc"),
    "paired devices": ("PowerShell rules", "netsh verbose", "netsh", "wf.msc"),
    "application control tags": ("netsh verbose", "netsh", "wf.msc"),
    "dynamic addresses": ("netsh verbose", "netsh", "wf.msc"),
    "network names": ("Group Policy report", *_NOT_REGISTRY),
    "compartments": ("Group Policy report", *_NOT_REGISTRY),
    "skipped versions": ("Group Policy report", *_NOT_REGISTRY),
    "version": _NOT_REGISTRY}
"""By part of a rule the tools that never show it."""


def hidden_by(tool: Tool) -> frozenset[Aspect]:
    """Return what a tool never shows of any rule; share the set between rules."""
    return _HIDDEN[tool]


_HIDDEN: Mapping[Tool, frozenset[Aspect]] = {
    tool: frozenset(aspect for aspect, tools in _HIDERS.items() if tool in tools) for tool in get_args(Tool)}
