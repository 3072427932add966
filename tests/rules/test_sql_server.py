"""The pack of SQL Server says what its page says, row by row.

The rows are those of "Configure the Windows Firewall to Allow SQL Server Access" (MicrosoftDocs/sql-docs,
commit 016100f9), with their cells as printed where the page names a port.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from aclproof import rules
from aclproof.rules.pack import EPHEMERAL_PORTS, Equals
from aclproof.rules.settings import applies, leaves, ports_of, resolve

PACK = rules.load("sql-server")
REQUIREMENTS = {one.id.removeprefix("SQL-"): one for one in PACK.requirements}


class Row(NamedTuple):
    """A row of the page: its table, number and port, and the requirement that it became."""

    table: str
    row: str
    port: str
    id: str


ROWS = [
    Row("Ports Used By the Database Engine", "1", "TCP port 1433", "DEFAULT"),
    Row("Ports Used By the Database Engine", "4", "TCP port 1434", "ADMIN"),
    Row("Ports Used By the Database Engine", "5", "UDP port 1434", "BROWSER"),
    Row("Ports Used By Analysis Services", "1", "TCP port 2383", "ANALYSIS"),
    Row("Ports Used By Analysis Services", "2", "TCP port 2382", "ANALYSIS-BROWSER"),
    Row("Ports Used By Reporting Services", "1", "TCP port 80", "REPORT-HTTP"),
    Row("Ports Used By Reporting Services", "2", "TCP port 443", "REPORT-HTTPS")]
OTHERS = {"NAMED": ((49152, 65535),), "REPORT-DATABASE": ((1433, 1433),), "ANALYSIS-NAMED": ((2400, 2400),)}
"""A dynamic port, the sentence below the table of Reporting Services, and a port that has to be said."""


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_requirement_says_what_the_row_says(row: Row) -> None:
    one = REQUIREMENTS[row.id]
    assert (one.citation.table, one.citation.row) == (row.table, row.row)
    (first, last), = ports_of(one, resolve(PACK, {}))
    assert first == last
    assert f"{one.protocol.upper()} port {first}" == row.port


def test_every_requirement_has_its_row() -> None:
    assert REQUIREMENTS.keys() == {row.id for row in ROWS} | OTHERS.keys()
    for name, ports in OTHERS.items():
        assert ports_of(REQUIREMENTS[name], resolve(PACK, {"analysis-named-port": "2400"})) == ports


def test_the_only_instance_of_a_computer_may_have_the_usual_port() -> None:
    """Row 1 is for "a named instance that is the only instance running on the computer", and the text says
    that it "will probably use TCP port 1433": it counts where the site says so, and not before."""
    named = REQUIREMENTS["NAMED"]
    assert ports_of(named, resolve(PACK, {"instance-ports": "1433"})) == ((1433, 1433),)
    assert (1433, 1433) not in ports_of(named, resolve(PACK, {}))


@pytest.mark.parametrize(("protocol", "usual", "other"), [("http", 80, 8080), ("https", 443, 8443)])
def test_a_report_server_may_have_other_ports(protocol: str, usual: int, other: int) -> None:
    """ "If you configured the report server URLs to use a different port, you must specify that port number"
    (Configure a Firewall for Report Server Access)."""
    one = REQUIREMENTS[f"REPORT-{protocol.upper()}"]
    assert one.alternate_port
    for given, expected in (({}, usual), ({f"report-{protocol}-port": str(other)}, other)):
        assert ports_of(one, resolve(PACK, given)) == ((expected, expected),)


def test_no_role_is_near_and_one_server_connects_to_another() -> None:
    assert not PACK.near
    assert {(one.source, one.destination) for one in PACK.requirements} == {
        ("application", "database-server"), ("administrator", "database-server"),
        ("application", "analysis-server"), ("application", "report-server"),
        ("report-server", "database-server")}


def test_what_listens_is_a_program_of_the_packs_own_or_http_sys() -> None:
    own = {listener.program for listener in PACK.listeners}
    used = {one.listener for one in PACK.requirements}
    assert used == own | {"http-sys"}


def test_settings_make_their_rows_apply() -> None:
    def applying(*roles: str, **given: str) -> set[str]:
        settings = resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
        return {name for name, one in REQUIREMENTS.items() if applies(one.when, settings, roles)}

    usual = {"DEFAULT", "NAMED", "ADMIN", "BROWSER", "ANALYSIS", "REPORT-HTTP"}
    assert applying() == usual
    named = usual - {"ANALYSIS"} | {"ANALYSIS-NAMED"}
    assert applying(browser="false", analysis_named="true") == named - {"BROWSER"}
    assert applying(analysis_named="true") == named | {"ANALYSIS-BROWSER"}
    assert applying("database-server", report_protocol="https") == usual - {"REPORT-HTTP"} | {
        "REPORT-HTTPS", "REPORT-DATABASE"}


def test_every_role_and_setting_is_used() -> None:
    assert {name for one in PACK.requirements for name in (one.source, one.destination)} == {
        role.id for role in PACK.roles}
    asked = {leaf.setting for one in PACK.requirements for _, leaf in leaves(one.when)
             if isinstance(leaf, Equals)}
    asked |= {port for one in PACK.requirements for port in one.ports if isinstance(port, str)}
    assert asked == {setting.id for setting in PACK.settings} - {EPHEMERAL_PORTS}
