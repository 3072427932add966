"""Whoever leaves lines out of a file and says so does not say what is in them: nothing is proven any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers.text_lines import omissions

SITE = """settings: {{mode: mixed, client-os: windows-7}}
methods: [manual]
roles:
  client: [10.20.0.0/16]
  management-point: [10.1.1.11]
firewalls:
  - {{name: fw, config: {name}{more}}}
"""
FILES = {
    "fw.cfg": ("""ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 10.1.1.1 255.255.255.0
@
access-list IN extended permit tcp any any eq www
access-group IN in interface inside
crypto ca certificate chain SELF
 certificate 3a9b
    308202d2
  quit
""", ""),
    "fw.v4": ("""*nat
:PREROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
@
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -p tcp --dport 80 -j ACCEPT
COMMIT
""", ""),
    "fw.nft": ("""table inet filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established accept
@
		tcp dport 80 accept
	}
}
""", ""),
    "fw.reg": ("""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]
@
"http"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|App=System|Name=HTTP|"

""", ", host: management-point, profile: domain")}
FILES["fw.txt"] = ("\n".join(f"{name:<22}: {value}" for name, value in (
    ("Name", "http"), ("DisplayName", "H"), ("Enabled", "True"), ("Profile", "Any"), ("Direction", "Inbound"),
    ("Action", "Allow"), ("Protocol", "TCP"), ("LocalPort", "80"), ("RemotePort", "Any"), ("IcmpType", "Any"),
    ("LocalAddress", "Any"), ("RemoteAddress", "Any"), ("Program", "System"), ("Service", "Any"),
    ("InterfaceType", "Any"), ("Authentication", "NotRequired"), ("Encryption", "NotRequired"),
    ("OverrideBlockRules", "False"), ("LocalUser", "Any"), ("RemoteUser", "Any"), ("RemoteMachine", "Any"),
    ("Package", ""), ("InterfaceAlias", "Any"), ("Owner", ""))) + "\n\n@\n", FILES["fw.reg"][1])
_DEFAULTS = '"profile settings differ from the defaults": no'
FACTS = {"fw.reg": f"facts: {{{_DEFAULTS}}}\n",
         "fw.txt": f'facts: {{{_DEFAULTS}, "rules that are not in the files": no}}\n'}
SIGNS = {"fw.cfg": "!", "fw.v4": "#", "fw.nft": "#", "fw.reg": ";", "fw.txt": ""}
LEFT_OUT = ("...", "[...]", "<snip>", "[output omitted]", "<-- lines omitted -->", "-- snip --", "…", "(cut)")
NOT_LEFT_OUT = ("----------", "rules of the shop ...", "snippets", "the cut over of May", "[skip]", ". .")


def verdict(folder: Path, name: str, line: str, other: str = "") -> Verdict:
    text, more = FILES[name]
    encoding = "utf-16" if name == "fw.reg" else "utf-8"
    (folder / name).write_text((other or text).replace("@\n", line), encoding=encoding)
    (folder / "aclproof.yaml").write_text(SITE.format(name=name, more=more) + FACTS.get(name, ""))
    found = check(reader.read(folder / "aclproof.yaml"))
    return next(each.verdict for each in found.demands if each.requirement.id == "CM2007-MAN-MP-HTTP")


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_proven_where_lines_are_left_out(tmp_path: Path, name: str) -> None:
    for said in ("", f"{SIGNS[name]} rules of the shop ...\n") if SIGNS[name] else ("",):
        assert verdict(tmp_path, name, said) is Verdict.MET
    for mark in ("...", f"{SIGNS[name]} <snip>"):
        assert verdict(tmp_path, name, f"{mark}\n") is not Verdict.MET, mark


def test_of_a_certificate_anything_may_be_left_out(tmp_path: Path) -> None:
    text = FILES["fw.cfg"][0].replace("    308202d2\n", "    308202d2\n    [...]\n")
    assert verdict(tmp_path, "fw.cfg", "", text) is Verdict.MET


def test_how_people_say_it() -> None:
    assert [mark for mark in LEFT_OUT if not list(omissions(mark)) or not list(omissions(f"! {mark}"))] == []
    assert [mark for mark in NOT_LEFT_OUT if list(omissions(mark)) or list(omissions(f"# {mark}"))] == []
    assert list(omissions("a\n...\nb\n# <snip>\r\n\n... and more\n[...]")) == [2, 4, 7]
