"""iptables commands that change a saved rule set: -A, -I, -D, -R, -P, -F, -N, -X."""

from __future__ import annotations

import shlex

from parsers.source import Edited, Line, Source, Unusable

_ALIASES = {"--append": "-A", "--insert": "-I", "--delete": "-D", "--replace": "-R", "--policy": "-P",
            "--flush": "-F", "--new-chain": "-N", "--delete-chain": "-X"}
_PROGRAMS = ("iptables", "ip6tables")


def changed(old: Source, script: Source) -> Source:
    """Return the rule set with the commands carried out; Unusable names one that cannot be."""
    config = [Line(text, old, number) for number, text in enumerate(old.lines(), 1)]
    if not any(each.text.startswith("*") for each in config):
        raise Unusable(f"{old.name}: only what iptables-save writes can be changed by commands; export it so")
    for number, raw in enumerate(script.lines(), 1):
        text, where = raw.strip(), f"{script.name}:{number}"
        if not text or text.startswith("#"):
            continue
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise Unusable(f"{where}: {error}") from None
        if words[0] == "sudo":
            words = words[1:]
        if words[0].rpartition("/")[2] not in _PROGRAMS:
            raise Unusable(f"{where}: expected an iptables command, found '{words[0]}'")
        _command(config, words[1:], text, script, number, where)
    return Edited.of(f"{old.name} with {script.name}", config)


def _command(config: list[Line], words: list[str], text: str, script: Source, number: int,
             where: str) -> None:
    table = "filter"
    if words[:1] in (["-t"], ["--table"]):
        table, words = words[1], words[2:]
    while words[:1] in (["-w"], ["--wait"]):
        words = words[1:]
    verb, chain, rest = _ALIASES.get(words[0], words[0]), words[1] if len(words) > 1 else "", words[2:]
    start, end = _table(config, table, where)
    rules = [at for at in range(start, end) if config[at].text.split()[:2] == ["-A", chain]]
    spec = _spec(text, chain)
    match verb:
        case "-A":
            config.insert(rules[-1] + 1 if rules else end, Line(f"-A {chain} {spec}", script, number))
        case "-I":
            wanted = int(rest[0]) if rest and rest[0].isdecimal() else 1
            if wanted > len(rules) + 1:
                raise Unusable(f"{where}: {chain} has {len(rules)} rules, no place {wanted}")
            at = rules[wanted - 1] if wanted <= len(rules) else (rules[-1] + 1 if rules else end)
            config.insert(at, Line(f"-A {chain} {spec}", script, number))
        case "-D" | "-R" if rest and rest[0].isdecimal():
            at = _numbered(rules, int(rest[0]), chain, where)
            config[at:at + 1] = [Line(f"-A {chain} {spec}", script, number)] if verb == "-R" else []
        case "-D":
            same = [at for at in rules if shlex.split(config[at].text)[2:] == rest]
            if not same:
                raise Unusable(f"{where}: {chain} has no rule with these words; delete it by its number")
            del config[same[0]]
        case "-P":
            _policy(config, start, end, chain, rest, where, script, number)
        case "-F":
            for at in reversed([at for at in range(start, end) if config[at].text.startswith("-A ")]):
                if not chain or at in rules:
                    del config[at]
        case "-N":
            config.insert(start, Line(f":{chain} - [0:0]", script, number))
        case "-X":
            config[start:end] = [each for each in config[start:end] if each.text.split()[:1] != [f":{chain}"]]
        case _:
            raise Unusable(f"{where}: '{verb}' is no command that changes rules")


def _table(config: list[Line], table: str, where: str) -> tuple[int, int]:
    """The lines of a table: behind its name, and its COMMIT."""
    start = next((at for at, each in enumerate(config) if each.text.strip() == f"*{table}"), None)
    if start is None:
        raise Unusable(f"{where}: the saved rule set has no table {table}")
    end = next((at for at in range(start, len(config)) if config[at].text.strip() == "COMMIT"), len(config))
    return start + 1, end


def _spec(text: str, chain: str) -> str:
    """The rule as written, behind its chain and number."""
    words = text.split()
    at = words.index(chain) + 1 if chain in words else len(words)
    return " ".join(words[at + (at < len(words) and words[at].isdecimal()):])


def _numbered(rules: list[int], wanted: int, chain: str, where: str) -> int:
    if not 1 <= wanted <= len(rules):
        raise Unusable(f"{where}: {chain} has {len(rules)} rules, no rule {wanted}")
    return rules[wanted - 1]


def _policy(config: list[Line], start: int, end: int, chain: str, rest: list[str], where: str,
            script: Source, number: int) -> None:
    at = next((at for at in range(start, end) if config[at].text.split()[:1] == [f":{chain}"]), None)
    if at is None or not rest:
        raise Unusable(f"{where}: expected '-P CHAIN ACCEPT' or '-P CHAIN DROP' for a chain of the rule set")
    config[at] = Line(f":{chain} {rest[0]} [0:0]", script, number)
