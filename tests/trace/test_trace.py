"""One packet along a site: its verdict is that of the proof, and every form tells the same."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.linter.cli.packets import of_words
from aclproof.linter.demands.demands import plan
from aclproof.linter.program import check
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.reports.language.language import Words
from aclproof.linter.result import Missing, Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import PROTOCOL_NAMES, is_icmp
from tests.language.english import english_in, is_sentence
from tests.test_sites import AS_OF, NAMES, ROOT, SITES

Output = pytest.CaptureFixture[str]
DAY = ["--as-of", AS_OF.isoformat()]
BRANCH, TWO_HOPS = SITES / "branch", SITES / "path-two-hops-block"
all_sites = pytest.mark.parametrize("name", NAMES)


@cache
def schema(name: str) -> jsonschema.Draft202012Validator:
    text = (ROOT / "linter" / "schemas" / f"{name}-v1.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


@cache
def proven(name: str) -> Result:
    return check(reader.read(SITES / name / "aclproof.yaml"), AS_OF)


def row(packet: Packet, state: str = "new") -> dict[str, str]:
    first, second = ("icmp_type", "icmp_code") if is_icmp(packet.protocol) else (
        "source_port", "destination_port")
    return {"source": write(packet.family, packet.source),
            "destination": write(packet.family, packet.destination),
            "protocol": PROTOCOL_NAMES[packet.protocol].replace("icmp6", "icmp"), "state": state,
            first: str(packet.source_port), second: str(packet.destination_port)}


def packets_file(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "packets.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, ["source", "destination", "protocol", "source_port", "destination_port",
                                      "icmp_type", "icmp_code", "state"])
        writer.writeheader()
        writer.writerows(rows)
    return file


def traced(folder: Path, capsys: Output, site: Path, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Trace many packets at once, as a user would."""
    file = packets_file(folder, rows)
    code = run(["trace", str(site), "--packets", str(file), "--format", "json", *DAY])
    out_, err = capsys.readouterr()
    assert bool(err) == (not rows)
    found = json.loads(out_)
    schema("trace").validate(found)
    verdicts = [each["verdict"] for each in found["packets"]]
    assert code == (1 if "deny" in verdicts else 3 if "undecided" in verdicts or not verdicts else 0)
    return list(found["packets"])


# The whole way


def expected(site: Site, result: Result) -> Iterator[tuple[dict[str, str], str, str]]:
    """Packets of every requirement with the verdict of the proof, and of a missing one the line.

    After a translation a witness is of other packets than were sent, and answers to two may look alike.
    """
    demands = plan(site, pack_of(site)).demands
    ambiguous = any(may_translate(parsers.read(*place.configs)) for place in site.firewalls)
    found = {each.requirement.id: each for each in result.demands}
    for demand in demands:
        mine = found[demand.requirement.id]
        if mine.verdict is Verdict.MET:
            yield from ((row(box.witness()), "permit", "") for box in demand.request.boxes)
        elif mine.witness:
            part = mine.missing[0] if mine.missing else mine.undecided[0]
            alike = part.leg == "request" or not ambiguous
            if alike and any(mine.witness in box for leg in demand.legs if leg.kind == part.leg
                             for box in leg.boxes):
                state = "new" if part.leg == "request" else "established"
                stopper = f"{part.blocked_by.span}" if isinstance(part, Missing) else ""
                yield row(mine.witness, state), "deny" if stopper else "undecided", stopper


@all_sites
def test_the_verdict_of_a_packet_is_that_of_the_proof(name: str, tmp_path: Path, capsys: Output) -> None:
    site, result = reader.read(SITES / name / "aclproof.yaml"), proven(name)
    wanted = list(expected(site, result))
    found = traced(tmp_path, capsys, SITES / name / "aclproof.yaml", [rows for rows, _, _ in wanted])
    for (_, verdict, stopper), packet in zip(wanted, found, strict=True):
        assert packet["verdict"] == verdict, packet
        assert packet["requirement"]
        lines = [f"{hop['deciding']['file']}:{hop['deciding']['line']}" for hop in packet["hops"]
                 if hop["verdict"] == "deny"]
        assert not stopper or stopper in lines


def test_most_verdicts_of_the_proof_are_traced() -> None:
    counts = {"permit": 0, "deny": 0, "undecided": 0}
    for name in NAMES:
        site = reader.read(SITES / name / "aclproof.yaml")
        for _, verdict, _ in expected(site, proven(name)):
            counts[verdict] += 1
    assert counts["permit"] > 150
    assert counts["deny"] > 100
    assert counts["undecided"] > 20


# From firewall to firewall

FIRST = """\
ASA Version 9.12(4)
hostname first
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
route outside 0.0.0.0 0.0.0.0 192.0.2.254 1
object network CLIENTS
 subnet 10.20.0.0 255.255.0.0
object network POOL
 range 10.1.9.0 {last}
nat (inside,outside) source dynamic CLIENTS POOL
"""
SECOND = """\
ASA Version 9.12(4)
hostname second
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.254 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
route outside 10.1.9.0 255.255.255.0 192.0.2.1 1
{lines}
access-list IN extended deny tcp any any eq 9
access-group IN in interface outside
"""
POOL_SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [10.20.0.0/16], management-point: [10.1.1.11]}
firewalls: [{name: first, config: first.cfg}, {name: second, config: second.cfg}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("aclproof.yaml").write_text(POOL_SITE, encoding="utf-8")
    two(".15", [])
    return tmp_path


def two(last: str, lines: list[str]) -> None:
    Path("first.cfg").write_text(FIRST.format(last=f"10.1.9{last}"), encoding="utf-8")
    Path("second.cfg").write_text(SECOND.format(lines="\n".join(lines)), encoding="utf-8")


def as_json(capsys: Output, *arguments: str) -> dict[str, Any]:
    """The first packet of a trace along the site in the working directory."""
    run(["trace", *arguments, "--format", "json"])
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    schema("trace").validate(found)
    packet = found["packets"][0]
    assert isinstance(packet, dict)
    return packet


PACKET = ["10.20.0.5", "10.1.1.11", "tcp", "80"]

@pytest.mark.parametrize("seed", range(40))
def test_behind_a_pool_only_what_holds_for_every_address_is_sure(
        seed: int, folder: Path, capsys: Output) -> None:
    dice = Random(seed)
    lines = []
    for _ in range(dice.randint(0, 5)):
        length = dice.choice([28, 29, 30, 31, 32])
        network = dice.randrange(0, 16, 1 << 32 - length)
        mask = f"255.255.255.{256 - (1 << 32 - length)}"
        action = dice.choice(["permit", "deny", "permit"])
        lines.append(f"access-list IN extended {action} tcp 10.1.9.{network} {mask} any eq 80")
    two(".15", lines)
    alone = set()
    for number in range(16):  # every address that the pool may pick, on its own
        run(["trace", "second.cfg", f"10.1.9.{number}", "10.1.1.11", "tcp", "80", "--format", "json"])
        alone.add(json.loads(capsys.readouterr().out)["packets"][0]["verdict"])
    found = as_json(capsys, *PACKET)
    assert found["verdict"] == (alone.pop() if len(alone) == 1 else "undecided")
    assert found["hops"][0]["leaves_as"].startswith("10.1.9.")
    assert found["hops"][0]["translated_by"] == [16]


def test_a_pool_that_too_many_lines_cut_is_left_open(folder: Path, capsys: Output) -> None:
    lines = [f"access-list IN extended permit tcp host 10.1.{8 + n // 256}.{n % 256} any eq 80"
             for n in range(0, 1024, 2)]
    Path("first.cfg").write_text(FIRST.format(last="10.1.11.255").replace("10.1.9.0", "10.1.8.0"), "utf-8")
    Path("second.cfg").write_text(SECOND.format(lines="\n".join(lines)), "utf-8")
    found = as_json(capsys, *PACKET)
    assert (found["verdict"], found["hops"][1]["verdict"]) == ("undecided", "unseen")


def test_what_a_firewall_stops_is_shown_at_the_later_ones_all_the_same(capsys: Output) -> None:
    found = as_json(capsys, str(TWO_HOPS / "aclproof.yaml"), "10.1.202.10", "10.202.0.10", "tcp", "445")
    assert [(hop["firewall"], hop["verdict"], hop["reached"]) for hop in found["hops"]] == [
        ("dc", "deny", True), ("branch", "permit", False), ("client-host", "deny", False)]
    assert (found["from"], found["to"], found["requirement"]) == ("site-server", "client", "CM2007-PUSH-SMB")
    assert found["hops"][0]["deciding"]["line"] == 15


def test_a_source_that_is_never_translated_is_not_followed(folder: Path, capsys: Output) -> None:
    Path("first.cfg").write_text("*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n"
                                 "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n", encoding="utf-8")
    found = as_json(capsys, *PACKET)
    assert [hop["verdict"] for hop in found["hops"]] == ["deny", "unseen"]


@pytest.mark.parametrize("target", ["DNAT --to-destination 10.1.1.11-10.1.1.12", "TPROXY --on-port 3128"])
def test_behind_what_nobody_can_tell_nothing_is_followed(target: str, folder: Path, capsys: Output) -> None:
    table = "nat" if target.startswith("DNAT") else "mangle"
    Path("first.cfg").write_text(f"*{table}\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j {target}\n"
                                 "COMMIT\n*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", encoding="utf-8")
    found = as_json(capsys, *PACKET)
    assert [hop["verdict"] for hop in found["hops"]] == ["undecided", "unseen"]
    assert found["hops"][0]["because"][0].startswith("what ")


@pytest.mark.parametrize(("dropped", "verdict"), [
    ("-s 10.1.1.11/32", "deny"), ("-d 192.0.2.7/32", "undecided"), ("-s 10.1.1.99/32", "permit")])
def test_answers_to_a_hidden_address_have_to_get_to_where_it_is_known(
        dropped: str, verdict: str, folder: Path, capsys: Output) -> None:
    """The address that MASQUERADE takes is not in the file, and answers to all or some are dropped before."""
    Path("first.cfg").write_text(
        f"*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING {dropped} -j DROP\nCOMMIT\n"
        "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n"
        "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", encoding="utf-8")
    Path("aclproof.yaml").write_text(POOL_SITE.replace(", {name: second, config: second.cfg}", ""), "utf-8")
    back = ["10.1.1.11", "10.20.0.5", "tcp", "50000", "--source-port", "80", "--reply"]
    assert as_json(capsys, *back)["verdict"] == verdict
    demand, = (each for each in check(reader.read("aclproof.yaml"), AS_OF).demands
               if each.requirement.id == "CM2007-GPO-MP-HTTP")
    assert demand.verdict is {"permit": Verdict.MET, "undecided": Verdict.UNDECIDED,
                              "deny": Verdict.MISSING}[verdict]


def test_an_answer_comes_back_the_same_way(capsys: Output) -> None:
    site = str(SITES / "path-echo-reply-lost" / "aclproof.yaml")
    lost = proven("path-echo-reply-lost")
    demand = next(each for each in lost.demands if each.missing and each.missing[0].leg == "reply")
    assert demand.witness
    ends = row(demand.witness)
    found = as_json(capsys, site, ends["source"], ends["destination"], "icmp", "--icmp-type", "0", "--reply")
    assert (found["kind"], found["verdict"]) == ("reply", "deny")
    assert [hop["firewall"] for hop in found["hops"]] == [hop.firewall for hop in demand.hops][::-1]


def test_a_reply_passes_a_firewall_that_keeps_sessions(capsys: Output) -> None:
    config = str(BRANCH / "branch-asa.cfg")
    assert run(["trace", config, "10.1.1.11", "10.20.0.77", "tcp", "50000", "--source-port", "80"]) == 1
    assert run(["trace", config, "10.1.1.11", "10.20.0.77", "tcp", "50000", "--source-port", "80",
                "--reply"]) == 0
    assert "it belongs to a session" in capsys.readouterr().out


def test_roles_are_told_by_addresses_or_named(capsys: Output) -> None:
    site = str(SITES / "path-dmz" / "aclproof.yaml")
    demand = next(each for each in proven("path-dmz").demands if each.requirement.id == "CM2007-SWD-SMB")
    client, point = row(demand.boxes[0].witness())["source"], row(demand.boxes[0].witness())["destination"]
    strange = as_json(capsys, site, client, point, "tcp", "3389")
    assert (strange["requirement"], strange["to"]) == (None, "distribution-point")
    assert [hop["firewall"] for hop in strange["hops"]] == ["branch", "core"]
    named = as_json(capsys, site, client, "192.0.2.1", "tcp", "80", "--to", "management-point")
    assert [hop["firewall"] for hop in named["hops"]] == ["branch", "dmz", "mp-host"]
    assert run(["trace", site, client, "192.0.2.1", "tcp", "80"]) == 2
    assert "192.0.2.1 plays no role of this site: say with --to ROLE" in capsys.readouterr().err


def test_an_address_with_two_roles_on_two_ways_is_asked_for(folder: Path, capsys: Output) -> None:
    Path("aclproof.yaml").write_text(
        POOL_SITE.replace("[10.1.1.11]}", "[10.1.1.11], distribution-point: [10.1.1.11]}").replace(
            "methods: [group-policy]\n", "")
        + "paths: [{from: client, to: distribution-point, through: []}]\n", encoding="utf-8")
    assert len(as_json(capsys, *PACKET)["hops"]) == 2, "a requirement tells which of them is meant"
    assert run(["trace", *PACKET[:3], "3389"]) == 2
    assert "--from ROLE and --to ROLE" in capsys.readouterr().err
    beside = as_json(capsys, *PACKET[:3], "3389", "--to", "distribution-point")
    assert (beside["hops"], beside["verdict"]) == ([], "permit")


def test_a_way_that_the_site_file_does_not_name_is_open(folder: Path, capsys: Output) -> None:
    Path("mp.rules").write_text("*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n", "utf-8")
    Path("aclproof.yaml").write_text(
        POOL_SITE.partition("firewalls:")[0].replace("11]}", "11], distribution-point: [10.1.1.12]}")
        + "firewalls: [{name: mp, config: mp.rules, host: management-point}]\n", encoding="utf-8")
    assert as_json(capsys, *PACKET)["verdict"] == "permit"
    found = as_json(capsys, "10.20.0.5", "10.1.1.12", "tcp", "445")
    assert (found["verdict"], found["hops"]) == ("undecided", [])
    assert found["because"][0].startswith("which firewalls stand between client and distribution-point")


# How packets are named


def test_the_site_file_of_the_folder_is_the_default(folder: Path, capsys: Output) -> None:
    assert as_json(capsys, *PACKET) == as_json(capsys, "aclproof.yaml", *PACKET)
    table = "source,destination,protocol,destination_port\n" + ",".join(PACKET)
    Path("packets.csv").write_text(table, encoding="utf-8")
    assert as_json(capsys, "--packets", "packets.csv") == as_json(capsys, *PACKET)
    Path("aclproof.yaml").unlink()
    assert run(["trace", *PACKET]) == 2
    assert "there is no aclproof.yaml here" in capsys.readouterr().err


def test_packets_come_from_standard_input() -> None:
    text = "source,destination,protocol,destination_port\n10.1.1.10,10.20.0.77,tcp,445\n"
    done = subprocess.run(
        [sys.executable, "-m", "aclproof", "trace", str(BRANCH / "aclproof.yaml"), "--packets", "-"],
        input=text.encode(), capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1, done.stderr
    assert b"branch-asa.cfg:67" in done.stdout
    assert done.stderr == b""


@pytest.mark.parametrize(("table", "line", "says"), [
    ("source,destination\n", 1, "the column 'protocol' is missing"),
    ("source,destination,protocol,prot\n", 1, "unknown column 'prot'"),
    ("source,Source,destination,protocol\n", 1, "the column 'source' is there twice"),
    ("source,destination,protocol,destination_port\n10.20.0.5,10.1.1.11,tcp,80\n10.20.0.5,10.1.1.11,tcp,x\n",
     3, "needs a destination port"),
    ("source,destination,protocol,source_port\n10.20.0.5,10.1.1.11,icmp,70000\n", 2, "source_port"),
    ("source,destination,protocol,icmp_type\n10.20.0.5,10.1.1.11,icmp,256\n", 2, "from 0 to 255"),
    ("source,destination,protocol,state\n10.20.0.5,10.1.1.11,icmp,opened\n", 2, "unknown state"),
    ("source,destination,protocol\n10.20.0.5,10.1.1.11,icmp,1,2\n", 2, "more cells"),
    ("source,destination,protocol\n10.20.0.5,10.9.9.9,icmp\n", 2, "plays no role"),
    ("source,destination,protocol\n10.20.0.5\n", 2, "is not an address"),
    ("", 1, "is missing")])
def test_a_wrong_table_is_told_with_its_row(
        table: str, line: int, says: str, folder: Path, capsys: Output) -> None:
    Path("p.csv").write_text(table, encoding="utf-8")
    assert run(["trace", "--packets", "p.csv"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"p.csv:{line}: " in err
    assert says in err


@pytest.mark.parametrize(("arguments", "says"), [
    (["second.cfg", *PACKET, "--to", "client"], "--to goes with a site file"),
    ([*PACKET, "--ingress", "inside"], "--ingress goes with one configuration"),
    ([*PACKET, "--hook", "input"], "--hook goes with one configuration"),
    ([*PACKET, "--from", "clinet"], "did you mean 'client'"),
    ([*PACKET, "--explain", "--format", "json"], "--explain is text"),
    (["aclproof.yaml"], "give one packet"), ([*PACKET, "--packets", "x.csv"], "give one packet"),
    (["-", "--packets", "-"], "only one of the two"), (["--packets", "none.csv"], "no such file"),
    ([*PACKET, "--fact", "x"], "write NAME=VALUE"), ([*PACKET, "--as-of", "x"], "2026-01-31")])
def test_a_wrong_call_gets_one_line_and_exit_2(
        arguments: list[str], says: str, folder: Path, capsys: Output) -> None:
    assert run(["trace", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [
    ["10.20.0.5:1025 -> 10.1.1.11:80 tcp"], ["Example     10.20.0.5:1025 -> 10.1.1.11:80 tcp"],
    ["10.20.0.5:1025", "10.1.1.11:80", "tcp"],
    ["10.20.0.5:1025", "10.1.1.11", "tcp", "80"]])
def test_a_packet_can_be_pasted_from_a_report(words: list[str], folder: Path, capsys: Output) -> None:
    assert as_json(capsys, *words)["packet"] == "10.20.0.5:1025 -> 10.1.1.11:80 tcp"


@pytest.mark.parametrize("text", [
    "10.20.0.5 -> 10.1.1.11 icmp echo request", "10.20.0.5 -> 10.1.1.11 icmp echo reply",
    "10.20.0.5 -> 10.1.1.11 icmp type 3", "[2001:db8::5]:1025 -> [2001:db8::b]:80 tcp",
    "2001:db8::5 -> 2001:db8::b icmp echo request", "10.20.0.5:7 -> 10.1.1.11:135 udp"])
def test_every_form_of_a_packet_is_read_as_it_is_written(text: str) -> None:
    assert str(of_words([text], 49152, None)) == text


@pytest.mark.parametrize(("words", "says"), [
    (["10.20.0.0/16", "10.1.1.11", "tcp", "80"],
     "'10.20.0.0/16' is more than one address, and a packet has one, such as 10.20.0.10"),
    (["10.20.0.5:49152", "-", "tcp"], "put the packet into quotes"),
    (["10.20.0.5:1", "10.1.1.11:80", "tcp", "80"], "tcp needs a destination port"),
    (["10.20.0.5 -> 10.1.1.11 icmp perhaps"], "a packet is SOURCE DESTINATION PROTOCOL"),
    (["aclproof.yaml", "sccm01", "10.1.1.11", "tcp", "80"], "'sccm01' is neither a file here nor an address"),
    (["aclproof.yaml", "second.cfg", *PACKET], "aclproof.yaml names its configurations itself")])
def test_a_packet_that_is_none_gets_a_helpful_line(
        words: list[str], says: str, folder: Path, capsys: Output) -> None:
    assert run(["trace", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


def test_the_files_of_one_firewall_are_traced_together(folder: Path, capsys: Output) -> None:
    """Neither family's dump has chains for the other's packets."""
    for name, source in (("gw.v4", "10.20.0.5/32"), ("gw.v6", "2001:db8::5/128")):
        Path(name).write_text(f"*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n"
                              f"-A FORWARD -s {source} -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    for packet in (["10.20.0.5", "10.1.1.11"], ["2001:db8::5", "2001:db8::b"]):
        assert run(["trace", "gw.v4", "gw.v6", *packet, "tcp", "80"]) == 0
    assert run(["trace", "gw.v4", "gw.v6", "10.20.0.6", "10.1.1.11", "tcp", "80"]) == 1


def test_routes_beside_a_dump_show_the_interfaces(folder: Path, capsys: Output) -> None:
    """By hand: 10.20.0.0/16 is at eth1, 10.1.1.0/24 at eth0, and packets to 10.99.0.0/16 are dropped."""
    Path("gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth1 -o eth0 -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    Path("gw.ip").write_text(
        "2: eth0    inet 10.1.1.1/24 brd 10.1.1.255 scope global eth0\n"
        "3: eth1    inet 10.20.0.1/16 brd 10.20.255.255 scope global eth1\n"
        "10.1.1.0/24 dev eth0 proto kernel scope link src 10.1.1.1\n"
        "10.20.0.0/16 dev eth1 proto kernel scope link src 10.20.0.1\nblackhole 10.99.0.0/16\n",
        encoding="utf-8")
    codes = {}
    for source, destination in (("10.20.0.5", "10.1.1.11"), ("10.1.1.11", "10.20.0.5"),
                                ("10.20.0.5", "10.99.0.1"), ("10.20.0.5", "10.7.0.1")):
        codes[source, destination] = run(["trace", "gw.rules", "gw.ip", source, destination, "tcp", "80"])
    assert list(codes.values()) == [0, 1, 1, 3]
    assert run(["trace", "gw.rules", "gw.ip", *PACKET, "--ingress", "eth0"]) == 1
    assert run(["trace", "gw.rules", *PACKET]) == 3


def test_a_question_is_shown_once_at_a_firewall(folder: Path, capsys: Output) -> None:
    Path("gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n" + "-A FORWARD -m set --match-set hosts src -j ACCEPT\n" * 3
        + "COMMIT\n", encoding="utf-8")
    assert run(["trace", "gw.rules", *PACKET]) == 3
    assert capsys.readouterr().out.count("open: ") == 1


def test_what_translates_after_a_deny_is_not_shown(folder: Path, capsys: Output) -> None:
    """A mapped destination is known before the list is asked (8.3); the source is changed on leaving."""
    denies = "access-list NO extended deny tcp any any\naccess-group NO in interface {}\n"
    Path("first.cfg").write_text(FIRST.format(last="10.1.9.15") + denies.format("inside"), encoding="utf-8")
    hop = as_json(capsys, *PACKET)["hops"][0]
    assert (hop["verdict"], hop["translated_by"]) == ("deny", [])
    mapped = "object network MP\n host 10.20.1.11\n nat (inside,outside) static 192.0.2.11\n"
    Path("first.cfg").write_text(FIRST.format(last="10.1.9.15") + mapped + denies.format("outside"),
                                 encoding="utf-8")
    for form in ([], ["--explain"]):
        assert run(["trace", "first.cfg", "192.0.2.77", "192.0.2.11", "tcp", "80", *form]) == 1
        text = capsys.readouterr().out
        assert text.index("static 192.0.2.11") < text.index("deny tcp any any")


def test_a_fact_settles_a_trace(capsys: Output) -> None:
    site = SITES / "time-range-open" / "aclproof.yaml"
    demand = next(each for each in proven("time-range-open").demands
                  if each.verdict is Verdict.UNDECIDED and each.requirement.protocol == "tcp")
    assert demand.witness
    ends = row(demand.witness)
    packet = [ends["source"], ends["destination"], ends["protocol"], ends["destination_port"]]
    assert run(["trace", str(site), *packet, *DAY]) == 3
    key = demand.undecided[0].facts[0]
    line = demand.undecided[0].line
    assert line
    assert " deny " in line.text
    assert run(["trace", str(site), *packet, *DAY, "--fact", f"{key}=active"]) == 1
    assert run(["trace", str(site), *packet, *DAY, "--fact", f"{key}=inactive"]) == 0


# Every form tells the same


@all_sites
def test_text_and_sentences_name_every_line_of_the_json(name: str, tmp_path: Path, capsys: Output) -> None:
    site = reader.read(SITES / name / "aclproof.yaml")
    rows = [row(box.witness()) for demand in plan(site, pack_of(site)).demands
            for box in demand.request.boxes]
    found = traced(tmp_path, capsys, SITES / name / "aclproof.yaml", rows)
    call = ["trace", str(SITES / name / "aclproof.yaml"), "--packets", str(tmp_path / "packets.csv"), *DAY]
    run(call)
    text = capsys.readouterr().out.split("\n\n")
    run([*call, "--explain"])
    aloud = capsys.readouterr().out
    stories = re.split(r"\n(?=The packet goes from )", aloud)
    assert len(text) == len(stories) == len(found)
    for packet, lines, story in zip(found, text, stories, strict=True):
        told = " ".join(story.split())
        assert lines.startswith(packet["packet"])
        hidden = 0
        for hop in packet["hops"]:
            for step in hop["steps"]:
                if step["line"] is not None:
                    hidden += f"{step['file']}:{step['line']}  " not in lines
                if step["kind"] == "rule":
                    assert f"ine {step['line']} of {step['file']}" in told
                assert step["kind"] in ("translation", "not-in-file") or step["text"][:60] in story \
                    or step["text"] in told
                for because in step["open"]:
                    assert because in lines
                    assert " ".join(because.split()) in told
        assert hidden <= sum(map(int, re.findall(r"\(left out: (\d+) call", lines)))
        end = {"permit": "The packet arrives", "deny": "The packet does not arrive",
               "undecided": "Whether the packet arrives is open"}[packet["verdict"]]
        assert end in story


@all_sites
def test_every_sentence_is_told_in_german(
        name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SITES / name / "aclproof.yaml"
    site = reader.read(file)
    rows = [row(leg.boxes[0].witness(), "new" if leg.kind == "request" else "established")
            for demand in plan(site, pack_of(site)).demands for leg in demand.legs]
    told: list[str] = []
    sentence = Words.sentence

    def recorded(words: Words, text: str) -> str:
        told.append(text)
        return sentence(words, text)

    monkeypatch.setattr(Words, "sentence", recorded)
    run(["trace", str(file), "--packets", str(packets_file(tmp_path, rows)), "--lang", "de", *DAY])
    assert told or not rows
    assert [part for text in told if is_sentence(text) for part in english_in(text)] == []


LINUX = """\
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.80/32 -p tcp --dport 80 -j DNAT --to-destination 10.1.1.11:8080
COMMIT
*filter
:FORWARD DROP [0:0]
:WEB - [0:0]
:LOGS - [0:0]
-A FORWARD -j LOGS
-A FORWARD -p udp -j ACCEPT
-A FORWARD -s 10.20.0.0/16 -j WEB
-A FORWARD -m set --match-set friends src -j ACCEPT
-A WEB ! -i eth9 -p tcp --dport 22 -j RETURN
-A WEB -p tcp --dport 8080 -j ACCEPT
-A LOGS -j LOG
COMMIT
"""


def sentences(capsys: Output, *arguments: str) -> str:
    run(["trace", *arguments, "--explain"])
    return " ".join(capsys.readouterr().out.split())


def test_jumps_returns_and_translations_are_told(folder: Path, capsys: Output) -> None:
    Path("gw.rules").write_text(LINUX, encoding="utf-8")
    web = sentences(capsys, "gw.rules", "10.20.0.5", "192.0.2.80", "tcp", "80")
    for told in ("It translates where the packet goes to.",
                 "It sends the packet through the chain filter/LOGS.",
                 "It decides nothing, and the packet goes on.",
                 "Nothing more in the chain filter/LOGS fits, and the packet goes back to filter/FORWARD.",
                 "It sends the packet through the chain filter/WEB.",
                 "Then line 14 of gw.rules fits: it is for TCP port 8080",
                 "It goes on as 10.20.0.5:49152 -> 10.1.1.11:8080 tcp.", "The packet arrives."):
        assert told in web, told
    assert "line 10" not in web, "a line for UDP does not fit"
    ssh = sentences(capsys, "gw.rules", "10.20.0.5", "10.1.1.11", "tcp", "22", "--in-interface", "eth1")
    for told in ("It asks whether the packets come in by eth9: no, as it has to be. It sends the packet back "
                 "to filter/FORWARD.", "Whether line 12 of gw.rules fits is open: ",
                 "If it does not fit, the packet goes on to the next line.", "policy DROP of filter FORWARD",
                 "Whether the packet arrives is open: "):
        assert told in ssh, told
    assert ssh.count("Nothing more in the chain") == 1, "a RETURN needs no second word"


def test_levels_and_implicit_denies_are_told(folder: Path, capsys: Output) -> None:
    out = sentences(capsys, "first.cfg", "10.20.0.5", "192.0.2.80", "tcp", "80")
    assert "It comes in by inside and goes out by outside." in out
    assert "security level 100 of inside to 0 of outside: higher to lower passes. The packet passes" in out
    assert "Line 16 of first.cfg says what its addresses become." in out
    back = sentences(capsys, "second.cfg", "192.0.2.80", "10.1.1.11", "tcp", "80")
    assert "No line decides, and what then holds is: implicit deny at the end of IN. The packet is denied. " \
           "That follows from line 14 of second.cfg. access-group IN in interface outside" in back


def test_foreign_text_acts_on_no_terminal(folder: Path, capsys: Output) -> None:
    hostile = "\x1b[31mX\u202e"
    two(".15", [f"access-list IN extended permit tcp object-group {hostile} any eq 80"])
    run(["trace", *PACKET, "--explain"])
    out, err = capsys.readouterr()
    assert not {"\x1b", "\u202e"} & set(out + err)


@pytest.mark.parametrize("config", sorted(
    [*SITES.glob("*/*.cfg"), *SITES.glob("*/*.rules"), *SITES.glob("*/*.reg")]),
    ids=lambda path: f"{path.parent.name}-{path.name}")
def test_show_keeps_its_published_schema(config: Path, capsys: Output) -> None:
    run(["show", str(config), "--format", "json"])
    schema("show").validate(json.loads(capsys.readouterr().out))
