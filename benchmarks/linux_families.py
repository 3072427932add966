"""iptables: lists, chains in a row, what kube-proxy writes, ipsets; clients in 10.20.0.0/16."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.asa_families import INSIDE_THE_POOL, client, nested
from benchmarks.family import SEED, Input, check_words, family


def saved(rules: Sequence[str], servers: str = "172.20.0.0/24", chains: Sequence[str] = (),
           clients: str = "10.20.0.0/16") -> Input:
    head = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"]
    text = "\n".join([*head, *(f":{name} - [0:0]" for name in chains), *rules, "COMMIT\n"])
    return Input({"fw.rules": text}, check_words("fw.rules", servers, clients))


def pool_rules(size: int, *, unique: bool) -> Iterator[str]:
    draw = random.Random(SEED)

    def network() -> str:
        head = f"10.{draw.randint(0, 60)}.{draw.randint(0, 255)}"
        return f"{head}.{draw.randint(1, 254)}/32" if draw.random() < 0.6 else f"{head}.0/24"

    pool = [network() for _ in range(6_000)]
    for _ in range(size):
        source, destination = (network() if unique else draw.choice(pool) for _ in range(2))
        protocol = draw.choice(("tcp", "tcp", "udp"))
        yield (f"-A FORWARD -s {source} -d {destination} -p {protocol} -m {protocol} "
               f"--dport {draw.choice((80, 443, 445, 135, 3389, 53, '1024:5000', '1024:65535'))} "
               f"-j {draw.choice(('ACCEPT', 'ACCEPT', 'DROP'))}")


@family("addresses from a pool, the servers in it", "rules", 1_000, 10_000, 100_000)
def iptables_pooled(size: int) -> Input:
    return saved(list(pool_rules(size, unique=False)), INSIDE_THE_POOL)


@family("all addresses new", "rules", 1_000, 10_000, 100_000)
def iptables_new(size: int) -> Input:
    return saved(list(pool_rules(size, unique=True)), INSIDE_THE_POOL)


@family("the same, whole ranges: /12 to /12", "rules", 2_500, 10_000, 40_000)
def iptables_wide(size: int) -> Input:
    return saved(list(pool_rules(size, unique=False)), "10.32.0.0/12", clients="10.16.0.0/12")


@family("tidy: networks of all lengths inside each other", "rules", 1_000, 4_000, 16_000)
def iptables_nested(size: int) -> Input:
    draw = random.Random(SEED)
    ports = ("", *(f" --dport {port}" for port in (80, 443, 445, 135, 3389, 53, "1024:5000", "1024:65535")))
    rules = []
    for _ in range(size):
        ends = " ".join(f"{side} {address}/{length}" for side, (address, length) in (
            ("-s", nested(draw)), ("-d", nested(draw))))
        protocol, port = draw.choice(("tcp", "tcp", "udp")), draw.choice(ports)
        match = f" -m {protocol}{port}" if port else ""
        rules.append(f"-A FORWARD {ends} -p {protocol}{match} -j {draw.choice(('ACCEPT', 'ACCEPT', 'DROP'))}")
    return Input(saved(rules).files, ["tidy", "fw.rules"])


@family("chains in a row, one DROP each", "chains", 125, 500, 2_000)
def iptables_deep(size: int) -> Input:
    draw = random.Random(SEED)
    rules = ["-A FORWARD -j C0"]
    for k in range(size):
        rules += [f"-A C{k} -s {client(draw)}/32 -j DROP",
                  f"-A C{k} -j {f'C{k + 1}' if k + 1 < size else 'ACCEPT'}"]
    return saved(rules, chains=[f"C{k}" for k in range(size)])


@family("chains in a row, each called in three places", "chains", 125, 500, 2_000)
def iptables_called_often(size: int) -> Input:
    draw = random.Random(SEED)
    rules = ["-A FORWARD -j C0"]
    for k in range(size):
        follower = f"C{k + 1}" if k + 1 < size else "ACCEPT"
        rules += [f"-A C{k} -s {client(draw)}/32 -p tcp -m tcp --dport {port} -j {follower}"
                  for port in (80, 443)]
        rules += [f"-A C{k} -s {client(draw)}/32 -j DROP", f"-A C{k} -j {follower}"]
    return saved(rules, chains=[f"C{k}" for k in range(size)])


@family("a comment of its own on each rule", "rules", 1_000, 10_000, 100_000)
def iptables_commented(size: int) -> Input:
    rules = [rule.replace(" -j ", f' -m comment --comment "ticket {number}" -j ')
             for number, rule in enumerate(pool_rules(size, unique=False))]
    return saved(rules, INSIDE_THE_POOL)


def _kube(size: int, servers: str) -> Input:
    """Services with three endpoints each, as kube-proxy writes them."""
    draw = random.Random(SEED)
    names, rules = ["KUBE-SERVICES", "KUBE-MARK-MASQ", "KUBE-POSTROUTING"], []
    rules += ["-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
              "-A POSTROUTING -j KUBE-POSTROUTING",
              "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
              "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
              "-A KUBE-POSTROUTING -j MASQUERADE"]
    for k in range(size):
        service, port = f"KUBE-SVC-{k:016}", draw.choice((80, 443, 8080, 8530))
        meant = (f"-d 10.96.{k >> 8}.{k & 255}/32 -p tcp -m comment --comment \"ns/svc{k}:http cluster IP\" "
                 f"-m tcp --dport {port}")
        names.append(service)
        rules += [f"-A KUBE-SERVICES {meant} -j {service}",
                  f"-A {service} ! -s 10.244.0.0/16 {meant} -j KUBE-MARK-MASQ"]
        for number, chance in enumerate(("0.33333333333", "0.50000000000", "")):
            endpoint = f"KUBE-SEP-{k:013}{number:03}"
            pod = f"10.244.{draw.randrange(256)}.{draw.randrange(1, 255)}"
            names.append(endpoint)
            some = f"-m statistic --mode random --probability {chance} " if chance else ""
            said = f"-m comment --comment \"ns/svc{k}:http"
            rules += [f"-A {service} {said} -> {pod}:8080\" {some}-j {endpoint}",
                      f"-A {endpoint} -s {pod}/32 {said}\" -j KUBE-MARK-MASQ",
                      f"-A {endpoint} -p tcp {said}\" -m tcp -j DNAT --to-destination {pod}:8080"]
    head = ["*nat", *(f":{name} ACCEPT [0:0]" for name in ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"))]
    filters = ["-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
               "-A FORWARD -s 10.20.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT"]
    rest = saved(filters, servers)
    table = "\n".join([*head, *(f":{name} - [0:0]" for name in names), *rules, "COMMIT\n"])
    return Input({"fw.rules": table + rest.files["fw.rules"]}, rest.words)


@family("kube-proxy, the servers are service addresses", "services", 125, 500, 2_000)
def kube_services(size: int) -> Input:
    return _kube(size, "10.96.0.0/24")


@family("kube-proxy, the servers are elsewhere", "services", 125, 500, 2_000)
def kube_elsewhere(size: int) -> Input:
    return _kube(size, "172.20.0.0/24")


def _ipset(kind: str, directions: str, members: Iterable[str], size: int) -> Input:
    found = saved([f"-A FORWARD -m set --match-set S {directions} -j ACCEPT"])
    text = "\n".join([f"create S {kind} family inet hashsize 1024 maxelem {2 * size}",
                      *(f"add S {member}" for member in members), ""])
    site = ("settings: {mode: mixed}\nroles: {client: [10.20.0.0/16], management-point: [172.20.0.1]}\n"
            "methods: [group-policy]\nfirewalls: [{name: fw, config: fw.rules, ipset: sets.txt}]\n")
    return Input({**found.files, "sets.txt": text, "aclproof.yaml": site}, ["check"])


def _hosts(size: int) -> Iterator[str]:
    return (f"10.{k >> 16}.{k >> 8 & 255}.{k & 255}" for k in range(size))


@family("members of one ipset", "members", 10_000, 100_000, 1_000_000)
def ipset(size: int) -> Input:
    return _ipset("hash:ip", "src", _hosts(size), size)


@family("networks in one ipset", "members", 10_000, 100_000, 1_000_000)
def ipset_networks(size: int) -> Input:
    return _ipset("hash:net", "src", (f"{k >> 14}.{k >> 6 & 255}.{(k & 63) * 4}.0/23" for k in range(size)),
                  size)


@family("pairs of address and port in one ipset", "members", 10_000, 100_000, 1_000_000)
def ipset_ports(size: int) -> Input:
    return _ipset("hash:ip,port", "src,dst", (f"{host},tcp:{(80, 443, 445, 8530)[number % 4]}"
                                              for number, host in enumerate(_hosts(size))), size)
