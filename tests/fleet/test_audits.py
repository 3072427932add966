"""Audits of many sites: what a firewall shows alone is found once for all sites that have it."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from unittest.mock import patch

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.audit import checks as module
from aclproof.linter.audit.chain_audit import audit_lists
from aclproof.linter.audit.checks import Found
from aclproof.linter.cli import run
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.observation import CHECKS, Audit, CheckId
from aclproof.linter.site import reader
from tests.fleet import farm

AUDITED = farm.ASA.replace("access-group", """access-list IN extended deny tcp any host 10.1.1.12 eq 80
access-list IN extended permit tcp host 10.20.0.5 host 10.1.1.12 eq 445
crypto map M 1 match address CRYPTO
access-list CRYPTO extended permit ip host 10.0.0.1 any
access-group""")
"""Line 13 no packet reaches, and line 14 none that would fare otherwise; another list counts each entry."""
DAY = date(2026, 1, 15)


def shared_sites(folder: Path, *names: str) -> list[Path]:
    """Sites with client networks of their own that have one configuration."""
    found = farm.sites(folder, names)
    (folder / "fw.cfg").write_text(AUDITED, encoding="utf-8")
    (folder / ".aclproof").touch()
    for each in found:
        each.write_text(each.read_text().replace("config: fw.cfg", "config: ../fw.cfg"), encoding="utf-8")
    return found


def audit_of(site: Path, shared: Shared | None, *checks: CheckId, day: date = DAY) -> Audit:
    found = result_of(reader.read(site), day, checks=checks or tuple(CHECKS), shared=shared).audit
    assert found
    return found


def test_a_firewall_of_many_sites_is_audited_once_and_what_is_needed_of_it_each_time(tmp_path: Path) -> None:
    sites = shared_sites(tmp_path, "a", "b", "c")
    alone = [audit_of(each, None) for each in sites]
    shared = Shared()
    with patch.object(module, "audit_lists", wraps=audit_lists) as audited:
        assert [audit_of(each, shared) for each in sites] == alone
        assert audited.call_count == 1
        audit_of(sites[0], shared, "covered-rule", "any-any")  # another question
        audit_of(sites[0], shared, day=date(2026, 1, 16))
        assert audited.call_count == 3
    surplus = [each.surplus for audit in alone for each in audit.found if each.check == "surplus"]
    assert len(surplus) == len({*surplus}) == 3  # each site needs SMB, for clients of its own
    assert {(each.check, each.span.first_line) for each in alone[0].found if each.check != "surplus"} == {
        ("shadowed-rule", 13), ("covered-rule", 14)}
    assert {(each.firewall, each.name) for each in alone[0].left_out} == {("fw", "CRYPTO")}


def test_another_name_and_other_bytes_are_another_firewall(tmp_path: Path) -> None:
    one, other = shared_sites(tmp_path, "a", "b")
    other.write_text(other.read_text().replace("name: fw", "name: edge"), encoding="utf-8")
    shared = Shared()
    audit_of(one, shared)
    assert {each.firewall for each in audit_of(other, shared).found} == {"edge"}
    (tmp_path / "fw.cfg").write_text(AUDITED.replace("deny tcp any host 10.1.1.12 eq 80",
                                                     "deny tcp any host 10.1.1.12 eq 81"), encoding="utf-8")
    assert "shadowed-rule" not in {each.check for each in audit_of(one, shared).found}



def test_of_a_firewall_that_is_not_kept_nothing_is_remembered(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one may have its identity later."""
    monkeypatch.setattr("aclproof.linter.fleet.shared._MOST_LINES", 1)
    shared = Shared()
    firewalls = []
    for site in farm.sites(tmp_path, ("a", "b", "c")):
        firewalls.append(shared.read(reader.read(site).firewalls[0]))
        shared.memory(firewalls[-1])["kept"] = Found(())
    assert [list(shared.memory(each)) for each in firewalls] == [[], [], ["kept"]]
    shared.memory(firewalls[0])["lost"] = Found(())
    assert not shared.memory(firewalls[0])


@pytest.mark.parametrize("moved", ["! a comment\n", "access-list IN remark moved\n"])
def test_a_fingerprint_stays_where_lines_move(tmp_path: Path, moved: str) -> None:
    site, = shared_sites(tmp_path, "a")
    before = audit_of(site, None)
    (tmp_path / "fw.cfg").write_text(AUDITED.replace("access-list IN", f"{moved}access-list IN", 1),
                                     encoding="utf-8")
    after = audit_of(site, None)
    assert [each.span.first_line for each in after.found] == [each.span.first_line + 1
                                                             for each in before.found]
    assert [each.fingerprint for each in after.found] == [each.fingerprint for each in before.found]
    assert len({each.fingerprint for each in before.found}) == len(before.found)


OPTIONS = ("--as-of", DAY.isoformat(), "--checks", "hygiene")
FORMS = ("json", "jsonl", "sarif", "csv", "junit", "gitlab", "github", "markdown", "text")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve sites that share a firewall, and two with one of their own, of which one lacks SMB."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    shared_sites(tmp_path, *(f"branch-{number:02}" for number in range(12)))
    for each in farm.sites(tmp_path, ("lone", "short")):
        config = each.parent / "fw.cfg"
        config.write_text(config.read_text().replace(
            "access-group", "access-list IN extended permit ip any host 10.9.9.9\n"
            "access-list IN extended deny tcp any host 10.9.9.9\naccess-group"), encoding="utf-8")
    return tmp_path


def reports(folder: Path, *options: str) -> tuple[int, dict[str, bytes]]:
    """The exit code, and every report of all sites by name."""
    out = folder / "out"
    wanted = [f"--format={form}={out / form}" for form in FORMS]
    out.mkdir(exist_ok=True)
    code = run(["check", ".", *OPTIONS, *wanted, f"--format=html={out / 'html'}", "-qq", *options])
    found = {str(each.relative_to(out)): each.read_bytes() for each in out.rglob("*") if each.is_file()}
    shutil.rmtree(out)
    return code, found


def test_reports_are_the_same_whoever_works_and_say_what_single_runs_say(folder: Path) -> None:
    code, alone = reports(folder, "--jobs", "1")
    assert code == 1  # something is missing at one
    assert reports(folder, "--jobs", "2") == (code, alone)
    assert reports(folder, "--jobs", "1", "--cache", "kept") == (code, alone)
    assert reports(folder, "--jobs", "2", "--cache", "kept") == (code, alone)
    told = json.loads(alone["json"])
    jsonschema.Draft202012Validator(schemas.load("checks")).validate(told)
    for site in told["sites"]:
        assert run(["check", site["site"], *OPTIONS, "--format=json=one.json", "-qq"]) in (0, 1)
        single = json.loads(Path("one.json").read_text())
        assert site["check"] == single
        assert single["audit"]["found"]
    found = Counter(each["check"] for site in told["sites"] for each in site["check"]["audit"]["found"])
    audit = told["summary"]["audit"]
    assert {check: each["lines"] for check, each in audit["checks"].items() if each["lines"]} == found
    assert found == {"shadowed-rule": 14, "covered-rule": 12, "surplus": 13}
    shadowed = [each for each in audit["lines"] if each["check"] == "shadowed-rule"]
    assert [(each["place"], each["sites"]) for each in shadowed] == [
        ("fw.cfg:13", 12), ("lone/fw.cfg:14", 1), ("short/fw.cfg:14", 1)]


def test_reports_for_people_put_together_what_is_alike(folder: Path) -> None:
    _, found = reports(folder, "--fail-on", "warning")
    text, markdown, html = (" ".join(found[each].decode().split()) for each in (
        "text", "markdown", "html/index.html"))
    assert "shadowed-rule (warning): 14 times, at 14 sites: no packet reaches it" in text
    assert "12 sites fw.cfg:13 access-list IN extended deny tcp any host 10.1.1.12 eq 80" in text
    assert "2 sites lone/fw.cfg:14, short/fw.cfg:14 access-list IN extended deny tcp any host 10.9" in text
    assert "branch-00/aclproof.yaml proven fails the run: shadowed-rule 1" in text
    assert "Checks name a line 39 times, at 14 sites, 14 of them fail the run." in text
    github = found["github"].decode().splitlines()
    assert github[-1].startswith("aclproof: 14 sites: 13 proven, 1 with something missing; Checks name a "
                                 "line 39 times, at 14 sites, 14 of them fail the run")
    assert [each for each in github if each.startswith("::warning file=fw.cfg,line=13,")
            and "shadowed-rule on fw at 12 sites::" in each]
    assert "| shadowed-rule (warning): no packet reaches it, and not all that takes its packets before " \
        "does the same | 14 | 14 | 12 × `fw.cfg:13`" in markdown
    assert '<a href="#shadowed-rule">shadowed-rule</a> (warning)' in html
    assert "more time" not in text + markdown + html
    assert 'id="audit"' in html
    assert "See what fails the run at 14 sites." in html
    assert found["html/index.html"].count(b' fails"') == 14
    page = next(each for name, each in found.items() if name.startswith("html/sites/lone"))
    assert b'<section id="audit"' in page


def test_of_many_lines_of_a_check_the_rest_is_counted(folder: Path) -> None:
    """Three sites have 30 more lines that do nothing, of which it keeps 20 for the reports."""
    for number in range(3):
        site = folder / f"branch-{number:02}" / "aclproof.yaml"
        (site.parent / "fw.cfg").write_text(AUDITED.replace("access-group", "".join(
            f"access-list IN extended deny tcp any host 10.1.1.12 eq 80 log {level} interval {interval}\n"
            for level in range(1, 7) for interval in range(10 + number, 15 + number)) + "access-group"))
        site.write_text(site.read_text().replace("../fw.cfg", "fw.cfg"))
    _, found = reports(folder)
    checks = json.loads(found["json"])["summary"]["audit"]["checks"]
    rows = {each[0].split()[0]: each for line in found["markdown"].decode().splitlines()
            if len(each := line.strip("| ").split(" | ")) == 4 and each[0].split()[0] in checks}
    assert any(each["lines"] > 100 for each in checks.values())
    for check, (_, lines, _, named) in rows.items():
        shown = sum(map(int, re.findall(r"(\d+) ×", named)))
        left = sum(map(int, re.findall(r"and (\d+) more times?$", named)))
        assert shown + left == int(lines) == checks[check]["lines"]
    most = max(each["lines"] for each in checks.values())
    for form in ("text", "html/index.html"):
        times = re.findall(r"and (\d+) more times", found[form].decode())
        assert any(most - 60 < int(each) < most for each in times)


@pytest.mark.parametrize(("options", "code"), [
    ((), 0), (("--fail-on", "warning"), 1), (("--fail-on", "note"), 1)])
def test_exit_codes(folder: Path, options: tuple[str, ...], code: int) -> None:
    shutil.rmtree(folder / "short")
    assert run(["check", ".", *OPTIONS, "-qq", *options]) == code
    assert run(["check", ".", *OPTIONS[:2], "--checks", "any-any", "-qq", *options]) == 0


def test_the_first_site_that_fails_ends_a_run_that_is_to_fail_fast(folder: Path) -> None:
    options = ("check", ".", *OPTIONS, "--fail-fast", "--format", "jsonl=out", "-qq")
    run([*options, "--fail-on", "warning"])
    assert len(Path("out").read_text().splitlines()) == 1
    run(options)
    assert len(Path("out").read_text().splitlines()) == 14  # the last one lacks something


def test_what_is_kept_of_other_checks_is_not_used(folder: Path) -> None:
    cached = ("check", ".", "--as-of", DAY.isoformat(), "--cache", "kept", "--format", "jsonl=out", "-qq")

    def told(*options: str) -> set[tuple[str, ...] | None]:
        run([*cached, *options])
        audits = [json.loads(each)["check"].get("audit") for each in Path("out").read_text().splitlines()]
        return {tuple(each["checks"]) if each else None for each in audits}

    assert told() == {None}
    assert told("--checks", "any-any") == {("any-any",)}
    assert told("--checks", "surplus,any-any") == {("any-any", "surplus")}
    assert run([*cached, "--checks", "shadowed-rule", "--fail-on", "warning"]) == 1
    assert run([*cached, "--checks", "shadowed-rule"]) == 1  # one lacks something
    shutil.rmtree("short")
    assert run([*cached, "--checks", "shadowed-rule", "--fail-on", "warning"]) == 1
    assert run([*cached, "--checks", "shadowed-rule"]) == 0


def test_a_baseline_of_many_sites_knows_the_lines_of_each(folder: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree("short")
    every = ("check", ".", *OPTIONS, "--fail-on", "note")
    assert run([*every, "--write-baseline", "known.json"]) == 1
    assert "lines that checks name, known of 13 sites: 38" in capsys.readouterr().err
    for jobs in ("1", "2"):
        assert run([*every, "--baseline", "known.json", "--jobs", jobs, "--format", "json=out.json"]) == 0
    audit = json.loads(Path("out.json").read_text())["summary"]["audit"]
    assert (audit["known"], audit["gone"], audit["failing"], audit["lines"]) == (
        38, 0, {"lines": 0, "sites": 0}, [])
    config = Path("lone/fw.cfg")
    config.write_text(config.read_text().replace(
        "deny tcp any host 10.9.9.9", "deny udp any host 10.9.9.9"), encoding="utf-8")
    capsys.readouterr()
    assert run([*every, "--baseline", "known.json"]) == 1
    said = capsys.readouterr()
    assert "new or grown since the baseline: shadowed-rule 1" in said.err
    assert "known lines that no check names any more: 1;" in said.err
    assert "1 line that a check names fails the run (--fail-on note)" in said.err
    assert "1 site  lone/fw.cfg:14" in said.out
    assert "fw.cfg:13" not in said.out.replace("lone/fw.cfg:13", "")  # it is known
    again = ("-qq", "--baseline", "known.json", "--write-baseline", "known.json")
    before = json.loads(Path("known.json").read_text())["named"]
    assert run(["check", ".", *OPTIONS[:2], "--checks", "surplus", *again]) == 0
    assert json.loads(Path("known.json").read_text())["named"] == before
    assert run([*every, *again]) == 1
    after = json.loads(Path("known.json").read_text())["named"]
    assert {site: len(lines) - len(after.get(site, ())) for site, lines in before.items()} == {
        **dict.fromkeys(before, 0), "lone/aclproof.yaml": 1}
    assert run(["check", "branch-00/aclproof.yaml", *every[2:], "-qq", "--baseline", "known.json"]) == 0
