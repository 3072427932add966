"""The texts that cases are made from: files of the fixtures and, where they lie next to the checkout, of the
corpus and the cases, sorted by the form in which the product reads them; and texts of our generators.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

from aclproof.parsers import detect
from aclproof.parsers.iptables.text import kinds
from aclproof.parsers.nftables.text.kind import kind as nftables_kind
from aclproof.parsers.source import Source, UnsupportedInputError, from_bytes
from aclproof.parsers.vendor import doors
from aclproof.parsers.windows import forms as windows_forms
from aclproof.rules.search import builtin, builtin_file

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
_OTHERS = (ROOT.parent / "shared" / "corpus", ROOT.parent / "shared" / "cases")
_MOST_BYTES = 100_000
"""Larger files are left to the cuts: a case of one takes as long as hundreds of others."""
_NO_CONFIGURATIONS = ("transcripts", "configmgr")
LOOK_ALIKES = "look-alikes"
"""Texts that the product knows and refuses."""

@cache
def configurations() -> dict[str, tuple[bytes, ...]]:
    """All configurations, by vendor and form."""
    found: dict[str, dict[bytes, None]] = {}
    for path in files():
        if path.suffix not in (".yaml", ".md", ".expected") and not set(path.parts) & {*_NO_CONFIGURATIONS}:
            data = path.read_bytes()
            found.setdefault(form_of(data), {})[data] = None
    found.pop("", None)
    return {form: tuple(texts) for form, texts in sorted(found.items())}

def files() -> Iterator[Path]:
    """Every file that is small enough."""
    for folder in (FIXTURES, *_OTHERS):
        yield from (path for path in sorted(folder.rglob("*"))
                    if path.is_file() and 0 < path.stat().st_size <= _MOST_BYTES)

def opened(data: bytes, name: str) -> Source:
    """Open an input as `parsers.opened` does, without a file."""
    unpacked = (each.unpack(data, name) for _, each in doors())
    return next((found for found in unpacked if found), None) or from_bytes(data, name)

def form_of(data: bytes) -> str:
    """Name the form of a configuration, with its vendor; empty for what is none."""
    try:
        source = opened(data, "sample")
        vendor = detect.vendor(source)
    except UnsupportedInputError:
        return ""
    match vendor:
        case "windows":
            found = windows_forms.form(source)
            kind = found.kind if found and source.encoding not in CONTAINERS else source.encoding
        case "iptables":
            kind = kinds.kind(source.text)
        case "nftables":
            kind = nftables_kind(source.text)
        case _:
            listed = "(hitcnt=" in source.text or " elements" in source.text
            kind = "show access-list" if listed else "configuration"
    return f"{vendor}: {LOOK_ALIKES}" if kind in _refused() else f"{vendor}: {kind}"

CONTAINERS = ("Registry.pol", "registry hive")

@cache
def _refused() -> frozenset[str]:
    from aclproof.parsers.windows.refused import LIKE_RULES, REFUSED

    return frozenset(each.kind for each in (*LIKE_RULES, *REFUSED))

@cache
def transcripts(*rooms: str) -> tuple[bytes, ...]:
    """Commands with their answers."""
    return tuple(path.read_bytes() for room in rooms
                 for path in sorted((FIXTURES / "transcripts" / room).iterdir())
                 if path.suffix != ".expected")

@cache
def site_files() -> tuple[bytes, ...]:
    """Site files with their fixtures' names of files, which need not be there to be read."""
    return tuple(path.read_bytes() for path in sorted((FIXTURES / "sites").glob("*/aclproof.yaml")))

@cache
def packs() -> tuple[bytes, ...]:
    """The smallest built-in packs, and the one of the tests."""
    from tests.rules.packs import SMALL

    texts = sorted((Path(builtin_file(name)).read_bytes() for name in builtin()), key=len)
    return (SMALL.encode(), *texts[:2])

@cache
def inventories() -> tuple[bytes, ...]:
    """Exports of a hierarchy."""
    return tuple(path.read_bytes() for path in sorted((FIXTURES / "configmgr").glob("*.json")))

WAIVERS = (b"""\
waivers:
  - id: W1
    requirement: CM2007-PUSH-SMB
    reason: "moves to another segment, ticket 7"
    owner: network team
    expires: 2026-06-30
    created: 2026-01-01
    firewall: branch
    approved-by: head of security
    ticket: CHG-7
  - {id: W2, requirement: CM2007-ALL-FSP, reason: none, owner: me, expires: 2026-03-01, site: ['case*.yaml']}
""",)

PACKETS = (b"""\
source,destination,protocol,source_port,destination_port,icmp_type,icmp_code,state,comment
10.20.0.5,10.1.1.10,tcp,49152,445,,,new,"SMB, by hand"
2001:db8::5,2001:db8::10,udp,,53,,,established,
10.1.1.10,10.20.0.5,icmp,,,8,0,,
""", b"source,destination,protocol\n10.1.1.10:445,10.20.0.5:50000,tcp\n")

NAMES = (b"sites/a/aclproof.yaml\nsites/b/fw.cfg\n", b"M\tfw.cfg\0\"a\\303\\251.cfg\"\0",
         "\ufeffa.cfg\r\n".encode("utf-16"))


@cache
def baselines() -> tuple[bytes, ...]:
    """The gaps of some fixture sites."""
    from aclproof.linter.baseline import file
    from aclproof.linter.baseline.gaps import gaps_of
    from aclproof.linter.gap import Known
    from tests.reports.cases import result_of

    some = ("branch", "linux-ports-missing", "windows-wrong-profile")
    return tuple(file.write({f"{name}.yaml": Known(gaps_of(result_of(name)))}).encode() for name in some)

def as_data(texts: Sequence[bytes]) -> list[object]:
    """Those texts that are JSON or YAML, as data."""
    import yaml

    found: list[object] = []
    for text in texts:
        try:
            found.append(json.loads(text) if text.lstrip()[:1] in b"{["
                         else yaml.load(text, yaml.CBaseLoader))
        except (ValueError, yaml.YAMLError):
            continue
    return [each for each in found if isinstance(each, dict | list)]

def asa(random: Random) -> bytes:
    """A configuration of an ASA, or what it lists of one."""
    from tests.parsers.cisco_asa.generated import Generator

    maker = Generator(random.getrandbits(32))
    return maker.config(random.randint(1, 8)).encode()

def asa_listing(random: Random) -> bytes:
    """The lines of a list as `show access-list` prints them."""
    from tests.parsers.cisco_asa.generated import Generator

    maker = Generator(random.getrandbits(32))
    count = random.randint(1, 6)
    lines = [f"access-list A; {count} elements; name hash: 0x{random.getrandbits(32):08x}"]
    lines += [f"access-list A line {number} extended {maker.ace()} (hitcnt={random.randint(0, 9)}) "
              f"0x{random.getrandbits(32):08x}" for number in range(1, count + 1)]
    return "\n".join(lines).encode() + b"\n"

def iptables(random: Random) -> bytes:
    """What `iptables-save` prints; POSIX only, as the kernel's oracle is."""
    from tests.oracle import rulesets

    return rulesets.make(random.getrandbits(32), random.choice((4, 6)), "forward").text.encode()

def ipset(random: Random) -> bytes:
    """What `ipset save` prints."""
    from tests.oracle import rulesets

    return (rulesets.make(random.getrandbits(32), 4, "input").sets
            or "create a hash:ip\nadd a 10.0.0.1\n").encode()

def nftables(random: Random) -> bytes:
    """A ruleset of nftables."""
    from tests.oracle.nft import rulesets

    return rulesets.make(random.getrandbits(32), random.choice((4, 6)), "forward").text.encode()


def _rule(random: Random) -> str:
    """A rule as the registry holds it."""
    pick = random.choice
    fields = [
        pick(("v2.10", "v2.30", "v2.31")), f"Action={pick(('Allow', 'Block', 'ByPass'))}",
        f"Active={pick(('TRUE', 'TRUE', 'FALSE'))}", f"Dir={pick(('In', 'Out'))}",
        f"Protocol={pick((6, 6, 17, 1, 58, 256))}",
        *random.sample(("Profile=Domain", "Profile=Private", "LPort=445", "LPort=RPC", "LPort2_10=100-200",
                        "RPort=80",
                        "RA4=10.0.0.0/255.0.0.0", "RA4=LocalSubnet", "RA6=LocalSubnet", "LA4=10.1.1.1",
                        "ICMP4=8:*",
                        "App=System", r"App=%SystemRoot%\\system32\\svchost.exe", "Svc=RpcSs", "Edge=TRUE",
                        "IF=x",
                        "Security=Authenticate", "EmbedCtxt=@x.dll,-1", "TTK=x", "LUAuth=O:LSD:",
                        "SkipVer=2.24"),
                       random.randint(0, 6)),
        f"Name={pick(('SMB', 'a b', '@FirewallAPI.dll,-28502', 'x & y <z>'))}"]
    return "|".join(fields) + "|"


def _rules(random: Random) -> list[str]:
    return [_rule(random) for _ in range(random.randint(1, 5))]


def hive(random: Random) -> bytes:
    """A hive of the registry."""
    from tests.fuzz import hives

    return random.choice((hives.exported, hives.system))(*_rules(random))


def registry_pol(random: Random) -> bytes:
    """A Registry.pol."""
    from tests.parsers.windows.test_binary import DWORD, KEY, SZ, policy, utf16

    return policy([(f"{KEY}\\FirewallRules", f"{{{number}}}", SZ, utf16(f"{each}\0"))
                   for number, each in enumerate(_rules(random))]
                  + [(f"{KEY}\\DomainProfile", "EnableFirewall", DWORD, b"\1\0\0\0")])


def policy_report(random: Random) -> bytes:
    """A report of Group Policy in XML."""
    from tests.parsers.windows.test_policy_report import ON, gpo, rule

    return gpo(*random.sample((ON, *map(rule, _rules(random))), random.randint(1, 2))).encode("utf-16")


def powershell(random: Random) -> bytes:
    """Rules with their filters, as one of the three forms that PowerShell writes."""
    from tests.parsers.windows.test_powershell import JOINED, PROFILE, RULE, documented, table

    if random.random() < 0.5:
        export = documented(*(RULE | {"InstanceID": f"r{number}"} for number in range(random.randint(1, 4))))
        export["Profile"] = [PROFILE | {"Name": name} for name in ("Domain", "Private", "Public")]
        return json.dumps(export, indent=1).encode()
    rows = [JOINED | {"InstanceID": f"r{number}", "Action": random.choice(("Allow", "Block"))}
            for number in range(3)]
    listed = "".join("".join(f"{name:30}: {value}\n" for name, value in row.items()) + "\n" for row in rows)
    return (table(*rows) if random.random() < 0.5 else listed).encode()


def netsh(random: Random) -> bytes:
    """Settings of profiles and rules as netsh shows them."""
    from tests.parsers.windows.windows import Words, listing, profiles

    rules = [Words(enabled=random.choice(("Yes", "No")), direction=random.choice(("In", "Out")),
                   protocol=random.choice(("TCP", "UDP", "ICMPv4", "Any")),
                   local_port=random.choice(("445", "RPC", "1-9")),
                   action=random.choice(("Allow", "Block"))) for _ in range(random.randint(1, 4))]
    return (profiles() + listing(*rules)).encode()
