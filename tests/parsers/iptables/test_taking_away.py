"""Rules that commands put in and take out of a saved chain, against a plain list."""

from __future__ import annotations

import random

import pytest

from aclproof import parsers
from aclproof.parsers.iptables import edit
from aclproof.parsers.source import UnsupportedInputError, from_bytes

_SAVED = "*filter\n:FORWARD DROP [0:0]\n{}COMMIT\n"
_PORTS = 6
"""So few that many rules of a chain are the same."""


@pytest.mark.parametrize("seed", range(40))
def test_each_command_takes_the_rule_that_it_names(seed: int) -> None:
    draw = random.Random(seed)
    chain = [draw.randrange(_PORTS) for _ in range(30)]
    saved = _SAVED.format("".join(f"-A FORWARD -p tcp -m tcp --dport {port} -j ACCEPT\n" for port in chain))
    script = [f"iptables {_command(draw, chain)}" for _ in range(60)]
    firewall, _ = edit.changed([from_bytes(saved.encode(), "saved")],
                               from_bytes("\n".join(script).encode(), "script"))
    found = [rule.services[0].destination_ports.lowest for rule in firewall.chains["filter/FORWARD"].rules]
    assert found == chain


def _command(draw: random.Random, chain: list[int]) -> str:
    """Make a command, and carry it out on the list."""
    port = draw.choice(chain) if chain else 0
    rule = f"-p tcp --dport {port} -j ACCEPT"
    at = draw.randrange(len(chain)) if chain else 0
    match draw.choice(("-D", "-D", "-D", "-D by number", "-D by number", "-A", "-I", "-R")):
        case "-D" if chain:
            chain.remove(port)
            return f"-D FORWARD {rule}"
        case "-D by number" if chain:
            del chain[at]
            return f"-D FORWARD {at + 1}"
        case "-I":
            chain.insert(at, port)
            return f"-I FORWARD {at + 1} {rule}"
        case "-R" if chain:
            chain[at] = port
            return f"-R FORWARD {at + 1} {rule}"
        case _:
            chain.append(port)
            return f"-A FORWARD {rule}"


def test_none_is_taken_for_another_that_is_gone() -> None:
    saved = _SAVED.format("-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT\n")
    script = "iptables -D FORWARD -p tcp --dport 22 -j ACCEPT\n" * 2
    with pytest.raises(UnsupportedInputError, match=r"script:2: .*no rule of the chain says this"):
        parsers.enter("iptables", [from_bytes(saved.encode(), "saved")],
                      from_bytes(script.encode(), "script"))
