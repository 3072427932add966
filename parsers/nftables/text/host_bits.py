"""A value with bits beyond its prefix, as a list of nft has it: `ip saddr 10.1.0.5/16`.

nft cuts these bits off what it loads. It prints them for one test only, which no packet meets:
`ip saddr & 255.255.0.0 == 10.1.0.5`.
"""

from __future__ import annotations

from ipaddress import ip_interface

from aclproof.parsers.nftables.ruleset import EITHER, Tree
from aclproof.parsers.nftables.text.datatypes import of

_OF_A_MARK = 32


def as_listed(found: Tree, *, surely: bool) -> Tree:
    """Return a statement with such a test as what the kernel does; as either where it may be of a file."""
    match found:
        case {"match": {"op": "" | "==" | "!=" as op, "left": asked,
                        "right": {"prefix": {"addr": str() | int() as value, "len": int(length)}}}}:
            network, mask = _split(value, length, is_mark=of(asked) == ("mark",))
            if network is None:
                return found
            right: Tree = {"prefix": {"addr": network, "len": length, EITHER: value}}
            if surely:
                op, asked, right = op or "==", {"&": [asked, mask]}, value
            return {"match": {"op": op, "left": asked, "right": right}}
        case _:
            return found


def _split(value: str | int, length: int, *, is_mark: bool) -> tuple[Tree, Tree]:
    """The value without the bits beyond the prefix, and its mask; None for a value that has no such bits."""
    try:
        if is_mark:
            number, beyond = int(str(value), 0), (1 << _OF_A_MARK - length) - 1
            return (number & ~beyond, (1 << _OF_A_MARK) - 1 - beyond) if number & beyond else (None, None)
        address = ip_interface(f"{value}/{length}")
    except ValueError:
        return None, None
    network = address.network.network_address
    return (None, None) if address.ip == network else (str(network), str(address.netmask))
