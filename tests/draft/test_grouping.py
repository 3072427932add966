"""Which files `init` puts together as one firewall, and what it calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.site import reader
from tests.parsers.cisco_asa.asa import INTERFACES

FILTER = ("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -s {} -j ACCEPT\n"
          "COMMIT\n")
V4, V6 = FILTER.format("10.20.0.5/32"), FILTER.format("2001:db8::5/128")
TABLES = "table ip filter\ntable inet fw4\n"
SETS = "create hosts hash:ip family inet hashsize 1024 maxelem 65536\nadd hosts 10.1.1.1\n"
RULES = """
Rule Name:                            Web
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain
Grouping:
LocalIP:                              Any
RemoteIP:                             Any
Protocol:                             TCP
LocalPort:                            80
RemotePort:                           Any
Edge traversal:                       No
Action:                               Allow
Ok.
"""
PROFILES = """
Domain Profile Settings:
----------------------------------------------------------------------
State                                 ON
Firewall Policy                       BlockInbound,AllowOutbound
LocalFirewallRules                    N/A (GPO-store only)
LocalConSecRules                      N/A (GPO-store only)
InboundUserNotification               Disable
RemoteManagement                      Disable
UnicastResponseToMulticast            Enable

Logging:
LogAllowedConnections                 Disable
LogDroppedConnections                 Disable
FileName                              %systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log
MaxFileSize                           4096

Ok.
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drafted(files: dict[str, str]) -> list[tuple[str, list[str]]]:
    """Name and files of each firewall, as the drafted site file has them."""
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    assert run(["init", *files, "--force"]) == 0
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    text = text.replace("mode: FILL-IN", "mode: mixed").replace("client: [FILL-IN]", "client: [10.9.0.0/16]")
    text = text.replace("host: FILL-IN", "host: client")
    Path("aclproof.yaml").write_text(text.replace("FILL-IN", "10.1.1.10"), encoding="utf-8")
    assert "name: \n" not in text
    known = reader.read(Path("aclproof.yaml"))
    assert run(["check", "-qq"]) in (0, 1, 3), "what is written is a site file"
    return [(place.name, list(place.configs)) for place in known.firewalls]


@pytest.mark.parametrize("names", [
    ("rules.txt", "profiles.txt"), ("regeln.txt", "profile.txt"), ("pc7.txt", "pc7-b.txt"),
    ("pc7/rules.txt", "pc7/profiles.txt"), ("rules/pc7.txt", "profiles/pc7.txt"),
    ("rules-pc7.txt", "allprofiles_pc7.txt")])
def test_rules_and_profile_settings_are_one_computer(names: tuple[str, str]) -> None:
    for one, other in (names, names[::-1]):
        texts = {names[0]: RULES, names[1]: PROFILES}
        assert drafted({one: texts[one], other: texts[other]}) == [(Path(one).stem, [one, other])]


@pytest.mark.parametrize("names", [
    ("pc-rules.txt", "fileserver-profiles.txt"), ("pc/rules.txt", "srv/profiles.txt"),
    ("pc1-rules.txt", "pc2-profiles.txt"), ("a/pc1.txt", "b/pc1.txt")])
def test_files_that_are_called_after_two_computers_are_of_two(names: tuple[str, str]) -> None:
    """Put together they would be a computer that nobody has."""
    assert [files for _, files in drafted(dict(zip(names, (RULES, PROFILES), strict=True)))] == [
        [name] for name in names]


def test_pairs_of_several_computers_are_told_by_their_names() -> None:
    files = {"pc1-rules.txt": RULES, "pc2-rules.txt": RULES, "pc2-profiles.txt": PROFILES,
             "pc1-profiles.txt": PROFILES}
    assert [each for _, each in drafted(files)] == [
        ["pc1-rules.txt", "pc1-profiles.txt"], ["pc2-rules.txt", "pc2-profiles.txt"]]


POLICY = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall]

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\DomainProfile]
"EnableFirewall"=dword:00000001

"""


def test_group_policy_belongs_to_the_computer_whose_files_are_called_alike() -> None:
    assert drafted({"rules.txt": RULES, "profiles.txt": PROFILES, "policy.reg": POLICY}) == [
        ("rules", ["rules.txt", "profiles.txt", "policy.reg"])]
    assert [each for _, each in drafted({"pc1.txt": RULES, "pc1-policy.reg": POLICY, "pc2.txt": RULES})] == [
        ["pc1.txt", "pc1-policy.reg"], ["pc2.txt"]]
    assert [each for _, each in drafted({"dc.txt": RULES, "policy.reg": POLICY, "mp.txt": RULES})] == [
        ["dc.txt"], ["policy.reg"], ["mp.txt"]]


def test_settings_that_may_be_of_two_computers_are_nobodys() -> None:
    files = {"dc.txt": RULES, "settings.txt": PROFILES, "mp.txt": RULES}
    assert [each for _, each in drafted(files)] == [["dc.txt"], ["settings.txt"], ["mp.txt"]]


@pytest.mark.parametrize("names", [("gw.v4", "gw.v6"), ("rules.v4", "rules.v6"), ("iptables", "ip6tables"),
                                   ("fw4.txt", "fw6.txt"), ("iptables-gw", "ip6tables-gw")])
def test_both_families_of_a_host_are_one_firewall(names: tuple[str, str]) -> None:
    assert drafted(dict(zip(names, (V4, V6), strict=True))) == [(Path(names[0]).stem, list(names))]


def test_families_of_different_hosts_stay_apart() -> None:
    assert [each for _, each in drafted({"branch.v4": V4, "dc.v6": V6})] == [["branch.v4"], ["dc.v6"]]
    assert [each for _, each in drafted({"gw.txt": V4, "gw2.txt": V4})] == [["gw.txt"], ["gw2.txt"]]
    one, two = (f"root@{name}:~# iptables-save\n" for name in ("gw1", "gw2"))
    assert [each for _, each in drafted({"fw.v4": one + V4, "fw.v6": two + V6})] == [["fw.v4"], ["fw.v6"]]


def test_a_host_that_both_prompts_name_is_one_firewall() -> None:
    dumps = {f"{number}.txt": f"[admin@gw1 ~]$ sudo {program}-save\n{text}"
             for number, (program, text) in enumerate((("iptables", V4), ("ip6tables", V6)))}
    assert drafted(dumps) == [("gw1", list(dumps))]


def test_sets_and_the_list_of_native_tables_belong_to_the_host() -> None:
    files = {"gw.v4": V4, "gw.v6": V6, "sets.txt": SETS, "nft.txt": TABLES}
    assert drafted(files) == [("gw", list(files))]


def test_a_ruleset_of_nftables_belongs_to_the_dumps_of_its_host() -> None:
    ruleset = ("table inet fw {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy drop;\n"
               "\t}\n}\n")
    routes = "default via 10.1.1.254 dev eth1\n10.1.1.0/24 dev eth1 proto kernel scope link src 10.1.1.1\n"
    files = {"gw.v4": V4, "gw.v6": V6, "gw.nft": ruleset, "gw-ip.txt": routes}
    assert drafted(files) == [("gw", list(files))]
    assert drafted({"nft.txt": ruleset, "ip.txt": routes}) == [("nft", ["nft.txt", "ip.txt"])]
    assert [each for _, each in drafted({"gw1.nft": ruleset, "gw2.nft": ruleset, "gw2.v4": V4})] == [
        ["gw1.nft"], ["gw2.nft", "gw2.v4"]]
    asked = "root@gw7:~# nft list ruleset\n"
    assert drafted({"a.txt": asked + ruleset, "b.txt": "root@gw7:~# iptables-save\n" + V4}) == [
        ("gw7", ["a.txt", "b.txt"])]


@pytest.mark.parametrize("around", [
    "{}", "root@gw:~# nft list tables\n{}root@gw:~# \n", "$ sudo nft list tables\n{}",
    "# Warning: iptables-legacy tables present, use iptables-legacy to see them\n{}"])
def test_a_list_of_native_tables_is_known_as_one(around: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = around.format(TABLES)
    assert drafted({"gw.v4": V4, "tables.txt": text}) == [("gw", ["gw.v4", "tables.txt"])]
    Path("x.txt").write_text(V4, encoding="utf-8")
    for call, says in ((["show", "tables.txt"], "list of nftables' tables, without the rules"),
                       (["init", "--force", "gw.v4", "tables.txt", "x.txt"], "which host it is of")):
        capsys.readouterr()
        assert run(call) == 2
        assert says in capsys.readouterr().err
    for other in (f"{text}drop everything\n", f"{text}root@gw:~# nft flush ruleset\n"):
        Path("tables.txt").write_text(other, encoding="utf-8")
        assert run(["show", "tables.txt"]) == 2
        assert "list of nftables' tables" not in capsys.readouterr().err


@pytest.mark.parametrize(("text", "name"), [
    ("hostname fw-br-x\n" + INTERFACES, "fw-br-x"), (INTERFACES, "a"),
    ("hostname bad name\n" + INTERFACES, "a"), ("fw1/act# show run\n" + INTERFACES, "fw1"),
    (f"root@gw7:/etc# iptables-save\n{V4}root@gw7:/etc# \n", "gw7"),
    ("Linux gw8 5.10.0-21-amd64 #1 SMP Debian\n# iptables-save\n" + V4, "gw8"),
    ("root@localhost:~# iptables-save\n" + V4, "a"),
    ("C:\\Temp>hostname\nPC-17\n\nC:\\Temp>" + RULES, "PC-17")])
def test_a_firewall_is_called_as_its_input_calls_it(text: str, name: str) -> None:
    assert [each for each, _ in drafted({"a.txt": text.replace("hostname fw\n", "")})] == [name]


def test_two_devices_of_one_name_are_called_after_their_files() -> None:
    config = "hostname fw1\n" + INTERFACES.replace("hostname fw\n", "")
    assert [each for each, _ in drafted({"left.cfg": config, "right.cfg": config})] == ["left", "right"]


def test_each_context_of_a_file_is_a_firewall() -> None:
    def context(number: int) -> str:
        text = INTERFACES.replace("hostname fw\n", "").replace("10.1.0.1", f"10.{number}.0.1")
        return f"fw/ctx{number}/act# show run\n: Saved\n:\n{text}: end\n"

    files = {"backup.cfg": context(21) + context(22)}
    assert drafted(files) == [("ctx21", ["backup.cfg"]), ("ctx22", ["backup.cfg"])]
    known = reader.read(Path("aclproof.yaml"))
    assert [place.context for place in known.firewalls] == ["ctx21", "ctx22"]
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    assert "10.21.0.0/16           behind inside of ctx21" in text
    assert "10.22.0.0/16           behind inside of ctx22" in text
    assert run(["check", "-qq"]) in (0, 1, 3)


ROUTES = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    inet 10.1.1.1/24 brd 10.1.1.255 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    inet 10.20.0.1/16 brd 10.20.255.255 scope global eth1
"""


def test_what_ip_shows_of_a_router_is_a_part_of_it() -> None:
    """Its interfaces are then known, so none is guessed from rules."""
    rules = V4.replace("-A INPUT", "-A FORWARD -i eth1 -s 10.20.0.0/16 -d 10.1.1.11/32 -p tcp --dport 80 "
                       "-j ACCEPT\n-A INPUT")
    assert drafted({"gw.v4": rules, "gw.ip": ROUTES}) == [("gw", ["gw.v4", "gw.ip"])]
    assert not reader.read(Path("aclproof.yaml")).firewalls[0].interfaces
    assert "10.20.0.0/16           behind eth1 of gw" in Path("aclproof.yaml").read_text(encoding="utf-8")
    assert drafted({"gw.v4": rules})[0][0] == "gw"
    assert reader.read(Path("aclproof.yaml")).firewalls[0].interfaces == {"client": "eth1"}
