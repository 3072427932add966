"""The file of a baseline: what is written is read back, and what is not ours is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.baseline import packets_text
from aclproof.linter.baseline.file import fingerprint, read, site_name, write
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.gap import Gap, Known
from aclproof.parsers.model.addresses import Family, parse
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.rules.strict_yaml import InputError
from tests.reports.cases import NAMES, result_of

WITH_GAPS = [each for each in NAMES if gaps_of(result_of(each))]
SMB = "tcp 10.1.1.10 1024-65535 > 10.20.0.77,10.20.192.0/18 445"


def test_packets_are_one_line_each() -> None:
    box = Box(Family.V4, 6, parse("10.1.1.10").v4, parse("10.20.192.0/18").v4 | parse("10.20.0.77").v4,
              IntervalSet.of((1024, 65535)), IntervalSet.of((445, 445)))
    assert packets_text.write(box) == SMB
    assert packets_text.read(SMB) == box


@pytest.mark.parametrize("text", [
    "icmp 10.20.0.0/16 0 > 10.1.1.10 0", "udp 2001:db8::/32 0-65535 > 2001:db8::1-2001:db8::5 53,123",
    "47 0.0.0.0/0 0-65535 > 10.0.0.1-10.0.0.2 0-65535"])
def test_packets_of_any_kind_are_read_back(text: str) -> None:
    assert packets_text.write(packets_text.read(text)) == text


@pytest.mark.parametrize("text", [
    "", "tcp", SMB.replace("tcp", "tpc"), SMB.replace("tcp", "256"), SMB.replace("445", "65536"),
    SMB.replace("445", "445-444"), SMB.replace("10.1.1.10", "10.1.1.1/8"), SMB.replace("10.1.1.10", "::1"),
    SMB.replace("10.1.1.10", "10.1.1.10,::1"), SMB.replace(">", "<"), f"{SMB} ", SMB.replace("tcp", "6")])
def test_what_are_no_packets_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        packets_text.read(text)


def test_all_fixture_sites_are_read_back_and_fit_the_schema(tmp_path: Path) -> None:
    baseline = {name: Known(gaps_of(result_of(name))) for name in NAMES}
    file = tmp_path / "baseline.json"
    file.write_text(write(baseline), encoding="utf-8")
    assert read(str(file)) == baseline
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schemas.load("baseline"))
    assert len(WITH_GAPS) > 30


def test_the_order_of_gaps_and_sites_does_not_matter() -> None:
    baseline = {name: Known(gaps_of(result_of(name))) for name in NAMES}
    turned = {name: Known(known.gaps[::-1]) for name, known in reversed(baseline.items())}
    assert write(turned) == write(baseline)


def test_a_fingerprint_is_of_all_but_the_packets() -> None:
    gap = Gap("R", "fw", "request", "missing", ())
    others = [Gap("S", "fw", "request", "missing", ()), Gap("R", "w", "request", "missing", ()),
              Gap("R", "fw", "reply", "missing", ()), Gap("R", "fw", "request", "undecided", ())]
    assert len({fingerprint(each) for each in (gap, *others)}) == 5
    assert fingerprint(Gap("R", "fw", "request", "missing", (packets_text.read(SMB),))) == fingerprint(gap)


def test_a_site_is_named_as_seen_from_the_folder_of_the_baseline(tmp_path: Path) -> None:
    site = tmp_path / "sites" / "branch" / "aclproof.yaml"
    assert site_name(str(site), str(tmp_path / "known.json")) == "sites/branch/aclproof.yaml"
    assert site_name(str(site), str(tmp_path / "ci" / "known.json")) == "../sites/branch/aclproof.yaml"


def written(tmp_path: Path, change: dict[str, Any]) -> str:
    name = fingerprint(Gap("R", "fw", "request", "missing", ()))
    gap = {"fingerprint": name, "requirement": "R", "firewall": "fw", "leg": "request", "verdict": "missing",
           "packets": [SMB], **change}
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps({"schema": "aclproof/baseline/v1", "sites": {"a": [gap]}}), encoding="utf-8")
    return str(file)


def test_such_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    assert [each.key for each in read(written(tmp_path, {}))["a"].gaps] == [("R", "fw", "request", "missing")]


@pytest.mark.parametrize("change", [
    {"requirement": "S"}, {"verdict": "undecided"}, {"verdict": "met"}, {"packets": []}, {"packets": ["tcp"]},
    {"packets": [SMB.replace("445", "x")]}, {"firewall": 3}, {"sent": ["tcp"]}, {"more": "of it"},
    {"leg": "reply"}])
def test_a_gap_that_was_changed_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="damaged"):
        read(written(tmp_path, change))


@pytest.mark.parametrize(("text", "said"), [
    ("", "damaged one: it is no JSON"), ("{", "baseline.json:1: "), ("[" * 100_000, "no JSON"),
    ("[]", "its field 'schema' is not aclproof/baseline/v1"), ("{}", "its field 'schema'"),
    ('{"schema": "aclproof/check/v1"}', "this is aclproof/check/v1"),
    ('{"schema": "aclproof/baseline/v2", "sites": {}}', "this is aclproof/baseline/v2"),
    ('{"schema": "aclproof/baseline/v1"}', "damaged"),
    ('{"schema": "aclproof/baseline/v1", "sites": {"a": [], "a": []}}', "a is there twice")])
def test_what_is_no_baseline_is_said_so(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(str(file))
    assert said in str(refused.value)


def test_a_gap_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    data = json.loads(Path(written(tmp_path, {})).read_text(encoding="utf-8"))
    data["sites"]["a"] *= 2
    (tmp_path / "baseline.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="a has a gap twice"):
        read(str(tmp_path / "baseline.json"))


def test_names_that_are_no_text_are_names_of_one_site_each(tmp_path: Path) -> None:
    """What a system gives for bytes that are no UTF-8 is half a character; a backslash is a letter there."""
    names = [f"sites/{each}/aclproof.yaml" for each in (
        "b\udcff", "b\udcfe", "b\\udcff", "b\\\\udcff", "\udcff\\udcfe", "\\udcff\udcfe", "\udcff\udcfe",
        "bÿ")]
    named = [site_name(each, "known.json") for each in names]
    assert len(set(named)) == len(names)
    (tmp_path / "known.json").write_bytes(write(dict.fromkeys(named, Known())).encode("utf-8"))
    assert set(read(str(tmp_path / "known.json"))) == set(named)
    assert named[-1] == names[-1]
