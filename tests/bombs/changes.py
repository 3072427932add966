"""Changes of configurations: two of them, scripts, and all commits of a repository."""

from __future__ import annotations

import json

from tests.bombs import asa
from tests.bombs.beside import dropped
from tests.bombs.bomb import DAY, Laid, bomb, checked, host, lines, site
from tests.bombs.linux import saved

_ASK = (
    "--client",
    "10.20.0.0/16",
    "--server",
    "10.1.1.0/28",
    "--set",
    "mode=mixed",
    "--set",
    "client-os=windows-xp",
)


@bomb("rules in the other order", 20, 5_000)
def diff_reversed(size: int) -> Laid:
    rules = list(dropped(size))
    return Laid(
        {"old.cfg": saved(rules), "new.cfg": saved(rules[::-1])}, ("diff", "old.cfg", "new.cfg", *_ASK, *DAY)
    )


@bomb("other rules, all packets compared", 20, 2_000)
def diff_full(size: int) -> Laid:
    rules = list(dropped(size))
    return Laid(
        {"old.cfg": saved(rules), "new.cfg": saved(rules[::2])},
        ("diff", "old.cfg", "new.cfg", "--full", *_ASK, *DAY),
    )


@bomb("lines of a change, each at the top", 20, 5_000)
def diff_script_top(size: int) -> Laid:
    script = lines(f"iptables -I FORWARD 1 -s {host(7 * k)}/32 -j DROP" for k in range(size))
    return checked(saved([]), "aclproof.yaml", "lines.txt", command="diff", files={"lines.txt": script})


@bomb("lines of a change that each take one out", 20, 5_000)
def diff_script_out(size: int) -> Laid:
    script = lines(f"no access-list IN extended deny ip host {host(7 * k)} any" for k in range(size))
    text = asa.listed(f"deny ip host {host(7 * k)} any" for k in reversed(range(size)))
    return checked(text, "aclproof.yaml", "lines.txt", command="diff", files={"lines.txt": script})


@bomb("lines of a change of an nftables ruleset", 20, 3_000)
def diff_script_nft(size: int) -> Laid:
    script = lines(f"nft insert rule inet filter forward ip saddr {host(7 * k)} drop" for k in range(size))
    text = (
        "table inet filter {\nchain forward {\ntype filter hook forward priority 0; policy drop;\n"
        "accept\n}\n}\n"
    )
    return checked(text, "aclproof.yaml", "lines.txt", command="diff", files={"lines.txt": script})


@bomb("lines of a change of Windows rules", 20, 3_000)
def diff_script_windows(size: int) -> Laid:
    script = lines(
        f'netsh advfirewall firewall add rule name="R{k}" dir=in action=block protocol=tcp localport=445 '
        f"remoteip={host(k, '10.1')}"
        for k in range(size)
    )
    rule = {
        "Name": "a",
        "DisplayName": "SMB",
        "Enabled": 1,
        "Direction": 1,
        "Action": 2,
        "Profile": 0,
        "Protocol": "TCP",
        "LocalPort": ["445"],
    }
    return checked(
        json.dumps([rule]),
        "aclproof.yaml",
        "lines.txt",
        command="diff",
        files={"lines.txt": script},
        more=", host: client, profile: domain",
    )


@bomb("commits of a site", 3, 300)
def history(size: int) -> Laid:
    states = [
        {"fw.cfg": saved(dropped(k)), "aclproof.yaml": site("{name: fw, config: fw.cfg}")}
        for k in range(size)
    ]
    return Laid(states[-1], ("history", *DAY), states)


@bomb("commits that change nothing of a site", 3, 20_000)
def history_elsewhere(size: int) -> Laid:
    kept = {"fw.cfg": saved(dropped(3)), "aclproof.yaml": site("{name: fw, config: fw.cfg}")}
    states = [kept, *({"other.txt": f"{k}"} for k in range(size))]
    return Laid(kept, ("history", *DAY), states)
