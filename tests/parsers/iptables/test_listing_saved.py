"""`iptables -L`: what a listing shows is what iptables-save of the same rules says."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aclproof.parsers.iptables.text import names
from aclproof.parsers.iptables.text.words import Criteria, Jump, Spec
from aclproof.parsers.iptables.text.words import Test as Check  # pytest takes a class Test for its own
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.notes import State
from tests.parsers.iptables.listings import only, reader

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "iptables"
with_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus next to the checkout")

OPAQUE = set("hashlimit string time statistic u32 connlimit quota policy socket bpf rt frag ipv6header "
             "rpfilter tcpmss connbytes ah esp".split())
"""Matches whose text is known, and kept as it is."""

UNSEEN = {"eui64", "tcp", "udp", "sctp", "dccp"}
"""Matches that print nothing of themselves."""

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_SHORT = {"-s": "source", "-d": "destination", "-i": "in-interface", "-o": "out-interface", "-p": "protocol",
          "-f": "fragment"}


def _words(line: str) -> Iterator[str]:
    for quoted, plain in _WORD.findall(line):
        yield plain or re.sub(r"\\(.)", r"\1", quoted)


def saved(line: str) -> Spec:
    """A rule of iptables-save, read in the shortest way: what a save of a kernel prints is regular."""
    module, target, goto, negated = "", "", False, False
    found: list[Check] = []
    arguments: list[tuple[str, str]] = []
    loaded: list[str] = []
    words = list(_words(line))[2:]
    while words:
        word = words.pop(0)
        if word == "!":
            negated = True
            continue
        values = []
        while words and not re.fullmatch("!|-[a-z]|--[a-z].*", words[0]):
            values.append(words.pop(0))
        if word in ("-j", "-g"):
            target, goto = values[0], word == "-g"
        elif word == "-m":
            module = values[0]
            loaded.append(module)
        elif target:
            arguments.append((word[2:], " ".join(values)))
        elif word in _SHORT:
            found.append(Check("", _SHORT[word], tuple(values), negated))
        else:
            found.append(Check(module, word[2:], tuple(values), negated))
        negated = False
    told = {test.module for test in found} | UNSEEN
    found += [Check(each, "") for each in loaded if each not in told]
    return Spec(0, Criteria(tuple(found)), Jump(target, goto, tuple(arguments)))


def dump(text: str) -> dict[str, dict[str, list[Spec]]]:
    """Tables, chains and rules of a save file, or of `iptables -S` under the name `filter`."""
    found: dict[str, dict[str, list[Spec]]] = {}
    table = found.setdefault("filter", {})
    for line in text.replace("\r", "").splitlines():
        line = re.sub(r"^\[\d+:\d+\] ", "", line)
        if line.startswith("*"):
            table = found.setdefault(line[1:], {})
        elif line.startswith((":", "-P ", "-N ")):
            table.setdefault(line.lstrip(":").split()[line[0] == "-"], [])
        elif line.startswith("-A "):
            table.setdefault(line.split()[1], []).append(saved(line))
    return found


DECIDING = set("REJECT DNAT SNAT REDIRECT MASQUERADE NETMAP MARK CONNMARK NFQUEUE".split())
"""Targets whose options are compared."""

_Said = tuple[frozenset[tuple[object, ...]], int, str, bool, tuple[tuple[str, str], ...]]


def said(one: Spec, family: Family, *, interfaces: bool) -> _Said:
    """What a rule says, whichever way it was written; and how many tests only their text is known of."""
    plain = [test for test in one.tests if test.module not in ("unknown", *OPAQUE)]
    opaque = {(test.module, test.name if test.module == "unknown" else "") for test in one.tests
              if test not in plain}
    found = {_plain(test, family) for test in plain if interfaces or not test.name.endswith("-interface")}
    target, arguments = one.target, one.jump.arguments
    if target == "NOTRACK":
        target, arguments = "CT", (("notrack", ""),)
    kept = arguments if target in DECIDING else ()
    return frozenset(each for each in found if each), len(opaque), target, one.jump.goto, kept


def _plain(test: Check, family: Family) -> tuple[object, ...]:
    """A test with numbers for its names; empty for one that every packet passes."""
    kind = test.module, test.name
    if kind == ("recent", "mask") or (*kind, test.values) in _PASSED_BY_ALL:
        return ()
    if test.module == "state":
        return "state", "state", frozenset(test.values[0].split(",")), test.negated
    return test.module, test.name, _numbers(test, family), test.negated


_PASSED_BY_ALL = {("", "in-interface", ("+",)), ("", "out-interface", ("+",)),
                  ("limit", "limit-burst", ("5",))}


def _numbers(test: Check, family: Family) -> tuple[object, ...]:
    values: tuple[object, ...] = test.values
    match test.module, test.name:
        case "", "source" | "destination":
            values = _network(test.values[0])
        case "", "protocol":
            values = (names.protocol(test.values[0]),)
        case _, "dport" | "sport":
            values = names.ports(test.values[0])
        case "multiport", _:
            values = tuple(names.ports(each) for each in test.values[0].split(","))
        case "icmp" | "icmp6", _:
            values = names.icmp(test.values[0], family)
        case "owner", "uid-owner" if test.values == ("www-data",):
            values = ("33",)
        case "comment", _:
            values = (" ".join(test.values[0].split()),)
        case _:
            pass
    return values


def _network(text: str) -> tuple[object, ...]:
    text = {"loopback/8": "127.0.0.0/8", "localhost": "127.0.0.1/32"}.get(text, text)
    mask = text.partition("/")[2]
    if set(mask) <= set("0123456789.") and mask != "255.0.0.255" and not mask.startswith("0.0.0.2"):
        return (str(ipaddress.ip_network(text)),)
    return (text,)


def compare(listing: str, saves: dict[str, dict[str, list[Spec]]], tables: set[str] | None = None) -> int:
    """Compare a listing with a dump of the same rules; return how many rules agreed."""
    found = reader(listing)
    assert [at for at, state in enumerate(found.states, 1) if state is State.UNREAD] == []
    (ruleset,) = found.rulesets
    count = 0
    for name, table in ruleset.tables.items():
        if tables and name not in tables:
            continue
        assert table.chains.keys() == saves[name].keys()
        for chain, rules in table.chains.items():
            ours, theirs = ([said(each, ruleset.family, interfaces=ruleset.form == "listing") for each in side
                             if isinstance(each, Spec)] for side in (rules, saves[name][chain]))
            assert ours == theirs, chain
            count += len(ours)
    return count


def _corpus(name: str) -> str:
    """A file of the corpus. iptables itself prints a byte 0 after a bpf program; owners hid addresses."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    return text.replace("\0", "").replace("XX:", "00:").replace(":XX", ":00")


@with_corpus
@pytest.mark.parametrize("back_end", ["legacy", "nft"])
@pytest.mark.parametrize("form", ["L", "Ln", "Lnv", "Lnvx"])
def test_one_ruleset_in_every_form(back_end: str, form: str) -> None:
    saves = dump(_corpus(f"kernel/coverage.{back_end}.save"))
    assert compare(_corpus(f"kernel/coverage.{back_end}.{form}"), saves) == 84


@with_corpus
def test_nat_and_ipv6_as_listed() -> None:
    for back_end in ("legacy", "nft"):
        saves = dump(_corpus(f"kernel/coverage.{back_end}.save"))
        assert compare(_corpus(f"kernel/coverage.{back_end}.nat.Lnv"), saves) == 6
    saves = dump(_corpus("kernel/coverage6.nft.save"))
    for form in ("Ln", "Lnv"):
        assert compare(_corpus(f"kernel/coverage6.nft.{form}"), saves) == 17


def _pairs(folder: str, pattern: str) -> list[str]:
    return sorted(each.name for each in (CORPUS / folder).glob(pattern) if each.stat().st_size)


@with_corpus
@pytest.mark.parametrize("name", _pairs("kernel/normalised", "*.Lnv"))
def test_real_rulesets_as_a_kernel_lists_them(name: str) -> None:
    program = "ip6tables" if re.search("ip6tables|v6", name) else "iptables"
    listing = re.sub("^# table (.*)", rf"# {program} -t \1 -L -n -v", _corpus(f"kernel/normalised/{name}"),
                     flags=re.MULTILINE)
    save = _corpus("kernel/normalised/" + name.removesuffix("Lnv") + "save")
    assert compare(listing, dump(save)) == save.count("\n-A ")


PAIRS = {
    "config_vsrv__iptables_Lnv.txt": "config_vsrv__iptables-save.txt",
    "configs_psa__2016__iptables.Lnv-1.2016-07-07": "configs_psa__2016__iptables-save.2016-07-07",
    "configs_psa__team_a__iptables.Lnv.2016-01-27": "configs_psa__team_a__iptables-save.2016-01-27",
    "configs_psa__team_a__iptables.Lnv.2016-03-02": "configs_psa__team_a__iptables-save.2016-03-02",
    "configs_psa__team_a__psa1_iptables.Lnv.2015-11-14": "configs_psa__team_a__psa1_iptables-save.2015-11-14",
    "configs_psa__team_a__psa2_iptables.Lnv.2015-11-14": "configs_psa__team_a__psa2_iptables-save.2015-11-14",
    "configs_psa__team_a__psa3_iptables.Lnv.2015-11-14": "configs_psa__team_a__psa3_iptables-save.2015-11-14",
    "configs_psa__team_b__iptables.Lnv.2015-11-19": "configs_psa__team_b__iptables-save.2015-11-19",
    "configs_psa__team_c__iptables.Lnv.2015-12-01": "configs_psa__team_c__iptables-save.2015-12-01",
    "configs_ugent__iptables-Lnv": "configs_ugent__iptables-save",
    "configs_chair_for_Network_Architectures_and_Services__ip6tables-Lnv-2016-06-27_16-29-01":
        "configs_chair_for_Network_Architectures_and_Services__ip6tables-save-2016-06-27_16-29-01",
    "configs_chair_for_Network_Architectures_and_Services__iptables-Ln-2016-06-27_16-29-01":
        "configs_chair_for_Network_Architectures_and_Services__iptables-save-2016-06-27_16-29-01",
    "configs_chair_for_Network_Architectures_and_Services__iptables-Lnv-2016-06-27_16-29-01":
        "configs_chair_for_Network_Architectures_and_Services__iptables-save-2016-06-27_16-29-01",
}


@with_corpus
@pytest.mark.parametrize("name", PAIRS)
def test_hosts_that_were_saved_and_listed_at_one_moment(name: str) -> None:
    assert compare(_corpus(f"net-network/{name}"), dump(_corpus(f"net-network/{PAIRS[name]}"))) > 20


@with_corpus
@pytest.mark.parametrize("name", [each for each in _pairs("moby", "*.L[0-9].txt")
                                  if (CORPUS / "moby" / re.sub(r"\.L(\d)", r".S\1", each)).exists()])
def test_tables_of_docker_hosts(name: str) -> None:
    commands = dump(_corpus("moby/" + re.sub(r"\.L(\d)", r".S\1", name)))["filter"]
    (table,) = only(_corpus(f"moby/{name}")).tables
    assert compare(_corpus(f"moby/{name}"), {table: commands}) == sum(map(len, commands.values())) > 0


@with_corpus
@pytest.mark.parametrize("name", _pairs("jc", "*.out"))
def test_what_another_parser_of_listings_reads(name: str) -> None:
    wanted = json.loads(_corpus("jc/" + name.replace(".out", ".json")))
    (table,) = only(_corpus(f"jc/{name}")).tables.values()
    assert [each["chain"] for each in wanted] == list(table.chains)
    for chain, rules in zip(wanted, table.chains.values(), strict=True):
        for theirs, ours in zip(chain["rules"], rules, strict=True):
            assert isinstance(ours, Spec)
            found = {"protocol": "all", "source": "anywhere", "destination": "anywhere"} | {
                test.name: "!" * test.negated + test.values[0] for test in ours.tests if not test.module}
            assert ours.target == (theirs["target"] or "")
            assert found["protocol"] == theirs["prot"]
            for side in ("source", "destination"):
                assert found[side].removesuffix("/32") == theirs[side].replace("0.0.0.0/0", "anywhere")


@with_corpus
def test_every_listing_of_the_corpus_is_read() -> None:
    counts = dict.fromkeys(State, 0)
    for path in sorted(CORPUS.rglob("*")):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\0", "") if path.is_file() else ""
        if re.search(r"^Chain \S+ \(", text, re.MULTILINE) and "bash_history" not in path.name:
            found = reader(text)
            assert State.UNREAD not in found.states, path
            for state in found.states:
                counts[state] += 1
    assert counts[State.UNDERSTOOD] > 20_000
