"""Group Policy as XML: one object (`Get-GPOReport -ReportType Xml`), or what is in force (`gpresult /x`).

Settings and rules have the names of the registry, so a report becomes the keys that Group Policy writes. Of
older settings it shows names only, in some language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records.rule import Barrier, WindowsInput, WindowsRule
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
_SHOWN = re.compile(r"Windows (?:Defender )?Firewall: (?:Protect all network connections|Allow logging|"
                    r"Prohibit notifications|Prohibit unicast response .*)")
"""Older settings that the report shows among the others as well, or that let nothing through."""
_KEY = re.compile(r"software\\policies\\microsoft\\windowsfirewall\b", re.IGNORECASE)
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
    found = export.of_tree(source, tree.tree)
    rules = (replace(rule, tool="Group Policy report") for rule in found.rules)
    return replace(found, kind=KIND, rules=tuple(rules), whole_policy=report.in_force, one_line=False,
                   barriers=(*found.barriers, *_older(report)))


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
    elif not report.in_force and not report.firewall and not any(True for _ in _older(report)):
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


def _older(report: Report) -> Iterator[Barrier]:
    """Yield settings of older kinds, of which only the name is shown, and single values of the registry."""
    for setting in (each for extension in report.registry for each in extension.children):
        said = {each.name: each for each in setting.children}
        text = {name: each.text for name, each in said.items()}
        if setting.name == "Policy" and text.get("State") != "NotConfigured":
            name = text.get("Name", "")
            decides = _FIREWALL.search(text.get("Category", "")) and not _SHOWN.fullmatch(name)
        elif setting.name == "RegistrySetting" and "Value" in said:
            value = next((each.text for each in said["Value"].children if each.name == "Name"), "")
            name = f"{text.get('KeyPath', '')}\\{value}"
            decides = _KEY.match(name) and value.lower() not in layout.HARMLESS
        else:
            continue
        if decides:
            inbound = WindowsRule(setting.line, name, "In", "Block", enabled=True)
            because = Reason("what '{name}' of Group Policy lets through or stops: its report does not show "
                             "it", name=name)
            yield Barrier(setting.line, f"'{name}' of Group Policy decides", because, (inbound,),
                          _POLICY_SHOWN_BY, permits=True)
