"""Transcripts of hosts, from the text to what becomes of the verdicts."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from aclproof.linter import testimony as records
from aclproof.linter.hearing.hearing import hear
from aclproof.linter.hearing.transcripts import read as read_transcripts
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site.reader import read
from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from tests.parsers.transcripts.written import DOORS, files, heard

DAY = date(2026, 4, 12)
SETS = """root@gw41:~# date -Is
2026-04-12T09:30:15+02:00
root@gw41:~# ipset list clients
Name: clients
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2b64319a
Size in memory: 552
References: 1
Number of entries: 1
Members:
10.41.0.0/16
root@gw41:~#
"""
TESTS = """PS> Test-NetConnection -ComputerName 10.41.0.10 -Port 445
WARNING: TCP connect to (10.41.0.10 : 445) failed

ComputerName     : 10.41.0.10
RemoteAddress    : 10.41.0.10
RemotePort       : 445
SourceAddress    : 10.1.41.10
TcpTestSucceeded : False

PS> portqry -n 10.41.0.10 -e 135 -p TCP

Querying target system called:

 10.41.0.10

Attempting to resolve IP address to a name...

Failed to resolve IP address to name

querying...

TCP port 135 (epmap service): LISTENING
PS> exit
"""


@pytest.fixture(name="site")
def _site() -> Analysis:
    return analyse(read(Path("fixtures/sites/linux-ipset-absent/aclproof.yaml")), DAY)


def told(site: Analysis, where: Path, text: str) -> tuple[Analysis, records.Testimony]:
    where.write_text(text)
    return hear(site, DAY, list(read_transcripts([(str(where), "")])))


def test_a_listed_set_settles_the_question_for_it(site: Analysis, tmp_path: Path) -> None:
    echo = "CM2007-PUSH-ECHO"
    verdicts = {each.requirement.id: each.verdict for each in site.results}
    found, testimony = told(site, tmp_path / "sets.txt", SETS)
    assert verdicts[echo] is Verdict.UNDECIDED
    assert [(each.standing, each.firewall, each.answer.at) for each in testimony.said] == [
        ("settled", "gw41", datetime(2026, 4, 12, 9, 30, 15))]
    assert {each.requirement.id: each.verdict for each in found.results} == verdicts | {echo: Verdict.MET}


@pytest.mark.parametrize(("text", "why"), [
    ("\n\n", "the file is empty; save in it the commands"),
    ("$ ip route get 10.41.0.1 from 10.1.41.10 iif eth1\n10.41.0.1 from 10.1.41.10 dev eth0\n"
     "$ date -Is\n2026-04-12T09:30:15+02:00\n", "Names, times and routes prove nothing: a connection that")])
def test_why_a_session_proves_nothing_is_said(site: Analysis, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UnsupportedInputError, match=why):
        told(site, tmp_path / "session.txt", text)


def test_a_set_that_is_cut_off_settles_nothing(site: Analysis, tmp_path: Path) -> None:
    for end in range(SETS.index("Name:"), SETS.index("root@gw41:~#\n") + len("root@gw41:~")):
        with pytest.raises(UnsupportedInputError, match="no answer of a device"):
            told(site, tmp_path / "sets.txt", SETS[:end])


def test_connections_stand_to_the_whole_way(site: Analysis, tmp_path: Path) -> None:
    """PortQry shows no source; the other test of the same computer to the same one does."""
    _, testimony = told(site, tmp_path / "tests.txt", TESTS)
    assert [(each.standing, each.requirements) for each in testimony.said] == [
        ("unexplained", ("CM2007-PUSH-SMB",)), ("confirmed", ("CM2007-PUSH-EPM-TCP",))]


def test_facts_are_asked_for_under_their_keys() -> None:
    answered = {(room, each.key) for path in files() for room in (path.parent.name,)
                for each in heard(room, path.read_bytes()) if isinstance(each, FactAnswer)}
    assert answered
    for room, key in answered - {("windows", "network profile domain")}:  # the site file's `profile:`
        assert any(kind.fits(key) for vendor in DOORS[room] for kind in door(vendor).fact_kinds()), key


PROFILE = """PS C:\\> Get-NetConnectionProfile

Name             : example
InterfaceAlias   : Ethernet
InterfaceIndex   : 4
NetworkCategory  : {}
IPv4Connectivity : Internet
IPv6Connectivity : NoTraffic

PS C:\\>
"""


@pytest.fixture(name="computer")
def _computer(tmp_path: Path) -> Path:
    shutil.copytree("fixtures/sites/windows-push-works", tmp_path, dirs_exist_ok=True)
    return tmp_path / "aclproof.yaml"


@pytest.mark.parametrize(("category", "standing", "of_smb"), [
    ("DomainAuthenticated", "settled", Verdict.MET), ("Public", "settled", Verdict.MISSING)])
def test_the_profile_of_a_network_is_settled(computer: Path, category: str, standing: str,
                                             of_smb: Verdict) -> None:
    """As `profile:` of the site file does it, which leaves nothing to ask."""
    computer.write_text(computer.read_text().replace(", profile: domain", ""))
    site = analyse(read(computer), DAY)
    verdicts = {each.requirement.id: each.verdict for each in site.results}
    assert verdicts["CM2007-PUSH-SMB"] is Verdict.UNDECIDED
    found, testimony = told(site, computer.parent / "answers.txt", PROFILE.format(category))
    assert [(each.standing, each.firewall) for each in testimony.said] == [(standing, "client-host")]
    assert {each.requirement.id: each.verdict for each in found.results}["CM2007-PUSH-SMB"] is of_smb
    two = PROFILE.format("Private") + PROFILE.format("Public").partition("\n")[2]
    mixed = two.replace("PS C:\\>\n\nName", "\nName")
    for text in (mixed, PROFILE.format("Private").removesuffix("PS C:\\>\n"),
                 PROFILE.format("Private").replace("Profile\n", "Profile -InterfaceAlias Ethernet\n"),
                 PROFILE.format("Private").replace("IPv6Connectivity : NoTraffic\n", "")):
        with pytest.raises(UnsupportedInputError, match="no answer of a device"):
            told(site, computer.parent / "answers.txt", text)


def test_the_profile_of_the_site_file_is_held_against_it(computer: Path) -> None:
    site = analyse(read(computer), DAY)
    for category, standing in (("DomainAuthenticated", "confirmed"), ("Public", "contradicted")):
        found, testimony = told(site, computer.parent / "answers.txt", PROFILE.format(category))
        assert [each.standing for each in testimony.said] == [standing]
        met = {each.requirement.id for each in found.results if each.verdict is Verdict.MET}
        assert bool(met) == (standing == "confirmed")


def test_two_answers_about_a_profile_settle_nothing(computer: Path) -> None:
    computer.write_text(computer.read_text().replace(", profile: domain", ""))
    site = analyse(read(computer), DAY)
    both = PROFILE.format("Public") + PROFILE.format("Private")
    found, testimony = told(site, computer.parent / "answers.txt", both)
    assert [each.standing for each in testimony.said] == ["proves-nothing", "proves-nothing"]
    assert [each.verdict for each in found.results] == [each.verdict for each in site.results]
