"""What a listing prints of a target, and the options that iptables-save writes for it."""

from __future__ import annotations

import re
from collections.abc import Callable

from aclproof.parsers.iptables.text.words import AS_LISTED

_Arguments = tuple[tuple[str, str], ...]

_HEX = "0x[0-9a-fA-F]{1,8}"
_ALL = 0xFFFFFFFF


def arguments(target: str, text: str) -> _Arguments | None:
    """Read what follows the matches of a rule; None when it is not, or not only, this target's text."""
    text = text.strip()
    if target in _TABLE:
        pattern, make = _TABLE[target]
        found = pattern.fullmatch(text)
        return make(found) if found else None
    if not text:
        return ()
    marker = _DECIDING_NOTHING.get(target)
    return ((AS_LISTED, text),) if marker and text.startswith(marker) else None


_DECIDING_NOTHING = {
    "AUDIT": "AUDIT ", "CHECKSUM": "CHECKSUM ", "CLASSIFY": "CLASSIFY set ", "CONNSECMARK": "CONNSECMARK ",
    "DSCP": "DSCP set ", "ECN": "ECN ", "HL": "HL ", "HMARK": "HMARK ", "IDLETIMER": "timeout:",
    "LED": "led-", "LOG": "LOG ", "NFLOG": "nflog-", "RATEEST": "name ", "SECMARK": "SECMARK ",
    "SYNPROXY": "SYNPROXY ", "TCPMSS": "TCPMSS ", "TCPOPTSTRIP": "TCPOPTSTRIP ", "TEE": "TEE ", "TOS": "TOS ",
    "TTL": "TTL ", "ULOG": "ULOG "}
"""Targets whose options do not matter, and how their text begins (the end of it is the user's own)."""

_Make = Callable[["re.Match[str]"], _Arguments | None]


def _options(**names: str) -> _Make:
    """Make arguments of the named groups, in this order; a group that is the option itself has no value."""
    def make(found: re.Match[str]) -> _Arguments:
        return tuple((option, "" if found[group] == option else found[group])
                     for group, option in names.items() if found[group])

    return make


def _mark(found: re.Match[str]) -> _Arguments | None:
    value = int(found["value"], 16)
    if (found["do"] == "xset") is not bool(found["mask"]):
        return None
    value, mask = {"set": (value, _ALL), "and": (0, ~value & _ALL), "or": (value, value), "xor": (value, 0),
                   "xset": (value, int(found["mask"] or "0", 16))}[found["do"]]
    return (("set-xmark", f"{value:#x}/{mask:#x}"),)


def _connection_mark(found: re.Match[str]) -> _Arguments | None:
    shift: _Arguments = ((f"{found['way_of_shift']}-shift-mark", found["bits"]),) if found["bits"] else ()
    if found["do"]:
        mark = _mark(found)
        return mark and (*mark, *shift)
    packet, connection = (found["mask_of_both"] or found[first] or found[second] or f"{_ALL:#x}"
                          for first, second in (("from_nf", "to_nf"), ("to_ct", "from_ct")))
    return (f"{found['way']}-mark", ""), ("nfmask", packet), ("ctmask", connection), *shift


_SET = rf"(?P<do>set|and|or|xor|xset) (?P<value>{_HEX})(?:/(?P<mask>{_HEX}))?"
_COPY = (rf"(?P<way>save|restore)(?: mask (?P<mask_of_both>{_HEX})"
         rf"| nfmask (?P<from_nf>{_HEX}) ctmask ~(?P<to_ct>{_HEX})"
         rf"| ctmask (?P<from_ct>{_HEX}) nfmask ~(?P<to_nf>{_HEX}))?")
_SHIFT = r"(?: (?P<way_of_shift>left|right)-shift-mark (?P<bits>\d+))?"
_HOW = r"(?: ?(?P<random>random))?(?: ?(?P<fully>random-fully))?(?: ?(?P<persistent>persistent))?"
_HOW_NAMES = {"random": "random", "fully": "random-fully", "persistent": "persistent"}


def _queue(found: re.Match[str]) -> _Arguments:
    queues = ((f"queue-{found['how']}", found["queues"]),)
    return queues + tuple((option, "") for group, option in (
        ("bypass", "queue-bypass"), ("fanout", "queue-cpu-fanout")) if found[group])


def _nothing(found: re.Match[str]) -> _Arguments:
    return ()


_TARGETS: tuple[tuple[str, str, _Make], ...] = (
    ("ACCEPT", "", _nothing), ("DROP", "", _nothing), ("RETURN", "", _nothing),
    ("REJECT", r"(?:reject-with (?P<kind>[a-z0-9-]+))?", _options(kind="reject-with")),
    ("DNAT", rf"to:(?P<to>\S+){_HOW}", _options(to="to-destination", **_HOW_NAMES)),
    ("SNAT", rf"to:(?P<to>\S+){_HOW}", _options(to="to-source", **_HOW_NAMES)),
    ("REDIRECT", rf"(?:redir ports (?P<to>\S+))?{_HOW}", _options(to="to-ports", **_HOW_NAMES)),
    ("MASQUERADE", rf"(?:masq ports: (?P<to>\S+))?{_HOW}", _options(to="to-ports", **_HOW_NAMES)),
    ("NETMAP", r"(?:to:)?(?P<to>[0-9a-fA-F.:/]+)", _options(to="to")),
    ("MARK", rf"MARK {_SET}", _mark),
    ("CONNMARK", rf"CONNMARK (?:{_SET}|{_COPY}){_SHIFT}", _connection_mark),
    ("NOTRACK", "", _nothing),
    ("CT", r"CT notrack|NOTRACK|CT (?P<rest>.+)", lambda found: (
        ((AS_LISTED, found["rest"]),) if found["rest"] else (("notrack", ""),))),
    ("NFQUEUE", r"NFQUEUE (?P<how>num|balance) (?P<queues>[0-9:]+)(?P<bypass> bypass)?"
                r"(?P<fanout> cpu-fanout)?",
     _queue),
    ("SET", r"(?P<do>(?:add|del|map)-set) (?P<what>\S+ [a-z,]+.*)", lambda found: (
        (found["do"], found["what"]),)),
    ("TPROXY", rf"TPROXY redirect (?P<to>\S+):(?P<port>\d+) mark (?P<mark>{_HEX}/{_HEX})",
     _options(port="on-port", to="on-ip", mark="tproxy-mark")),
)
_TABLE = {target: (re.compile(pattern), make) for target, pattern, make in _TARGETS}
