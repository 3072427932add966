"""Rules for the same but one thing: another network, another port, the other side of a translation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.addresses import parse
from tests.parsers.cisco_asa.asa import INTERFACES
from tests.parsers.windows.windows import SVCHOST, Words, listing, profiles

AS_OF = date(2026, 1, 15)
BOUND = "access-group A in interface outside\n"
CLIENTS = "192.0.2.128 255.255.255.128"
STATIC = "object network SHARE\n host 10.1.0.11\n nat (inside,outside) static 203.0.113.11\n"


def asa(folder: Path, lines: str, *, share: str = "10.1.0.11", head: str = INTERFACES) -> list[str]:
    """What is said of the rules near SMB from the clients outside to a share."""
    (folder / "fw.cfg").write_text(head + lines)
    site = Site({"client": parse("192.0.2.128/25"), "distribution-point": parse(share)},
                (SiteFirewall("fw", (str(folder / "fw.cfg"),)),), methods=("software-distribution",),
                settings={"mode": "mixed"})
    return said(site, "CM2007-SWD-SMB")


def said(site: Site, requirement: str) -> list[str]:
    found, = (each for each in check(site, AS_OF).demands if each.requirement.id == requirement)
    return list(dict.fromkeys(f"{each.kind}: {each.text}" for missing in found.missing
                              for each in missing.near))


def entry(text: str) -> str:
    return f"access-list A extended {text}\n"


@pytest.mark.parametrize(("line", "expected"), [
    (f"permit tcp {CLIENTS} host 10.1.0.12 eq 445", "other-network: permits the same to 10.1.0.12 only"),
    (f"permit tcp {CLIENTS} 10.1.8.0 255.255.255.0 eq 445",
     "other-network: permits the same to 10.1.8.0/24 only"),
    ("permit tcp 192.0.2.0 255.255.255.128 host 10.1.0.11 eq 445",
     "other-network: permits the same from 192.0.2.0/25 only"),
    (f"permit ip {CLIENTS} host 10.1.0.12", "other-network: permits the same to 10.1.0.12 only"),
    (f"permit tcp {CLIENTS} host 10.1.0.11 eq 139", "other-port: permits the same on TCP 139 only")])
def test_one_thing_is_another(tmp_path: Path, line: str, expected: str) -> None:
    assert asa(tmp_path, entry(line) + BOUND) == [expected]


@pytest.mark.parametrize("line", [
    "permit tcp any host 172.16.5.5 eq 445",                      # neither end is meant
    "permit tcp 198.51.100.0 255.255.255.0 any eq 445",
    f"permit tcp {CLIENTS} host 10.1.0.12 eq 139",                # two things
    f"permit udp {CLIENTS} host 10.1.0.12 eq 445",
    f"permit tcp {CLIENTS} host 10.1.0.12 eq 445 inactive",
    f"permit tcp {CLIENTS} host 10.1.0.11 eq 3389",               # another service
    f"deny tcp {CLIENTS} host 10.1.0.12 eq 445"])
def test_two_things_or_others_altogether_are_not_near(tmp_path: Path, line: str) -> None:
    assert asa(tmp_path, entry(line) + BOUND) == []


def test_a_rule_below_what_denies_everything_is_no_help(tmp_path: Path) -> None:
    lines = entry("deny ip any any") + entry(f"permit tcp {CLIENTS} host 10.1.0.12 eq 445")
    assert asa(tmp_path, lines + BOUND) == []


def test_the_nearest_networks_first_and_only_two(tmp_path: Path) -> None:
    lines = "".join(entry(f"permit tcp {CLIENTS} host 10.{n}.0.11 eq 445") for n in (9, 7, 3, 5))
    assert asa(tmp_path, lines + BOUND) == [f"other-network: permits the same to 10.{n}.0.11 only"
                                            for n in (3, 7)]


def test_of_a_group_the_nearest_network_is_named(tmp_path: Path) -> None:
    """10.1.0.8-10.1.0.9 has 28 bits in common with 10.1.0.11, and 10.1.2.0/24 only 22."""
    group = "object-group network OLD\n network-object 10.1.2.0 255.255.255.0\n network-object 10.1.0.8 " \
            "255.255.255.254\n network-object 10.200.0.0 255.255.0.0\n"
    lines = group + entry(f"permit tcp {CLIENTS} object-group OLD eq 445") + BOUND
    assert asa(tmp_path, lines) == ["other-network: permits the same to 10.1.0.8/31, ... only"]


def test_a_rule_for_these_very_ends_comes_first(tmp_path: Path) -> None:
    lines = [f"permit tcp {CLIENTS} host 10.1.0.12 eq 445", f"permit tcp {CLIENTS} host 10.1.0.11 eq 139",
             f"permit tcp {CLIENTS} host 10.1.0.11 eq 445 inactive"]
    kinds = [each.partition(":")[0] for each in asa(tmp_path, "".join(map(entry, lines)) + BOUND)]
    assert kinds == ["disabled", "other-port"]


@pytest.mark.parametrize("ports", ["range 400 500", "lt 500"])
def test_the_port_is_not_on_the_source_side_where_the_destination_has_it(tmp_path: Path, ports: str) -> None:
    """445 lies in the range of the sender's ports, but that is not what keeps the clients out."""
    found = asa(tmp_path, entry(f"permit tcp {CLIENTS} {ports} host 10.1.0.11 eq 445") + BOUND)
    assert len(found) == 1
    assert "for some of the source ports only: " in found[0]


def test_a_part_of_the_ports(tmp_path: Path) -> None:
    """49000-55000 covers 49152-55000 of what Windows 7 needs; what is denied lies above."""
    servers = f"access-list B extended permit tcp host 10.1.0.10 {CLIENTS} range 49000 55000\n"
    (tmp_path / "fw.cfg").write_text(INTERFACES + servers + "access-group B in interface inside\n")
    site = Site({"client": parse("192.0.2.128/25"), "site-server": parse("10.1.0.10"),
                 "management-point": parse("10.1.0.11")},
                (SiteFirewall("fw", (str(tmp_path / "fw.cfg"),)),), methods=("client-push",),
                settings={"mode": "mixed", "client-os": "windows-7"})
    assert said(site, "CM2007-PUSH-RPC") == ["partly: permits it for some of the ports only: 49152-55000"]


def test_many_rules_that_deny_hide_no_permit(tmp_path: Path) -> None:
    denies = "".join(entry(f"deny tcp host 192.0.2.{n} host 10.1.0.11 range {445 - k} 445")
                     for n in range(128, 250) for k in range(3))
    found = asa(tmp_path, denies + entry("deny ip any any") + entry("permit tcp any any eq 445") + BOUND)
    last = INTERFACES.count("\n") + 3 * 122 + 1
    assert found[0] == f"below: permits it, but line {last} is asked before it"
    assert all(each.startswith("below: ") for each in found)


# Translation


def test_the_mapped_address_in_a_list_that_holds_real_ones(tmp_path: Path) -> None:
    """From 8.3 on: lists are compared with the address behind the translation, whatever the clients dial."""
    lines = STATIC + entry(f"permit tcp {CLIENTS} host 203.0.113.11 eq 445") + BOUND
    for dialled in ("203.0.113.11", "10.1.0.11"):
        found = asa(tmp_path, lines, share=dialled)
        assert all(each == "translated: permits it to the mapped address 203.0.113.11; this list is compared "
                   "with the real one, 10.1.0.11 (translated by line 16)" for each in found)
        assert found or dialled == "10.1.0.11"  # dialled so, the packets never come to the list


def test_a_network_that_is_translated_one_to_one(tmp_path: Path) -> None:
    """10.1.0.0/24 is 203.0.113.0/24 outside, so .11 is .11; the rule for .12 is another host's."""
    lines = ("object network ALL\n subnet 10.1.0.0 255.255.255.0\n nat (inside,outside) static "
             "203.0.113.0\n" + entry(f"permit tcp {CLIENTS} host 203.0.113.11 eq 445")
             + entry(f"permit tcp {CLIENTS} host 203.0.113.12 eq 445") + BOUND)
    found = asa(tmp_path, lines, share="203.0.113.11")
    assert found[0].startswith("translated: permits it to the mapped address 203.0.113.11; ")
    assert not any("203.0.113.12" in each for each in found[:1])


def test_the_real_address_in_a_list_that_holds_mapped_ones(tmp_path: Path) -> None:
    """Before 8.3 a list sees what the clients dial."""
    head = INTERFACES.replace("ASA Version 9.12(4)", "ASA Version 8.2(5)")
    lines = ("static (inside,outside) 203.0.113.11 10.1.0.11 netmask 255.255.255.255\n"
             + entry(f"permit tcp {CLIENTS} host 10.1.0.11 eq 445") + BOUND)
    assert asa(tmp_path, lines, share="203.0.113.11", head=head) == [
        "translated: permits it to the real address 10.1.0.11; this list is compared with the mapped one, "
        "203.0.113.11 (translated by line 14)"]


def test_address_and_port_as_the_clients_dial_them(tmp_path: Path) -> None:
    """The list sees 10.1.0.11 port 80, which the clients call 203.0.113.11 port 8080."""
    (tmp_path / "fw.cfg").write_text(
        INTERFACES + "object network WEB\n host 10.1.0.11\n nat (inside,outside) static 203.0.113.11 service "
        "tcp 80 8080\n" + entry(f"permit tcp {CLIENTS} host 203.0.113.11 eq 8080") + BOUND)
    site = Site({"client": parse("192.0.2.128/25"), "management-point": parse("203.0.113.11")},
                (SiteFirewall("fw", (str(tmp_path / "fw.cfg"),)),), methods=("group-policy",),
                settings={"mode": "mixed", "http-port": "8080"})
    assert said(site, "CM2007-GPO-MP-HTTP") == [
        "translated: permits it to the mapped address 203.0.113.11; this list is compared with the real one, "
        "10.1.0.11 (translated by line 16)"]


NAT = ("*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 203.0.113.11/32 -p tcp -m tcp --dport {port} "
       "-j DNAT --to-destination 10.1.0.11\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n"
       "-A FORWARD -s 192.0.2.128/25 -d 203.0.113.11/32 -p tcp -m tcp --dport 445 -j ACCEPT\n"
       "-A FORWARD -j DROP\nCOMMIT\n")


@pytest.mark.parametrize("dialled", ["203.0.113.11", "10.1.0.11"])
def test_linux_compares_with_the_address_after_dnat(tmp_path: Path, dialled: str) -> None:
    """The rule stands above the one that drops, so nothing is asked before it: it never matches."""
    (tmp_path / "fw.cfg").write_text(NAT.format(port=445))
    assert linux(tmp_path, dialled) == [
        "translated: permits it to the mapped address 203.0.113.11; this list is compared with the real one, "
        "10.1.0.11 (translated by line 3)"]


def test_a_chain_that_other_packets_are_sent_to(tmp_path: Path) -> None:
    """The rule in BRANCH is for any source, but only 192.0.2.0/25 comes to it."""
    (tmp_path / "fw.cfg").write_text(
        "*filter\n:FORWARD DROP [0:0]\n:BRANCH - [0:0]\n-A FORWARD -s 192.0.2.0/25 -j BRANCH\n"
        "-A BRANCH -d 10.1.0.11/32 -p tcp -m tcp --dport 445 -j ACCEPT\nCOMMIT\n")
    assert linux(tmp_path, "10.1.0.11") == [
        "elsewhere: permits it, but filter/BRANCH is evaluated only for what is sent there (line 4)"]


@pytest.mark.parametrize(("lines", "said"), [
    (["-A FORWARD -p tcp -m tcp --dport 445 -j DROP", "-A FORWARD -j BRANCH"],
     "below: permits it, but line 4 stops it before it is sent to filter/BRANCH (line 5)"),
    (["-A FORWARD -p tcp -m tcp --dport 445 -j DROP", "-A FORWARD -p udp -j BRANCH", "-A FORWARD -j BRANCH"],
     "below: permits it, but line 4 stops it before it is sent to filter/BRANCH (line 5, 6)"),
    (["-A FORWARD -p udp -j BRANCH", "-A FORWARD -p tcp -m tcp --dport 445 -j DROP", "-A FORWARD -j BRANCH"],
     "elsewhere: permits it, but filter/BRANCH is evaluated only for what is sent there (line 4, 6)"),
    ([":DENIED - [0:0]", "-A DENIED -p tcp -m tcp --dport 445 -j DROP", "-A FORWARD -j DENIED",
      "-A FORWARD -j BRANCH"],
     "below: permits it, but line 5 stops it before it is sent to filter/BRANCH (line 7)"),
    ([":DENIED - [0:0]", "-A DENIED -p tcp -m tcp --dport 445 -j DROP", "-A FORWARD -p udp -j DENIED",
      "-A FORWARD -p udp -j BRANCH", "-A FORWARD -j DENIED"],
     "elsewhere: permits it, but filter/BRANCH is evaluated only for what is sent there (line 7)"),
    (["-A OUTPUT -j BRANCH", "-A FORWARD -p tcp -m tcp --dport 445 -j DROP"],
     "elsewhere: permits it, but in filter/BRANCH, which these packets do not pass")])
def test_a_chain_that_packets_are_sent_to_too_late(tmp_path: Path, lines: list[str], said: str) -> None:
    """The line that drops, or the last one that sends them to it, stands above those that call the chain."""
    (tmp_path / "fw.cfg").write_text("\n".join((
        "*filter", ":FORWARD DROP [0:0]", ":BRANCH - [0:0]", *lines,
        "-A BRANCH -d 10.1.0.11/32 -p tcp -m tcp --dport 445 -j ACCEPT", "COMMIT", "")))
    assert linux(tmp_path, "10.1.0.11") == [said]


@pytest.mark.parametrize("line", [
    "-A FORWARD -i lo -j ACCEPT",  # nothing comes by it from another computer
    "-A FORWARD -i eth9 -j ZONE\n-A ZONE -o eth8 -j ACCEPT"])  # for everything of another zone
def test_a_rule_for_all_that_others_send(tmp_path: Path, line: str) -> None:
    (tmp_path / "fw.cfg").write_text(
        f"*filter\n:FORWARD DROP [0:0]\n:ZONE - [0:0]\n-A FORWARD -i eth1 -o eth2 -p icmp -j ACCEPT\n{line}\n"
        "COMMIT\n")
    site = Site({"client": parse("192.0.2.128/25"), "distribution-point": parse("10.1.0.11")},
                (SiteFirewall("fw", (str(tmp_path / "fw.cfg"),),
                              interfaces={"client": "eth1", "distribution-point": "eth2"}),),
                methods=("software-distribution",), settings={"mode": "mixed"})
    assert said(site, "CM2007-SWD-SMB") == []


def test_a_rule_for_the_port_and_another_one(tmp_path: Path) -> None:
    """It permits the needed port as well, so it is not for the other one only."""
    (tmp_path / "fw.cfg").write_text(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s 192.0.2.192/26 -p tcp -m tcp --dport 445 -j DROP\n"
        "-A FORWARD -d 10.1.0.11/32 -p tcp -m multiport --dports 139,445 -j ACCEPT\nCOMMIT\n")
    assert linux(tmp_path, "10.1.0.11") == ["below: permits it, but line 3 is asked before it"]


def test_a_translation_of_another_port_is_no_cause(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(NAT.format(port=3389))
    assert not any(each.startswith("translated") for each in linux(tmp_path, "10.1.0.11"))


def linux(folder: Path, share: str) -> list[str]:
    site = Site({"client": parse("192.0.2.128/25"), "distribution-point": parse(share)},
                (SiteFirewall("fw", (str(folder / "fw.cfg"),)),), methods=("software-distribution",),
                settings={"mode": "mixed"})
    return said(site, "CM2007-SWD-SMB")


# Windows


def windows(folder: Path, *rules: Words, local_rules: str = "N/A (GPO-store only)",
            requirement: str = "CM2007-PUSH-SMB") -> list[str]:
    """What is said of the rules near a requirement of client push."""
    (folder / "rules.txt").write_text(listing(*rules))
    (folder / "profiles.txt").write_text(profiles(local_rules=local_rules))
    return said(host(folder), requirement)


def host(folder: Path) -> Site:
    """A client whose rules and profiles are in a folder."""
    files = (str(folder / "rules.txt"), str(folder / "profiles.txt"))
    return Site({"client": parse("10.20.0.5"), "site-server": parse("10.1.1.10"),
                 "management-point": parse("10.1.1.11")},
                (SiteFirewall("pc", files, host=("client",), profile="domain"),), methods=("client-push",),
                settings={"mode": "mixed", "client-os": "windows-7"})


SMB = Words("File and Printer Sharing (SMB-In)", grouping="File and Printer Sharing", local_port="445",
            program="System")


@pytest.mark.parametrize("verbose", [True, False])
def test_a_built_in_rule_that_is_off_is_named_with_its_group(tmp_path: Path, *, verbose: bool) -> None:
    """Also without `verbose`, where nobody sees what else the rule tests."""
    rule = Words("File and Printer Sharing (SMB-In)", grouping="File and Printer Sharing", local_port="445",
                 enabled="No", verbose=verbose)
    assert windows(tmp_path, rule) == [
        "disabled: permits it, but is disabled (group 'File and Printer Sharing')"]


def test_a_rule_of_ones_own_that_is_off(tmp_path: Path) -> None:
    assert windows(tmp_path, Words("SMB", local_port="445", enabled="No", program="System")) == [
        "disabled: permits it, but is disabled"]


def test_a_block_rule_wins_whatever_the_order(tmp_path: Path) -> None:
    block = Words("No SMB", local_port="445", action="Block")
    for rules in ((SMB, block), (block, SMB)):
        line = listing(*rules).splitlines().index(f"{'Rule Name:':38}No SMB") + 1
        assert windows(tmp_path, *rules) == [f"overruled: permits it, but the block rule of line {line} wins"]


def test_a_local_rule_that_group_policy_voids(tmp_path: Path) -> None:
    """Rule merging is off: to enable the rule would change nothing, so that is not what is said."""
    policy = Words("From the domain", local_port="3389", source="Group Policy Setting")
    voided = ("disabled: would permit it, but is a local rule, and Group Policy lets only its own rules "
              "count in the profile Domain")
    for enabled in ("Yes", "No"):
        local = Words("SMB", local_port="445", program="System", enabled=enabled)
        assert windows(tmp_path, local, policy, local_rules="Disable") == [voided]
        advice, = {missing.advice for demand in check(host(tmp_path), AS_OF).demands
                   for missing in demand.missing}
        assert advice == ("only rules of Group Policy count in the profile Domain: allow it in the Group "
                          "Policy object")


def test_another_remote_network(tmp_path: Path) -> None:
    rule = Words("SMB", local_port="445", program="System", remote_ip="10.1.2.0/24")
    assert windows(tmp_path, rule) == ["other-network: permits the same from 10.1.2.0/24 only"]


def test_the_dynamic_ports_of_older_systems(tmp_path: Path) -> None:
    rule = Words("RPC", local_port="1025-5000", program=SVCHOST)
    found = windows(tmp_path, rule, requirement="CM2007-PUSH-RPC")
    assert found == ["other-port: permits the same on TCP 1025-5000 only"]
    rdp = Words("RDP", local_port="3389")  # lies in that range, and is another service
    assert windows(tmp_path, rdp, requirement="CM2007-PUSH-RPC") == []
