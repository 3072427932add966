"""Waivers that many sites share: one that names its sites does not exist for another one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.schemas import load as schema
from aclproof.linter.site import waivers
from aclproof.linter.site.root import Root
from aclproof.linter.waiver import Waiver
from aclproof.rules.strict_yaml import InputError
from tests.cli.command import BRANCH

Output = pytest.CaptureFixture[str]
PACK = rules.load("configmgr-2007")
DAY = date(2026, 10, 1)
SHAPE = jsonschema.Draft202012Validator(schema("waivers"))
ENTRY = "  - {{id: {id}, requirement: {requirement}, reason: r, owner: o, expires: 2027-03-31{more}}}\n"
SITES = ("sites/berlin/aclproof.yaml", "sites/bonn/aclproof.yaml", "sites/north/kiel/aclproof.yaml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three sites, empty files: only their names count here."""
    for site in SITES:
        (tmp_path / site).parent.mkdir(parents=True)
        (tmp_path / site).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry(more: str = "", name: str = "W", requirement: str = "CM2007-PUSH-SMB") -> str:
    return ENTRY.format(id=name, requirement=requirement, more=more)


def written(*entries: str, file: str = "w.yaml") -> str:
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text("waivers:\n" + "".join(entries), encoding="utf-8")
    return file


def read(file: str, site: str = SITES[0]) -> tuple[Waiver, ...]:
    return waivers.read(file, PACK, ["gw"], DAY, site)


def wrong(file: str, site: str = SITES[0]) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(file, site)
    return [str(each) for each in caught.value.problems]


BERLIN, BONN, KIEL = SITES


@pytest.mark.parametrize(("pattern", "meant"), [
    (BERLIN, {BERLIN}), ("./sites/../sites/bonn/aclproof.yaml", {BONN}),
    (f"[{BERLIN}, {KIEL}]", {BERLIN, KIEL}),
    ("sites/*/aclproof.yaml", {BERLIN, BONN}), ("sites/b*/aclproof.yaml", {BERLIN, BONN}),
    ("'sites/b?nn/aclproof.yaml'", {BONN}), ("'sites/[a-c]er*/*'", {BERLIN}),
    ("'**/aclproof.yaml'", {*SITES}), ("sites/**/aclproof.yaml", {*SITES}), ("sites/**", {*SITES}),
    ("'**/kiel/**'", {KIEL}), ("sites/north/**/aclproof.yaml", {KIEL}), ("'*/north/kiel/*.yaml'", {KIEL}),
    ("'*'", set()), ("'*.yaml'", set()), ("sites/*", set()), ("sites/*/*/*/aclproof.yaml", set()),
    ("'../*/sites/bonn/*'", {BONN}), ("sites/x/../b*/aclproof.yaml", {BERLIN, BONN}),
    ("sites/BERLIN*/aclproof.yaml", set())])
def test_which_sites_a_pattern_means(pattern: str, meant: set[str], folder: Path) -> None:
    file = written(entry(f", site: {pattern}"))
    assert {site for site in SITES if read(file, site)} == meant
    assert {site for site in SITES if read(str(folder / file), str(folder / site))} == meant
    SHAPE.validate(yaml.load(Path(file).read_text("utf-8"), yaml.BaseLoader))


@pytest.mark.parametrize(("pattern", "meant"), [
    ("../sites/bonn/aclproof.yaml", {BONN}), ("../sites/b*/aclproof.yaml", {BERLIN, BONN}), ("'**'", set())])
def test_patterns_start_at_the_folder_of_the_waiver_file(pattern: str, meant: set[str], folder: Path) -> None:
    file = written(entry(f", site: {pattern}"), file="waived/w.yaml")
    assert {site for site in SITES if read(file, site)} == meant


def test_absolute_patterns_are_taken_as_they_are(folder: Path) -> None:
    for pattern in (folder / BONN, folder / "sites" / "bo*" / "aclproof.yaml"):
        file = written(entry(f", site: '{pattern}'"))
        assert [bool(read(file, site)) for site in SITES] == [False, True, False]


def test_links_to_a_site_mean_it(folder: Path) -> None:
    Path("current").symlink_to("sites")
    for pattern in ("current/bonn/aclproof.yaml", BONN):
        file = written(entry(f", site: {pattern}"))
        assert read(file, "current/bonn/aclproof.yaml")
        assert read(file, BONN)
    file = written(entry(", site: sites/*/aclproof.yaml"))
    assert read(file, "current/bonn/aclproof.yaml")


def test_one_file_in_two_folders_is_two_sites(folder: Path) -> None:
    """By a link or a hard link: each has configurations of its own."""
    for make in (os.link, lambda _, new: Path(new).symlink_to("../berlin/aclproof.yaml")):
        Path(BONN).unlink()
        make(BERLIN, BONN)
        for pattern in (BERLIN, "sites/ber*/aclproof.yaml", "sites/berlin/**"):
            file = written(entry(f", site: '{pattern}'"))
            assert read(file, BERLIN)
            assert not read(file, BONN)


def test_a_detour_through_a_link_means_where_it_leads(folder: Path) -> None:
    """`away/../bonn/aclproof.yaml` is not the site `bonn` next to the link."""
    for each in ("other/deep", "other/bonn", "bonn"):
        Path(each).mkdir(parents=True)
    Path("other/bonn/aclproof.yaml").touch()
    Path("bonn/aclproof.yaml").touch()
    Path("away").symlink_to("other/deep")
    file = written(entry(", site: 'bo*/aclproof.yaml'"))
    assert read(file, "bonn/aclproof.yaml")
    assert not read(file, "away/../bonn/aclproof.yaml")


def test_nothing_is_told_of_what_is_outside_the_root(folder: Path) -> None:
    """Whether files are there, and what others are called."""
    Path("repo").mkdir()
    Path("repo/.aclproof").touch()
    for site in ("../sites/berln/aclproof.yaml", "../none/x", f"../{BERLIN}", "../sites"):
        file = written(entry(f", site: {site}"), file="repo/w.yaml")
        assert waivers.read(file, PACK, ["gw"], DAY, "repo/aclproof.yaml") == ()
    Path("repo/berln").symlink_to("../sites/berlin")
    file = written(entry(", site: berlnn/aclproof.yaml"), file="repo/w.yaml")
    assert not any("mean" in each for each in wrong(file))
    with pytest.raises(InputError, match="did you mean"):
        waivers.read(file, PACK, ["gw"], DAY, BERLIN, root=Root(""))


def test_a_folder_whose_name_looks_like_a_pattern(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sites").rename("[a]")
    Path("[a]/a").mkdir()
    monkeypatch.chdir("[a]")
    file = written(entry(", site: '*/aclproof.yaml'"))
    assert read(file, "bonn/aclproof.yaml")
    Path("bonn").rename("[b]")
    file = written(entry(", site: '[b]/aclproof.yaml'"))
    assert read(file, "[b]/aclproof.yaml")


def test_a_path_that_is_there_means_no_other_site(folder: Path) -> None:
    """As a pattern it would mean `lab1` as well, for which nobody answers."""
    for each in ("lab[1]", "lab1"):
        Path(each).mkdir()
        Path(each, "aclproof.yaml").touch()
    file = written(entry(", site: 'lab[1]/aclproof.yaml'"))
    assert read(file, "lab[1]/aclproof.yaml")
    assert not read(file, "lab1/aclproof.yaml")
    Path("lab[1]/aclproof.yaml").unlink()
    Path("lab[1]/aclproof.yaml").symlink_to("gone.yaml")
    assert "there is no site file" in wrong(file, "lab1/aclproof.yaml")[0]
    Path("lab[1]/aclproof.yaml").unlink()
    assert read(file, "lab1/aclproof.yaml")


def test_without_site_it_is_for_all_and_with_it_for_no_site_of_options(folder: Path) -> None:
    file = written(entry(), entry(f", site: {BONN}", "B"), entry(", site: '**'", "C"))
    assert [each.id for each in read(file, BONN)] == ["W", "B", "C"]
    assert [each.id for each in read(file, BERLIN)] == ["W", "C"]
    assert [each.id for each in waivers.read(file, PACK, ["gw"], DAY)] == ["W"]


def test_what_is_for_another_site_need_not_fit_this_one(folder: Path) -> None:
    other = entry(f", firewall: fw-bonn, site: {BONN}", "B", "OTHER-PACK-1")
    file = written(entry(), other)
    assert [each.id for each in read(file)] == ["W"]
    assert [each.split(": ")[1] for each in wrong(file, BONN)] == \
        ["waivers[1].firewall", "waivers[1].requirement"]


def test_the_form_of_all_is_held_to(folder: Path) -> None:
    file = written(entry(f", site: {BONN}, more: x"), entry(f", site: {BONN}"),
                   entry(f", site: {BONN}, created: 2026-01-01", "C"))
    assert [each.split(": ")[:2] for each in wrong(file)] == [
        [f"{file}:2", "waivers[0].more"], [f"{file}:3", "waivers[1].id"], [f"{file}:4", "waivers[2].expires"]]


@pytest.mark.parametrize(("site", "says"), [
    ("sites/berln/aclproof.yaml", "did you mean 'sites/berlin/aclproof.yaml'?"),
    ("sites/berlin/aclprof.yaml", "did you mean 'sites/berlin/aclproof.yaml'?"),
    ("site/berlin/aclproof.yaml", "did you mean 'sites/berlin/aclproof.yaml'?"),
    ("nothing.yaml", "there is no site file 'nothing.yaml'"),
    ("sites/berlin", "is a folder: name the site file in it, such as sites/berlin/aclproof.yaml"),
    ("''", "text is expected"), ("[]", "names no site"), ("", "has no value"), ("{a: b}", "text is expected"),
    ("[[a]]", "text is expected"), (f"[{BONN}, sites/bon/aclproof.yaml]", "did you mean 'sites/bonn/")])
def test_a_path_that_is_no_site_file_is_a_mistake_for_every_site(site: str, says: str, folder: Path) -> None:
    file = written(entry(f", site: {site}"))
    for each in SITES:
        told = wrong(file, each)
        assert told[0].startswith(f"{file}:2: waivers[0].site")
        assert says in told[0]


def test_a_pattern_may_be_for_sites_to_come(folder: Path) -> None:
    assert read(written(entry(", site: sites/south/*/aclproof.yaml"))) == ()


def test_a_pattern_of_many_stars_is_compared_at_once(folder: Path) -> None:
    deep = Path("sites/" + "a/" * 40)
    deep.mkdir(parents=True)
    (deep / "aclproof.yaml").touch()
    file = written(entry(f", site: '{'**/*/' * 20}x.yaml'"))
    assert read(file, str(deep / "aclproof.yaml")) == ()


# -- in a run

def site(folder: Path, name: str, more: str = "") -> None:
    (folder / name).mkdir()
    for file in ("aclproof.yaml", "branch-asa.cfg"):
        (folder / name / file).write_bytes((BRANCH / file).read_bytes())
    with (folder / name / "aclproof.yaml").open("a", encoding="utf-8") as text:
        text.write(f"methods: [client-push]\nwaivers: ../w.yaml\n{more}")


def result(path: str, capsys: Output) -> tuple[int, Mapping[str, Any]]:
    code = run(["check", path, "--as-of", str(DAY), "--format", "json"])
    told: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema("check")).validate(told)
    return code, told


def test_sites_share_a_waiver_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Client push is blocked at both sites; only one of them answers for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".aclproof").touch()
    site(tmp_path, "berlin")
    site(tmp_path, "bonn")
    needed = [each.id for each in PACK.requirements
              if each.id.startswith("CM2007-PUSH") and "MP" not in each.id]
    written(*(entry(", site: ber*/aclproof.yaml", f"W-{each}", each) for each in needed))
    code, told = result("berlin/aclproof.yaml", capsys)
    assert code == 0
    assert {each["state"] for each in told["waivers"]} == {"applied"}
    assert [each["site"] for each in told["waivers"]] == [["ber*/aclproof.yaml"]] * len(needed)
    code, told = result("bonn/aclproof.yaml", capsys)
    assert code == 1
    assert told["waivers"] == []
    written(*(entry("", f"W-{each}", each) for each in needed))
    code, told = result("bonn/aclproof.yaml", capsys)
    assert code == 0
    assert not any("site" in each for each in told["waivers"])
