"""Windows XP and Server 2003: exceptions by `netsh firewall`, which has no rules, no programs for ports, and
no ports for RPC (TechNet cc737332: remote administration opens TCP 135 and 445, and lets svchost.exe and
lsass.exe open any port)."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fix.search import Fix, fix
from aclproof.linter.program import analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers import scripts, source
from aclproof.parsers.model.addresses import parse
from aclproof.parsers.source import UnsupportedInputError
from tests.fix.test_fix_chains import AS_OF, lines_of

DASHES = "-" * 67
XP = "\n".join(f"""
{profile} profile configuration:
{DASHES}
Operational mode                  = Enable
Exception mode                    = Enable

Port configuration for {profile} profile:
Port   Protocol  Mode     Name
{DASHES}
2701   TCP       Enable   Remote  tools
    Scope: 10.1.9.9/255.255.255.255
""" for profile in ("Domain", "Standard")) + f"""
Log configuration:
{DASHES}
Dropped packets  = Disable
"""
"""What `netsh firewall show config verbose=enable` prints."""
CUSTOM = "scope=CUSTOM addresses=10.1.1.10 profile=DOMAIN"


def pushed(tmp_path: Path, method: str, roles: dict[str, str],
           host: str = "client") -> Fix:
    path = tmp_path / "xp.txt"
    path.write_text(XP)
    site = Site({role: parse(each) for role, each in roles.items()},
                (SiteFirewall("pc", (str(path),), host=(host,), profile="domain"),),
                methods=(method,), settings={"mode": "mixed", "client-os": "windows-xp"})
    return fix(analyse(site, AS_OF), AS_OF)


def test_rpc_takes_remote_administration_and_says_what_that_opens(tmp_path: Path) -> None:
    found = pushed(tmp_path, "client-push", {"client": "10.20.0.0/29", "site-server": "10.1.1.10",
                                             "management-point": "10.1.1.11"})
    lines = [each for each in lines_of(found) if not each.startswith("#")]
    assert lines[0] == f"netsh firewall set service type=REMOTEADMIN mode=ENABLE {CUSTOM}"
    assert found.unfixed == ()
    assert all(each.startswith("netsh firewall ") for each in lines)
    assert all(each.verdict is Verdict.MET for each in found.fixed)
    assert {each.requirement.id for each in found.fixed} >= {
        "CM2007-PUSH-ECHO", "CM2007-PUSH-SMB", "CM2007-PUSH-EPM-TCP", "CM2007-PUSH-RPC"}
    snippet = next(each for each in found.snippets if "REMOTEADMIN" in each.lines[0])
    assert snippet.opens_more
    assert "every port of svchost.exe and lsass.exe" in snippet.advice[0]


def test_a_port_takes_an_exception_of_its_own(tmp_path: Path) -> None:
    found = pushed(tmp_path, "software-distribution", {
        "client": "10.1.1.10", "distribution-point": "10.20.0.1"}, "distribution-point")
    assert [each for each in lines_of(found) if "445" in each] == [
        'netsh firewall add portopening protocol=TCP port=445 name="Configuration Manager TCP 445" '
        f"mode=ENABLE {CUSTOM}"]


@pytest.mark.parametrize(("line", "says"), [
    ("netsh firewall set opmode disable", "are followed"),
    ("netsh firewall add portopening TCP 445 x DISABLE ALL profile=ALL", "switched on"),
    ("netsh firewall add portopening TCP 445 x", "profile that is in use"),
    ("netsh firewall add portopening TCP 445 x ENABLE CUSTOM profile=DOMAIN", "without addresses"),
    ("netsh firewall set service telnet enable profile=ALL", "is not one of"),
    ("netsh firewall set icmpsetting type=3 mode=ENABLE profile=ALL", "is not one of"),
    ("netsh firewall set service type=REMOTEADMIN type=UPNP profile=ALL", "no parameter here"),
])
def test_what_is_not_followed_is_refused(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "xp.txt").write_text(XP)
    with pytest.raises(UnsupportedInputError, match=says):
        scripts.read([str(tmp_path / "xp.txt")], source.from_bytes(f"{line}\n".encode(), "s"))


def test_what_fix_prints_goes_into_diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("xp.txt").write_text(XP)
    Path("aclproof.yaml").write_text("""\
settings: {mode: mixed, client-os: windows-xp}
methods: [client-push]
roles: {client: [10.20.0.0/29], site-server: [10.1.1.10], management-point: [10.1.1.11]}
firewalls: [{name: pc, config: xp.txt, host: client, profile: domain}]
""")
    assert run(["fix"]) == 1
    Path("s.txt").write_text(capsys.readouterr().out)
    assert "nothing else is opened" not in Path("s.txt").read_text()
    assert run(["diff", "aclproof.yaml", "s.txt"]) == 0
    out = capsys.readouterr().out
    assert "Client push                 BLOCKED        works          better" in out
    assert "more than any requirement asks" in " ".join(out.split())


def test_check_advises_what_this_windows_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("xp.txt").write_text(XP)
    assert run(["check", "xp.txt", "--client", "10.20.0.0/29", "--server", "10.1.1.10", "--host", "client",
                "--profile", "domain", "--set", "mode=mixed", "--method", "client-push"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "enable the exception 'Remote Administration'" in out
    assert "advfirewall" not in out
    assert "enable the group" not in out
