"""The script of the page writes what the reader takes and what packs ask for; nothing else, and no secret."""

from __future__ import annotations

import re

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
    assert asked
    assert asked <= WRITTEN


def test_the_script_only_reads() -> None:
    commands = set(re.findall(r"\b[A-Z]\w+-[A-Z]\w+", SCRIPT))
    changing = {each for each in commands if not each.startswith(
        ("Get-CM", "Where-", "ForEach-", "Select-", "Sort-", "Resolve-", "ConvertTo-"))}
    assert changing == {"Set-Content"}
    assert not re.search(r"password|account|certificate|secret", SCRIPT, re.IGNORECASE)


def test_the_page_names_the_format_that_is_read() -> None:
    assert f"Format = '{small()['Format']}'" in SCRIPT
