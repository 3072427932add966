"""Names and comments of rules: which end they speak of, and whose host it is.

Expectations are what an administrator means: a preposition or an arrow says the end; else a server is where
its own ports are (80 on a management point, 53 not).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.draft.comments import end_meant
from aclproof.linter.draft.signs import signs_of
from aclproof.parsers.model.intervals import IntervalSet
from tests.parsers.cisco_asa.asa import INTERFACES
from tests.parsers.windows.windows import Words, listing, profiles

SIGNS = signs_of(rules.load("configmgr-2007"))
MP, CLIENT, PUSHER = "management-point", "client", "site-server"
A, B, NET, OTHER_NET = "10.1.1.11/32", "10.1.1.53/32", "10.20.0.0/16", "10.30.0.0/16"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def roles_of(*rules_: str) -> dict[str, list[str]]:
    """The roles that are drafted for rules of a gateway."""
    lines = "".join(f"-A FORWARD {each} -j ACCEPT\n" for each in rules_)
    Path("gw.rules").write_text(f"*filter\n:FORWARD DROP [0:0]\n{lines}COMMIT\n", encoding="utf-8")
    assert run(["init", "gw.rules", "--pack", "configmgr-2007", "--force"]) == 0
    roles = yaml.safe_load(Path("aclproof.yaml").read_text(encoding="utf-8"))["roles"]
    return {role: given for role, given in roles.items() if given != ["FILL-IN"]}


def rule(source: str, destination: str, service: str, comment: str) -> str:
    """A rule with a comment; the service is `tcp 80`, or empty."""
    ends = (f"-s {source} " if source else "") + (f"-d {destination} " if destination else "")
    protocol, _, port = service.partition(" ")
    ports = f"-p {protocol} --dport {port} " if service else ""
    return f'{ends}{ports}-m comment --comment "{comment}"'


@pytest.mark.parametrize(("source", "destination", "service", "comment", "role", "address"), [
    ("", A, "tcp 80", "web for mp", MP, A), (B, A, "tcp 80", "mp", MP, A),
    (A, B, "udp 53", "dns from mp", MP, A), (A, B, "udp 53", "mp to dns", MP, A),
    (A, B, "udp 53", "mp -> dns", MP, A), (A, B, "tcp 22", "MP1 => backup", MP, A),
    (B, A, "tcp 22", "ssh to mp", MP, A), (B, A, "", "Zugriff auf Verwaltungspunkt", MP, A),
    ("", A, "tcp 22", "MP01", MP, A), (A, "", "", "mp", MP, A),
    (A, B, "tcp 445", "site server to file server", PUSHER, A),
    (NET, A, "tcp 25", "users", CLIENT, NET),
    (NET, OTHER_NET, "tcp 25", "users to mail servers", CLIENT, NET),
    (OTHER_NET, NET, "tcp 135", "wmi on clients", CLIENT, NET)])
def test_the_comment_says_whose_address_it_is(
        source: str, destination: str, service: str, comment: str, role: str, address: str) -> None:
    found = roles_of(rule(source, destination, service, comment))
    assert found[role] == [address.removesuffix("/32")]


@pytest.mark.parametrize(("source", "destination", "service", "comment", "role"), [
    ("", B, "udp 53", "dns for mp", MP), (A, B, "udp 53", "dns for mp", MP),
    (A, B, "udp 123", "mp ntp", MP), ("", B, "tcp 25", "mails of the mp", MP),
    ("", B, "tcp 25", "sms gateway", PUSHER), (NET, OTHER_NET, "tcp 25", "users", CLIENT),
    ("", NET, "tcp 80", "web servers for users", CLIENT), (A, B, "", "mp", MP)])
def test_where_the_comment_does_not_say_it_nothing_is_guessed(
        source: str, destination: str, service: str, comment: str, role: str) -> None:
    assert role not in roles_of(rule(source, destination, service, comment))


def test_two_roles_in_one_comment_are_two_ends() -> None:
    found = roles_of(rule("10.1.1.10/32", A, "tcp 1234", "site server to mp"))
    assert (found[PUSHER], found[MP]) == (["10.1.1.10"], ["10.1.1.11"])


@pytest.mark.parametrize(("text", "word", "end"), [
    ("from mp", "mp", "source"), ("vom mp", "mp", "source"), ("to the new mp", "mp", "destination"),
    ("web to mp and dp", "dp", "destination"), ("mp from clients", "mp", "destination"),
    ("clients>mp", "mp", "destination"), ("http to wsus from mp", "mp", "source"),
    ("site server to mp", "site server", "source"), ("CLIENTS_TO_MP", "mp", "destination"),
    ("from branch for mp", "mp", ""), ("for mp to use", "mp", "")])
def test_the_nearest_preposition_before_a_word_decides_else_the_first_after_it(
        text: str, word: str, end: str) -> None:
    """The port is none of the role's, so that nothing else decides."""
    assert end_meant(text, MP, word, IntervalSet.of((7, 7)), SIGNS) == end


def test_a_part_of_a_word_for_a_role_is_none() -> None:
    """One pack has the words 'cloud management gateway', and 'sms' is its product."""
    signs = signs_of(rules.load("configmgr-current-branch"))
    assert signs.names_only("SCCM-MP01 DP")
    assert signs.names_only("cloud management gateway 2")
    assert not signs.names_only("sms gateway")


@pytest.mark.parametrize(("about", "is_one"), [
    ("MP for the branch", True), ("the MP of HQ", True), ("new mp", True), ("", True),
    ("proxy for MP", False), ("Proxy für MP", False),
    ("what the mp connects to", False), ("traffic from mp", False), ("DNS that the mp uses", False)])
def test_a_description_may_speak_of_another_computer(about: str, is_one: bool) -> None:
    Path("fw.cfg").write_text(f"{INTERFACES}object network {'X' if about else 'MP1'}\n host 10.2.0.11\n"
                              f" description {about or 'reached from clients, for mp'}\n", encoding="utf-8")
    assert run(["init", "fw.cfg", "--pack", "configmgr-2007"]) == 0
    roles = yaml.safe_load(Path("aclproof.yaml").read_text(encoding="utf-8"))["roles"]
    assert (roles[MP] == ["10.2.0.11"]) == is_one


# Whose host it is


@pytest.mark.parametrize(("inward", "host"), [
    ('-A INPUT -p tcp --dport 80 -m comment --comment "web for dp" -j ACCEPT', "distribution-point"),
    ('-A INPUT -p tcp --dport 80 -m comment --comment "web for mp" -j ACCEPT', MP),
    ('-A INPUT -j OWN\n-A OWN -p tcp --dport 80 -m comment --comment WSUS -j ACCEPT',
     "software-update-point"),
    ('-A INPUT -s 10.1.1.9 -p tcp --dport 80 -m comment --comment "web from dp" -j ACCEPT', MP),
    ('-A INPUT -p tcp --dport 22 -m comment --comment "dp" -j ACCEPT', None),
    ('-A INPUT -p tcp --dport 445 -m comment --comment "smb for users" -j ACCEPT', "distribution-point"),
    ('-A OUTPUT -p tcp --dport 80 -j ACCEPT', None),
    ('-A OUTPUT -p tcp --dport 8530 -m comment --comment "wsus" -j ACCEPT', None),
    ('-A INPUT -j OWN\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 80 -j DNAT '
     '--to-destination 172.17.0.2:80', None),
    ('-A FORWARD -i docker0 -j OWN\n-A OWN -p tcp --dport 80 -j ACCEPT', None)])
def test_the_host_is_known_by_what_it_lets_in_and_not_by_what_it_sends(inward: str, host: str | None) -> None:
    """What nothing suggests stays a comment; where the comment is of another end, the port is left."""
    Path("srv7.rules").write_text("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                                  f":OWN - [0:0]\n{inward}\nCOMMIT\n", encoding="utf-8")
    assert run(["init", "srv7.rules", "--pack", "configmgr-2007"]) == 0
    firewall = yaml.safe_load(Path("aclproof.yaml").read_text(encoding="utf-8"))["firewalls"][0]
    assert firewall.get("host") == host


@pytest.mark.parametrize(("name", "port", "host"), [
    ("WSUS web", "80", "software-update-point"), ("MP web", "443", MP),
    ("Remote Desktop - User Mode (TCP-In)", "3389", "FILL-IN"), ("Shares of users", "445", "FILL-IN")])
def test_a_computer_of_windows_is_known_by_the_names_of_its_rules(name: str, port: str, host: str) -> None:
    Path("BR-0815.txt").write_text(profiles() + listing(Words(name, local_port=port)), encoding="utf-8")
    assert run(["init", "BR-0815.txt", "--pack", "configmgr-2007"]) == 0
    firewall = yaml.safe_load(Path("aclproof.yaml").read_text(encoding="utf-8"))["firewalls"][0]
    assert firewall["host"] == host
