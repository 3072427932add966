"""From an export to site files: one for each group, valid once filled in, and never narrower in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.draft.inventory.inventory import Group
from aclproof.linter.draft.inventory.site_files import file_names
from aclproof.linter.schemas.site import of_builtin_packs
from aclproof.linter.site import reader
from tests.draft.inventory.exports import Export, large, small, written

SCHEMA = jsonschema.Draft202012Validator(of_builtin_packs())
Output = pytest.CaptureFixture[str]

FIREWALL = """\
hostname branch
interface GigabitEthernet0/0
 nameif branch
 security-level 50
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif core
 security-level 100
 ip address 10.1.1.1 255.255.255.0
access-list B extended permit ip any any
access-group B in interface branch
access-group B in interface core
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fw.cfg").write_text(FIREWALL, encoding="utf-8")
    return tmp_path


def made(export: object, folder: Path, *arguments: str) -> dict[str, str]:
    """The site files of an export, by name."""
    written(export, folder)
    assert run(["init", "--from-configmgr", "export.json", "-o", "out", *arguments]) == 0
    return {each.stem: each.read_text(encoding="utf-8") for each in sorted((folder / "out").glob("*.yaml"))}


def gaps(text: str) -> list[str]:
    """The lines to fill in, without the one for the firewall."""
    return [line.strip() for line in text.splitlines()
            if "FILL-IN" in line.partition("#")[0] and "config:" not in line]


def roles(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(text)["roles"]
    return found


def settings(text: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(text)["settings"]
    return found


# The small one, whole


def test_one_group_makes_one_file_that_is_ready_but_for_its_firewall(folder: Path, capsys: Output) -> None:
    files = made(small(), folder)
    assert list(files) == ["Branch-office"]
    text = files["Branch-office"]
    number = text.splitlines().index("  - config: FILL-IN     # path from this file") + 1
    assert capsys.readouterr().err == (
        "aclproof: out/Branch-office.yaml written; 1 line to fill in\n"
        f"  out/Branch-office.yaml:{number}: - config: FILL-IN     # path from this file\n")
    assert gaps(text) == []
    assert roles(text) == {"client": ["10.20.0.0/16"], "site-server": ["10.1.1.10"],
                           "management-point": ["10.1.1.10"], "software-update-point": ["10.1.1.20"],
                           "distribution-point": ["10.1.1.20"]}
    assert settings(text) == {"client-connections": "enhanced-http", "http-port": 80, "https-port": 443,
                              "wsus-http-port": 8530, "wsus-https-port": 8531, "sup-protocol": "http",
                              "service-broker-port": 4022}
    for line in (
            "pack: configmgr-current-branch     # site P01 has version 5.00.9128.1000",
            "    - 10.20.0.0/16     # boundary 'Branch LAN' (Boundaries[0])",
            "    - 10.1.1.20     # dp01.example.com: SMS Distribution Point (Roles[2])",
            "  client-connections: enhanced-http     # SslState 0, EnhancedHttp true of cm01.example.com, "
            "dp01.example.com",
            "  # fallback-status-point: []     # the export shows none"):
        assert line in text.splitlines()


def test_what_is_made_validates_and_is_checked(folder: Path, capsys: Output) -> None:
    text = made(small(), folder, "fw.cfg", "--allow-outside")["Branch-office"]
    assert "FILL-IN" not in re.sub(r"#.*", "", text)
    SCHEMA.validate(yaml.safe_load(text))
    assert '    config: "../fw.cfg"' in text.splitlines()
    assert run(["check", "out/Branch-office.yaml", "--allow-outside", "--method", "client-push"]) == 0
    assert run(["requirements", "out/Branch-office.yaml", "--allow-outside"]) == 0


def test_configurations_are_placed_by_the_addresses_of_the_export(folder: Path, capsys: Output) -> None:
    """The rule names a server and an interface; only the export says which role the server plays."""
    (folder / "gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth1 -s 10.1.1.20/32 -d 10.20.0.0/16 -j ACCEPT\n"
        "-A FORWARD -i eth0 -s 10.20.0.0/16 -d 10.1.1.20/32 -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    text = made(small(), folder, "gw.rules", "--allow-outside")["Branch-office"]
    assert "      client: eth0     # guess: ../gw.rules:4 a rule names both" in text.splitlines()
    assert "      distribution-point: eth1     # guess: ../gw.rules:3 a rule names both" in text.splitlines()
    assert roles(text)["client"] == ["10.20.0.0/16"], "no guess beside the export"


# The large one


def test_each_group_gets_the_servers_that_its_clients_use(folder: Path) -> None:
    files = made(large(), folder)
    assert sorted(files) == ["Berlin-HQ", "Hamburg", "Koln-Aussenstelle", "Potsdam", "VPN-clients",
                             "hamburg-16777222"]
    both = ["10.1.1.31", "10.1.1.32"]
    expected = {
        # dp01 is listed; dp02 is Potsdam's, whose clients are in Berlin's range
        "Berlin-HQ": both, "Potsdam": both,
        # its servers are those of the secondary site
        "Koln-Aussenstelle": ["10.31.0.10"],
        # the only one that it lists is no server in the own network: all of the site
        "VPN-clients": both,
        # none is listed: all of its site; the other one lists it
        "Hamburg": ["10.2.1.30"], "hamburg-16777222": ["10.2.1.30"]}
    assert {name: roles(text)["distribution-point"] for name, text in files.items()} == expected
    assert "    # the group lists none: all of site P02" in files["Hamburg"].splitlines()
    assert roles(files["VPN-clients"])["cloud-management-gateway"] == ["203.0.113.10"]
    assert roles(files["Koln-Aussenstelle"])["site-server"] == ["10.1.1.10", "10.31.0.10"]
    assert roles(files["Hamburg"])["parent-site"] == ["10.0.0.10"]
    assert roles(files["Hamburg"])["parent-sql"] == ["10.0.0.11"]
    assert "sql-server" not in roles(files["Hamburg"])
    assert "  # sql-server: []     # none in site P02; there are some in CAS, P01, S01" in files["Hamburg"]
    remark = "    # all of site P01, whatever the group lists"
    assert [name for name, text in files.items() if remark in text.splitlines()] == ["Berlin-HQ", "Potsdam"]
    for name in ("Berlin-HQ", "Potsdam", "VPN-clients"):
        assert roles(files[name])["management-point"] == ["10.1.1.21", "2001:db8:1:1::21", "FILL-IN"]


def test_settings_are_those_of_the_groups_site(folder: Path) -> None:
    files = made(large(), folder)
    assert settings(files["Berlin-HQ"]) == {
        "client-connections": "enhanced-http", "http-port": 8080, "https-port": 8443, "wsus-http-port": 8530,
        "wsus-https-port": 8531, "sup-protocol": "http", "service-broker-port": 4022}
    assert settings(files["Hamburg"]) == {
        "client-connections": "https", "http-port": 80, "https-port": 443, "wsus-http-port": 80,
        "wsus-https-port": 443, "sup-protocol": "https"}


def test_every_gap_is_in_the_file_and_stops_the_check(folder: Path, capsys: Output) -> None:
    files = made(large(), folder)
    err = capsys.readouterr().err
    assert err.count(" written; ") == len(files)
    assert err.endswith("aclproof: boundaries in no group are in no site file: Bonn, closed\n")
    says = {
        "Berlin-HQ": ["boundary 'Berlin-Mitte' (Boundaries[2]) is an Active Directory site",
                      "mp02.example.com has no address"],
        "Koln-Aussenstelle": ["boundary 'Köln Keller' (Boundaries[3]) is an IP subnet, kept without its mask",
                              "mp02.example.com has no address"],
        "VPN-clients": ["boundary 'VPN' (Boundaries[6]) is a VPN", "mp02.example.com has no address",
                        "which role do these play?", "gone01.example.com is in the group, and no role"],
        "Potsdam": ["mp02.example.com has no address"],
        "Hamburg": ["which role do these play?"],
        "hamburg-16777222": ["the group has no boundaries", "which role do these play?"]}
    for name, text in files.items():
        found = gaps(text)
        assert len(found) == len(says[name]), found
        assert all(any(word in line for line in found) for word in says[name]), found
        assert run(["check", f"out/{name}.yaml"]) == 2
        err = capsys.readouterr().err
        for number, line in enumerate(text.splitlines(), 1):
            if "- FILL-IN" in line:
                assert f"out/{name}.yaml:{number}: " in err
        Path("site.yaml").write_text(without_gaps(text), encoding="utf-8")
        code = run(["check", "site.yaml"])
        err = capsys.readouterr().err
        assert ("roles.FILL-IN: still to be filled in" in err) == ("which role do these" in text), (name, err)
        assert code == 2 or "which role do these" not in text
    assert "    - 203.0.113.20     # clouddp.example.com: SMS Distribution Point (Roles[14]), on a system " \
        "of the kind 'Windows Azure'" in files["VPN-clients"].splitlines()
    assert "SMS Future Point (Roles[24]), a role that is not known here" in files["Hamburg"]


def filled(text: str) -> str:
    """Fill in what the large export leaves open: addresses for gaps, and roles that are not known deleted."""
    return without_gaps(re.sub(r"\n  FILL-IN:.*(?:\n    - .*)*", "", text))


def without_gaps(text: str) -> str:
    """Fill in every address."""
    for number in range(1, 1 + text.count("    - FILL-IN ")):
        text = text.replace("    - FILL-IN ", f"    - 10.99.{number}.0/24 ", 1)
    return text.replace("config: FILL-IN", "config: fw.cfg")


def test_a_file_that_is_filled_in_validates_and_is_checked(folder: Path, capsys: Output) -> None:
    for name, text in made(large(), folder).items():
        Path("site.yaml").write_text(filled(text), encoding="utf-8")
        SCHEMA.validate(yaml.safe_load(filled(text)))
        code = run(["check", "site.yaml", "--tier", "supporting"])
        assert code in (0, 1, 3), (name, capsys.readouterr().err)
        assert set(reader.read("site.yaml").roles) == set(roles(filled(text)))
        capsys.readouterr()


def test_clients_of_overlapping_boundaries_are_written_once(folder: Path) -> None:
    text = made(large(), folder)["Koln-Aussenstelle"]
    assert roles(text)["client"] == ["FILL-IN", "10.31.0.0/16", "10.32.0.0/24"]
    assert "what boundary 'Köln LAN' (Boundaries[4]) leaves of 10.31.255.0-10.32.0.255" in text


# One fact at a time


def change(export: Export, *values: tuple[str, int, str, Any]) -> Export:
    for section, number, name, value in values:
        export[section][number][name] = value
    return export


@pytest.mark.parametrize(("values", "setting", "expected"), [
    ([("Roles", 1, "SslState", 1), ("Roles", 2, "SslState", 1)], "client-connections", "https"),
    ([("Roles", 1, "SslState", 3), ("Roles", 2, "SslState", 1)], "client-connections", "https"),
    ([("Sites", 0, "EnhancedHttp", False)], "client-connections", "http"),
    ([("Sites", 0, "EnhancedHttp", None)], "client-connections", "FILL-IN"),
    ([("Roles", 1, "SslState", 1)], "client-connections", "FILL-IN"),   # the distribution point is on HTTP
    ([("Roles", 1, "SslState", None)], "client-connections", "FILL-IN"),
    ([("Roles", 1, "SslState", 2)], "client-connections", "FILL-IN"),   # 'not applicable', says the product
    ([("Sites", 0, "HttpPort", "8080")], "http-port", 8080),
    ([("Sites", 0, "HttpPort", "80,8080")], "http-port", "FILL-IN"),    # a second port is allowed there
    ([("Sites", 0, "HttpPort", None)], "http-port", "FILL-IN"),
    ([("Sites", 0, "HttpPort", "")], "http-port", "FILL-IN"),
    ([("Sites", 0, "HttpPort", 99999)], "http-port", "FILL-IN"),
    ([("Sites", 0, "HttpsPort", {})], "https-port", "FILL-IN"),
    ([("Roles", 3, "WSUSIISPort", 80), ("Roles", 3, "WSUSIISSSLPort", 443)], "wsus-http-port", 80),
    ([("Roles", 3, "WSUSIISPort", None)], "wsus-http-port", "FILL-IN"),
    ([("Roles", 3, "SSLWSUS", 1)], "sup-protocol", "https"),
    ([("Roles", 3, "SSLWSUS", None)], "sup-protocol", "FILL-IN"),
    ([("Sites", 0, "BrokerPort", None)], "service-broker-port", None)])
def test_a_setting_that_the_export_does_not_tell_is_a_gap(
        values: list[tuple[str, int, str, Any]], setting: str, expected: object, folder: Path) -> None:
    text = made(change(small(), *values), folder)["Branch-office"]
    assert settings(text).get(setting) == expected
    assert len(gaps(text)) == (expected == "FILL-IN")


def test_two_servers_that_differ_are_a_gap_that_names_both(folder: Path) -> None:
    export = small()
    export["Roles"].append({**export["Roles"][3], "Server": "cm01.example.com", "WSUSIISPort": 80})
    export["BoundaryGroups"][0]["SiteSystems"] = []
    text = made(export, folder)["Branch-office"]
    assert gaps(text) == ["wsus-http-port: FILL-IN     # they differ: dp01.example.com 8530, "
                          "cm01.example.com 80; write a site file for each"]


@pytest.mark.parametrize(("version", "pack"), [
    ("5.00.7711.0000", "configmgr-2012"), ("5.00.7804.1000", "configmgr-2012"),
    ("5.00.7958.1000", "configmgr-2012"), ("5.00.8239.1000", "configmgr-2012"),
    ("5.00.8325.1000", "configmgr-current-branch"), ("5.00.9128.1000", "configmgr-current-branch"),
    ("5.10.0001.1000", "configmgr-current-branch")])
def test_the_pack_is_that_of_the_version(version: str, pack: str, folder: Path) -> None:
    """2012 to 2012 R2 SP1 are 7711 to 8239, 1511 is 8325."""
    text = made(change(small(), ("Sites", 0, "Version", version)), folder)["Branch-office"]
    assert f"pack: {pack}     # site P01 has version {version}" in text.splitlines()
    connections = {"configmgr-2012": "http", "configmgr-current-branch": "enhanced-http"}
    assert settings(text)["client-connections"] == connections[pack]
    assert settings(text).get("dp-connections") == ("http" if pack == "configmgr-2012" else None)


@pytest.mark.parametrize(("version", "says"), [
    ("4.00.6487.2000", "the pack configmgr-2007 does not say how to read an export"),
    ("5.00.7561.0000", "no built-in pack is for version 5.00.7561.0000: name the one that is meant"),
    ("2.50.4253", "no built-in pack is for version 2.50.4253"),
    ("current", "no built-in pack is for version current")])
def test_a_version_without_a_pack_is_refused(version: str, says: str, folder: Path, capsys: Output) -> None:
    written(change(small(), ("Sites", 0, "Version", version)), folder)
    assert run(["init", "--from-configmgr", "export.json", "-o", "out"]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1
    assert not (folder / "out").exists()


def test_without_a_site_for_clients_there_is_no_site_file(folder: Path, capsys: Output) -> None:
    export = change(small(), ("Sites", 0, "Type", 4), ("BoundaryGroups", 0, "DefaultSiteCode", ""))
    export["BoundaryGroups"][0]["SiteSystems"] = []
    written(export, folder)
    for pack in ([], ["--pack", "configmgr-2012"], ["--pack", "sql-server"]):
        assert run(["init", "--from-configmgr", "export.json", "-o", "out", *pack]) == 2
        err = capsys.readouterr().err
        assert "BoundaryGroups[0]: there is no site in Sites that its clients could belong to" in err
        assert err.count("\n") == 1


def test_several_names_of_one_role_are_all_read(folder: Path) -> None:
    """A pack of one's own, in which the roles of the product are named twice."""
    text = (Path(rules.__file__).parent / "configmgr-2012.yaml").read_text(encoding="utf-8")
    old = "      SMS Distribution Point: {role: distribution-point, of: group}\n"
    assert old in text
    text = text.replace(old, old + "      SMS Old Point: {role: distribution-point, of: site}\n")
    (folder / "own.yaml").write_text(text.replace("id: configmgr-2012", "id: own", 1), encoding="utf-8")
    export = small()
    export["Roles"].append({**export["Roles"][2], "Server": "cm01.example.com", "RoleName": "SMS Old Point"})
    made_of = made(export, folder, "--pack", "own.yaml", "--allow-outside")["Branch-office"]
    assert roles(made_of)["distribution-point"] == ["10.1.1.20", "10.1.1.10"]
    assert 'pack: "../own.yaml"     # given by --pack' in made_of.splitlines()
    assert run(["check", "out/Branch-office.yaml"]) == 2, "only the firewall is to be filled in"


def test_a_pack_that_is_named_wins(folder: Path, capsys: Output) -> None:
    export = change(small(), ("Sites", 0, "Version", "5.00.7561.0000"))
    text = made(export, folder, "--pack", "configmgr-2012")["Branch-office"]
    assert "pack: configmgr-2012     # given by --pack" in text.splitlines()
    assert run(["init", "--from-configmgr", "export.json", "--pack", "sql-server", "-o", "other"]) == 2
    assert "the pack sql-server does not say how to read an export" in capsys.readouterr().err


def no_servers(export: Export) -> None:
    export["Roles"] = [each for each in export["Roles"] if each["RoleName"] != "SMS Management Point"]


def no_address(export: Export) -> None:
    export["Addresses"] = export["Addresses"][1:]


@pytest.mark.parametrize(("spoil", "count", "says"), [
    (no_servers, 1, "the export shows none, and every site has one"),
    (no_address, 2, "cm01.example.com has no address in the export")])
def test_a_role_without_an_address_is_a_gap(spoil: Callable[[Export], None], count: int, says: str,
                                            folder: Path) -> None:
    export = small()
    spoil(export)
    found = gaps(made(export, folder)["Branch-office"])
    assert len(found) == count
    assert all(says in each for each in found)


@pytest.mark.parametrize(("number", "name", "role"), [
    (1, "MPIntranetFacing", "management-point"), (3, "IsIntranet", "software-update-point")])
@pytest.mark.parametrize("listed", [False, True])
def test_a_server_for_the_internet_only_is_left_out_with_a_comment(
        number: int, name: str, role: str, listed: bool, folder: Path) -> None:
    """Boundaries are of computers on the intranet; where the property is not shown the server stays."""
    export = small()
    export["Roles"].append({**export["Roles"][number], "Server": "dmz.example.com", name: "0"})
    export["Roles"].append({**export["Roles"][number], "Server": "both.example.com", name: ""})
    export["Addresses"] += [{"Name": "dmz.example.com", "Addresses": ["192.0.2.9"]},
                            {"Name": "both.example.com", "Addresses": ["192.0.2.10"]}]
    hosts = ("dmz", "both", "dp01", "cm01") if listed else ()
    export["BoundaryGroups"][0]["SiteSystems"] = [{"Server": f"{each}.example.com"} for each in hosts]
    text = made(export, folder)["Branch-office"]
    assert roles(text)[role][1:] == ["192.0.2.10"]
    assert f"    # left out, as it serves only computers on the internet ({name} 0): dmz.example.com" in text
    export["Roles"][number][name] = export["Roles"][-1][name] = "0"
    text = made(export, folder, "--force")["Branch-office"]
    assert roles(text).get(role) == (["FILL-IN"] if role == "management-point" else None)
    assert text.count("left out, as it serves only") == 3


def test_a_short_name_is_the_full_one_that_begins_with_it(folder: Path) -> None:
    export = small()
    export["BoundaryGroups"][0]["SiteSystems"] = [{"Server": "DP01"}]
    export["Sites"][0]["ServerName"] = "CM01"
    text = made(export, folder)["Branch-office"]
    assert gaps(text) == []
    assert roles(text)["site-server"] == ["10.1.1.10"]
    export["Addresses"].append({"Name": "dp01.example.org", "Addresses": ["10.9.9.9"]})
    assert "DP01" not in roles(made(export, folder, "--force")["Branch-office"])
    assert any("dp01 is in the group" in each for each in gaps(
        (folder / "out" / "Branch-office.yaml").read_text(encoding="utf-8")))


def test_a_listed_server_of_another_site_has_the_ports_of_that_site(folder: Path) -> None:
    export = large()
    export["BoundaryGroups"][0]["SiteSystems"].append({"Server": "dp20.example.com"})
    text = made(export, folder)["Berlin-HQ"]
    assert "10.2.1.30" in roles(text)["distribution-point"]
    assert "http-port: FILL-IN     # they differ: P01 8080, P02 80; write a site file for each" in gaps(text)
    assert any(line.startswith("client-connections: FILL-IN     # they differ") for line in gaps(text))
    assert "site-server:\n    - 10.1.1.10     # cm01.example.com" in text, "the clients belong to P01"


def test_a_group_that_belongs_to_no_site_takes_all(folder: Path) -> None:
    export = large()
    for group in export["BoundaryGroups"]:
        group["DefaultSiteCode"], group["SiteSystems"] = "", []
    text = made(export, folder)["Hamburg"]
    assert "whose clients belong to site P01, P02." in text
    assert "# It assigns no site and lists no server, so that they may belong to any." in text.splitlines()
    assert roles(text)["site-server"] == ["10.1.1.10", "10.2.1.10"]
    assert any(line.startswith("http-port: FILL-IN     # they differ: P01 8080, P02 80")
               for line in gaps(text))


def test_one_address_of_two_servers_is_written_once(folder: Path) -> None:
    export = small()
    export["Roles"].append({**export["Roles"][1], "Server": "alias.example.com"})
    export["Addresses"].append({"Name": "alias.example.com", "Addresses": ["10.1.1.10"]})
    text = made(export, folder)["Branch-office"]
    assert roles(text)["management-point"] == ["10.1.1.10"]
    assert "    # 10.1.1.10 above is alias.example.com: SMS Management Point (Roles[4]) as well" in text


# Files


def test_nothing_is_overwritten_and_nothing_half_written(folder: Path, capsys: Output) -> None:
    written(large(), folder)
    Path("out").mkdir()
    Path("out/Hamburg.yaml").write_text("mine", encoding="utf-8")
    assert run(["init", "--from-configmgr", "export.json", "-o", "out"]) == 2
    assert "out/Hamburg.yaml exists already: --force overwrites it" in capsys.readouterr().err
    assert [each.name for each in Path("out").iterdir()] == ["Hamburg.yaml"]
    assert run(["init", "--from-configmgr", "export.json", "-o", "out", "--force"]) == 0
    assert len(list(Path("out").iterdir())) == 6
    assert Path("out/Hamburg.yaml").read_text(encoding="utf-8") != "mine"


def test_without_a_folder_it_is_the_current_one(folder: Path) -> None:
    written(small(), folder)
    assert run(["init", "--from-configmgr", "export.json", "fw.cfg"]) == 0
    assert run(["check", "Branch-office.yaml", "--method", "client-push"]) == 0


@pytest.mark.parametrize(("arguments", "says"), [
    (["-o", "-"], "name a folder"), (["-o", "fw.cfg"], "fw.cfg is no folder"),
    (["none.cfg"], "no such file"), (["--pack", "none"], "none"),
    (["-o", "fw.cfg/out"], "a file has this name")])
def test_a_wrong_call_gets_one_line_and_writes_nothing(arguments: list[str], says: str, folder: Path,
                                                       capsys: Output) -> None:
    written(small(), folder)
    assert run(["init", "--from-configmgr", "export.json", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert sorted(each.name for each in folder.iterdir()) == ["export.json", "fw.cfg"]


def test_a_missing_export_gets_one_line(folder: Path, capsys: Output) -> None:
    assert run(["init", "--from-configmgr", "none.json"]) == 2
    assert "none.json: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("name", [
    "../../etc/passwd", "CON", "a\nroles: {x: [1.1.1.1]}", "x: y #", "\u202eabc", "***", "北京", "Ä", "." * 9,
    "n" * 500, "nul", "\x1b[31m", "::error::x"])
def test_a_group_may_be_called_anything(name: str, folder: Path) -> None:
    export = small()
    export["BoundaryGroups"][0]["Name"] = export["Boundaries"][0]["DisplayName"] = name
    export["Roles"][0]["RoleName"] = "SMS Site Server"
    files = made(export, folder)
    (stem,) = files
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", stem)
    assert stem.upper() not in ("CON", "NUL")
    assert files[stem].replace("\n", "").isprintable()
    assert set(roles(files[stem])) == {"client", "site-server", "management-point", "software-update-point",
                                       "distribution-point"}


def test_names_of_files_are_unique_whatever_their_case() -> None:
    names = ["A", "a", "A ", "a-1", "", "!", "A-2"]
    groups = [Group("", number, name, "", (), ()) for number, name in enumerate(names)]
    found = file_names(groups)
    assert len({each.lower() for each in found}) == len(names)
    assert found[:2] == ["A.yaml", "a-1.yaml"]


def test_the_comments_are_in_the_language_of_the_run(folder: Path) -> None:
    text = made(small(), folder, "--lang", "de")["Branch-office"]
    assert "client:\n    - 10.20.0.0/16     # " in text


def test_a_large_inventory_does_not_take_long(folder: Path) -> None:
    """Ten thousand boundaries in two hundred groups; what is told twice is looked up, not searched."""
    export = small()
    export["Boundaries"] = [
        {"BoundaryID": number, "DisplayName": f"b{number}", "BoundaryType": 3,
         "Value": f"10.{number >> 8}.{number & 255}.0-10.{number >> 8}.{number & 255}.255"}
        for number in range(10_000)]
    export["BoundaryGroups"] = [
        {**export["BoundaryGroups"][0], "GroupID": group, "Name": f"g{group}",
         "Boundaries": list(range(group * 50, group * 50 + 50))} for group in range(200)]
    files = made(export, folder)
    assert len(files) == 200
    assert sum(len(roles(files[f"g{group}"])["client"]) for group in (0, 199)) == 100
