"""What a change opens besides what requirements ask for: one line by default, and `--fail-on opened`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diff.test_diff import DAY, Output, diff, edit, of, told

SITE = """\
settings: {mode: mixed, client-os: windows-7}
methods: [group-policy]
roles: {client: [10.60.68.0/22], management-point: [10.1.10.21], source-server: [10.1.10.22]}
firewalls:
  - {name: fw, config: fw.cfg}
"""
ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif wan
 security-level 20
 ip address 10.255.0.1 255.255.255.248
interface GigabitEthernet0/1
 nameif servers
 security-level 80
 ip address 10.1.10.1 255.255.255.0
object-group network MPS
 network-object host 10.1.10.21
access-list wan_in extended deny tcp any object-group MPS eq 8080
access-list wan_in extended deny ip any any
access-group wan_in in interface wan
route wan 10.60.0.0 255.255.0.0 10.255.0.4 1
"""
NEEDED = "access-list wan_in line 1 extended permit tcp 10.60.68.0 255.255.252.0 host 10.1.10.21 eq www"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aclproof.yaml").write_text(SITE)
    Path("fw.cfg").write_text(ASA)


MORE = [
    ("permit ip any any", "0.0.0.0/0 -> 0.0.0.0/0  nearly every protocol"),
    (NEEDED.partition("extended ")[2].replace("eq www", "range 80 81"),
     "10.60.68.0/22 -> 10.1.10.21  TCP 81"),
    (NEEDED.partition("extended ")[2].replace("68.0 255.255.252.0", "64.0 255.255.248.0"),
     "10.60.64.0/22 -> 10.1.10.21  TCP 80"),
]


@pytest.mark.parametrize(("entry", "flow"), MORE)
def test_what_is_opened_besides_is_told_without_being_asked(capsys: Output, entry: str, flow: str) -> None:
    Path("s").write_text(f"access-list wan_in line 1 extended {entry}\n")
    code, out = diff(capsys, "aclproof.yaml", "s", *DAY)
    assert code == 0
    told_once = " ".join(out.split())
    assert told_once.count("fw, wan_in: opens more than any requirement asks:") == 1
    assert f"asks: {' '.join(flow.split())}" in told_once
    assert "Nothing got worse; 1 got better" in out
    assert diff(capsys, "aclproof.yaml", "s", *DAY, "--fail-on", "opened")[0] == 1


def test_exactly_what_is_asked_for_is_nothing_more(capsys: Output) -> None:
    Path("s").write_text(f"{NEEDED}\n")
    code, found = told(capsys, "aclproof.yaml", "s", *DAY, "--fail-on", "opened")
    assert (code, found["opened"]) == (0, [])
    assert of(found, "CM2007-GPO-MP-HTTP")["after"] == "met"


def test_a_member_more_of_a_group_may_open_more(capsys: Output) -> None:
    """The entry with the group denies: less is open then, and more once it permits."""
    edit(Path("fw.cfg"), "extended deny tcp any object-group MPS eq 8080",
         "extended permit tcp any object-group MPS eq www")
    Path("s").write_text("object-group network MPS\n network-object host 10.1.10.99\n")
    code, found = told(capsys, "aclproof.yaml", "s", *DAY, "--fail-on", "opened")
    assert code == 1
    packets, = found["opened"][0]["packets"]
    assert (packets["source"], packets["destination"], packets["destination_ports"]) == (
        ["0.0.0.0/0"], ["10.1.10.99"], ["80"])


MAYBE = [
    f"{NEEDED} time-range T".replace("68.0 255.255.252.0", "64.0 255.255.240.0"),
    "no access-group wan_in in interface wan",
    "same-security-traffic permit inter-interface",
    "static (servers,wan) 10.255.0.3 10.1.10.21",
]


@pytest.mark.parametrize("line", MAYBE)
def test_what_is_not_known_to_open_nothing_more_may_open_more(capsys: Output, line: str) -> None:
    Path("s").write_text(f"{line}\n")
    if "static" in line:
        edit(Path("fw.cfg"), "9.12(4)", "8.2(5)")
    code, out = diff(capsys, "aclproof.yaml", "s", *DAY, "--script")
    assert "may open more than any requirement asks" in " ".join(out.split()), out
    strict = diff(capsys, "aclproof.yaml", "s", *DAY, "--script", "--fail-on", "opened")[0]
    assert strict == (code or 3)


def test_the_budget_that_does_not_suffice_is_no_promise(capsys: Output) -> None:
    Path("s").write_text("".join(
        f"access-list wan_in line 1 extended permit tcp any host 10.1.10.{n} eq www\n" for n in range(2, 40)))
    code, out = diff(capsys, "aclproof.yaml", "s", *DAY, "--budget", "8", "--fail-on", "opened")
    assert "more than any requirement asks" in " ".join(out.split())
    assert code in (1, 3)


def test_types_of_icmp_have_eight_bits(capsys: Output) -> None:
    Path("s").write_text("access-list wan_in line 1 extended permit icmp any any echo\n"
                         "access-list wan_in line 2 extended deny icmp any any unreachable\n"
                         "access-list wan_in line 3 extended permit icmp any any\n")
    _, out = diff(capsys, "aclproof.yaml", "s", *DAY, "--full")
    assert "ICMP type 0-2, 4-255" in " ".join(out.split())
    assert "65535" not in out


RULE = "New-NetFirewallRule -DisplayName {0} -Direction Inbound -Protocol TCP -RemoteAddress 10.1.1.10 {1}\n"
SVCHOST = '-Program "%SystemRoot%\\system32\\svchost.exe"'


@pytest.mark.parametrize(("rule", "codes"), [
    (f"-LocalPort RPC {SVCHOST} -Service Winmgmt", {0}), (f"{SVCHOST} -Service Winmgmt", {0}),
    ("-LocalPort 445 -Program System", {0}), ("-Program System", {3}), (SVCHOST, {3}), ("", {1}),
    (f"-LocalPort RPC {SVCHOST} -Service Winmgmt -RemoteUser x", {3})])
def test_the_ports_of_one_service_are_its_own(capsys: Output, rule: str, codes: set[int]) -> None:
    site = Path(__file__).parents[2] / "fixtures" / "sites" / "windows-nothing-open"
    Path("s").write_text(RULE.format("x", rule).replace("10.1.1.10", "10.1.72.10"))
    code, _ = told(capsys, str(site), "s", *DAY, "--fail-on", "opened")
    assert code in codes
