"""The script of the page writes what the reader takes and what packs ask for; nothing else, and no secret."""

from __future__ import annotations

import re

import pytest

from aclproof import rules
from tests.draft.inventory.exports import FOLDER, Export, large, small

PAGE = (FOLDER.parents[1] / "docs" / "export-configmgr.md").read_text(encoding="utf-8")
SCRIPT = re.findall(r"```powershell\n(.*?)```", PAGE, re.DOTALL)[0]
WRITTEN = set(re.findall(r"\b([A-Z]\w+)\s*= ", re.sub(r"'[^']*'", "''", SCRIPT)))
"""Every key of a table in it."""


def names(export: Export) -> set[str]:
    lists = [each for value in export.values() if isinstance(value, list) for each in value]
    systems = [each for group in export["BoundaryGroups"] for each in group["SiteSystems"]]
    return {name for record in (export, *lists, *systems) for name in record}


def test_the_fixtures_hold_what_the_script_writes() -> None:
    assert names(small()) | names(large()) == WRITTEN


def test_the_script_writes_every_property_that_a_pack_asks_for() -> None:
    asked = set()
    for name in rules.builtin():
        hints = rules.load(name).init.inventory
        for setting in hints.settings if hints else ():
            asked |= {setting.property} - {""}
            asked |= {key for case in setting.cases for key in case.when}
        asked |= {key for role in hints.roles.values() for key in role.unless} if hints else set()
    assert asked
    assert asked <= WRITTEN


ELSEWHERE = {
    "configmgr-2012": {"client", "source-server", "setup-share", "package-share"},
    "configmgr-current-branch": {
        "client", "source-server", "setup-share", "package-share", "domain-controller", "dns-server",
        "crl-distribution-point", "upstream-wsus", "console", "azure", "cloud-content", "microsoft-update",
        "pull-source", "content-library", "wsus-sql", "ndes-server", "issuing-ca"}}
"""The roles of which an export holds nothing: clients are its boundaries, the others no site systems."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_every_role_of_a_pack_is_in_an_export_or_known_not_to_be(name: str) -> None:
    pack = rules.load(name)
    assert pack.init.inventory
    mapped = {role for each in pack.init.inventory.roles.values() for role in (each.role, each.elsewhere)}
    assert {role.id for role in pack.roles} - mapped == ELSEWHERE[name]


def test_every_role_that_the_cmdlet_documents_is_known() -> None:
    """Get-CMSiteRole, its parameter RoleName."""
    documented = """SMS Site System, SMS Component Server, SMS Distribution Point, SMS Management Point,
        SMS Device Management Point, SMS Software Update Point, SMS Enrollment Server,
        SMS Enrollment Web Site, SMS Notification Server, SMS Certificate Registration Point,
        SMS DM Enrollment Service, SMS Site Server,
        SMS State Migration Point, SMS Provider, SMS Cloud Proxy Connector, SMS SQL Server,
        SMS Fallback Status Point, AI Update Service Point, SMS SRS Reporting Point,
        SMS Endpoint Protection Point, Data Warehouse Service Point, SMS Dmp Connector"""
    hints = rules.load("configmgr-current-branch").init.inventory
    assert hints
    assert {each.strip() for each in documented.split(",")} <= {*hints.roles, *hints.other_roles}


def test_the_script_only_reads() -> None:
    commands = set(re.findall(r"\b[A-Z]\w+-[A-Z]\w+", SCRIPT))
    changing = {each for each in commands if not each.startswith(
        ("Get-CM", "Where-", "ForEach-", "Select-", "Sort-", "Resolve-", "ConvertTo-"))}
    assert not changing
    assert re.findall(r"::(\w+)\(", SCRIPT) == ["WriteAllText"]
    assert not re.search(r"password|account|certificate|secret", SCRIPT, re.IGNORECASE)


def test_the_page_names_the_format_that_is_read() -> None:
    assert f"Format = '{small()['Format']}'" in SCRIPT
