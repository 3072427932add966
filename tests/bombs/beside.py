"""The other commands and options, over inputs that are large for them."""

from __future__ import annotations

import random
from collections.abc import Iterable

from benchmarks import linux_families
from tests.bombs import asa
from tests.bombs.bomb import DAY, Laid, bomb, checked, host, lines, site
from tests.bombs.linux import saved
from tests.bombs.sites import CONFIG


def dropped(size: int) -> Iterable[str]:
    """Yield rules that drop one client or another on a port that is needed."""
    return (
        f"-A FORWARD -{'sd'[k % 2]} {host(7 * k)}/32 -p tcp -m tcp --dport {80 if k % 2 else 445} -j DROP"
        for k in range(size)
    )


@bomb("hosts of the clients, each packet judged twice", 20, 2_000)
def self_check(size: int) -> Laid:
    return checked(saved(dropped(size)), "--self-check", "1000")


@bomb("lines in a bundle", 20, 300_000)
def bundle(size: int) -> Laid:
    return checked(lines(f"# {k}" for k in range(size)) + CONFIG, "--bundle", "audit.zip", "-q")


@bomb("every report of hosts dropped", 20, 3_000)
def every_report(size: int) -> Laid:
    forms = (
        each
        for form in (
            "html=a.html",
            "json=a.json",
            "sarif=a.sarif",
            "junit=a.xml",
            "gitlab=a.gl",
            "markdown=a.md",
            "csv=a.csv",
        )
        for each in ("--format", form)
    )
    return checked(saved(dropped(size)), *forms, "--fixes")


@bomb("checks of hosts dropped", 20, 5_000)
def checks(size: int) -> Laid:
    return checked(saved(dropped(size)), "--checks", "hygiene")


@bomb("checks of networks in each other", 20, 5_000)
def checks_nested(size: int) -> Laid:
    return checked(linux_families.iptables_nested(size).files["fw.rules"], "--checks", "hygiene")


@bomb("checks of rules that permit too much", 20, 1_000)
def checks_surplus(size: int) -> Laid:
    rules = (
        f"-A FORWARD -s {host(k << 6)}/20 -p tcp -m tcp --dport {k + 1}:{k + 3_000} -j ACCEPT"
        for k in range(size)
    )
    return checked(saved(rules).replace("-A FORWARD -j ACCEPT\n", ""), "--checks", "hygiene")


def _tidied(config: str) -> Laid:
    return Laid({"fw.cfg": config}, ("tidy", "fw.cfg"))


@bomb("rules that are all the same", 20, 10_000)
def tidy_equal(size: int) -> Laid:
    return _tidied(saved(["-A FORWARD -s 10.20.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT"] * size))


@bomb("networks in each other", 20, 5_000)
def tidy_nested(size: int) -> Laid:
    return _tidied(linux_families.iptables_nested(size).files["fw.rules"])


@bomb("entries that remarks stand before", 20, 5_000)
def tidy_remarks(size: int) -> Laid:
    text = asa.listed([f"permit tcp host {host(k)} any eq 80" for k in range(size)])
    text = text.replace(
        "access-list IN extended permit tcp",
        "access-list IN remark until 2020-01-01\naccess-list IN extended permit tcp",
    )
    return _tidied(text)


@bomb("addresses and names hidden", 20, 4_000)
def anonymise(size: int) -> Laid:
    rules = (
        f'-A FORWARD -s {host(7 * k)}/32 -m comment --comment "h{k}.example.com a{k}@example.com" -j DROP'
        for k in range(size)
    )
    return checked(saved(rules), "--output", "others", "--salt", "salt", command="anonymise")


@bomb("packets traced", 20, 100_000)
def trace(size: int) -> Laid:
    return _traced("fw.cfg", size)


@bomb("packets traced through a site", 20, 20_000)
def trace_site(size: int) -> Laid:
    return _traced("aclproof.yaml", size)


def _traced(through: str, size: int) -> Laid:
    rows = (f"10.1.1.10,{host(k)},tcp,{k % 60_000 + 1}" for k in range(size))
    packets = lines("source,destination,protocol,destination_port", rows)
    return checked(saved(dropped(1_000)), through, "--packets", "packets.csv", command="trace",
                   files={"packets.csv": packets})


@bomb("rules shown", 20, 50_000)
def show(size: int) -> Laid:
    return checked(saved(dropped(size)), "fw.cfg", command="show")


@bomb("rules and whether a site needs them", 20, 5_000)
def used_by(size: int) -> Laid:
    return checked(saved(dropped(size)), "fw.cfg", "--used-by", "aclproof.yaml", command="show")


@bomb("conditions to be asked of a device", 20, 1_000)
def probe(size: int) -> Laid:
    return checked(
        saved(f"-A FORWARD -s {host(7 * k)}/32 -m set --match-set s{k} src -j DROP" for k in range(size)),
        command="probe",
    )


@bomb("fixes of hosts dropped", 20, 3_000)
def fix(size: int) -> Laid:
    return checked(saved(dropped(size)), command="fix")


@bomb("the cheapest fixes of hosts dropped", 20, 1_000)
def fix_cheapest(size: int) -> Laid:
    return checked(saved(dropped(size)), "--cheapest", command="fix")


@bomb("rules narrowed to what is needed", 20, 2_000)
def fix_narrow(size: int) -> Laid:
    rules = (
        f"-A FORWARD -s {host(k << 6)}/20 -p tcp -m tcp --dport {k + 1}:{k + 3_000} -j ACCEPT"
        for k in range(size)
    )
    return checked(saved(rules).replace("-A FORWARD -j ACCEPT\n", ""), "--narrow", command="fix")


@bomb("waivers proposed for gaps at firewalls", 3, 300)
def waivers(size: int) -> Laid:
    names = [f"fw{k}" for k in range(size)]
    firewalls = ", ".join(f"{{name: {each}, config: fw.cfg}}" for each in names)
    return Laid(
        {
            "fw.cfg": CONFIG,
            "aclproof.yaml": site(
                firewalls,
                more=f"paths: [{{from: client, to: management-point, through: [{', '.join(names)}]}}]\n",
            ),
        },
        ("waivers", "--scaffold", *DAY),
    )


@bomb("random rules, checked", 20, 20_000)
def random_rules(size: int) -> Laid:
    draw = random.Random(size)
    rules = (
        f"-A FORWARD -s {host(draw.randrange(65_536))}/{draw.randint(17, 32)} -p tcp -m tcp --dport "
        f"{draw.randint(1, 500)} -j {draw.choice(('DROP', 'ACCEPT'))}"
        for _ in range(size)
    )
    return checked(saved(rules))
