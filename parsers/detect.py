"""Whose configuration is this? By what only that vendor writes; never by the file's name."""

from __future__ import annotations

import re

from aclproof.parsers.iptables.text import kinds
from aclproof.parsers.source import Source, UnsupportedInputError

_HEAD = 2**18
"""A vendor shows itself in so many characters; scanning a whole file of millions of lines costs too much."""

_ASA = re.compile(
    r"^(?:ASA|PIX|FWSM) Version |^: Saved|^ *nameif \S+|^access-group \S+ |"
    r"^ ?(?:object-group|object) (?:network|service|protocol|icmp-type) |"
    r"^access-list \S+(?:; \d+ elements| (?:line \d+ )?extended )", re.MULTILINE)
_LIST = re.compile(
    r"^(?:<--- More --->)?[ \r]*(?:\S+[#>] ?)?access-list \S+ (?:line \d+ )?"
    r"(?:extended|standard|permit|deny|remark|advanced)\b", re.MULTILINE)
_ROUTER = re.compile(
    r"^ip access-list (?:standard|extended) |^version 1[0-9]\.\d|^ ip access-group \S+ (?:in|out)",
    re.MULTILINE)
_WILDCARD = re.compile(
    r"^access-list (\d+) (?:permit|deny) .*\b0\.\d+\.\d+\.(?:255|127|63|31|15|7|3|1)\b", re.MULTILINE)
_NFT = re.compile(r"^table (?:(?:ip|ip6|inet|arp|bridge|netdev) )?\S+ \{", re.MULTILINE)
_SCRIPT = re.compile(
    r"^#!.*sh\b|^ *(?:\S+@\S+[#$] *)?(?:sudo )?(?:(?:/\S*/)?ip6?tables|\$\{?IP6?T\w*\}?) +"
    r"(?:-t +\w+ +)?-(?:[ADIRPNFX]|-(?:append|delete|insert|replace|policy|new-chain|flush)) ", re.MULTILINE)
_OTHERS = (
    ("an nft ruleset", _NFT, "load it where iptables-nft is installed and give the output of iptables-save"),
    ("a shell script that calls iptables", _SCRIPT,
     "run it on the host, and give what iptables-save prints there"),
    ("a Junos configuration", re.compile(
        r"^set (?:security|firewall|interfaces|system|policy-options) |^(?:firewall|security|system) \{",
        re.MULTILINE), "aclproof does not know it"),
)


def vendor(source: Source) -> str:
    """Return the vendor's key; UnsupportedInputError says what the file looks like and what to give
    instead."""
    head, text = source.text[:_HEAD], source.text
    router = _ROUTER.search(head)
    if _ASA.search(head) and not router:
        return "cisco-asa"
    router = router or _WILDCARD.search(text)
    if router:
        raise UnsupportedInputError(f"{_place(source, router)}: a router configuration (its masks are "
                                    "wildcards, not netmasks); aclproof reads Cisco ASA configurations")
    if _ASA.search(text) or _LIST.search(text):
        return "cisco-asa"
    form = kinds.kind(text)
    if form in ("listing", "ipset") or (form and not _SCRIPT.search(text)):
        return "iptables"
    if _is_windows(source):
        return "windows"
    for what, pattern, instead in _OTHERS:
        found = pattern.search(text)
        if found:
            raise UnsupportedInputError(f"{_place(source, found)}: {what}, which is not read here; {instead}")
    raise UnsupportedInputError(f"{source.name}: no firewall configuration that is known here; give a Cisco "
                                "ASA running-config or 'show access-list' output, what iptables-save prints, "
                                "or an export of the Windows Firewall")


def _is_windows(source: Source) -> bool:
    from aclproof.parsers.windows.meaning import convert  # it has a reader for each of many forms

    return bool(convert.recognises(source))


def _place(source: Source, found: re.Match[str]) -> str:
    first = len(found[0]) - len(found[0].lstrip("\n"))
    return f"{source.name}:{source.text.count(chr(10), 0, found.start() + first) + 1}"


_ASA_EDIT = re.compile(
    r"^(?:\S*[#>] ?)?[ \t]*(?:no (?:access-list|access-group|object|object-group|nat|route|"
    r"(?:network|service|port|protocol|icmp|group)-object) |clear conf(?:igure)? |access-list \S+ line \d+ |"
    r"conf(?:igure)? t(?:erminal)?[ \t\r]*$)", re.MULTILINE)
_ASA_WHOLE = re.compile(r"^(?:: Saved|(?:ASA|PIX|FWSM) Version |Cryptochecksum:)", re.MULTILINE)
_ASA_NAMEIF = re.compile(r"^[ \t]*nameif \S", re.MULTILINE)
_ASA_LISTED = re.compile(r"\(hitcnt=|^access-list \S+; \d+ elements", re.MULTILINE)
_IPTABLES = re.compile(r"^[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?ip6?tables(?:-legacy|-nft)?[ \t]+-", re.MULTILINE)
_WINDOWS = re.compile(
    r"^[ \t@]*(?:call[ \t]+)?(?:(?:New|Set|Remove|Enable|Disable|Get)-NetFirewallRule\b|"
    r"(?:\S*\\)?netsh(?:\.exe)?[ \t]+advfirewall[ \t]+firewall[ \t]+(?:add|set|delete)[ \t]+rule\b)",
    re.MULTILINE | re.IGNORECASE)


def script(source: Source) -> tuple[str, bool]:
    """Return the vendor whose commands a text holds, to change a configuration, and whether that is sure.

    It is empty for a whole configuration. Lines of an ASA without an edit may be either.
    """
    head = source.text[:_HEAD]
    if _IPTABLES.search(head) and not kinds.is_save(head):
        return "iptables", True
    if _WINDOWS.search(head):
        return "windows", True
    if _ASA_WHOLE.search(head) or _ASA_LISTED.search(head):
        return "", True
    if _ASA_EDIT.search(source.text):
        return "cisco-asa", True
    lines = (_ASA.search(head) or _LIST.search(head)) and not _ASA_NAMEIF.search(source.text)
    return ("cisco-asa", False) if lines else ("", True)
