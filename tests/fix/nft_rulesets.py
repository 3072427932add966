"""Random routers that filter by nft and lack permits, and nft itself in a network of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from random import Random

SITE = """\
pack: configmgr-2007
settings: {{mode: mixed, client-os: windows-7}}
methods: [client-push, manual]
roles:
  client: [{clients}]
  site-server: [{server}]
  management-point: [{point}]
firewalls:
  - {{name: gw, config: {config}, interfaces: {{client: eth0, site-server: eth1, management-point: eth1}}}}
"""
FORMS = ("list ruleset", "-a list ruleset", "-j list ruleset")


def site(seed: int) -> dict[str, str]:
    """Addresses of the roles: of IPv6 in every third site."""
    rng = Random(f"site {seed}")
    if seed % 3 == 2:
        return {"clients": "'2001:db8:20::/64'", "server": "'2001:db8:1::10'", "point": "'2001:db8:1::11'"}
    clients = rng.choice(["10.20.0.0/24", "10.20.0.0/24, 10.21.4.0/22", "10.20.0.5-10.20.0.77"])
    return {"clients": clients, "server": "10.1.1.10", "point": "10.1.1.11"}


class Ruleset:
    """One ruleset, as a file that nft loads."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"ruleset {seed}")
        self._six = seed % 3 == 2
        self._family = "inet" if self._rng.random() < 0.7 else "ip6" if self._six else "ip"

    def text(self) -> str:
        """Write it."""
        rng = self._rng
        name = rng.choice(["filter", "firewalld", "fw4", "my_rules"])
        policy = rng.choice(["accept", "drop", "drop"])
        chains = {f"sub{number}": self._rules(rng.randint(0, 4), "") for number in range(rng.randint(1, 3))}
        base = self._rules(rng.randint(1, 6), rng.choice(sorted(chains)))
        if rng.random() < 0.8:
            base.insert(0, "ct state established,related accept")
        if rng.random() < 0.5:
            base.append(rng.choice(['log prefix "dropped: "', 'limit rate 5/minute log prefix "dropped: "']))
            base.append(rng.choice(["drop", "counter drop", "reject"]))
        elif policy == "accept":
            base.append("counter drop")
        sets = f"""
    set hosts {{
        type ipv{'6' if self._six else '4'}_addr
        flags interval
        elements = {{ {self._network()} }}
    }}
    map verdicts {{
        type inet_service : verdict
        elements = {{ 80 : accept, 139 : drop, 443 : accept }}
    }}"""
        blocks = [f"    chain {each} {{\n{_lines(rules)}    }}\n" for each, rules in chains.items()]
        hook = f"        type filter hook forward priority {rng.choice(['filter', 'filter + 10', '-5'])}; " \
               f"policy {policy};\n"
        blocks.append(f"    chain forward {{\n{hook}{_lines(base)}    }}\n")
        other = "table inet other {\n    chain input { type filter hook input priority 0; policy drop; }\n}\n"
        second = f"""table {self._family} early {{
    chain ahead {{
        type filter hook forward priority -300; policy accept;
{_lines(self._rules(rng.randint(0, 2), '', own_sets=False))}    }}
}}
"""
        return (f"table {self._family} {name} {{{sets}\n{''.join(blocks)}}}\n{other}"
                f"{second if rng.random() < 0.4 else ''}")

    def _rules(self, count: int, called: str, *, own_sets: bool = True) -> list[str]:
        found = [self._rule(own_sets=own_sets) for _ in range(count)]
        if called:
            found.insert(self._rng.randint(0, len(found)), f'iifname "eth1" jump {called}')
        return found

    def _rule(self, *, own_sets: bool) -> str:
        rng, word = self._rng, "ip6" if self._six else "ip"
        tests = rng.sample([
            f"{word} saddr {self._network()}", f"{word} daddr {self._network()}", f"{word} saddr @hosts",
            'iifname "eth1"', 'oifname "eth0"', "ct state new", "tcp dport { 80, 443 }", "udp dport 53",
            "tcp dport 1024-65535", "tcp dport 8080", "tcp flags syn / fin,syn,rst,ack", "meta mark 0x7"],
            rng.randint(1, 3))
        ports = [each for each in tests if each.startswith(("tcp", "udp"))]
        tests = [each for each in tests if each not in ports[1:]]
        if not own_sets:
            tests = [each for each in tests if "@" not in each] or ["tcp dport 80"]
        verdict = rng.choice(["accept", "accept", "counter accept", "drop", "return"])
        if rng.random() < 0.1 and own_sets:
            return "tcp dport vmap @verdicts"
        return f"{' '.join(tests)} {verdict}"

    def _network(self) -> str:
        rng = self._rng
        if self._six:
            return rng.choice(["2001:db8:20::/64", "2001:db8:1::/64", "2001:db8:20::7", "2001:db8:ff::/48"])
        return rng.choice(["10.20.0.0/25", "10.0.0.0/8", "10.1.1.10", "10.1.1.0/24", "192.0.2.0/24"])


def _lines(rules: Sequence[str]) -> str:
    return "".join(f"        {each}\n" for each in rules)


class NotTakenError(Exception):
    """What nft says against a ruleset or a command."""


def listed(ruleset: str, commands: Sequence[str], form: str) -> str:
    """Load a ruleset, enter commands as a shell does, and return what nft prints then in one form."""
    script = f"nft -f /dev/stdin <<'END_OF_RULES'\n{ruleset}END_OF_RULES\n" + "\n".join(commands)
    done = subprocess.run(["unshare", "-n", "sh", "-ec", f"{script}\nnft {form}"], capture_output=True,
                          text=True, timeout=60)
    if done.returncode:
        raise NotTakenError(f"{done.stderr.strip()}\n{script}")
    return done.stdout
