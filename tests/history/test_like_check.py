"""A history says of each commit what `aclproof check` says of it in a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from tests.history.repositories import CONFIG, SITE, SMB, Builder, git

AS_OF = ("--as-of", "2026-01-15", "--lang", "en")
WAIVERS = """\
waivers:
  - {id: w, requirement: CM2007-PUSH-SMB, reason: r, owner: me, expires: 2026-12-31, created: 2026-01-01}
"""
PACK = (Path(__file__).parents[2] / "rules" / "configmgr-2007.yaml").read_text(encoding="utf-8")
ENDS = {0: "proven", 1: "missing", 3: "unproven", 2: "unreadable"}


def repository(folder: Path) -> Builder:
    """Twelve commits on main: of the site file, what it extends, a pack, a waiver, a link, a merge."""
    build = Builder(folder)
    site = "sites/a/aclproof.yaml"
    base = "pack: ../packs/own.yaml\nsettings: {mode: mixed, client-os: windows-xp}\n"
    own = SITE.replace("settings: {mode: mixed, client-os: windows-xp}\n", "").replace(
        "pack: configmgr-2007\n", "extends: ../base.yaml\n").replace("fw.cfg", "../../asa/fw.cfg")
    build.commit("begin", {site: own, "sites/base.yaml": base, "packs/own.yaml": PACK, "asa/fw.cfg": CONFIG})
    lost = build.commit("SMB lost", {"asa/fw.cfg": CONFIG.replace(f"{SMB}\n", "")})
    build.commit("waived", {"waivers.yaml": WAIVERS, site: f"{own}waivers: ../../waivers.yaml\n"})
    build.commit("native mode", {"sites/base.yaml": base.replace("mixed", "native")})
    build.commit("mixed again", {"sites/base.yaml": base})
    fixed = build.commit("SMB again", {"asa/fw.cfg": CONFIG}, branch="repair", start=lost)
    build.commit("merge the repair", {"asa/fw.cfg": CONFIG, site: own}, merge=fixed)
    build.commit("broken YAML", {site: "roles: [\n"})
    build.commit("two firewalls", {site: own + "  - {name: other, config: other.cfg, host: client}\n"})
    build.commit("one, behind a link", {site: own, "asa/real.cfg": CONFIG, "asa/fw.cfg": "-> real.cfg"})
    build.commit("the link leads out", {"asa/fw.cfg": "-> /etc/hostname"})
    build.commit("a time range", {"asa/fw.cfg": CONFIG.replace(SMB, f"{SMB} time-range NIGHT")})
    build.commit("the pack asks for less", {"packs/own.yaml": PACK.replace(
        "methods: [client-push]", "methods: [group-policy]", 1)})
    build.build()
    assert len(build.subjects) == 12
    return build


def checked(site: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """How a check ends, its methods, and its requirements by status."""
    code = run(["check", str(site), *AS_OF, "--format", "json"])
    out = capsys.readouterr().out
    if code == 2:
        return "unreadable", {}, {}
    found = json.loads(out)
    return ENDS[code], found["summary"]["methods"], {
        each["requirement"]: "waived" if each.get("waiver") else each["verdict"]
        for each in found["results"] if each["verdict"] != "not-applicable"}


def test_every_commit_is_judged_as_in_a_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = repository(tmp_path / "it")
    site = build.folder / "sites" / "a" / "aclproof.yaml"
    code = run(["history", str(site), *AS_OF, "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    told = {each["commit"]: each for each in found["commits"]}
    assert len(told) == len(build.subjects)
    before: dict[str, str] = {}
    methods_before: dict[str, str] = {}
    ends = set()
    for name in git(build.folder, "rev-list", "--first-parent", "--reverse", "main").splitlines():
        git(build.folder, "checkout", "--quiet", "--force", name)
        end, methods, statuses = checked(site, capsys)
        of = told[name]
        assert (of["end"], of["verdicts"]) == (end, methods), of["subject"]
        ends.add(end)
        if end == "unreadable":
            assert of["problems"], of["subject"]
            continue
        if before:
            assert {each["requirement"]: (each["before"], each["after"]) for each in of["requirements"]} == {
                key: (before.get(key, "not-asked"), statuses.get(key, "not-asked"))
                for key in {**before, **statuses} if before.get(key) != statuses.get(key)}, of["subject"]
            assert {each["method"]: (each["before"], each["after"]) for each in of["methods"]} == {
                key: (methods_before.get(key), methods.get(key)) for key in {**methods_before, **methods}
                if methods_before.get(key) != methods.get(key)}
        before, methods_before = statuses, methods
    assert ends == {"proven", "missing", "unproven", "unreadable"}
    assert code == {end: code for code, end in ENDS.items()}[end]
