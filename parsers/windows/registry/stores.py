"""Which keys of a registry export hold the policy of which store: this computer's, Group Policy's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from aclproof.parsers.windows.records.rule import Profile, Store
from aclproof.parsers.windows.registry.reg_text import Key, Tree
from aclproof.reason import Reason

LOCAL_ROOT = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
POLICY_ROOT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"

_HOME = re.compile(
    r"hk(?:ey_local_machine|lm)\\[^\\]+\\(currentcontrolset|controlset\d{3})\\services\\sharedaccess"
    r"\\(parameters|defaults)\\firewallpolicy(?:\\(.*))?", re.DOTALL)
_POLICY = re.compile(r"hk(?:ey_local_machine|lm)\\[^\\]+\\policies\\microsoft\\windowsfirewall(?:\\(.*))?",
                     re.DOTALL)
_SELECT = re.compile(r"hk(?:ey_local_machine|lm)\\[^\\]+\\select")
_CURRENT = "currentcontrolset"
_MDM = "mdm"
"""Below the local policy: what a device management service such as Intune sets."""


def is_policy(path: str) -> bool:
    """Return whether a key is where a policy of the firewall is kept, in force or not."""
    return bool(_HOME.fullmatch(path.lower()) or _POLICY.fullmatch(path.lower()))


class NoPolicyError(Exception):
    """An export without a policy that is in force; the message says what it holds instead."""


class Stored(Struct):
    """One store: its keys by their path below the store's root, in lower case."""

    store: Store
    keys: dict[str, Key] = field(default_factory=dict)
    managed: bool = False
    """Whether a device management service wrote it, and not Group Policy."""

    def put(self, path: str, key: Key) -> None:
        """Add a key; NoPolicyError where the store has it from another computer or in another spelling."""
        other = self.keys.setdefault(path, key)
        if other is not key:
            raise NoPolicyError(Reason("one key of the Windows Firewall twice, {one} and {other}",
                                       one=other.path, other=key.path))

    def profiles(self) -> list[tuple[str, tuple[Profile, ...]]]:
        """Return the keys that hold profiles, and which profiles they mean.

        StandardProfile is the private one; in Group Policy it is that of XP, and means private and
        public where the policy has neither.
        """
        found: list[tuple[str, tuple[Profile, ...]]] = [
            (path, (profile,)) for path, profile in _PROFILES.items() if self.has(path)]
        if self.store == "policy":
            if all(path == _DOMAIN for path, _ in found) and self.has(_STANDARD):
                found.append((_STANDARD, ("Private", "Public")))
        elif self.has(_STANDARD):
            found.append((_STANDARD, ("Private",)))
        return found

    @property
    def partial(self) -> list[Key]:
        """The keys whose values may not be all there, as far as they can decide."""
        newer = self.store == "local" and "firewallrules" in self.keys
        return [key for path, key in self.keys.items() if key.partial and not _IDLE.fullmatch(path)
                and not (newer and path.endswith("\\list"))]

    def has(self, path: str) -> bool:
        """Return whether there is such a key, or one below it."""
        return path in self.keys or any(each.startswith(path + "\\") for each in self.keys)


_IDLE = re.compile(r"(?:appiso|restricted\w+|dynamickeywords|tenantrestrictions)(?:\\.*)?|.*\\logging",
                   re.DOTALL)
"""Keys that decide nothing here, or are layers of their own."""
_DOMAIN, _STANDARD = "domainprofile", "standardprofile"
_PROFILES: Mapping[str, Profile] = {
    _DOMAIN: "Domain", "privateprofile": "Private", "publicprofile": "Public"}


def stores(tree: Tree) -> list[Stored]:
    """Sort the keys of an export into stores; NoPolicyError says why there are none."""
    sets: dict[str, Stored] = {}
    managed = Stored("policy", managed=True)
    policy = Stored("policy")
    factory = False
    for path, key in tree.keys.items():
        home, shared = _HOME.fullmatch(path), _POLICY.fullmatch(path)
        below = home[3] or "" if home else ""
        if home and home[2] == "defaults":
            factory = True
        elif home and (below == _MDM or below.startswith(_MDM + "\\")):
            managed.put(below[len(_MDM) + 1:], key)
        elif home:
            sets.setdefault(home[1], Stored("local")).put(below, key)
        elif shared:
            policy.put(shared[1] or "", key)
    found = [*_current(sets, tree), policy, managed]
    if not any(each.keys for each in found):
        raise NoPolicyError(Reason("no policy of the Windows Firewall") if not factory else
                            Reason("the settings that Windows came with (SharedAccess\\Defaults), which are "
                                   "not in force"))
    return [each for each in found if each.keys]


def _current(sets: Mapping[str, Stored], tree: Tree) -> list[Stored]:
    """Choose among several control sets: the current one by its name, or by the number in `Select`."""
    if len(sets) <= 1:
        return list(sets.values())
    if _CURRENT in sets:
        return [sets[_CURRENT]]
    for path, key in tree.keys.items():
        chosen = key.values.get("current") if _SELECT.fullmatch(path) else None
        if chosen and isinstance(chosen.data, int) and f"controlset{chosen.data:03}" in sets:
            return [sets[f"controlset{chosen.data:03}"]]
    raise NoPolicyError(Reason("{sets} control sets, and not which of them is the current one",
                               sets=len(sets)))
