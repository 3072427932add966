"""Connection states and TCP flags, as tests."""

from __future__ import annotations

from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.conditions import HasFlags
from aclproof.reason import Reason

_STATES = ("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "DNAT", "SNAT")
_FLAGS = {"FIN": 0x01, "SYN": 0x02, "RST": 0x04, "PSH": 0x08, "ACK": 0x10, "URG": 0x20, "ALL": 0x3F,
          "NONE": 0x00}
_SYN = HasFlags(0x17, 0x02)
"""`--syn`: of FIN, SYN, RST and ACK only SYN is set."""


def parse(text: str) -> frozenset[str]:
    """Read `NEW,EST`: a beginning is enough, as on the command line."""
    return frozenset(_state(word) for word in text.split(","))


def _state(word: str) -> str:
    found = [state for state in _STATES if word and state.startswith(word.upper())]
    if not found:
        raise RuleError(Reason("'{word}' is no state of a connection", word=word))
    return found[0]


def flags(test: Test) -> HasFlags:
    """Read `--syn`, and `--tcp-flags MASK SET` with names or numbers."""
    if test.name == "syn":
        return HasFlags(_SYN.mask, _SYN.value, test.negated)
    if len(test.values) != 2:
        raise RuleError(Reason("--tcp-flags takes the flags to look at and those that are set"))
    mask, value = (_byte(each) for each in test.values)
    return HasFlags(mask, value, test.negated)


def _byte(text: str) -> int:
    if text.lower().startswith("0x"):
        try:
            return int(text, 16) & 0x3F
        except ValueError:
            raise RuleError(Reason("'{text}' is no set of TCP flags", text=text)) from None
    total = 0
    for word in text.upper().split(","):
        if word not in _FLAGS:
            raise RuleError(Reason("'{word}' is no TCP flag", word=word))
        total |= _FLAGS[word]
    return total
