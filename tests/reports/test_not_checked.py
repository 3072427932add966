"""What a site gives no addresses for was not checked, and every format for people says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run

ROUTER = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
PACK = """\
id: acme
title: {en: Acme, de: Acme}
version: "1"
page: {url: "https://example.com/ports", edition: first}
methods:
  - {id: work, title: {en: Work, de: Arbeit}}
  - {id: around, title: {en: Around, de: Umgebung}}
roles:
  - {id: agent, near: true, title: {en: Agents, de: Agenten}}
  - {id: server, title: {en: Server, de: Server}}
  - {id: proxy, title: {en: Proxy, de: Proxy}}
  - {id: archive, title: {en: Archive, de: Archiv}}
settings:
  - id: sealed
    title: {en: Sealed, de: Versiegelt}
    kind: boolean
    default: false
requirements:
"""
ROW = """\
  - id: {id}
    title: {{en: One, de: Eins}}
    methods: [{method}]
    from: {source}
    to: {destination}
    protocol: tcp
    ports: [80]
    when: {when}
    alternate-port: false
    severity: {severity}
    {tier}
    why: {{en: Because., de: Darum.}}
    fix: {{en: Permit it., de: Lassen Sie es zu.}}
    citation: {{page: p, table: t, row: 1}}
"""
SUPPORTING, BOTH = "tier: supporting", "{all-of: [{role: proxy}, {role: archive}]}"
SEALED = "{all-of: [{role: archive}, {setting: sealed, is: true}]}"
ROWS = (
    ("A-WORK", "work", "agent", "server", "{setting: sealed, is: false}", "error", ""),
    ("A-PROXY", "work", "agent", "proxy", "{role: proxy}", "error", ""),
    ("A-HINT", "work", "server", "archive", "{setting: sealed, is: false}", "warning", ""),
    ("A-SEALED", "work", "agent", "archive", SEALED, "error", ""),
    ("A-AROUND", "around", "server", "agent", "{role: server}", "error", SUPPORTING),
    ("A-ARCHIVE", "around", "proxy", "archive", BOTH, "error", SUPPORTING))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    keys = ("id", "method", "source", "destination", "when", "severity", "tier")
    rows = (ROW.format(**dict(zip(keys, row, strict=True))).replace("    \n", "") for row in ROWS)
    monkeypatch.chdir(tmp_path)
    Path("acme.yaml").write_text(PACK + "".join(rows))
    Path("fw.rules").write_text(ROUTER)
    Path("aclproof.yaml").write_text(
        "pack: ./acme.yaml\ntier: supporting\nroles: {agent: [10.20.0.0/16], server: [10.1.1.10]}\n"
        "firewalls: [{name: fw, config: fw.rules}]\n")
    return "aclproof.yaml"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["check", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_json_names_the_roles_and_each_methods_requirements(
        site: str, capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = json.loads(said(capsys, site, "--format", "json"))
    assert found["site"]["without_addresses"] == {
        "proxy": ["A-PROXY", "A-ARCHIVE"], "archive": ["A-HINT", "A-ARCHIVE"]}
    assert {each["method"]: each["not_checked"] for each in found["methods"]} == {
        "work": ["A-PROXY", "A-HINT"], "around": ["A-ARCHIVE"]}
    assert {each["verdict"] for each in found["methods"]} == {"works"}


def test_text_tells_what_is_not_needed_from_what_was_not_checked(
        site: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, site)
    assert "Not needed here: A-SEALED Not checked, as no addresses are given: " \
        "Proxy (A-PROXY, A-ARCHIVE), Archive (A-HINT, A-ARCHIVE)" in text
    assert "Work works 1 of 1 Around works, 1 not checked 1 of 1" in text  # of what supports alone


def test_markdown_and_html_say_it_as_well(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    markdown = said(capsys, site, "--format", "markdown")
    assert "**Not checked, as no addresses are given:** Proxy (A-PROXY, A-ARCHIVE)" in markdown
    assert "**works, 1 not checked**" in markdown
    html = said(capsys, site, "--format", "html")
    assert "works, 1 not checked" in html
    assert "not given, so not checked: A-PROXY, A-ARCHIVE" in html


def test_reports_of_many_sites_say_it_as_well(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "aclproof.yaml proven works, 1 not checked: Around 1 site: 1 proven." in said(capsys, ".")
    markdown = said(capsys, ".", "--format", "markdown")
    assert "| `aclproof.yaml` | proven | Around (works, 1 not checked) |" in markdown


def test_with_all_addresses_nothing_is_left(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(site).write_text(Path(site).read_text().replace(
        "10.1.1.10]", "10.1.1.10], proxy: [10.1.1.11], archive: [10.1.1.12]"))
    for call in ((site,), (".",), (".", "--format", "markdown")):
        assert "ot checked" not in said(capsys, *call)


ADVICE = "advice: {en: Work otherwise., de: Arbeiten Sie anders.}\n"


@pytest.mark.parametrize(("method", "advised"), [("other", True), ("around", False)])
def test_what_supports_takes_no_methods_place(
        site: str, method: str, advised: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """One method is blocked, and one works: either another way to do the job, or what only supports it."""
    pack = Path("acme.yaml").read_text()
    other = ROW.format(id="A-OTHER", method="other", source="server", destination="agent",
                       when="{role: server}", severity="error", tier="").replace("    \n", "")
    titled = "  - {id: other, title: {en: Other, de: Anders}}\nroles:\n"
    pack = pack.replace("methods:\n", f"{ADVICE}methods:\n", 1).replace("roles:\n", titled, 1)
    Path("acme.yaml").write_text(pack + other)
    Path("fw.rules").write_text(ROUTER.replace(
        "COMMIT", "-A FORWARD -d 10.1.1.10/32 -p tcp --dport 80 -j DROP\nCOMMIT"))
    assert run(["check", site, "--method", "work", "--method", method]) == 1
    assert ("Work otherwise." in capsys.readouterr().out) is advised
