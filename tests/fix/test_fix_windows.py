"""What a Windows administrator would enter: for the programs that need it, by the tool of the system."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.fix.search import Fix, fix
from aclproof.linter.fix.side_effects import unintended
from aclproof.linter.program import analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers import scripts, source
from aclproof.parsers.model.addresses import Family, parse
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.vendor import door
from tests.fix.test_fix_chains import AS_OF, lines_of
from tests.fix.test_fix_words import export
from tests.parsers.windows.windows import Words, listing, profiles

SVCHOST = "%SystemRoot%\\system32\\svchost.exe"
FPS, WMI = "@FirewallAPI.dll,-28502", "@FirewallAPI.dll,-34251"
STOCK = (
    {"InstanceID": "FPS-SMB-In-TCP", "DisplayName": "SMB-In", "Group": FPS, "LocalPort": "445",
     "Program": "System"},
    {"InstanceID": "WMI-RPCSS-In-TCP", "DisplayName": "DCOM-In", "Group": WMI, "LocalPort": "135",
     "Program": SVCHOST, "Service": "rpcss"},
    {"InstanceID": "WMI-WINMGMT-In-TCP", "DisplayName": "WMI-In", "Group": WMI, "LocalPort": "Any",
     "Program": SVCHOST, "Service": "winmgmt"})
"""As Windows 10 ships them, off, for the domain profile (FirewallRules of a fresh system)."""
PUSH = ("CM2007-PUSH-SMB", "CM2007-PUSH-EPM-TCP", "CM2007-PUSH-RPC")


OTHERS = [{"InstanceID": name, "DisplayName": name, "LocalPort": port}
          for name, port in (("one", "1"), ("two", "2"))]
"""Rules that have nothing to do with it: a listing of one name only may be what somebody asked for."""


def pushed(tmp_path: Path, text: str, **settings: str) -> Fix:
    """The fix of one client for a client push of TCP; the ping is of no matter here."""
    path = tmp_path / "fw.txt"
    path.write_text(text)
    site = Site({"client": parse("10.20.0.0/29"), "site-server": parse("10.1.1.10"),
                 "management-point": parse("10.1.1.11")},
                (SiteFirewall("pc", (str(path),), host=("client",), profile="domain"),),
                methods=("client-push",), settings={"mode": "mixed", "epm-udp": "false"} | settings)
    return fix(analyse(site, AS_OF), AS_OF)


def commands(found: Fix) -> list[str]:
    return [line for line in lines_of(found) if not line.startswith("#")
            and not any(each in line for each in ("ICMP", "icmp"))]


def test_stock_rules_are_switched_on_for_the_site_server_alone(tmp_path: Path) -> None:
    found = pushed(tmp_path, export(*STOCK))
    assert commands(found) == [
        f"Set-NetFirewallRule -Name '{each['InstanceID']}' -Enabled True -RemoteAddress 10.1.1.10"
        for each in STOCK]
    met = {each.requirement.id for each in found.fixed if each.verdict is Verdict.MET}
    assert met.issuperset(PUSH)


def test_a_rule_that_somebody_made_is_not_narrowed(tmp_path: Path) -> None:
    own = [each | {"Group": ""} for each in STOCK]
    found = pushed(tmp_path, export(*own))
    assert all(each.startswith("New-NetFirewallRule") for each in commands(found))


def test_new_rules_are_for_one_program_each(tmp_path: Path) -> None:
    found = pushed(tmp_path, export(*OTHERS))
    ends = "-RemoteAddress 10.1.1.10"
    assert [each.partition("-Protocol ")[2] for each in commands(found)] == [
        f"TCP -LocalPort 445 -Program System {ends}",
        f'TCP -LocalPort RPCEPMap -Program "{SVCHOST}" -Service RpcSs {ends}',
        f'TCP -LocalPort RPC -Program "{SVCHOST}" -Service Winmgmt {ends}']


def german(profile: str, name: str, port: str, **more: str) -> Words:
    return Words(name, enabled="No", profiles=profile, grouping="Datei- und Druckerfreigabe", local_port=port,
                 program="System", **more)  # type: ignore[arg-type]


def test_netsh_names_a_rule_by_its_profile_where_two_have_one_name(tmp_path: Path) -> None:
    name = "Datei- und Druckerfreigabe (SMB eingehend)"
    found = pushed(tmp_path, profiles() + listing(german("Private,Public", name, "445"),
                                                  german("Domain", name, "445")))
    assert commands(found)[0] == (f'netsh advfirewall firewall set rule name="{name}" dir=in profile=domain '
                                  "new enable=yes remoteip=10.1.1.10")
    assert any('set rule group="Datei- und Druckerfreigabe" profile=domain new enable=yes' in each
               for each in lines_of(found))


REG = """\
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]
"a"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1|Name=x|"
"""
for profile in ("DomainProfile", "StandardProfile", "PublicProfile"):
    REG += f"""
[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\{profile}]
"EnableFirewall"=dword:00000001
"DoNotAllowExceptions"=dword:00000000
"""


@pytest.mark.parametrize(("text", "system", "tool"), [
    (export(*OTHERS), "", "New-NetFirewallRule"),
    (profiles() + listing(Words("x", local_port="1")), "", "netsh advfirewall"),
    (profiles() + listing(Words("x", local_port="1")), "windows-7", "netsh advfirewall"),
    (profiles() + listing(Words("x", local_port="1")), "windows-10", "New-NetFirewallRule"),
    (REG, "windows-7", "netsh advfirewall"), (REG, "windows-server-2008-r2", "netsh advfirewall"),
    (REG, "windows-vista", "netsh advfirewall"), (REG, "windows-10", "New-NetFirewallRule"),
    (REG, "windows-8", "New-NetFirewallRule"), (REG, "mixed", "New-NetFirewallRule"),
    (REG, "", "New-NetFirewallRule")])
def test_the_tool_is_that_of_the_system(tmp_path: Path, text: str, system: str, tool: str) -> None:
    found = pushed(tmp_path, text, **({"client-os": system} if system else {}))
    assert commands(found)
    assert all(each.startswith(f"{tool} ") for each in commands(found))
    others = [each for each in lines_of(found) if each.startswith("# or")]
    assert all(("netsh" in each) is (tool == "New-NetFirewallRule") for each in others)


def test_where_only_group_policy_counts_the_rule_goes_into_its_object(tmp_path: Path) -> None:
    text = export(*OTHERS, AllowLocalFirewallRules="False").replace(
        '"PolicyStoreSourceType": "Local"', '"PolicyStoreSourceType": "GroupPolicy"', 1)
    found = pushed(tmp_path, text)
    lines = commands(found)
    assert len(lines) == 3
    assert all(each.endswith('-PolicyStore "DOMAIN\\GPO"') for each in lines)
    script = source.from_bytes("\n".join(lines).replace("DOMAIN\\GPO", "corp.example\\Clients").encode(), "s")
    changed = scripts.read([str(tmp_path / "fw.txt")], script)
    assert "applies the Group Policy object" in changed.remarks[0].text
    local = source.from_bytes("\n".join(lines).replace(' -PolicyStore "DOMAIN\\GPO"', "").encode(), "s")
    before = scripts.read([str(tmp_path / "fw.txt")], local).firewall
    assert unintended(before, changed.firewall, ())


def test_a_rule_of_a_script_is_not_all_of_group_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    """What its other rules do, which alone count, is as unknown as before."""
    monkeypatch.chdir(tmp_path)
    local = "LocalFirewallRules                    N/A (GPO-store only)"
    text = profiles() + listing(Words("x", local_port="1"))
    assert local in text
    Path("fw.txt").write_text(text.replace(local, local.replace("N/A (GPO-store only)", "Disable")))
    Path("aclproof.yaml").write_text("""\
settings: {mode: mixed}
methods: [software-distribution]
roles: {client: [10.20.0.0/29], distribution-point: [10.1.1.12]}
firewalls: [{name: pc, config: fw.txt, host: distribution-point, profile: domain}]
""")
    Path("s").write_text('New-NetFirewallRule -DisplayName x -Direction Inbound -PolicyStore "d\\g"\n')
    run(["check", "-qq"])
    assert run(["diff", "aclproof.yaml", "s"]) in (0, 3)
    assert "-> met" not in capsys.readouterr().out


def test_a_rule_for_one_service_may_not_open_more_for_others() -> None:
    """The ports of a service are its own; those of any program, and other addresses, are not."""
    text = export(*OTHERS)
    path = source.from_bytes(text.encode(), "fw.json")
    windows = door("windows")
    before = windows.read([path])
    needed = _needed()
    served = {"rpc-server": [replace(needed, destination_ports=_ports(0, 65535))]}
    rpc = f'-Protocol TCP -LocalPort RPC -Program "{SVCHOST}" -Service Winmgmt'
    for rule, exact in (
            (f"{rpc} -RemoteAddress 10.1.1.10", True), (f"{rpc} -RemoteAddress 10.1.1.10,10.1.1.9", False),
            ("-Protocol TCP -LocalPort RPC -RemoteAddress 10.1.1.10", False),  # RPC of whatever program
            ("-Protocol TCP -RemoteAddress 10.1.1.10", False),
            (f'-Protocol TCP -Program "{SVCHOST}" -RemoteAddress 10.1.1.10', False),
            ("-Protocol TCP -Program System -RemoteAddress 10.1.1.10", False),
            (f'-Protocol TCP -Program "{SVCHOST}" -Service Winmgmt -RemoteAddress 10.1.1.10', True)):
        command = f"New-NetFirewallRule -DisplayName x -Direction Inbound {rule}\n"
        after, _ = windows.enter([path], source.from_bytes(command.encode(), "s"))
        assert bool(unintended(before, after, [needed], served)) is not exact, rule


def _needed() -> Box:
    whole = parse("0.0.0.0/0").of(Family.V4)
    return Box(Family.V4, 6, parse("10.1.1.10").of(Family.V4), whole, _ports(0, 65535), _ports(49152, 65535))


def _ports(first: int, last: int) -> IntervalSet:
    return IntervalSet.of((first, last))
