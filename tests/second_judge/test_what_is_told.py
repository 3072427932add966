"""What reports, exit codes and baselines make of a second judge that agrees, and of one that does not."""

from __future__ import annotations

import json
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet.reports import FORMATS as OF_MANY
from aclproof.linter.fleet.reports import START
from aclproof.linter.reports import FORMATS
from aclproof.parsers.model import ternary
from tests.test_sites import AS_OF, SITES

AGREE, DISAGREE = "packets checked by a second judge: all agree", "the two judges of aclproof disagree"
GERMAN = "Pakete von einem zweiten Richter geprüft: alle stimmen überein"
SITE = "linux-interfaces-unnamed"


def check(*arguments: str) -> int:
    return run(["check", *arguments, "--as-of", AS_OF.isoformat(), "-q"])


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sets take what is open for what is met; at `SITE` more works then than does."""
    right = ternary._ternary
    monkeypatch.setattr(ternary, "_ternary",
                        lambda holds, negated=False: right(holds is not False, negated=negated))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_that_they_agree(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(str(SITES / SITE / "aclproof.yaml"), "--format", form, "--self-check", "9")
    assert AGREE in capsys.readouterr().out
    check(str(SITES / SITE / "aclproof.yaml"), "--format", form)
    assert "second judge" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_reports_for_people_say_it_in_german(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(str(SITES / SITE / "aclproof.yaml"), "--format", form, "--self-check", "9", "--lang", "de")
    assert GERMAN in " ".join(capsys.readouterr().out.split())


def test_nothing_agrees_where_there_is_no_packet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(SITES / "branch" / "branch-asa.cfg", tmp_path)
    site = tmp_path / "aclproof.yaml"
    site.write_text("roles: {client: [10.0.0.0/8]}\nsettings: {mode: mixed, client-os: windows-xp}\n"
                    "firewalls: [{name: fw, config: branch-asa.cfg}]\n")
    assert check(str(site), "--self-check", "9") == 3
    assert "a second judge was asked, and there is no packet to judge" in capsys.readouterr().out


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_on_which_packet_they_differ(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(str(SITES / SITE / "aclproof.yaml"), "--format", form, "--self-check", "99") == 4
    out = " ".join(unescape(capsys.readouterr().out).split())
    assert DISAGREE in out
    assert "the proof says permitted" in out
    assert AGREE not in out


@pytest.mark.usefixtures("broken")
def test_neither_a_baseline_nor_a_waiver_makes_good_a_fault(tmp_path: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    site, known = str(SITES / SITE / "aclproof.yaml"), str(tmp_path / "known.json")
    assert run(["check", site, "--self-check", "99", "--write-baseline", known]) == 4
    assert "is not written: the two judges disagree" in " ".join(capsys.readouterr().err.split())
    assert not Path(known).exists()
    check(site, "--write-baseline", known)
    capsys.readouterr()
    assert check(site, "--self-check", "99", "--baseline", known, "--allow-undecided") == 4
    assert "works" not in capsys.readouterr().out


@pytest.mark.usefixtures("broken")
def test_no_fix_is_offered_of_what_is_in_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    check(str(SITES / SITE / "aclproof.yaml"), "--self-check", "99", "--format", "json", "--fixes")
    assert not json.loads(capsys.readouterr().out).get("fixes")


@pytest.mark.parametrize("form", sorted(OF_MANY.keys() - {"html"}))
def test_many_sites_say_it_as_well(form: str, two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    check(*two, "--format", form, "--self-check", "9")
    assert AGREE in capsys.readouterr().out 


def test_the_portfolio_counts_the_packets_of_all_sites(two: list[str], tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    check(*two, "--format", f"html={tmp_path / 'pages'}", "--format", "json", "--self-check", "9")
    report = json.loads(capsys.readouterr().out)
    alone = [each["check"]["self_check"]["packets"] for each in report["sites"]]
    total = report["summary"]["self_check"]["packets"]
    assert total == sum(alone)
    assert f"{total} {AGREE}" in (tmp_path / "pages" / START).read_text(encoding="utf-8")


@pytest.mark.usefixtures("broken")
def test_a_site_of_many_at_which_they_differ_has_failed(two: list[str],
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    code = check(*two, "--format", "json", "--self-check", "99", "--jobs", "1")
    ends: dict[str, Any] = {Path(each["site"]).parent.name: each
                            for each in json.loads(capsys.readouterr().out)["sites"]}
    assert code == 4
    assert ends[SITE]["end"] == "failed"
    assert DISAGREE in ends[SITE]["problems"][0]
    assert ends["two-in-series"]["end"] == "missing"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in (SITE, "two-in-series"):
        shutil.copytree(SITES / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return [f"{SITE}/aclproof.yaml", "two-in-series/aclproof.yaml"]
