"""Which program and service conditions hold for what listens: SMB and HTTP.SYS are the kernel, DCOM svchost.

A demand says what listens at its destination (`system-smb`, `rpc-server`, ...). For inbound packets that is
the program that the rule speaks of; for outbound ones it is at the other end, and only SMB shows the sender
as well.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aclproof.parsers.model.conditions import Condition, ServedBy
from aclproof.parsers.windows.records.rule import Direction, WindowsRule
from aclproof.reason import AND, Reason, joined

SMB, ENDPOINT_MAPPER, RPC, HTTP, ECHO = "system-smb", "endpoint-mapper", "rpc-server", "http-sys", "icmp"
LISTENERS = frozenset({SMB, ENDPOINT_MAPPER, RPC, HTTP, ECHO})
"""Those whose program is known."""
MAPPED_RPC = "mapped-rpc"
"""RPC of some program, on a port that it has registered with the endpoint mapper."""
LSASS, DNS, TIME = "lsass", "dns", "windows-time"
"""LDAP and Kerberos of a domain controller, its DNS server and its clock, in the words of the pack of Active
Directory."""
OF_DOMAINS = frozenset({LSASS, DNS, TIME})
_KERNEL = frozenset({SMB, HTTP, ECHO})
_HOSTED = frozenset({ENDPOINT_MAPPER, RPC})
"""Services that svchost.exe hosts."""
_NONE: frozenset[str] = frozenset()

_OF_WINDOWS = re.compile(r"(?:%systemroot%|%windir%|[a-z]:\\windows|[a-z]:\\winnt)\\system32\\(\w+\.exe)")
_PROGRAMS = {"svchost.exe": (_HOSTED | {TIME}, _KERNEL | {LSASS, DNS}),
             "lsass.exe": (frozenset({LSASS}), LISTENERS | {DNS, TIME}),
             "dns.exe": (frozenset({DNS}), LISTENERS | {LSASS, TIME})}
"""What each hosts, and never does; elsewhere it may be a program of another system, or of nobody."""
_SERVED: dict[str, str] = {"rpcss": ENDPOINT_MAPPER, "winmgmt": RPC, "w32time": TIME, "dns": DNS}
_SPOOLER = "spooler"
_PROGRAM_OF = {"rpcss": "svchost.exe", "winmgmt": "svchost.exe", "w32time": "svchost.exe", "dns": "dns.exe",
               _SPOOLER: "spoolsv.exe"}
"""The program that a service runs in."""
_KERNEL_SERVICES = frozenset({"lanmanserver", "srv2", "http", "w3svc", "lanmanworkstation"})
"""Their sockets are the kernel's; whether a condition on them holds there, no source says."""
_WITH_RPCSS = frozenset({"rpceptmapper", "dcomlaunch"})
_WITH_WINMGMT = frozenset({
    "appinfo", "appmgmt", "bits", "browser", "certpropsvc", "dsmsvc", "gpsvc", "ikeext", "iphlpsvc",
    "lanmanserver", "msiscsi", "profsvc", "schedule", "seclogon", "sens", "sessionenv", "shellhwdetection",
    "themes", "wuauserv"})
"""They may share WMI's process (`svchost -k netsvcs`), and with it the marks that identify services."""


def scope(rule: WindowsRule) -> tuple[Condition, ...]:
    """Return the condition that a rule's program, service and package make; none where it has none."""
    return _scope(rule.program, rule.service, rule.package, rule.direction)


@lru_cache(maxsize=4096)
def _scope(program: str, service: str, package: str, way: Direction) -> tuple[Condition, ...]:
    parts = [part for part in (_program(program, way), _service(service, way), _package(package, way))
             if part]
    if not parts:
        return ()
    surely = frozenset.intersection(*(sure for _, sure, _ in parts))
    never = frozenset.union(*(no for _, _, no in parts))
    what = joined(AND, (text for text, _, _ in parts))
    named = (program.lower().replace("/", "\\").rpartition("\\")[2], _PROGRAM_OF.get(service.lower(), ""),
             package.lower())
    programs = frozenset(filter(None, named)) if way == "In" else _NONE
    reason = Reason("whether it is {what} that listens there", what=what) if way == "In" else \
        Reason("whether it is {what} that sends the packets", what=what)
    return (ServedBy(surely - never, never, what, reason, programs),)


_Part = tuple[str, frozenset[str], frozenset[str]]
"""What it is, which listeners surely are it, which never."""


def _program(program: str, way: Direction) -> _Part | None:
    path = program.lower().replace("/", "\\")
    if not path:
        return None
    if path == "system":
        return _seen(Reason("the program System"), _KERNEL, _HOSTED | OF_DOMAINS | {MAPPED_RPC}, way)
    text = Reason("the program {program}", program=program)
    name = path.rpartition("\\")[2]
    hosted, never = _PROGRAMS.get(name, (_NONE, LISTENERS | OF_DOMAINS))
    return _seen(text, hosted if _OF_WINDOWS.fullmatch(path) else _NONE, never, way)


def _service(service: str, way: Direction) -> _Part | None:
    name = service.lower()
    if not name:
        return None
    if name == "*":
        return _seen(Reason("a service"), _HOSTED | {DNS, TIME}, _NONE, way)
    served = _SERVED.get(name)
    possible = _KERNEL if name in _KERNEL_SERVICES else _NONE
    if name in _WITH_RPCSS:
        possible |= {ENDPOINT_MAPPER}
    if name in _WITH_WINMGMT:
        possible |= {RPC}
    surely = frozenset({served}) if served else _NONE
    alone = served is not None or name == _SPOOLER
    never = LISTENERS - surely - possible | (OF_DOMAINS - surely if alone else _NONE)
    return _seen(Reason("the service {service}", service=service), surely, never, way)


def _package(package: str, way: Direction) -> _Part | None:
    if not package:
        return None
    return _seen(Reason("the application package {package}",
                        package=package), _NONE, LISTENERS, way)


def _seen(text: str, surely: frozenset[str], never: frozenset[str], way: Direction) -> _Part:
    """Of what a program sends, a demand knows only that the kernel sends SMB."""
    return (text, surely, never) if way == "In" else (text, surely & {SMB}, never & {SMB})
