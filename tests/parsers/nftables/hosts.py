"""Sites of one host with nftables, for tests that only need the verdict of one connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from aclproof.linter.program import check
from aclproof.linter.result import Result
from aclproof.linter.site import reader

SITE = """pack: configmgr-2007
settings: {{mode: mixed}}
methods: [manual]
roles: {{client: [{client}], management-point: ["{server}"]}}
firewalls:
  - {{name: gw, config: [{files}]{more}}}
facts: {{{facts}}}
"""
WAYS = ", interfaces: {client: eth0, management-point: eth1}"

OPEN = """table inet fw {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		tcp dport 80 accept
	}
}
"""
"""Lets the only connection of the site through, and its answers: TCP 80 from a client."""


def result(folder: Path, files: Mapping[str, str], *, client: str = "10.20.0.0/24", server: str = "10.1.1.11",
           more: str = WAYS, facts: str = "") -> Result:
    """Check a site of these files, by name, in the order in which they are given."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    site = folder / "aclproof.yaml"
    site.write_text(SITE.format(client=client, server=server, files=", ".join(files), more=more, facts=facts),
                    encoding="utf-8")
    return check(reader.read(site), date(2026, 1, 15))


def verdict(folder: Path, files: Mapping[str, str], *, more: str = WAYS, facts: str = "") -> str:
    """The verdict of the one connection."""
    found = result(folder, files, more=more, facts=facts)
    return next(each.verdict.value for each in found.demands if each.requirement.id == "CM2007-MAN-MP-HTTP")


def facts_of(found: Result) -> set[str]:
    """The facts that would settle what is undecided."""
    return {fact for demand in found.demands for each in demand.undecided for fact in each.facts}


def relied_on(found: Result) -> set[str]:
    """What is relied on without a fact."""
    return {each.key for each in found.assumptions if each.origin == "relied-on"}
