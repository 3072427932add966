"""One baseline for many sites: each is compared with its own gaps, and none becomes proven by them."""

from __future__ import annotations

import json
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet.proving import Wishes, prove
from aclproof.linter.fleet.ratchet import Ratchet
from aclproof.linter.fleet.shared import Shared

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("branch", "two-in-series", "wsus-wrong-port"):
        shutil.copytree(SITES / name, tmp_path / "sites" / name)
    monkeypatch.chdir(tmp_path)
    assert run(["check", "sites", "-qq", "--write-baseline", "known.json"]) == 1
    return tmp_path / "sites"


def ends(capsys: Output, *options: str) -> tuple[int, dict[str, str]]:
    code = run(["check", "sites", "--format", "jsonl", "-q", *options])
    lines = capsys.readouterr().out.splitlines()
    return code, {Path(each["site"]).parent.name: each["end"] for each in map(json.loads, lines)}


def test_known_gaps_are_accepted_at_their_own_site_and_never_proven(sites: Path, capsys: Output) -> None:
    code, alone = ends(capsys)
    assert (code, set(alone.values())) == (1, {"missing"})
    for jobs in ("1", "2"):
        code, known = ends(capsys, "--baseline", "known.json", "--jobs", jobs)
        assert (code, set(known.values())) == (0, {"accepted"})
    shutil.copytree(sites / "branch", sites / "another")  # the same gaps, and nobody knows them of this one
    code, known = ends(capsys, "--baseline", "known.json")
    assert (code, known.pop("another"), set(known.values())) == (1, "missing", {"accepted"})


def test_it_only_shrinks_and_what_it_knows_of_other_sites_stays(sites: Path, capsys: Output) -> None:
    before = Path("known.json").read_bytes()
    config = sites / "branch" / "branch-asa.cfg"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(" extended permit tcp", " extended deny tcp"), encoding="utf-8")
    write = ("check", "sites", "-qq", "--baseline", "known.json", "--write-baseline", "known.json")
    assert run(write) == 1  # new gaps fail, and are not taken in
    assert Path("known.json").read_bytes() == before
    config.write_text(text.replace(" inactive", ""), encoding="utf-8")  # cures what UDP 135 lacks
    assert run(write) == 0
    assert Path("known.json").read_bytes() != before
    after = json.loads(Path("known.json").read_text())["sites"]
    known = json.loads(before)["sites"]
    assert {site: len(known[site]) - len(gaps) for site, gaps in after.items()} == {
        "sites/branch/aclproof.yaml": 1, "sites/two-in-series/aclproof.yaml": 0,
        "sites/wsus-wrong-port/aclproof.yaml": 0}
    assert run(["check", "sites/branch/aclproof.yaml", "-qq", "--baseline", "known.json"]) == 0  # it alone


@pytest.mark.parametrize(("options", "says"), [
    (["--baseline", "none.json"], "none.json: no such file"),
    (["--baseline", "known.json", "--write-baseline", "new.json"], "name two files"),
    (["--baseline", "elsewhere/known.json"], "nothing is known of any of these sites here, such as ../"),
    (["--write-baseline", "sites/branch/branch-asa.cfg"], "it is no JSON"),
    (["--baseline", "known.json", "--format", "json=known.json"], "known.json is an input")])
def test_what_does_not_fit_is_one_line(
        sites: Path, capsys: Output, options: list[str], says: str) -> None:
    Path("elsewhere").mkdir()
    shutil.copy("known.json", "elsewhere")
    capsys.readouterr()
    before = Path("known.json").read_bytes()
    assert run(["check", "sites", *options]) == 2
    assert says in capsys.readouterr().err
    assert Path("known.json").read_bytes() == before


@pytest.mark.parametrize("options", [[], ["--jobs", "2"], ["--cache", "cache"]])
def test_one_write_is_that_of_one_site_after_the_other(sites: Path, options: list[str]) -> None:
    shutil.copytree(SITES / "dual-stack", sites / "dual-stack")  # addresses of 128 bits
    for site in sorted(sites.iterdir()):
        run(["check", str(site / "aclproof.yaml"), "-qq", "--write-baseline", "single.json"])
    for _ in range(2):  # the second time from what is kept
        assert run(["check", "sites", "-qq", "--write-baseline", "known.json", *options]) == 1
        assert Path("known.json").read_bytes() == Path("single.json").read_bytes()
    assert run(["check", "sites", "-qq", "--baseline", "known.json", *options]) == 0


def test_an_outcome_that_is_kept_is_that_of_its_baseline(sites: Path) -> None:
    """The configurations are the same, and what is known is not."""
    kept = ("check", "sites", "-qq", "--baseline", "known.json", "--cache", "cache")
    assert (run(kept), run(kept)) == (0, 0)
    data = json.loads(Path("known.json").read_text(encoding="utf-8"))
    data["sites"]["sites/branch/aclproof.yaml"] = []
    Path("known.json").write_text(json.dumps(data), encoding="utf-8")
    assert run(kept) == 1


def test_standard_error_says_what_is_known_and_what_is_cured(sites: Path, capsys: Output) -> None:
    config = sites / "branch" / "branch-asa.cfg"
    config.write_text(config.read_text(encoding="utf-8").replace(" inactive", ""), encoding="utf-8")
    capsys.readouterr()
    assert run(["check", "sites", "--baseline", "known.json", "--lang", "en"]) == 0
    said = capsys.readouterr().err
    assert " requirements are known from the baseline, not proven\n" in said
    assert "1 known gap is cured: take it out with --baseline known.json --write-baseline known.json" in said

    run(["check", "sites", "--baseline", "known.json", "--lang", "en", "-q", "--format=text",
         "--format=markdown=out.md"])
    for report in (capsys.readouterr().out, Path("out.md").read_text(encoding="utf-8").replace("`", "")):
        assert report.count("cured: CM2007-PUSH-EPM-UDP") == 1


def test_sites_that_a_run_leaves_out_of_the_baseline_are_said(sites: Path, capsys: Output) -> None:
    shutil.rmtree(sites / "wsus-wrong-port")
    (sites / "branch" / "aclproof.yaml").write_text("roles: [", encoding="utf-8")
    capsys.readouterr()
    assert run(["check", "sites", "--baseline", "known.json", "--lang", "en"]) == 2
    said = ("known.json has 3 sites: 1 of them were checked; not in this run are 1, such as "
            "sites/wsus-wrong-port/aclproof.yaml\n")
    assert said in capsys.readouterr().err
    run(["check", "--sites", "sites", "--baseline", "known.json", "--lang", "en", "sites/branch/x.cfg"])
    assert "of them were checked" not in capsys.readouterr().err  # it is about few of them on purpose
    run(["check", "sites", "--write-baseline", "new.json", "--lang", "en"])
    said = capsys.readouterr().err
    assert "sites that could not be read, and are not in new.json: 1\n" in said
    assert set(json.loads(Path("new.json").read_text())["sites"]) == {"sites/two-in-series/aclproof.yaml"}
    run(["check", "sites", "--write-baseline", "known.json", "--lang", "en"])
    said = capsys.readouterr().err
    assert "are not in known.json" not in said  # what it knows of the broken one stays
    kept = json.loads(Path("known.json").read_text())["sites"]
    assert f"known.json has {sum(map(len, kept.values()))} known gaps of 3 sites\n" in said


def test_a_waiver_file_for_many_sites(sites: Path, capsys: Output) -> None:
    """Seen from its own folder; what is not filled in for a site stays without an owner there."""
    (sites / "broken").mkdir()
    (sites / "broken" / "aclproof.yaml").write_text("roles: [", encoding="utf-8")
    Path("waivers").mkdir()
    scaffold = ["waivers", "--scaffold", "sites", "--as-of", "2026-01-15", "--lang", "en"]
    assert run([*scaffold, "-o", "waivers/w.yaml"]) == 2
    assert "broken/aclproof.yaml" in capsys.readouterr().err
    shutil.rmtree(sites / "broken")
    text = Path("waivers/w.yaml").read_text(encoding="utf-8")
    gaps = json.loads(Path("known.json").read_text())["sites"]
    assert {site: len({each["requirement"] for each in known}) for site, known in gaps.items()} == {
        site: text.count(f'    site: "../{site}"\n') for site in gaps}
    for key, value in (("reason:", "r"), ("owner:", "o"), ("expires:", "2027-01-15")):
        text = text.replace(key, f"{key} {value}")
    Path("waivers/w.yaml").write_text(text.replace("two-in-series/aclproof", "branch/aclproof"))
    waived = ("--waivers", "waivers/w.yaml", "--as-of", "2026-01-15")
    code, found = ends(capsys, *waived)
    assert (code, found) == (1, {"branch": "accepted", "two-in-series": "missing",
                                 "wsus-wrong-port": "accepted"})


def test_a_process_that_goes_on_reads_the_baseline_of_each_run(sites: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker of a cluster: two checkouts have baselines of one name, size and time, of other packets."""
    other = sites.parent / "other"
    shutil.copytree(sites, other / "sites")
    text = Path("known.json").read_text(encoding="utf-8")
    assert "10.20.0.0/16" in text
    (other / "known.json").write_text(text.replace("10.20.0.0/16", "10.99.0.0/16"), encoding="utf-8")
    shutil.copystat("known.json", other / "known.json")
    command = ("check", "sites", "-qq", "--baseline", "known.json", "--jobs", "1")
    assert run(command) == 0
    monkeypatch.chdir(other)
    assert run(command) == 1


def test_a_baseline_that_is_not_the_one_of_the_run_is_not_compared_with(sites: Path) -> None:
    site = str(sites / "branch" / "aclproof.yaml")
    own = sha256(Path("known.json").read_bytes()).hexdigest()
    for digest, end in ((own, "accepted"), ("0", "unreadable")):
        wishes = Wishes(date(2026, 1, 15), ratchet=Ratchet("known.json", compares=True, sha256=digest))
        outcome = prove(site, wishes, Shared())
        assert outcome.end == end
    assert outcome.problems == ("known.json: the file changed while sites were compared with it, or a worker "
                                "has another one",)
