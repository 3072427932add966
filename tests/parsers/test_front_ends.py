"""What people have who do not write rules themselves: each gets told what to give instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.parsers.source import UnsupportedInputError

Output = pytest.CaptureFixture[str]
RULES = """\
root@gw:~# nft -a list ruleset
table inet filter { # handle 1
	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
	}
}
"""
QUICK = ("--client", "10.20.0.0/16", "--server", "10.1.1.0/28", "--set", "mode=mixed")
TEXTS = {
    "firewall-cmd --permanent --add-port=80/tcp\n":
        "of firewalld, which is not read here; .*nft -a list ruleset",
    '<?xml version="1.0" encoding="utf-8"?>\n<policy target="REJECT">\n</policy>\n': "of firewalld, which",
    "#!/bin/sh\nuci add firewall rule\nuci commit firewall\n": "of OpenWrt, which .*'fw4 print'",
    "\nconfig zone\n\toption name 'lan'\n": "of OpenWrt, which .*'fw4 print'",
    "sudo ufw allow 80/tcp\n": "a command of ufw, which .*iptables-save"}


@pytest.mark.parametrize(("text", "said"), TEXTS.items())
def test_settings_of_a_front_end_are_no_rules(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "given").write_text(text)
    with pytest.raises(UnsupportedInputError) as raised:
        parsers.read(str(tmp_path / "given"))
    assert re.search(said, str(raised.value))


@pytest.mark.parametrize("text", TEXTS)
def test_a_change_script_of_a_front_end_is_not_forced(text: str, tmp_path: Path, capsys: Output) -> None:
    for name, content in (("gw.nft", RULES), ("change.sh", text)):
        (tmp_path / name).write_text(content)
    assert run(["diff", str(tmp_path / "gw.nft"), str(tmp_path / "change.sh"), *QUICK]) == 2
    said = capsys.readouterr().err
    assert "which is not read here" in said
    assert "--script" not in said


def test_what_nft_says_to_others_than_root(tmp_path: Path) -> None:
    (tmp_path / "gw.nft").write_text(
        "$ nft -a list ruleset\nOperation not permitted (you must be root)\n"
        "netlink: Error: cache initialization failed: Operation not permitted\n")
    notes = parsers.read(str(tmp_path / "gw.nft")).notes
    assert {each.reason for each in notes if each.decides} == {
        "nft was refused what it needs: run it as root, and export again"}


def test_routes_without_rules_are_part_of_a_host(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "gw.nft").write_text(RULES)
    (tmp_path / "gw.ip").write_text("10.20.0.0/16 dev eth0 proto kernel scope link src 10.20.0.1\n")
    assert run(["check", str(tmp_path / "gw.nft"), str(tmp_path / "gw.ip"), *QUICK]) == 2
    assert "beside it, as the other files of one 'config' in a site file" in capsys.readouterr().err
