"""Lines of an interface that PIX 6 and FWSM write at top level; later releases have them in a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.model.notes import State
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.cisco_asa.text.reader import Reader

_NO_INTERFACE = Reason("it belongs to an interface, and none is open")


def nameif(reader: Reader, words: list[str], number: int) -> None:
    """PIX 6: `nameif ethernet0 outside security0`."""
    if len(words) != 4 or not words[3].startswith("security"):
        reader.leave_all_open(number, _NO_INTERFACE)
        return
    reader.section_lines += [(number, f"interface {words[1]}"), (number, f" nameif {words[2]}"),
                           (number, f" security-level {words[3].removeprefix('security')}")]
    reader.counts[State.UNDERSTOOD] += 1
    if reader.version is None:  # releases from 7.0, and 3.1 of an FWSM, have it in sections
        reader.platform, reader.version = ("FWSM", (2, 3)) if words[1].startswith("vlan") else ("PIX", (6, 3))
        reader.version_line = number


def ip(reader: Reader, words: list[str], number: int, text: str) -> None:
    """PIX 6 writes `ip address outside 192.0.2.1 255.255.255.0`, a transparent one of 8.3 no name."""
    if words[1:2] == ["address"] and sections.is_child(words) and "firewall" not in reader.flat:
        reader.leave_all_open(number, _NO_INTERFACE)
    elif table.harmless(words):
        reader.skip(number)
    elif table.find(words):
        reader.flat_line(words, number, text)
    else:
        reader.leave_unknown(number, words)
