"""What nft lists as `ip saddr 10.20.0.5/24` is met by no packet; in a file of rules it is the network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parsers.nftables import loaded
from tests.parsers.nftables.hosts import verdict

BASE = """table ip t {
	chain f {
		type filter hook forward priority filter; policy %s;
		ct state established,related accept
	}
}
"""
TESTS = [("ip saddr & 255.255.255.0 == 10.20.0.5", "ip saddr 10.20.0.5/24"),
         ("meta mark & 0xffff0000 == 0x1", "meta mark 0x00000001/16")]
"""Tests that no packet meets, and how they are listed. Clients have 10.20.0.0/24 and the mark 0."""


def listed(masked: str, target: str, option: str = "") -> str:
    """What nft prints of a chain with one such rule, which is the only thing that decides."""
    loaded.skip()
    policy = "drop" if target == "accept" else "accept"
    return loaded.listed(BASE % policy, [("ip", "f", f"{masked} {target}")], [option])[option]


@pytest.mark.parametrize(("target", "expected"), [("accept", "missing"), ("drop", "met")])
@pytest.mark.parametrize(("masked", "shown"), TESTS)
def test_in_a_list_nobody_has_it(masked: str, shown: str, target: str, expected: str, tmp_path: Path) -> None:
    text = listed(masked, target)
    assert f"{shown} {target}" in text
    assert verdict(tmp_path, {"a.nft": f"root@fw:~# nft list ruleset\n{text}"}) == expected
    assert verdict(tmp_path, {"a.json": listed(masked, target, "-j")}) == expected


@pytest.mark.parametrize(("target", "expected"), [("accept", "met"), ("drop", "missing")])
@pytest.mark.parametrize(("masked", "shown"), TESTS)
def test_in_a_file_it_is_the_network(masked: str, shown: str, target: str, expected: str,
                                         tmp_path: Path) -> None:
    """nft loads it so: what it lists then has no more bits of a host."""
    text = BASE % ("drop" if target == "accept" else "accept")
    text = "# rules of fw\nflush ruleset\n" + text.replace("\t}\n}", f"\t\t{shown} {target}\n\t}}\n}}")
    assert verdict(tmp_path, {"a.nft": text}) == expected
    loaded.skip()
    assert f"{masked.rpartition(' ')[2]}/" not in loaded.listed(text, [], [""])[""]


@pytest.mark.parametrize("target", ["accept", "drop"])
@pytest.mark.parametrize(("masked", "shown"), TESTS)
def test_without_a_sign_of_either_it_is_open(masked: str, shown: str, target: str, tmp_path: Path) -> None:
    assert verdict(tmp_path, {"a.nft": listed(masked, target)}) == "undecided"
    objects = json.loads(listed(masked, target, "-j"))
    objects["nftables"] = [each for each in objects["nftables"] if "metainfo" not in each]
    assert verdict(tmp_path, {"a.json": json.dumps(objects)}) == "undecided"
