"""Change scripts: our reading makes of commands what the kernel's own tools make of them, refusals too."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from random import Random
from types import TracebackType
from typing import Self

import pytest

from aclproof import parsers
from aclproof.parsers import source
from aclproof.parsers.iptables import edit
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from tests.oracle import rulesets
from tests.oracle.plan import BACK_ENDS, HOOKS, PLANS, BackEnd
from tests.oracle.scale import CI

CASES = 24 if CI else 12
COMMANDS = 12


class Shell:
    """A shell in a network of its own."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(["unshare", "-n", "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with self._child:
            assert self._child.stdin
            self._child.stdin.close()

    def run(self, command: str) -> tuple[bool, str]:
        """Run a command; tell whether it went well, and what it said."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(f"{command}\necho \"=== $?\"\n")
        self._child.stdin.flush()
        said: list[str] = []
        for line in self._child.stdout:
            if line.startswith("=== "):
                return line.split()[1] == "0", "".join(said)
            said.append(line)
        raise RuntimeError("the shell ended")


class Commands:
    """Random commands about the rules of one ruleset, spelled as people spell them."""

    def __init__(self, seed: int, family: int, text: str) -> None:
        self._rng = Random(f"commands {seed} {family}")
        self._family = family
        self._rules: dict[str, list[list[str]]] = {}
        for table, line in _rules(text):
            if not ("--syn" in line and "--tcp-flags" in line):  # iptables-nft 1.8.9 forgets one of the two
                self._rules.setdefault(table, []).append(shlex.split(line))

    def draw(self, saved: str) -> list[str]:
        """Draw one command; `saved` is what is there now."""
        rng = self._rng
        table = rng.choice(sorted(self._rules))
        there = [shlex.split(line) for name, line in _rules(saved) if name == table]
        words = list(rng.choice(self._rules[table]))
        chain = words[1] if rng.random() < 0.97 else "NOPE"
        count = sum(1 for each in there if each[1] == chain)
        number = str(rng.randint(0, count + 2) if rng.random() < 0.3 else rng.randint(1, max(count, 1)))
        rule = self._spelled(words[2:])
        kind = rng.random()
        if kind < 0.25:
            given = ["-A", chain, *rule]
        elif kind < 0.5:
            given = ["-I", chain, *([number] if rng.random() < 0.7 else []), *rule]
        elif kind < 0.6:
            given = ["-R", chain, number, *rule]
        elif kind < 0.7:
            given = ["-D", chain, number]
        elif kind < 0.88 and there:
            old = rng.choice(there)
            given = ["-D", old[1], *self._spelled(old[2:])]
        elif kind < 0.92:
            given = ["-P", chain, rng.choice(["ACCEPT", "DROP", "REJECT"])]
        elif kind < 0.96:
            given = [rng.choice(["-N", "-X"]), rng.choice(["F0", "NEW1", "NEW2"])]
        else:
            given = [rng.choice(["-F", "-Z"]), *([chain] if rng.random() < 0.8 else [])]
        option = [] if table == "filter" else ["-t", table]
        return given + option if rng.random() < 0.3 else option + given

    def _spelled(self, words: list[str]) -> list[str]:
        """Other words for the same rule."""
        rng = self._rng
        found = list(words)
        for option in ("-s", "-d"):
            if option in found and rng.random() < 0.5:
                at = found.index(option)
                if found[at - 1] != "!":
                    value = found[at + 1].removesuffix("/32").removesuffix("/128")
                    if rng.random() < 0.15 and "," not in value:
                        value += ",192.0.2.1,192.0.2.9/30" if self._family == 4 else ",2001:db8:7::1"
                    del found[at:at + 2]
                    found[0:0] = [option, value]
        if rng.random() < 0.3 and "-p" in found:
            at = found.index("-p")
            if found[at - 1] != "!" and found[at + 1:at + 4] == [found[at + 1], "-m", found[at + 1]]:
                del found[at + 2:at + 4]
        if found[-2:] == ["--reject-with", "icmp-port-unreachable"]:
            del found[-2:]
        return found


def _rules(text: str) -> Iterator[tuple[str, str]]:
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith("-A"):
            yield table, line


def meaning(firewall: Firewall) -> object:
    """The rules without their places, and the policies."""
    chains = {name: [rule._replace(line=0, conditions=tuple(sorted(rule.conditions, key=repr)))
                     for rule in chain.rules] for name, chain in firewall.chains.items()}
    return chains, {name: each.action for name, each in firewall.defaults.items()}


def entered(saved: str, commands: list[str]) -> Firewall:
    """Our own reading of commands; UnsupportedInputError for one that cannot be carried out, as scripts.read
    says it."""
    old = source.from_bytes(saved.encode(), "old.rules")
    firewall, _ = edit.changed([old], source.from_bytes("\n".join(commands).encode(), "change.sh"))
    for note in firewall.notes:
        if note.span.file == "change.sh" and note.state.value == "unread":
            raise UnsupportedInputError(f"{note.span}: {note.reason}")
    return firewall


@pytest.mark.parametrize("family", PLANS)
@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_random_scripts_make_what_the_kernel_makes_of_them(
    ready: None, back_end: BackEnd, family: int
) -> None:
    program = f"{'iptables' if family == 4 else 'ip6tables'}-{back_end}"
    carried_out = refused = stricter = 0
    for case in range(CASES):
        ruleset = rulesets.make(4000 + case, family, HOOKS[case % len(HOOKS)])
        if ruleset.sets:
            continue
        with Shell() as shell:
            assert shell.run(f"{program}-restore <<'EOT'\n{ruleset.text}EOT")[0]
            saved = old = shell.run(f"{program}-save")[1]
            commands = Commands(case, family, ruleset.text)
            script_lines: list[str] = []
            for _ in range(COMMANDS):
                line = f"{program.partition('-')[0]} {shlex.join(commands.draw(saved))}"
                accepted, said = shell.run(line.replace(program.partition("-")[0], program, 1))
                try:
                    firewall = entered(old, [*script_lines, line])
                except UnsupportedInputError as error:
                    if accepted and " -D " not in line:
                        pytest.fail(f"{ruleset}\n{script_lines}\n{line}\n{error}", pytrace=False)
                    stricter += accepted
                    refused += not accepted
                    if accepted:
                        shell.run(f"{program}-restore <<'EOT'\n{saved}EOT")
                    continue
                assert accepted, f"{ruleset}\n{script_lines}\n{line}\n{said}"
                script_lines.append(line)
                saved = shell.run(f"{program}-save")[1]
                kernel = parsers.parse(source.from_bytes(saved.encode(), "kernel.rules"))
                assert meaning(firewall) == meaning(kernel), f"{old}\n{script_lines}\n{saved}"
                carried_out += 1
    assert carried_out > 2 * CASES
    assert refused > CASES / 2
    assert stricter <= carried_out / 10
