"""Answers to what configurations of a Linux host leave open, by the commands that `find_out` names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aclproof.parsers.model.addresses import NOWHERE, join, parse
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.netfilter.ip_output import Reader
from aclproof.parsers.netfilter.transcripts.session import words
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

AS_USUAL = None
"""Of a form: all questions of it have their usual answer."""
_Answers = Mapping[str, Fact | None]
_RULES = ("0:\tfrom all lookup local", "32766:\tfrom all lookup main", "32767:\tfrom all lookup default")
"""The kernel's own; of IPv6 it has no rule for the default table."""
_OF_IPTABLES = re.compile(r"table ip6? (?:filter|nat|mangle|raw|security)")
_BRIDGE = re.compile(r"net\.bridge\.bridge-nf-call-(?P<which>iptables|ip6tables) = (?P<value>[01])")
_NO_BRIDGE = re.compile(r"sysctl: .*/proc/sys/net/bridge/bridge-nf-call-iptables.*: "
                        r"(?:No such file or directory|Datei oder Verzeichnis nicht gefunden)")
_HIDES = re.compile(r">\s*/dev/null|\|\s*(?:more|less)\b|\btimeout\b")
"""In a command: what it prints, or that it failed, may not be in the transcript."""
_LOOPBACK = parse("127.0.0.0/8")
_INET = re.compile(r"\s+inet6? ")
_LIFETIME = re.compile(r"\s+valid_lft \S+ preferred_lft \S+")
_WHOLE = re.compile(r"\d+: \S+: <\S*> mtu .*|\s+link/.*|"
                    r"\s+inet6? .*|\s+valid_lft \S+ preferred_lft \S+|\s+altname .*")


def answers(transcript: Source, part: Typed) -> Iterator[FactAnswer]:
    """Yield what one command answers; nothing where it may be cut off."""
    if not part.ended or _HIDES.search(part.command):
        return
    for read in (_policies, _rules, _tables, _bridges, _bridged, _addresses):
        for key, value in read(part).items():
            yield FactAnswer(span=transcript.span(part.first - 1), device=part.device, at=part.at, key=key,
                             value=value or False, as_usual=value is AS_USUAL)


def _policies(part: Typed) -> _Answers:
    """Without a policy of IPsec no packet meets one, whatever else a rule tests of it."""
    typed = words(part.command, "ip")
    if typed[1:] not in (["xfrm", "policy"], ["xfrm", "policy", "list"], ["xfrm", "policy", "show"]) \
            or not part.silent:
        return {}
    return {"policy {options}": AS_USUAL}


def _rules(part: Typed) -> _Answers:
    """The kernel's own rules ask the tables that are always asked."""
    typed = words(part.command, "ip")[1:]
    family = typed.pop(0) if typed[:1] in (["-4"], ["-6"]) else "-4"
    if typed not in (["rule"], ["ru"], ["rule", "list"], ["rule", "show"]):
        return {}
    said = [re.sub(r"^(\d+:)\s+", "\\1\t", line) for line in part.printed if line]
    own = _RULES[:2] if family == "-6" else _RULES
    return {f"policy routing of IPv{family[1]}": False} if said == list(own) else {}


def _tables(part: Typed) -> _Answers:
    """Only those tables are there that the newer back end of iptables makes, or none."""
    if words(part.command, "nft")[1:] != ["list", "tables"] or not all(
            not line or _OF_IPTABLES.fullmatch(line) for line in part.printed):
        return {}
    return {"native nft tables": False}


def _bridges(part: Typed) -> _Answers:
    """Without a port of a bridge no packet is bridged, and none comes by such a port."""
    if words(part.command, "bridge")[1:] not in (["link"], ["link", "show"]) or not part.silent:
        return {}
    return {"bridged packets": False, "physdev {options}": AS_USUAL, "chain bridge {name} drops": AS_USUAL}


def _bridged(part: Typed) -> _Answers:
    """Only that no bridged packet gets there is an answer; that some do says nothing of these."""
    typed = words(part.command, "sysctl")
    if not typed:
        return {}
    values = {found["which"]: found["value"] for line in part.printed if (found := _BRIDGE.fullmatch(line))}
    absent = any(_NO_BRIDGE.fullmatch(line) for line in part.printed)
    off = (absent and not values) or values == {"iptables": "0", "ip6tables": "0"}
    return {"bridged packets": False} if off else {}


def _addresses(part: Typed) -> _Answers:
    """The addresses of all interfaces: each in two lines, the second for its lifetime."""
    typed = words(part.command, "ip")
    if typed[1:2] not in (["a"], ["addr"], ["address"]) or typed[2:] not in ([], ["show"], ["list"], ["ls"]):
        return {}
    if any(not _WHOLE.fullmatch(line) for line in "\n".join(part.printed).rstrip("\n").split("\n")):
        return {}
    pairs = [bool(_INET.match(line)) for line in part.printed
             if _INET.match(line) or _LIFETIME.fullmatch(line)]
    if pairs != [True, False] * (len(pairs) // 2):
        return {}
    found = Reader(list(part.printed)).found
    own = join(addresses for addresses, _ in found.interfaces.values())
    loopback = found.interfaces.get("lo", (NOWHERE, 0))[0]
    if not loopback or found.elsewhere:
        return {}
    return {"own addresses": own | _LOOPBACK if loopback.v4 else own}
