"""All passages of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning.network import Network
from aclproof.parsers.cisco_asa.meaning.passages import (
    cut_through,
    filters,
    limits,
    places,
    routes,
    service_policies,
    switches,
    vpn,
)
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage
from aclproof.parsers.cisco_asa.meaning.policies import Step, maps
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.firewall import Translation
from aclproof.parsers.model.rules import Chain


def passages(reader: Reader, sections: Sequence[Section], network: Network, steps: Sequence[Step],
             lists: Mapping[str, Chain], table: Sequence[Translation]) -> Iterator[Passage]:
    """Read them from lines and sections."""
    flat, names = reader.flat, reader.objects.names
    interfaces = [section for section in sections if section.words[0] == "interface"]
    tagging = "cts" in flat or (reader.platform == "ASA" and any(
        child.words[0] == "cts" for each in interfaces for child in each.children))
    yield from cut_through.passages(flat.get("aaa", ()), lists, names)
    yield from filters.passages(flat.get("filter", ()), names)
    yield from limits.passages(reader.nat)
    yield from switches.passages(flat, sections, lists, reader.objects)
    yield from places.passages(interfaces, tagging=tagging, context=reader.context)
    if "rotocol" in reader.source.text:  # 'line protocol is', or the head of 'show interface ip brief'
        from aclproof.parsers.cisco_asa.text import links

        yield from places.down(interfaces, links.down(reader.raw()))
    for line in [line for words, line in flat.get("firewall", ()) if words[1:2] == ["transparent"]][:1]:
        yield from places.between_groups(interfaces)
        yield from places.without_address(interfaces, line)
    yield from routes.passages(network.doubtful, network.routes)
    yield from routes.gateways(network, interfaces, flat)
    yield from routes.reverse_path(flat.get("ip", ()), network.routes)
    yield from vpn.passages(network.tunnels, lists, table, skips_lists=_permits_vpn(reader))
    yield from service_policies.passages(steps, flat.get("service-policy", ()), maps(sections),
                                         {each.words[-1]: each for each in sections
                                          if each.words[0] == "tcp-map"})


def _permits_vpn(reader: Reader) -> bool:
    """Whether decrypted packets skip the lists: by default since 7.1, and not on Firepower Threat Defense."""
    said = {number: said for command, said in (("sysopt", True), ("no sysopt", False))
            for words, number in reader.flat.get(command, ()) if words[-1] in ("permit-vpn", "permit-ipsec")}
    if said:
        return said[max(said)]
    return reader.platform != "FTD" and (reader.version or (7, 1)) >= (7, 1)
