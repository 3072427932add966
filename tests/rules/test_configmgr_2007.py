"""The built-in pack says what its source page says, row by row, and its schema knows what the loader knows."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import yaml
from jsonschema import Draft202012Validator

from aclproof import rules
from aclproof.rules.pack import (
    EPHEMERAL_PORTS,
    Citation,
    DefaultBy,
    Derived,
    Equals,
    Listener,
    Page,
    Requirement,
    Role,
    RuleNames,
    Setting,
    Text,
    WrittenPack,
)
from aclproof.rules.settings import applies, leaves, ports_of, resolve

PACK = rules.load("configmgr-2007")
REQUIREMENTS = {requirement.id: requirement for requirement in PACK.requirements}
FOLDER = Path(rules.__file__).parent
SOURCE = FOLDER.parents[1] / "shared" / "seed" / "ports-client-deployment-2007.de.txt"

ALL = "Ports Used for All Installation Methods"
PUSH = "Ports Used with Client Push Installation"
SUP = "Ports Used with Software Update Point-Based Installation"
GPO = "Ports Used with Group Policy-Based Installation"
MAN = "Ports Used with Manual Installation and Logon Script-Based Installation"
SWD = "Ports Used with Software Distribution-Based Installation"

HEADINGS = {
    ALL: "Für alle Installationsmethoden verwendete Ports",
    PUSH: "Bei Clientpushinstallationen verwendete Ports",
    SUP: "Bei der Installation mithilfe eines Softwareupdatepunkts verwendete Ports",
    GPO: "Bei der gruppenrichtlinienbasierten Installation verwendete Ports",
    MAN: "Bei der manuellen Installation und der anmeldeskriptbasierten Installation verwendete Ports",
    SWD: "Bei der softwareverteilungsbasierten Installation verwendete Ports",
}
METHODS = {
    ALL: tuple(method.id for method in PACK.methods),
    PUSH: ("client-push",),
    SUP: ("software-update-point",),
    GPO: ("group-policy",),
    MAN: ("manual", "logon-script"),
    SWD: ("software-distribution",),
}


class Row(NamedTuple):
    """A row of the page: the words that start it, its UDP and TCP cells, and the requirement that it became."""

    table: str
    row: str
    words: str
    udp: str
    tcp: str
    id: str


ALTERNATE_80 = "80 (siehe Hinweis 1"
ALTERNATE_443 = "443 (siehe Hinweis 1"
MP_MIXED = (
    "HTTP (Hypertext Transfer Protocol) vom Clientcomputer zu einem Verwaltungspunkt im gemischten Modus"
)
MP_NATIVE = (
    "HTTPS (Secure Hypertext Transfer Protocol) vom Clientcomputer zu einem Verwaltungspunkt "
    "im einheitlichen Modus"
)
MP_SLIP = MP_MIXED.replace("gemischten", "einheitlichen")  # what the page prints, see the citation's note
SMB_SOURCE = "SMB-Datenverkehr (Server Message Block) zwischen dem Quellserver und dem Clientcomputer, wenn"
NO_SOURCE = ", wenn Sie die CCMSetup-Befehlszeileneigenschaft /source:<Pfad> nicht festlegen"

ROWS = [
    Row(ALL, "1", "HTTP (Hypertext Transfer Protocol) vom Client zu einem Serverlocatorpunkt.", "--", ALTERNATE_80, "CM2007-ALL-SLP"),
    Row(ALL, "2", "HTTP (Hypertext Transfer Protocol) vom Clientcomputer zu einem Fallbackstatuspunkt,", "--", ALTERNATE_80, "CM2007-ALL-FSP"),
    Row(PUSH, "paragraph", "ICMP-Echoanforderungsmeldungen vom Standortserver zum Clientcomputer", "", "", "CM2007-PUSH-ECHO"),
    Row(PUSH, "1", "SMB-Datenverkehr (Server Message Block) zwischen Standortserver und Clientcomputer.", "--", "445", "CM2007-PUSH-SMB"),
    Row(PUSH, "2", "RPC-Endpunktzuordnung zwischen Standortserver und Clientcomputer", "135", "135", "CM2007-PUSH-EPM-TCP"),
    Row(PUSH, "2", "RPC-Endpunktzuordnung zwischen Standortserver und Clientcomputer", "135", "135", "CM2007-PUSH-EPM-UDP"),
    Row(PUSH, "3", "Dynamische RPC-Ports zwischen Standortserver und Clientcomputer", "--", "DYNAMISCH", "CM2007-PUSH-RPC"),
    Row(PUSH, "4", MP_MIXED, "--", ALTERNATE_80, "CM2007-PUSH-MP-HTTP"),
    Row(PUSH, "5", MP_NATIVE, "--", ALTERNATE_443, "CM2007-PUSH-MP-HTTPS"),
    Row(SUP, "1", "HTTP (Hypertext Transfer Protocol) vom Clientcomputer zum Softwareupdatepunkt", "--", "80 oder 8530", "CM2007-SUP-HTTP"),
    Row(SUP, "2", "HTTPS (Secure Hypertext Transfer Protocol) vom Clientcomputer zum Softwareupdatepunkt", "--", "443 oder 8531", "CM2007-SUP-HTTPS"),
    Row(SUP, "3", SMB_SOURCE, "--", "445", "CM2007-SUP-SOURCE"),
    Row(GPO, "1", MP_SLIP, "--", ALTERNATE_80, "CM2007-GPO-MP-HTTP"),
    Row(GPO, "2", MP_NATIVE, "--", ALTERNATE_443, "CM2007-GPO-MP-HTTPS"),
    Row(GPO, "3", SMB_SOURCE, "--", "445", "CM2007-GPO-SOURCE"),
    Row(MAN, "1", "SMB-Datenverkehr (Server Message Block) zwischen dem Clientcomputer und einer Netzwerkfreigabe,", "--", "445", "CM2007-MAN-SHARE"),
    Row(MAN, "2", MP_MIXED + NO_SOURCE, "--", ALTERNATE_80, "CM2007-MAN-MP-HTTP"),
    Row(MAN, "3", MP_NATIVE + NO_SOURCE, "--", ALTERNATE_443, "CM2007-MAN-MP-HTTPS"),
    Row(MAN, "4", SMB_SOURCE, "--", "445", "CM2007-MAN-SOURCE"),
    Row(SWD, "1", "SMB-Datenverkehr (Server Message Block) zwischen Verteilungspunkt und Clientcomputer", "--", "445", "CM2007-SWD-SMB"),
    Row(SWD, "2", "HTTP (Hypertext Transfer Protocol) vom Client zu einem Verteilungspunkt im gemischten Modus", "--", ALTERNATE_80, "CM2007-SWD-HTTP"),
    Row(SWD, "3", "HTTPS (Secure Hypertext Transfer Protocol) vom Client zu einem Verteilungspunkt im einheitlichen Modus", "--", ALTERNATE_443, "CM2007-SWD-HTTPS"),
]  # fmt: skip
# The longest cells are quotations, and a table is read by rows.
# ruff: noqa: E501

DYNAMIC = ((1025, 5000), (49152, 65535))
NUMBERS = {
    ALTERNATE_80: ((80, 80),),
    ALTERNATE_443: ((443, 443),),
    "80 oder 8530": ((80, 80),),
    "443 oder 8531": ((443, 443),),
    "445": ((445, 445),),
    "135": ((135, 135),),
    "DYNAMISCH": DYNAMIC,
    "": (),
}

CELL = re.compile(r"^(?:--|\d.*|DYNAMISCH)$", re.MULTILINE)

by_id = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])


def section(table: str) -> str:
    """The source page from a table's heading to the next one."""
    if not SOURCE.exists():
        pytest.skip("the source page is not next to the checkout")
    text = SOURCE.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    rest = text[text.index(HEADINGS[table]) + len(HEADINGS[table]) :]
    ends = [rest.index(heading) for heading in (*HEADINGS.values(), "Anmerkungen") if heading in rest]
    return rest[: min(ends)]


def test_every_row_has_its_requirement_and_every_requirement_its_row() -> None:
    assert [row.id for row in ROWS] == list(REQUIREMENTS)


@by_id
def test_the_row_stands_in_the_source(row: Row) -> None:
    part = section(row.table)
    cells = CELL.findall(part, part.index(row.words))
    if row.row != "paragraph":
        assert cells[0] == row.udp
        assert cells[1].startswith(row.tcp)


@pytest.mark.parametrize("table", HEADINGS)
def test_no_row_of_the_source_is_left_out(table: str) -> None:
    cells = CELL.findall(section(table))
    numbers = {row.row for row in ROWS if row.table == table} - {"paragraph"}
    assert len(cells) == 2 * len(numbers)


@by_id
def test_the_requirement_says_what_the_row_says(row: Row) -> None:
    requirement = REQUIREMENTS[row.id]
    assert requirement.methods == METHODS[row.table]
    assert (requirement.citation.page, requirement.citation.table) == ("ff189805", row.table)
    assert requirement.citation.row == row.row
    cell = row.udp if requirement.protocol == "udp" else row.tcp
    assert ports_of(requirement, resolve(PACK, {})) == NUMBERS[cell]
    assert (requirement.protocol == "icmp") == (row.row == "paragraph")


@by_id
def test_the_port_is_alternate_where_the_row_refers_to_a_note(row: Row) -> None:
    requirement = REQUIREMENTS[row.id]
    noted = "siehe" in row.tcp or "oder" in row.tcp
    assert requirement.alternate_port is noted
    assert noted == any(isinstance(port, str) and port != "rpc-dynamic-ports" for port in requirement.ports)


@pytest.mark.parametrize("requirement", PACK.requirements, ids=list(REQUIREMENTS))
def test_the_direction_is_from_the_one_that_opens(requirement: Requirement) -> None:
    pushed = "client-push" in requirement.methods and len(requirement.methods) == 1
    to_client = pushed and "-MP-" not in requirement.id
    assert requirement.source == ("site-server" if to_client else "client")
    assert (requirement.destination == "client") is to_client


@pytest.mark.parametrize("requirement", PACK.requirements, ids=list(REQUIREMENTS))
def test_the_listener_fits_the_service(requirement: Requirement) -> None:
    listeners = {
        445: "system-smb",
        135: "endpoint-mapper",
        80: "http-sys",
        443: "http-sys",
        1025: "rpc-server",
    }
    ports = ports_of(requirement, resolve(PACK, {}))
    assert requirement.listener == (listeners[ports[0][0]] if ports else "icmp")


def test_only_udp_135_is_a_warning() -> None:
    assert [name for name, one in REQUIREMENTS.items() if one.severity == "warning"] == [
        "CM2007-PUSH-EPM-UDP"
    ]


def test_the_slip_of_the_page_is_noted() -> None:
    note = REQUIREMENTS["CM2007-GPO-MP-HTTP"].citation.note
    assert note is not None
    assert "im einheitlichen Modus" in note


def applying(*roles: str, **given: str) -> set[str]:
    """The ids, without CM2007-, that apply to a site with these roles and settings."""
    settings = resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
    found = (name for name, one in REQUIREMENTS.items() if applies(one.when, settings, roles))
    return {name.removeprefix("CM2007-") for name in found}


PUSH_ALWAYS = {"PUSH-ECHO", "PUSH-SMB", "PUSH-EPM-TCP", "PUSH-EPM-UDP", "PUSH-RPC"}
MIXED = {"PUSH-MP-HTTP", "SUP-HTTP", "GPO-MP-HTTP", "MAN-MP-HTTP"}
NATIVE = {"PUSH-MP-HTTPS", "SUP-HTTPS", "GPO-MP-HTTPS", "MAN-MP-HTTPS"}
SOURCES = {"SUP-SOURCE", "GPO-SOURCE", "MAN-SOURCE"}


def test_what_applies_by_default() -> None:
    assert applying(mode="mixed") == PUSH_ALWAYS | MIXED | {"SWD-SMB"}
    assert applying(mode="native") == PUSH_ALWAYS | NATIVE | {"SWD-SMB"}


def test_a_server_locator_point_is_needed_without_active_directory() -> None:
    assert "ALL-SLP" in applying(mode="native", schema_published="false")
    assert "ALL-SLP" in applying(mode="native", untrusted_clients="true")
    assert "ALL-SLP" not in applying("server-locator-point", mode="native")


def test_roles_make_their_rows_apply() -> None:
    assert "ALL-FSP" in applying("fallback-status-point", mode="native")
    assert "MAN-SHARE" in applying("setup-share", mode="native")


@pytest.mark.parametrize("name", ["CM2007-ALL-SLP", "CM2007-ALL-FSP"])
def test_locator_and_fallback_points_keep_http_in_native_mode(name: str) -> None:
    settings = resolve(PACK, {"mode": "native", "http-port": "8080"})
    assert ports_of(REQUIREMENTS[name], settings) == ((8080, 8080),)


def test_source_replaces_the_management_point_of_manual_installations() -> None:
    found = applying(mode="mixed", ccmsetup_source="true")
    assert found == PUSH_ALWAYS | MIXED - {"MAN-MP-HTTP"} | SOURCES | {"SWD-SMB"}


@pytest.mark.parametrize(
    ("mode", "bits", "run", "rows"),
    [
        ("mixed", "false", "false", {"SWD-SMB"}),
        ("native", "false", "false", {"SWD-SMB"}),
        ("mixed", "true", "false", {"SWD-HTTP"}),
        ("native", "true", "false", {"SWD-HTTPS"}),
        ("native", "true", "true", {"SWD-SMB", "SWD-HTTPS"}),
    ],
)
def test_how_clients_read_a_distribution_point(mode: str, bits: str, run: str, rows: set[str]) -> None:
    found = applying(mode=mode, dp_bits=bits, run_from_dp=run)
    assert {name for name in found if name.startswith("SWD")} == rows


def test_udp_135_can_be_switched_off() -> None:
    assert "PUSH-EPM-UDP" not in applying(mode="mixed", epm_udp="false")


def test_a_software_update_point_may_speak_https_in_mixed_mode() -> None:
    found = applying(mode="mixed", sup_protocol="https")
    assert {"SUP-HTTPS"} == {name for name in found if name.startswith("SUP")}


def test_every_role_setting_and_method_is_used() -> None:
    used = {name for one in PACK.requirements for name in (one.source, one.destination)}
    assert used == {role.id for role in PACK.roles}
    asked = {
        leaf.setting for one in PACK.requirements for _, leaf in leaves(one.when) if isinstance(leaf, Equals)
    }
    asked |= {port for one in PACK.requirements for port in one.ports if isinstance(port, str)}
    asked |= {setting.default_by.setting for setting in PACK.settings if setting.default_by}
    assert asked == {setting.id for setting in PACK.settings} - {EPHEMERAL_PORTS}  # every request uses it


# -- schema

SCHEMA = json.loads((FOLDER / "pack.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture
def data() -> Any:
    """The pack as an editor sees it: with YAML's own numbers and booleans."""
    return yaml.safe_load((FOLDER / "configmgr-2007.yaml").read_text(encoding="utf-8"))


def test_the_pack_names_its_schema_and_obeys_it(data: Any) -> None:
    text = (FOLDER / "configmgr-2007.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=pack.schema.json\n")
    Draft202012Validator.check_schema(SCHEMA)
    assert list(VALIDATOR.iter_errors(data)) == []


MISTAKES: list[tuple[tuple[str | int, ...], Any]] = [
    (("vers",), "1"),
    (("page", "url"), ""),
    (("methods",), []),
    (("methods", 0, "id"), "all"),
    (("roles", 0, "id"), "Client"),
    (("roles", 0, "title"), "Client"),
    (("settings", 0, "kind"), "number"),
    (("settings", 0, "values"), []),
    (("settings", 1, "values"), ["a"]),
    (("settings", 1, "derived"), {"from": "mode", "rule": "wsus-pair"}),
    (("settings", 4, "derived", "rule"), "plus-one"),
    (("requirements", 0, "id"), "cm 1"),
    (("requirements", 0, "title", "fr"), "Titre"),
    (("requirements", 0, "methods"), []),
    (("requirements", 0, "protocol"), "sctp"),
    (("requirements", 0, "protocol"), "icmp"),
    (("requirements", 0, "icmp"), "echo-request"),
    (("requirements", 0, "ports"), []),
    (("requirements", 0, "ports", 0), 0),
    (("requirements", 0, "ports", 0), 65536),
    (("requirements", 0, "ports", 0), "010"),
    (("requirements", 0, "when"), {"setting": "mode"}),
    (("requirements", 0, "when"), {"role": "client", "is": "x"}),
    (("requirements", 0, "when"), {"any-of": []}),
    (("requirements", 0, "when"), "mode == native"),
    (("requirements", 0, "alternate-port"), "maybe"),
    (("requirements", 0, "listener"), "iis"),
    (("requirements", 0, "fix", "en"), "Permit it"),
    (("requirements", 0, "citation"), {"page": "p", "table": "t"}),
    (("requirements", 0, "citation", "row"), 0),
    (("requirements", 0, "severity"), "note"),
    (("requirements", 2, "icmp"), "echo-reply"),
    (("requirements", 2, "ports"), [7]),
]


@pytest.mark.parametrize(("path", "value"), MISTAKES)
def test_the_schema_refuses_a_mistake(data: Any, path: tuple[str | int, ...], value: Any) -> None:
    part = data
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize("key", SCHEMA["$defs"]["requirement"]["required"])
def test_the_schema_misses_a_required_key(data: Any, key: str) -> None:
    del data["requirements"][0][key]
    assert not VALIDATOR.is_valid(data)


DEFINITIONS = SCHEMA["$defs"]
SHAPES: list[tuple[type[msgspec.Struct], Any]] = [
    (WrittenPack, SCHEMA),
    (Page, SCHEMA["properties"]["page"]),
    (Text, DEFINITIONS["text"]),
    (Role, DEFINITIONS["role"]),
    (Listener, DEFINITIONS["listener"]),
    (RuleNames, SCHEMA["properties"]["rule-names"]),
    (Setting, DEFINITIONS["setting"]),
    (DefaultBy, DEFINITIONS["default-by"]),
    (Derived, DEFINITIONS["setting"]["properties"]["derived"]),
    (Requirement, DEFINITIONS["requirement"]),
    (Citation, DEFINITIONS["citation"]),
]


@pytest.mark.parametrize(("kind", "definition"), SHAPES, ids=[kind.__name__ for kind, _ in SHAPES])
def test_the_schema_has_the_keys_of_the_structs(kind: type[msgspec.Struct], definition: Any) -> None:
    fields = msgspec.structs.fields(kind)
    by_hand = {"ports", "when"}
    assert set(definition["properties"]) == {field.encode_name for field in fields}
    assert set(definition["required"]) == {field.encode_name for field in fields if field.required} - by_hand
