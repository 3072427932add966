"""Real rule sets, where they are at hand: public configurations that are no part of the project.

The folder is that of the tests, `shared/corpus` next to the checkout, or what `ACLPROOF_CORPUS` names.
"""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.family import Input, check_words, family

CORPUS = Path(os.environ.get("ACLPROOF_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")

_CHAIR = "iptables/net-network/configs_chair_for_Network_Architectures_and_Services__"
"""The firewall of a university chair (diekmann/net-network), which grew from year to year."""
_SAVED = {2_884: "iptables_20.10.2013", 4_949: "iptables-save-2015-05-15_15-23-41",
          5_668: "iptables-save-2016-06-27_16-29-01"}
"""Its dumps by their lines."""


def _dump(size: int) -> str:
    """The dump of so many lines; an empty one where there is none."""
    if size in _SAVED:
        return (CORPUS / f"{_CHAIR}{_SAVED[size]}").read_text(encoding="utf-8")
    return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"


def chair_network(size: int) -> Input:
    """One network to another one."""
    return Input({"fw.rules": _dump(size)}, check_words("fw.rules", "131.159.20.0/24", "131.159.14.0/24"))


def chair_anywhere(size: int) -> Input:
    """Everybody to all networks of the chair."""
    return Input({"fw.rules": _dump(size)}, check_words("fw.rules", "131.159.0.0/16", "0.0.0.0/0"))


if all((CORPUS / f"{_CHAIR}{name}").is_file() for name in _SAVED.values()):
    family("a real rule set of three years, /24 to /24", "lines", *_SAVED)(chair_network)
    family("a real rule set of three years, any to /16", "lines", *_SAVED)(chair_anywhere)
