"""What other commands print in a terminal's session (`date`, `ss`): it says nothing of a host's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.netfilter.terminal import PROMPT
from aclproof.parsers.prompts import Typed, typed
from aclproof.parsers.source import Source

_PROGRAMS = "|".join((
    r"date|hostname|hostnamectl|uname|uptime|whoami|id|who|w|last|pwd|clear|echo|df|free|ls|ps|ss|netstat",
    r"lsof|lsmod|lscpu|lspci|lsb_release|timedatectl|getenforce|sestatus|which|type|ethtool|arp|dpkg-query",
    r"dpkg -l|rpm -q\w*|apt list|(?:update-)?alternatives --(?:display|query|list)|fail2ban-client status",
    r"cat /etc/(?:\S*-release|\S*_version|issue|hostname)|cat /proc/version|service \S+ status",
    r"systemctl (?:--\S+ )*(?:status|is-active|is-enabled|show|list-units|list-unit-files)",
    r"docker (?:ps|version|info|images)|ufw (?:status|version)",
    r"firewall-cmd --(?:state|version|(?:get|list)-\S+)|(?:ip6?tables|nft|ipset|ip) (?:-[vV]|--version)",
    r"ip (?:-\w+ )*(?:l|link|n|neigh|neighbou?r)(?: show| list| ls)?"))
_WORDS = r"(?: [\w./:=@,+%\"'#*?!-]+)*"
"""Nothing that a shell would carry out."""
_BEFORE = r"(?:sudo )?(?:/(?:usr/)?s?bin/)?"
_NO_RULES = re.compile(rf"{_BEFORE}(?:{_PROGRAMS}){_WORDS}(?: 2>(?:&1|/dev/null))?"
                       rf"(?: \| (?:head|tail|grep|cat|less|more|sort|wc){_WORDS})*")
_RULES = re.compile(
    r"\n[ \t]*(?:\*\w|:\w|-[A-Z] |\[\d+:\d+\] |[{}]|"
    r"(?:COMMIT|Chain|table|chain|set|map|Name:|Members:|create|add)\b)| -- |0\.0\.0\.0/0|::/0|"
    r"\b(?:anywhere|accept|drop|reject|return|queue|jump|goto|ACCEPT|DROP|REJECT|RETURN|NFQUEUE|MASQUERADE|"
    r"[DS]NAT|REDIRECT|MARK|NOTRACK|[sd]addr|[sd]port|[io]if(?:name)?|ct state|hook|elements)\b")
"""Where a prompt was lost, rules stand here as well."""
_WHOLE = re.compile(rf"{_BEFORE}(?:(?P<nft>nft) (?:-\S+ )*list ruleset|"
                    r"(?P<iptables>ip6?tables(?:-nft|-legacy)?)-save(?: -c)?)")
_CHANGE = re.compile(rf"{_BEFORE}(?:(?P<nft>nft)|(?P<iptables>ip6?tables(?:-nft|-legacy)?)) "
                     r"(?:'[^']*'|[^;&|<>`$()'])*")


def without(source: Source) -> list[str]:
    """Return the lines of a text; those of commands that show no rules, and what they printed, are empty.

    An output is left out as a whole, where it ends at a prompt of the same host or with the text, and nothing
    in it looks like a rule, a set or a chain. So are silent changes before a program shows all its rules for
    the first time: they are in what it shows.
    """
    lines = source.lines()
    for part in _without_rules(list(typed(source, PROMPT))):
        lines[part.first - 2:part.first - 1 + len(part.printed)] = [""] * (len(part.printed) + 1)
    return lines


def _without_rules(session: Sequence[Typed]) -> Iterator[Typed]:
    shown: dict[tuple[str, str], int] = {}
    for number, part in enumerate(session):
        if part.ended and (whole := _WHOLE.fullmatch(part.command)):
            shown.setdefault((part.device, whole["nft"] or whole["iptables"]), number)
    for number, part in enumerate(session):
        change = part.silent and _CHANGE.fullmatch(part.command)
        if (change and number < shown.get((part.device, change["nft"] or change["iptables"]), 0)) or (
                (part.ended or part is session[-1]) and _says_nothing(part)):
            yield part


def _says_nothing(part: Typed) -> bool:
    printed = "".join(f"\n{line}" for line in part.printed)
    return bool(_NO_RULES.fullmatch(part.command)) and not _RULES.search(printed)
