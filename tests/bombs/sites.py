"""Site files, waivers, baselines and many sites."""

from __future__ import annotations

from tests.bombs.bomb import DAY, ROLES, Laid, bomb, host, lines, site

CONFIG = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s 10.20.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
"""
_FIREWALL = "{name: fw, config: fw.cfg}"
_SERVERS = ROLES.partition(", ")[2]


def _of(text: str, *words: str, **files: str) -> Laid:
    return Laid({"fw.cfg": CONFIG, "aclproof.yaml": text, **files}, ("check", *words, *DAY))


@bomb("single addresses of a role", 20, 60_000)
def site_addresses(size: int) -> Laid:
    clients = ", ".join(host(2 * k) for k in range(size))
    return _of(site(_FIREWALL, roles=f"client: [{clients}], {_SERVERS}"))


@bomb("addresses of a role, with a rule for each", 20, 20_000)
def site_addresses_and_rules(size: int) -> Laid:
    clients = ", ".join(host(2 * k) for k in range(size))
    rules = lines(f"-A FORWARD -s {host(2 * k)}/32 -p tcp -m tcp --dport 80 -j ACCEPT" for k in range(size))
    text = CONFIG.replace("COMMIT\n", f"{rules}COMMIT\n").replace("-A FORWARD -s 10.20.0.0/16", "-A INPUT")
    return Laid(
        {"fw.cfg": text, "aclproof.yaml": site(_FIREWALL, roles=f"client: [{clients}], {_SERVERS}")},
        ("check", *DAY),
    )


@bomb("lists with anchors, each ten times in the next", 3, 30)
def site_anchors(size: int) -> Laid:
    anchors = lines(
        "x0: &a0 [10.20.0.1]", (f"x{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, size))
    )
    return _of(anchors + site(_FIREWALL, roles=f"client: *a{size - 1}, {_SERVERS}"))


@bomb("brackets inside of each other", 10, 400_000)
def site_brackets(size: int) -> Laid:
    return _of(site(_FIREWALL, roles=f"client: {'[' * size}{']' * size}"))


@bomb("firewalls on one path", 4, 1_000)
def site_path(size: int) -> Laid:
    names = [f"fw{k}" for k in range(size)]
    firewalls = ", ".join(f"{{name: {each}, config: fw.cfg}}" for each in names)
    paths = ", ".join(
        f"{{from: client, to: {role}, through: [{', '.join(names)}]}}"
        for role in ("site-server", "management-point")
    )
    return _of(site(firewalls, more=f"paths: [{paths}]\n"))


@bomb("facts that nothing asks for", 10, 20_000)
def site_facts(size: int) -> Laid:
    facts = ", ".join(f"time-range T{k}: active" for k in range(size))
    return _of(site(_FIREWALL, more=f"facts: {{{facts}}}\n"))


@bomb("waivers of one requirement", 10, 10_000)
def site_waivers(size: int) -> Laid:
    entries = (
        f"- {{id: w{k}, requirement: CM2007-PUSH-SMB, reason: r, owner: o, expires: 2026-03-01}}"
        for k in range(size)
    )
    return _of(site(_FIREWALL), "--waivers", "waivers.yaml", **{"waivers.yaml": lines("waivers:", entries)})


def _known(gaps: int, boxes: int, sites: int) -> str:
    from aclproof.linter.baseline import file
    from aclproof.linter.baseline.packets_text import read
    from aclproof.linter.gap import Gap, Known

    packets = tuple(read(f"tcp 10.1.1.10 1024-65535 > {host(2 * k)} 445") for k in range(boxes))
    found = tuple(
        Gap("CM2007-PUSH-SMB", f"fw{k}" if k else "fw", "request", "missing", packets) for k in range(gaps)
    )
    return file.write(
        {**{f"sites/{k}.yaml": Known(found) for k in range(sites)}, "aclproof.yaml": Known(found)}
    )


@bomb("gaps of a baseline", 10, 100_000)
def baseline_gaps(size: int) -> Laid:
    return _of(site(_FIREWALL), "--baseline", "known.json", **{"known.json": _known(size, 1, 0)})


@bomb("packets of one gap of a baseline", 10, 20_000)
def baseline_packets(size: int) -> Laid:
    return _of(site(_FIREWALL), "--baseline", "known.json", **{"known.json": _known(1, size, 0)})


@bomb("sites of a baseline", 10, 100_000)
def baseline_sites(size: int) -> Laid:
    return _of(site(_FIREWALL), "--baseline", "known.json", **{"known.json": _known(1, 1, size)})


@bomb("sites in one run, with every report", 4, 300)
def many_sites(size: int) -> Laid:
    files = {"fw.cfg": CONFIG, ".aclproof": ""}
    for k in range(size):
        files[f"sites/{k}/aclproof.yaml"] = site(
            "{name: fw, config: ../../fw.cfg}", roles=ROLES.replace("10.20.0.0/16", f"{host(256 * k)}/24")
        )
    formats = (
        each
        for form in (
            "html=out",
            "json=a.json",
            "jsonl=a.jsonl",
            "sarif=a.sarif",
            "junit=a.xml",
            "gitlab=a.gl",
            "markdown=a.md",
            "csv=a.csv",
        )
        for each in ("--format", form)
    )
    return Laid(files, ("check", "sites", "--jobs", "1", *formats, *DAY))


@bomb("sites that extend each other", 4, 1_000)
def sites_in_a_row(size: int) -> Laid:
    files = {f"s{k}.yaml": f"extends: s{k + 1}.yaml\n" for k in range(size)}
    return Laid({**files, f"s{size}.yaml": site(_FIREWALL), "fw.cfg": CONFIG}, ("check", "s0.yaml", *DAY))


@bomb("requirements of a pack", 4, 2_000)
def pack_requirements(size: int) -> Laid:
    from benchmarks.site_families import site_requirements

    made = site_requirements(size)
    return Laid({**made.files, "fw.cfg": CONFIG}, made.words)
