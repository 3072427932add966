"""What a vendor knows about a cure is said where it cures something."""

from __future__ import annotations

from pathlib import Path

from aclproof.linter.program import check
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.addresses import parse

RULES = """\
*filter
:FORWARD DROP [0:0]
-A FORWARD -s 10.20.66.0/24 -j DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -s 10.1.1.10/32 -p tcp -m tcp --dport 49152:65535 -j ACCEPT
COMMIT
"""


def test_what_linux_does_not_follow_stops_no_answers(tmp_path: Path) -> None:
    """Nothing that follows MS-RPC would let the answers of 10.20.66.0/24 pass."""
    (tmp_path / "fw.v4").write_text(RULES)
    roles = {"client": "10.20.0.0/16", "site-server": "10.1.1.10", "management-point": "10.1.1.11"}
    site = Site({role: parse(addresses) for role, addresses in roles.items()},
                (SiteFirewall("fw", (str(tmp_path / "fw.v4"),)),), methods=("client-push",),
                settings={"mode": "mixed"})
    demand = next(each for each in check(site).demands if each.requirement.id == "CM2007-PUSH-RPC")
    assert {(part.leg, bool(part.advice)) for part in demand.missing} == {("request", True), ("reply", False)}
