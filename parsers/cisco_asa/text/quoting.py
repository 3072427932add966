"""What of a line may be quoted: one list of commands for every line on every path, as others hold secrets.

Of a line whose command is not on it at most the command itself is quoted.
"""

from __future__ import annotations

import re

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.text.lines import without_terminal
from aclproof.parsers.model.notes import HIDDEN, without_secret

_WHOLE = frozenset("""access-list access-group object object-group network-object service-object port-object
protocol-object icmp-object group-object host subnet range fqdn service nat static global route name
interface nameif security-level same-security-traffic service-policy policy-map class-map class match inspect
time-range absolute periodic shutdown management-only nat-control conduit permit deny hostname bridge-group
policy-route zone-member vlan filter shun object-group-search arp-inspection mac-learn sfr cxsc ips csc set
forward nve-only traffic-forward inline-set asr-group vrf wccp""".split())
"""Commands whose lines hold names, addresses, ports and switches only."""

_OTHERS = re.compile(r"host\s+\S+\s+\S|static\s+[^(\s]|interface(?:\s+\S+){3}", re.IGNORECASE)
"""What begins as one of these does, and is the rest of another command: of `snmp-server host`, say."""
_TWO_WORDS = frozenset({("ip", "address"), ("ipv6", "access-list"), ("ipv6", "address"), ("ipv6", "route"),
                        ("router", "ospf"), ("router", "eigrp"), ("router", "bgp"), ("router", "rip"),
                        ("aaa", "authentication"), ("aaa", "authorization"), ("ip", "local"), ("ip", "audit"),
                        ("ip", "verify"), ("threat-detection", "scanning-threat"), ("dynamic-filter", "drop"),
                        ("logging", "host")})
_CRYPTO_MAP = re.compile(r"\s*crypto (?:dynamic-)?map \S+ (?:\d+ match address|interface) \S+\s*$",
                         re.IGNORECASE)
_LOGGING = re.compile(r"\s*(?:no\s+)?logging\s+(?:enable|on|message\s+\d+(?:\s+level\s+\w+)?)\s*$",
                      re.IGNORECASE)
_VPN_FILTER = re.compile(r"\s*(?:no\s+)?vpn-filter(?:\s+none|\s+value\s+\S+)?\s*$", re.IGNORECASE)
"""One name and nothing else: more words are no filter."""
_VERSIONS = frozenset({"asa", "pix", "fwsm", "ngfw"})


def quotable(line: str) -> str:
    """Return a line as it may be quoted, without what is around it on a terminal."""
    text = line.strip()
    is_whole = text.partition(" ")[0] in _WHOLE and not _OTHERS.match(text)
    if is_whole and "\b" not in text:  # nothing of a terminal is before such a word
        return _without_secret(line, text)
    text = without_terminal(line)
    said = text.split()
    if not said:
        return ""
    words = [word.lower() for word in said]  # a device takes capitals
    asked = words[1:] if words[0] == "no" and len(words) > 1 else words
    if asked[:2] == ["clear", "configure"] or words[:1] == ["clear"]:
        return " ".join(said[:3])
    whole = (asked[0] in _WHOLE and not _OTHERS.match(" ".join(asked))) or tuple(asked[:2]) in _TWO_WORDS or (
        asked[0] in _VERSIONS and asked[1:2] == ["version"]) or any(
        form.match(text) for form in (_CRYPTO_MAP, _VPN_FILTER, _LOGGING))
    if not whole:
        known = said[:len(words) - len(asked) + 1]
        is_command = table.find(asked) and not any("/" in each for each in known)  # `ftp` finds an address
        return " ".join([*known, HIDDEN]) if is_command else HIDDEN
    return _without_secret(line, text)


def _without_secret(line: str, text: str) -> str:
    """Return a line as it is; up to a secret only what it says without a terminal."""
    said = without_secret(text)
    return line.strip() if said == text else said
