"""Lines that translate in a chain of another kind: the kernel refuses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader

SITE = """\
pack: configmgr-2007
settings: {{mode: mixed, client-os: windows-7}}
methods: [manual]
roles: {{client: [10.20.0.0/24], management-point: [10.1.1.11]}}
firewalls:
  - {{name: gw, config: {file}}}
"""
DUMP = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD {policy} [0:0]
:OUTPUT ACCEPT [0:0]
:shared - [0:0]
-A FORWARD -m state --state ESTABLISHED -j ACCEPT
-A FORWARD -j shared
-A FORWARD -p tcp --dport 80 -j ACCEPT
-A shared -p tcp --dport {port} -j DNAT --to-destination 10.1.1.12
COMMIT
"""
LIST = """\
table ip f {{
	chain shared {{
		tcp dport {port} dnat to 10.1.1.12
	}}
	chain forward {{
		type filter hook forward priority 0; policy {policy};
		ct state established accept
		jump shared
		tcp dport 80 accept
	}}
}}
"""


@pytest.mark.parametrize("policy", ["DROP", "ACCEPT"])
@pytest.mark.parametrize(("file", "text"), [("gw.rules", DUMP), ("gw.nft", LIST)])
@pytest.mark.parametrize(("port", "verdict"), [(80, Verdict.UNDECIDED), (81, Verdict.MET)])
def test_what_is_translated_there_is_not_known(tmp_path: Path, file: str, text: str, policy: str, port: int,
                                               verdict: Verdict) -> None:
    """`iptables -A FORWARD -j DNAT` and its like in nft end in an error; packets of other ports are sure."""
    policy = policy if file.endswith("rules") else policy.lower()
    (tmp_path / file).write_text(text.format(policy=policy, port=port))
    (tmp_path / "aclproof.yaml").write_text(SITE.format(file=file))
    found = check(reader.read(tmp_path / "aclproof.yaml"))
    assert {each.requirement.id: each.verdict for each in found.demands}["CM2007-MAN-MP-HTTP"] is verdict
