"""The section `init.inventory`: what fits, what is a fault, and that the schema knows the same keys."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from aclproof import rules
from aclproof.rules.inventory_section import Case, InventoryHints, InventoryRole, InventorySetting, Versions
from aclproof.rules.loader import load_pack
from aclproof.rules.strict_yaml import InputError
from tests.rules.packs import SMALL

FOLDER = Path(rules.__file__).parent
SCHEMA = json.loads((FOLDER / "pack.schema.json").read_text(encoding="utf-8"))
INVENTORY = """\
init:
  inventory:
    versions: {from: 5.00.8325, before: "6"}
    site-name: The Server
    roles:
      The Server: {role: server, of: site, needed: true}
      The Client: {role: client, of: listed, elsewhere: server}
    other-roles: [Printer]
    server-kinds: [Windows]
    settings:
      - {id: http, property: HttpPort, optional: true}
      - id: mode
        roles: [server]
        cases:
          - {value: native, when: {Tls: [1, 3]}}
"""
WHOLE = SMALL.replace("requirements:\n", INVENTORY + "requirements:\n", 1)


def test_the_section_becomes_structs() -> None:
    hints = load_pack(WHOLE, "pack.yaml").init.inventory
    assert hints is not None
    assert hints.versions == Versions("5.00.8325", "6")
    assert hints.roles["The Client"] == InventoryRole("client", "listed", "server")
    assert hints.settings[1] == InventorySetting(
        "mode", ("server",), cases=(Case("native", {"Tls": ("1", "3")}),))
    assert load_pack(SMALL, "pack.yaml").init.inventory is None


@pytest.mark.parametrize(("old", "new", "path", "reason"), [
    ("from: 5.00.8325", "from: 5.x", "init.inventory.versions.from", "numbers with points"),
    ('before: "6"', "before: v6", "init.inventory.versions.before", "numbers with points"),
    ("role: server, of: site", "role: sever, of: site", "init.inventory.roles.The Server.role", "'server'?"),
    ("elsewhere: server", "elsewhere: x", "init.inventory.roles.The Client.elsewhere", "unknown role 'x'"),
    ("of: listed", "of: nobody", "init.inventory.roles.The Client.of", "known are group, listed, site"),
    ("site-name: The Server", "site-name: Server", "init.inventory.site-name", "unknown name of a role"),
    ("{id: http, p", "{id: htp, p", "init.inventory.settings[0].id", "'http'?"),
    ("property: HttpPort, ", "", "init.inventory.settings[0]", "say the property that holds the value"),
    ("roles: [server]\n", "roles: [server]\n        property: Mode\n", "init.inventory.settings[1]",
     "say the property that holds the value"),
    ("roles: [server]", "roles: [sv]", "init.inventory.settings[1].roles[0]", "unknown role 'sv'"),
    ("value: native", "value: nativ", "init.inventory.settings[1].cases[0].value", "'nativ' is not allowed")])
def test_each_fault_is_named(old: str, new: str, path: str, reason: str) -> None:
    assert old in WHOLE
    with pytest.raises(InputError) as caught:
        load_pack(WHOLE.replace(old, new, 1), "pack.yaml")
    assert [(each.path, reason in each.message) for each in caught.value.problems] == [(path, True)]


def test_the_schema_takes_the_section() -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(WHOLE))


DEFINITION = SCHEMA["$defs"]["inventory"]["properties"]
SETTING = DEFINITION["settings"]["items"]


@pytest.mark.parametrize(("kind", "definition"), [
    (InventoryHints, SCHEMA["$defs"]["inventory"]), (Versions, DEFINITION["versions"]),
    (InventoryRole, DEFINITION["roles"]["additionalProperties"]), (InventorySetting, SETTING),
    (Case, SETTING["properties"]["cases"]["items"])])
def test_the_schema_has_the_keys_of_the_structs(kind: type[msgspec.Struct], definition: Any) -> None:
    fields = msgspec.structs.fields(kind)
    assert set(definition["properties"]) == {each.encode_name for each in fields}
    assert set(definition["required"]) == {each.encode_name for each in fields if each.required}


def test_a_version_is_for_one_pack_at_most() -> None:
    """In the order of their first versions no built-in pack overlaps the next one."""
    known = [rules.load(name).init.inventory for name in rules.builtin()]
    ranges = sorted((_numbers(each.versions.first), _numbers(each.versions.before)) for each in known if each)
    assert len(ranges) == 3
    assert all(before and before <= following for (_, before), (following, _) in pairwise(ranges))


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")] if version else []
