"""Windows Firewall: rules of many addresses, and files that are deep or long."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable

from tests.bombs.bomb import Laid, bomb, checked, host, lines
from tests.fuzz import hives

_AT_CLIENT = ", host: client, profile: domain"
_KEY = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_ON = f'[{_KEY}\\DomainProfile]\n"EnableFirewall"=dword:00000001\n'


def _block(number: int, remote: str) -> str:
    return f"v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=445|{remote}Name=R{number}|"


def _registry(rules: Iterable[str]) -> str:
    return lines(
        "Windows Registry Editor Version 5.00",
        "",
        _ON,
        f"[{_KEY}\\FirewallRules]",
        (f'"R{number}"="{each}"' for number, each in enumerate(rules)),
        "",
    )


@bomb("rules that each block a server", 20, 20_000)
def windows_blocklist(size: int) -> Laid:
    return checked(_registry(_block(k, f"RA4={host(k, '10.1')}|") for k in range(size)), more=_AT_CLIENT)


@bomb("addresses of one rule", 20, 100_000)
def windows_addresses(size: int) -> Laid:
    return checked(
        _registry([_block(1, "".join(f"RA4={host(2 * k, '10.1')}|" for k in range(size)))]), more=_AT_CLIENT
    )


@bomb("rules whose users are not known", 20, 2_000)
def windows_users(size: int) -> Laid:
    return checked(
        _registry(
            _block(k, f"RA4={host(k, '10.1')}|RUAuth=O:LSD:(A;;CC;;;S-1-5-21-{k})|") for k in range(size)
        ),
        more=_AT_CLIENT,
    )


@bomb("programs, one rule each", 20, 5_000)
def windows_programs(size: int) -> Laid:
    return checked(_registry(_block(k, f"App=C:\\\\p{k}.exe|") for k in range(size)), more=_AT_CLIENT)


@bomb("addresses of a rule in the JSON of PowerShell", 20, 100_000)
def windows_json(size: int) -> Laid:
    rule = {
        "Name": "a",
        "DisplayName": "SMB",
        "Enabled": 1,
        "Direction": 1,
        "Action": 4,
        "Profile": 0,
        "Protocol": "TCP",
        "LocalPort": ["445"],
        "RemoteAddress": [host(2 * k, "10.1") for k in range(size)],
    }
    return checked(json.dumps([rule]), more=_AT_CLIENT)


@bomb("brackets in JSON", 10, 500_000)
def windows_json_depth(size: int) -> Laid:
    return checked("[" * size + "]" * size, more=_AT_CLIENT)


@bomb("a value in hexadecimal numbers, line by line", 20, 500_000)
def windows_hexadecimal(size: int) -> Laid:
    return checked(
        _registry([]).rstrip() + '\n"x"=hex(2):' + ",\\\n  ".join(["41,00"] * size) + "\n\n", more=_AT_CLIENT
    )


@bomb("rules in a hive", 10, 5_000)
def windows_hive(size: int) -> Laid:
    return checked(
        hives.exported(*(_block(k, f"RA4={host(k, '10.1')}|") for k in range(size))), more=_AT_CLIENT
    )


@bomb("rules in a Registry.pol", 10, 50_000)
def windows_policy(size: int) -> Laid:
    def record(name: str, data: str) -> bytes:
        key = "SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules"
        text = f"{data}\0".encode("utf-16-le")
        return (
            b"[\0"
            + f"{key}\0;{name}\0;".encode("utf-16-le")
            + struct.pack("<IHIH", 1, 59, len(text), 59)
            + text
            + b"]\0"
        )

    return checked(
        b"PReg\x01\0\0\0"
        + b"".join(record(f"{k}", _block(k, f"RA4={host(k, '10.1')}|")) for k in range(size)),
        more=_AT_CLIENT,
    )


_REPORT = """<?xml version="1.0" encoding="utf-16"?>{}
<GPO xmlns="http://www.microsoft.com/GroupPolicy/Settings"
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Name>Clients</Name><Computer><Enabled>true</Enabled><ExtensionData>
<Extension xmlns:q1="http://www.microsoft.com/GroupPolicy/Settings/WindowsFirewall"
xsi:type="q1:WindowsFirewallSettings">
{}
</Extension><Name>x</Name></ExtensionData></Computer></GPO>
"""


@bomb("rules in a report of Group Policy", 10, 20_000)
def windows_report(size: int) -> Laid:
    rules = lines(
        "<q1:InboundFirewallRules><q1:Version>2.30</q1:Version><q1:Action>Block</q1:Action>"
        "<q1:Active>true</q1:Active><q1:Dir>In</q1:Dir><q1:Protocol>6</q1:Protocol><q1:LPort>445</q1:LPort>"
        f"<q1:RA4>{host(k, '10.1')}</q1:RA4><q1:Name>R{k}</q1:Name></q1:InboundFirewallRules>"
        for k in range(size)
    )
    return checked(_REPORT.format("", rules).encode("utf-16"), more=_AT_CLIENT)


@bomb("entities of a report, each ten times in the next", 3, 30)
def windows_report_entities(size: int) -> Laid:
    named = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10 if k else "x"}">' for k in range(size))
    return checked(
        _REPORT.format(f"<!DOCTYPE GPO [{named}]>", f"&e{size - 1};").encode("utf-16"), more=_AT_CLIENT
    )


@bomb("elements of a report inside of each other", 10, 200_000)
def windows_report_depth(size: int) -> Laid:
    return checked(_REPORT.format("", "<q1:a>" * size + "</q1:a>" * size).encode("utf-16"), more=_AT_CLIENT)


@bomb("rules as netsh lists them", 10, 20_000)
def windows_netsh(size: int) -> Laid:
    return checked(
        lines(
            "",
            (
                lines(
                    f"Rule Name:                            R{k}",
                    "-" * 70,
                    "Enabled: Yes",
                    "Direction: In",
                    "Profiles: Domain,Private,Public",
                    "Grouping: ",
                    "LocalIP: Any",
                    f"RemoteIP: {host(k, '10.1')}/32",
                    "Protocol: TCP",
                    "LocalPort: 445",
                    "RemotePort: Any",
                    "Edge traversal: No",
                    "Action: Block",
                )
                for k in range(size)
            ),
            "Ok.",
        ),
        more=_AT_CLIENT,
    )
