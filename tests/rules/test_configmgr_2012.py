"""The pack of System Center 2012 says what its page says, row by row.

The rows are those of "Windows Firewall and port settings for clients" as the text of gg682180 was migrated
(MicrosoftDocs/SCCMdocs, commit 44be5c77), with their cells as printed. What is only inferred for 2012 is a
warning, and listed apart.
"""

from __future__ import annotations

import pytest

from aclproof import rules
from aclproof.rules.pack import EPHEMERAL_PORTS, Equals, Requirement
from aclproof.rules.settings import applies, leaves, ports_of, resolve
from tests.rules.deployment_tables import ROWS, TABLES, Row

WHOLE = rules.load("configmgr-2012")
PACK = WHOLE.of_tier("")
REQUIREMENTS = {one.id.removeprefix("CM2012-"): one for one in PACK.requirements}
PAGE = "gg682180 (2016)"
INFERRED = {"PUSH-ECHO", "SUP-HTTP-ALSO", "SUP-MP-HTTP", "SUP-MP-HTTPS", "DP-HTTP", "DP-HTTPS", "NOTIFY"}
PORTS = {"80 (See note 1": ((80, 80),), "443 (See note 1": ((443, 443),), "445": ((445, 445),),
         "135": ((135, 135),), "DYNAMIC": ((1025, 5000), (49152, 65535)),
         "80 or 8530 (See note 2": ((8530, 8530),), "443 or 8531 (See note 2": ((8531, 8531),)}
SINCE_VISTA = ("windows-vista", "windows-server-2008", "windows-7", "windows-server-2008-r2", "windows-8",
               "windows-server-2012", "windows-8.1", "windows-server-2012-r2")
BEFORE = ("windows-xp", "windows-server-2003", "windows-server-2003-r2")

by_row = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])


def test_every_requirement_has_its_row_or_is_a_warning() -> None:
    assert {row.id for row in ROWS} | INFERRED == REQUIREMENTS.keys()
    assert {name for name, one in REQUIREMENTS.items() if one.severity == "warning"} == INFERRED | {
        "PUSH-EPM-UDP"}


@by_row
def test_the_requirement_says_what_the_row_says(row: Row) -> None:
    one, (table, methods) = REQUIREMENTS[row.id], TABLES[row.table]
    assert (one.citation.page, one.citation.table, one.citation.row) == (PAGE, table, row.row)
    assert one.methods == methods
    cell = row.udp if one.protocol == "udp" else row.tcp
    assert ports_of(one, resolve(PACK, {})) == PORTS[cell]
    assert one.alternate_port is ("note" in cell)


@pytest.mark.parametrize("one", PACK.requirements, ids=list(REQUIREMENTS))
def test_direction_and_listener_fit_the_service(one: Requirement) -> None:
    pushed = one.id.startswith("CM2012-PUSH-") and "-MP-" not in one.id
    assert (one.source, one.destination == "client") == ("site-server" if pushed else "client", pushed)
    listeners = {445: "system-smb", 135: "endpoint-mapper", 80: "http-sys", 443: "http-sys", 8530: "http-sys",
                 8531: "http-sys", 1025: "rpc-server", 10123: ""}  # that of notification no source names
    ports = ports_of(one, resolve(PACK, {}))
    assert one.listener == (listeners[ports[0][0]] if ports else "icmp")


def test_the_package_of_group_policy_is_on_a_share() -> None:
    """KB 816102, step 6: the UNC path of the shared package."""
    one, = (each for each in WHOLE.requirements if each.tier)
    assert (one.id, one.methods, one.source, one.destination, one.listener) == (
        "CM2012-GPO-SHARE", ("group-policy",), "client", "package-share", "system-smb")
    assert ports_of(one, resolve(WHOLE, {})) == ((445, 445),)
    assert (one.citation.page, one.citation.row) == ("use-group-policy-to-install-software", "6")


def applying(*roles: str, **given: str) -> set[str]:
    settings = resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
    return {name for name, one in REQUIREMENTS.items() if applies(one.when, settings, roles)}


PUSH = {"PUSH-ECHO", "PUSH-SMB", "PUSH-EPM-TCP", "PUSH-EPM-UDP", "PUSH-RPC"}
ALWAYS = PUSH | {"NOTIFY", "SWD-SMB"}
HTTP = {"PUSH-MP-HTTP", "SUP-MP-HTTP", "GPO-MP-HTTP", "MAN-MP-HTTP"}
DP = {"SWD-HTTP", "DP-HTTP"}


def https(names: set[str]) -> set[str]:
    return {f"{name}S" for name in names}


def test_each_site_system_speaks_http_or_https_on_its_own() -> None:
    assert applying(client_connections="http") == ALWAYS | HTTP | DP | {"SUP-HTTP"}
    assert applying(client_connections="https") == ALWAYS | https(HTTP | DP) | {"SUP-HTTPS", "SUP-HTTP-ALSO"}
    mixed = applying(client_connections="https", dp_connections="http", sup_protocol="http")
    assert mixed == ALWAYS | https(HTTP) | DP | {"SUP-HTTP"}


def test_source_leaves_out_management_points_of_manual_installations() -> None:
    found = applying(client_connections="http", ccmsetup_source="true")
    sources = {"SUP-SOURCE", "GPO-SOURCE", "MAN-SOURCE"}
    assert found == ALWAYS | HTTP - {"MAN-MP-HTTP"} | {"SWD-HTTP", "SUP-HTTP"} | sources


def test_roles_and_shares_make_their_rows_apply() -> None:
    found = applying("fallback-status-point", "setup-share", client_connections="http", run_from_dp="false",
                     epm_udp="false")
    assert {"ALL-FSP", "MAN-SHARE"} <= found
    assert found.isdisjoint({"PUSH-EPM-UDP", "SWD-SMB"})


def test_the_ports_of_rpc_follow_the_system() -> None:
    systems = next(one.values for one in PACK.settings if one.id == "client-os")
    assert set(systems) == {*BEFORE, *SINCE_VISTA, "mixed"}
    role = next(one for one in PACK.roles if one.near)
    assert role.ephemeral_ports
    for system in (*BEFORE, *SINCE_VISTA):
        ports = (1025, 5000) if system in BEFORE else (49152, 65535)
        assert ports_of(REQUIREMENTS["PUSH-RPC"], resolve(PACK, {"client-os": system})) == (ports,)
        assert role.ephemeral_ports.values[system] == "{}-{}".format(*ports)


def test_every_role_and_setting_is_used() -> None:
    assert {name for one in WHOLE.requirements for name in (one.source, one.destination)} == {
        role.id for role in WHOLE.roles}
    asked = {leaf.setting for one in PACK.requirements for _, leaf in leaves(one.when)
             if isinstance(leaf, Equals)}
    asked |= {port for one in PACK.requirements for port in one.ports if isinstance(port, str)}
    assert asked == {setting.id for setting in PACK.settings} - {EPHEMERAL_PORTS, "client-os"}
