"""`access-list NAME ethertype ...`: what it means for IP, beside the lists of addresses and ports.

It is bound besides an extended list. IP and ARP pass its implicit deny, and not an explicit deny of
everything (ASA CLI guide, EtherType rules).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES, unread
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.rules import Action, Rule
from aclproof.reason import Reason

KIND = "ethertype"
_OTHERS = frozenset("bpdu dsap eii-ipx ipx isis mpls-multicast mpls-unicast raw-ipx".split())
_NUMBER = re.compile(r"0x[0-9a-f]{1,4}", re.IGNORECASE)
_OF_IP = frozenset({0x0800, 0x0806, 0x86DD})
"""IPv4, ARP, IPv6."""


def is_one(access_list: AccessList | None, text: Callable[[int], str]) -> bool:
    """Return whether a list is one of types of frames."""
    first = access_list.entries[:1] if access_list else []
    return any(KIND in text(abs(entry)).split()[2:5] for entry in first)


def rules(access_list: AccessList, text: Callable[[int], str]) -> list[Rule]:
    """Return what stops IP: nothing, a deny of everything, or what may be one."""
    for entry in access_list.entries:
        words = text(abs(entry)).split()
        said = words[words.index(KIND) + 1:] if KIND in words and entry > 0 else ["remark"]
        if said[:2] == ["permit", "any"]:
            break
        if said[:2] == ["deny", "any"]:
            return [Rule(Action.DENY, ANY, ANY, ANY_SERVICES, entry)]
        if said[0] != "remark" and not _is_other(said[1:]):
            return unread([], entry, Reason("which frames it stops"))
    return []


def _is_other(words: Sequence[str]) -> bool:
    """Whether an entry is about frames that hold no IP."""
    what = words[0] if words else ""
    return what in _OTHERS or (bool(_NUMBER.fullmatch(what)) and int(what, 16) not in _OF_IP)
