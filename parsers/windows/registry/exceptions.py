"""The exceptions of Windows XP and Server 2003, which older settings of Group Policy still write.

Programs and ports with a scope, services with fixed ports, ICMP types: what they mean is decided by
the explanations in `windowsfirewall.admx`. All of it is inbound; outbound was never filtered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from aclproof.parsers.model.services import ICMP, TCP, UDP
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.aspects import Aspect
from aclproof.parsers.windows.records.rule import Profile, Store, WindowsRule
from aclproof.reason import Reason

PROTOCOLS = {"tcp": TCP, "udp": UDP}
ICMP_TYPES = {"allowinboundechorequest": 8, "allowredirect": 5, "allowinboundrouterrequest": 10,
              "allowinboundtimestamprequest": 13, "allowinboundmaskrequest": 17}
"""Inbound types by the name of their registry value; the others let messages out."""

_PROGRAM = re.compile(r"((?:[a-z]:)?[^:]+):(.*?):(enabled|disabled):(.*)", re.IGNORECASE | re.DOTALL)
_PORT = re.compile(r"(\d{1,5}):(tcp|udp):(.*?):(enabled|disabled):(.*)",
                   re.IGNORECASE | re.DOTALL | re.ASCII)
_SMB, _ECHO = "445", 8
_XP = ("2:5:1", "2:5:2")
"""Windows XP and Server 2003."""
_RPC_HOSTS = ("%SystemRoot%\\system32\\svchost.exe", "%SystemRoot%\\system32\\lsass.exe")


class Service(NamedTuple):
    """A service that can be allowed by its name, and its ports."""

    name: str
    """As `netsh firewall` prints it."""
    ports: tuple[tuple[int, str], ...]
    hosts_rpc: bool = False
    """Whether it lets the hosts of RPC services open ports of their own, on XP and Server 2003."""


FILES = Service("File and Printer Sharing", ((UDP, "137"), (UDP, "138"), (TCP, "139"), (TCP, _SMB)))
ADMINISTRATION = Service("Remote Administration", ((TCP, "135"), (TCP, _SMB)), hosts_rpc=True)
DESKTOP = Service("Remote Desktop", ((TCP, "3389"),))
UPNP = Service("UPnP Framework", ((UDP, "1900"), (TCP, "2869")))


class Scope(NamedTuple):
    """Where an exception is, and for whom."""

    line: int
    profiles: tuple[Profile, ...]
    store: Store = ""
    addresses: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    hidden: frozenset[Aspect] = frozenset()

    def narrowed(self, written: str) -> Scope:
        """Narrow it to `*`, `LocalSubNet`, or a list of addresses; nothing at all, or a damaged list,
        leaves it open."""
        try:
            words = spelling.items(written)
        except ValueError:
            words = ()
        if not words:
            return self._replace(tests=(*self.tests, "scope="))
        if "*" in words:
            return self
        return self._replace(addresses=tuple(map(spelling.address, words)))


def program(text: str, scope: Scope) -> Iterator[WindowsRule]:
    """Read `PATH:SCOPE:Enabled:NAME`; ValueError when it is none."""
    found = _PROGRAM.fullmatch(text)
    if not found:
        raise ValueError(Reason("no PATH:SCOPE:STATUS:NAME"))
    path, where, status, name = found.groups()
    enabled = status.lower() == "enabled"
    for rule in programs(path, name or path, scope.narrowed(where), enabled=enabled):
        yield _refused(rule) if scope.store == "policy" and not enabled else rule


def port(text: str, scope: Scope) -> WindowsRule:
    """Read `PORT:TCP:SCOPE:Enabled:NAME`; ValueError when it is none."""
    found = _PORT.fullmatch(text)
    if not found:
        raise ValueError(Reason("no PORT:PROTOCOL:SCOPE:STATUS:NAME"))
    number, protocol, where, status, name = found.groups()
    enabled = status.lower() == "enabled"
    rule = opened(PROTOCOLS[protocol.lower()], number, name, scope.narrowed(where), enabled=enabled)
    return _refused(rule) if scope.store == "policy" and not enabled else rule


def programs(path: str, name: str, scope: Scope, *, enabled: bool = True) -> Iterator[WindowsRule]:
    """Allow a program whatever TCP or UDP port it opens."""
    for protocol in (TCP, UDP):
        yield _allow(scope, name, protocol, program=path, enabled=enabled)


def opened(protocol: int, number: str, name: str, scope: Scope, *, enabled: bool = True) -> WindowsRule:
    """Allow a port whatever program has it."""
    return _allow(scope, name or f"{number}", protocol, ports=(number,), enabled=enabled)


def service(kind: Service, scope: Scope, *, enabled: bool = True) -> Iterator[WindowsRule]:
    """Allow the ports of a service."""
    for protocol, number in kind.ports:
        yield _allow(scope, kind.name, protocol, ports=(number,), enabled=enabled)
    if kind.hosts_rpc:
        for path in _RPC_HOSTS:
            for protocol in (TCP, UDP):
                yield _allow(scope, kind.name, protocol, program=path, enabled=enabled, platforms=_XP)


def unknown(name: str, scope: Scope) -> WindowsRule:
    """Allow a service whose ports are not known here: it may be any."""
    return WindowsRule(scope.line, name, "In", "Allow", enabled=True, profiles=scope.profiles,
                       tests=(*scope.tests, f"service {name}"), store=scope.store)


def forbidden(kind: Service, scope: Scope) -> Iterator[WindowsRule]:
    """Group Policy forbids the service: exceptions of the computer's own for its ports do not count.

    Other settings of Group Policy may open the ports nevertheless, so this blocks no more than perhaps. Of
    remote administration it forbids the hosts of RPC services only.
    """
    return (_refused(rule) for rule in service(kind, scope) if rule.program or not kind.hosts_rpc)


def icmp(kind: int, name: str, scope: Scope, *, enabled: bool = True) -> WindowsRule:
    """Allow an ICMP type."""
    return _allow(scope, name, ICMP, types=(f"{kind}:*",), enabled=enabled)


def echoes(rules: Iterable[WindowsRule]) -> Iterator[WindowsRule]:
    """What opens TCP port 445 lets echo requests in too, whatever the ICMP settings say."""
    for rule in rules:
        if rule.local_ports == (_SMB,) and rule.protocol == TCP and rule.enabled and rule.action == "Allow":
            scope = Scope(rule.line, rule.profiles, rule.store, rule.remote_addresses, rule.tests,
                          rule.hidden)
            yield icmp(_ECHO, rule.name, scope)


def _refused(rule: WindowsRule) -> WindowsRule:
    """An entry that says 'disabled' outdoes others that allow the same."""
    return replace(rule, action="Block", enabled=True, remote_addresses=(), tests=("status=Disabled",))


def _allow(scope: Scope, name: str, protocol: int, *, ports: tuple[str, ...] = (),
           types: tuple[str, ...] = (), program: str = "", enabled: bool = True,
           platforms: tuple[str, ...] = ()) -> WindowsRule:
    return WindowsRule(scope.line, name, "In", "Allow", enabled, profiles=scope.profiles, protocol=protocol,
                       local_ports=ports, icmp=types, program=program, remote_addresses=scope.addresses,
                       platforms=platforms, tests=scope.tests, store=scope.store, hidden=scope.hidden)
