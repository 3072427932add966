"""No text for people is wider than a terminal of 80 columns, where it could be wrapped."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from aclproof.linter.cli import app, run

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
NAMES = ("ad-members-dmz", "branch", "cb-nothing-open", "linux-dual-stack", "packs-two-generations",
         "path-one-interface", "windows-three-vendors")
LONG = 45
"""A word of so many letters may not fit beside its label."""
COMMANDS = ("access-list ", "access-group ", "object", " network-object ", "iptables ", "ip6tables ",
            "netsh ", "New-", "Set-", "Enable-")

Output = pytest.CaptureFixture[str]


def too_wide(name: str, language: str, capsys: Output, *arguments: str) -> list[str]:
    """The lines that could have been wrapped: no lines of a configuration, no commands, no long words."""
    run([*arguments, "--lang", language])
    sources = [line.strip() for file in (SITES / name).iterdir()
               for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return [line for line in capsys.readouterr().out.splitlines()
            if cell_len(line) > 80 and max(map(len, line.split())) < LONG
            and line.strip() not in sources and not any(word in line for word in COMMANDS)]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", NAMES)
def test_reports_about_a_site_fit(name: str, language: str, capsys: Output,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SITES / name)
    for command in (["check"], ["check", "-v"], ["requirements"], ["fix", "--strict"],
                    ["diff", "aclproof.yaml", "aclproof.yaml"]):
        assert too_wide(name, language, capsys, *command) == [], command


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", NAMES)
def test_what_was_understood_of_a_configuration_fits(name: str, language: str, capsys: Output,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SITES / name)
    for file in sorted(each.name for each in (SITES / name).iterdir() if each.suffix != ".yaml"):
        assert too_wide(name, language, capsys, "show", file) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_packs_fit(language: str, capsys: Output) -> None:
    for command in (["rules", "list"], ["rules", "show", "configmgr-2007"]):
        assert too_wide("branch", language, capsys, *command) == []


@pytest.mark.parametrize("command", ["", *app.COMMANDS])
def test_the_help_of_every_command_fits(command: str, capsys: Output,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run([*command.split(), "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if cell_len(line) > 80] == []
