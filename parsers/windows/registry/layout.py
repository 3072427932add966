"""The keys and values below a firewall policy's key, and what of them is not as Windows writes it.

A key or a value that stands in no table is of a Windows to come, or a damaged one: it counts as damaged where
it reads nearly like one that decides, or holds what only such a one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.windows.records.rule import Broken
from aclproof.parsers.windows.registry.damage import is_near
from aclproof.parsers.windows.registry.reg_text import Key, Tree, Value
from aclproof.parsers.windows.registry.stores import Stored, is_policy
from aclproof.reason import Reason

RULES, CONNECTION_RULES = "firewallrules", "consecrules"
HARDENING = ("restrictedservices\\static\\system", "restrictedservices\\configurable\\system")
_PROFILES = ("domainprofile", "privateprofile", "publicprofile", "standardprofile")
_BELOW_A_PROFILE = frozenset({
    "logging", "authorizedapplications", "authorizedapplications\\list", "globallyopenports",
    "globallyopenports\\list", "icmpsettings", "remoteadminsettings", "services", "services\\fileandprint",
    "services\\remotedesktop", "services\\upnpframework"})
_OTHERS = frozenset({"", RULES, CONNECTION_RULES, *_PROFILES})
_APART = re.compile(
    r"(?:restrictedservices|restrictedinterfaces|mdm|dynamickeywords|tenantrestrictions|appiso|mainmoderules|"
    r"hyperv[a-z]*|phase[12](?:authentication|crypto)sets)(?:\\.*)?", re.DOTALL)
"""Layers of their own (those of Hyper-V filter guests only), sets that connection security rules name, and
what is read elsewhere."""
_DECIDING = ("enablefirewall", "defaultinboundaction", "defaultoutboundaction", "donotallowexceptions",
             "allowlocalpolicymerge", "disabledinterfaces", "allowuserprefmerge", "enabled",
             "remoteaddresses", "policyversion")
HARMLESS = frozenset({
    "disablenotifications", "disableunicastresponsestomulticastbroadcast", "disablestealthmode",
    "disablestealthmodeipsecsecuredpacketexemption", "allowlocalipsecpolicymerge",
    "logdroppedpackets", "logfilepath", "logfilesize", "logsuccessfulconnections", "ipsecexempt",
    "disablestatefulftp", "disablestatefulpptp"})
"""Values that do nothing to a first packet; those about IPsec matter to connection security rules only."""
VALUES = HARMLESS.union(_DECIDING)
"""All that are known."""
_LISTS = (RULES, CONNECTION_RULES)
_RULE = re.compile(r"v\d+\.\d+\|.*\b(?:Action|Dir)=", re.DOTALL)


def damaged(tree: Tree, found: Sequence[Stored]) -> Iterator[Broken]:
    """Yield keys and values that may be damaged ones which decide, and values that contradict each other."""
    ours = {id(key) for stored in found for key in stored.keys.values()}
    for stored in found:
        for path, key in stored.keys.items():
            yield from _key(path, key)
    for key in tree.keys.values():
        if id(key) not in ours and not is_policy(key.path) and _holds_rules(key):
            yield Broken(key.line, Reason("rules below a key that is not known here: {key}", key=key.path))
    for owner, value in tree.doubled:
        if id(owner) in ours:
            yield Broken(value.line, Reason("'{name}' stands twice in its key, with different data",
                                            name=value.name))


def _key(path: str, key: Key) -> Iterator[Broken]:
    head, _, below = path.partition("\\")
    known = path in _OTHERS or (head in _PROFILES and below in _BELOW_A_PROFILE)
    if known and path not in _LISTS and not path.endswith("\\list"):
        yield from _values(key.values)
    elif not known and not _APART.fullmatch(path) and (
            _holds_rules(key) or is_near(head, (*_PROFILES, *_LISTS)) or _like_a_profile(key.values)):
        yield Broken(key.line, Reason("a key that is not known here: {key}", key=key.path))


def _values(values: Mapping[str, Value]) -> Iterator[Broken]:
    for name, value in values.items():
        if name not in _DECIDING and name not in HARMLESS and (is_near(name, _DECIDING) or _is_rule(value)):
            yield Broken(value.line, Reason("a value that is not known here: '{name}'", name=value.name))


def _like_a_profile(values: Mapping[str, Value]) -> bool:
    return not VALUES.isdisjoint(values)


def _holds_rules(key: Key) -> bool:
    return any(map(_is_rule, key.values.values()))


def _is_rule(value: Value) -> bool:
    return isinstance(value.data, str) and bool(_RULE.match(value.data))
