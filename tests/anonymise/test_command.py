"""The command: where it writes, what it says, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aclproof.linter.anonymise.salt import default_path
from aclproof.parsers.source import UnsupportedInputError
from tests.anonymise.planted import ASA, IPTABLES
from tests.cli.command import BRANCH, shell


def here(folder: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": f"{folder}/config", "APPDATA": ""}


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    done = shell("aclproof anonymise - < fw.cfg", tmp_path, here(tmp_path))
    assert done.code == 0, done.err
    assert done.out.count(b"\n") == ASA.count("\n")
    assert b"zaphod" not in done.out
    assert "the same meaning" in done.err
    assert "stdin" not in done.err


def test_the_salt_is_made_once_and_only_its_user_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "fw.rules").write_text(IPTABLES, encoding="utf-8")
    first = shell("aclproof anonymise - < fw.rules", tmp_path, here(tmp_path))
    salt = tmp_path / "config" / "aclproof" / "salt"
    assert salt.stat().st_mode & 0o777 == 0o600
    assert salt.read_bytes().strip() not in first.out + first.err.encode()
    again = shell("aclproof anonymise - < fw.rules; rm config/aclproof/salt; "
                  "aclproof anonymise - < fw.rules", tmp_path, here(tmp_path))
    assert again.out.startswith(first.out)
    assert again.out != first.out * 2


def test_files_go_into_a_new_folder(tmp_path: Path) -> None:
    (tmp_path / "kunde.cfg").write_text(ASA, encoding="utf-8")
    (tmp_path / "zaphod.rules").write_text(IPTABLES, encoding="utf-8")
    done = shell("aclproof anonymise kunde.cfg zaphod.rules --salt s", tmp_path, here(tmp_path))
    assert done.code == 0, done.err
    names = os.listdir(tmp_path / "anonymised")
    assert sorted(name.rpartition(".")[2] for name in names) == ["cfg", "rules"]
    assert not any("kunde" in name or "zaphod" in name for name in names)
    shell("aclproof anonymise kunde.cfg --salt s", tmp_path, here(tmp_path)).says("this one is not empty")


def test_what_is_not_the_same_is_not_called_so(tmp_path: Path) -> None:
    """A list is called as what comes before secrets: its entries are taken for one."""
    (tmp_path / "fw.cfg").write_text("ASA Version 9.1\naccess-list password extended permit ip any any\n"
                                     "interface Ethernet0\n nameif lan\n ip address 10.1.1.1 255.255.255.0\n"
                                     "access-group password in interface lan\n", encoding="utf-8")
    done = shell("aclproof anonymise - --salt s < fw.cfg", tmp_path, here(tmp_path))
    assert done.code == 3
    assert "the same meaning" not in done.err
    assert "not proven to mean the same" in done.err


def test_what_is_no_configuration_is_renamed_and_not_called_the_same(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("zaphod told me that 10.77.3.9 is down\n", encoding="utf-8")
    done = shell("aclproof anonymise - --salt s < notes.txt", tmp_path, here(tmp_path))
    assert done.code == 3
    assert b"zaphod" not in done.out
    assert b"10.77.3" not in done.out
    assert "no firewall configuration that is known" in done.err
    done = shell("aclproof anonymise notes.txt --salt s --output bug", tmp_path, here(tmp_path))
    assert done.code == 3
    assert "files written to bug: 1\n" in done.err
    assert "look through it before you show it" in done.err
    assert "notes" not in done.err
    assert "/tmp" not in done.err


def test_a_binary_export_is_refused_with_what_to_do(tmp_path: Path) -> None:
    entry = "[SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\0;PolicyVersion\0;\4\0;\4\0;\u021e\0]"
    (tmp_path / "Registry.pol").write_bytes(b"PReg\1\0\0\0" + entry.encode("utf-16-le"))
    shell("aclproof anonymise Registry.pol --salt s", tmp_path, here(tmp_path)).says("a binary export")


def test_a_short_salt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("abc", encoding="utf-8")
    shell(f"aclproof anonymise {BRANCH}/aclproof.yaml --salt s", tmp_path, here(tmp_path)).says(
        "a salt has 16 bytes or more")


def test_a_site_of_several_files_does_not_fit_standard_output(tmp_path: Path) -> None:
    shell(f"aclproof anonymise {BRANCH}/aclproof.yaml --salt s --output -", tmp_path, here(tmp_path)).says(
        "2 files do not fit standard output")


def test_a_site_that_extends_another_comes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "kunde"
    (folder / "berlin").mkdir(parents=True)
    (folder / ".aclproof").touch()
    text = (BRANCH / "aclproof.yaml").read_text(encoding="utf-8")
    (folder / "alle.yaml").write_text(text[:text.index("firewalls:")], encoding="utf-8")
    (folder / "berlin" / "fw.cfg").write_bytes(next(BRANCH.glob("*.cfg")).read_bytes())
    (folder / "berlin" / "aclproof.yaml").write_text(
        "extends: ../alle.yaml\nfirewalls:\n- {name: zaphod, config: fw.cfg}\n", encoding="utf-8")
    done = shell("aclproof anonymise kunde/berlin/aclproof.yaml --salt s", tmp_path, here(tmp_path))
    assert done.code == 0, done.err
    again = shell("cd anonymised && aclproof check */aclproof.yaml --format json", tmp_path, here(tmp_path))
    assert again.code == 1, again.err
    assert b"zaphod" not in again.out
    assert b"berlin" not in again.out


def test_what_differs_is_said_by_its_new_name(tmp_path: Path) -> None:
    """The message goes into the bug report too."""
    secret = "access-list password extended permit ip any any\n"
    text = ASA.replace("access-group", secret + "access-group")
    (tmp_path / "zaphod.cfg").write_text(text, encoding="utf-8")
    done = shell("aclproof anonymise zaphod.cfg --salt s", tmp_path, here(tmp_path))
    assert done.code == 3
    assert "not proven to mean the same: n" in done.err
    assert "zaphod" not in done.err


def test_the_salt_does_not_go_into_the_folder_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    shell("aclproof anonymise fw.cfg --output new --salt new/salt", tmp_path, here(tmp_path)).says(
        "keep it elsewhere")
    assert not (tmp_path / "new").exists()


def test_nobody_else_sees_the_folder_until_it_was_looked_through(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    assert shell("umask 0; aclproof anonymise fw.cfg --salt s", tmp_path, here(tmp_path)).code == 0
    assert (tmp_path / "anonymised").stat().st_mode & 0o777 == 0o700


def test_a_pipe_is_read_as_standard_input_is(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    done = shell("aclproof anonymise <(cat fw.cfg) --salt s", tmp_path, here(tmp_path))
    assert done.code == 0, done.err
    assert len(os.listdir(tmp_path / "anonymised")) == 1


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    shell("aclproof anonymise fw.cfg gone.cfg --salt s", tmp_path, here(tmp_path)).says(
        "gone.cfg: no such file")
    shell("aclproof anonymise . --salt s", tmp_path, here(tmp_path)).says("this is a folder")


def test_a_files_name_may_have_bytes_that_are_no_characters(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(ASA, encoding="utf-8")
    done = shell("mv fw.cfg $'kunde\\xff.cfg'; aclproof anonymise kunde* --salt s", tmp_path, here(tmp_path))
    assert done.code == 0, done.err
    assert [each.suffix for each in (tmp_path / "anonymised").iterdir()] == [".cfg"]


def test_without_a_folder_of_the_user_a_salt_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "here")
    with pytest.raises(UnsupportedInputError, match="--salt"):
        default_path()
