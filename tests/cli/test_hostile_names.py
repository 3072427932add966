"""Every command and format with names that attack terminals, readers and pipelines: all of it stays text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aclproof.linter.cli import run
from aclproof.linter.reports import FORMATS
from aclproof.linter.reports.request import FORMATS as OF_REQUESTS
from tests.reports import readers
from tests.scale import scaled

PACK = Path(__file__).parents[2] / "rules" / "configmgr-2007.yaml"
ORDERS = ["::add-mask::x", "::error file=a::x", "##[error]x", "##[add-mask]x",
          "##vso[task.complete result=Succeeded;]", "##vso[task.setvariable variable=A]b",
          "##teamcity[buildStop comment='x']", "section_start:12:a", "section_end:12:a"]
SIGNS = ["\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\x08", "\r", "\u202e", "\u2066", "\u200b", "\u200d", "\u2060",
         "\ufeff", "\u00ad", "\ufe0f", "\u034f", "\u3164", "\u2028", "\x85", "\U000e0041", "\udc9b", "\ud800",
         "\t", "\x7f", "\x0b"]
PLAIN = ["a", " ", "-", ":", "::", "#", "##", "[", "]", "x" * 90, "<b>", "&", "`", "|", "=1", '"', "'", "%0A"]
NAMES = st.lists(st.sampled_from(ORDERS + SIGNS + PLAIN), min_size=1, max_size=6).map("".join)
HIDDEN_FROM_PYTHON = {"\ufe0f", "\u034f", "\u3164"}
"""Default_Ignorable_Code_Point of the Unicode database, which `isprintable` does not know."""

ASA = """ASA Version 9.12(4)
hostname {word}
interface GigabitEthernet0/0
 description {text}
 nameif {word}o
 security-level 0
 ip address 10.1.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
object network {word}
 host 10.1.1.10
time-range {word}
 periodic daily 1:00 to 2:00
access-list {word} remark {text}
access-list {word} extended permit tcp object {word} any eq 445 inactive
access-list {word} extended permit tcp object {word} any eq 135 time-range {word}
access-list {word} extended deny tcp any any {text}
access-list {word} extended deny ip any any
access-group {word} in interface {word}o
{text}
"""
IPTABLES = """*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:{chain} - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j {chain}
-A {chain} -p tcp -m comment --comment "{quoted}" -m tcp --dport 445 -j DROP
-A {chain} -p tcp -m set --match-set {chain} src -m tcp --dport 135 -j ACCEPT
-A {chain} -p tcp -m tcp --dport 445 -j ACCEPT -m comment --comment "{quoted}"
{text}
COMMIT
"""
SITE = """roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
settings: {{mode: mixed, client-os: windows-xp}}
methods: [client-push, group-policy]
firewalls: [{{name: {name}, config: {file}{more}}}]
"""
WAIVERS = """waivers:
  - {{id: {name}, requirement: CM2007-PUSH-SMB, reason: {name}, owner: {name}, expires: 2026-03-01}}
"""
WINDOWS = 2
QUICK = ["--client", "10.20.0.0/16", "--server", "10.1.1.0/28", "--set", "mode=mixed", "--set",
         "client-os=windows-xp"]
PACKET = ["10.1.1.10", "10.20.0.5", "tcp", "445"]


def yaml(text: str) -> str:
    """A text as YAML takes it, without what a site file refuses to hold."""
    return json.dumps("".join(each for each in text if unicodedata.category(each)[0] != "C"
                              and each not in "\u2028\u2029") or "x", ensure_ascii=False)


def written(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Write a site for an ASA and one for Linux with this name everywhere, and yield site file and config."""
    text = name.encode("utf-8", "replace").decode()
    word = "".join("_" if each.isspace() else each for each in text)
    quoted = text.replace('"', "'").replace("\\", "/")
    own = "".join("_" if each in "/\0" else each for each in json.loads(yaml(name)))[:100]
    (folder / "pack.yaml").write_text(
        PACK.read_text(encoding="utf-8").replace("title: {en: Client push", f"title: {{en: {yaml(name)}", 1)
        .replace("en: client computer", f"en: {yaml(name)}", 1), encoding="utf-8")
    (folder / "waivers.yaml").write_text(WAIVERS.format(name=yaml(name)), encoding="utf-8")
    names = dict.fromkeys(("InstanceID", "Name", "DisplayName", "Group"), name)
    rule = {**names, "Enabled": 1, "Direction": 1, "Action": 4, "Profile": 0, "Protocol": "TCP",
            "LocalPort": ["445"]}
    for number, config in enumerate((
            ASA.format(word=word, text=text), IPTABLES.format(chain=word[:28], quoted=quoted, text=text),
            json.dumps([rule, {**rule, "LocalPort": ["135"], "LocalUser": name}]))):
        file, site = f"{number}{own}", folder / f"{number}.yaml"
        (folder / file).write_bytes(config.encode())
        more = ", host: client, profile: domain" if number == WINDOWS else ""
        site.write_text(SITE.format(name=yaml(name), file=yaml(file), more=more), encoding="utf-8")
        yield site.name, file


def calls(site: str, config: str, name: str) -> Iterator[list[str]]:
    """Every command in every format, and what goes wrong on the way to them."""
    day = ["--as-of", "2026-01-15"]
    for form in FORMATS:
        yield ["check", site, *day, "--format", form, "--lang", "de", "--waivers", "waivers.yaml", "--fixes"]
    yield ["check", site, *day, "-v", "--color", "never", "--statistics", "--pack", "pack.yaml"]
    yield ["check", config, *QUICK, "--fact", f"{name}=yes"]
    yield ["check", name, *QUICK]
    yield ["check", config, *QUICK, "--role", f"{name}=10.0.0.1", "--interface", f"{name}=x"]
    for form in OF_REQUESTS:
        yield ["requirements", site, "--format", form, "--pack", "pack.yaml"]
    for form in ("text", "json"):
        yield ["show", config, "--format", form]
        yield ["fix", site, *day, "--format", form]
        yield ["diff", site, site, *day, "--format", form]
        yield ["trace", site, *PACKET, *day, "--format", form]
    yield ["show", config, "--acl", name]
    yield ["diff", site, name]
    yield ["trace", site, *PACKET, "--explain"]
    yield ["trace", config, *PACKET, "--ingress", name]
    yield ["trace", name, name, name, name]
    yield ["trace", site, "--packets", config]
    yield ["explain", name]
    yield ["explain", "client-push", "--pack", "pack.yaml"]
    yield ["explain", "--pack", "pack.yaml"]
    yield ["init", config, "-o", "-", "--pack", "pack.yaml"]
    yield ["schema", "site", "--pack", "pack.yaml"]
    yield [name]


def harmless(text: str, form: str) -> None:
    shown = text.replace("\r\n", "\n") if form == "csv" else text
    assert "".join(shown.split("\n")).isprintable()
    assert not HIDDEN_FROM_PYTHON & set(shown)
    assert form == "github" or list(readers.commands_of(text)) == []
    assert readers.orders_in(text) == []


@pytest.mark.parametrize("number", [0, 1, WINDOWS], ids=["asa", "iptables", "windows"])
@settings(max_examples=scaled(3, 12, 150), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(name="".join(ORDERS))
@example(name="::add-mask::x")
@example(name="##vso[a]\x1b[31m\u202e\u200b\ufe0f")
@example(name="\udc9b\ud800")
@given(name=NAMES)
def test_no_name_acts_anywhere(number: int, name: str, tmp_path_factory: pytest.TempPathFactory,
                               capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        site, config = list(written(folder, name))[number]
        for call in calls(site, config, name):
            code = run(call)
            out, err = capsys.readouterr()
            form = call[call.index("--format") + 1] if "--format" in call else ""
            try:
                assert code in (0, 1, 2, 3), err
                harmless(out, form)
                harmless(err, "")
                if form in ("json", "sarif", "gitlab") and code != 2:
                    json.loads(out)
            except AssertionError as error:
                raise AssertionError(f"{call}: {error}") from None
