"""The commands of `tidy`, entered into the tools themselves: each takes its own rule away, and no other."""

from __future__ import annotations

import shlex

import pytest

from aclproof import parsers
from aclproof.linter.audit.tidying import tidy
from aclproof.parsers.source import from_bytes
from tests.oracle.plan import BACK_ENDS, BackEnd
from tests.oracle.test_scripts import Shell

_RULES = [
    ["-m", "comment", "--comment", """it's a "test" of $HOME, `id` and \\ !x""", "-j", "ACCEPT"],
    ["-j", "LOG", "--log-prefix", "$(reboot); x", "--log-level", "7", "--log-tcp-options"],
    *map(str.split, (
        "! -p tcp -j ACCEPT", "! -s 1.2.3.4 ! -i eth0 -j ACCEPT", "-p tcp ! --syn -j ACCEPT",
        "-p tcp --dport 22 -j ACCEPT", "-p tcp --dport 22 -j ACCEPT", "-p tcp --dport ssh -j ACCEPT",
        "-p tcp -m multiport --dports 1,2,3:5 -j ACCEPT", "-m limit --limit 3/min --limit-burst 7 -j ACCEPT",
        "-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name hl -j ACCEPT",
        "-m recent --set --name r1 --rsource",
        "-m recent --update --seconds 60 --hitcount 4 --name r1 --rsource -j DROP",
        "-p tcp -m connlimit --connlimit-above 10 -j DROP", "-m quota --quota 1000 -j ACCEPT",
        "-m statistic --mode random --probability 0.33 -j ACCEPT", "-m string --algo bm --string a'b -j DROP",
        "-m u32 --u32 0>>22&0x3C@4>>16&0xFF=0x50 -j DROP", "-m mac --mac-source 00:11:22:33:44:55 -j ACCEPT",
        "-m time --timestart 10:00 --timestop 11:00 --weekdays Mon,Tue -j ACCEPT",
        "-m mark --mark 0x1/0xff -j ACCEPT", "-m conntrack --ctstate NEW,RELATED --ctdir ORIGINAL -j ACCEPT",
        "-m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT", "-m length --length 100:200 -j DROP",
        "-p tcp --tcp-flags ALL NONE -j DROP", "-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT",
        "-j NFLOG --nflog-group 1", "-j MARK --set-mark 1", "-s 10.1.0.0/16,10.2.0.0/16 -j ACCEPT",
        "-s 10.2.0.0/255.255.0.0 -j ACCEPT", "-i eth+ -o br-a.1 -j RETURN", "-p udp"))]
"""In a chain whose first rule takes all packets."""


@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_each_command_removes_its_rule(back_end: BackEnd) -> None:
    with Shell() as shell:
        tool = f"iptables-{back_end}"
        for rule in (["-j", "DROP"], *_RULES):
            done, said = shell.run(shlex.join([tool, "-A", "FORWARD", *rule]))
            assert done, said
        _, saved = shell.run(f"{tool}-save -t filter 2>/dev/null")
        found = tidy(parsers.parse_all([from_bytes(saved.encode(), "saved")]))
        assert not found.by_hand
        left = _rules(saved)
        for dead, command in zip(found.removal.lines, found.removal.commands, strict=True):
            done, said = shell.run(command.replace("iptables", tool, 1))
            assert done, (command, said)
            del left[left.index("-A FORWARD -j DROP") + dead.line - _first(saved)]
            assert _rules(shell.run(f"{tool}-save -t filter 2>/dev/null")[1]) == left
        assert left == ["-A FORWARD -j DROP"]


@pytest.mark.parametrize("back_end", BACK_ENDS)
@pytest.mark.parametrize("options", ["-v", "-v --line-numbers", "-v -x", "-v -w"])
def test_each_row_of_a_listing_goes_by_its_number(back_end: BackEnd, options: str) -> None:
    with Shell() as shell:
        tool = f"iptables-{back_end}"
        for rule in (["-j", "DROP"], *_RULES):
            done, said = shell.run(shlex.join([tool, "-A", "FORWARD", *rule]))
            assert done, said
        _, listing = shell.run(f"{tool} -L -n {options}")
        found = tidy(parsers.parse_all([from_bytes(listing.encode(), "listing")]))
        assert found.removal.lines
        assert not found.by_hand
        left = _rules(shell.run(f"{tool}-save -t filter 2>/dev/null")[1])
        first = next(number for number, line in enumerate(listing.split("\n"), 3) if "Chain FORWARD" in line)
        for dead, command in zip(found.removal.lines, found.removal.commands, strict=True):
            done, said = shell.run(command.replace("iptables", tool, 1))
            assert done, (command, said)
            del left[dead.line - first]
            assert _rules(shell.run(f"{tool}-save -t filter 2>/dev/null")[1]) == left


def _first(saved: str) -> int:
    """The line of the first rule."""
    return next(number for number, line in enumerate(saved.split("\n"), 1) if line.startswith("-A"))


def _rules(saved: str) -> list[str]:
    return [line for line in saved.split("\n") if line.startswith("-A")]
