"""Public configurations: read them all, and compare with what their owners say they mean.

The files are not part of the project; the tests run where a copy lies next to the checkout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from aclproof import parsers
from aclproof.parsers import source
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa.asa import addresses

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
ASA = CORPUS / "asa"

if not ASA.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

_OURS = re.compile(r"(?:<--- More --->)?[\r ]*(?:\S+[#>] ?)?(?:ipv6 "
                   r")?(?:access-list|object|object-group|network-object|"
                   r"port-object|service-object|protocol-object|icmp-object|group-object) ")
_BODY = re.compile(r" +(?:host|subnet|range|fqdn|service|network) ")

NO_ASA_SYNTAX: dict[str, str] = {
    # Lines that are to stay unread, by `file:first words`, and why.
    "batfish/asa-nested": "'object-group group KIND' is Batfish's own invention; its members follow it",
    "batfish/asa-service-object": "a comment behind the command; an ASA knows comments as whole lines only",
    "jarrinl_asa.txt": "a page of prose with templates such as 'host (IP address) | range ...', and hosts "
                       "with masks",
    "prometheus_asa1.txt": "aliases whose 'name' line the owner removed, and one with the address "
                           "09.194.230.62",
    "prometheus_asa9.txt": "an exercise with router syntax: ports without protocol, 'established', "
                           "wildcard masks",
    "springbok/test_rule08.txt": "'service egp': an ASA knows no such protocol name",
    "springbok/test_rule22.txt": "'interface' without the name of one",
    "springbok/test_rule32.txt": "'interface' without the name of one",
    "springbok/test_rule23.txt": "'network A' in an object",
    "springbok/test_rule24.txt": "'network A' in an object",
    "springbok/test_rule33.txt": "'network A' in an object",
    "springbok/test_rule34.txt": "'network A' in an object",
    "fwbuilder/gen_firewall90.fw.orig": "Firewall Builder wrote the service behind the destination: no ASA "
                                        "takes it",
}


@dataclass(frozen=True)
class Input:
    name: str
    text: bytes


@cache
def _inputs() -> tuple[Input, ...]:
    found = []
    for path in sorted(ASA.rglob("*")):
        name = str(path.relative_to(ASA))
        if not path.is_file() or path.suffix in (".yml", ".yaml", ".output") or path.name.startswith("ref_"):
            continue
        if path.suffix == ".t":
            found += [Input(f"{name}#{number}", block.encode()) for number,
                      block in enumerate(_devices(path))]
        else:
            found.append(Input(name, path.read_bytes()))
    return tuple(found)


def _devices(path: Path) -> Iterator[str]:
    """The DEVICE texts of a Netspoc test file, with their templates filled in."""
    parts = re.split(r"^=(\w+)=(.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    triples = list(zip(parts[0::3], parts[1::3], parts[2::3], strict=True))
    templates = {title.strip(): body for kind, title, body in triples if kind == "TEMPL"}
    for kind, title, body in triples:
        if kind == "DEVICE" and title.strip() != "NONE":
            yield re.sub(r"\[\[(\w+)\]\]\n?", lambda found: templates.get(found[1], ""), body)


@cache
def _read(name: str) -> Firewall | str:
    text = next(each.text for each in _inputs() if each.name == name)
    try:
        return parsers.parse(source.from_bytes(text, name))
    except UnsupportedInputError as error:
        return str(error)


def _firewall(name: str) -> Firewall:
    found = _read(name)
    assert isinstance(found, Firewall), found
    return found


REFUSED = {
    "ntc/cisco_asa_show_name.raw": "only 'name' lines",
    "ntc/cisco_asa_show_nat.raw": "'show nat' is no configuration",
}


def test_every_file_is_read_or_refused_and_every_line_counted() -> None:
    refused = {}
    for each in _inputs():
        found = _read(each.name)
        if isinstance(found, str):
            refused[each.name] = found
            continue
        lines = source.from_bytes(each.text, each.name).lines()
        assert found.line_counts.total == len(lines), each.name
    # Of Netspoc's test devices some hold only routes or crypto maps: nothing tells whose they are.
    assert {name for name in refused if not name.startswith("netspoc/")} == set(REFUSED)
    for name, message in refused.items():
        assert message.startswith(name)


def test_nearly_all_lines_of_lists_and_objects_are_understood() -> None:
    counted: Counter[str] = Counter()
    unread = []
    for each in _inputs():
        found = _read(each.name)
        if isinstance(found, str):
            continue
        states = {note.span.first_line: note for note in found.notes if note.state is State.UNREAD}
        for number, line in enumerate(source.from_bytes(each.text, each.name).lines(), 1):
            if _OURS.match(line) or _BODY.match(line):
                excepted = any(each.name.startswith(name) for name in NO_ASA_SYNTAX)
                note = states.get(number)
                counted["excepted" if note and excepted else "unread" if note else "understood"] += 1
                if note:
                    unread.append(f"{'excepted ' if excepted else ''}{note.span}: {line.strip()}  "
                                  f"({note.reason})")
    rate = counted["understood"] / (counted["understood"] + counted["unread"])
    print(f"\n{sum(counted.values())} lines of lists and objects, {dict(counted)}, {rate:.2%} understood")
    print("\n".join(unread))
    assert rate >= 0.99


# Springbok: test_ruleNN.txt and the rule that ref_ruleNN.txt expects, field by field as regular expressions.

SPRINGBOK_EXCEPTIONS = {
    "08": "'service egp' is no ASA protocol, and an object holds one service, not a list of them",
    "19": "1.1.1.1 255.0.0.0: a device refuses bits under the mask",
    "22": "'interface' without a name", "32": "'interface' without a name",
    "23": "an object with five addresses; a device keeps the last", "33": "an object with five addresses",
    "56": "a standard list, which an ASA binds to no interface",
    "24": "an object with five addresses, and bits under a mask", "34": "an object with five addresses",
}
_FIELDS = re.compile(r"name: (?P<name>\S+) +protocol: (?P<protocol>.*?) +ip_source: (?P<source>.*?) "
                     r"+port_source: "
                     r"(?P<sport>.*?) +ip_dest: (?P<destination>.*?) +port_dest: (?P<dport>.*?) +action: "
                     r"(?P<action>\w+)")
_NAMES = {1: "icmp", 6: "tcp", 17: "udp"}


def _springbok() -> list[str]:
    return sorted(path.name[8:10] for path in (ASA / "springbok").glob("ref_rule*.txt"))


def _written(rule: Rule) -> dict[str, str]:
    """Our rule in Springbok's words."""
    protocols = [_NAMES.get(n, str(n)) for each in rule.services if each.protocols != ANY_PROTOCOL
                 for low, high in each.protocols.ranges for n in range(low, high + 1)]
    [source_ports] = {each.source_ports for each in rule.services}
    [target_ports] = {each.destination_ports for each in rule.services}
    fields = {"protocol": ",".join(protocols), "sport": _ports(source_ports.ranges),
              "dport": _ports(target_ports.ranges)}
    for key, side in (("source", rule.sources), ("destination", rule.destinations)):
        whole = side.v4 == addresses("any4").v4
        texts = [text for family in Family for text in spell(family, side.of(family).ranges)]
        fields[key] = "" if whole else ",".join(texts)
    return {key: f"[{text}]" for key, text in fields.items()}


def _ports(ranges: tuple[tuple[int, int], ...]) -> str:
    if ranges == ANY_PORT.ranges:
        return ""
    if len(ranges) == 2:
        return f"!= {ranges[0][1] + 1}"
    [(low, high)] = ranges
    return f"> {low - 1}" if high == 65535 else f"{low} - {high}"


@pytest.mark.parametrize("number", _springbok())
def test_springbok_reads_the_same_rule(number: str) -> None:
    firewall = _firewall(f"springbok/test_rule{number}.txt")
    found = _FIELDS.search((ASA / "springbok" / f"ref_rule{number}.txt").read_text(encoding="utf-8"))
    assert found is not None
    expected = found.groupdict()
    rules = firewall.chains[expected["name"]].rules
    if number in SPRINGBOK_EXCEPTIONS:
        assert any(rule.conditions for rule in rules), "no silent rule"
        return
    assert rules[0].action.value == expected["action"]
    for key, text in _written(rules[0]).items():
        assert re.fullmatch(expected[key], text), (key, text, expected[key])


# Firewall Builder: the log of its import names every rule's line, list and action.

_IMPORTED = re.compile(r"^(\d+): filtering rule: access list (\S+), action (\w+)", re.MULTILINE)
_RULESET = re.compile(r"^\d+: Interface (\S+) ruleset (\S+) direction '(\w+)'", re.MULTILINE)
_GROUP = re.compile(r"^(\d+): Object Group \((?:network|service|protocol|icmp)\) (\S+)", re.MULTILINE)
_MADE_UP = re.compile(r"(?:icmp|ssh|telnet|http)_commands_")  # its name for management commands


def _imports() -> list[str]:
    return sorted(path.stem for path in (ASA / "fwbuilder").glob("*.output"))


@pytest.mark.parametrize("name", _imports())
def test_firewall_builder_imports_the_same_rules(name: str) -> None:
    firewall = _firewall(f"fwbuilder/{name}.test")
    log = (ASA / "fwbuilder" / f"{name}.output").read_text(encoding="utf-8")
    ours = {(rule.line, chain, rule.action.value) for chain,
            each in firewall.chains.items() for rule in each.rules
            if not chain.startswith("(")}
    theirs = {(int(line), chain, action) for line, chain,
              action in _IMPORTED.findall(log) if not _MADE_UP.match(chain)}
    assert theirs <= ours
    bound = {binding.chain for binding in firewall.bindings}
    assert {rule for rule in ours if rule[1] in bound} <= theirs
    for _, chain, direction in _RULESET.findall(log):
        if not _MADE_UP.match(chain):
            assert direction in {each.direction for each in firewall.bindings if each.chain == chain}, chain
    text = source.from_bytes((ASA / "fwbuilder" / f"{name}.test").read_bytes(), name).lines()
    for line, group in _GROUP.findall(log):
        if not group.endswith("-mirror"):  # made by the importer
            assert text[int(line) - 1].split()[2] == group


# ntc-templates: every line of a show command with its fields.

def _sample(name: str) -> list[dict[str, str]]:
    loaded: Any = yaml.safe_load((ASA / "ntc" / f"{name}.yml").read_text(encoding="utf-8"))
    return list(loaded["parsed_sample"])


def _side(entry: dict[str, str], prefix: str) -> set[str] | None:
    """An expanded element's addresses on one side; None when it has none, '?' for a name."""
    if entry[f"{prefix}_fqdn"] or entry.get(f"{prefix}_host_fqdn"):
        return {"?"}
    if entry[f"{prefix}_any"]:
        return {entry[f"{prefix}_any"]}
    if entry[f"{prefix}_host"]:
        return {entry[f"{prefix}_host"]}
    if entry[f"{prefix}_v6host"]:
        return {entry[f"{prefix}_v6host"]}
    if entry[f"{prefix}_network"]:
        return {f"{entry[f'{prefix}_network']}/{entry[f'{prefix}_mask']}"}
    if entry[f"{prefix}_v6network"]:
        return {f"{entry[f'{prefix}_v6network']}/{entry[f'{prefix}_v6mask']}"}
    if entry[f"{prefix}_range_start"]:
        return {f"{entry[f'{prefix}_range_start']}-{entry[f'{prefix}_range_end']}"}
    return None


def _compared(entry: dict[str, str], rule: Rule, text: str) -> int:
    """Hold one rule against the sample's entry; returns how many of its sides could be compared."""
    assert entry["action"] == rule.action.value, text
    if entry["type"] == "standard":  # the sample calls its one address the source
        return 0
    sides = [(_side(entry, "entry_src"), rule.sources), (_side(entry, "entry_dst"), rule.destinations)]
    known = [(expected, side) for expected, side in sides if expected is not None and expected != {"?"}]
    for expected, side in known:
        assert side == addresses(*expected), text
    if entry["entry_port_range_start"].isdecimal():
        ports = int(entry["entry_port_range_start"]), int(entry["entry_port_range_end"])
        assert rule.services[0].destination_ports.ranges == (ports,), text
    if entry["entry_port"].isdecimal():
        port = int(entry["entry_port"])
        assert rule.services[0].destination_ports.ranges == ((port, port),), text
    numbers = {name: number for number, name in _NAMES.items()}
    if entry["entry_protocol"] in numbers:
        number = numbers[entry["entry_protocol"]]
        assert rule.services[0].protocols.ranges == ((number, number),)
    return len(known)


@pytest.mark.parametrize("name", ["cisco_asa_show_access-list3", "cisco_asa_show_access-list_update2"])
def test_ntc_shows_the_same_elements(name: str) -> None:
    firewall = _firewall(f"ntc/{name}.raw")
    raw = source.from_bytes((ASA / "ntc" / f"{name}.raw").read_bytes(), name).lines()
    entries = [each for each in _sample(name) if each["acl_name"]]
    assert len(entries) == len(raw)  # the sample has one entry for each line of the listing
    by_line: dict[int, list[Rule]] = {}
    for chain, each in firewall.chains.items():
        if not chain.startswith("("):
            for rule in each.rules:
                if not any(isinstance(test, Opaque) and not test.key for test in rule.conditions):
                    by_line.setdefault(rule.line, []).append(rule)  # not what the listing lacks: two of 89
    compared = sum(_compared(entries[line - 1], rules[0], raw[line - 1]) for line, rules in by_line.items())
    # Of every line of a list that is no remark and no header, one rule: its elements, or itself without any.
    numbered = {(each["acl_name"],
                 each["line_num"]) for each in entries if each["line_num"] and not each["remark"]}
    ours = {(entries[line - 1]["acl_name"], entries[line - 1]["line_num"]) for line in by_line}
    assert ours == numbered
    print(f"\n{name}: {len(entries)} lines, {len(by_line)} rules, {compared} sides compared")


def test_ntc_shows_the_same_groups() -> None:
    text = (ASA / "ntc" / "cisco_asa_show_object-group_network.raw").read_text(encoding="utf-8")
    for group in ("NETWORK-10.42.89.0_24", "network-10.0.0.0_8", "SITE-A", "site-b", "Lab", "dr", "dr2"):
        firewall = parsers.parse(source.from_bytes(
            f"{text}\naccess-list A extended permit ip object-group {group} any\n".encode(), "f"))
        expected = [each["host"] or f"{each['network']}/{each['netmask']}"
                    for each in _sample("cisco_asa_show_object-group_network") if each["name"] == group]
        assert firewall.chains["A"].rules[0].sources == addresses(*expected)


def test_ntc_shows_the_same_services() -> None:
    text = (ASA / "ntc" / "show_running-config_object-group_service.raw").read_text(encoding="utf-8")
    sample = _sample("show_running-config_object-group_service")
    for group in ("three", "four"):
        firewall = parsers.parse(source.from_bytes(
            f"{text}\naccess-list A extended permit object-group {group} any any\n".encode(), "f"))
        members = [each for each in sample if each["name"] == "three"]
        assert [(each.source_ports.ranges, each.destination_ports.ranges)
                for each in firewall.chains["A"].rules[0].services] == [
            (_operator(each, "src"), _operator(each, "dst")) for each in members]


def _operator(member: dict[str, str], side: str) -> tuple[tuple[int, int], ...]:
    operator, first, last = (member[f"{side}_{key}"] for key in ("operator", "port_start", "port_end"))
    match operator:
        case "":
            return ((0, 65535),)
        case "eq":
            return ((int(first), int(first)),)
        case "range":
            return ((int(first), int(last)),)
        case "gt":
            return ((int(first) + 1, 65535),)
        case _:
            return ((0, int(first) - 1),)


def test_ntc_shows_the_same_bindings() -> None:
    text = (ASA / "ntc" / "show_running-config_access-group.raw").read_text(encoding="utf-8")
    firewall = parsers.parse(source.from_bytes(text.encode(), "f"))
    assert [(each.chain, each.interface) for each in firewall.bindings] == [
        (each["access_list"], each["interface"]) for each in _sample("show_running-config_access-group")]
