"""Programs that keep rules of their own and load them anew, by what they always make."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from aclproof.reason import Reason


class Manager(Struct, frozen=True):
    """One such program."""

    name: str
    tables: frozenset[str] = frozenset()
    """Tables of nftables that are its own."""
    chains: frozenset[str] = frozenset()
    """Chains that only it makes, in a table that others share."""


FIREWALLD = Manager("firewalld", frozenset({"firewalld"}), frozenset({"INPUT_ZONES"}))
FW4 = Manager("fw4", frozenset({"fw4"}))
MANAGERS = (
    Manager("ufw", chains=frozenset({"ufw-user-input", "ufw6-user-input"})), FIREWALLD, FW4,
    Manager("Docker", frozenset({"docker-bridges"})), Manager("libvirt", frozenset({"libvirt_network"})),
    Manager("kube-proxy", frozenset({"kube-proxy"})), Manager("netavark", frozenset({"netavark"})))
_OWN_CHAINS = {"DOCKER": "Docker", "KUBE-": "kube-proxy", "LIBVIRT_": "libvirt", "f2b-": "fail2ban",
               "NETAVARK": "netavark", "CNI-": "CNI", "cali-": "Calico"}
"""How the names of chains of iptables begin that a program makes, and no other."""
_FOR_PEOPLE = frozenset({"DOCKER-USER"})
"""Chains that it leaves alone."""


def of_chain(chain: str) -> Iterator[str]:
    """Yield the name of the program that fills a chain of iptables, by the chain's name."""
    if chain not in _FOR_PEOPLE:
        yield from (name for begin, name in _OWN_CHAINS.items() if chain.startswith(begin))


def of(table: str, chains: Collection[str]) -> Iterator[Manager]:
    """Yield who loads a table anew; `table` is empty for the tables of iptables, which many share."""
    return (each for each in MANAGERS if table in each.tables or not each.chains.isdisjoint(chains))


def note(manager: Manager) -> Reason:
    """Say what becomes of a rule that it does not know of."""
    return Reason("{who} loads its own rules anew: tell it of this permit as well, or it is lost then",
                  who=manager.name)
