"""SARIF: the official schema, what GitHub requires beyond it, and that every place is where it says."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from msgspec.structs import replace

from aclproof.linter.reports.check import sarif
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.result import Line, Result
from aclproof.parsers.model.notes import HIDDEN, Span
from aclproof.rules.pack import Text
from tests.reports.cases import NAMES, ROOT, full, many, result_of, unassessed
from tests.reports.large_site import large
from tests.reports.readers import nested

PLACES = FileNames(str(ROOT), str(ROOT))
SCHEMA = Path(__file__).parents[1] / "schemas" / "sarif-schema-2.1.0.json"


@cache
def validator() -> Any:
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run_of(result: Result) -> dict[str, Any]:
    """The only run."""
    log = json.loads(sarif.render(result, PLACES))
    assert len(log["runs"]) == 1
    run = log["runs"][0]
    assert isinstance(run, dict)
    return run


def keeps_the_schema(result: Result) -> None:
    log = json.loads(sarif.render(result, PLACES))
    assert [f"{'/'.join(map(str, each.absolute_path))}: {each.message}"
            for each in validator().iter_errors(log)] == []


def test_the_schema_can_refuse() -> None:
    log = json.loads(sarif.render(result_of("branch"), PLACES))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator().iter_errors(log))


@pytest.mark.parametrize("name", NAMES)
def test_the_log_keeps_the_official_schema(name: str) -> None:
    keeps_the_schema(result_of(name))


@pytest.mark.parametrize("result", [full(), unassessed(), many(150)], ids=["full", "unassessed", "many"])
def test_the_log_keeps_the_official_schema_with_all_that_a_result_can_hold(result: Result) -> None:
    keeps_the_schema(result)


def described(run: dict[str, Any]) -> None:
    """What GitHub requires of rules: present, not empty, not too long, unique."""
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)
    for each in rules:
        assert each["id"]
        assert each["help"]["text"]
        assert each["help"]["markdown"]
        assert 0 < len(each["name"]) <= 255
        for key in ("shortDescription", "fullDescription"):
            assert 0 < len(each[key]["text"]) <= 1024
        assert each["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert each["properties"]["precision"] == "very-high"
        assert len(each["properties"]["tags"]) <= 20
        assert "security-severity" not in each["properties"]
        assert urlsplit(each["helpUri"]).scheme == "https"


@pytest.mark.parametrize("name", NAMES)
def test_github_finds_all_that_it_requires(name: str) -> None:
    run = run_of(result_of(name))
    assert run["tool"]["driver"]["name"] == "aclproof"
    assert re.fullmatch(rf"aclproof/{re.escape(result_of(name).pack.id)}/.+/", run["automationDetails"]["id"])
    described(run)
    for each in run["results"]:
        assert each["message"]["text"]
        assert each["level"] in ("note", "warning", "error")
        assert len(each["locations"]) == 1
        assert re.fullmatch("[0-9a-f]{32}", each["partialFingerprints"]["primaryLocationLineHash"])
        places = [place for place in nested(each) if isinstance(place, dict) and "artifactLocation" in place]
        assert len(places) >= 1
        for place in places:
            region = place["region"]
            assert region["startLine"] >= 1
            assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
    names = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", NAMES)
def test_every_region_is_the_text_that_it_quotes(name: str) -> None:
    """Paths are relative to the repository; line and columns lead to the very words in the file."""
    quoted = 0
    for place in nested(run_of(result_of(name))):
        if not (isinstance(place, dict) and "region" in place):
            continue
        location, region = place["artifactLocation"], place["region"]
        assert location["uriBaseId"] == "%SRCROOT%"
        assert not urlsplit(location["uri"]).scheme
        file = ROOT / unquote(location["uri"])
        assert file.is_file()
        if "snippet" not in region:
            assert region.get("endColumn") == region.get("startColumn")  # nothing of the line is quoted
        else:
            line = decoded(file).split("\n")[region["startLine"] - 1]
            assert line[region["startColumn"] - 1:region["endColumn"] - 1] == region["snippet"]["text"]
            quoted += 1
    assert quoted or not result_of(name).demands or all(
        not any(_is_quoted(part) for part in (*(part.blocked_by for part in each.missing),
                                              *(part.line for part in each.undecided)))
        for each in result_of(name).demands)


def _is_quoted(line: Line | None) -> bool:
    """Whether the words of its file are; of JSON, a rule is quoted as nft writes it in text."""
    return line is not None and not line.text.endswith(HIDDEN) and not line.span.file.endswith(".json")


def decoded(file: Path) -> str:
    data = file.read_bytes()
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def test_artifacts_carry_the_hash_of_the_file() -> None:
    from hashlib import sha256

    run = run_of(result_of("path-two-hops-block"))
    hashed = [each for each in run["artifacts"] if "hashes" in each]
    assert len(hashed) == 3
    for each in hashed:
        data = (ROOT / unquote(each["location"]["uri"])).read_bytes()
        assert each["hashes"] == {"sha-256": sha256(data).hexdigest()}
    for number, each in enumerate(run["artifacts"]):
        assert each["location"]["index"] == number


def test_levels_follow_severity_and_verdict() -> None:
    levels = {each["ruleId"]: each["level"] for each in run_of(result_of("branch"))["results"]}
    assert levels["CM2007-PUSH-RPC"] == "error"
    assert levels["CM2007-PUSH-EPM-UDP"] == "warning"  # its severity
    assert levels["CM2007-SWD-SMB"] == "warning"  # undecided
    for each in run_of(result_of("branch"))["results"]:
        assert "kind" not in each  # any but 'fail' forbids a level


def test_near_misses_are_related_locations_that_the_message_links_to() -> None:
    run = run_of(result_of("branch"))
    udp = next(each for each in run["results"] if each["ruleId"] == "CM2007-PUSH-EPM-UDP")
    links = re.findall(r"\[[^\]]*?:(\d+)\]\((\d+)\)", udp["message"]["text"])
    related = {each["id"]: each for each in udp["relatedLocations"]}
    places = [related[int(number)]["physicalLocation"] for _, number in links]
    assert [place["region"]["startLine"] for place in places] == [70, 68]
    assert [line for line, _ in links] == ["70", "68"]
    assert related[1]["message"]["text"] == "permits it, but is inactive"


def test_the_hops_are_a_code_flow() -> None:
    run = run_of(result_of("path-two-hops-block"))
    smb = [each for each in run["results"] if each["ruleId"] == "CM2007-PUSH-SMB"]
    assert len(smb) == 2
    for each in smb:
        steps = each["codeFlows"][0]["threadFlows"][0]["locations"]
        named = [step["location"]["logicalLocations"][0]["name"] for step in steps
                 if "logicalLocations" in step["location"]]
        assert named == ["dc", "branch", "client-host"]  # from the site server to the client
        essential = [step["location"] for step in steps if step["importance"] == "essential"]
        for step in essential:
            del step["message"]
        assert essential == each["locations"]
    assert not any("codeFlows" in each for each in run_of(result_of("branch"))["results"])


def test_replies_flow_the_other_way() -> None:
    run = run_of(result_of("path-answers-lost"))
    replies = [each for each in run["results"] if each["properties"]["leg"] == "reply"]
    assert replies
    for each in replies:
        steps = each["codeFlows"][0]["threadFlows"][0]["locations"]
        named = [step["location"]["logicalLocations"][0]["name"] for step in steps[1:-1]]
        demand = next(found for found in result_of("path-answers-lost").demands
                      if found.requirement.id == each["ruleId"])
        assert named == [hop.firewall for hop in demand.hops][::-1]
        assert steps[0]["location"]["message"]["text"].startswith(f"{demand.requirement.destination} sends")


def test_waived_results_are_suppressed_and_stay() -> None:
    run = run_of(full())
    waived = [each for each in run["results"] if each["suppressions"]]
    assert {each["ruleId"] for each in waived} == {"CM2007-PUSH-SMB", "CM2007-SWD-SMB"}
    assert len(run["results"]) == len(run_of(result_of("branch"))["results"])
    for each in waived:
        suppression = each["suppressions"][0]
        assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
        assert "network team" in suppression["justification"]
        assert "2026-06-30" in suppression["justification"]
        assert suppression["location"]["physicalLocation"]["artifactLocation"]["uri"] == "waivers.yaml"
        assert each["level"] == "note"
    assert run["results"][-3:] == waived  # the worst come first


def test_idle_waivers_and_methods_that_were_not_assessed_are_notifications() -> None:
    said = run_of(full())["invocations"][0]["toolConfigurationNotifications"]
    assert [each["descriptor"]["id"] for each in said] == ["waiver", "waiver"]
    assert "W-3 for CM2007-PUSH-RPC expired on 2026-06-30" in said[0]["message"]["text"]
    assert "W-4 for CM2007-SUP-HTTP is not used: the requirement is met." in said[1]["message"]["text"]
    nothing = run_of(unassessed())
    notes = nothing["invocations"][0]["toolConfigurationNotifications"]
    assert len(notes) == len(result_of("branch").methods)
    assert nothing["results"] == []


@pytest.mark.parametrize(("name", "line"), [("unread-permit", 22), ("unread-rule", 22)])
def test_lines_that_could_decide_are_notifications(name: str, line: int) -> None:
    run = run_of(result_of(name))
    said = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in said] == [line]
    kinds = run["tool"]["driver"]["notifications"]
    assert all(kinds[each["descriptor"]["index"]]["id"] == each["descriptor"]["id"] for each in said)


def test_a_line_of_which_some_tests_are_read_is_where_the_open_results_stand() -> None:
    """A rule stands for it, so it decides nothing beyond them: it needs no notification as well."""
    run = run_of(result_of("linux-unread-line"))
    places = [each["locations"][0]["physicalLocation"]["region"] for each in run["results"]]
    assert {each["properties"]["verdict"] for each in run["results"]} == {"undecided"}
    assert {place["startLine"] for place in places} == {9}
    assert {place["snippet"]["text"] for place in places} == {"-A FORWARD -p tcp --dprot 445 -j DROP"}
    assert run["invocations"][0]["toolExecutionNotifications"] == []


def test_a_fix_stands_in_the_message() -> None:
    udp = next(each for each in run_of(full())["results"] if each["ruleId"] == "CM2007-PUSH-EPM-UDP")
    assert "Verified fix: access-list DATACENTRE-IN line 3" in udp["message"]["text"]
    assert len(udp["properties"]["fix"]) == 1


def test_more_results_than_a_run_may_hold_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif._MOST_RESULTS == 25_000  # GitHub's; a smaller one is as good for the test
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 40)
    run = run_of(many(100))
    assert len(run["results"]) == 40
    said = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["descriptor"]["id"] for each in said] == ["results-cut"]
    assert said[0]["message"]["text"].startswith("65 more findings")  # five others


def test_long_texts_of_a_pack_are_cut_to_what_github_takes() -> None:
    result = result_of("branch")
    first = result.demands[0]
    long = replace_struct(first.requirement, "why", Text("word " * 500, "Wort"))
    described(run_of(replace(result, demands=(replace(first, requirement=long), *result.demands[1:]))))


def replace_struct(requirement: Any, key: str, value: object) -> Any:
    import msgspec

    return msgspec.structs.replace(requirement, **{key: value})


def test_names_from_elsewhere_cannot_become_links_or_placeholders() -> None:
    result = result_of("branch")
    smb = next(each for each in result.demands if each.requirement.id == "CM2007-PUSH-SMB")
    part = smb.missing[0]
    line = replace(part.blocked_by, text="x](http://evil.example) [y](http://evil.example) {0}",
                   span=Span("a [b](c) {1}%.cfg", 7, 7, "x"))
    hostile = replace(part, blocked_by=line, near=(replace(part.near[0], rule=line, text="[z](http://z)"),))
    changed = replace(result, demands=(replace(smb, missing=(hostile,)),))
    keeps_the_schema(changed)
    run = run_of(changed)
    text = run["results"][0]["message"]["text"]
    links = re.findall(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\(([^)]*)\)", text)  # the specification's syntax
    assert [target for _, target in links] == ["1"]
    assert re.sub(r"\\(.)", r"\1", links[0][0]) == "a [b] (c) {{1}}%.cfg:7"
    assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text)
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20%5Bb%5D%28c%29%20%7B1%7D%25.cfg"


def test_groups_and_objects_of_a_line_are_named_where_they_begin() -> None:
    config = ROOT / "fixtures" / "sites" / "branch" / "branch-asa.cfg"
    text = config.read_text(encoding="utf-8").splitlines()
    found = {location["physicalLocation"]["region"]["startLine"]: location["message"]["text"]
             for each in run_of(result_of("branch"))["results"]
             for location in each.get("relatedLocations", ())
             if "defined here" in location["message"]["text"]}
    assert "object-group network BRANCH-LAN is defined here" in found.values()
    assert all(told == f"{text[line - 1]} is defined here" for line, told in found.items())


@pytest.mark.parametrize(("count", "most_steps"), [(12, 12), (200, 12)])
def test_a_flow_of_a_long_path_is_the_stretch_around_the_line(count: int, most_steps: int) -> None:
    run = run_of(large(count))
    flows = 0
    for each in run["results"]:
        steps = each["codeFlows"][0]["threadFlows"][0]["locations"]
        names = [step["location"].get("logicalLocations", [{"name": ""}])[0]["name"] for step in steps]
        assert 3 <= len(steps) <= most_steps
        assert names[0] == names[-1] == ""
        at = each["locations"][0]["logicalLocations"][0]["name"]
        assert names.count(at) == 1
        assert [step["importance"] for step in steps].index("essential") == names.index(at)
        numbers = [int(name.removeprefix("fw-")) for name in names[1:-1]]
        assert {after - before for before, after in pairwise(numbers)} <= {1, -1}  # neighbours
        left_out = count - len(numbers)
        sent = steps[0]["location"]["message"]["text"]
        assert f"({left_out} firewalls of the path are left out)" in sent
        flows += 1
    assert flows > count


def test_a_site_of_200_firewalls_fits_into_what_forges_take() -> None:
    """GitHub takes 10 MB, and that compressed; the log of every result with the whole path had 271 MB."""
    result = large(200)
    assert len(sarif.render(result, PLACES).encode()) < 10_000_000
    most = max(result.demands, key=lambda each: len(each.missing))
    assert len(most.missing) == 200
    everywhere = replace(result, demands=(most,) * 12)
    assert len(sarif.render(everywhere, PLACES).encode()) < 10_000_000
