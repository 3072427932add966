"""What the doors of iptables and nftables share: the kernel filters for both.

The patterns are text: `re` compiles each when it is first searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.model.rules import Default, Rule, Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.source import files_of
from aclproof.parsers.vendor import Vendor

if TYPE_CHECKING:
    from aclproof.parsers.model.counting import Counting

NAMES = (
    rf"(?m)^[^\n#$]{{0,80}}?[@ ](?P<name>{HOST_NAME})[: ~][^\n#$]{{0,80}}[#$] +(?:sudo +)?(?:/\S*/)?"
    r"(?:ip6?tables|ipset|nft|ip)\b",
    rf"(?m)^[^\n#$]{{0,80}}[#$] *hostname[ \t\r]*\n(?P<name>{HOST_NAME})[ \t\r]*$",
    rf"(?m)^Linux (?P<name>{HOST_NAME}) \d+\.\d+")
"""Of the host: in a prompt, as `hostname` prints it, as `uname -a` does."""


class LinuxHost(Vendor):
    """A host whose chains the kernel calls by hook and priority, whatever program wrote them."""

    def stages(self, firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
        """Return the filters of one way."""
        from aclproof.parsers.netfilter import stages

        return stages.stages(firewall, transit)

    def through(self, firewall: Firewall, chain: str) -> tuple[Stage, ...]:
        """Return one chain as a filter."""
        from aclproof.parsers.netfilter import stages

        return stages.through(firewall, chain)

    def advice(self, firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
               listener: str) -> str:
        """Say what an administrator of Linux would do."""
        from aclproof.parsers.netfilter import advice

        return advice.advice(by, transit, protocol, port, listener)

    def reply_cure(self, protocol: int) -> str:
        """An answer belongs to its connection, that of a ping as well."""
        from aclproof.parsers.netfilter import advice

        return advice.ECHO_REPLY if is_icmp(protocol) else super().reply_cure(protocol)

    def counting(self, firewall: Firewall) -> Counting:
        """As the head of a dump, `uptime` and `date` print it."""
        from aclproof.parsers.netfilter import times

        return times.counting(files_of(firewall.source))

    def hits(self, firewall: Firewall, line: int) -> int | None:
        """As `iptables -vL`, `iptables-save -c` and nft's counters print it."""
        from aclproof.parsers.netfilter import counters

        return counters.packets(firewall.source.span(line).text)
