"""Lines that are entered into an ASA: what a device would hold afterwards, and what it would refuse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from aclproof.parsers import scripts, source
from aclproof.parsers.cisco_asa.edit import script as asa_script
from aclproof.parsers.edited import Changed
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa.asa import read

HEAD = """\
ASA Version 9.12(4)
name 10.9.9.9 web1
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.0.0
"""
CONFIG = HEAD + """\
object network SERVER
 host 10.1.0.10
object network NATTED
 host 10.1.0.20
object-group network G
 description some
 network-object host 10.2.0.1
 network-object 10.3.0.0 255.255.0.0
object-group network H
 group-object G
object-group service WEB tcp
 port-object eq www
 port-object eq 8080
access-list IN remark first
access-list IN extended permit tcp any host 10.1.0.10 eq www
access-list IN extended permit tcp object-group H object SERVER object-group WEB log
access-list IN extended deny ip any any
access-list ONE extended permit ip any any
access-group IN in interface outside
access-group ONE in interface inside
object network NATTED
 nat (inside,outside) static 192.0.2.20
nat (inside,outside) source static SERVER SERVER
route outside 0.0.0.0 0.0.0.0 192.0.2.1 1
class-map inspection_default
 match default-inspection-traffic
policy-map global_policy
 class inspection_default
  inspect ftp
service-policy global_policy global
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "fw.cfg"
    path.write_text(CONFIG)
    return path


def entered(config: Path, *lines: str) -> Changed:
    script = config.parent / "change.txt"
    script.write_text("\n".join(lines) + "\n")
    return scripts.read([str(config)], source.read(str(script)))


def texts(firewall: Firewall, acl: str) -> list[str]:
    """The entries of a list as they are quoted, remarks left out."""
    return [firewall.source.span(rule.line).text.partition(f"access-list {acl} ")[2]
            for rule in firewall.chains[acl].rules]


WEB, GROUP, DENY = (
    "extended permit tcp any host 10.1.0.10 eq www",
    "extended permit tcp object-group H object SERVER object-group WEB log", "extended deny ip any any")

ENTERED: list[tuple[list[str], list[str]]] = [
    (
        ["access-list IN line 2 extended deny tcp any any eq 22"],
        ["line 2 extended deny tcp any any eq 22", WEB, GROUP, DENY],
    ),
    (
        ["access-list IN line 3 extended deny tcp any any eq 22"],  # the remark is line 1
        [WEB, "line 3 extended deny tcp any any eq 22", GROUP, DENY],
    ),
    (
        ["access-list IN line 99 extended permit ip any any"],
        [WEB, GROUP, DENY, "line 99 extended permit ip any any"],
    ),
    (["access-list IN permit tcp any any eq 22"], [WEB, GROUP, DENY, "permit tcp any any eq 22"]),
    (
        ["access-list IN line 1 remark another", "access-list IN line 3 extended deny tcp any any eq 22"],
        ["line 3 extended deny tcp any any eq 22", WEB, GROUP, DENY],
    ),
    (["no access-list IN extended permit tcp any host 10.1.0.10 eq 80"], [GROUP, DENY]),
    (["no access-list IN line 2 permit tcp any 10.1.0.10 255.255.255.255 eq www"], [GROUP, DENY]),
    (["no access-list IN extended permit tcp object-group H object SERVER object-group WEB"], [WEB, DENY]),
    (
        ["no access-list IN remark first", "access-list IN line 1 extended deny tcp any any eq 22"],
        ["line 1 extended deny tcp any any eq 22", WEB, GROUP, DENY],
    ),
    (
        ["fw(config)# access-list IN line 2 extended deny tcp any any eq 22", "fw(config)# end"],
        ["access-list IN line 2 extended deny tcp any any eq 22", WEB, GROUP, DENY],
    ),
    (
        ["no access-list IN extended deny ip any any", "access-list IN line 2 extended deny ip any any"],
        ["line 2 extended deny ip any any", WEB, GROUP],
    ),
    (
        [
            "clear configure access-list IN",
            "access-list IN extended permit udp any any",
            "access-group IN in interface outside",
        ],
        ["extended permit udp any any"],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), ENTERED)
def test_entries_go_where_the_device_puts_them(config: Path, lines: list[str], expected: list[str]) -> None:
    firewall = entered(config, *lines).firewall
    assert [each.removeprefix("fw(config)# access-list IN ") for each in texts(firewall, "IN")] == [
        each.removeprefix("access-list IN ") for each in expected]


def test_an_entry_that_is_there_already_changes_nothing_however_it_is_spelled(config: Path) -> None:
    old = read(CONFIG)
    for line in ("extended permit tcp any host 10.1.0.10 eq 80",
                 "line 1 permit tcp any host 10.1.0.10 eq www log",
                 "permit 6 any 10.1.0.10 255.255.255.255 eq 80 log warnings interval 30"):
        changed = entered(config, f"access-list IN {line}")
        assert [rule._replace(line=0) for rule in changed.firewall.chains["IN"].rules] == [
            rule._replace(line=0) for rule in old.chains["IN"].rules]
        assert "has this entry already" in changed.remarks[0].text


def test_inactive_turns_an_entry_off_and_on_where_it_stands(config: Path) -> None:
    off = entered(config, "access-list IN extended permit tcp any host 10.1.0.10 eq 80 inactive").firewall
    assert [rule.enabled for rule in off.chains["IN"].rules] == [False, True, True]
    on = entered(config, "access-list IN extended permit tcp any host 10.1.0.10 eq 80 inactive",
                 "access-list IN extended permit tcp any host 10.1.0.10 eq 80").firewall
    assert [rule.enabled for rule in on.chains["IN"].rules] == [True, True, True]


def test_a_list_without_a_permit_or_a_deny_is_bound_no_more(config: Path) -> None:
    for lines in (["no access-list ONE extended permit ip any any"], ["clear configure access-list ONE"],
                  ["access-list ONE remark only this", "no access-list ONE extended permit ip any any"],
                  ["clear conf access-list ONE", "access-list ONE extended permit ip any any"]):
        changed = entered(config, *lines)
        assert [each.chain for each in changed.firewall.bindings] == ["IN"]
        assert "'access-group ONE in interface inside' away as well" in changed.remarks[0].text


def test_with_forward_references_a_list_that_is_gone_stays_bound(config: Path) -> None:
    config.write_text(CONFIG + "forward-reference enable\n")
    firewall = entered(config, "clear configure access-list ONE").firewall
    assert [each.chain for each in firewall.bindings] == ["IN", "ONE"]
    open_ = firewall.chains["ONE"].rules[0].conditions
    assert open_[0].because.endswith("is not in the file")


def test_a_place_takes_one_list(config: Path) -> None:
    firewall = entered(config, "access-list NEW extended permit tcp any any eq 443",
                       "access-group NEW in interface outside").firewall
    bound = {(each.chain, each.interface) for each in firewall.bindings}
    assert bound == {("NEW", "outside"), ("ONE", "inside")}
    assert "access-group IN in" not in "\n".join(firewall.source.span(n).text for n in range(1, 60))


def test_definitions_go_on_where_they_were_left(config: Path) -> None:
    firewall = entered(
        config,
        "object network SERVER",
        "host 10.1.0.99",
        "object-group network G",
        " network-object host 10.2.0.2",
        " no network-object 10.3.0.0 255.255.0.0",
        "object-group service WEB tcp",
        "no port-object eq 80",
        "exit",
    ).firewall
    rule = firewall.chains["IN"].rules[1]
    assert rule.sources.v4.ranges == ((0x0A020001, 0x0A020002),)
    assert rule.destinations.v4.ranges == ((0x0A010063, 0x0A010063),)
    assert rule.services[0].destination_ports.ranges == ((8080, 8080),)


def test_what_an_object_translates_to_is_replaced(config: Path) -> None:
    firewall = entered(config, "object network NATTED", " nat (inside,outside) static 192.0.2.21").firewall
    mapped = [each.destinations.v4.lowest & 255 for each in firewall.translations
              if each.end == "destination" and each.destinations.v4.size == 1]
    assert mapped == [10, 21]
    gone = entered(config, "object network NATTED", " no nat (inside,outside) static 192.0.2.20").firewall
    assert len(gone.translations) < len(firewall.translations)


def test_translations_take_their_number(config: Path) -> None:
    firewall = entered(config, "nat (inside,outside) 1 source static NATTED NATTED").firewall
    twice = [firewall.source.span(each.line).text
             for each in firewall.translations if each.end == "destination"]
    assert twice[0] == "nat (inside,outside) 1 source static NATTED NATTED"
    gone = entered(config, "no nat (inside,outside) 1 source static SERVER SERVER").firewall
    assert not any("SERVER" in gone.source.span(each.line).text for each in gone.translations)


def test_interfaces_routes_and_policies(config: Path) -> None:
    firewall = entered(
        config,
        "interface gi0/1",
        " security-level 40",
        " no shutdown",
        "interface GigabitEthernet0/2",
        " nameif dmz",
        " security-level 50",
        " ip address 10.4.0.1 255.255.0.0",
        " shutdown",
        "no route outside 0.0.0.0 0.0.0.0",
        "route outside 172.16.0.0 255.240.0.0 192.0.2.1",
        "policy-map global_policy",
        " class inspection_default",
        "  inspect icmp",
        "  no inspect ftp",
        "same-security-traffic permit inter-interface",
    ).firewall
    assert [(each.name, each.level) for each in firewall.interfaces] == [("outside", 0), ("inside", 40)]
    assert [each.protocol for each in firewall.inspections] == ["icmp"]
    assert sorted(each.length for each in firewall.routes) == [12, 16, 24]
    assert "inter-interface" in firewall.options
    up = entered(config, "interface GigabitEthernet0/1", " shutdown", "exit", "interface GigabitEthernet0/1",
                 " no shutdown").firewall
    assert [each.name for each in up.interfaces] == ["outside", "inside"]


def test_a_time_range_keeps_one_end(config: Path) -> None:
    config.write_text(CONFIG +
                      "time-range T\n absolute end 12:00 1 June 2030\n periodic daily 8:00 to 17:00\n"
                      "access-list IN extended permit tcp any any eq 22 time-range T\n")
    firewall = entered(config, "time-range T", " absolute end 12:00 1 June 2020").firewall
    rule = firewall.chains["IN"].rules[-1]
    assert "2020" in repr(rule.conditions)


def test_lines_of_other_matters_pass(config: Path) -> None:
    changed = entered(
        config,
        "conf t",
        "logging buffered warnings",
        "no logging console",
        "username joe password secret",
        "group-policy GP attributes",
        " vpn-filter value ONE",
        "snmp-server community public",
        "!",
        "! a comment",
        "ntp server 10.1.0.1",
        "clear xlate",
        "access-list IN line 2 remark x",
        "end",
        "write memory",
    )
    assert changed.remarks == ()
    assert [rule._replace(line=0) for rule in changed.firewall.chains["IN"].rules] == [
        rule._replace(line=0) for rule in read(CONFIG).chains["IN"].rules]


@pytest.mark.parametrize("lines", [
    ["no sysopt connection permit-vpn"], ["sysopt connection permit-vpn", "no sysopt connection permit-vpn"],
    ["no sysopt connection permit-vpn", "no sysopt connection permit-vpn"],
    ["no sysopt connection permit-vpn", "sysopt connection permit-vpn"]])
def test_the_no_of_what_is_on_by_itself_is_kept(config: Path, lines: list[str]) -> None:
    """A running configuration shows it so, and the last word counts."""
    after = entered(config, *lines).firewall
    texts_of_it = [after.source.span(line).text for line in range(1, after.line_counts.total + 1)]
    assert [each for each in texts_of_it if "sysopt" in each] == lines[-1:]


REFUSED: list[tuple[list[str], str]] = [
    (["access-list IN extended permit tpc any any"], "change.txt:1: "),
    (["access-list IN line 0 extended permit ip any any"], "N from 1"),
    (["access-list IN line x extended permit ip any any"], "N from 1"),
    (["access-list IN extended permit tcp object-group NOPE any"], "no object-group NOPE"),
    (["access-list IN extended permit tcp object NOPE any"], "no object NOPE"),
    (["no access-list IN extended permit tcp any host 10.1.0.10 eq 81"], "has no such entry"),
    (["no access-list IN line 3 extended permit tcp any host 10.1.0.10 eq 80"], "no such entry as line 3"),
    (["no access-list NOPE extended permit ip any any"], "has no such entry"),
    (["no access-list IN"], "clear configure access-list IN"),
    (["no access-list IN line 3"], "clear configure access-list IN"),
    (["access-list IN remark a", "access-list IN remark a", "no access-list IN remark a"], "more than one"),
    (["clear configure access-list NOPE"], "no access-list NOPE"),
    (["clear configure all"], "not followed"),
    (["clear configure object-group"], "not followed"),
    (["clear access-list IN"], "only 'clear configure access-list'"),
    (["access-group NOPE in interface inside"], "no access-list NOPE"),
    (["access-list R remark only", "access-group R in interface inside"], "no access-list R"),
    (["access-group IN in interface insdie"], "one of outside, inside"),
    (["access-group IN inside"], "expected 'access-group"),
    (["no access-group IN in interface inside"], "no such line"),
    (["no object-group network G"], "fw.cfg:20 uses object-group G"),
    (["no object network SERVER"], "uses object SERVER"),
    (["no object network NOPE"], "no object network NOPE"),
    (["object-group network G", "no network-object host 10.2.0.9"], "no such member"),
    (["object-group network G", "no network-object host 10.2.0.1", "no network-object 10.3.0.0 255.255.0.0"],
     "change.txt:3: object-group G would become empty"),
    (["object-group network G", "network-object 10.0.0.0"], "change.txt:2: "),
    (["object-group network G", "group-object NOPE"], "no object-group NOPE"),
    (["object-group network G", "port-object eq 80"], "expected network-object"),
    (["object-group service G tcp"], "is there already"),
    (["object network G", " host 10.0.0.1"], "is there already"),
    (["object network SERVER", " route inside 10.0.0.0 255.0.0.0 10.1.0.9", "network-object host 1.1.1.1"],
     "belongs into a section"),
    (["network-object host 1.1.1.1"], "belongs into a section"),
    (["inspect dcerpc"], "belongs into a section"),
    (["object network SERVER", " no host 10.1.0.10"], "keeps its value"),
    (["interface GigabitEthernet0/1", " no nameif"], "not followed"),
    (["interface GigabitEthernet0/1", " nameif lan"], "not followed"),
    (["no interface GigabitEthernet0/1"], "not followed"),
    (["no route outside 10.0.0.0 255.0.0.0"], "no such line"),
    (["no same-security-traffic permit inter-interface"], "no such line"),
    (["policy-map global_policy", " class inspection_default", "  no inspect dcerpc"], "no such line"),
    (["policy-map global_policy", " class inspection_default", "exit", "exit", "class inspection_default"],
     "belongs into a section"),
    (["default interface GigabitEthernet0/1"], "not followed"),
    (["firewall transparent"], "not followed"),
    (["changeto context x"], "not followed"),
    (["accesslist IN extended permit ip any any"], "not a command that is known"),
    (["no nat (inside,outside) source static SERVER NATTED"], "no such line"),
]


@pytest.mark.parametrize(("lines", "says"), REFUSED)
def test_what_a_device_refuses_or_we_cannot_follow_is_named(
    config: Path, lines: list[str], says: str
) -> None:
    with pytest.raises(UnsupportedInputError) as error:
        entered(config, *lines)
    assert says in str(error.value)
    assert "change.txt:" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_secret_of_a_script_is_not_told(config: Path) -> None:
    for line in ("access-lisst hunter2secret", "objectgroup hunter2secret", "default hunter2secret",
                 "no route hunter2secret"):
        with pytest.raises(UnsupportedInputError) as error:
            entered(config, line)
        assert "hunter2secret" not in str(error.value)


def test_a_listing_is_nothing_to_enter_lines_into(config: Path) -> None:
    config.write_text("access-list IN; 1 elements; name hash: 0x1\n"
                      "access-list IN line 1 extended permit ip any any (hitcnt=0) 0x1\n")
    with pytest.raises(UnsupportedInputError, match="show access-list"):
        entered(config, "no access-list IN extended permit ip any any")


def test_every_line_is_quoted_from_its_own_file(config: Path) -> None:
    firewall = entered(config, "", "access-list IN line 2 extended deny tcp any any eq 22").firewall
    spans = [firewall.source.span(rule.line) for rule in firewall.chains["IN"].rules]
    assert [(Path(span.file).name, span.first_line) for span in spans] == [
        ("change.txt", 2), ("fw.cfg", 25), ("fw.cfg", 26), ("fw.cfg", 27)]


# A device in a few lines: random scripts make what this one makes of them


class Device:
    """Lists, groups and bindings as plain Python values."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.groups = {name: [f"host 10.2.0.{n}" for n in range(random.randint(1, 4))]
                       for name in ("GA", "GB")}
        self.lists: dict[str, list[tuple[str, bool]]] = {name: [] for name in ("IN", "OUT")}
        self.bound = {"IN": "outside", "OUT": "inside"}
        for name in self.lists:
            for _ in range(random.randint(2, 5)):
                self.put(name, self.ace(), None, inactive=False)

    def ace(self) -> str:
        pick = self.random.choice
        ends = ["any", "host 10.1.0.1", "10.1.0.0 255.255.255.0", "object-group GA", "object-group GB"]
        ports = ["eq 80", "eq 443", "range 20 22"]
        return f"{pick(['permit', 'deny'])} tcp {pick(ends)} {pick(ends)} {pick(ports)}"

    def put(self, name: str, ace: str, number: int | None, *, inactive: bool) -> None:
        entries = self.lists[name]
        for at, (known, off) in enumerate(entries):
            if known == ace:
                entries[at] = ace, inactive if off is not inactive else off
                return
        entries.insert(len(entries) if number is None else min(number - 1, len(entries)), (ace, inactive))

    def config(self) -> str:
        lines = [HEAD.rstrip()]
        for name, members in self.groups.items():
            lines += [f"object-group network {name}", *(f" network-object {each}" for each in members)]
        for name, entries in self.lists.items():
            lines += [f"access-list {name} extended {ace}{' inactive' if off else ''}"
                      for ace, off in entries]
        lines += [f"access-group {name} in interface {place}" for name, place in self.bound.items()]
        return "\n".join(lines) + "\n"

    def step(self) -> list[str]:
        """Do something, and say how it is entered."""
        pick, random = self.random.choice, self.random
        name = pick(sorted(self.lists))
        entries = self.lists[name]
        kind = random.random()
        if kind < 0.45:
            ace, off = self.ace(), random.random() < 0.2
            number = random.randint(1, len(entries) + 2) if random.random() < 0.6 else None
            self.put(name, ace, number, inactive=off)
            return [f"access-list {name} {f'line {number} ' if number else ''}extended {self.spelled(ace)}"
                    f"{' inactive' if off else ''}"]
        if kind < 0.7 and len(entries) > 1:
            at = random.randrange(len(entries))
            ace, _ = entries.pop(at)
            return [f"no access-list {name} {f'line {at + 1} ' if random.random() < 0.5 else ''}extended "
                    f"{self.spelled(ace)}"]
        if kind < 0.9:
            group = pick(sorted(self.groups))
            members = self.groups[group]
            if random.random() < 0.5 and len(members) > 1:
                gone = members.pop(random.randrange(len(members)))
                return [f"object-group network {group}", f" no network-object {gone}"]
            fresh = pick(["host 10.2.0.7", "10.5.0.0 255.255.0.0", "host 10.2.0.1"])
            if fresh not in members:
                members.append(fresh)
            return [f"object-group network {group}", f" network-object {fresh}"]
        place = pick(["inside", "outside"])
        for other, bound in list(self.bound.items()):
            if bound == place:
                del self.bound[other]
        self.bound.setdefault(name, place)
        if self.bound[name] != place:  # bound in two places
            self.bound[name] = place
            return [f"no access-group {name} in interface {'inside' if place == 'outside' else 'outside'}",
                    f"access-group {name} in interface {place}"]
        return [f"access-group {name} in interface {place}"]

    def spelled(self, ace: str) -> str:
        words = {"eq 80": ["eq 80", "eq www"], "eq 443": ["eq 443", "eq https"], "range 20 22": [
            "range 20 22", "range ftp-data ssh"]}
        for known, others in words.items():
            if known in ace and self.random.random() < 0.5:
                ace = ace.replace(known, self.random.choice(others))
        return ace


def meaning(firewall: Firewall) -> object:
    rules = {name: [rule._replace(line=0) for rule in chain.rules] for name, chain in firewall.chains.items()
             if name in firewall.lists}
    return rules, Counter((each.chain, each.interface, each.direction) for each in firewall.bindings)


@pytest.mark.parametrize("seed", range(60))
def test_random_scripts_make_what_a_device_makes_of_them(seed: int, tmp_path: Path) -> None:
    device = Device(Random(seed))
    config = tmp_path / "fw.cfg"
    config.write_text(device.config())
    lines: list[str] = []
    for _ in range(12):
        lines += device.step()
        changed = entered(config, *lines)
        assert meaning(changed.firewall) == meaning(read(device.config())), "\n".join(lines)


# Netspoc-Approve (GPL-3.0) writes such scripts for real devices: what is there, what is wanted, the script


NETSPOC = Path(__file__).parents[3].parent / "shared" / "corpus" / "asa" / "netspoc"
NOT_OURS = {
    "Element of object-group with named port is not recognized as equal":
        "it enters 'eq 80' beside 'eq www' and takes the latter away: to a device these are one member",
    "Check Netspoc interfaces, leave ACL of unknown interface unchanged":
        "it leaves what it was not asked about",
    "Change standard ACL non incrementally": "a standard list filters nothing",
    "Parse object-group of type tcp-udp": "it names a port group where a protocol belongs",
    "Parse unknown port specifier": "it enters a port that no device knows",
    "Parse rule referencing 4 object-groups": "it enters a line that no device takes",
}


def cases(name: str) -> Iterator[tuple[str, str, str, str]]:
    """The title, what is on the device, what is wanted and the script of every case with all of these."""
    templates: dict[str, str] = {}
    text = re.sub(r"^#.*\n", "", (NETSPOC / name).read_text(), flags=re.MULTILINE)
    for block in re.split(r"^(?==TITLE=)", text, flags=re.MULTILINE):
        parts = dict(re.findall(r"^=(TEMPL=\w+|[A-Z_]+)=?(.*\n(?:(?!=[A-Z]).*\n)*)", block,
                                flags=re.MULTILINE))
        for key in [key for key in parts if key.startswith("TEMPL=")]:
            templates[key.partition("=")[2]] = parts[key].lstrip("\n")

        def whole(key: str, parts: dict[str, str] = parts) -> str:
            found = parts[key]
            while "[[" in found:
                found = re.sub(r"\[\[(\w+)\]\]\n?", lambda each: templates[each[1]], found)
            return found

        if {"TITLE", "DEVICE", "NETSPOC", "OUTPUT"} <= set(parts):
            yield (parts["TITLE"].strip(), whole("DEVICE"), whole("NETSPOC"),
                   parts["OUTPUT"].replace("\\N ", "\n"))


@pytest.mark.skipif(not NETSPOC.is_dir(), reason="no 'shared/corpus' next to the checkout")
def test_scripts_that_netspoc_wrote_lead_where_it_wants_to_go() -> None:
    used = 0
    for name in ("asa_acl.t", "asa_parse.t"):
        for title, device, wanted, commands in cases(name):
            about = any(word in commands for word in ("access-list", "object-group", "access-group"))
            if (
                title in NOT_OURS
                or not about
                or any(
                    word in commands
                    for word in (
                        "crypto",
                        "tunnel-group",
                        "group-policy",
                        "ldap",
                        "ERROR",
                        "WARNING",
                        "username",
                        "0.0.0.255",
                    )
                )
            ):
                continue
            old = source.from_bytes(f"ASA Version 9.12(4)\n{device}".encode(), "fw.cfg")
            script = source.from_bytes(commands.encode(), "s.txt")
            firewall, _ = asa_script.changed([old], script)
            assert [each for each in firewall.notes if each.span.file == "s.txt"
                    and each.state.value == "unread"] == [], title
            assert in_force(firewall) == in_force(read(f"ASA Version 9.12(4)\n{wanted}")), title
            used += 1
    assert used >= 40


def in_force(firewall: Firewall) -> object:
    """What filters where; names of lists and groups do not count."""
    return {(each.interface, each.direction, each.family): [rule._replace(line=0) for rule in firewall.chains[
        each.chain].rules] for each in firewall.bindings}
