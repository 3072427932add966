"""The deployment tables of System Center 2012 and the current branch, cell by cell: both pages have the same.

Typed from "Windows Firewall and port settings for clients" (MicrosoftDocs/memdocs, commit c273b532); those of
2012, migrated in 2016, equal them.
"""

from __future__ import annotations

from typing import NamedTuple

TABLES = {
    "ALL": ("Ports that are used for all installation methods",
            ("client-push", "software-update-point", "group-policy", "manual", "logon-script",
             "software-distribution")),
    "PUSH": ("Ports that are used with client push installation", ("client-push",)),
    "SUP": ("Ports that are used with software update point-based installation", ("software-update-point",)),
    "GPO": ("Ports that are used with Group Policy-based installation", ("group-policy",)),
    "MAN": ("Ports that are used with manual installation and logon script-based installation",
            ("manual", "logon-script")),
    "SWD": ("Ports that are used with software distribution-based installation", ("software-distribution",))}


class Row(NamedTuple):
    """A row of the page: its table, number, UDP and TCP cells, and the requirement that it became."""

    table: str
    row: str
    udp: str
    tcp: str
    id: str


ROWS = [
    Row("ALL", "1", "--", "80 (See note 1", "ALL-FSP"),
    Row("PUSH", "1", "--", "445", "PUSH-SMB"),
    Row("PUSH", "2", "135", "135", "PUSH-EPM-TCP"),
    Row("PUSH", "2", "135", "135", "PUSH-EPM-UDP"),
    Row("PUSH", "3", "--", "DYNAMIC", "PUSH-RPC"),
    Row("PUSH", "4", "--", "80 (See note 1", "PUSH-MP-HTTP"),
    Row("PUSH", "5", "--", "443 (See note 1", "PUSH-MP-HTTPS"),
    Row("SUP", "1", "--", "80 or 8530 (See note 2", "SUP-HTTP"),
    Row("SUP", "2", "--", "443 or 8531 (See note 2", "SUP-HTTPS"),
    Row("SUP", "3", "--", "445", "SUP-SOURCE"),
    Row("GPO", "1", "--", "80 (See note 1", "GPO-MP-HTTP"),
    Row("GPO", "2", "--", "443 (See note 1", "GPO-MP-HTTPS"),
    Row("GPO", "3", "--", "445", "GPO-SOURCE"),
    Row("MAN", "1", "--", "445", "MAN-SHARE"),
    Row("MAN", "2", "--", "80 (See note 1", "MAN-MP-HTTP"),
    Row("MAN", "3", "--", "443 (See note 1", "MAN-MP-HTTPS"),
    Row("MAN", "4", "--", "445", "MAN-SOURCE"),
    Row("SWD", "1", "--", "445", "SWD-SMB"),
    Row("SWD", "2", "--", "80 (See note 1", "SWD-HTTP"),
    Row("SWD", "3", "--", "443 (See note 1", "SWD-HTTPS")]
