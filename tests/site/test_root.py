"""In which folder a site may name files: nobody who writes a site file can widen it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.site import reader
from aclproof.rules.strict_yaml import InputError
from tests.cli.command import BRANCH, ROOT

Output = pytest.CaptureFixture[str]
SITE = """\
roles: {{client: 10.20.0.0/16, site-server: 10.1.1.10, management-point: 10.1.1.11}}
settings: {{mode: mixed}}
firewalls: [{{name: fw, config: {config}}}]
"""
CONFIG = (BRANCH / "branch-asa.cfg").read_text("utf-8")
OUTSIDE = "lies outside"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site two folders deep, whose configuration is in the folder above these."""
    written(tmp_path, {"fw.cfg": CONFIG, "sites/berlin/aclproof.yaml": SITE.format(config="../../fw.cfg")})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def refused(path: str = "sites/berlin/aclproof.yaml", **how: str) -> str:
    """Why the site must not be read; empty where it is."""
    try:
        site = reader.read(path, **how)  # type: ignore[arg-type]
    except InputError as error:
        return str(error)
    assert site.firewalls
    return ""


@pytest.mark.parametrize("mark", [".aclproof", ".git"])
@pytest.mark.parametrize("is_folder", [True, False])
def test_a_mark_above_the_site_makes_a_root(mark: str, is_folder: bool, folder: Path) -> None:
    assert "lies outside the folder of the site file" in refused()
    (folder / mark).mkdir() if is_folder else (folder / mark).touch()
    assert refused() == ""
    assert refused(str(folder / "sites" / "berlin" / "aclproof.yaml")) == ""


@pytest.mark.parametrize("below", ["sites", "sites/berlin"])
def test_a_mark_further_down_only_narrows(below: str, folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / below / ".aclproof").touch()
    assert f"../../fw.cfg lies outside {folder / below}, the nearest folder" in refused()


def test_a_mark_that_leads_nowhere_narrows_too(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "sites" / ".aclproof").symlink_to("/nowhere/at/all")
    assert OUTSIDE in refused()


def test_the_root_holds_for_every_file_that_is_named(folder: Path) -> None:
    (folder / "sites" / ".aclproof").touch()
    inside = SITE.format(config="fw.cfg")
    for more, key in ((f"waivers: ../../w.yaml\n{inside}", "waivers"),
                      (f"extends: ../../d.yaml\n{inside}", "extends"),
                      (f"pack: ../../acme.yaml\n{inside}", "pack"),
                      (f"packs: [configmgr-2007, ../../acme.yaml]\n{inside}", "packs[1]"),
                      (inside.replace("}]", ", ipset: ../../sets}]"), "firewalls[0].ipset"),
                      (inside.replace(" fw.cfg", " [fw.cfg, /etc/hosts]"), "firewalls[0].config")):
        written(folder, {"sites/berlin/aclproof.yaml": more})
        told = refused()
        assert f": {key}: " in told
        assert OUTSIDE in told
    written(folder, {"sites/berlin/aclproof.yaml": inside.replace("fw.cfg", "../fw.cfg")})
    assert refused() == ""


def test_a_base_cannot_name_what_the_site_must_not(folder: Path) -> None:
    """One root for all: that of the site file, wherever its bases lie."""
    written(folder, {"sites/deep/d.yaml": "firewalls: [{config: ../../fw.cfg}]\n",
                     "sites/berlin/aclproof.yaml": "extends: ../deep/d.yaml\nroles: {client: 10.0.0.1}\n"})
    (folder / "sites" / ".aclproof").touch()
    assert refused().startswith("sites/deep/d.yaml:1: firewalls[0].config: ../../fw.cfg lies outside ")


def test_links_are_followed_before_it_is_decided(
        folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / ".git").mkdir()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    written(elsewhere, {"fw.cfg": CONFIG})
    (folder / "link.cfg").symlink_to(elsewhere / "fw.cfg")
    (folder / "folder").symlink_to(elsewhere)
    for config in ("../../link.cfg", "../../folder/fw.cfg", "../../folder/../fw.cfg"):
        written(folder, {"sites/berlin/aclproof.yaml": SITE.format(config=config)})
        assert OUTSIDE in refused(), config
    written(folder, {"sites/berlin/aclproof.yaml": "extends: ../../folder/d.yaml\n"})
    assert OUTSIDE in refused()


def test_the_site_file_itself_may_be_no_link_out_of_the_root(
        folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: Output) -> None:
    (folder / ".git").mkdir()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    written(elsewhere, {"secret.yaml": "s3cr3t: [hunter2]\n"})
    (folder / "sites" / "berlin" / "aclproof.yaml").unlink()
    (folder / "sites" / "berlin" / "aclproof.yaml").symlink_to(elsewhere / "secret.yaml")
    for call in (["check", "sites"], ["check", "--sites", "sites", "x"], ["diff", "sites", "sites"],
                 ["check", "sites/berlin/aclproof.yaml"]):
        assert run(call) == 2
        said = "".join(capsys.readouterr())
        assert OUTSIDE in " ".join(said.split())
        assert "s3cr3t" not in said
        assert "hunter2" not in said
    assert "unknown key 's3cr3t'" in refused(anywhere=True)  # type: ignore[arg-type]
    (folder / "sites" / "berlin" / "aclproof.yaml").unlink()
    written(folder, {"sites/common.yaml": SITE.format(config="../../fw.cfg")})
    (folder / "sites" / "berlin" / "aclproof.yaml").symlink_to("../common.yaml")
    assert refused() == ""


def test_a_pack_that_is_found_by_name_is_not_one_outside_either(
        folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the user's own packs lie elsewhere: nobody else puts links there."""
    (folder / ".git").mkdir()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    written(elsewhere, {"aclproof/rules/acme.yaml": "id: acme\n"})
    written(folder, {"sites/berlin/aclproof.yaml": "pack: acme\n" + SITE.format(config="../../fw.cfg")})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(elsewhere))
    assert refused() == ""
    monkeypatch.delenv("XDG_CONFIG_HOME")
    rules = folder / "sites" / "berlin" / "rules"
    rules.mkdir()
    (rules / "acme.yaml").symlink_to(elsewhere / "aclproof" / "rules" / "acme.yaml")
    assert "acme.yaml lies outside" in refused()
    (rules / "acme.yaml").unlink()
    (rules / "acme.yaml").write_text("id: acme\n", encoding="utf-8")
    assert refused() == ""


def test_a_path_through_a_link_is_not_shortened_into_another_one(folder: Path) -> None:
    """`link/../fw.cfg` is beside what the link leads to, not beside the link."""
    (folder / ".git").mkdir()
    written(folder, {"other/deep/x": "", "other/fw.cfg": CONFIG})
    (folder / "sites" / "link").symlink_to(folder / "other" / "deep")
    written(folder, {"sites/berlin/aclproof.yaml": SITE.format(config="../link/../fw.cfg")})
    [config] = reader.read("sites/berlin/aclproof.yaml").firewalls[0].configs
    assert os.path.samefile(config, "other/fw.cfg")


def test_paths_are_told_without_detours(folder: Path) -> None:
    (folder / ".git").mkdir()
    assert reader.read("sites/berlin/aclproof.yaml").firewalls[0].configs == ("fw.cfg",)


def test_the_site_file_has_no_say(folder: Path) -> None:
    written(folder, {"sites/berlin/aclproof.yaml": "root: ../..\n" + SITE.format(config="../../fw.cfg")})
    told = refused()
    assert "unknown key 'root'" in told
    assert OUTSIDE in told


def test_the_caller_chooses(folder: Path) -> None:
    assert refused(root=str(folder)) == ""
    assert refused(root=".") == ""
    assert "../../fw.cfg lies outside sites, the root that was given" in refused(root="sites")
    (folder / ".git").mkdir()
    assert OUTSIDE in refused(root="sites")
    assert reader.read("sites/berlin/aclproof.yaml", anywhere=True, root="sites").firewalls


CALLS = [["check"], ["requirements"], ["fix"], ["trace", "10.20.0.5", "10.1.1.10", "tcp", "445"],
         ["diff", "sites/berlin/aclproof.yaml"]]


@pytest.mark.parametrize("call", CALLS, ids=lambda each: each[0])
def test_every_command_takes_a_root(call: list[str], folder: Path, capsys: Output) -> None:
    command, *more = call
    line = [command, "sites/berlin/aclproof.yaml", *more]
    assert run(line) == 2
    assert OUTSIDE in capsys.readouterr().err
    assert run([*line, "--root", "."]) != 2
    capsys.readouterr()
    assert run([*line, "--root", "sites"]) == 2
    assert "lies outside sites" in capsys.readouterr().err
    assert run([*line, "--root", "none"]) == 2
    assert "--root none: there is no such folder" in capsys.readouterr().err
    assert run([*line, "--root", ".", "--allow-outside"]) == 2
    assert "leave out --root" in capsys.readouterr().err
    (folder / ".aclproof").touch()
    assert run(line) != 2


def test_a_run_over_many_sites_takes_a_root(folder: Path, capsys: Output) -> None:
    written(folder, {"sites/bonn/aclproof.yaml": SITE.format(config="../../fw.cfg")})
    assert run(["check", "sites"]) == 2
    assert capsys.readouterr().out.count(OUTSIDE) == 2
    assert run(["check", "sites", "--root", "."]) != 2
    (folder / ".git").mkdir()
    assert run(["check", "sites"]) != 2
    capsys.readouterr()
    assert run(["check", "sites", "--root", "sites"]) == 2
    assert "the root that was given" in " ".join(capsys.readouterr().out.split())
    assert run(["check", "sites", "--root", "none"]) == 2
    assert "--root none: there is no such folder" in capsys.readouterr().err


def test_init_names_no_pack_that_check_would_not_open(folder: Path, capsys: Output) -> None:
    written(folder, {"acme.yaml": (ROOT / "rules" / "configmgr-2007.yaml").read_text("utf-8"),
                     "sites/fw.cfg": CONFIG})
    call = ["init", "sites/fw.cfg", "--pack", "acme.yaml", "-o", "sites/new.yaml"]
    assert run(call) == 2
    assert "acme.yaml lies outside" in capsys.readouterr().err
    (folder / ".aclproof").touch()
    assert run(call) == 0
    assert "../acme.yaml" in (folder / "sites" / "new.yaml").read_text("utf-8")


def test_init_names_what_check_will_open(folder: Path, capsys: Output) -> None:
    call = ["init", "fw.cfg", "-o", "sites/new.yaml"]
    assert run(call) == 2
    assert OUTSIDE in capsys.readouterr().err
    (folder / ".git").mkdir()
    assert run(call) == 0
    assert "../fw.cfg" in (folder / "sites" / "new.yaml").read_text("utf-8")
