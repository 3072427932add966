"""A finding keeps its name when lines move, and no two findings share one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.program import check
from aclproof.linter.site import reader
from aclproof.linter.verdict.findings import findings
from aclproof.linter.verdict.fingerprint import settled
from tests.reports.cases import AS_OF, NAMES, SITES, result_of


def names_of(site: Path) -> dict[str, str]:
    """Fingerprint to what it stands for."""
    return {each.fingerprint: f"{each.demand.requirement.id} {each.firewall} {each.part.leg} "
                              f"{each.line.text if each.line else ''}"
            for each in findings(check(reader.read(site), AS_OF))}


def places_of(site: Path) -> list[tuple[int, object]]:
    """The line of each finding, and what it says of lines."""
    return [(each.span.first_line, getattr(each.part, "because", ""))
            for each in findings(check(reader.read(site), AS_OF))]


def copied(name: str, folder: Path) -> Path:
    for each in (SITES / name).iterdir():
        (folder / each.name).write_bytes(each.read_bytes())
    return folder / "aclproof.yaml"


@pytest.mark.parametrize("name", NAMES)
def test_no_two_findings_share_a_name(name: str) -> None:
    found = findings(result_of(name))
    assert len({each.fingerprint for each in found}) == len(found)


@pytest.mark.parametrize(("name", "file", "above"), [
    ("branch", "branch-asa.cfg", "hostname"), ("path-two-hops-block", "dc.cfg", "interface"),
    ("linux-limits", "gw52.rules", "*filter"), ("linux-dnat-untracked", "gw68.rules", "*")])
def test_names_survive_lines_that_move(name: str, file: str, above: str, tmp_path: Path) -> None:
    site = copied(name, tmp_path)
    before, places = names_of(site), places_of(site)
    comment = "!\n" if file.endswith(".cfg") else "# moved\n"
    text = (tmp_path / file).read_text()
    assert above in text
    (tmp_path / file).write_text(text.replace(above, comment * 3 + above, 1))
    assert names_of(site) == before
    assert places_of(site) != places


def test_names_survive_another_listing_of_the_same_rules(tmp_path: Path) -> None:
    """A remark was added above, so the lines have other numbers and hashes, and traffic went on."""
    site = copied("show-access-list", tmp_path)
    before = names_of(site)
    listing = tmp_path / "fw107-acl.txt"
    later = re.sub(r" line (\d+)", lambda found: f" line {int(found[1]) + 1}", listing.read_text())
    later = re.sub(r"^(access-list (\S+); .*)$", r"\1\naccess-list \2 line 1 remark added", later,
                   flags=re.MULTILINE)
    later = re.sub(r"hitcnt=(\d+)", r"hitcnt=\g<1>7", later)
    listing.write_text(re.sub(r"0x(\w{7})\w$", r"0x\g<1>f", later, flags=re.MULTILINE))
    assert any("hitcnt" in text for text in before.values())
    assert set(names_of(site)) == set(before)


def test_equal_findings_are_numbered() -> None:
    result = result_of("branch")
    twice = tuple(replace(each, missing=each.missing * 2) for each in result.demands)
    found = findings(replace(result, demands=twice))
    assert len({each.fingerprint for each in found}) == len(found)
    assert {each.fingerprint for each in findings(result)} < {each.fingerprint for each in found}


def test_another_line_is_another_finding(tmp_path: Path) -> None:
    site = copied("branch", tmp_path)
    before = names_of(site)
    config = tmp_path / "branch-asa.cfg"
    config.write_text(config.read_text().replace("deny tcp any host 10.20.0.77 eq 445",
                                                 "deny tcp any host 10.20.0.78 eq 445"))
    after = names_of(site)
    assert len(set(before) - set(after)) == len(set(after) - set(before)) == 1


@pytest.mark.parametrize(("first", "later"), [
    ("access-list A line 3 extended deny ip any any (hitcnt=5) 0x1f2e3d4c",
     "access-list A line 4 extended  deny ip any any (hitcnt=700) 0x1f2e3d4d"),
    ("[12:3456] -A FORWARD -j DROP", "[0:0] -A FORWARD -j DROP"),
    ("-A FORWARD -j DROP -c 1 2", "-A FORWARD -j DROP -c 30 400"),
    ("    12  3456 DROP  tcp  --  *  *  0.0.0.0/0  0.0.0.0/0  tcp dpt:445",
     "13K 34M DROP tcp  --  *  *  0.0.0.0/0  0.0.0.0/0  tcp dpt:445"),
    ("7   DROP  tcp  --  0.0.0.0/0  0.0.0.0/0", "8   DROP  tcp  --  0.0.0.0/0  0.0.0.0/0"),
    ("kept out of the translation that line 14 does", "kept out of the translation that line 15 does"),
])
def test_places_and_counters_do_not_count(first: str, later: str) -> None:
    assert settled(first) == settled(later)


@pytest.mark.parametrize(("first", "other"), [
    ("access-list A extended deny tcp any any eq 445", "access-list A extended deny tcp any any eq 135"),
    ("DROP  tcp  --  10.0.0.1  0.0.0.0/0", "DROP  tcp  --  10.0.0.2  0.0.0.0/0"),
    ("-A FORWARD -p tcp --dport 445 -j DROP", "-A FORWARD -p tcp --dport 446 -j DROP"),
])
def test_what_a_line_does_counts(first: str, other: str) -> None:
    assert settled(first) != settled(other)
