"""Group Policy as XML: one object (`Get-GPOReport -ReportType Xml`), or what is in force (`gpresult /x`).

Settings and rules have the names of the registry, so a report becomes the keys that Group Policy writes. Of
older settings it shows names only, in some language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records import connection_security
from aclproof.parsers.windows.records.rule import Barrier, Direction, WindowsInput, WindowsRule
from aclproof.parsers.windows.registry import export, layout, report_xml
from aclproof.parsers.windows.registry.reg_text import Data, Key, Tree, Value
from aclproof.parsers.windows.registry.report_xml import Element, Report
from aclproof.parsers.windows.registry.stores import POLICY_ROOT
from aclproof.reason import Reason

KIND = "Group Policy report"

_HEAD = re.compile(r"\s*(?:<\?[^>]*>\s*|<!DOCTYPE[^[>]*(?:\[[^]]*\]\s*)?>\s*)*"
                   r"<(?:GPO|Rsop|report\b[^>]*>\s*<GPO)\b")
_LISTS = {"inboundfirewallrules": "In", "outboundfirewallrules": "Out"}
_CONNECTION_RULES = re.compile(r"con(?:nection)?sec(?:urity)?rules?", re.IGNORECASE)
_SETS = re.compile(r"(?:mainmode|phase[12]|ipsec).*", re.IGNORECASE)
"""What connection security rules name."""
_PROFILES = frozenset({"domainprofile", "privateprofile", "publicprofile", "standardprofile"})
_BELOW = {"authappsallowuserprefmerge": "AuthorizedApplications",
          "globalportsallowuserprefmerge": "GloballyOpenPorts"}
"""Settings that the registry has below a key of their own."""
_SWITCHES = {"true": 1, "false": 0}
_FIREWALL = re.compile(r"firewall|pare-feu|ファイアウォール|брандмауэр|防火墙|防火牆|방화벽|zapora|tűzfal|"
                       r"güvenlik duvarı", re.IGNORECASE)
_SHOWN = re.compile(r"Windows (?:Defender )?Firewall: (?:Allow logging|Prohibit notifications|"
                    r"Prohibit unicast response .*)")
"""Older settings that let nothing through."""
_PROTECT = re.compile(r"Windows (?:Defender )?Firewall: Protect all network connections")
"""An older setting that says by its state what it sets (windowsfirewall.admx)."""
_STATES = {"Enabled": 1, "Disabled": 0}
_OLD_PROFILES = re.compile(r".*\b(Domain|Standard) Profile")
_KEY = re.compile(r"software\\policies\\microsoft\\(?:windowsfirewall|windows\\ipsec)\b|"
                  r"system\\[^\\]+\\services\\sharedaccess\\parameters\\firewallpolicy\b", re.IGNORECASE)
_INSTEAD = Reason("give what 'gpresult /scope computer /x policy.xml' writes")
_POLICY_SHOWN_BY = r"reg export HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall policy.reg"


def recognises(text: str) -> bool:
    """Return whether this is such a report, of the firewall or of anything else."""
    return bool(_HEAD.match(text))


def read(source: Source) -> WindowsInput:
    """Read the settings of the computer; UnsupportedInputError where there are none, or they do nothing."""
    report = report_xml.read(source)
    _refuse(report, source)
    tree = _Keys(report.line)
    for extension in report.firewall:
        for element in extension.children:
            tree.add(element)
    for setting in _settings(report):
        if switched := _protecting(setting):
            tree.protect(*switched, setting)
    found = export.of_tree(source, tree.tree)
    rules = (replace(rule, tool="Group Policy report") for rule in found.rules)
    return replace(found, kind=KIND, rules=tuple(rules), whole_policy=report.in_force, one_line=False,
                   barriers=(*found.barriers, *_others(report)))


def _refuse(report: Report, source: Source) -> None:
    """Refuse what says nothing about a firewall in force."""
    why = ""
    if report.objects > 1:
        why = Reason("{objects} objects of Group Policy, and not which of them apply; {instead}",
                     objects=report.objects, instead=_INSTEAD)
    elif not report.has_computer:
        why = Reason("a result of Group Policy without the computer's; as administrator {instead}",
                     instead=_INSTEAD)
    elif not report.enabled:
        why = Reason("an object of Group Policy whose computer settings are disabled, so that it sets "
                     "nothing")
    elif not report.in_force and not report.firewall and not any(True for _ in _others(report)) \
            and not any(map(_protecting, _settings(report))):
        why = Reason("an object of Group Policy that sets nothing of the Windows Firewall; {instead}",
                     instead=_INSTEAD)
    if why:
        raise UnsupportedInputError(f"{source.name}: {why}")


class _Keys:
    """The keys of the registry that say the same."""

    def __init__(self, line: int) -> None:
        self.tree = Tree()
        self._root = self._key("", line)

    def add(self, element: Element) -> None:
        """Add what one child of the firewall's extension says."""
        name = element.name.lower()
        if name in _LISTS:
            self._rule(layout.RULES, element, _LISTS[name])
        elif _CONNECTION_RULES.fullmatch(name):
            self._rule(layout.CONNECTION_RULES, element, "")
        elif name in _PROFILES or name == "globalsettings":
            key = self._key(element.name if name in _PROFILES else "", element.line)
            for setting in element.children:
                self._setting(key, setting)
        elif not _SETS.fullmatch(name):
            self._stray(element, Reason("a part that is not known here: {name}", name=element.name))

    def protect(self, profile: str, switch: int, setting: Element) -> None:
        """Add that the firewall is on or off in a profile, unless the newer settings say it as well."""
        key = self._key(f"{profile}Profile", setting.line)
        key.values.setdefault("enablefirewall", Value(setting.line, setting.last, "EnableFirewall", switch))

    def _key(self, below: str, line: int) -> Key:
        path = f"{POLICY_ROOT}\\{below}" if below else POLICY_ROOT
        return self.tree.keys.setdefault(path.lower(), Key(line, path))

    def _setting(self, key: Key, element: Element) -> None:
        """Add a setting of a profile; of several objects that set it, the first in force wins."""
        name = element.name
        written = [each.text for each in element.children if each.name == "Value"]
        if name.lower() in _BELOW and key is not self._root:
            key = self._key(f"{key.path.rpartition(chr(92))[2]}\\{_BELOW[name.lower()]}", element.line)
            name = "AllowUserPrefMerge"
        elif key is not self._root and name.lower() not in layout.VALUES:
            self._stray(element, Reason("a setting that is not known here: '{name}'", name=name))
            return
        if element.precedence > 1 and name.lower() in key.values:
            return
        if not written:
            self._stray(element, Reason("{name} without a value", name=name))
            return
        key.values[name.lower()] = Value(element.line, element.last, name, _data(written))

    def _rule(self, below: str, element: Element, way: str) -> None:
        """Add a rule as a string; it has no id."""
        pairs = [(each.name, text) for each in element.children for text in each.texts()]
        names = {name.lower() for name, _ in pairs}
        missing = next((each for each in ("Version", "Action", "Active") if each.lower() not in names), "")
        if missing or any("|" in text for _, text in pairs):
            self._stray(element, Reason("a rule that holds '|'") if not missing else
                        Reason("a rule without {name}", name=missing))
            return
        version = next(text for name, text in pairs if name.lower() == "version")
        if way and "dir" not in names:
            pairs.append(("Dir", way))
        if element.precedence > 1:
            pairs.append(("Precedence", str(element.precedence)))
        said = "|".join(f"{name}={text}" for name, text in pairs if name.lower() != "version")
        key = self._key(below, element.line)
        key.values[str(len(key.values))] = Value(element.line, element.last, "", f"v{version}|{said}|")

    def _stray(self, element: Element, reason: Reason) -> None:
        self.tree.strays.append((self._root, Value(element.line, element.line, "", reason=reason)))


def _data(written: list[str]) -> Data:
    if len(written) > 1:
        return tuple(written)
    text = written[0]
    if text.isascii() and text.isdecimal():
        return int(text)
    return _SWITCHES.get(text.lower(), text)


def _settings(report: Report) -> Iterator[Element]:
    return (each for extension in report.registry for each in extension.children)


def _protecting(setting: Element) -> tuple[str, int] | None:
    """Return the profile in which a setting switches the firewall on or off; None for every other."""
    text = {each.name: each.text for each in setting.children}
    profile = _OLD_PROFILES.fullmatch(text.get("Category", ""))
    if setting.name != "Policy" or not profile or not _PROTECT.fullmatch(text.get("Name", "")):
        return None
    return (profile[1], _STATES[text["State"]]) if text.get("State") in _STATES else None


def _others(report: Report) -> Iterator[Barrier]:
    """Yield what else may stop packets or let them through: the report does not say what it does."""
    for line, name, ways in _deciding(report):
        because = Reason("what '{name}' of Group Policy lets through or stops: its report does not show "
                         "it", name=name)
        matches = tuple(WindowsRule(line, name, way, "Block", enabled=True) for way in ways)
        yield Barrier(line, f"'{name}' of Group Policy decides", because, matches, _POLICY_SHOWN_BY,
                      permits=True)
    for policy in (each for extension in report.ipsec for each in extension.children):
        text = {each.name: each.text for each in policy.children}
        if text.get("PolicyAssigned", "").lower() != "false":
            yield connection_security.assigned(policy.line, text.get("Name", policy.name))


_IN: tuple[Direction, ...] = ("In",)
_BOTH: tuple[Direction, ...] = ("In", "Out")


def _deciding(report: Report) -> Iterator[tuple[int, str, tuple[Direction, ...]]]:
    """Yield older settings, of which only the name is shown, and single values of the registry."""
    for setting in _settings(report):
        said = {each.name: each for each in setting.children}
        text = {name: each.text for name, each in said.items()}
        name = text.get("Name", "")
        if setting.name == "Policy":
            if text.get("State") != "NotConfigured" and _FIREWALL.search(text.get("Category", "")) \
                    and not _SHOWN.fullmatch(name) and not _protecting(setting):
                yield setting.line, name, _BOTH if _PROTECT.fullmatch(name) else _IN
        elif setting.name == "RegistrySetting" and "Value" in said:
            value = next((each.text for each in said["Value"].children if each.name == "Name"), "")
            if _decides(text.get("KeyPath", ""), value):
                yield setting.line, f"{text.get('KeyPath', '')}\\{value}", _BOTH
        else:
            for each in _preferences(setting):
                if _decides(each.attributes.get("key", ""), each.attributes.get("name", "")):
                    yield each.line, f"{each.attributes['key']}\\{each.attributes.get('name', '')}", _BOTH


def _preferences(element: Element) -> Iterator[Element]:
    """Yield the values that preferences write, also those in collections."""
    if element.name == "Properties":
        yield element
    for each in element.children:
        yield from _preferences(each)


def _decides(key: str, value: str) -> bool:
    return bool(_KEY.match(key)) and value.lower() not in layout.HARMLESS
