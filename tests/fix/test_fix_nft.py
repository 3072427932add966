"""Permits for nftables, entered by nft itself: they suffice, and the rules are those that were proven."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.fix.search import Fix, fix
from aclproof.linter.program import analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers import scripts, source
from aclproof.parsers.model.firewall import Firewall
from tests.fix.nft_rulesets import FORMS, SITE, Ruleset, listed, site

AS_OF = date(2026, 1, 15)
CASES = 36


@pytest.fixture(scope="module")
def nft() -> None:
    if not shutil.which("nft"):
        pytest.skip("nft is not installed")
    done = subprocess.run(["unshare", "-n", "nft", "list", "ruleset"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no network namespace for nft")


def found_fix(folder: Path) -> Fix:
    return fix(analyse(reader.read(folder / "aclproof.yaml"), AS_OF), AS_OF)


def rules(firewall: Firewall) -> dict[str, list[object]]:
    """All chains of the input as rules without their lines."""
    return {name: [each._replace(line=0) for each in chain.rules]
            for name, chain in firewall.lists.items()}


@pytest.mark.parametrize("seed", range(CASES))
def test_permits_entered_by_nft(nft: None, tmp_path: Path, seed: int) -> None:
    ruleset, form = Ruleset(seed).text(), FORMS[seed // 3 % 3]
    config = tmp_path / "rules.nft"
    config.write_text(listed(ruleset, [], form))
    (tmp_path / "aclproof.yaml").write_text(SITE.format(config=config.name, **site(seed)))
    found = found_fix(tmp_path)
    lines = [line for each in found.snippets for line in each.lines]
    assert not found.unfixed, [each.because for each in found.unfixed]
    script = source.from_bytes(("\n".join(lines) or "# nothing").encode(), "fix.sh")
    if lines:
        believed = scripts.read([str(config)], script).firewall
        config.write_text(listed(ruleset, lines, form))
        assert rules(believed) == rules(parsers.read(str(config)))
    verdicts = {each.requirement.id: each.verdict for each in
                analyse(reader.read(tmp_path / "aclproof.yaml"), AS_OF).results}
    assert {each.requirement.id: verdicts[each.requirement.id] for each in found.fixed} == {
        each.requirement.id: each.verdict for each in found.fixed}
    assert all(verdicts[each.requirement.id] is not Verdict.MISSING for each in found.fixed)


def test_most_of_them_lack_permits(nft: None, tmp_path: Path) -> None:
    fixes = 0
    for seed in range(CASES):
        config = tmp_path / "rules.nft"
        config.write_text(listed(Ruleset(seed).text(), [], FORMS[seed // 3 % 3]))
        (tmp_path / "aclproof.yaml").write_text(SITE.format(config=config.name, **site(seed)))
        fixes += any(each.verdict is Verdict.MISSING and not each.is_warning for each in
                     analyse(reader.read(tmp_path / "aclproof.yaml"), AS_OF).results)
    assert fixes >= 30


BESIDE = """\
iptables-nft -P FORWARD DROP
iptables-nft -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables-nft -A FORWARD -p tcp -m multiport --dports {ports} -j ACCEPT
iptables-nft -A FORWARD -j LOG
iptables-nft -A FORWARD -j REJECT
nft 'table inet mine {{ chain way {{ type filter hook forward priority 10; policy drop; }}; }}'
nft 'add rule inet mine way ct state established accept'
"""


@pytest.mark.parametrize(("config", "program"), [("gw.v4, gw.nft", "iptables"), ("gw.nft", "iptables-nft")])
@pytest.mark.parametrize("ports", ["80,443", "8000:8100,53"])
def test_permits_of_both_tools_on_one_host(nft: None, tmp_path: Path, config: str, program: str,
                                           ports: str) -> None:
    """A dump that is given is changed by the command that wrote it, as without nft's listing."""
    if not shutil.which("iptables-nft"):
        pytest.skip("iptables-nft is not installed")

    def entered(lines: list[str]) -> None:
        script = "\n".join([BESIDE.format(ports=ports), *lines, "iptables-nft-save > gw.v4",
                            "nft -a list ruleset > gw.nft"])
        subprocess.run(["unshare", "-n", "sh", "-ec", script], cwd=tmp_path, capture_output=True, check=True)

    entered([])
    (tmp_path / "aclproof.yaml").write_text(SITE.format(config=f"[{config}]", **site(0)))
    found = found_fix(tmp_path)
    lines = [line for each in found.snippets for line in each.lines]
    assert {each.split()[0] for each in lines} == {program, "nft"}
    entered(lines)
    verdicts = {each.requirement.id: each.verdict for each in
                analyse(reader.read(tmp_path / "aclproof.yaml"), AS_OF).results}
    assert len(found.fixed) > 1
    assert {verdicts[each.requirement.id] for each in found.fixed} == {Verdict.MET}


HOST = """\
table inet f {
    chain in {
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        tcp dport 22 ct state new counter accept
        log group 2
    }
    chain out {
        type filter hook output priority 0; policy drop;
        meta l4proto udp accept
        drop
    }
    chain pre { type filter hook prerouting priority -310; tcp dport { 80, 8080 } drop; }
    chain pre2 { type filter hook prerouting priority -150; tcp dport vmap { 80 : drop }; }
}
"""


@pytest.mark.parametrize("form", FORMS)
def test_permits_of_a_host_itself(nft: None, tmp_path: Path, form: str) -> None:
    """At four places, and the answers have a permit of their own, for the state that they have."""
    (tmp_path / "fw.nft").write_text(listed(HOST, [], form))
    (tmp_path / "aclproof.yaml").write_text("""\
pack: configmgr-2007
settings: {mode: mixed, client-os: windows-7}
methods: [manual]
roles: {client: [10.20.0.0/24], management-point: [10.1.1.11]}
firewalls:
  - {name: gw, config: fw.nft, host: management-point, interfaces: {client: eth0}}
""")
    found = found_fix(tmp_path)
    lines = [line for each in found.snippets for line in each.lines]
    assert sorted(line.split()[5] for line in lines) == ["in", "out", "pre", "pre2"]
    assert ["ct state established accept" in line for line in lines if " out " in line] == [True]
    (tmp_path / "fw.nft").write_text(listed(HOST, lines, form))
    verdicts = {each.requirement.id: each.verdict for each in
                analyse(reader.read(tmp_path / "aclproof.yaml"), AS_OF).results}
    assert [verdicts[each.requirement.id] for each in found.fixed] == [Verdict.MET]
