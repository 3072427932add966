"""nftables: sets, maps, verdict maps, variables and brackets."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bombs.bomb import Laid, bomb, checked, host, lines


def _table(
    rules: Iterable[str], before: Iterable[str] = (), *, ahead: Iterable[str] = (), then: str = "accept"
) -> str:
    return lines(
        ahead,
        "table inet filter {",
        before,
        "chain forward {",
        "type filter hook forward priority 0; policy drop;",
        rules,
        then,
        "}",
        "}",
    )


@bomb("hosts of the clients dropped, one by one", 50, 5_000)
def nft_blocklist(size: int) -> Laid:
    return checked(_table(f"ip saddr {host(7 * k)} drop" for k in range(size)))


@bomb("hosts dropped by limits that are not known", 20, 1_000)
def nft_limits(size: int) -> Laid:
    return checked(_table(f"ip saddr {host(7 * k)} limit rate over {k + 1}/second drop" for k in range(size)))


@bomb("elements of one set", 10, 200_000)
def nft_set(size: int) -> Laid:
    members = ", ".join(host(2 * k) for k in range(size))
    return checked(
        _table(["ip saddr @s drop"], ["set s {", "type ipv4_addr;", f"elements = {{ {members} }}", "}"])
    )


@bomb("elements of address, protocol, port and address", 10, 20_000)
def nft_concatenated(size: int) -> Laid:
    members = ", ".join(
        f"{host(k % 65_536)} . tcp . {k % 1_000 + 1} . {host(k % 251, '10.1')}" for k in range(size)
    )
    return checked(
        _table(
            ["ip saddr . meta l4proto . th dport . ip daddr @s drop"],
            [
                "set s {",
                "type ipv4_addr . inet_proto . inet_service . ipv4_addr;",
                f"elements = {{ {members} }}",
                "}",
            ],
        )
    )


@bomb("ranges of two fields that overlap", 10, 5_000)
def nft_ranges(size: int) -> Laid:
    members = ", ".join(f"{host(2 * k)}-{host(40_000 + k)} . {k + 1}-{k + 20_000}" for k in range(size))
    return checked(
        _table(
            ["ip saddr . tcp dport @s drop"],
            [
                "set s {",
                "type ipv4_addr . inet_service;",
                "flags interval;",
                f"elements = {{ {members} }}",
                "}",
            ],
        )
    )


@bomb("verdicts of a map, each a chain of its own", 10, 5_000)
def nft_verdicts(size: int) -> Laid:
    chains = (f"chain c{k} {{ tcp dport {k % 1_000 + 1} drop; }}" for k in range(size))
    members = ", ".join(f"{host(2 * k)} : jump c{k}" for k in range(size))
    return checked(_table([f"ip saddr vmap {{ {members} }}"], chains))


@bomb("verdict maps in a row, each to the next", 10, 2_000)
def nft_verdicts_deep(size: int) -> Laid:
    chains = (
        f"chain c{k} {{ ip saddr vmap {{ {host(2 * k)} : drop, {host(2 * k + 1)}-{host(2 * k + 9)} : "
        f"jump c{k - 1}, 10.30.0.0/16 : return }}; }}"
        for k in range(1, size)
    )
    return checked(_table([f"jump c{size - 1}"], ["chain c0 { drop; }", *chains]))


@bomb("translations by a map", 10, 20_000)
def nft_nat_map(size: int) -> Laid:
    members = ", ".join(
        f"{host(k, '10.1')} . {k % 1_000 + 1} : {host(k + 1, '10.1')} . {k % 999 + 1}" for k in range(size)
    )
    chain = [
        "chain prerouting {",
        "type nat hook prerouting priority -100;",
        f"dnat ip to ip daddr . tcp dport map {{ {members} }}",
        "}",
    ]
    return checked(_table([], chain))


@bomb("marks by a map that the next rule asks", 10, 200)
def nft_marks(size: int) -> Laid:
    members = ", ".join(f"{host(2 * k)} : {k + 1}" for k in range(size))
    asked = ", ".join(f"{k + 1} : {('drop', 'continue')[k % 2]}" for k in range(size))
    return checked(_table([f"meta mark set ip saddr map {{ {members} }}", f"meta mark vmap {{ {asked} }}"]))


@bomb("variables, each twice in the next", 5, 60)
def nft_variables(size: int) -> Laid:
    defined = [
        "define v0 = { 10.20.0.1 }",
        *(f"define v{k} = {{ $v{k - 1}, $v{k - 1} }}" for k in range(1, size)),
    ]
    return checked(_table([f"ip saddr $v{size - 1} drop"], ahead=defined))


@bomb("brackets inside of each other", 10, 100_000)
def nft_brackets(size: int) -> Laid:
    return checked(_table([f"ip saddr {'{' * size} 10.20.0.1 {'}' * size} drop"]))


@bomb("brackets in JSON", 10, 200_000)
def nft_json_depth(size: int) -> Laid:
    return checked('{"nftables": ' + "[" * size + "]" * size + "}")


@bomb("tables with chains at the same hook", 4, 500)
def nft_hooks(size: int) -> Laid:
    return checked(
        lines(
            f"table inet t{k} {{\nchain c {{\ntype filter hook forward priority {k}; policy accept;\n"
            f"ip saddr {host(7 * k)} limit rate 1/second drop\n}}\n}}"
            for k in range(size)
        )
    )


@bomb("flags of TCP, masks and values of fields", 4, 2_000)
def nft_fields(size: int) -> Laid:
    return checked(
        _table(
            f"ip ttl {k % 256} ip dscp {k % 64} ip length {k + 20}-{k + 4_000} tcp window {k} drop"
            for k in range(size)
        )
    )


@bomb("hosts of the clients as rules in JSON", 10, 5_000)
def nft_json(size: int) -> Laid:
    head = (
        '{"nftables": [{"table": {"family": "inet", "name": "filter"}}, {"chain": {"family": "inet", '
        '"table": "filter", "name": "f", "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}}'
    )
    rule = (
        ', {"rule": {"family": "inet", "table": "filter", "chain": "f", "expr": [{"match": {"op": "==", '
        '"left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "%s"}}, {"drop": null}]}}'
    )
    return checked(head + "".join(rule % host(7 * k) for k in range(size)) + "]}")
