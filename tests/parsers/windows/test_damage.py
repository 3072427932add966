"""No damage to an input opens anything: what the intact text does not let through, the damaged one does not.

Unless a plain reading of the damaged text lets it through: that nothing can notice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows import plain_reader
from tests.parsers.windows.computers import allow, block, local
from tests.parsers.windows.plain_reader import Policy, Probe
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented
from tests.parsers.windows.windows import SVCHOST, Words, listing, packet, profiles, verdict
from tests.scale import scaled

_PROBES = (
    Probe("In", 6, 445, "system-smb"), Probe("In", 6, 135, "endpoint-mapper"),
    Probe("In", 6, 50000, "rpc-server"), Probe("In", 17, 135, "endpoint-mapper"), Probe("In", 1, 8, "icmp"),
    Probe("Out", 6, 80, "http-sys"), Probe("In", 6, 80, "http-sys"))
_CHANGES = scaled(120, 400, 20_000)
"""Characters changed, and places cut, in each text."""
_SITES = Path(__file__).parents[3] / "fixtures" / "sites"


def registry() -> str:
    """Rules of every kind, with blocks, and an outbound default that blocks."""
    svchost = r"App=%SystemRoot%\\system32\\svchost.exe|"
    return local(
        allow("Protocol=6|LPort=445|RA4=10.8.0.0/255.255.0.0|App=System|"),
        allow("Protocol=6|Profile=Private|LPort=445|App=System|"), block("Protocol=6|LPort=8000|LPort=80|"),
        allow(f"Protocol=6|LPort=RPC-EPMap|{svchost}Svc=RpcSs|"), block("Protocol=6|LPort2_10=100-200|"),
        allow(f"Protocol=6|{svchost}Svc=winmgmt|Active=FALSE|".replace("Active=FALSE|", "RA4=10.8.0.1|")),
        allow("Protocol=1|ICMP4=13:*|App=System|"), allow("Protocol=6|LPort=80|App=System|"),
        "v2.30|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|RPort=8080|Name=out|",
        profile='"DefaultOutboundAction"=dword:00000001')


def netsh() -> str:
    """The same kinds as netsh prints them."""
    return profiles(domain=("ON", "BlockInbound,BlockOutbound"), local_rules="Enable") + listing(
        Words("SMB", local_port="445", remote_ip="10.8.0.0/16", program="System"),
        Words("EPM", local_port="RPC-EPMap", program=SVCHOST, service="RpcSs", profiles="Domain"),
        Words("Block", local_port="100-200", action="Block"), Words("Web", local_port="80", program="System"),
        Words("No web", local_port="80,8000", action="Block"),
        Words("WMI", program=SVCHOST, service="Winmgmt", enabled="No"),
        Words("Ping", protocol="ICMPv4", icmp=(("13", "Any"),)))


def powershell() -> str:
    """The same kinds as PowerShell writes them."""
    def one(name: str, **changed: str) -> dict[str, str]:
        return RULE | {"InstanceID": name, "Profile": "Any", "PolicyStoreSource": "corp.example\\Clients",
                       "PolicyStoreSourceType": "GroupPolicy"} | changed
    export = documented(
        one("smb"), one("web"), one("noweb", Action="Block"), one("off", Enabled="False"), one("epm"),
        smb={"RemoteAddress": "10.8.0.0/16"}, web={"LocalPort": "80", "RemoteAddress": "Any"},
        noweb={"LocalPort": "80,8000", "RemoteAddress": "Any", "Program": "Any"},
        off={"LocalPort": "Any", "Program": "Any", "RemoteAddress": "Any"},
        epm={"LocalPort": "RPCEPMap", "Program": SVCHOST, "Service": "RpcSs", "RemoteAddress": "Any"})
    export["Profile"] = [PROFILE | {"Name": name, "DefaultOutboundAction": "Block"}
                         for name in ("Domain", "Private", "Public")]
    return json.dumps(export, indent=1)


_Read = Callable[[str], Policy]
_TEXTS: dict[str, tuple[str, _Read, str]] = {
    "registry": (registry(), plain_reader.registry, "utf-16"),
    "netsh": (netsh(), plain_reader.netsh, "utf-8"),
    "PowerShell": (powershell(), plain_reader.powershell, "utf-8")}
_FIXTURES = sorted(_SITES.glob("*/*.reg"))


def read(text: str, encoding: str) -> Firewall | None:
    """Read a text, None where it is refused."""
    try:
        return convert.parse([from_bytes(text.encode(encoding, "replace"), "local.reg")])
    except UnsupportedInputError:
        return None


def answers(found: Firewall) -> list[str]:
    """What becomes of each probe."""
    return [_answer(found, each) for each in _PROBES]


def _answer(found: Firewall, probe: Probe) -> str:
    out, port, source = probe.direction == "Out", probe.port, 50000
    if probe.protocol == 1:
        port, source = 0, 8
    sent = packet(port, probe.protocol, probe.remote, source_port=source, out=out)
    return verdict(found, sent, listener=probe.listener, hook="output" if out else "input")


def opened(text: str, damaged: Iterator[str], plain: _Read, encoding: str) -> tuple[int, list[str]]:
    """Count the damaged texts; return those that let through what neither the intact text nor the plain
    reading of the damaged one does."""
    whole = read(text, encoding)
    assert whole
    before, count, wrong = answers(whole), 0, []
    for each in damaged:
        count += 1
        found = read(each, encoding)
        for probe, old, new in zip(_PROBES, before, answers(found) if found else (), strict=bool(found)):
            if new == "permit" != old and plain_reader.fate(plain(each), probe) != "permit":
                wrong.append(f"{probe}: {each}")
    return count, wrong


def cuts(text: str) -> Iterator[str]:
    """Cut at every line end; and take single lines out."""
    lines = text.splitlines(keepends=True)
    for number in range(len(lines)):
        yield "".join(lines[:number])
        yield "".join(lines[:number] + lines[number + 1:])


def changes(text: str, random: Random) -> Iterator[str]:
    """Change single characters, cut in the middle of words, break lines as a terminal does."""
    for _ in range(_CHANGES):
        at = random.randrange(1, len(text))
        yield text[:at] + random.choice("0x9|=\"\\ ,\n") + text[at + 1:]
        yield text[:at] + text[at + 1:]
        yield text[:at]
        yield text[:at] + "\n" + text[at:]


def wrong_in(name: str, text: str, plain: _Read, encoding: str, random: Random) -> list[str]:
    """Return what damage of every kind opens."""
    count, wrong = opened(text, cuts(text), plain, encoding)
    more, also = opened(text, changes(text, random), plain, encoding)
    print(f"{name}: {count + more} damaged texts, {len(wrong) + len(also)} wrongly open")
    return wrong + also


@pytest.mark.parametrize("form", _TEXTS)
def test_damage_opens_nothing(form: str, random: Random) -> None:
    text, plain, encoding = _TEXTS[form]
    assert not wrong_in(form, text, plain, encoding, random)


@pytest.mark.parametrize("path", _FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_damaged_fixture_opens_nothing(path: Path, random: Random) -> None:
    """As regedit writes it: with an empty line at the end, in UTF-16."""
    text = path.read_text() + "\n"
    lines = list(cuts(text))
    some = lines if scaled(0, 0, 1) else random.sample(lines, min(30, len(lines)))
    count, wrong = opened(text, iter(some), plain_reader.registry, "utf-16")
    assert count
    assert not wrong


@pytest.mark.parametrize("form", _TEXTS)
def test_two_files_in_one_open_no_more_than_a_plain_reading_of_both(form: str) -> None:
    text, plain, encoding = _TEXTS[form]
    if form == "PowerShell":
        assert read(text + text, encoding) is None
        return
    open_to_all = text.replace("10.8.0.0/255.255.0.0", "10.9.0.0/255.255.0.0").replace("10.8.0.0/16", "Any")
    for first, second in ((text, open_to_all), (open_to_all, text)):
        assert opened(text, iter([first + second]), plain, encoding)[1] == []


def test_the_plain_reading_agrees_about_what_is_whole() -> None:
    """The oracle bites: it lets through and stops what the intact texts do."""
    for text, plain, encoding in _TEXTS.values():
        found = read(text, encoding)
        assert found
        policy = plain(text)
        for probe, ours in zip(_PROBES, answers(found), strict=True):
            assert ours in ("undecided", plain_reader.fate(policy, probe))
