"""What rules of one listing have alike is read once: each reads as if it was the only one."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows.netsh import listing as netsh
from aclproof.parsers.windows.records.rule import WindowsRule
from tests.parsers.windows.windows import Words, listing
from tests.scale import scaled

_LISTINGS = scaled(30, 100, 2_000)


def rules(*words: Words) -> list[WindowsRule]:
    """Read these rules of a listing, without their lines."""
    found = netsh.read(from_bytes(listing(*words).encode(), "rules.txt")).rules
    return [replace(each, line=0) for each in found[:len(words)]]


def some(random: Random) -> Words:
    pick = random.choice
    return Words(
        pick("ab"), pick(("Yes", "No")), pick(("In", "Out")), pick(("Domain", "Private,Public")),
        local_ip=pick(("Any", "10.0.0.1", "LocalSubnet")),
        remote_ip=pick(("Any", "10.0.0.0/8", "DNS,10.0.0.1")),
        protocol=pick(("TCP", "UDP", "47")), local_port=pick(("Any", "445", "RPC", "80,8000")),
        program=pick((None, "System")), service=pick((None, "RpcSs")), computers=pick((None, "O:D:")),
        security=pick(("NotRequired", "Authenticate")), action=pick(("Allow", "Block")),
        verbose=pick((True, False)))


def test_a_rule_reads_as_if_it_was_the_only_one(random: Random) -> None:
    for _ in range(_LISTINGS):
        words = [some(random) for _ in range(8)]
        assert rules(*words, *words) == [rule for each in (*words, *words) for rule in rules(each)], words
