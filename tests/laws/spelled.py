"""The same entries in the words of each vendor: whole configurations, as their devices print them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network

from msgspec import Struct

from tests.laws.entries import CLIENTS, POINTS, SITE_SERVER, Entry, expanded


class Spelling(Struct, frozen=True):
    """How entries are written; none of it changes what they mean."""

    grouped: bool = False
    """Several networks or ports in one line, by a group, a set or a list; else a line for each."""
    prefix: str = "G"
    """Of all names."""
    upper: bool = False
    """Words of the vendor in capitals, where it does not care."""
    v6: bool = False
    """Every IPv4 address as the IPv6 address 2001:db8::a.b.c.d."""


PLAIN = Spelling()
_Network = IPv4Network | IPv6Network


def network(text: str, spelling: Spelling) -> _Network:
    """Return a network as it is spelled."""
    plain = IPv4Network(text)
    if not spelling.v6:
        return plain
    return IPv6Network((int(IPv6Network("2001:db8::/96").network_address) | int(plain.network_address),
                        96 + plain.prefixlen))


def site(vendor: str, file: str, spelling: Spelling = PLAIN) -> str:
    """Return the site file."""
    roles = {"client": (CLIENTS,), "site-server": (SITE_SERVER,), "management-point": POINTS}
    words = {role: ", ".join(f'"{network(each, spelling)}"' for each in known)
             for role, known in roles.items()}
    placed = "host: client, profile: domain" if vendor == "windows" else \
        "interfaces: {client: eth1, site-server: eth0, management-point: eth0}" if vendor != "asa" else ""
    push = "[group-policy]" if spelling.v6 and vendor != "windows" else "[client-push, group-policy]"
    return "\n".join((
        "pack: configmgr-2007", "settings: {mode: mixed, client-os: windows-7}", f"methods: {push}", "roles:",
        *(f"  {role}: [{known}]" for role, known in words.items()), "firewalls:",
        f"  - {{name: fw, config: {file}{', ' if placed else ''}{placed}}}", ""))


def _lines(found: Sequence[Entry], spelling: Spelling) -> Iterator[tuple[int, Entry]]:
    for number, each in enumerate(found, 1):
        yield from ((number, one) for one in ((each,) if spelling.grouped else expanded(each)))


# Cisco ASA

_ASA_CONDITIONS = (" time-range NIGHTS", " time-range DAYS", " quux 7")


def asa(found: Sequence[Entry], spelling: Spelling = PLAIN) -> str:
    """Two interfaces, one list bound to both, and echo inspected."""
    addresses = ("2001:db8::a01:fe/112", "2001:db8::a02:fe/112") if spelling.v6 else (
        "10.1.0.254 255.255.255.0", "10.2.0.254 255.255.255.0")
    keyword = "ipv6" if spelling.v6 else "ip"
    head = ["ASA Version 9.12(4)"]
    for number, (name, address) in enumerate(zip(("clients", "servers"), addresses, strict=True)):
        head += [f"interface GigabitEthernet0/{number}", f" nameif {name}", f" security-level {50 + number}",
                 f" {keyword} address {address}"]
    groups: list[str] = []
    rules: list[str] = []
    for number, each in _lines(found, spelling):
        ends = [_asa_end(known, f"{spelling.prefix}{number}{end}", groups, spelling)
                for end, known in (("S", each.sources), ("D", each.destinations))]
        rules.append(_asa_rule(each, ends, f"{spelling.prefix}{number}P", groups, spelling))
    tail = [f"access-group {spelling.prefix}-IN in interface {name}" for name in ("clients", "servers")]
    policy = ["class-map inspection_default", " match default-inspection-traffic", "policy-map global_policy",
              " class inspection_default", "  inspect icmp", "service-policy global_policy global"]
    ranges = ["time-range NIGHTS", " periodic daily 22:00 to 23:59", "time-range DAYS",
              " periodic weekdays 8:00 to 18:00"]
    return "\n".join((*head, *ranges, *groups, *rules, *tail, *policy, ": end", ""))


def _asa_end(known: tuple[str, ...], name: str, groups: list[str], spelling: Spelling) -> str:
    words = [_asa_network(network(each, spelling)) for each in known]
    if len(words) < 2:
        return words[0] if words else "any"
    groups += [f"object-group network {name}", *(f" network-object {each}" for each in words)]
    return f"object-group {name}"


def _asa_network(known: _Network) -> str:
    if known.num_addresses == 1:
        return f"host {known.network_address}"
    return f"{known}" if known.version == 6 else f"{known.network_address} {known.netmask}"


def _asa_rule(each: Entry, ends: Sequence[str], name: str, groups: list[str], spelling: Spelling) -> str:
    protocol = {"any": "ip", "echo": "icmp"}.get(each.protocol, each.protocol)
    ports = [f"eq {low}" if low == high else f"range {low} {high}" for low, high in each.ports]
    if len(ports) > 1:
        groups += [f"object-group service {name} {protocol}", *(f" port-object {one}" for one in ports)]
        ports = [f"object-group {name}"]
    action = "permit" if each.permit else "deny"
    words = ["access-list", f"{spelling.prefix}-IN", "extended", action, protocol]
    if spelling.upper:
        words = [one if one.startswith(spelling.prefix) else one.upper() for one in words]
    condition = _ASA_CONDITIONS[each.condition] if each.condition is not None else ""
    last = [*ends, *ports, *(["echo"] if each.protocol == "echo" else [])]
    return " ".join((*words, *last)) + condition


# iptables

_IPTABLES_CONDITIONS = (" -m string --string abc --algo bm", " -m time --timestart 08:00 --timestop 18:00",
                        " -m quux --quux 1")


def iptables(found: Sequence[Entry], spelling: Spelling = PLAIN) -> str:
    """A whole dump of a router; several networks are a chain for each entry."""
    chains: list[str] = []
    rules: list[str] = []
    for number, each in _lines(found, spelling):
        target = "ACCEPT" if each.permit else "DROP"
        test = _iptables_test(each)
        pairs = expanded(Entry(True, "any", each.sources, each.destinations))
        ends = ["".join(f" -{flag} {network(part[0], spelling)}" for flag, part in (
            ("s", pair.sources), ("d", pair.destinations)) if part) for pair in pairs]
        if len(ends) > 1:
            chain = f"{spelling.prefix}{number}"
            chains.append(f":{chain} - [0:0]")
            rules.append(f"-A FORWARD{test} -j {chain}")
            rules += [f"-A {chain}{end} -j {target}" for end in ends]
        else:
            rules.append(f"-A FORWARD{ends[0]}{test} -j {target}")
    lines = [f"# Generated by {'ip6' if spelling.v6 else 'ip'}tables-save v1.8.9"]
    for table, built_in in _TABLES.items():
        policy = {"FORWARD": "DROP"} if table == "filter" else {}
        lines += [f"*{table}", *(f":{name} {policy.get(name, 'ACCEPT')} [0:0]" for name in built_in)]
        if table == "filter":
            lines += [*chains, "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", *rules]
        lines.append("COMMIT")
    return "\n".join((*lines, ""))


_TABLES = {"raw": ("PREROUTING", "OUTPUT"),
           "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
           "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
           "filter": ("INPUT", "FORWARD", "OUTPUT")}


def _iptables_test(each: Entry) -> str:
    words = {"any": "", "echo": " -p icmp -m icmp --icmp-type 8"}.get(
        each.protocol, f" -p {each.protocol} -m {each.protocol}")
    ports = [f"{low}" if low == high else f"{low}:{high}" for low, high in each.ports]
    if len(ports) > 1:
        words += f" -m multiport --dports {','.join(ports)}"
    elif ports:
        words += f" --dport {ports[0]}"
    return words + (_IPTABLES_CONDITIONS[each.condition] if each.condition is not None else "")


# nftables

_NFT_CONDITIONS = (' meta hour "08:00"-"18:00"', " @th,96,16 7", " quux 7")


def nftables(found: Sequence[Entry], spelling: Spelling = PLAIN) -> str:
    """A listed ruleset; several networks or ports are sets with names."""
    family = "ip6" if spelling.v6 else "ip"
    sets: list[str] = []
    rules: list[str] = []
    for number, each in _lines(found, spelling):
        name = f"{spelling.prefix}{number}"
        words = [_nft_end(known, f"{family} {end}", name + end[0], sets, spelling)
                 for end, known in (("saddr", each.sources), ("daddr", each.destinations))]
        words.append(_nft_service(each, f"{name}p", sets))
        if each.condition is not None:
            words.append(_NFT_CONDITIONS[each.condition].strip())
        rules.append(" ".join(filter(None, (*words, "accept" if each.permit else "drop"))))
    return "\n".join(("table inet filter {", *sets, "\tchain forward {",
                      "\t\ttype filter hook forward priority filter; policy drop;",
                      "\t\tct state established,related accept", *(f"\t\t{each}" for each in rules), "\t}",
                      "}", ""))


def _nft_end(known: tuple[str, ...], field: str, name: str, sets: list[str], spelling: Spelling) -> str:
    words = [f"{network(each, spelling)}".removesuffix("/128" if spelling.v6 else "/32") for each in known]
    if len(words) < 2:
        return f"{field} {words[0]}" if words else ""
    kind = "ipv6_addr" if spelling.v6 else "ipv4_addr"
    sets += [f"\tset {name} {{", f"\t\ttype {kind}", "\t\tflags interval", "\t\tauto-merge",
             f"\t\telements = {{ {', '.join(words)} }}", "\t}"]
    return f"{field} @{name}"


def _nft_service(each: Entry, name: str, sets: list[str]) -> str:
    if each.protocol == "any":
        return ""
    if each.protocol == "echo":
        return "icmp type echo-request"
    ports = [f"{low}" if low == high else f"{low}-{high}" for low, high in each.ports]
    if len(ports) > 1:
        sets += [f"\tset {name} {{", "\t\ttype inet_service", "\t\tflags interval",
                 f"\t\telements = {{ {', '.join(ports)} }}", "\t}"]
        return f"{each.protocol} dport @{name}"
    return f"{each.protocol} dport {ports[0]}" if ports else f"meta l4proto {each.protocol}"


# Windows

_WINDOWS_CONDITIONS = ("RUAuth=O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1001)|", "Security=Authenticate|", "Quux=Yes|")


def windows(found: Sequence[Entry], spelling: Spelling = PLAIN) -> str:
    """The registry of a client: rules for what comes in; what goes out is allowed."""
    root = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
    lines = ["Windows Registry Editor Version 5.00", ""]
    for profile in ("DomainProfile", "StandardProfile", "PublicProfile"):
        lines += [f"[{root}\\{profile}]", '"EnableFirewall"=dword:00000001',
                  '"DoNotAllowExceptions"=dword:00000000', ""]
    lines.append(f"[{root}\\FirewallRules]")
    for number, (_, each) in enumerate(_lines(found, spelling), 1):
        lines.append(f'"{spelling.prefix}-{number}"="{_windows_rule(each, number, spelling)}"')
    text = "\r\n".join((*lines, ""))
    return text.upper().replace("WINDOWS REGISTRY EDITOR VERSION", "Windows Registry Editor Version").replace(
        "DWORD", "dword").replace("V2.10", "v2.10") if spelling.upper else text


def _windows_rule(each: Entry, number: int, spelling: Spelling) -> str:
    action, six = "Allow" if each.permit else "Block", "6" if spelling.v6 else "4"
    protocol = {"tcp": "Protocol=6|", "udp": "Protocol=17|", "echo": "Protocol=1|", "any": ""}[each.protocol]
    ports = "".join(f"LPort={low}|" if low == high else f"LPort2_10={low}-{high}|"
                    for low, high in each.ports)
    ends = "".join(f"{end}A{six}={_windows_network(network(one, spelling))}|"
                   for end, known in (("L", each.destinations), ("R", each.sources)) for one in known)
    echo = "ICMP4=8:*|" if each.protocol == "echo" else ""
    condition = _WINDOWS_CONDITIONS[each.condition] if each.condition is not None else ""
    return (f"v2.10|Action={action}|Active=TRUE|Dir=In|{protocol}Profile=Domain|{ports}{ends}{echo}"
            f"{condition}Name={spelling.prefix} {number}|")


def _windows_network(known: _Network) -> str:
    if known.version == 6:
        return f"{known}"
    return f"{known.network_address}-{known.broadcast_address}"


WRITERS: Mapping[str, tuple[str, Callable[[Sequence[Entry], Spelling], str]]] = {
    "asa": ("fw.cfg", asa), "iptables": ("fw.rules", iptables), "nftables": ("fw.nft", nftables),
    "windows": ("fw.reg", windows)}
"""The name of the file, and who writes it."""
CONDITIONS = 3
"""How many kinds of open conditions each has.

The last one nobody can read: what stands around such a line may be part of it, so it has no place in laws
about lines that mean the same.
"""
