"""iptables and ipset: chains, conditions, sets and translations."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bombs.bomb import Laid, bomb, checked, host, lines


def saved(rules: Iterable[str], chains: Iterable[str] = (), *, nat: Iterable[str] = ()) -> str:
    """Write what iptables-save prints."""
    translations = (
        (
            "*nat",
            *(f":{each} ACCEPT [0:0]" for each in ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")),
            *nat,
            "COMMIT",
        )
        if nat
        else ()
    )
    return lines(
        translations,
        "*filter",
        ":INPUT ACCEPT [0:0]",
        ":FORWARD DROP [0:0]",
        ":OUTPUT ACCEPT [0:0]",
        (f":{each} - [0:0]" for each in chains),
        rules,
        "-A FORWARD -j ACCEPT",
        "COMMIT",
    )


@bomb("hosts of the clients dropped, one by one", 50, 5_000)
def iptables_blocklist(size: int) -> Laid:
    return checked(saved(f"-A FORWARD -s {host(7 * k)}/32 -j DROP" for k in range(size)))


@bomb("hosts dropped that came before", 20, 1_000)
def iptables_recent(size: int) -> Laid:
    return checked(
        saved(
            f"-A FORWARD -s {host(7 * k)}/32 -m recent --rcheck --name r{k} --mask 255.255.255.255 "
            "--rsource -j DROP"
            for k in range(size)
        )
    )


@bomb("sets that are not in the file", 20, 1_000)
def iptables_unknown_sets(size: int) -> Laid:
    return checked(
        saved(f"-A FORWARD -s {host(7 * k)}/32 -m set --match-set s{k} src -j DROP" for k in range(size))
    )


@bomb("unknown sets of any host", 20, 1_000)
def iptables_unknown_everywhere(size: int) -> Laid:
    return checked(saved(f"-A FORWARD -p tcp -m set --match-set s{k} src,dst -j DROP" for k in range(size)))


@bomb("hosts dropped at times of their own", 20, 1_000)
def iptables_times(size: int) -> Laid:
    return checked(
        saved(
            f"-A FORWARD -s {host(7 * k)}/32 -m time --timestart {k // 60 % 24:02}:{k % 60:02}:00 "
            "--timestop 23:59:59 -j DROP"
            for k in range(size)
        )
    )


@bomb("chains of three jumps each with open conditions", 4, 60)
def iptables_jumps(size: int) -> Laid:
    rules = [
        f"-A C{k} -m recent --rcheck --name r{k}{n} --mask 255.255.255.255 --rsource -j C{k + 1}"
        for k in range(size - 1)
        for n in range(3)
    ]
    return checked(
        saved(["-A FORWARD -j C0", *rules, f"-A C{size - 1} -j DROP"], [f"C{k}" for k in range(size)])
    )


@bomb("chains inside of each other", 10, 8_000)
def iptables_deep(size: int) -> Laid:
    rules = [
        each
        for k in range(size - 1)
        for each in (f"-A C{k} -s {host(6 * k)}/32 -j DROP", f"-A C{k} -j C{k + 1}")
    ]
    return checked(saved(["-A FORWARD -j C0", *rules], [f"C{k}" for k in range(size)]))


@bomb("chains that call each other in a circle", 4, 2_000)
def iptables_circle(size: int) -> Laid:
    rules = [f"-A C{k} -s {host(6 * k)}/32 -j C{(k + 1) % size}" for k in range(size)]
    return checked(saved(["-A FORWARD -j C0", *rules], [f"C{k}" for k in range(size)]))


@bomb("marks set by one rule and asked by the next", 10, 100)
def iptables_marks(size: int) -> Laid:
    rules = [
        each
        for k in range(size)
        for each in (
            f"-A FORWARD -s {host(6 * k)}/32 -j MARK --set-xmark {k + 1:#x}/0xffffffff",
            f"-A FORWARD -m mark --mark {k + 1:#x} -m recent --rcheck --name r{k} "
            "--mask 255.255.255.255 --rsource -j DROP",
        )
    ]
    return checked(saved(rules))


@bomb("bits of a mark set if a condition holds that is not known", 4, 32)
def iptables_mark_bits(size: int) -> Laid:
    rules = [
        f"-A PREROUTING -m recent --rcheck --name r{k} --mask 255.255.255.255 --rsource -j MARK --set-xmark "
        f"{1 << k:#x}/{1 << k:#x}"
        for k in range(size)
    ]
    table = lines(
        "*mangle",
        *(f":{each} ACCEPT [0:0]" for each in ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")),
        rules,
        "COMMIT",
    )
    return checked(table + saved([f"-A FORWARD -m mark --mark {0x55555555 & (1 << size) - 1:#x} -j DROP"]))


@bomb("destinations translated, each to the next", 20, 5_000)
def iptables_nat(size: int) -> Laid:
    rules = [
        f"-A PREROUTING -d {host(k, '10.1')}/32 -p tcp -m tcp --dport 445 -j DNAT --to-destination "
        f"{host(k + 1, '10.1')}:445"
        for k in range(size)
    ]
    sources = [f"-A POSTROUTING -s {host(k)}/32 -j SNAT --to-source {host(k + 1)}" for k in range(size)]
    return checked(saved([], nat=[*rules, *sources]))


@bomb("ports by fifteen", 10, 1_000)
def iptables_ports(size: int) -> Laid:
    return checked(
        saved(
            f"-A FORWARD -s {host(7 * k)}/32 -p tcp -m multiport --dports "
            f"{','.join(str(65_534 - 15 * k - n) for n in range(15))} -j DROP"
            for k in range(size)
        )
    )


def _with_sets(rules: Iterable[str], sets: Iterable[str]) -> Laid:
    return checked(saved(rules), more=", ipset: sets.txt", files={"sets.txt": lines(sets)})


@bomb("sets of one set each, in a list of sets", 10, 5_000)
def ipset_list(size: int) -> Laid:
    sets = [
        each for k in range(size) for each in (f"create s{k} hash:ip family inet", f"add s{k} {host(2 * k)}")
    ]
    members = ["create all list:set size 65536", *(f"add all s{k}" for k in range(size))]
    return _with_sets(["-A FORWARD -m set --match-set all src -j DROP"], [*sets, *members])


@bomb("lists of sets inside of each other", 4, 1_000)
def ipset_nested(size: int) -> Laid:
    sets = ["create s0 hash:ip family inet", "add s0 10.20.0.1"]
    for k in range(1, size):
        sets += [f"create s{k} list:set size 8", f"add s{k} s{k - 1}", f"add s{k} s0"]
    return _with_sets([f"-A FORWARD -m set --match-set s{size - 1} src -j DROP"], sets)


@bomb("triples of address, port and address in a set", 10, 50_000)
def ipset_triples(size: int) -> Laid:
    members = [f"add s {host(k % 65_536)},tcp:{k % 1_000 + 1},{host(k % 251, '10.1')}" for k in range(size)]
    return _with_sets(
        ["-A FORWARD -p tcp -m set --match-set s src,dst,dst -j DROP"],
        ["create s hash:ip,port,ip family inet maxelem 1000000", *members],
    )


@bomb("networks and exceptions in a set, in turn", 10, 50_000)
def ipset_exceptions(size: int) -> Laid:
    members = [f"add s {host(k & 0xFFFE)}/{31 + k % 2}{' nomatch' if k % 2 else ''}" for k in range(size)]
    return _with_sets(
        ["-A FORWARD -m set --match-set s src -j DROP"],
        ["create s hash:net family inet maxelem 1000000", *dict.fromkeys(members)],
    )


@bomb("one rule on as many sets", 4, 500)
def ipset_many_in_one(size: int) -> Laid:
    asked = " ".join(f"-m set ! --match-set s{k} src" for k in range(size))
    sets = [
        each for k in range(size) for each in (f"create s{k} hash:ip family inet", f"add s{k} {host(2 * k)}")
    ]
    return _with_sets([f"-A FORWARD {asked} -j DROP"], sets)
