"""Change scripts: our reading makes of commands what nft itself makes of them, refusals too."""

from __future__ import annotations

import re
from itertools import groupby
from random import Random

import pytest

from aclproof import parsers
from aclproof.parsers import source
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action
from aclproof.parsers.nftables import edit
from aclproof.parsers.source import UnsupportedInputError
from tests.fix.nft_rulesets import Ruleset
from tests.oracle.test_scripts import Shell
from tests.parsers.nftables.tool import nft  # noqa: F401

CASES = 12
COMMANDS = 12


class Commands:
    """Random commands about one ruleset, spelled as people spell them."""

    def __init__(self, seed: int, listing: str) -> None:
        self._rng = Random(f"commands {seed}")
        self._six = seed % 3 == 2
        self._chains: dict[tuple[str, str], int] = {}
        self._handles: list[tuple[str, str, str]] = []
        table = chain = ""
        for line in listing.splitlines():
            if found := re.match(r"table (\S+ \S+) \{", line):
                table = found[1]
            elif found := re.match(r"\tchain (\S+) \{", line):
                chain = found[1]
                self._chains[table, chain] = 0
            elif line.startswith("\t\t") and chain and not line.startswith("\t\ttype"):
                self._chains[table, chain] += 1
                if found := re.search(r"# handle (\d+)$", line):
                    self._handles.append((table, chain, found[1]))
            elif line == "\t}":
                chain = ""

    def draw(self) -> str:
        """Draw one command, without the program."""
        rng = self._rng
        (table, chain), count = rng.choice(sorted(self._chains.items()))
        owner = next(each for each, name in self._chains if name == "forward")
        rule = self._rule(with_set=table == owner)
        kind = rng.random()
        if kind < 0.4:
            verb = rng.choice(["add", "insert"])
            if rng.random() < 0.3 and self._handles:
                table, chain, handle = rng.choice(self._handles)
                place = f" {rng.choice(['handle', 'position'])} {handle if rng.random() < 0.9 else 999}"
                rule = self._rule(with_set=table == owner)
            else:
                place = f" index {rng.randint(0, count + 1)}" if rng.random() < 0.5 else ""
            word = "" if verb == "add" and rng.random() < 0.2 else "rule "
            return f"{verb} {word}{table} {chain if rng.random() < 0.97 else 'nope'}{place} {rule}"
        if kind < 0.65 and self._handles:
            table, chain, handle = rng.choice(self._handles)
            rule = self._rule(with_set=table == owner)
            return rng.choice([f"replace rule {table} {chain} handle {handle} {rule}",
                               f"delete rule {table} {chain} handle {handle}",
                               f"delete rule {table} {chain} handle {handle}"])
        network = "2001:db8:77::/64" if self._six else "172.31.0.0/16"
        return rng.choice([
            f"flush chain {table} {chain}", f"add chain {table} new1", f"delete chain {table} new1",
            f"delete chain {table} {chain}", f"add element {owner} hosts {{ {network} }}",
            f"delete element {owner} hosts {{ {network} }}", f"flush set {owner} hosts",
            f"add element {owner} verdicts {{ 8530 : accept, 21 : jump sub0 }}",
            f"delete element {owner} verdicts {{ 139 }}", f"flush table {table}", f"delete table {table}",
            f"add table {table.split()[0]} made; add chain {table.split()[0]} made c "
            "{ type filter hook forward priority 5; policy drop; }",
            f"add chain {table} {chain} {{ policy drop; }}", f"rename chain {table} {chain} other",
            f"delete rule {table} {chain} handle 4711", f"delete set {owner} hosts",
            f"insert rule {table} {chain} jump new1"])

    def _rule(self, *, with_set: bool) -> str:
        rng, word = self._rng, "ip6" if self._six else "ip"
        network = "2001:db8:77::/64" if self._six else "10.77.0.0/16"
        found = [f"{word} saddr {network} accept", "tcp dport { 80, 443 } counter accept",
                 "udp dport 53 drop", 'iifname "eth7" oifname "wg*" drop',
                 "ct state new,established accept", "tcp dport 22 reject",
                 f"{word} daddr {network} tcp dport 445 ct state new accept comment \"it is; so\""]
        found += [f"{word} saddr @hosts drop", "tcp dport vmap @verdicts"] if with_set else []
        return rng.choice(found)


def spelled(rng: Random, command: str) -> str:
    """A command as a line of a shell."""
    kind = rng.random()
    if kind < 0.4:
        return f"nft '{command}'"
    if kind < 0.6:
        return f"sudo nft -f - <<'EOF'\n{command}\nEOF" if ";" not in command else f"nft '{command}'"
    quoted = re.sub(r'"([^"]*)"', "'\"\\1\"'", command)
    return f"nft {quoted}".replace("; ", " \\; ") if "so\"" not in command else f"nft '{command}'"


def meaning(firewall: Firewall) -> tuple[dict[str, list[str]], dict[str, Action]]:
    """The rules without their places, and the policies; nft prints the elements of a map in order."""
    chains = {name: [each for _, rules in groupby(chain.rules, lambda rule: rule.line)
                     for each in sorted(repr(rule._replace(line=0)) for rule in rules)]
              for name, chain in firewall.lists.items()}
    return chains, {name: each.action for name, each in firewall.defaults.items()}


def differences(ours: Firewall, kernel: Firewall) -> str:
    """The rules that only one of the two has, for people."""
    one, other = (meaning(each)[0] for each in (ours, kernel))
    return "\n".join(f"{sign} {name}: {rule}" for sign, mine, theirs in (
        ("ours", one, other), ("kernel", other, one)) for name, rules in mine.items()
        for rule in rules or ["(empty)"] if rule not in theirs.get(name, []))


@pytest.mark.parametrize("form", ["-a list ruleset", "-j list ruleset"])
def test_random_scripts_make_what_nft_makes_of_them(nft: None, form: str) -> None:  # noqa: F811
    carried_out = refused = 0
    for case in range(CASES):
        rng = Random(f"spelled {case}")
        ruleset = Ruleset(case).text()
        with Shell() as shell:
            assert shell.run(f"nft -f /dev/stdin <<'EOT'\n{ruleset}EOT")[0]
            old = shell.run(f"nft {form}")[1]
            commands = Commands(case, shell.run("nft -a list ruleset")[1])
            lines: list[str] = []
            for _ in range(COMMANDS):
                line = spelled(rng, commands.draw())
                accepted, said = shell.run(line.replace("sudo ", ""))
                given = source.from_bytes(old.encode(), "old.nft")
                script = source.from_bytes("\n".join([*lines, line]).encode(), "change.sh")
                try:
                    firewall, _ = edit.changed([given], script)
                except UnsupportedInputError as error:
                    if accepted and "calls itself" in str(error):
                        break  # in chains that no base chain calls, which the kernel takes
                    if accepted:
                        pytest.fail(f"{old}\n{lines}\n{line}\n{error}", pytrace=False)
                    refused += 1
                    continue
                assert accepted, f"{old}\n{lines}\n{line}\n{said}"
                lines.append(line)
                now = shell.run(f"nft {form}")[1]
                kernel = parsers.parse(source.from_bytes(now.encode(), "now.nft")) if "table" in now else None
                if kernel and meaning(firewall) != meaning(kernel):
                    pytest.fail(f"{old}\n{lines}\n{now}\n{differences(firewall, kernel)}", pytrace=False)
                carried_out += 1
    assert carried_out > 4 * CASES
    assert refused > CASES
