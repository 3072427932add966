"""What nothing names, as the kernel knows it: it lets go of just that."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers.source import from_bytes
from aclproof.parsers.vendor import door
from tests.oracle.nft import rulesets
from tests.oracle.nft.scale import RULESETS
from tests.oracle.plan import DEVICES, HOOKS, Hook
from tests.oracle.test_scripts import Shell

_MORE = """table inet spare {
	counter named { }
	counter unnamed { }
	limit named-by-map { rate 5/second; }
	ct helper named { type "ftp" protocol tcp; }
	ct helper unnamed { type "ftp" protocol tcp; }
	set named { type ipv4_addr; elements = { 192.0.2.1 }; }
	set unnamed { type ipv4_addr; }
	set changed { type ipv4_addr; flags dynamic; }
	map leading { type inet_service : verdict; elements = { 22 : jump by-map }; }
	map unnamed-map { type inet_service : counter; elements = { 22 : "named" }; }
	chain by-map { counter; }
	chain by-set { counter; }
	chain lost { jump by-lost; }
	chain by-lost { counter; }
	chain input {
		type filter hook input priority 7;
		ip saddr @named counter name "named" accept
		tcp dport vmap { 1 : goto by-set }
		tcp dport vmap @leading
		limit name tcp dport map { 22 : "named-by-map" } accept
		tcp dport 21 ct helper set "named"
		add @changed { ip saddr }
	}
}
"""


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.usefixtures("ready")
def test_the_kernel_takes_away_what_nothing_names(hook: Hook) -> None:
    seen = {True: 0, False: 0}
    for seed in range(7000, 7000 + max(RULESETS // 4, 2)):
        with Shell() as shell:
            for device in DEVICES:
                shell.run(f"ip tuntap add dev {device} mode tun")
            loaded, said = shell.run(f"nft -f - <<'END'\n{rulesets.make(seed, 4, hook).loaded}\n{_MORE}\nEND")
            assert loaded, said
            _, listed = shell.run("nft list ruleset")
            firewall = parsers.parse_all([from_bytes(f"host# nft list ruleset\n{listed}".encode(), "listed")])
            lines = f"-\n{listed}".split("\n")
            for each in door("nftables").definitions(firewall):
                table = next(line for line in reversed(lines[:each.line]) if line.startswith("table"))
                what = f"{' '.join(table.split()[1:3])} {each.name}"
                flush = f"flush chain {what}; " if each.filters else ""
                done, said = shell.run(f"nft -c '{flush}delete {each.kind} {what}' 2>&1")
                assert each.uses is not None, what
                assert done is (not each.uses), (each, said)
                seen[done] += 1
    assert min(seen.values()) >= 6
