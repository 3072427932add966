"""What a listing prints after the addresses of a rule, and the tests that iptables-save writes for it.

Each match prints in a manner of its own (`tcp dpt:22`, `PKTTYPE = broadcast`). A text that is in none of
the tables is not understood, and nothing after it is: what belongs to it cannot be known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from aclproof.parsers.iptables.text.names import icmp
from aclproof.parsers.iptables.text.words import AS_LISTED, RuleError, Test
from aclproof.parsers.model.addresses import Family

_NO = "(?P<no>! ?)?"
_HEX = "0x[0-9a-fA-F]{1,8}"
_SIDES = "(?:src|dst)(?:,(?:src|dst))*"

_ONE_VALUE = (
    # the text, the match, the option: `no` is its negation and `v` its value
    (rf"{_NO}state +(?P<v>[A-Z,]+)", "state", "state"),
    (rf"{_NO}ctstate +(?P<v>[A-Z,]+)", "conntrack", "ctstate"),
    (rf"multiport sports +{_NO}(?P<v>\S+)", "multiport", "sports"),
    (rf"multiport dports +{_NO}(?P<v>\S+)", "multiport", "dports"),
    (rf"multiport ports +{_NO}(?P<v>\S+)", "multiport", "ports"),
    (rf"source IP range +{_NO}(?P<v>\S+-\S+)", "iprange", "src-range"),
    (rf"destination IP range +{_NO}(?P<v>\S+-\S+)", "iprange", "dst-range"),
    (rf"MAC ?{_NO}(?P<v>[0-9A-Fa-f]{{2}}(?::[0-9A-Fa-f]{{2}}){{5}})", "mac", "mac-source"),
    (rf"(?:mark|MARK) match +{_NO}(?P<v>{_HEX}(?:/{_HEX})?)", "mark", "mark"),
    (rf"(?:connmark|CONNMARK) match +{_NO}(?P<v>{_HEX}(?:/{_HEX})?)", "connmark", "mark"),
    (r"PKTTYPE (?:(?P<no>!=)|=) (?P<v>[a-z]+)", "pkttype", "pkt-type"),
    (rf"{_NO}(?:owner|OWNER) UID match (?P<v>\S+)", "owner", "uid-owner"),
    (rf"{_NO}(?:owner|OWNER) GID match (?P<v>\S+)", "owner", "gid-owner"),
    (rf"length {_NO}(?P<v>[0-9:]+)", "length", "length"),
    (r"TTL match TTL (?:(?P<no>!=)|==) (?P<v>\d+)", "ttl", "ttl-eq"),
    (r"TTL match TTL < (?P<v>\d+)", "ttl", "ttl-lt"),
    (r"TTL match TTL > (?P<v>\d+)", "ttl", "ttl-gt"),
    (r"HL match HL (?:(?P<no>!=)|==) (?P<v>\d+)", "hl", "hl-eq"),
    (r"HL match HL < (?P<v>\d+)", "hl", "hl-lt"),
    (r"HL match HL > (?P<v>\d+)", "hl", "hl-gt"),
    (rf"tos match ?{_NO}(?P<v>{_HEX}/{_HEX})", "tos", "tos"),
    (rf"DSCP match ?{_NO}(?P<v>{_HEX})", "dscp", "dscp"),
    (rf'helper match {_NO}"(?P<v>[^"]*)"', "helper", "helper"),
    *((rf"{_NO}{name} (?P<v>\S+)", "conntrack", name)
      for name in ("ctproto", "ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst", "ctorigsrcport",
                   "ctorigdstport", "ctreplsrcport", "ctrepldstport", "ctstatus", "ctexpire", "ctdir")),
)

_WHOLE = (
    # matches whose words are not taken apart: the match, and where its text ends
    ("hashlimit", r"limit: (?:up to|above|avg) \S+ burst \S+ mode \S+(?: (?:htable-[a-z]+|srcmask|dstmask) "
                  r"\S+)*"),
    ("unknown", r"limit: (?:up to|above|avg) \S+ burst \S+"), ("connlimit", r"#conn(?: src| dst)?/\d+ "
                                                                            r"(?:>|<=) \d+"),
    ("unknown", r'STRING match +(?:! )?"(?:[^"\\]|\\.)*" ALGO name [a-z]+(?: FROM \d+)?(?: TO \d+)?(?: '
                r'ICASE)?'),
    ("unknown", r'u32 (?:! )?"[^"]*"'), ("unknown", r"match bpf (?:\d+ \d+ \d+ \d+,?)+"),
    ("unknown", r"tcpmss match !?[0-9:]+"), ("unknown", r"realm (?:! ?)?\S+"),
    ("connbytes", r"(?:! )?connbytes [0-9:]+ connbytes mode [a-z]+ connbytes direction [a-z]+"),
    ("esp", r"esp spis?:!?[0-9:]+"), ("ah", r"ah spis?:!?[0-9:]+"),
    ("unknown",
     r"TIME(?: from \S+ to \S+| on \S+| starting from \S+ \S+| until date \S+ \S+| UTC| contiguous)+"),
    ("unknown", r"cpu !?\d+"), ("unknown", r"(?:src|dst)-group !?\S+"),
    ("unknown", r"ECN match(?: !?(?:CWR|ECE|ECT=\d+))+"), ("unknown", r"OS fingerprint match (?:! )?\S+"),
    ("unknown", r"cluster(?: !? ?[a-z_]+=\S+)+"), ("unknown", r"cgroup (?:! )?\S+"),
    ("unknown", r"nfacct-name +\S+"),
    ("unknown", r"quota: \d+ bytes"),  # whether it is negated is not printed
    *((name, rf"{name}(?: [a-z-]+:\S+)+") for name in ("rt", "frag", "hbh", "dst", "mh")),
    ("unknown", r"-m geoip (?:! )?--(?:source|destination)-country \S+"),
    ("unknown", r"statistic mode [a-z]+(?: !)? (?:probability|every) \S+(?: packet \d+)?"),
)


class Found(NamedTuple):
    """The tests at one place of a text, and where it goes on."""

    tests: tuple[Test, ...]
    end: int


def match(text: str, at: int) -> Found | None:
    """Read the match that begins at `at`, except a comment; None where the text is not understood."""
    for pattern, make in _TABLE:
        found = pattern.match(text, at)
        if found and (tests := make(found)) is not None:
            return Found(tests, found.end())
    return None


def unknown(text: str) -> Test:
    """Make the test for a text of which nothing is known."""
    return Test("unknown", text)


def _whole(module: str) -> _Make:
    def make(found: re.Match[str]) -> _Tests:
        return (unknown(found[0]) if module == "unknown" else Test(module, AS_LISTED, (found[0],)),)

    return make


_Tests = tuple[Test, ...] | None
_Make = Callable[["re.Match[str]"], _Tests]


def _one_value(module: str, name: str) -> _Make:
    def make(found: re.Match[str]) -> _Tests:
        return (Test(module, name, (found["v"],), bool(found.groupdict().get("no"))),)

    return make


def _ports(found: re.Match[str]) -> _Tests:
    module = found["module"]
    tests = [Test(module, name, (found[name],), bool(found[f"no_{name}"])) for name in ("sport", "dport")
             if found[name]]
    if found["option"]:
        tests.append(Test(module, "tcp-option", (found["option"],), bool(found["no_option"])))
    if found["mask"]:
        mask, value = _flags(found["mask"]), _flags(found["value"])
        if not mask or not value:
            return None
        tests.append(Test(module, "tcp-flags", (mask, value), bool(found["no_flags"])))
    return tuple(tests)


_FLAGS = "FIN SYN RST PSH ACK URG".split()


def _flags(text: str) -> str:
    """Write `0x17` as `FIN,SYN,RST,ACK`, names as they are; empty for what iptables cannot mean."""
    if not re.fullmatch(_HEX, text):
        return text if set(text.split(",")) <= {*_FLAGS, "ALL", "NONE"} else ""
    bits = int(text, 16)
    if bits >> len(_FLAGS):
        return ""
    return ",".join(name for bit, name in enumerate(_FLAGS) if bits >> bit & 1) or "NONE"


def _icmp(found: re.Match[str]) -> _Tests:
    family = Family.V4 if found["module"] == "icmp" else Family.V6
    if found["name"]:
        try:
            icmp(found["name"], family)
        except RuleError:
            return None
        value = found["name"]
    else:
        code = found["code"] or (found["codes"] or "").replace("-", ":")
        value = f"{found['type']}/{code}" if code else found["type"]
        if found["type"] == "255" and family is Family.V4:
            value = "any"
    module, name = ("icmp", "icmp-type") if family is Family.V4 else ("icmp6", "icmpv6-type")
    return (Test(module, name, (value,), bool(found["no"])),)


def _set(found: re.Match[str]) -> _Tests:
    tests = [Test("set", "match-set", (found["name"], found["sides"]), bool(found["no"]))]
    if found["nomatch"]:
        tests.append(Test("set", "return-nomatch"))
    return tuple(tests)


def _limit(found: re.Match[str]) -> _Tests:
    rate = Test("limit", "limit", (found["rate"],))
    return (rate,) if found["burst"] == "5" else (rate, Test("limit", "limit-burst", (found["burst"],)))


def _addrtype(found: re.Match[str]) -> _Tests:
    tests = [Test("addrtype", f"{side}-type", (found[side],), bool(found[f"no_{side}"]))
             for side in ("src", "dst") if found[side]]
    tests += [Test("addrtype", f"limit-iface-{way}") for way in ("in", "out") if found[way]]
    return tuple(tests) or None


_PHYSDEV = re.compile(r"(?P<no>! )?--(?P<name>physdev-[a-z-]+)(?: (?P<v>(?!!|--)\S+))?")


def _physdev(found: re.Match[str]) -> _Tests:
    return tuple(Test("physdev", each["name"], (each["v"],) if each["v"] else (), bool(each["no"]))
                 for each in _PHYSDEV.finditer(found["rest"]))


def _policy(found: re.Match[str]) -> _Tests:
    """Read `dir in pol ipsec strict ! reqid 1`: each word is an option."""
    return tuple(Test("policy", each["name"] or each["named"], (each["v"],) if each["v"] else (),
                      bool(each["no"]))
                 for each in _POLICY.finditer(found["rest"]))


_POLICY = re.compile(r"(?P<no>! )?(?:(?P<name>strict)|(?P<named>[a-z-]+) (?P<v>\S+))")


def _words(module: str) -> _Make:
    """Read a match that prints its options without values."""
    def make(found: re.Match[str]) -> _Tests:
        return tuple(Test(module, word.lstrip("-")) for word in found["rest"].split()) or (Test(module, ""),)

    return make


def _ipv6_header(found: re.Match[str]) -> _Tests:
    names = found["v"]
    if re.fullmatch(_HEX, names):
        names = ",".join(name for bit, name in enumerate(_HEADERS) if int(names, 16) >> bit & 1)
    header = Test("ipv6header", "header", (names,), bool(found["no"]))
    return (header, Test("ipv6header", "soft")) if found["soft"] else (header,)


_HEADERS = "prot none esp auth frag route dst hop".split()

_RECENT = {"SET": "set", "UPDATE": "update", "CHECK": "rcheck", "REMOVE": "remove"}
_RECENT_WORDS = {"seconds:": "seconds", "reap": "reap", "hit_count:": "hitcount", "TTL-Match": "rttl",
                 "name:": "name", "mask:": "mask", "source": "rsource", "dest": "rdest"}
_RECENT_ITEM = "(?:(?:seconds|hit_count|name|mask): [^ ]+|side: (?:source|dest)|reap|TTL-Match)"


def _recent(found: re.Match[str]) -> _Tests:
    tests = [Test("recent", _RECENT[found["do"]], (), bool(found["no"]))]
    for item in re.findall(_RECENT_ITEM, found["rest"]):
        word, _, value = item.removeprefix("side: ").partition(" ")
        tests.append(Test("recent", _RECENT_WORDS[word], (value,) if value else ()))
    return tuple(tests)


def _table() -> list[tuple[re.Pattern[str], _Make]]:
    rows: list[tuple[str, _Make]] = [
        (r"(?P<module>tcp|udp|udplite|sctp|dccp)"
         r"(?: spts?:(?P<no_sport>!)?(?P<sport>\S+?))?(?: dpts?:(?P<no_dport>!)?(?P<dport>\S+?))?"
         r"(?: option=(?P<no_option>!)?(?P<option>\d+))?"
         r"(?: ?flags: ?(?P<no_flags>! ?)?(?P<mask>[^\s/]+)/(?P<value>\S+))?", _ports),
        (rf"(?P<module>icmp|ipv6-icmp) ?{_NO}(?:type (?P<type>\d+)"
         r"(?: code (?P<code>\d+)| codes (?P<codes>\d+-\d+))?"
         r"|(?P<name>[A-Za-z][A-Za-z-]*))", _icmp),
        (rf"{_NO}(?:match-set|set) (?P<name>\S+) (?P<sides>{_SIDES})(?P<nomatch> return-nomatch)?", _set),
        (r"limit: avg (?P<rate>\d+/[a-z]+) burst (?P<burst>\d+)(?! mode)", _limit),
        (r"ADDRTYPE match(?: src-type (?P<no_src>!)?(?P<src>\S+))?(?: dst-type (?P<no_dst>!)?(?P<dst>\S+))?"
         r"(?P<in> limit-in)?(?P<out> limit-out)?", _addrtype),
        (r"PHYSDEV match(?P<rest>(?: (?:! )?--physdev-(?:(?:in|out) \S+|is-(?:in|out|bridged)))+)", _physdev),
        (r"policy match (?P<rest>dir (?:in|out) pol (?:none|ipsec)"
         r"(?: strict| (?:! )?(?:reqid|spi|proto|mode|tunnel-[a-z]+) \S+)*)", _policy),
        (r"socket(?P<rest>(?: --[a-z-]+)*)", _words("socket")),
        (r"rpfilter(?P<rest>(?: (?:loose|validmark|accept-local|invert))*)", _words("rpfilter")),
        (r"ipv6header flags:(?P<no>! ?)?(?P<v>\S+)(?P<soft> soft)?", _ipv6_header),
        (rf"{_NO}connlabel (?P<v>\S+)", _one_value("connlabel", "label")),
        (rf"{_NO}recent: (?P<do>SET|UPDATE|CHECK|REMOVE) "
         rf"(?P<rest>{_RECENT_ITEM}(?: {_RECENT_ITEM})*)", _recent),
    ]
    rows[1:1] = [(pattern, _one_value(module, name)) for pattern, module, name in _ONE_VALUE]
    rows += [(pattern, _whole(module)) for module, pattern in _WHOLE]
    return [(re.compile(pattern + r"(?=\s|$)"), make) for pattern, make in rows]


_TABLE = _table()
