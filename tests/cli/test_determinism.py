"""The same inputs give the same bytes: over runs, hash seeds, surroundings, and every order without meaning.

Order has a meaning in `firewalls` and `through`: the packets' way. In `config` it has one where both files
speak of the same: two rule sets of one Linux are used in turn, and a Windows is named after its first file.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.result import Verdict
from aclproof.linter.site.reader import read
from tests.parsers.windows.windows import OTHER_WAY, Words, profiles

ROOT = Path(__file__).parents[2]
SITES = Path("fixtures") / "sites"
DAY = date(2026, 10, 1)
AS_OF = ["--as-of", str(DAY)]
NAMES = ["branch", "fqdn-settled", "linux-asa-and-host", "linux-dual-stack", "linux-two-back-ends",
         "nat-published-servers", "path-dmz", "source-share-blocked", "unread-command",
         "windows-three-vendors"]
SURROUNDINGS: list[Mapping[str, str]] = [
    {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "1", "COLUMNS": "200", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "C"}]
WAIVERS = """\
waivers:
  - {id: A, requirement: CM2007-PUSH-SMB, reason: r, owner: o, expires: 2027-01-01}
  - {id: B, requirement: CM2007-PUSH-RPC, reason: r, owner: o, expires: 2026-09-01}
"""

Answer = tuple[int, bytes, bytes, list[bytes]]


def ran(surroundings: Mapping[str, str], folder: Path, *arguments: str) -> Answer:
    """Exit code, both streams, and the files that were written into a folder of its own."""
    folder.mkdir()
    command = [sys.executable, "-m", "aclproof", *(each.format(folder) for each in arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False,
                          env={**os.environ, **surroundings})
    return done.returncode, done.stdout, done.stderr, [path.read_bytes() for path in sorted(folder.iterdir())]


def ran_everywhere(folder: Path, *arguments: str) -> Answer:
    """Run in all surroundings, and make sure that the answers are equal."""
    first, *others = (ran(each, folder / str(number), *arguments)
                      for number, each in enumerate(SURROUNDINGS))
    assert all(each == first for each in others)
    assert first[0] in (0, 1, 3)
    return first


@pytest.mark.parametrize("name", NAMES)
def test_every_report_is_the_same_in_every_run(name: str, tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS, encoding="utf-8")
    files = [word for each in FORMATS for word in ("--format", f"{each}={{}}/{each}")]
    _, stdout, _, written = ran_everywhere(
        tmp_path, "check", str(SITES / name / "aclproof.yaml"), *AS_OF, "--format", "text", *files,
        "--waivers", str(tmp_path / "waivers.yaml"))
    assert len(written) == len(FORMATS)
    assert all([stdout, *written])


@pytest.mark.parametrize("arguments", [
    ["fix", str(SITES / "branch" / "aclproof.yaml"), *AS_OF],
    ["fix", str(SITES / "windows-three-vendors" / "aclproof.yaml"), *AS_OF, "--format", "json"],
    ["show", str(SITES / "branch" / "branch-asa.cfg"), "--format", "json"],
    ["trace", str(SITES / "branch" / "branch-asa.cfg"), "10.1.1.10", "10.20.0.77", "tcp", "445", "--format",
     "json"],
    ["explain"],
], ids=lambda arguments: " ".join(arguments[:1]))
def test_every_command_says_the_same_in_every_run(arguments: list[str], tmp_path: Path) -> None:
    assert ran_everywhere(tmp_path, *arguments)[1]


# -- order without meaning

OPTIONS = [["--client", "10.20.0.0/17"], ["--client", "10.20.128.0/17"], ["--server", "10.1.1.0/28"],
           ["--role", "distribution-point=10.1.1.12"], ["--role", "software-update-point=10.1.1.13"],
           ["--set", "mode=mixed"], ["--set", "client-os=windows-7"], ["--set", "wsus-http-port=8530"],
           ["--method", "client-push"], ["--method", "software-distribution"],
           ["--method", "software-update-point"], ["--fact", "time-range OFFICE-HOURS=active"],
           ["--interface", "client=branch"], ["--interface", "site-server=datacentre"],
           [str(SITES / "branch" / "branch-asa.cfg")], AS_OF]


def shuffled(items: Sequence[Any], seed: int) -> list[Any]:
    return random.Random(seed).sample(items, len(items))


def test_the_order_of_options_means_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    formats = [["--format", f"{each}={tmp_path / each}"] for each in FORMATS]
    told = set()
    for seed in range(12):
        code = run(["check", *(word for each in shuffled([*OPTIONS, *formats], seed) for word in each)])
        told.add((code, *capsys.readouterr(), *((tmp_path / each).read_bytes() for each in FORMATS)))
    assert len(told) == 1
    assert told.pop()[0] == 1


def test_the_order_of_options_means_nothing_in_another_process_either(tmp_path: Path) -> None:
    options = [word for each in shuffled(OPTIONS, 99) for word in each]
    straight = [word for each in OPTIONS for word in each]
    assert ran(SURROUNDINGS[1], tmp_path / "1", "check", *options) == \
        ran(SURROUNDINGS[2], tmp_path / "2", "check", *straight)


def reports(site: Path) -> dict[str, str]:
    return {name: render(check(read(site), DAY), Look()) for name, render in FORMATS.items()}


MEANT = ("firewalls", "through", "config")


def stirred(data: Any, chance: random.Random, key: str = "") -> Any:
    """A site file's data with everything in another order that means nothing."""
    if isinstance(data, dict):
        keys = chance.sample(list(data), len(data))
        return {each: stirred(data[each], chance, each) for each in keys}
    if isinstance(data, list):
        kept = data if key in MEANT else chance.sample(data, len(data))
        return [stirred(each, chance) for each in kept]
    return data


def test_stirring_stirs() -> None:
    data = {"a": [1, 2, 3, 4], "through": [1, 2, 3, 4], "b": {"c": 1, "d": 2}}
    found = [stirred(data, random.Random(seed)) for seed in range(9)]
    assert all(each == data for each in [{**one, "a": sorted(one["a"])} for one in found])
    assert len({str(each) for each in found}) > 6


@pytest.mark.parametrize("name", NAMES)
def test_the_order_in_a_site_file_means_nothing_beside_the_way(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / SITES / name, folder)
    site = folder / "aclproof.yaml"
    data = yaml.load(site.read_text(encoding="utf-8"), yaml.BaseLoader)
    straight = reports(site)
    for seed in range(4):
        site.write_text(yaml.safe_dump(stirred(data, random.Random(seed)), sort_keys=False), encoding="utf-8")
        assert reports(site) == straight


def test_the_files_of_a_linux_come_in_any_order(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(ROOT / SITES / "linux-dual-stack", folder)
    site = folder / "aclproof.yaml"
    straight, text = reports(site), site.read_text(encoding="utf-8")
    assert "[rules.v4, rules.v6]" in text
    site.write_text(text.replace("[rules.v4, rules.v6]", "[rules.v6, rules.v4]"), encoding="utf-8")
    assert reports(site) == straight


WINDOWS = """\
settings: {mode: mixed, client-os: windows-7}
methods: [client-push]
roles: {client: [10.76.0.0/16], site-server: [10.1.76.10], management-point: [10.1.76.11]}
firewalls: [{name: client-host, config: %s, host: client, profile: domain}]
"""


def test_the_files_of_a_windows_come_in_any_order(tmp_path: Path) -> None:
    """As `show rule name=all dir=in`, `dir=out` and `show allprofiles` print them."""
    inbound = (Words("SMB", local_port="445", program="System"),
               Words("Endpoint mapper", local_port="135", action="Block"),
               Words("Echo", protocol="ICMPv4", icmp=(("8", "Any"),)))
    outbound = OTHER_WAY + Words("Another", direction="Out", remote_port="6", enabled="No").text()
    files = {"rules.txt": "".join(each.text() for each in inbound) + "Ok.\n", "more.txt": outbound + "Ok.\n",
             "profiles.txt": profiles()}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = []
    for names in permutations(files):
        (tmp_path / "aclproof.yaml").write_text(WINDOWS % f"[{', '.join(names)}]", encoding="utf-8")
        result = check(read(tmp_path / "aclproof.yaml"), DAY)
        told.append(replace(result, inputs=()))  # what it says of all files together is at the first one
    assert all(each == told[0] for each in told)
    assert {each.verdict for each in told[0].demands} >= {Verdict.MET, Verdict.MISSING}
