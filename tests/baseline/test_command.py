"""`check --baseline` and `--write-baseline`: exit codes, what is said, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.baseline.test_comparing import CLOSED, HEAD, REST, SITE, SMB, UDP

Output = pytest.CaptureFixture[str]
ECHO_TOO = REST.replace("permit icmp", "deny icmp")
OPEN_AT_NIGHT = f"access-list SERVERS extended permit tcp any any eq 445 time-range NIGHT\n{CLOSED}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "aclproof.yaml").write_text(SITE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    configure(CLOSED)
    configure(CLOSED, "b")
    return tmp_path


def configure(rules: str, site: str = "a") -> None:
    Path(site, "fw.cfg").write_text(HEAD + rules, encoding="utf-8")


def check(*options: str, site: str = "a") -> int:
    return run(["check", f"{site}/aclproof.yaml", "--as-of", "2026-01-15", "--lang", "en", *options])


def known() -> dict[str, list[str]]:
    sites = json.loads(Path("known.json").read_text(encoding="utf-8"))["sites"]
    return {site: [each["requirement"] for each in gaps] for site, gaps in sites.items()}


def test_what_is_known_is_left_out_of_the_exit_code_and_said(capsys: Output) -> None:
    assert check("--write-baseline", "known.json") == 1  # this run proves nothing else than the last one
    assert "known.json has 2 known gaps of a/aclproof.yaml" in capsys.readouterr().err
    assert check("--baseline", "known.json") == 0
    said = capsys.readouterr()
    assert said.err == "aclproof: 2 requirements are known from the baseline, not proven\n"
    assert "Client push           BLOCKED" in said.out
    assert f"KNOWN  {SMB}" in said.out
    assert f"MISSING  {SMB}" not in said.out
    assert "requirements: 4 met, 2 known." in said.out
    assert check("--baseline", "known.json", "--strict") == 0


@pytest.mark.parametrize(("rules", "code", "worse"), [
    (ECHO_TOO + CLOSED, 1, "CM2007-PUSH-ECHO"),
    ("access-list SERVERS extended deny tcp any any range 135 445\n" + REST, 1, "CM2007-PUSH-EPM-TCP")])
def test_what_is_new_fails_as_ever(capsys: Output, rules: str, code: int, worse: str) -> None:
    check("--write-baseline", "known.json")
    configure(rules)
    capsys.readouterr()
    assert check("--baseline", "known.json") == code
    said = capsys.readouterr()
    assert "new or grown since the baseline: " in said.err
    assert worse in said.err
    assert f"MISSING  {worse}  (new since the baseline)" in said.out


def test_what_is_undecided_and_new_is_not_proven() -> None:
    configure(REST)
    check("--write-baseline", "known.json")
    configure(OPEN_AT_NIGHT)
    assert check("--baseline", "known.json") == 3
    assert check("--baseline", "known.json", "--require", "any") == 3


def test_any_method_is_enough_that_lacks_only_what_is_known() -> None:
    check("--write-baseline", "known.json")
    assert check("--require", "any") == 1
    assert check("--baseline", "known.json", "--require", "any") == 0


def test_what_is_cured_is_told_and_drops_out_on_the_next_write(capsys: Output) -> None:
    check("--write-baseline", "known.json")
    configure(REST)
    capsys.readouterr()
    assert check("--baseline", "known.json") == 0
    said = capsys.readouterr()
    assert "1 known gap is cured: take it out with --baseline known.json --write" in said.err
    assert f"Cured since the baseline: {SMB}" in said.out
    assert check("--baseline", "known.json", "--write-baseline", "known.json") == 0
    assert known() == {"a/aclproof.yaml": [UDP]}
    configure(CLOSED)
    assert check("--baseline", "known.json") == 1


def test_what_is_added_by_writing_again_is_said(capsys: Output) -> None:
    """UDP 135 of HEAD stays, SMB of CLOSED goes, and the echo that is denied is added."""
    check("--write-baseline", "known.json")
    assert "compared with before" not in capsys.readouterr().err
    configure(ECHO_TOO)
    check("--write-baseline", "known.json")
    said = "known.json, compared with before: gaps added 1, changed 0, taken out 1\n"
    assert said in capsys.readouterr().err
    check("--baseline", "known.json", "--write-baseline", "known.json")
    assert "gaps added 0, changed 0, taken out 0\n" in capsys.readouterr().err


def test_with_the_baseline_nothing_is_added_and_without_it_all_is_new() -> None:
    configure(REST)
    check("--write-baseline", "known.json")
    configure(CLOSED)
    assert check("--baseline", "known.json", "--write-baseline", "known.json") == 1
    assert known() == {"a/aclproof.yaml": [UDP]}
    assert check("--write-baseline", "known.json") == 1
    assert known() == {"a/aclproof.yaml": [UDP, SMB]}


def test_one_file_has_many_sites_and_the_same_bytes_in_any_order(folder: Path) -> None:
    check("--write-baseline", "known.json")
    check("--write-baseline", "known.json", site="b")
    assert known() == {"a/aclproof.yaml": [UDP, SMB], "b/aclproof.yaml": [UDP, SMB]}
    first = Path("known.json").read_bytes()
    check("--write-baseline", "other.json", site="b")
    check("--write-baseline", str(folder / "other.json"))
    assert Path("other.json").read_bytes() == first
    configure(REST)
    check("--baseline", "known.json", "--write-baseline", "known.json")
    assert known() == {"a/aclproof.yaml": [UDP], "b/aclproof.yaml": [UDP, SMB]}


def test_a_site_without_gaps_is_in_it() -> None:
    configure("access-list SERVERS extended permit ip any any\n")
    assert check("--write-baseline", "known.json") == 0
    assert known() == {"a/aclproof.yaml": []}
    assert check("--baseline", "known.json") == 0


@pytest.mark.parametrize(("options", "said"), [
    (["--baseline", "none.json"], "none.json: no such file"),
    (["--baseline", "a/fw.cfg"], "it is no JSON"),
    (["--write-baseline", "a/fw.cfg"], "it is no JSON"),
    (["--write-baseline", "a/aclproof.yaml"], "it is no JSON"),
    (["--baseline", ""], "--baseline: name the file"),
    (["--write-baseline", "-"], "--write-baseline: name the file"),
    (["--baseline", "known.json", "--write-baseline", "other.json"], "name two files"),
    (["--write-baseline", "known.json", "--format", "json=known.json"], "two reports would go to known.json"),
    (["--baseline", "known.json", "--format", "json=known.json"], "known.json is an input")])
def test_what_does_not_fit_is_refused_and_changes_nothing(capsys: Output, options: list[str],
                                                           said: str) -> None:
    check("--write-baseline", "known.json")
    files = {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()}
    capsys.readouterr()
    assert check(*options) == 2
    assert said in capsys.readouterr().err
    assert {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()} == files


def test_a_baseline_of_other_sites_is_no_baseline_of_this_one(capsys: Output) -> None:
    check("--write-baseline", "known.json")
    capsys.readouterr()
    assert check("--baseline", "known.json", site="b") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nothing is known of b/aclproof.yaml here" in said.err
    assert "aclproof check b/aclproof.yaml --write-baseline known.json" in said.err


def test_a_baseline_needs_a_site_file(capsys: Output) -> None:
    assert run(["check", "a/fw.cfg", "--client", "10.20.0.0/16", "--server", "10.1.1.10",
                "--set", "mode=mixed", "--set", "client-os=windows-7", "--write-baseline", "known.json"]) == 2
    assert "write a site file first" in capsys.readouterr().err


def test_a_damaged_baseline_is_left_as_it_is(capsys: Output) -> None:
    Path("known.json").write_text("{", encoding="utf-8")
    assert check("--write-baseline", "known.json") == 2
    assert "or a damaged one" in capsys.readouterr().err
    assert Path("known.json").read_text(encoding="utf-8") == "{"


def test_a_waiver_comes_first(capsys: Output) -> None:
    check("--write-baseline", "known.json")
    Path("waivers.yaml").write_text(f"waivers: [{{id: W-1, requirement: {SMB}, reason: r, owner: o, "
                                    "expires: 2026-02-01}]\n", encoding="utf-8")
    capsys.readouterr()
    assert check("--baseline", "known.json", "--waivers", "waivers.yaml") == 0
    said = capsys.readouterr()
    assert f"WAIVED  {SMB}" in said.out
    assert "1 requirement is known from the baseline" in said.err
    assert "1 requirement is waived" in said.err


def test_waivers_to_fill_in(capsys: Output) -> None:
    scaffold = ["waivers", "--scaffold", "a/aclproof.yaml", "--as-of", "2026-01-15", "--lang", "en"]
    assert run([*scaffold, "-o", "w.yaml"]) == 0
    text = Path("w.yaml").read_text(encoding="utf-8")
    assert "  # missing: SMB from the site server to the client computer\n" in text
    assert "  #   fw: 10.1.1.10 -> 10.20.0.0/16  TCP 445\n" in text
    capsys.readouterr()
    assert check("--waivers", "w.yaml") == 2
    assert capsys.readouterr().err.count("has no value") == 6  # reason, owner and last day of two gaps
    for key, value in (("reason:", "r"), ("owner:", "o"), ("expires:", "2027-01-16")):
        text = text.replace(key, f"{key} {value}")
    Path("filled.yaml").write_text(text, encoding="utf-8")
    assert check("--waivers", "filled.yaml") == 0
    assert run([*scaffold, "-o", "w.yaml"]) == 2
    capsys.readouterr()
    Path("b", "aclproof.yaml").write_text(SITE, encoding="utf-8")
    assert check("--waivers", "filled.yaml", site="b") == 1  # the gaps of another site have no owner
    capsys.readouterr()
    assert run([*scaffold, "--waivers", "filled.yaml"]) == 0
    assert capsys.readouterr().out.endswith("waivers: []\n")  # all of it has an owner
    assert run(["waivers", "a/aclproof.yaml"]) == 2
