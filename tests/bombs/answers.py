"""What devices answered, and what sites are drafted from."""

from __future__ import annotations

import json

from tests.bombs import asa
from tests.bombs.bomb import ROOT, Laid, bomb, checked, host, lines
from tests.bombs.sites import CONFIG

_TRACED = """\
fw# packet-tracer input outside tcp 10.1.1.10 {port} {host} 445 detailed

Phase: 1
Type: ACCESS-LIST
Result: DROP
Config:
access-list OUT extended permit ip any any
Additional Information:

Result:
input-interface: outside
Action: drop
Drop-reason: (acl-drop) Flow is denied by configured rule

"""


@bomb("answers of packet-tracer", 5, 20_000)
def evidence(size: int) -> Laid:
    text = "fw# show clock\n09:12:44.118 UTC Thu Jan 15 2026\n" + "".join(
        _TRACED.format(port=1_024 + k % 60_000, host=host(k)) for k in range(size)
    )
    return checked(asa.listed([]), "--evidence", "session.log", files={"session.log": text})


@bomb("lines of a session that say nothing", 5, 100_000)
def evidence_of_nothing(size: int) -> Laid:
    return checked(
        asa.listed([]),
        "--evidence",
        "session.log",
        files={
            "session.log": lines(
                (f"fw# show nothing {k}" for k in range(size)), _TRACED.format(port=1_024, host=host(1))
            )
        },
    )


@bomb("counters of a list that was entered", 5, 20_000)
def evidence_counters(size: int) -> Laid:
    entries = [f"deny ip host {host(7 * k)} any" for k in range(size)]
    shown = lines(
        f"access-list IN; {size} elements; name hash: 0x1",
        (
            f"access-list IN line {k + 1} extended {each} (hitcnt={k % 3}) 0x{k:08x}"
            for k, each in enumerate(entries)
        ),
    )
    session = lines("fw# show clock", "09:12:44.118 UTC Thu Jan 15 2026", "fw# show access-list IN") + shown
    return checked(asa.listed(entries), "--evidence", "session.log", files={"session.log": session})


@bomb("boundaries of a hierarchy", 5, 2_000)
def init_inventory(size: int) -> Laid:
    data = json.loads((ROOT / "fixtures" / "configmgr" / "small.json").read_text("utf-8"))
    data["Boundaries"] = [
        {
            "BoundaryID": k,
            "DisplayName": f"b{k}",
            "BoundaryType": 3,
            "Value": f"{host(512 * k)}-{host(512 * k + 255)}",
        }
        for k in range(size)
    ]
    data["BoundaryGroups"] = [
        {
            "GroupID": k,
            "Name": f"g{k}",
            "DefaultSiteCode": "P01",
            "Boundaries": [k],
            "SiteSystems": [{"Server": "dp01.example.com"}],
        }
        for k in range(size)
    ]
    return Laid(
        {"fw.cfg": CONFIG, "export.json": json.dumps(data)},
        ("init", "fw.cfg", "--from-configmgr", "export.json", "-o", "made", "--allow-outside"),
    )


@bomb("interfaces to draft a site from", 5, 2_000)
def init(size: int) -> Laid:
    each = (
        f"interface GigabitEthernet1/0.{k + 2}\n nameif if{k}\n security-level 50\n"
        f" ip address {host(256 * k + 1, '10.100')} 255.255.255.0\n"
        f"access-list L{k} extended permit tcp any host {host(k, '10.1')} eq 445\n"
        f"access-group L{k} in interface if{k}"
        for k in range(size)
    )
    return Laid({"fw.cfg": asa.listed([], each)}, ("init", "fw.cfg", "-o", "site.yaml"))
