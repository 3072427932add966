"""Ports, protocols and services that remarks name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aclproof.linter.audit.remarks.claims import HasPorts, Serves
from aclproof.linter.audit.remarks.words import any_of
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, SCTP, TCP, UDP, Service

_NUMBERS: Mapping[str, int] = {"tcp": TCP, "udp": UDP, "sctp": SCTP}
_WITH_PORTS = IntervalSet.of(*((number, number) for number in _NUMBERS.values()))
_PING = IntervalSet.of((ICMP, ICMP), (ICMP6, ICMP6))

_PORTS: Mapping[str, str] = {
    "ssh|sftp|scp": "22", "telnet": "23", "smtps?|e?mail": "25 465 587", "dns": "53 853", "tftp": "69",
    "https?|ssl|tls|web|www": "80 443", "ftps?": "20-21 989-990", "pop3?s?": "109-110 995",
    "imaps?": "143 993", "s?ntp": "123", "snmp|snmptrap": "161-162", "ldaps?": "389 636 3268-3269",
    "smb|cifs|samba|netbios": "137-139 445", "rdp|remote desktop": "3389", "mysql|mariadb": "3306",
    "mssql|ms-sql": "1433-1434", "syslog": "514 601 6514", "kerberos": "88 464 749", "bgp": "179",
    "winrm": "80 443 5985-5986", "vnc": "5800-5810 5900-5910", "sips?": "5060-5061", "nfs": "111 2049",
    "radius": "1645-1646 1812-1813", "isakmp|ike|ipsec": "500 4500", "oracle": "1521-1529",
    "postgres(?:ql)?": "5432", "tacacs\\+?": "49", "dhcp|bootp": "67-68 546-547", "rpc|dcom|wmi": "135"}
"""Words for services, and the ports that each has as long as nobody says otherwise (IANA, vendors)."""


def _ranges(text: str) -> IntervalSet:
    ends = [each.partition("-") for each in text.split()]
    return IntervalSet.of(*((int(low), int(high or low)) for low, _, high in ends))


_USUAL: Mapping[str, IntervalSet] = {name: _ranges(text) for name, text in _PORTS.items()}
NAMES = (*_USUAL, "ping|icmp")
_KNOWN = IntervalSet.union(_USUAL.values())
"""Ports that are some service's."""

_NUMBER = "[1-9]\\d{0,4}"
_SPAN = rf"{_NUMBER}(?:\s?-\s?{_NUMBER})?"
_ONE = rf"{_SPAN}(?![\w-]|[.:]\d|/\d*[a-z])"
_LIST = rf"(?P<list>{_ONE}(?:(?:\s*[,/&+;]\s*|\s+(?:and|or|und|oder)\s+){_ONE})*)"
_PROTOCOL = "(?:tcp|udp|sctp)"
_NO_COUNT = r"(?!\s*" + any_of(r"""way servers? hosts? connections? sessions? times? clients? users?
    min\w* sec\w* hours? days? % packets? attempts? rules? sites? verbindungen
    minuten stunden tage""") + r"\b)"
_NO_MACHINES = r"(?<!switch )(?<!ethernet )(?<!serial )(?<!interface )(?<!uplink )(?<!usb )"
_NAMED = tuple(re.compile(each, re.IGNORECASE) for each in (
    rf"\b(?P<protocol>{_PROTOCOL}(?:(?:\s?[/&+]\s?|\s+(?:and|und)\s+){_PROTOCOL})?)"
    rf"(?:\s?[/:_-]\s?|\s*\(|\s+(?:destination\s+|dst\s+)?ports?\s*[:=#]?\s*|\s+){_LIST}{_NO_COUNT}",
    rf"(?<![\w.:/-])(?P<list>{_SPAN})\s?[/(-]\s?(?P<protocol>{_PROTOCOL}(?:\s?[/&+]\s?{_PROTOCOL})?)\b",
    rf"{_NO_MACHINES}\bports?\s*[:=#]?\s*{_LIST}(?!\s*[/-]?\s*{_PROTOCOL}\b){_NO_COUNT}"))
"""`tcp/443`, `UDP ports 137-138`; `443/tcp`; `port 445`."""
_ITEM = re.compile(rf"({_NUMBER})(?:\s?-\s?({_NUMBER}))?")
_LOWEST, _HIGHEST = 20, 65535
"""A lower number without a protocol is more likely a port of a switch."""

_SERVICE = f"(?P<name>{'|'.join(NAMES)})"
_NO_ROLE = r"(?![\s_-]+" + any_of(r"""servers? relays? gateways? gw hosts? prox(?:y|ies) farm cluster
    clients? box admins? console portal site page app\w* vpn machines? nodes? backup team name\w*
    filter\w* inspection""") + \
    r"\b)(?![\w-]*\w)"
_ABOUT = tuple(re.compile(each, re.IGNORECASE) for each in (
    r"\b(?:allow|permit|accept|deny|block|drop|reject|erlaube)(?:s|ed)?[\s_-]+(?:" + any_of(
        r"""all any inbound outbound incoming outgoing the external internal remote public eingehende[nrs]?
        ausgehende[nrs]?""") + rf"[\s_-]+){{0,2}}{_SERVICE}{_NO_ROLE}",
    rf"(?<![\w.]){_SERVICE}[\s_-]+" + any_of(
        r"""traffic access connections? requests? queries verkehr zugriffe? zugang verbindung(?:en)? allowed
        permitted denied blocked erlaub(?:t|en) zulassen sperren gesperrt verbieten verboten blockieren
        freigeben""") + r"\b",
    rf"\W*{_SERVICE}\W*\Z"))
"""`allow inbound ssh from`, `RDP access`, `HTTPS`: not `the SMTP server may ping`."""
_ANY_NAME = re.compile(rf"(?<![a-z]){_SERVICE}(?![a-z])", re.IGNORECASE)


def ports(text: str) -> Iterator[HasPorts]:
    """Yield the ports that a text names as such."""
    taken: set[int] = set()
    for form in _NAMED:
        for found in form.finditer(text):
            if found.start("list") not in taken:
                taken.update(range(*found.span()))
                yield from _ports(found["list"], found.groupdict().get("protocol"))


def _ports(written: str, protocol: str | None) -> Iterator[HasPorts]:
    protocols = IntervalSet.of(*((number, number) for word, number in _NUMBERS.items()
                                 if word in protocol.lower())) if protocol else _WITH_PORTS
    items = list(_ITEM.finditer(written))
    for item in items if protocol or int(items[0][1]) >= _LOWEST else ():
        low, high = int(item[1]), int(item[2] or item[1])
        if low <= high <= _HIGHEST:
            yield HasPorts(f"{protocol.upper() if protocol else 'port'} {item[0]}", protocols,
                           IntervalSet.of((low, high)))


def served(text: str, whole: str) -> Iterator[Serves]:
    """Yield the services that a line of a whole text is about."""
    names = frozenset(_key(each["name"]) for each in _ANY_NAME.finditer(whole))
    for form in _ABOUT:
        for found in form.finditer(text):
            yield Serves(found["name"], names)


def fits(name: str, service: Service) -> bool | None:
    """Return whether a rule's service may be the one of a name; None where its ports are not known as those
    of some other."""
    if name in _USUAL:
        if service.protocols & _WITH_PORTS and asked_for(service) & _USUAL[name]:
            return True
    elif service.protocols & _PING:
        return True
    other = service.protocols <= _PING or (service.protocols <= _WITH_PORTS and asked_for(service) <= _KNOWN)
    return False if other else None


def asked_for(service: Service) -> IntervalSet:
    """Return the ports that a service of a rule asks for, on whichever side it does; all where on none."""
    asked = [each for each in (service.source_ports, service.destination_ports) if each != ANY_PORT]
    return IntervalSet.union(asked) if asked else ANY_PORT


def _key(word: str) -> str:
    return next(each for each in NAMES if re.fullmatch(each, word, re.IGNORECASE))
