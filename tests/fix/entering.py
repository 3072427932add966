"""The vendors' own rules for lines that are entered, apart from the product's: texts in, texts out.

iptables is the real one, in a network of its own.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Cisco ASA

_ACE = re.compile(r"((?:ipv6 )?access-list \S+) (?:line (\d+) )?((?:extended )?(?:permit|deny) .*)")


def entered_asa(text: str, lines: Sequence[str]) -> str:
    """Enter lines as the device takes them: at `line N`, at a list's end, into a group that is there."""
    config = text.splitlines()
    group = 0
    for line in lines:
        found = _ACE.fullmatch(line)
        if line.startswith("!"):
            continue
        if line.startswith("no "):
            config.remove(line.removeprefix("no "))
        elif found:
            name, number, rest = found.groups()
            entries = [at for at, each in enumerate(config) if each.lstrip().startswith(f"{name} ")]
            at = entries[int(number) - 1] if number else (entries[-1] + 1 if entries else len(config))
            config.insert(at, f"{name} {rest}")
        elif line.startswith("object-group ") and line in config:
            group = config.index(line) + 1
            while group < len(config) and config[group].startswith(" "):
                group += 1
        elif line.startswith(" ") and group:
            config.insert(group, line)
            group += 1
        else:
            group = 0
            config.append(line)
    return "\n".join(config) + "\n"


# nftables, with the dumps of iptables of the same host


def entered_nft(paths: Sequence[Path], commands: Sequence[str]) -> None:
    """Enter commands by the real tools, and write what these print afterwards into the files."""
    dumps = [path for path in paths if path.suffix == ".v4"]
    rulesets = [path for path in paths if path.suffix in (".nft", ".json", ".conf")]
    devices = sorted({name for path in rulesets for name in re.findall(r'[io]if "(\w+)"', path.read_text())})
    script = [f"ip link add {name} type veth peer name peer{number}" for number, name in enumerate(devices)
              if name != "lo"]
    script += [f"nft {'-j' if path.suffix == '.json' else ''} -f {shlex.quote(str(path))}"
               for path in rulesets]
    script += [f"iptables-legacy-restore {shlex.quote(str(path))}" for path in dumps]
    script += [each.replace("iptables ", "iptables-legacy ", 1) if each.startswith("iptables ") else each
               for each in commands]
    script += [f"nft -a {'-j' if path.suffix == '.json' else ''} list ruleset > {shlex.quote(str(path))}"
               for path in rulesets]
    script += [f"iptables-legacy-save > {shlex.quote(str(path))}" for path in dumps]
    done = subprocess.run(["unshare", "-n", "sh", "-ec", "\n".join(script)], capture_output=True, text=True,
                          timeout=60, cwd=paths[0].parent)
    if done.returncode:
        raise NotTakenError(done.stderr.strip())


# iptables


class NotTakenError(Exception):
    """What the real tool says against a rule set."""


def entered_iptables(files: Mapping[str, str], commands: Sequence[str],
                     listed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Enter commands by the real tools, and return all files as these print them afterwards.

    `listed` holds rules for files that are listings: what the device must have had.
    """
    loads, prints = [], []
    rules = {name: text for name, text in files.items() if not text.startswith("create ")}
    programs = {name: _program(name, rules) for name in rules}
    sets = "".join(text for text in files.values() if text.startswith("create "))
    made = set(re.findall(r"^create (\S+)", sets, re.MULTILINE))
    for name in dict.fromkeys(each for text in rules.values()
                              for each in re.findall(r"--match-set (\S+)", text) if each not in made):
        sets += f"create {name} hash:net\n"  # its members are not in the files
    if sets:
        loads.append(_piped(sets, "ipset restore"))
    for name, text in rules.items():
        kind = "listing" if text.startswith("Chain ") else "commands" if "\n*" not in f"\n{text}" else "save"
        text = (listed or {})[name] if kind == "listing" else text
        table = f"*filter\n{text}" if kind == "commands" else text
        table += "" if "\nCOMMIT" in table else "COMMIT\n"
        table = re.sub(r"(\s-{1,2}[\w-]+) ! ", r" !\1 ", table)  # as it was written before 1.4.3
        loads.append(_piped(table, f"{programs[name]}-restore"))
        shown = {"save": f"{programs[name]}-save", "commands": f"{programs[name]} -S",
                 "listing": f"{programs[name]} -L -n -v"}[kind]
        prints.append(f"echo {_MARK}; {shown}")
    script = [*loads, *(_by_the_right_name(each, programs) for each in commands), *prints]
    done = subprocess.run(["unshare", "-n", "sh", "-ec", "\n".join(script)], capture_output=True, text=True,
                          timeout=60)
    if done.returncode:
        raise NotTakenError(done.stderr.strip())
    texts = [each.lstrip("\n") for each in done.stdout.split(f"{_MARK}\n")[1:]]
    return dict(zip(rules, texts, strict=True))


_MARK = "=====next====="


def _piped(text: str, program: str) -> str:
    return f"printf %s {shlex.quote(text)} | {program}"


def _program(name: str, rules: Mapping[str, str]) -> str:
    """The tool that printed a file: by its family and its back end."""
    family = "ip6tables" if _is_v6(rules[name]) else "iptables"
    return f"{family}-{'nft' if '(nf_tables)' in rules[name] else 'legacy'}"


def _is_v6(text: str) -> bool:
    return "# Generated by ip6tables" in text or bool(re.search(r"-[sd] \S*:\S*/|ipv6-icmp", text))


def _by_the_right_name(command: str, programs: Mapping[str, str]) -> str:
    """Let only tools be called that belong to a file of the site, by the name of their back end."""
    called, rest = command.split(None, 1)
    found = [each for each in programs.values() if each == called or each.startswith(f"{called}-")]
    assert len(found) == 1 or called in found, command
    return f"{called if called in found else found[0]} {rest}"


# Windows


def netsh_of(line: str, verb: str) -> bool:
    """Whether a line holds a command of netsh, as it is or as a comment."""
    return bool(re.match(rf"(?:# or: )?netsh advfirewall firewall {verb} rule ", line))


def said_by_netsh(line: str) -> dict[str, str]:
    """Read `netsh advfirewall firewall add rule KEY=VALUE ...`."""
    return {key: value.strip('"') for key, value in re.findall(
        r'(\w+)=("[^"]*"|\S+)', line.split(" rule ")[1])}


def said_by_powershell(line: str) -> dict[str, str]:
    """Read a command as parameters and values; a quote is doubled inside quotes."""
    command, _, rest = line.partition(" ")
    pairs = re.findall(r"""-(\w+) ("[^"]*"|'(?:[^']|'')*'|\S+)""", rest)
    return {"command": command} | {key: value[1:-1].replace("''", "'") if value[0] in "'\"" else value
                                   for key, value in pairs}


def same_rule(shell: dict[str, str], netsh: dict[str, str]) -> bool:
    """Whether the two commands make the same rule."""
    inward = netsh["dir"] == "in"
    protocol, _, kind = netsh["protocol"].partition(":")
    mine = {"DisplayName": netsh["name"], "Direction": "Inbound" if inward else "Outbound",
            "Action": netsh["action"].capitalize(), "Profile": netsh["profile"].capitalize(),
            "Protocol": protocol if kind == "" else f"ICMP{protocol[4:]}", "RemoteAddress": netsh["remoteip"]}
    for key, name in (("localport", "LocalPort"), ("remoteport", "RemotePort")):
        if key in netsh:
            mine[name] = netsh[key]
    if kind:
        mine["IcmpType"] = kind.split(",")[0]
    mine |= {key.capitalize(): netsh[key] for key in ("program", "service") if key in netsh}
    if mine.get("LocalPort") == "RPC-EPMap":
        mine["LocalPort"] = "RPCEPMap"
    return {"command": "New-NetFirewallRule"} | mine == shell


def entered_registry(text: str, lines: Sequence[str]) -> str:
    """What `netsh ... add rule` writes to the registry."""
    for line in lines:
        if line.startswith("Set-NetFirewallRule"):
            text = _switched_on(text, said_by_powershell(line))
        if not netsh_of(line, "add"):
            continue
        words = said_by_netsh(line)
        protocol, _, kind = words["protocol"].partition(":")
        parts = ["v2.10", "Action=Allow", "Active=TRUE", f"Dir={words['dir'].capitalize()}",
                 f"Protocol={_NUMBERS[protocol.upper()]}"]
        parts += [] if words["profile"] == "any" else [f"Profile={words['profile'].capitalize()}"]
        parts += [f"ICMP4={kind.replace('any', '*').replace(',', ':')}"] if kind else []
        for key, name in (("localport", "LPort"), ("remoteport", "RPort")):
            parts += [f"{name}{'2_10' if '-' in each else ''}={each}"
                      for each in words.get(key, "").split(",") if each]
        parts += [f"{key}={words[name]}" for key, name in (("App", "program"), ("Svc", "service"))
                  if name in words]
        parts += [f"RA{6 if ':' in each else 4}={each}" for each in words["remoteip"].split(",")]
        text += '"{0}"="{1}|Name={0}|"\n'.format(f"fix-{len(text)}", "|".join(parts))
    return text


def _switched_on(text: str, said: dict[str, str]) -> str:
    """What `Set-NetFirewallRule -Name ID -Enabled True -RemoteAddress LIST` makes of a rule string."""
    assert said["Enabled"] == "True"
    before = next(each for each in text.splitlines() if each.startswith(f'"{said["Name"]}"='))
    after = before.replace("|Active=FALSE|", "|Active=TRUE|")
    assert after != before
    if "RemoteAddress" in said:
        remote = "|".join(f"RA4={each}" for each in said["RemoteAddress"].split(","))
        after = re.sub(r"\|RA\w+=[^|]*", "", after)[:-1] + f'{remote}|"'
    return text.replace(before, after)


_NUMBERS = {"TCP": 6, "UDP": 17, "ICMPV4": 1, "ICMPV6": 58}


def enter(vendor: str, paths: Sequence[Path], lines: Sequence[str], listed: Mapping[str, str]) -> None:
    """Enter lines into the files of one firewall."""
    match vendor:
        case "cisco-asa":
            paths[0].write_text(entered_asa(paths[0].read_text(), lines))
        case "iptables":
            files = {path.name: path.read_text() for path in paths}
            for name, text in entered_iptables(files, lines, listed).items():
                next(path for path in paths if path.name == name).write_text(text)
        case "nftables":
            entered_nft(paths, lines)
        case _:
            path = next(path for path in paths if "FirewallRules]" in path.read_text())
            path.write_text(entered_registry(path.read_text(), lines))
