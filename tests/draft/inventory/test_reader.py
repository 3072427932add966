"""An export is read in any form that PowerShell writes; a damaged one gets one line for each fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.draft.inventory import reader
from aclproof.linter.draft.inventory.inventory import BoundaryKind
from aclproof.parsers.model.addresses import spell_all
from tests.draft.inventory.exports import FOLDER, Export, large, small, written

Output = pytest.CaptureFixture[str]


def test_everything_in_an_export_is_read() -> None:
    known = reader.read(str(FOLDER / "large.json"))
    assert list(known.sites) == ["CAS", "P01", "P02", "S01"]
    assert [each.code for each in known.sites.values() if each.is_assigned] == ["P01", "P02"]
    assert [each.code for each in known.sites.values() if each.is_secondary] == ["S01"]
    assert (len(known.roles), len(known.boundaries), len(known.groups)) == (27, 10, 6)
    assert known.related("P01") == ["CAS", "S01"]
    assert [each.kind for each in known.groups[0].boundaries] == [
        BoundaryKind.RANGE, BoundaryKind.PREFIX, BoundaryKind.DIRECTORY_SITE]
    update = next(each for each in known.roles if each.server == "sup20.example.com")
    assert update.properties["WSUSIISSSLPort"] == "443"
    assert known.addresses["mp02.example.com"] == ()


@pytest.mark.parametrize("order", [1, -1])
def test_a_server_has_the_addresses_of_its_short_and_of_its_full_name(order: int, tmp_path: Path) -> None:
    export = small()
    full, short = export["Addresses"][0]["Name"], export["Addresses"][0]["Name"].partition(".")[0]
    assert full != short
    export["Addresses"] = [{"Name": full, "Addresses": ["10.1.1.10", "10.1.1.11"]},
                           {"Name": short, "Addresses": ["10.1.1.10", "10.1.1.12"]}][::order]
    known = reader.read(str(written(export, tmp_path)))
    assert set(known.addresses) == {full}
    assert sorted(text for each in known.addresses[full] for text in spell_all(each)) == [
        "10.1.1.10", "10.1.1.11", "10.1.1.12"]
    other = {"Name": f"{short}.elsewhere.example.com", "Addresses": ["10.9.9.9"]}
    export["Addresses"].append(other)  # then nobody knows which one the short name means
    known = reader.read(str(written(export, tmp_path)))
    assert set(known.addresses) == {full, short, other["Name"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_powershell(encoding: str, tmp_path: Path) -> None:
    """`>` of 5.1 writes UTF-16, `Set-Content -Encoding UTF8` a byte order mark, version 7 neither."""
    path = tmp_path / "export.json"
    path.write_bytes(json.dumps(large(), indent=4, ensure_ascii=False).replace("\n", "\r\n").encode(encoding))
    assert reader.read(str(path)).groups[1].name == "Köln / Außenstelle"


def test_a_list_of_one_or_none_is_read_as_powershell_unwraps_it(tmp_path: Path) -> None:
    plain = reader.read(str(written(small(), tmp_path)))
    export = small()
    for name in ("Sites", "Boundaries", "BoundaryGroups"):
        export[name] = export[name][0]
    export["Roles"] = {"value": export["Roles"], "Count": 4}
    export["Addresses"][0]["Addresses"] = "10.1.1.10"
    export["BoundaryGroups"]["Boundaries"] = 16777217
    export["BoundaryGroups"]["SiteSystems"] = export["BoundaryGroups"]["SiteSystems"][0]
    unwrapped = reader.read(str(written(export, tmp_path)))
    assert [each.boundaries[0].value for each in unwrapped.groups] == ["10.20.0.0-10.20.255.255"]
    assert unwrapped.groups[0].hosts == plain.groups[0].hosts
    assert unwrapped.addresses == plain.addresses
    assert [each.role for each in unwrapped.roles] == [each.role for each in plain.roles]
    nothing: object
    for nothing in (None, {}, []):
        export["BoundaryGroups"]["Boundaries"] = export["BoundaryGroups"]["SiteSystems"] = nothing
        export["Sites"]["BrokerPort"] = nothing
        empty = reader.read(str(written(export, tmp_path)))
        assert (empty.groups[0].boundaries, empty.groups[0].hosts) == ((), ())
        assert "BrokerPort" not in empty.sites["P01"].properties


def lost(*steps: str | int) -> Callable[[Export], None]:
    """Take a value out."""
    def change(export: Export) -> None:
        place: object = export
        for step in steps[:-1]:
            place = place[step]  # type: ignore[index]
        del place[steps[-1]]  # type: ignore[attr-defined]
    return change


def other(value: object, *steps: str | int) -> Callable[[Export], None]:
    """Put another value in."""
    def change(export: Export) -> None:
        place: object = export
        for step in steps[:-1]:
            place = place[step]  # type: ignore[index]
        place[steps[-1]] = value  # type: ignore[index]
    return change


def twice(name: str, *, but: Callable[[Export], None] | None = None) -> Callable[[Export], None]:
    """Put the first record of a list in again."""
    def change(export: Export) -> None:
        export[name].append(dict(export[name][0]))
        if but:
            but(export[name][-1])
    return change


@pytest.mark.parametrize(("change", "says"), [
    (lost("Format"), "Format: is missing"),
    (other("aclproof-inventory-2", "Format"), "Format: is not aclproof-inventory-1"),
    (lost("Sites"), "Sites: is missing"),
    (other([], "Sites"), "Sites: is empty: may the account that exported read it?"),
    (lost("Roles"), "Roles: is missing"),
    (lost("BoundaryGroups"), "BoundaryGroups: is missing"),
    (other("none", "BoundaryGroups"), "BoundaryGroups: expected an object, and it is text"),
    (lost("Addresses"), "Addresses: is missing"),
    (lost("Boundaries", 0, "Value"), "Boundaries[0].Value: is missing"),
    (other(None, "Boundaries", 0, "Value"), "Boundaries[0].Value: is empty"),
    (other(17, "Boundaries", 0, "Value"), "Boundaries[0].Value: expected text, and it is a number"),
    (other("range", "Boundaries", 0, "BoundaryType"),
     "Boundaries[0].BoundaryType: expected a whole number, and it is text"),
    (other(True, "Boundaries", 0, "BoundaryType"), "expected a whole number, and it is true or false"),
    (lost("Boundaries", 0, "BoundaryID"), "Boundaries[0].BoundaryID: is missing"),
    (other([99], "BoundaryGroups", 0, "Boundaries"),
     "BoundaryGroups[0].Boundaries[0]: boundary 99 is not among Boundaries"),
    (other([16777217, 16777217], "BoundaryGroups", 0, "Boundaries"),
     "BoundaryGroups[0].Boundaries[1]: boundary 16777217 is twice in the group"),
    (other(["1x"], "BoundaryGroups", 0, "Boundaries"), "Boundaries[0]: expected a number, and it is text"),
    (lost("BoundaryGroups", 0, "SiteSystems"), "BoundaryGroups[0].SiteSystems: is missing"),
    (other([{}], "BoundaryGroups", 0, "SiteSystems"), "BoundaryGroups[0].SiteSystems[0].Server: is missing"),
    (other("XYZ", "BoundaryGroups", 0, "DefaultSiteCode"),
     "BoundaryGroups[0].DefaultSiteCode: site XYZ is not among Sites: export it again from the topmost site"),
    (other("XYZ", "Roles", 1, "SiteCode"), "Roles[1].SiteCode: site XYZ is not among Sites"),
    (other("cm01", "Addresses", 0, "Addresses", 0), "Addresses[0].Addresses[0]: 'cm01' is not an address"),
    (other("fe80::1%12", "Addresses", 0, "Addresses", 0), "Addresses[0]: 'fe80::1%12' is not an"),
    (other(7, "Sites", 0, "Type"), "Sites[0].Type: 7 is no type of a site that is known"),
    (other({"Major": 5}, "Sites", 0, "Version"), "Sites[0].Version: expected text, and it is an object"),
    (twice("Sites"), "Sites[1].SiteCode: is at Sites[0] already"),
    (twice("Roles"), "Roles[4].Server: is at Roles[0] already"),
    (twice("Addresses"), "Addresses[2].Name: is at Addresses[0] already"),
    (twice("Boundaries"), "Boundaries[1].BoundaryID: is at Boundaries[0] already"),
    (twice("BoundaryGroups", but=other("Other", "Name")),
     "BoundaryGroups[1].GroupID: is at BoundaryGroups[0]")])
def test_a_damaged_export_gets_one_line(change: Callable[[Export], None], says: str, tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    export = small()
    change(export)
    written(export, tmp_path)
    assert run(["init", "--from-configmgr", "export.json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aclproof: export.json: ")
    assert says in err
    assert err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["export.json"]


def test_every_fault_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    export = small()
    del export["Sites"][0]["Version"]
    export["Boundaries"][0]["Value"] = 4
    export["Addresses"][1]["Addresses"] = ["10.1.1.300"]
    written(export, tmp_path)
    assert run(["init", "--from-configmgr", "export.json"]) == 2
    assert capsys.readouterr().err.count("\n") == 3


@pytest.mark.parametrize(("text", "says"), [
    ('{"Format": "aclproof-inventory-1", "Sites": [{"SiteCode"', "export.json:1: this is not whole JSON"),
    ('{"a": 1,\n "a": 2}', "an object has the name 'a' twice"),
    ("[]", "no export: expected one object"),
    ("", "the file is empty"),
    ("[" * 100_000, "nested too deep"),
    ("hostname fw\n", "this is not whole JSON"),
    ("\0\1\2\3" * 100, "a binary file")])
def test_what_is_no_export_gets_one_line(text: str, says: str, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.json").write_text(text, encoding="utf-8")
    assert run(["init", "--from-configmgr", "export.json"]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_an_export_that_is_cut_anywhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    text = (FOLDER / "small.json").read_text(encoding="utf-8").rstrip()
    for end in range(1, len(text), 97):
        (tmp_path / "export.json").write_text(text[:end], encoding="utf-8")
        assert run(["init", "--from-configmgr", "export.json"]) == 2
        assert capsys.readouterr().err.count("\n") == 1
