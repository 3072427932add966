"""What nft prints in place of a match or a target of iptables, and what of that says less than is there.

In tables that iptables keeps in nftables, text of nft has each extension as libxtables translates it; `-j`
names it alone. Some translations lose a negation, an alternative, a mask or another test (seen with iptables
1.8.9): for those only `iptables-save` shows what is asked.
"""

from __future__ import annotations

from aclproof.parsers.iptables.text.words import BUILT_IN
from aclproof.parsers.model.effects import Whose
from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.ruleset import FAMILY_OF, NftRule, NftTable, Tree
from aclproof.parsers.nftables.text.kind import kind
from aclproof.reason import Reason


def shows(form: Form, table: NftTable) -> bool:
    """Return whether a table is one of iptables', as a list of nft shows it in text."""
    return not form.ruleset.is_file and table.family in FAMILY_OF and table.name in BUILT_IN \
        and kind(form.source.text) == "text" and any(
            chain.base and chain.name in BUILT_IN[table.name] for chain in table.chains.values())


def by_iptables(rule: NftRule) -> bool:
    """Return whether a rule of such a table may be iptables' own: it counts in every rule."""
    return any(isinstance(each, dict) and "counter" in each for each in rule.statements)


def check(test: Tree, rule: NftRule) -> None:
    """Raise DoubtError for a test that may stand for another one, which matches other packets."""
    match test:
        case {"left": {"ct": {"key": str(key)}}} if key != "state" and any(map(_asks_state, rule.statements)):
            raise _unclear()  # without a connection only the state is asked (xt_conntrack.c)
        case {"left": {"ct": {"key": "status"}}}:  # of --ctstate NEW,DNAT and of ! --ctstate DNAT as well
            raise _unclear()
        case {"left": {"fib": {"result": "type", "flags": ["saddr", *_]}}}:  # and --dst-type is left out
            raise _unclear()
        case {"left": {"fib": {"result": "type"}}, "right": {"set": _}}:  # IPv6: of each of them
            raise _unclear()
        case {"left": {"concat": [{"payload": {"field": "sport"}}, {"payload": {"field": "dport"}}]}}:
            raise _unclear()  # of --ports, without its negation and the ends of its ranges
        case _:
            return


def blurs(whose: Whose, value: Tree) -> bool:
    """Return whether what a mark is set to may stand for another value."""
    match value:
        case {"^": [{"ct": _}, _]} | {"ct": _} if whose == "connection":
            return True  # `ct mark xor 5 and 0xf0` is to be worked out from the left, which nft would not do
        case {"&": [{"meta": _}, _]}:  # what a copy leaves of the older mark is not printed
            return whose == "connection"
        case {"&": [{"ct": _}, _]}:
            return whose == "packet"
        case _:
            return False


def _asks_state(statement: Tree) -> bool:
    match statement:
        case {"match": {"left": {"ct": {"key": "state"}}}}:
            return True
        case _:
            return False


def _unclear() -> DoubtError:
    return DoubtError(Reason("what iptables asks there: nft does not print all of it; give iptables-save "
                             "beside it"), find_out="iptables-save")
