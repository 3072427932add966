"""nft commands as scripts hold them: words of a shell, input of nft, files of rules, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.parsers import detect, scripts, source
from aclproof.parsers.edited import one_script
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import Commands, door

LISTED = """\
table inet filter { # handle 1
	set hosts { # handle 2
		type ipv4_addr
		elements = { 10.0.0.1 }
	}
	chain forward { # handle 3
		type filter hook forward priority filter; policy drop;
		ct state established accept # handle 5
		tcp dport { 22,
			80 } accept # handle 6
		ip saddr @hosts drop # handle 7
	}
	chain web { # handle 4
	}
}
table ip filter { # handle 2
	chain FORWARD { # handle 1
		type filter hook forward priority filter; policy accept;
		ip saddr 10.9.0.0/16 counter packets 0 bytes 0 drop # handle 2
		tcp dport 22 counter packets 0 bytes 0 accept # handle 3
	}
}
"""
WITHOUT = "\n".join(line.partition(" # handle")[0] for line in LISTED.splitlines()) + "\n"
FORWARD, IPTABLES = "inet filter forward", "ip filter FORWARD"


def read(folder: Path, text: str, *lines: str, listed: str = LISTED) -> Firewall:
    (folder / "fw.nft").write_text(listed)
    (folder / "change.sh").write_text("\n".join((*lines, text)) + "\n")
    return scripts.read([str(folder / "fw.nft")], source.read(str(folder / "change.sh"))).firewall


def told(firewall: Firewall, chain: str = FORWARD) -> list[str]:
    """The chain's rules by file and line."""
    spans = [firewall.source.span(each.line) for each in firewall.chains[chain].rules]
    return list(dict.fromkeys(f"{Path(each.file).name}:{each.first_line}" for each in spans))


BEFORE = ["fw.nft:8", "fw.nft:9", "fw.nft:11"]


@pytest.mark.parametrize(("text", "at"), [
    ("nft add rule inet filter forward tcp dport 445 accept", 3),
    ("nft insert rule inet filter forward tcp dport 445 accept", 0),
    ("sudo /usr/sbin/nft insert rule inet filter forward handle 7 tcp dport 445 accept # before", 2),
    ("nft 'insert rule inet filter forward position 6 tcp dport { 445, 135 } accept'", 1),
    ("nft -a -e add rule inet filter forward handle 5 tcp dport { 445, 135 } accept", 1),
    ("nft add rule inet filter forward index 1 tcp dport {445, 135 } accept", 2),
    ("nft insert rule inet filter forward index 1 ip saddr '{10.0.0.1,10.0.0.9}' accept", 1),
    ("nft add inet filter forward iifname '\"eth*\"' accept", 3)])
def test_where_a_rule_goes(tmp_path: Path, text: str, at: int) -> None:
    expected = list(BEFORE)
    expected.insert(at, "change.sh:3")
    assert told(read(tmp_path, text, "#!/bin/sh", "set -e")) == expected


def test_rules_keep_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "nft replace rule inet filter forward handle 6 \\\n  tcp dport 8080 accept",
                 "nft delete rule inet filter forward handle 7")
    assert told(found) == ["fw.nft:8", "change.sh:2"]
    line = found.chains[FORWARD].rules[1].line
    assert found.source.span(line).text.startswith("nft replace rule inet filter forward handle 6")


@pytest.mark.parametrize("feed", ["nft -f - <<'EOF'", "sudo nft -f /dev/stdin <<EOF", 'nft -f - <<"EOF"'])
def test_input_of_nft(tmp_path: Path, feed: str) -> None:
    found = read(tmp_path, f"""{feed}
# by hand
add rule inet filter web tcp dport {{
  80, 443 }} accept
table inet filter {{
  chain web {{
    udp dport 53 accept
  }}
}}
EOF
nft list ruleset""")
    assert told(found, "inet filter web") == ["change.sh:3", "change.sh:7"]


TERSE = """\
table ip filter {
	set blocked {
		type ipv4_addr
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		ip saddr @blocked drop
	}
}
"""


@pytest.mark.parametrize(("text", "known"), [
    ("nft add element ip filter blocked { 10.0.0.1 }", False),
    ("nft add element ip filter blocked { 10.0.0.1 }\n"
     "nft delete element ip filter blocked { 10.0.0.1 }", False),
    ("nft 'add set ip filter other { type ipv4_addr; elements = { 10.0.0.1 }; }'", False),
    ("nft flush set ip filter blocked", True),
    ("nft flush set ip filter blocked\nnft add element ip filter blocked { 10.0.0.1 }", True)])
def test_elements_that_are_not_shown(tmp_path: Path, text: str, known: bool) -> None:
    """`nft -t` leaves them out, and what a script adds says nothing of the others."""
    rules = read(tmp_path, text, listed=TERSE).chains["ip filter forward"].rules
    assert all(not rule.conditions for rule in rules) is known


def test_a_file_of_rules(tmp_path: Path) -> None:
    text = ("#!/usr/sbin/nft -f\ndefine PORTS = { 135, 445 }\n"
            "add rule inet filter web tcp dport $PORTS accept\n")
    assert told(read(tmp_path, text), "inet filter web") == ["change.sh:3"]


def test_a_file_that_includes_others(tmp_path: Path) -> None:
    (tmp_path / "more.nft").write_text("tcp dport 80 accept\ntcp dport 443 accept\n")
    rules = ("flush ruleset\ntable inet filter {\n chain forward {\n"
             "  type filter hook forward priority 0; policy drop;\n  include \"./more.nft\"\n  drop\n }\n}\n")
    found = read(tmp_path, "nft insert rule inet filter forward index 1 udp dport 53 accept\n"
                           "nft insert rule inet filter forward index 3 udp dport 123 accept", listed=rules)
    assert told(found) == ["more.nft:1", "change.sh:1", "more.nft:2", "change.sh:2", "fw.nft:6"]


def test_elements_and_chains(tmp_path: Path) -> None:
    found = read(tmp_path, "nft add element inet filter hosts { 10.0.0.2 }\nnft add chain inet filter other\n"
                           "nft add rule inet filter other jump web\nnft flush chain inet filter forward\n"
                           "nft add rule inet filter forward ip saddr @hosts accept")
    assert told(found) == ["change.sh:5"]
    assert found.chains[FORWARD].rules[0].sources.v4.ranges == ((10 << 24 | 1, 10 << 24 | 2),)
    assert told(found, "inet filter other") == ["change.sh:3"]


@pytest.mark.parametrize(("text", "said"), [
    ("nft insert rule inet filter forward handle 99 accept", "known by the handle 99"),
    ("nft delete rule inet filter nowhere handle 5", "no chain nowhere"),
    ("nft add rule inet nothing forward accept", "no table inet nothing"),
    ("nft add rule inet filter forward jump nowhere", "no chain nowhere"),
    ("nft add rule inet filter forward ip saddr @nobody accept", "no set nobody"),
    ("nft delete set inet filter hosts", "rules use the set hosts"),
    ("nft add rule inet filter web jump web", "calls itself"),
    ("nft add rule inet filter forward tcp dport 445 bogus accept", "not understood"),
    ("nft add rule inet filter forward tcp dport {445,135} accept", "for a shell to work out"),
    ("nft add rule inet filter forward tcp dport $PORT accept", "for a shell to work out"),
    ("nft add rule inet filter forward accept; nft flush ruleset", "for a shell to work out"),
    ("nft -f rules.nft", "give that file instead"),
    ("nft -j -f rules.json", "not followed|give that file instead"),
    ("for i in 1 2; do nft add rule inet filter forward accept; done", "for a shell to work out|expected"),
    ("nft -f - <<EOF\nadd rule inet filter forward tcp dport $X accept\nEOF", "for a shell to work out"),
    ("nft -f - <<EOF\nadd rule inet filter forward accept", "the line EOF"),
    ("nft add rule inet filter forward tcp dport { 1", "a brace is not closed"),
    ("nft add rule inet filter forward tcp dport 22 udp dport 53 accept", "refuses 'udp' in a rule for tcp"),
    ("nft add rule inet filter forward masquerade", "refuses 'masquerade' at the hook forward"),
    ("nft add chain inet filter web { policy drop \\; }", "cannot be bound like that")])
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnsupportedInputError, match=said) as error:
        read(tmp_path, text, "nft add rule inet filter web accept")
    assert "change.sh" in str(error.value)


def test_handles_that_are_not_shown(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError, match=r"change.sh:1: .*'nft -a list ruleset'"):
        read(tmp_path, "nft insert rule inet filter forward handle 7 accept", listed=WITHOUT)


@pytest.mark.parametrize(("text", "kind"), [
    ("nft add rule inet filter forward accept", Commands.PROGRAM),
    ("sudo nft -f - <<EOF\nadd rule inet filter forward accept\nEOF", Commands.PROGRAM),
    ("add rule inet filter forward accept", Commands.EDITS),
    ("delete element inet filter hosts { 10.0.0.1 }\nadd rule inet filter web accept", Commands.EDITS),
    ("table inet filter {\n chain web {\n  accept\n }\n}", Commands.MAYBE),
    ("flush ruleset\nadd table inet t\nadd rule inet t c accept", Commands.NONE),
    (LISTED, Commands.NONE), ("root@gw:~# nft list ruleset\n" + WITHOUT, Commands.NONE),
    ("iptables -A FORWARD -j ACCEPT", Commands.NONE), ('{"nftables": []}', Commands.NONE)])
def test_what_is_a_script(text: str, kind: Commands) -> None:
    assert door("nftables").recognises_script(source.from_bytes(text.encode(), "x")) is kind


def test_prompts_before_commands(tmp_path: Path) -> None:
    found = read(tmp_path, "root@gw:~# nft add rule inet filter web accept\n"
                           "[admin@gw ~]$ sudo nft list ruleset")
    assert told(found, "inet filter web") == ["change.sh:1"]


def test_commands_of_iptables_for_a_table_that_nft_shows(tmp_path: Path) -> None:
    text = ("iptables -I FORWARD 2 -s 10.1.1.10/32 -i eth1 -p tcp -m multiport --dports 135,445 -j ACCEPT\n"
            "iptables-nft -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j DROP\n"
            "iptables -D FORWARD 1\nnft add rule inet filter web accept\niptables -P FORWARD DROP")
    found = read(tmp_path, text)
    assert detect.script(source.read(str(tmp_path / "change.sh")))[0] == "nftables"
    assert told(found, IPTABLES) == ["change.sh:1", "fw.nft:20", "change.sh:2"]
    assert found.defaults[IPTABLES].action.value == "deny"
    assert told(found, "inet filter web") == ["change.sh:4"]


@pytest.mark.parametrize("command", [
    "iptables -A INPUT -j ACCEPT", "iptables-legacy -A FORWARD -j ACCEPT",
    "ip6tables -A FORWARD -j ACCEPT", "iptables -A FORWARD -m mark --mark 1"])
def test_commands_of_iptables_that_nothing_shown_is_for(tmp_path: Path, command: str) -> None:
    with pytest.raises(UnsupportedInputError, match=r"change\.sh:1"):
        read(tmp_path, command)


def test_only_commands_of_iptables(tmp_path: Path) -> None:
    assert told(read(tmp_path, "iptables -A FORWARD -j DROP"), IPTABLES) == [
        "fw.nft:19", "fw.nft:20", "change.sh:1"]


def test_two_inputs_each_get_their_commands(tmp_path: Path) -> None:
    inet, by_iptables = LISTED.split("table ip filter")
    (tmp_path / "a.nft").write_text(inet)
    (tmp_path / "b.nft").write_text("table ip filter" + by_iptables)
    script = source.from_bytes(b"nft -f - <<'E'\nadd rule inet filter web accept\n"
                               b"add rule ip filter FORWARD udp dport 53 counter accept\nE\n", "change.sh")
    found = scripts.read([str(tmp_path / "b.nft"), str(tmp_path / "a.nft")], script).firewall
    assert told(found, "inet filter web") == ["change.sh:2"]
    assert told(found, IPTABLES)[-1] == "change.sh:3"


def test_scripts_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "fw.nft").write_text(LISTED)
    one, two = (source.from_bytes(f"nft insert rule inet filter web tcp dport {port} accept\n".encode(), name)
                for port, name in ((1, "one.sh"), (2, "two.sh")))
    found = scripts.read([str(tmp_path / "fw.nft")], one_script([one, two])).firewall
    assert told(found, "inet filter web") == ["two.sh:1", "one.sh:1"]


def test_a_changed_host_can_be_changed_again(tmp_path: Path) -> None:
    found = read(tmp_path, "nft insert rule inet filter web tcp dport 1 accept")
    again, _ = door("nftables").enter(source.files_of(found.source), source.from_bytes(
        b"nft insert rule inet filter web tcp dport 2 accept\n", "more.sh"))
    assert told(again, "inet filter web") == ["more.sh:1", "change.sh:1"]
    assert again.line_counts.unread == 0


RUN = "nft add rule inet filter web accept"


@pytest.mark.parametrize("before", [
    "exit", "exit 0 # done", "set -n", "set -en", "set -o noexec", "nft monitor", "exec true",
    "set -e\nnft list table inet gone", "set -euo pipefail\nnft -c add table ip x",
    "set -o errexit\nsystemctl is-active nftables", "echo nft -f - <<E\nadd table ip x\nE"])
def test_what_may_never_be_run_is_refused(tmp_path: Path, before: str) -> None:
    with pytest.raises(UnsupportedInputError, match=r"change.sh:\d"):
        read(tmp_path, RUN, before)


@pytest.mark.parametrize("head", ["#!/bin/sh -n", "#!/bin/bash -en",
                                  "#!/bin/sh -e\nnft list set inet filter gone"])
def test_options_of_the_shell_itself_count(tmp_path: Path, head: str) -> None:
    with pytest.raises(UnsupportedInputError, match="not sure that this line is run"):
        read(tmp_path, RUN, head)


@pytest.mark.parametrize("before", [
    "set -e", "set -euo pipefail", "#!/bin/sh -e\nnft list ruleset", "nft list table inet gone", "# exit \\",
    "set -x\ntrue"])
def test_what_is_surely_run_counts(tmp_path: Path, before: str) -> None:
    found = read(tmp_path, f"{RUN}\nnft list table inet gone\nexit 0", before)
    assert len(told(found, "inet filter web")) == 1


@pytest.mark.parametrize("option", ["-c", "-cv", "-ec", "-e -c", "--check", "-ach", "-V"])
def test_what_only_checks_changes_nothing(tmp_path: Path, option: str) -> None:
    found = read(tmp_path, RUN, RUN.replace("nft", f"nft {option}"))
    assert told(found, "inet filter web") == ["change.sh:2"]


@pytest.mark.parametrize("option", ["--chec", "-ef", "-x", "--define", "-jc"])
def test_options_that_are_not_known_are_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(UnsupportedInputError, match="is not followed"):
        read(tmp_path, RUN.replace("nft", f"nft {option}"))
