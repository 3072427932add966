"""An export that is cut off, or whose values are, is not read as if it were whole."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.both import smb
from tests.parsers.windows.computers import host, local
from tests.parsers.windows.test_powershell import JOINED, table
from tests.parsers.windows.windows import Words, firewall, listing, packet, profiles, verdict

OPEN = JOINED | {"RemoteAddress": "Any", "Profile": "Any"}
NO_10 = JOINED | {"InstanceID": "x", "DisplayName": "No 10", "Action": "Block", "Profile": "Any",
                  "RemoteAddress": "10.1.71.10"}


def read(text: str, name: str) -> Firewall:
    return convert.parse([from_bytes(profiles().encode(), "p.txt"), from_bytes(text.encode(), name)])


def listed(*rules: dict[str, str]) -> str:
    return "".join("".join(f"{name} : {value}\n" for name, value in each.items()) + "\n" for each in rules)


@pytest.mark.parametrize(("text", "name"), [(table(OPEN, NO_10), "f.csv"), (listed(OPEN, NO_10), "f.txt")])
def test_a_text_without_its_last_line_end_may_be_cut(text: str, name: str) -> None:
    assert smb(read(text, name)) == "permit"  # from 10.9.9.9
    assert smb(read(text.rstrip(), name)) == "undecided"


def test_a_quote_that_is_not_closed_is_damage() -> None:
    with pytest.raises(UnsupportedInputError, match="damaged CSV"):
        read(table(OPEN, NO_10).rstrip()[:-3] + "\n", "f.csv")


@pytest.mark.parametrize("end", ["...", "\u2026", "\u00e2\u20ac\u00a6"])
def test_a_list_that_powershell_cut_short(end: str) -> None:
    """Windows PowerShell writes three dots, PowerShell 7 one character."""
    cut = {"RemoteAddress": f"{{10.9.1.1, 10.9.1.2, 10.9.1.3, 10.9.1.4{end}}}"}
    with pytest.raises(UnsupportedInputError, match="cut short"):
        read(listed(OPEN, NO_10 | cut), "f.txt")


@pytest.mark.parametrize("damaged", [
    "RA4=10.9.1.4\u2026|", "RA4=10.9.1.300|", "LPort=4\u00b25|", "LPort=44S|"])
def test_no_fact_says_which_address_or_port_a_damaged_one_is(damaged: str) -> None:
    found = host(local(f"v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|{damaged}Name=a|"))
    keys = {each.key for chain in found.chains.values() for one in chain.rules for each in one.conditions
            if isinstance(each, Opaque)}
    assert not any(each.startswith(("port ", "4")) or "10.9" in each for each in keys)
    assert smb(found) == "undecided"


CONNECTIONS = f"""
Rule Name:                            Req
{'-' * 70}
Enabled:                              No
Type:                                 Static
Mode:                                 Transport
Endpoint1:                            Any
Endpoint2:                            Any
Action:                               RequireInRequestOut
Ok.
"""


@pytest.mark.parametrize("other", ["", CONNECTIONS])
def test_rules_that_are_cut_off_before_what_another_command_printed(other: str) -> None:
    """netsh ends what each command prints with `Ok.`: where it is lacking, a rule may be, and may block."""
    whole = listing(Words("SMB", local_port="445", program="System"))
    cut = whole.rpartition("\nRule Name:")[0] + "\n"
    found = [verdict(firewall(rules + other + profiles()), packet(445), listener="system-smb")
             for rules in (whole, cut)]
    assert found == ["permit", "undecided"]
