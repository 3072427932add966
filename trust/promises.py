"""The promises, and their proofs as commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

_TESTS = (sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "auto", "-p", "no:cacheprovider")
_SUMMARY = r"^=*\s*(\d+ passed.*?)(?: in .*)?$"
"""The last line of pytest, without the time."""


@dataclass(frozen=True)
class Proof:
    """A command, how it is called for long, and what of its output is the figure."""

    short: Sequence[str]
    long: Sequence[str]
    """Empty where the short form is all there is."""
    figure: str
    """A regular expression: each first group that it finds in a line is a part of the figure."""
    judge: str
    """Who knows better: what the proof compares the program with."""
    seed: str = ""
    """The option that says which cases are drawn; empty where none are."""

    @property
    def is_of_tests(self) -> bool:
        """Whether pytest runs it: then environment variables say how much it draws."""
        return "pytest" in self.short


@dataclass(frozen=True)
class Promise:
    """What is promised, by its number, and what shows it."""

    number: str
    text: str
    proofs: Sequence[Proof] = field(default=())


def _tests(judge: str, *paths: str, more: Sequence[str] = ()) -> Proof:
    return Proof((*_TESTS, *paths, *more), (*_TESTS, *paths, *more), _SUMMARY, judge, "--hypothesis-seed")


def _module(name: str, judge: str, short: Sequence[str], long: Sequence[str], figure: str,
            seed: str = "") -> Proof:
    return Proof((sys.executable, "-m", name, *short), (sys.executable, "-m", name, *long), figure, judge,
                 seed)


_KERNEL = _module(
    "tests.oracle", "the Linux kernel: packets are sent through loaded rulesets",
    ("--rulesets", "96", "--packets", "500"), ("--rulesets", "3600", "--packets", "1000"),
    r"^([\d,]+ rulesets, .*?counters|undecided: .*|rulesets that the kernel .*?)(?:; \d+ s.*| \{.*)?$",
    "--seed")
_TRANSLATED = _module(
    "tests.oracle.translated", "the Linux kernel, through a translator of ASA and Windows rules that shares "
                               "nothing with the product", ("--rulesets", "200"), ("--rulesets", "10000"),
    r"^([\w.-]+: [\d,]+ rulesets, .*?disagreements: [\d,]+)$", "--seed")
_KINDS = ("asa", "iptables", "nft", "nft-json", "listing", "netsh", "reg", "powershell")

PROMISES = (
    Promise("R1", "It never says *met* of packets that are dropped.", (
        _KERNEL, _TRANSLATED,
        _tests("the Linux kernel: corners and random packets of every part of a demand",
               "tests/oracle/test_sets.py", "tests/oracle/nft/test_sets.py"))),
    Promise("R2", "What is not known is *undecided*: an unknown condition never proves more.", (
        _tests("the same rules with the condition known", "tests/engine", "tests/trace"),
        _tests("the same sites with more facts, and with lines that mean nothing",
               "tests/laws/test_fixture_sites.py"))),
    Promise("R3", "Verdict and deciding line are those of the kernel, packet by packet.", (
        _tests("mistakes that are planted in the product or in a translation, each of which has to be seen",
               "tests/oracle/test_faults.py", "tests/oracle/nft/test_faults.py",
               "tests/oracle/translated/test_faults.py", "tests/trace/test_seeded_faults.py",
               "tests/second_judge"),)),
    Promise("R4", "Sets of addresses and ports are exact.", (
        _tests("sets of Python, number by number", "tests/model/test_laws.py", "tests/engine/test_classes.py",
               "tests/engine/test_canonical.py"),)),
    Promise("R5", "No input makes it crash, run on or take all memory.", (
        _module("tests.fuzz", "nobody: what is neither read nor refused with its reason is a fault",
                ("--cases", "37000"), ("--cases", "37000000"), r"^([\d,]+ cases of .* faults)$", "--seed"),)),
    Promise("R6", "Every line of an input is accounted for, and damage proves nothing.", (
        _tests("inputs that are cut, and lines that are changed or taken out", "tests/parsers", more=(
            "-k", "damage or broken or cut or lost or whole or twin or refused"),),)),
    Promise("R7", "What means the same is judged the same; what permits more lets no less pass; waivers, "
                  "baselines and answers of devices prove nothing.", (
        _module("tests.laws", "the same ruleset, changed so that the answer to it is known, for each vendor",
                ("--cases", "10"), ("--cases", "1000"), r"^([\d,]+ cases of .*)$", "--seed"),)),
    Promise("R8", "A hundred inputs that ask for much are answered, undecided or refused within 10 seconds "
                  "of the processor and 500 MB each; no regular expression takes more than the square of a "
                  "line's length.", (
        _module("tests.bombs", "limits of the system around each process", (), (), r"^(\d+ bombs: .*)$"),
        _tests("the calls that are counted as sizes grow", "tests/bombs"),
        _tests("texts that each pattern nearly matches", "tests/fuzz/test_patterns.py"))),
    Promise("R9", "The same inputs give the same bytes.", (
        _tests("runs with other hash seeds, orders and processes", "tests/cli/test_determinism.py",
               "tests/fleet/test_like_single_runs.py"),)),
    Promise("R10", "Outputs are whole or not there, and no input is ever lost.", (
        _module("tests.mishaps", "the same call without a mishap: whole is what it writes then",
                (), ("--whole",), r"^([\d,]+ calls that write .*)$"),
        _tests("full disks, read-only files, no home, little memory, pipes, closed streams, signals: as "
               "a system has them",
               "tests/cli/test_files.py", "tests/cli/test_streams.py", "tests/cli/test_leaving.py",
               "tests/fleet/test_stopping.py", "tests/mishaps", more=("-k", "not tears")))),
    Promise("R11", "No secret of an input comes out of any command, in any format.", (
        _module("tests.canaries", "secrets of their own at every position, looked for in all that comes out",
                ("as it is",), (), r"^(\d+ kinds of input.*)$"),
        _tests("the same with lines that are damaged in every way", "tests/canaries"),)),
    Promise("R12", "What an input says acts in no report: not on a terminal, a runner, a browser, a "
                   "spreadsheet or a shell.", (
        _module("tests.injection", "the readers of each format, a shell, and what terminals and runners obey",
                ("0", *_KINDS), tuple(map(str, range(55))), r"^(\d+ kinds of input.*)$"),
        _tests("names and texts at each report's own positions", "tests/reports/test_hostile.py",
               "tests/cli/test_hostile_names.py", "tests/probing/test_hostile_names.py",
               "tests/shipping/test_ci_files.py"))),
    Promise("R13", "It carries out nothing that an input says, starts no program and connects to nobody, but "
                   "where that is documented.", (
        _tests("the syntax trees of all modules, and the audit events of Python in every call",
               "tests/test_house.py", "tests/canaries/test_events.py", "tests/rules/test_strict_yaml.py"),)),
    Promise("R14", "A waiver changes what it names, and nothing else.", (
        _tests("the report without waivers", "tests/site/test_waivers.py",
               "tests/site/test_waivers_of_sites.py"),)),
    Promise("R15", "Tests notice when what decides is done otherwise.", (
        _module("tests.mutants", "small mistakes planted in the code, one at a time",
                ("linter/verdict/decide.py", "--sample", "12"), (), r"^all: (\d+ mutants, .*)$", "--seed"),)),
    Promise("R16", "Exit code 0 means that all was proven.", (
        _tests("exit codes derived by hand for each site and each error", "tests/cli/test_cli.py",
               "tests/test_sites.py::test_the_exit_code_is_what_was_derived_by_hand"),)),
    Promise("R17", "Whoever gets a bundle can prove it again.", (
        _tests("another process in an empty folder", "tests/bundle"),)),
)
