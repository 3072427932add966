"""How a fix is written: the right place, the file's own style, names as a shell or a device takes them."""

from __future__ import annotations

import json
import re
import shlex
from itertools import product
from random import Random

import pytest
from msgspec.structs import replace

from aclproof.linter.fix.search import Fix
from aclproof.linter.fix.side_effects import difference
from aclproof.linter.result import Verdict
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.cisco_asa.permits import aces as asa_aces
from aclproof.parsers.iptables import permits
from aclproof.parsers.model.services import TCP
from aclproof.parsers.windows.permits import new_rule
from tests.fix.entering import entered_asa, said_by_powershell
from tests.fix.test_fix_chains import (
    ASA,
    CLIENTS,
    HOST,
    INTERFACES,
    LINUX,
    MANAGEMENT,
    PORTS,
    SERVERS,
    SERVICES,
    SOURCES,
    TARGETS,
    fixed,
    lines_of,
    read,
    through_asa,
    written,
)
from tests.parsers.cisco_asa.asa import crossing, packet
from tests.parsers.windows.test_powershell import FILTERS, PROFILE, RULE
from tests.parsers.windows.windows import Words, profiles

BOTH = {"distribution-point": MANAGEMENT}


def said(found: Fix) -> str:
    return " ".join(reason for each in found.unfixed for reason in each.because)


# Nothing else is opened: the guard, with writers that err


def test_a_writer_that_writes_too_much_for_iptables_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "*filter\n:INPUT ACCEPT\n:FORWARD DROP\n:OUTPUT ACCEPT\nCOMMIT\n"
    assert lines_of(fixed(text, LINUX))
    monkeypatch.setattr(permits, "_matches", lambda box: ["-p tcp"])
    found = fixed(text, LINUX)
    assert found.snippets == ()
    assert "changes what becomes of other packets" in said(found)


def test_a_writer_that_writes_too_much_for_an_asa_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    text = INTERFACES + "access-list IN extended deny ip any any\naccess-group IN in interface clients\n"
    assert lines_of(fixed(text, ASA))
    monkeypatch.setattr(asa_aces, "address", lambda *_: "any")
    found = fixed(text, ASA)
    assert found.snippets == ()
    assert "changes what becomes of other packets" in said(found)


def test_a_writer_that_writes_too_much_for_windows_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_of(fixed(written([]), HOST, BOTH))
    monkeypatch.setattr(new_rule, "_netsh", lambda box, inward, word: ["protocol=TCP localport=80-90,445"])
    found = fixed(written([]), HOST, BOTH)
    assert found.snippets == ()
    assert "changes what becomes of other packets" in said(found)


def test_windows_commands_that_differ_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, wrong in (("_shell", ["-Protocol TCP -LocalPort 80-90,445"]),
                        ("_netsh", ["protocol=TCP localport=80"])):
        with monkeypatch.context() as patched:
            patched.setattr(new_rule, name, lambda box, inward, word, wrong=wrong: wrong)
            found = fixed(written([]), HOST, BOTH)
        assert found.snippets == (), name
        assert "changes what becomes of other packets" in said(found)


def test_a_writer_that_writes_too_little_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permits, "_matches", lambda box: ["-p tcp -m tcp --dport 80 --sport 2000:65535"])
    found = fixed(router(FOLLOWS), LINUX, BOTH)
    assert found.snippets == ()
    assert "the permits do not suffice" in said(found)


# Cisco ASA


def test_groups_that_are_there_are_named_and_new_ones_are_made_where_they_save_lines() -> None:
    text = INTERFACES.replace("object-group network MANAGEMENT", """\
object-group network THE-CLIENTS
 network-object 10.20.0.0 255.255.255.254
 network-object host 10.20.0.7
object-group network MANAGEMENT""")
    text += "access-list IN extended deny ip any any\naccess-group IN in interface clients\n"
    assert lines_of(fixed(text, ASA, {"client": "10.20.0.7"})) == [
        "access-list IN line 1 extended permit tcp host 10.20.0.7 host 10.1.1.11 eq 80",
        "access-list IN line 1 extended permit tcp host 10.20.0.7 host 10.1.1.12 eq 445"]
    few = "10.20.0.2-10.20.0.4"  # two networks
    assert len(lines_of(fixed(text, ASA, {"client": few}))) == 4
    many = "10.20.0.1-10.20.0.30"  # eight networks
    lines = lines_of(fixed(text, ASA, {"client": many}))
    assert lines[0] == "object-group network CONFIGMGR-1"
    assert lines[-1].endswith("IN line 1 extended permit tcp object-group CONFIGMGR-1 host 10.1.1.12 eq 445")
    assert len(lines) == 1 + 8 + 2
    taken = text + "object-group network CONFIGMGR-1\n network-object host 10.9.9.9\n" + END
    assert lines_of(fixed(taken, ASA, {"client": many}))[0] == "object-group network CONFIGMGR-2"


def test_an_entry_that_is_below_what_stops_it_is_moved() -> None:
    """The device takes no entry a second time."""
    own = "access-list IN extended permit tcp 10.20.0.0 255.255.255.248 host 10.1.1.12 eq 445"
    text = INTERFACES + ("access-list IN extended permit tcp any host 10.1.1.11 eq www\n"
                         f"access-list IN extended deny tcp any host 10.1.1.12 eq 445\n{own}\n"
                         "access-group IN in interface clients\n")
    lines = lines_of(fixed(text, ASA))
    assert lines == [f"no {own}", own.replace("IN extended", "IN line 2 extended")]
    changed = entered_asa(text, lines)
    assert fixed(changed, ASA).snippets == ()
    assert changed.count(own) == 1


@pytest.mark.parametrize("log", ["", " log", " log warnings interval 600", " log disable"])
@pytest.mark.parametrize("state", ["", " inactive"])
def test_an_entry_above_is_counted_as_gone_and_keeps_its_logging(log: str, state: str) -> None:
    """What is taken away from above moves all numbers after it up by one."""
    own = "access-list IN extended permit tcp 10.20.0.0 255.255.255.248 host 10.1.1.12 eq 445"
    text = INTERFACES + ("access-list IN remark first\n"
                         "access-list IN extended permit tcp any host 10.1.1.11 eq www\n"
                         f"{own}{log} inactive\n"
                         "access-list IN extended permit udp any any eq domain\n"
                         f"access-list IN extended deny ip any any{state}\n"
                         "access-group IN in interface clients\n")
    lines = lines_of(fixed(text, ASA))
    assert lines[0] == f"no {own}"
    assert len(lines) == 2
    written = re.fullmatch(r"access-list IN (line \d )?(extended .*)", lines[1])
    assert written
    place, entry = written.groups()
    assert place == (None if state else "line 4 ")  # the deny was number 5; without it the list just ends
    assert entry == own.removeprefix("access-list IN ") + log


END = "timeout xlate 3:00:00\n"
"""What a device prints after lists and what binds them."""
LEVELS = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.254 255.255.255.0
interface GigabitEthernet0/2
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 192.0.2.1
"""
EXACT = """\
access-list clients_access_in extended permit tcp 10.20.0.0 255.255.255.248 host 10.1.1.11 eq www
access-list clients_access_in extended permit tcp 10.20.0.0 255.255.255.248 host 10.1.1.12 eq 445
"""
KEPT = """\
access-list clients_access_in extended deny ip any 10.1.1.0 255.255.255.0
access-list clients_access_in extended deny ip any 10.20.0.0 255.255.255.0
access-list clients_access_in extended permit ip any any
"""


def test_a_list_that_is_bound_nowhere_is_bound_where_that_opens_exactly_what_is_missing() -> None:
    line = "access-group clients_access_in in interface clients"
    assert lines_of(fixed(LEVELS + EXACT + KEPT + END, ASA)) == [line]
    for text, remark in (
            (LEVELS + EXACT + END, "stops what security levels let pass"),
            (LEVELS + EXACT.replace("eq www", "range 80 81") + KEPT + END, "opens more than is missing")):
        found = fixed(text, ASA)
        assert lines_of(found)[-1] == "access-group clients_access_in-1 in interface clients"
        assert any(line in each and remark in each for each in found.snippets[0].advice)


def test_a_new_list_keeps_what_security_levels_let_pass_and_stop() -> None:
    changed = entered_asa(LEVELS, lines_of(fixed(LEVELS, ASA)))
    before, after = read(LEVELS), read(changed)
    needed = {("10.20.0.3", "10.1.1.11", 80), ("10.20.0.3", "10.1.1.12", 445)}
    for client in ("10.20.0.3", "10.20.0.9"):
        for target, leave in (("10.1.1.11", "servers"), ("10.1.1.12", "servers"), ("8.8.8.8", "outside"),
                              ("192.0.2.7", "outside")):
            for port in (80, 81, 445):
                was, now = (crossing(each, packet(client, target, "tcp", port), "clients", leave)
                            for each in (before, after))
                assert now == ("permit" if (client, target, port) in needed else was)
    for same in ("router ospf 1\n", "policy-route route-map A\n"):
        assert fixed(LEVELS + same, ASA).snippets == () or "policy" in same
    assert "the file does not hold all routes" in said(fixed(LEVELS + "router ospf 1\n", ASA))


# iptables


def router(*rules: str, policy: str = "DROP", chains: str = "") -> str:
    text = f"*filter\n:INPUT ACCEPT\n:FORWARD {policy}\n:OUTPUT ACCEPT\n{chains}"
    return text + "".join(f"-A {rule}\n" for rule in rules) + "COMMIT\n"


def commands(text: str, place: SiteFirewall = LINUX) -> list[str]:
    return lines_of(fixed(text, place))


TO_MP = "-s 10.20.0.0/29 -d 10.1.1.11/32 -i eth1 -o eth0 -p tcp -m tcp --dport 80"
TO_DP = "-s 10.20.0.0/29 -d 10.1.1.12/32 -i eth1 -o eth0 -p tcp -m tcp --dport 445"
FOLLOWS = "FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT"


def test_new_is_asked_for_where_the_file_does_so_and_in_its_own_words() -> None:
    assert commands(router(FOLLOWS)) == [f"iptables -A FORWARD {TO_MP} -j ACCEPT",
                                         f"iptables -A FORWARD {TO_DP} -j ACCEPT"]
    ssh = "FORWARD -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT"
    assert commands(router(FOLLOWS, ssh))[0] == f"iptables -A FORWARD {TO_MP} -m state --state NEW -j ACCEPT"
    newer = [each.replace("state --state", "conntrack --ctstate") for each in (FOLLOWS, ssh)]
    assert commands(router(*newer))[0] == (
        f"iptables -A FORWARD {TO_MP} -m conntrack --ctstate NEW -j ACCEPT")
    assert commands(router(ssh)) == [  # nothing carries the later packets: no state, and the answers' rules
        f"iptables -A FORWARD {TO_MP} -j ACCEPT",
        "iptables -A FORWARD -s 10.1.1.11/32 -d 10.20.0.0/29 -i eth0 -o eth1 -p tcp -m tcp --sport 80 "
        "-m state --state ESTABLISHED -j ACCEPT",
        f"iptables -A FORWARD {TO_DP} -j ACCEPT",
        "iptables -A FORWARD -s 10.1.1.12/32 -d 10.20.0.0/29 -i eth0 -o eth1 -p tcp -m tcp --sport 445 "
        "-m state --state ESTABLISHED -j ACCEPT"]


def test_the_last_place_that_reaches_what_is_stopped() -> None:
    chains = ":drops -\n:own -\n"
    for rules, place in (
            (["FORWARD -m state --state INVALID -j drops", "FORWARD -p icmp -j ACCEPT", "FORWARD -j drops",
              "drops -j LOG", "drops -j DROP"], "FORWARD 4"),
            (["FORWARD -j own", "own -p udp -j ACCEPT", "own -p tcp -j REJECT"], "own 2"),
            (["FORWARD -g own", "own -p udp -j ACCEPT"], "FORWARD 2"),
            (["FORWARD -p udp -j ACCEPT", "FORWARD -j RETURN"], "FORWARD 3")):
        assert commands(router(FOLLOWS, *rules, chains=chains))[0].startswith(f"iptables -I {place} "), rules


def test_what_is_permitted_is_not_logged_as_dropped() -> None:
    log = 'FORWARD -m limit --limit 5/min -j LOG --log-prefix "DROP "'
    for rules, place in (([FOLLOWS, log], "-I FORWARD 2"),
                         ([FOLLOWS, log, "FORWARD -j DROP"], "-I FORWARD 2"),
                         ([log, FOLLOWS], "-A FORWARD"), ([FOLLOWS, log, log], "-I FORWARD 2"),
                         ([FOLLOWS, log, "FORWARD -p udp -j ACCEPT"], "-A FORWARD")):
        assert commands(router(*rules))[0].startswith(f"iptables {place} "), rules


def test_ports_and_ranges_take_one_rule() -> None:
    place = replace(LINUX, host=())
    assert commands(router(FOLLOWS), place)[0].count("--dport") == 1
    one = lines_of(fixed(router(FOLLOWS), place, {"distribution-point": MANAGEMENT}))
    assert one == ["iptables -A FORWARD -s 10.20.0.0/29 -d 10.1.1.11/32 -i eth1 -o eth0 -p tcp -m multiport "
                   "--dports 80,445 -j ACCEPT"]
    ranged = lines_of(fixed(router(FOLLOWS), place, {"client": "10.20.0.1-10.20.0.30"}))
    assert all("-m iprange --src-range 10.20.0.1-10.20.0.30 " in each for each in ranged)
    assert len(ranged) == 2


def test_a_chain_with_a_hostile_name_is_quoted_for_the_shell() -> None:
    name = "x;touch'\"y$z"
    found = commands(router(FOLLOWS, f"FORWARD -j {name}", f"{name} -p udp -j ACCEPT", f"{name} -j DROP",
                            chains=f":{name} -\n"))
    assert all(shlex.split(each)[:4] == ["iptables", "-I", name, "2"] for each in found)
    place = replace(LINUX, interfaces={**LINUX.interfaces, "client": "eth1 $(reboot)"})
    assert all(shlex.split(each)[8] == "eth1 $(reboot)" for each in commands(router(FOLLOWS), place))


def test_lines_that_move_are_no_change_of_what_they_do() -> None:
    queue = "*mangle\n:FORWARD ACCEPT\n-A FORWARD -p udp -j NFQUEUE\nCOMMIT\n"
    assert commands(router(FOLLOWS) + queue) == commands(router(FOLLOWS))


def test_what_docker_leaves_to_the_administrator_is_used() -> None:
    text = router("FORWARD -j DOCKER-USER", FOLLOWS, "DOCKER-USER -s 10.20.0.0/30 -j DROP",
                  "DOCKER-USER -j RETURN", policy="ACCEPT", chains=":DOCKER-USER -\n")
    assert all(each.startswith("iptables -I DOCKER-USER 1 ") for each in commands(text))


# Windows


def export(*rules: dict[str, str], **settings: str) -> str:
    """What the documented PowerShell export prints of one computer."""
    table = {"Store": "PersistentStore", "System": "10.0.19045.0", "Profile": [
        PROFILE | {"Name": name, "AllowLocalFirewallRules": "True"} | settings
        for name in ("Domain", "Private", "Public")]}
    whole = [RULE | {"Group": "", "Enabled": "False", "Profile": "Domain"} | each for each in rules]
    filters = {name: [{"InstanceID": rule["InstanceID"]} | {
        key: rule.get(key, {"Program": "Any", "RemoteAddress": "Any"}.get(key, value))
        for key, value in columns.items()} for rule in whole] for name, columns in FILTERS.items()}
    shown = [{key: each[key] for key in RULE} for each in whole]
    return json.dumps(table | {"Rule": shown} | filters, indent=1)


def test_a_rule_with_a_hostile_name_is_quoted_for_powershell() -> None:
    name = "{it's ‘a’ \"rule\" $x}"
    text = export({"InstanceID": name, "DisplayName": 'a "%x%" name', "LocalPort": "445",
                   "RemoteAddress": "10.20.0.0/29"}, {"InstanceID": "other", "LocalPort": "1"})
    line = next(each for each in lines_of(fixed(text, HOST, BOTH)) if each.startswith("Set-"))
    assert line == "Set-NetFirewallRule -Name '{it''s ‘‘a’’ \"rule\" $x}' -Enabled True"
    assert said_by_powershell(line.replace("‘‘", "‘").replace("’’", "’"))["Name"] == name
    assert not any("netsh" in each and "%" in each for each in lines_of(fixed(text, HOST, BOTH)))
    wild = text.replace("{it's", "{it*s")
    assert not any(each.startswith("Set-") for each in lines_of(fixed(wild, HOST, BOTH)))


def test_a_built_in_rule_is_switched_on_for_those_who_need_it_and_its_group_opens_more() -> None:
    shares = {"InstanceID": "FPS-SMB-In-TCP", "Group": "@FirewallAPI.dll,-28502", "LocalPort": "445",
              "Program": "System"}
    others = shares | {"InstanceID": "NB", "DisplayName": "NB", "LocalPort": "139"}
    lines = lines_of(fixed(export(shares, others), HOST, BOTH))
    assert lines[0] == ("Set-NetFirewallRule -Name 'FPS-SMB-In-TCP' -Enabled True "
                        "-RemoteAddress 10.20.0.0/29")
    assert re.match("New-NetFirewallRule .* -LocalPort 80 -Program System -RemoteAddress 10.20.0.0/29$",
                    lines[-2])
    assert lines[2] == (
        "# or, with the built-in group 'File and Printer Sharing', which opens more (from any address, by 2 "
        'of its rules): netsh advfirewall firewall set rule group="@FirewallAPI.dll,-28502" profile=domain '
        "new enable=yes")


def test_where_only_group_policy_counts_a_local_rule_is_no_fix() -> None:
    text = export({"InstanceID": "one", "LocalPort": "1"}, AllowLocalFirewallRules="False").replace(
        '"PolicyStoreSourceType": "Local"', '"PolicyStoreSourceType": "GroupPolicy"').replace(
        "PersistentStore", "ActiveStore")  # the computer's own store holds no such rule
    found = fixed(text, HOST, BOTH)
    assert all(re.match(r'New-NetFirewallRule .* -PolicyStore "DOMAIN\\GPO"$', each)
               for each in lines_of(found))
    assert [each.verdict for each in found.fixed] == [Verdict.MET] * 2
    assert all("only rules of Group Policy count" in each.advice[0] for each in found.snippets)


def test_what_blocks_is_named_with_what_narrowing_it_would_do() -> None:
    block = Words("No web", remote_ip="Any", local_port="80", action="Block")
    for words, text in (
            ([block], "then it still needs an allow rule"),
            ([block, Words("Web", local_port="80")], "that opens exactly what is missing"),
            ([replace(block, local_port="80-81"), Words("Web", local_port="80-81")],
             "that opens more than what is missing"),
            ([replace(block, remote_ip="10.20.0.0/29")], "is not among its remote addresses")):
        found = fixed(written(words), HOST, BOTH)
        assert "(No web) blocks, and that wins over every allow rule: narrow it, so that" in said(found)
        assert "that 10.20.0.0/29 is not among its remote addresses" in said(found)
        assert text in said(found)
    rules = written([]).removeprefix(profiles())
    closed = profiles(domain=("ON", "BlockInboundAlways,AllowOutbound")) + rules
    assert "keeps allow rules from counting at all" in said(fixed(closed, HOST, BOTH))


# The comparison itself


def test_a_difference_sees_what_is_gained_and_what_is_lost() -> None:
    old = INTERFACES + ("access-list IN extended permit tcp any host 10.1.1.11 eq 80\n"
                        "access-list IN extended deny ip any any\naccess-group IN in interface clients\n")
    for before, after, gained, lost in (
            (" eq 80\n", " range 80 81\n", {81}, set()), ("permit tcp any", "deny tcp any", set(), {80}),
            ("deny ip any any", "permit ip any any", {22, 80, 81}, set()),
            ("any any", "any any log", set(), set())):
        found = difference(read(old), read(old.replace(before, after)))
        assert [{port for box in boxes if box.protocol == TCP for port in (22, 80, 81)
                 if port in box.destination_ports} for boxes in (found.gained, found.lost)] == [gained, lost]


def test_a_difference_is_the_same_as_the_packets_one_by_one() -> None:
    chosen = Random(7)
    aces = [f"access-list IN extended {action} tcp {source} {target}{service}\n"
            for action, source, target, service in product(("permit", "deny"), SOURCES, TARGETS, SERVICES)]
    for _ in range(60):
        lists = [chosen.sample(aces, 5) for _ in range(2)]
        lists[1] = lists[0][:2] + lists[1][:chosen.randint(0, 2)] + lists[0][chosen.randint(2, 3):]
        texts = [INTERFACES + "".join(each) + "access-group IN in interface clients\n" for each in lists]
        found = difference(*map(read, texts))
        was, now = map(through_asa, texts)
        for client, server, port in product(CLIENTS, SERVERS, PORTS):
            one = packet(client, server, "tcp", port)
            key = ("", client, server, port)
            assert any(one in box for box in found.gained) == (key in now and key not in was)
            assert any(one in box for box in found.lost) == (key in was and key not in now)


# What is not known to be missing


def test_ufw_is_named_where_its_own_chains_are() -> None:
    for chain, named in (("ufw-user-input", True), ("ufw-mine", False)):
        found = fixed(router(FOLLOWS, chains=f":{chain} -\n"), LINUX)
        assert found.snippets
        assert any("ufw loads its own rules" in each for each in found.snippets[0].advice) is named
