"""All passages of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning.network import Network
from aclproof.parsers.cisco_asa.meaning.passages import (
    cut_through,
    filters,
    places,
    routes,
    service_policies,
    switches,
)
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage
from aclproof.parsers.cisco_asa.meaning.policies import Step, maps
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.rules import Chain


def passages(reader: Reader, sections: Sequence[Section], network: Network, steps: Sequence[Step],
             lists: Mapping[str, Chain]) -> Iterator[Passage]:
    """Read them from lines and sections."""
    flat, names = reader.flat, reader.objects.names
    interfaces = [section for section in sections if section.words[0] == "interface"]
    tagging = "cts" in flat or any(child.words[0] == "cts" for each in interfaces for child in each.children)
    yield from cut_through.passages(flat.get("aaa", ()), lists, names)
    yield from filters.passages(flat.get("filter", ()), names)
    yield from switches.passages(flat, sections, lists, reader.objects)
    yield from places.passages(interfaces, tagging=tagging)
    yield from routes.passages(network.doubtful, network.routes)
    yield from routes.reverse_path(flat.get("ip", ()), network.routes)
    yield from service_policies.passages(steps, flat.get("service-policy", ()), maps(sections),
                                         {each.words[-1]: each for each in sections
                                          if each.words[0] == "tcp-map"})
