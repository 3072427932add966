"""Registry exports of the firewall's policy (`.reg`): rules, profiles, and the exceptions of older settings.

`HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy` holds the computer's own
rules, `HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall` those of Group Policy; one file may hold both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from aclproof.parsers.model.notes import LineCounts, Note, State
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records import connection_security
from aclproof.parsers.windows.records.rule import (
    Barrier,
    Broken,
    Direction,
    ProfileSettings,
    Version,
    WindowsInput,
    WindowsRule,
)
from aclproof.parsers.windows.registry import (
    connection_rules,
    exception_lists,
    hardened,
    hive,
    layout,
    policy,
    query_text,
    reg_text,
    rule_string,
)
from aclproof.parsers.windows.registry import profiles as registry_profiles
from aclproof.parsers.windows.registry.reg_text import Key, Tree, Value
from aclproof.parsers.windows.registry.stores import LOCAL_ROOT, NoPolicyError, Stored, stores
from aclproof.reason import Reason

KIND = "registry export"

_HEADED = re.compile(r"\s*(?:Windows Registry Editor Version|REGEDIT4)")
_KEYED = re.compile(r"^\s*\[-?(?:HKEY_LOCAL_MACHINE|HKLM)\\.*(?:FirewallPolicy|WindowsFirewall)",
                    re.MULTILINE | re.IGNORECASE)
_SYSTEMS = {0x200: (6, 0), 0x201: (6, 0), 0x20A: (6, 1), 0x214: (6, 2), 0x216: (6, 3)}
"""Versions of Windows by the policy version that they write; later ones are Windows 10 and its successors."""
_TEN, _FIRST_OF_TEN = (10, 0), 0x218
_BOTH: frozenset[Direction] = frozenset({"In", "Out"})
_IPSEC = re.compile(r"\\policies\\microsoft\\windows\\ipsec\\(?:policy\\local|gptipsecpolicy)$")
_PARTIAL = Reason("'reg query' was not asked for all: some keys are only named, or searched; run it with /s "
                  "and without other options")


def recognises(text: str) -> bool:
    """Return whether this is a registry export, of the firewall or of anything else."""
    return bool(_HEADED.match(text) or _KEYED.search(text) or query_text.recognises(text))


def read(source: Source) -> WindowsInput:
    """Read what is in force of an export; UnsupportedInputError says what it holds instead."""
    lines = [line.rstrip("\r") for line in source.lines()]
    reader = query_text if query_text.recognises(source.text) else reg_text
    reading = _Reading()
    reading.end(source, lines)
    return of_tree(source, reader.read(lines), reading)


def of_tree(source: Source, tree: Tree, reading: _Reading | None = None) -> WindowsInput:
    """Read the keys and values of a text; `reading` holds what is known of the text already."""
    try:
        found = stores(tree)
    except NoPolicyError as error:
        raise UnsupportedInputError(Reason("{name}: the file holds {reason}; give what 'reg export "
                                           "{key}' writes", name=source.name, reason=str(error),
                                           key=LOCAL_ROOT.replace("HKEY_LOCAL_MACHINE", "HKLM"))) from None
    reading = reading or _Reading()
    for each in found:
        reading.store(each)
    reading.strays(tree, found)
    reading.broken = list(dict.fromkeys((*reading.broken, *layout.damaged(tree, found))))
    version = _policy_version(found)
    whole = not tree.deletes and any(map(_is_whole, found))
    return WindowsInput(
        source, KIND, reading.counts(len(source.lines())), tuple(reading.rules), tuple(reading.profiles),
        tuple(reading.broken),
        shows=_BOTH if whole else frozenset(), whole_store=whole,
        system=_system(version), reads=divmod(version, 0x100) if version else None,
        whole_policy=source.encoding != policy.KIND and any(
            each.store == "policy" and not each.managed and "" in each.keys for each in found)
        and not any(each.store == "policy" and each.partial for each in found),
        notes=tuple(_notes(source, found)),
        barriers=(*reading.barriers, *_unshown(found), *_ipsec(tree)), one_line=True)


def _is_whole(stored: Stored) -> bool:
    """Return whether the computer's own rules are all there; Windows XP has none."""
    root, rules = stored.keys.get(""), stored.keys.get(layout.RULES)
    if stored.store != "local":
        return False
    return not rules.partial if rules else (
        root is not None and "policyversion" not in root.values and not stored.partial)


def _unshown(found: Sequence[Stored]) -> Iterator[Barrier]:
    """Yield that Group Policy sets something, and the file does not show what."""
    for key in [key for each in found if each.store == "policy" for key in each.partial][:1]:
        yield Barrier(key.line, "", Reason("what Group Policy sets: {partial}", partial=_PARTIAL),
                      permits=True)


def _ipsec(tree: Tree) -> Iterator[Barrier]:
    """Yield that a policy of the older IPsec is assigned, which stops packets before the firewall does."""
    for path, key in tree.keys.items():
        value = key.values.get("activepolicy") or key.values.get("dsipsecpolicypath")
        if _IPSEC.search(path) and value and isinstance(value.data, str) and value.data:
            yield connection_security.assigned(value.line, value.data.rpartition("\\")[2])


def _notes(source: Source, found: Sequence[Stored]) -> Iterator[Note]:
    """Say that `reg query` was not asked for all."""
    for key in [key for each in found for key in each.partial][:1]:
        yield Note(State.APPROXIMATED, source.place(key.line), _PARTIAL)


def _policy_version(found: Sequence[Stored]) -> int | None:
    """Find the version of the policy that this Windows keeps for itself: 0x20a is 2.10."""
    for root in [each.keys[""] for each in found if each.store == "local" and "" in each.keys]:
        version = root.values.get("policyversion")
        if version and isinstance(version.data, int):
            return version.data
    return None


def _system(version: int | None) -> Version | None:
    if version is None:
        return None
    return _TEN if version >= _FIRST_OF_TEN else _SYSTEMS.get(version)


class _Reading:
    """What was read so far, and which lines it took."""

    def __init__(self) -> None:
        self.rules: list[WindowsRule] = []
        self.profiles: list[ProfileSettings] = []
        self.broken: list[Broken] = []
        self.barriers: list[Barrier] = []
        self._used: set[int] = set()

    def store(self, stored: Stored) -> None:
        """Read one store; the exceptions in a local store count where it has no rules of the newer kind."""
        rules = stored.keys.get(layout.RULES)
        if rules:
            self._rules(rules, stored)
        self._barriers(stored)
        for path, profiles in stored.profiles():
            key = stored.keys.get(path)
            for profile in profiles:
                record, used, broken = registry_profiles.settings(stored.keys, path, profile, stored.store)
                self.profiles.append(record)
                self._take(key, used)
                self.broken += [each for each in broken if each not in self.broken]
            if stored.store == "policy" or not rules:
                old = exception_lists.read(stored, path, profiles)
                self.rules += old.rules
                self.broken += old.broken
                self._take(None, old.used)

    def _rules(self, key: Key, stored: Stored) -> None:
        for value in key.values.values():
            try:
                self.rules.append(_rule(value, stored))
            except ValueError as error:
                self.broken.append(Broken(value.line, Reason("rule '{name}': {reason}", name=value.name,
                                                             reason=str(error))))
            else:
                self._take(key, [value])

    def _barriers(self, stored: Stored) -> None:
        """Read what stops packets besides the rules: IPsec that is required, and hardened services."""
        for value in _values(stored, layout.CONNECTION_RULES):
            text = value.data if isinstance(value.data, str) else ""
            self.barriers += connection_rules.barriers(text, value.name, value.line)
            self._take(None, [value])
        for path in layout.HARDENING:
            for value in _values(stored, path):
                text = value.data if isinstance(value.data, str) else ""
                self.barriers += hardened.barriers(text, value.name, value.line)
                self._take(None, [value])

    def end(self, source: Source, lines: Sequence[str]) -> None:
        """Look at the end: regedit and `reg export` write UTF-16, and end with an empty line, as `reg query`
        does.

        Who converts a file, or writes one by hand, may lose that line; then nothing shows whether more is
        lost.
        """
        if not lines or not lines[-1].strip():
            return
        if source.encoding.startswith("utf-16") or query_text.recognises(source.text):
            self.broken.append(Broken(len(lines), Reason("the export ends without the empty line at its end: "
                                                         "it may be cut off")))
        elif source.encoding not in (policy.KIND, hive.KIND):
            name = PurePath(source.name).name
            self.barriers.append(Barrier(
                len(lines), f"lines lost at the end of {name}",
                Reason("whether lines are lost at the end of {name}: it has no empty line there, which "
                       "regedit and 'reg export' write", name=name), permits=True, relied_on=True))

    def strays(self, tree: Tree, found: Sequence[Stored]) -> None:
        """Count what is damaged where the firewall's values are, and rules whose key is missing."""
        ours = {id(key) for each in found for key in each.keys.values()}
        for key, value in tree.strays:
            if id(key) in ours if key else isinstance(value.data, str) and value.data.startswith("v2."):
                self.broken.append(Broken(value.line, value.reason or Reason("a rule without a key")))

    def _take(self, key: Key | None, values: list[Value]) -> None:
        if key:
            self._used.add(key.line)
        for each in values:
            self._used.update(range(each.line, each.last + 1))

    def counts(self, lines: int) -> LineCounts:
        """Every line once: a line of a value that was used, a broken one, or neither."""
        unread = {each.line for each in self.broken}
        understood = len(self._used - unread)
        return LineCounts(understood, lines - understood - len(unread), 0, len(unread))


def _values(stored: Stored, path: str) -> Iterable[Value]:
    key = stored.keys.get(path)
    return key.values.values() if key else ()


def _rule(value: Value, stored: Stored) -> WindowsRule:
    if not isinstance(value.data, str):
        raise ValueError(value.reason or Reason("no text"))
    return rule_string.rule(value.data, value.name, value.line, stored.store)
