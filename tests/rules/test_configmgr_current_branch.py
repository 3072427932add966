"""The pack of the current branch says what its pages say, row by row.

The rows are those of "Windows Firewall and port settings for clients" (MicrosoftDocs/memdocs, commit
c273b532), with their cells as printed; what other pages of the same documentation add is listed apart.
"""

from __future__ import annotations

import re

import pytest

from aclproof import rules
from aclproof.rules.pack import EPHEMERAL_PORTS, Equals, Requirement
from aclproof.rules.ports import show
from aclproof.rules.settings import applies, leaves, ports_of, resolve
from tests.rules.deployment_tables import ROWS, TABLES, Row

WHOLE = rules.load("configmgr-current-branch")
PACK = WHOLE.of_tier("")
REQUIREMENTS = {one.id.removeprefix("CMCB-"): one for one in PACK.requirements}
PAGE = "windows-firewall-and-port-settings-for-clients"
ELSEWHERE = {
    "PUSH-ECHO": (PAGE, "warning"),  # a paragraph of older editions
    "SUP-MP-HTTP": ("prerequisites-for-deploying-clients-to-windows-computers", "error"),
    "SUP-MP-HTTPS": ("prerequisites-for-deploying-clients-to-windows-computers", "error"),
    "DP-HTTP": ("prerequisites-for-deploying-clients-to-windows-computers", "warning"),
    "DP-HTTPS": ("prerequisites-for-deploying-clients-to-windows-computers", "warning"),
    "NOTIFY": (PAGE, "warning"),  # its section "Client Notification"
    "CMG": ("data-flow", "error"), "CMG-CONTENT": ("data-flow", "error")}
PORTS = {"80 (See note 1": ((80, 80),), "443 (See note 1": ((443, 443),), "445": ((445, 445),),
         "135": ((135, 135),), "DYNAMIC": ((49152, 65535),), "80 or 8530 (See note 2": ((8530, 8530),),
         "443 or 8531 (See note 2": ((8531, 8531),)}

by_row = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])


def test_every_requirement_has_its_row_or_its_paragraph() -> None:
    assert {row.id for row in ROWS} | ELSEWHERE.keys() == REQUIREMENTS.keys()
    for name, (page, severity) in ELSEWHERE.items():
        assert (REQUIREMENTS[name].citation.page, REQUIREMENTS[name].severity) == (page, severity), name


@by_row
def test_the_requirement_says_what_the_row_says(row: Row) -> None:
    one, (table, methods) = REQUIREMENTS[row.id], TABLES[row.table]
    assert (one.citation.page, one.citation.table, one.citation.row) == (PAGE, table, row.row)
    assert one.methods == methods
    cell = row.udp if one.protocol == "udp" else row.tcp
    assert ports_of(one, resolve(PACK, {})) == PORTS[cell]
    assert one.alternate_port is ("note" in cell)


@pytest.mark.parametrize("one", PACK.requirements, ids=list(REQUIREMENTS))
def test_the_direction_is_from_the_one_that_opens(one: Requirement) -> None:
    pushed = one.id.startswith("CMCB-PUSH-") and "-MP-" not in one.id
    assert (one.source, one.destination == "client") == ("site-server" if pushed else "client", pushed)


@pytest.mark.parametrize("one", PACK.requirements, ids=list(REQUIREMENTS))
def test_the_listener_fits_the_service(one: Requirement) -> None:
    listeners = {445: "system-smb", 135: "endpoint-mapper", 80: "http-sys", 443: "http-sys", 8530: "http-sys",
                 8531: "http-sys", 49152: "rpc-server", 10123: ""}  # that of notification no source names
    ports = ports_of(one, resolve(PACK, {}))
    assert one.listener == (listeners[ports[0][0]] if ports else "icmp")


def test_what_is_not_certain_is_a_warning() -> None:
    assert {name for name, one in REQUIREMENTS.items() if one.severity == "warning"} == {
        "PUSH-ECHO", "PUSH-EPM-UDP", "DP-HTTP", "DP-HTTPS", "NOTIFY"}


def applying(*roles: str, **given: str) -> set[str]:
    settings = resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
    return {name for name, one in REQUIREMENTS.items() if applies(one.when, settings, roles)}


PUSH = {"PUSH-ECHO", "PUSH-SMB", "PUSH-EPM-TCP", "PUSH-EPM-UDP", "PUSH-RPC"}
ALWAYS = PUSH | {"SUP-HTTP", "NOTIFY"}
HTTP = {"PUSH-MP-HTTP", "SUP-MP-HTTP", "GPO-MP-HTTP", "MAN-MP-HTTP", "SWD-HTTP", "DP-HTTP"}
HTTPS = {f"{name}S" for name in HTTP}


@pytest.mark.parametrize(("connections", "found"), [
    ("http", HTTP), ("https", HTTPS | {"SUP-HTTPS"}),
    ("enhanced-http", HTTP | HTTPS)])  # what is not secured stays on HTTP
def test_connections_decide_between_http_and_https(connections: str, found: set[str]) -> None:
    assert applying(client_connections=connections) == ALWAYS | found


def test_an_update_point_with_https_needs_its_http_port_as_well() -> None:
    found = applying(client_connections="http", sup_protocol="https")
    assert {"SUP-HTTP", "SUP-HTTPS"} <= found


@pytest.mark.parametrize(("mp", "left"), [("false", set()), ("true", {"MAN-MP-HTTP", "DP-HTTP"})])
def test_source_alone_leaves_out_management_points_of_manual_installations(mp: str, left: set[str]) -> None:
    found = applying(client_connections="http", ccmsetup_source="true", ccmsetup_mp=mp)
    sources = {"SUP-SOURCE", "GPO-SOURCE", "MAN-SOURCE"}
    assert found == ALWAYS | HTTP - {"MAN-MP-HTTP", "DP-HTTP"} | left | sources


def test_roles_and_shares_make_their_rows_apply() -> None:
    found = applying("fallback-status-point", "setup-share", "cloud-management-gateway", "cloud-content",
                     client_connections="http", run_from_dp="true", epm_udp="false")
    assert {"ALL-FSP", "MAN-SHARE", "CMG", "CMG-CONTENT", "SWD-SMB"} <= found
    assert "PUSH-EPM-UDP" not in found


def test_every_system_has_the_ports_of_windows_vista_and_later() -> None:
    systems = next(one.values for one in PACK.settings if one.id == "client-os")
    role = next(one for one in PACK.roles if one.near)
    assert role.ephemeral_ports is not None
    assert role.ephemeral_ports.values == dict.fromkeys(systems, "49152-65535")


def test_every_role_and_setting_is_used() -> None:
    assert {name for one in WHOLE.requirements for name in (one.source, one.destination)} == {
        role.id for role in WHOLE.roles}
    asked = {leaf.setting for one in WHOLE.requirements for _, leaf in leaves(one.when)
             if isinstance(leaf, Equals)}
    asked |= {port for one in WHOLE.requirements for port in one.ports if isinstance(port, str)}
    asked |= {setting.derived.setting for setting in PACK.settings if setting.derived}
    assert asked == {setting.id for setting in PACK.settings} - {EPHEMERAL_PORTS, "client-os"}


# What supports: the sections of "Ports used in Configuration Manager" (commit e24bf12b), cells as printed.

FULL = {1: ("--", "445"), 2: ("135", "135"), 3: ("--", "DYNAMIC")}
SQL = {1: ("--", "1433")}
HTTP_HTTPS = {1: ("--", "80"), 2: ("--", "443")}
NDES = "Configuration Manager Network Device Enrollment Service (NDES) policy module"
DIRECTORY = {1: ("389", "389"), 2: ("636", "636"), 3: ("--", "3268"), 4: ("--", "135"), 5: ("--", "DYNAMIC")}
SECTIONS = {
    "Site server --> Distribution point": FULL, "Site server <--> Fallback status point": FULL,
    "Site server <--> Service connection point": FULL, "Site server <--> Reporting services point": FULL,
    "Site server --> SMS Provider": FULL,
    "Management point <--> Site server": {1: ("--", "135"), 2: ("--", "DYNAMIC"), 3: ("--", "445")},
    "Site server <--> Software update point": FULL | {4: ("--", "80 or 8530"), 5: ("--", "443 or 8531")},
    "Site server --> SQL Server": SQL, "Management point --> SQL Server": SQL,
    "Reporting Services point --> SQL Server": SQL, "SMS Provider --> SQL Server": SQL,
    "SQL Server --> SQL Server": {1: ("--", "1433"), 2: ("--", "4022")},
    "Site server <--> Site server": {1: ("--", "445")},
    "Site server --> Domain controller": DIRECTORY, "Management point --> Domain controller": DIRECTORY,
    "Software update point --> Upstream WSUS server": {1: ("--", "80 or 8530"), 2: ("--", "443 or 8531")},
    "Distribution point, both standard and pull --> Management point": HTTP_HTTPS,
    "Configuration Manager console --> Site server": {1: ("--", "135")},
    "Configuration Manager console --> SMS Provider": {
        1: ("135", "135"), 2: ("--", "DYNAMIC"), 3: ("--", "443")},
    "Configuration Manager console --> Reporting services point": HTTP_HTTPS,
    "Configuration Manager console --> Client": {1: ("--", "2701"), 2: ("--", "3389")},
    "Site server --> Client": {1: ("9", "--")},
    "Client --> Global catalog domain controller": {1: ("--", "3268")},
    "CMG connection point --> CMG classic cloud service": {
        1: ("--", "10140-10155"), 2: ("--", "443"), 3: ("--", "10124-10139")},
    "Site server <--> CMG connection point": FULL,
    "Service connection point --> Azure (CMG)": {1: ("--", "443")},
    "Site server --> SQL Server, during the installation of a site": FULL,
    "CMG connection point --> Management point": {1: ("--", "443"), 2: ("--", "80")},
    "CMG connection point --> Software update point": {1: ("--", "443/8531"), 2: ("--", "80/8530")},
    "Site server <--> State migration point": {1: ("--", "445"), 2: ("135", "135")},
    "Client --> State migration point": HTTP_HTTPS | {3: ("--", "445")},
    "State migration point --> SQL Server": SQL, "Endpoint Protection point --> SQL Server": SQL,
    "Enrollment point --> SQL Server": SQL, "Data warehouse service point --> SQL Server": SQL,
    "Site server --> SQL Server for WSUS": SQL, "Site server <--> Endpoint Protection point": FULL,
    "Site server <--> Enrollment point": FULL, "Site server <--> Enrollment proxy point": FULL,
    "Site server <--> Certificate registration point": FULL,
    "Enrollment proxy point --> Enrollment point": {1: ("--", "443")},
    f"{NDES} --> Certificate registration point": {1: ("--", "443")}, f"Client --> {NDES}": HTTP_HTTPS,
    "Site server <--> Issuing certification authority (CA)": {1: ("135", "135"), 2: ("--", "DYNAMIC")},
    "Pull-Distribution point --> Distribution point configured as source": HTTP_HTTPS | {3: ("--", "8005")},
    "Client --> Distribution point, both standard and pull": {3: ("--", "8005")},  # 1 and 2 are in the tables
    "Site server --> Server hosting remote content library share": {1: ("--", "445")},
    "Software update point --> internet": {1: ("--", "80")},
    "Service connection point --> Azure Logic App": {1: ("--", "443")}}
ROLES = {
    "site-server": "Site server", "distribution-point": "Distribution point", "console": "console",
    "management-point": "Management point", "fallback-status-point": "Fallback status point",
    "service-connection-point": "Service connection point", "reporting-point": "Reporting services point",
    "sms-provider": "SMS Provider", "software-update-point": "Software update point", "client": "Client",
    "sql-server": "SQL Server", "parent-sql": "SQL Server", "parent-site": "Site server",
    "domain-controller": "omain controller", "upstream-wsus": "Upstream WSUS server",
    "azure": "Azure", "cmg-connection-point": "CMG connection point",
    "cloud-management-gateway": "CMG classic cloud service", "state-migration-point": "State migration point",
    "endpoint-protection-point": "Endpoint Protection point", "enrollment-point": "Enrollment point",
    "enrollment-proxy-point": "Enrollment proxy point",
    "data-warehouse-point": "Data warehouse service point", "wsus-sql": "SQL Server for WSUS",
    "certificate-registration-point": "Certificate registration point",
    "ndes-server": "NDES", "issuing-ca": "Issuing certification authority",
    "pull-source": "Distribution point configured as source", "microsoft-update": "internet",
    "content-library": "Server hosting remote content library share"}
SUPPORTING = [one for one in WHOLE.requirements if one.tier and one.citation.table in SECTIONS]
MEMBERS = ("config-firewall-for-ad-domains-and-trusts", "Windows Server 2008 and later versions")
REVOCATION = ("plan-for-certificates", "PKI certificate revocation", "paragraph")
SUPPORTING_ELSEWHERE = {  # page, table, row; the service that it names
    "GPO-SHARE": (("use-group-policy-to-install-software", "Assign a package", "6"), "tcp", 445),
    "CRL": (REVOCATION, "tcp", 80), "MP-CRL": (REVOCATION, "tcp", 80), "DP-CRL": (REVOCATION, "tcp", 80),
    "CLIENT-DNS-UDP": (("ports", "Ports used by Windows Server", "1"), "udp", 53),
    "CLIENT-DNS-TCP": (("ports", "Ports used by Windows Server", "1"), "tcp", 53),
    "CLIENT-KERBEROS-TCP": (("ports", "Ports used by Windows Server", "6"), "tcp", 88),
    "CLIENT-KERBEROS-UDP": ((*MEMBERS, "11"), "udp", 88),
    "CLIENT-LDAP-TCP": ((*MEMBERS, "5"), "tcp", 389), "CLIENT-LDAP-UDP": ((*MEMBERS, "5"), "udp", 389),
    "SUP-INTERNET-HTTPS": (("2-configure-wsus", "Configure your firewall to allow your first WSUS server to "
                            "connect to Microsoft domains on the Internet", "paragraph"), "tcp", 443)}
NO_ROW = {("Site server --> Domain controller", "2"), ("Management point --> Domain controller", "2")}
"""Their UDP cell: LDAP over TLS has no UDP (RFC 4511), so the page's UDP 636 is not asked for."""


@pytest.mark.parametrize("one", SUPPORTING, ids=[one.id for one in SUPPORTING])
def test_a_supporting_requirement_says_what_its_section_says(one: Requirement) -> None:
    said = one.citation
    method = "domain-services" if one.id == "CMCB-CLIENT-GC" else "site-systems"
    assert (said.page, one.methods) == ("ports", (method,))
    udp, tcp = SECTIONS[said.table][int(said.row)]
    cell = udp if one.protocol == "udp" else tcp
    known = resolve(WHOLE, {"client-connections": "https"})
    found = {show(first, last) for first, last in ports_of(one, known)}
    assert found <= {"49152-65535" if cell == "DYNAMIC" else part for part in re.split(r"/| or ", cell)}
    source, arrow, destination = re.split(r" (<?-->) ", said.table)
    opens, listens = (ROLES[role].lower() for role in (one.source, one.destination))
    forth = opens in source.lower() and listens in destination.lower()
    assert forth or (arrow == "<-->" and opens in destination.lower() and listens in source.lower())


def test_every_cell_of_the_sections_is_asked_for() -> None:
    cells = {(table, str(row), protocol) for table, rows in SECTIONS.items()
             for row, (udp, tcp) in rows.items() for protocol, cell in (("udp", udp), ("tcp", tcp))
             if cell != "--"} - {(*row, "udp") for row in NO_ROW}
    assert {(one.citation.table, one.citation.row, one.protocol) for one in SUPPORTING} == cells


def test_the_rest_of_what_supports_is_cited_apart() -> None:
    found = {one.id.removeprefix("CMCB-"): one for one in WHOLE.requirements if one.tier}
    assert found.keys() - {one.id.removeprefix("CMCB-") for one in SUPPORTING} == SUPPORTING_ELSEWHERE.keys()
    for name, (cited, protocol, port) in SUPPORTING_ELSEWHERE.items():
        said = found[name].citation
        assert ((said.page, said.table, said.row), found[name].protocol) == (cited, protocol), name
        assert ports_of(found[name], resolve(WHOLE, {})) == ((port, port),), name
    warned = [name for name in SUPPORTING_ELSEWHERE if found[name].severity == "warning"]
    assert warned == ["CLIENT-KERBEROS-UDP"]


def supporting(method: str, *roles: str, **given: str) -> set[str]:
    settings = resolve(WHOLE, {name.replace("_", "-"): value for name, value in given.items()})
    return {one.id.removeprefix("CMCB-") for one in WHOLE.requirements
            if one.tier and method in one.methods and applies(one.when, settings, roles)}


def test_a_workgroup_has_names_and_no_domain() -> None:
    """Clients of a workgroup contact no global catalog ("Ports used"), cannot use Kerberos and cannot query
    Active Directory ("Workgroup computers" of deploy-clients-to-windows-computers)."""
    names = {"CLIENT-DNS-UDP", "CLIENT-DNS-TCP"}
    roles = ("dns-server", "domain-controller")
    assert supporting("domain-services", *roles, workgroup_clients="true") == names
    assert supporting("domain-services", *roles) == names | {
        "CLIENT-GC", "CLIENT-KERBEROS-TCP", "CLIENT-KERBEROS-UDP", "CLIENT-LDAP-TCP", "CLIENT-LDAP-UDP"}


def test_workgroup_computers_get_their_client_by_hand() -> None:
    """ "You can't use the client push installation method to install the client on workgroup computers", and
    "Manually install the client on each workgroup computer"."""
    workgroup = resolve(WHOLE, {"workgroup-clients": "true"})
    assert [each.id for each in WHOLE.methods if not applies(each.when, workgroup, ())] == [
        "client-push", "software-update-point", "group-policy", "logon-script", "software-distribution"]
    assert all(applies(each.when, resolve(WHOLE, {}), ()) for each in WHOLE.methods)


def test_revocation_lists_are_loaded_over_https_where_they_are_checked() -> None:
    """"By default, Configuration Manager clients always check the CRL for site systems"; "IIS always checks
    the CRL for client certificates" (plan-for-certificates)."""
    roles = ("crl-distribution-point", "package-share")
    assert supporting("manual", *roles, client_connections="https") == {"CRL"}
    assert supporting("group-policy", *roles, client_connections="https") == {"CRL", "GPO-SHARE"}
    assert not supporting("manual", *roles, client_connections="https", crl_check="false")
    assert not supporting("manual", *roles, client_connections="enhanced-http")
    checked = supporting("site-systems", *roles, "management-point", client_connections="https",
                         crl_check="false")
    assert "MP-CRL" in checked


def test_what_supports_is_off_unless_asked_for() -> None:
    assert WHOLE.of_tier("supporting") == WHOLE
    assert not [one for one in PACK.requirements if one.tier]
    assert {each.id for each in WHOLE.methods} - {each.id for each in PACK.methods} == {
        "site-systems", "domain-services"}
