"""Whose configuration is this? By what only that vendor writes; never by the file's name."""

from __future__ import annotations

import re

from parsers.source import Source, Unusable

_ASA = re.compile(
    r"^(?:ASA|PIX|FWSM) Version |^ ?(?:object-group|object) (?:network|service|protocol|icmp-type) |"
    r"^ *(?:\S+[#>] ?)?access-list \S+ (?:line \d+ )?"
    r"(?:extended|standard|permit|deny|remark|advanced) ?|^access-list \S+; \d+ elements|^ *nameif \S+|^access-group \S+ |^: Saved|"
    r"^(?:<--- More --->)?[ \r]*access-list \S+ line \d+ ", re.MULTILINE)
_ROUTER = re.compile(
    r"^ip access-list (?:standard|extended) |^version 1[0-9]\.\d|^ ip access-group \S+ (?:in|out)",
    re.MULTILINE)
_WILDCARD = re.compile(
    r"^access-list (\d+) (?:permit|deny) .*\b0\.\d+\.\d+\.(?:255|127|63|31|15|7|3|1)\b", re.MULTILINE)
_OTHERS = (
    ("an iptables-save dump", re.compile(r"^\*(?:filter|nat|mangle|raw)$|^-[AP] (?:INPUT|FORWARD|OUTPUT)\b",
                                         re.MULTILINE)),
    ("an iptables listing", re.compile(r"^Chain \S+ \(policy ", re.MULTILINE)),
    ("an nft ruleset", re.compile(r"^table (?:ip|ip6|inet) \S+ \{", re.MULTILINE)),
    ("a shell script", re.compile(r"^#!.*sh\b|^ *(?:ip6?tables|\$IPT\w*) +-", re.MULTILINE)),
    ("a Windows Firewall listing", re.compile(r"^Rule Name: |advfirewall|^Windows Registry Editor",
                                              re.MULTILINE)),
    ("a Junos configuration", re.compile(r"^set (?:security|firewall|interfaces) |^firewall \{", re.MULTILINE)),
)


def vendor(source: Source) -> str:
    """Return the vendor's key; Unusable says what the file looks like and what to give instead."""
    text = source.text
    router = _ROUTER.search(text)
    wildcard = _WILDCARD.search(text)
    if router or (wildcard and "nameif" not in text):
        match = router or wildcard
        assert match is not None
        line = text.count("\n", 0, match.start()) + 1
        raise Unusable(f"{source.name}:{line}: a router configuration (its masks are wildcards, not netmasks); "
                       "aclproof reads Cisco ASA configurations")
    if _ASA.search(text):
        return "cisco-asa"
    for what, pattern in _OTHERS:
        found = pattern.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            raise Unusable(f"{source.name}:{line}: {what}, which this version does not read; "
                           "give a Cisco ASA running-config or 'show access-list' output")
    raise Unusable(f"{source.name}: no firewall configuration that is known here; give a Cisco ASA "
                   "running-config or 'show access-list' output")
