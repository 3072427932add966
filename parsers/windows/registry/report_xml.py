"""The XML of a Group Policy report, as far as it can hold settings of the firewall.

Events, other extensions and users are passed over. A document type, which may define entities, is refused: no
report has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from msgspec import Struct, field

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_FIREWALL, _REGISTRY, _IPSEC = "WindowsFirewallSettings", "RegistrySettings", "IPSecuritySettings"
_BASE = "http://www.microsoft.com/GroupPolicy/Settings/Base"
_COMPUTER = ("Computer", "ComputerResults")
_MOST_LEVELS = 64


class Element(Struct):
    """An element below an extension, without those that say which object it comes from."""

    name: str
    line: int
    last: int = 0
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    precedence: int = 1
    """Of the objects that set it, which one this is; the first is in force."""

    @property
    def text(self) -> str:
        """Its own text."""
        return "".join(self.parts).strip()

    def texts(self) -> Iterator[str]:
        """Yield its text, or that of each element in it."""
        if not self.children:
            yield self.text
        for each in self.children:
            yield from each.texts()


class Report(Struct):
    """What a report holds of the computer."""

    line: int = 1
    objects: int = 0
    """How many objects of Group Policy are in it one by one."""
    has_computer: bool = False
    enabled: bool = True
    in_force: bool = False
    """Whether it is all that is in force on a computer, and no simulation."""
    firewall: list[Element] = field(default_factory=list)
    registry: list[Element] = field(default_factory=list)
    """Administrative templates, and what preferences write into the registry."""
    ipsec: list[Element] = field(default_factory=list)


def read(source: Source) -> Report:
    """Read a report; UnsupportedInputError where the XML is damaged, or is none of a report."""
    reading = _Reading(source)
    try:
        reading.parser.Parse(source.text.lstrip(), True)
    except expat.ExpatError as error:
        raise UnsupportedInputError(Reason("{name}:{line}: the XML is damaged or cut off here",
                                           name=source.name, line=reading.line(error.lineno))) from None
    return reading.report


class _Reading:
    """A report being read."""

    def __init__(self, source: Source) -> None:
        self.report = Report()
        self._source = source
        self._before = source.text[:len(source.text) - len(source.text.lstrip())].count("\n")
        self._path: list[str] = []
        self._open: list[Element] = []
        """The extension that is being read, and the elements in it down to the current one."""
        self._skipped = 0
        """How deep it is in what is passed over."""
        self._text = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._document_type

    def line(self, number: int) -> int:
        """Return the line in the file of one of the text that is parsed."""
        return self._before + number

    def _document_type(self, *_: object) -> None:
        where = f"{self._source.name}:{self.line(self.parser.CurrentLineNumber)}"
        raise UnsupportedInputError(Reason("{where}: XML with a document type, which no report of Group "
                                           "Policy has", where=where))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self._text = ""
        of_object = self._open and space == _BASE and name != "Precedence"
        extension = None
        if name == "Extension" and not self._open:
            extension = self._extension(attributes.get(_TYPE, "").rpartition(":")[2])
        if self._skipped or of_object or len(self._path) >= _MOST_LEVELS or (
                name == "Extension" and extension is None):
            self._skipped += 1
            return
        self._path.append(name)
        if extension is not None or self._open:
            self._open.append(Element(name, self.line(self.parser.CurrentLineNumber), attributes=attributes))
        if extension is not None:
            extension.append(self._open[0])
        elif not self._open:
            self._outside(name)

    def _extension(self, kind: str) -> list[Element] | None:
        """Return where an extension of the computer belongs, None where it is passed over."""
        if not set(self._path).intersection(_COMPUTER):
            return None
        return {_FIREWALL: self.report.firewall, _REGISTRY: self.report.registry,
                _IPSEC: self.report.ipsec}.get(kind)

    def _outside(self, name: str) -> None:
        self.report.objects += name == "GPO" and len(self._path) <= len(("report", "GPO"))
        self.report.has_computer |= name in _COMPUTER

    def _characters(self, text: str) -> None:
        if self._open and not self._skipped:
            self._open[-1].parts.append(text)
        self._text += text

    def _end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        name = self._path.pop()
        if self._open:
            self._close(self._open.pop())
        elif name == "Enabled" and self._path[-1:] == ["Computer"]:
            self.report.enabled = self._text.strip().lower() != "false"
        elif name == "DataType" and self._path == ["Rsop"]:
            self.report.in_force = self._text.strip() == "LoggedData"
        self._text = ""

    def _close(self, element: Element) -> None:
        element.last = self.line(self.parser.CurrentLineNumber)
        if self._open and element.name == "Precedence":
            text = element.text
            self._open[-1].precedence = int(text) if text.isascii() and text.isdecimal() else 2
        elif self._open:
            self._open[-1].children.append(element)
