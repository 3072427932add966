"""The port request: every form says the same, and a firewall with just these permits proves every method."""

from __future__ import annotations

import csv
import ipaddress
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.demands.demands import plan
from aclproof.linter.program import check
from aclproof.linter.result import MethodVerdict, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import NO_FIREWALL, Site
from aclproof.parsers.model import addresses
from aclproof.rules.strict_yaml import InputError

ROOT = Path(__file__).parents[2]
SITES = sorted((ROOT / "fixtures" / "sites").glob("*/aclproof.yaml"))
QUICK = ["--client", "10.20.0.0/16", "--server", "10.1.1.0/24"]
ROLES = """\
settings: {mode: mixed, client-os: windows-7}
roles:
  client: [10.20.0.0/16, 10.21.4.10-10.21.4.20]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
"""

Output = pytest.CaptureFixture[str]
each_site = pytest.mark.parametrize("site", SITES, ids=lambda path: path.parent.name)


def asked(capsys: Output, *arguments: str) -> str:
    assert run(["requirements", *arguments]) in (0, 3)
    return capsys.readouterr().out


def as_json(capsys: Output, *arguments: str) -> dict[str, Any]:
    found = json.loads(asked(capsys, *arguments, "--format", "json"))
    assert isinstance(found, dict)
    return found


def as_csv(capsys: Output, *arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(asked(capsys, *arguments, "--format", "csv"), newline="")))


def as_table(markdown: str) -> list[list[str]]:
    """The rows of the table, as a renderer of Markdown shows them."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level == 4 and rows:
            assert {each.type for each in token.children or ()} <= {"text", "code_inline"}, token.content
            rows[-1].append("".join(each.content for each in token.children or ()))
    return [row for row in rows[1:] if row]


# What is requested


@each_site
def test_the_flows_are_the_demands_and_nothing_else(site: Path, capsys: Output) -> None:
    known = reader.read(site)
    pack = pack_of(known)
    wanted = {(each.requirement.id, str(network)) for each in plan(known, pack).demands
              for end in (each.requirement.source, each.requirement.destination)
              for family in addresses.Family if known.roles[each.requirement.source].of(family)
              and known.roles[each.requirement.destination].of(family)
              for low, high in known.roles[end].of(family).ranges
              for network in ipaddress.summarize_address_range(
                  ipaddress.ip_address(addresses.write(family, low)),
                  ipaddress.ip_address(addresses.write(family, high)))}
    flows = as_json(capsys, str(site))["flows"]
    assert {(one["requirement"], network) for flow in flows for one in flow["requirements"]
            for network in flow["source"] + flow["destination"]} == wanted
    asked_for = [(one["requirement"], flow["family"]) for flow in flows for one in flow["requirements"]]
    assert len(asked_for) == len(set(asked_for))
    merged = [(flow["source"], flow["destination"], flow["protocol"], flow.get("destination_ports"),
               flow["through"]) for flow in flows]
    assert len(merged) == len({str(each) for each in merged}), "one flow, one row"


def test_the_request_of_the_branch_office_as_derived_by_hand(capsys: Output) -> None:
    rows = as_csv(capsys, str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml"))
    client = "10.20.0.0/16"
    assert [(row["sources"], row["destinations"], row["protocol"], row["destination_ports"] or row["icmp"],
             row["requirements"]) for row in rows] == [
        ("10.1.1.10/32", client, "ICMP", "8/0", "CM2007-PUSH-ECHO"),
        ("10.1.1.10/32", client, "TCP", "445", "CM2007-PUSH-SMB"),
        ("10.1.1.10/32", client, "TCP", "135", "CM2007-PUSH-EPM-TCP"),
        ("10.1.1.10/32", client, "UDP", "135", "CM2007-PUSH-EPM-UDP"),
        ("10.1.1.10/32", client, "TCP", "1025-5000", "CM2007-PUSH-RPC"),
        (client, "10.1.1.11/32", "TCP", "80",
         "CM2007-PUSH-MP-HTTP, CM2007-GPO-MP-HTTP, CM2007-MAN-MP-HTTP"),
        (client, "10.1.1.13/32", "TCP", "8530", "CM2007-SUP-HTTP"),
        (client, "10.1.1.12/32", "TCP", "445", "CM2007-SWD-SMB")]
    assert {row["through"] for row in rows} == {"branch-asa"}
    assert rows[5]["methods"] == "Client push, Group policy, Manual installation, Logon script"
    assert [row["needed"].split(":")[0] for row in rows] == ["required"] * 3 + ["optional"] + ["required"] * 4
    assert "table 'Ports Used with Client Push Installation', row 2" in rows[2]["references"]
    assert "echo reply (type 0" in rows[0]["answers"]
    assert "winmgmt -standalonehost" in rows[4]["notes"]
    assert rows[5]["assumed"] == "http-port 80, ccmsetup-source false"
    assert rows[6]["assumed"] == "sup-protocol http", "its port was given"


ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif clients
 security-level 50
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 50
 ip address 198.51.100.1 255.255.255.0
same-security-traffic permit inter-interface
class-map inspection_default
 match default-inspection-traffic
policy-map global_policy
 class inspection_default
  inspect icmp
service-policy global_policy global
access-list FROM-CLIENTS extended deny udp any any eq 1
access-list FROM-SERVERS extended deny udp any any eq 1
"""
BOUND = ("access-group FROM-CLIENTS in interface clients", "access-group FROM-SERVERS in interface servers")


def implemented(flows: list[dict[str, Any]]) -> str:
    """The request as a firewall engineer would enter it who knows nothing but the JSON."""
    lines = []
    for flow in flows:
        name = "FROM-CLIENTS" if flow["from"] == ["client"] else "FROM-SERVERS"
        for source in flow["source"]:
            for destination in flow["destination"]:
                ends = f"{asa(source)} {asa(destination)}"
                if flow["protocol"] == "icmp":
                    lines.append(f"access-list {name} extended permit icmp {ends} {flow['icmp_types'][0]}")
                for port in flow.get("destination_ports", []):
                    low, _, high = port.partition("-")
                    lines.append(f"access-list {name} extended permit {flow['protocol']} {ends} "
                                 f"range {low} {high or low}")
    return "\n".join((ASA + "\n".join(lines), *BOUND)) + "\n"


def asa(network: str) -> str:
    known = ipaddress.IPv4Network(network)
    return f"{known.network_address} {known.netmask}"


def proven(folder: Path, request: dict[str, Any], flows: list[dict[str, Any]], settings: str) -> Any:
    (folder / "fw.cfg").write_text(implemented(flows), encoding="utf-8")
    ends = {role: flow[side] for flow in request["flows"]
            for side, key in (("source", "from"), ("destination", "to")) for role in flow[key]}
    places = {role: "clients" if role == "client" else "servers" for role in ends}
    methods = [each["method"] for each in request["methods"]]
    site = folder / "aclproof.yaml"
    site.write_text(f"methods: {json.dumps(methods)}\nsettings: {settings}\nroles: {json.dumps(ends)}\n"
                    f"firewalls: [{{config: fw.cfg, interfaces: {json.dumps(places)}}}]\n", encoding="utf-8")
    return check(reader.read(site))


@pytest.mark.parametrize("settings", [
    "{mode: mixed}", "{mode: native, client-os: windows-xp}",
    "{mode: mixed, schema-published: 'false', wsus-http-port: 8530, http-port: 8080, dp-bits: 'true'}",
    "{mode: native, ccmsetup-source: 'true', rpc-dynamic-ports: 24158}"])
def test_a_firewall_that_permits_what_was_asked_for_proves_every_method(
        settings: str, tmp_path: Path, capsys: Output) -> None:
    every_role = [each.id for each in rules.load("configmgr-2007").roles if each.id != "client"]
    (tmp_path / "request.yaml").write_text(
        f"settings: {settings}\nroles:\n  client: [10.20.0.0/16, 10.21.4.10-10.21.4.20]\n" + "".join(
            f"  {role}: [10.1.1.{10 + number}]\n" for number, role in enumerate(every_role)),
        encoding="utf-8")
    request = as_json(capsys, str(tmp_path / "request.yaml"))
    whole = proven(tmp_path, request, request["flows"], settings)
    assert {each.verdict for each in whole.methods} == {MethodVerdict.WORKS}
    assert not whole.count(Verdict.MISSING)
    assert not whole.count(Verdict.UNDECIDED)
    for flow in request["flows"]:
        rest = [each for each in request["flows"] if each is not flow]
        lacking = {each.requirement.id for each in proven(tmp_path, request, rest, settings).demands
                   if each.verdict is Verdict.MISSING}
        assert lacking == {one["requirement"] for one in flow["requirements"]}


# Every form says the same


@each_site
def test_json_keeps_its_published_schema(site: Path, capsys: Output) -> None:
    schema = json.loads((ROOT / "linter" / "schemas" / "requirements-v1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(as_json(capsys, str(site)))


@each_site
def test_csv_markdown_and_text_say_what_json_says(site: Path, capsys: Output) -> None:
    flows = as_json(capsys, str(site))["flows"]
    rows = as_csv(capsys, str(site))
    text, table = asked(capsys, str(site)), as_table(asked(capsys, str(site), "--format", "markdown"))
    assert len(flows) == len(rows) == len(table)
    details = text.split("\n\n")
    for flow, row, cells in zip(flows, rows, table, strict=True):
        ids = [one["requirement"] for one in flow["requirements"]]
        assert row["sources"].split(", ") == flow["source"]
        assert row["destinations"].split(", ") == flow["destination"]
        assert row["protocol"].lower().replace("icmpv6", "icmp6") == flow["protocol"]
        if "icmp_types" in flow:
            assert row["icmp"] == f"{flow['icmp_types'][0]}/{flow['icmp_codes'][0]}"
        else:
            assert row["destination_ports"].split(", ") == flow["destination_ports"]
            assert (row["source_ports"], flow["source_ports"]) == ("any", ["0-65535"])
        assert row["through"].split(", ") == (flow["through"] or [""])
        assert row["requirements"].split(", ") == ids
        assert cells == [row["number"], f"{row['sources']} ({row['source_roles']})",
                         f"{row['destinations']} ({row['destination_roles']})", row["service"],
                         " -> ".join(flow["through"]), row["needed"], row["methods"], row["requirements"]]
        mine, = (each for each in details if each.startswith(f"{row['number']}. "))
        told = " ".join(mine.split())
        for fact in (row["service"], row["sources"], row["destinations"], row["direction"], row["answers"],
                     row["requirements"], row["methods"], row["port_choice"], *row["why"].split(" / ")):
            assert fact in told


@pytest.mark.parametrize("form", ["text", "csv", "markdown", "json"])
def test_text_of_others_acts_in_no_form(form: str, tmp_path: Path, capsys: Output) -> None:
    name = "=1+1|[x](http://a) `b` <i>c</i>"
    (tmp_path / "site.yaml").write_text(f'{ROLES}firewalls: [{{name: "{name}", config: a.cfg}}]\n',
                                        encoding="utf-8")
    out = asked(capsys, str(tmp_path / "site.yaml"), "--format", form)
    if form == "csv":
        rows = list(csv.reader(StringIO(out, newline="")))
        assert any(f"'{name}" in row for row in rows), "a formula is guarded, and nothing else is changed"
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
        assert all(line.endswith("\r\n") for line in out.splitlines(keepends=True))
    elif form == "markdown":
        assert name in {row[4] for row in as_table(out)}
        html = MarkdownIt("commonmark").enable("table").render(out)
        assert not re.search(r"<(?:a|i|img)\b", html)
    elif form == "json":
        assert json.loads(out)["flows"][0]["through"] == [name]
    else:
        assert name in " ".join(out.split())


def test_a_cell_is_guarded_wherever_a_spreadsheet_would_begin_a_formula() -> None:
    from aclproof.linter.reports.check.csv_v1 import guarded

    for text in ("=1", "+1", "-1", "@a", "\ta", "\ra", "  =1"):
        assert guarded(text)[0] not in "=+-@\t\r "
    for text in ("10.1.1.1/32", "a=1", "", "'a"):
        assert guarded(text) == text


def test_files_are_written_and_inputs_are_not(
        tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aclproof.yaml").write_text(ROLES, encoding="utf-8")
    assert run(["requirements", "--format", "markdown=a.md", "--format", "json=a.json"]) == 0
    assert capsys.readouterr() == ("", "")
    assert Path("a.md").read_text(encoding="utf-8").startswith("# Port request")
    assert run(["requirements", "--format", "json=aclproof.yaml"]) == 2
    assert Path("aclproof.yaml").read_text(encoding="utf-8") == ROLES


# What somebody has before there is any configuration


@pytest.mark.parametrize("firewalls", [
    "", "firewalls: []\n", "firewalls: [{name: branch-asa}]\n",
    "firewalls: [{name: branch-asa, config: not-there-yet.cfg}]\n"])
def test_no_configuration_has_to_be_there(firewalls: str, tmp_path: Path, capsys: Output) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(ROLES + firewalls, encoding="utf-8")
    named = ["branch-asa"] if "name" in firewalls else []
    assert {tuple(flow["through"]) for flow in as_json(capsys, str(site))["flows"]} == {tuple(named)}
    assert run(["check", str(site)]) == 2, "nothing can be proven"
    assert "config" in capsys.readouterr().err


def test_a_path_says_which_firewalls_an_entry_belongs_to(tmp_path: Path, capsys: Output) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(ROLES + "firewalls: [{name: a}, {name: b}, {name: pc, host: client, config: x}]\n"
                            "paths: [{from: client, to: management-point, through: [b]}]\n", encoding="utf-8")
    ways = {tuple(flow["from"]): flow["through"] for flow in as_json(capsys, str(site))["flows"]}
    assert ways == {("client",): ["pc", "b"], ("site-server",): ["b", "a", "pc"]}


def test_a_site_without_firewalls_is_never_proven(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(ROLES, encoding="utf-8")
    known: Site = reader.read(site, firewalls=False)
    assert not known.firewalls
    with pytest.raises(InputError, match=re.escape(NO_FIREWALL)):
        check(known)


def test_options_are_enough(capsys: Output) -> None:
    found = as_json(capsys, *QUICK, "--set", "mode=native", "--method", "software-update-point")
    assert [(flow["from"], flow["to"], flow["destination_ports"]) for flow in found["flows"]] == [
        (["client"], ["software-update-point"], ["443"])]
    assert found["site_file"] is None
    assert {each["key"] for each in found["assumptions"]} >= {"sup-protocol", "wsus-http-port"}
    assert "http-port" not in {each["key"] for each in found["assumptions"]}, "nothing here rests on it"


def test_methods_that_need_the_same_flow_share_a_row(capsys: Output) -> None:
    rows = as_csv(capsys, *QUICK, "--set", "mode=mixed", "--set", "dp-bits=true")
    http, = (row for row in rows if row["destination_ports"] == "80")
    assert http["destination_roles"] == "Management point, Software update point, Distribution point"
    assert len(http["requirements"].split(", ")) == 5


def test_nothing_to_ask_for_is_said(tmp_path: Path, capsys: Output) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("settings: {mode: mixed}\nroles: {client: [10.20.0.0/16]}\n", encoding="utf-8")
    assert run(["requirements", str(site), "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["flows"] == []
    assert len(json.loads(out)["left_out"]) == 6
    assert err == "aclproof: nothing to request: no method has addresses for all of its roles\n"


@pytest.mark.parametrize(("arguments", "says"), [
    ([], "no site file here"), (["fw.cfg"], "no configuration is read here"),
    ([*QUICK], "'mode' is required"),
    ([*QUICK, "--set", "mode=mixed", "--format", "sarif"], "unknown format"),
    ([*QUICK, "--set", "mode=mixed", "--acl", "client=X"], "No such option")])
def test_a_wrong_call_gets_one_line_and_exit_2(
        arguments: list[str], says: str, tmp_path: Path, capsys: Output,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["requirements", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
