"""The list that PortQry gets from an endpoint mapper: services by UUID, and where each is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aclproof.parsers.model.answer_ends import port_number

_BEGIN = "Querying Endpoint Mapper Database..."
_UUID = re.compile(r"UUID: [0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b.*")
_BINDING = re.compile(r"(?P<sequence>nca\w+):(?P<host>[^\[\]]*)\[(?P<end>[^\]]*)\]")
_TOTAL = re.compile(r"Total endpoints found: (?P<total>\d{1,6})")
_ENDS = re.compile(r"(?:TCP|UDP) port \d+ .*|Querying target system called:.*|=+ *End of RPC .*")


def ports(after: Iterable[str]) -> tuple[int, ...]:
    """Return the TCP ports in the list that begins in the next lines; none where it is not whole.

    It is whole where as many services are in it as it says at its end.
    """
    begun = False
    services = bindings = 0
    found: set[int] = set()
    for text in map(str.strip, after):
        if text == _BEGIN:
            begun = True
        elif _ENDS.fullmatch(text):
            break
        elif begun and _UUID.fullmatch(text):
            services += 1
        elif begun and (binding := _BINDING.fullmatch(text)):
            bindings += 1
            if binding["sequence"] == "ncacn_ip_tcp":
                port = port_number(binding["end"])
                if port is None:
                    return ()
                found.add(port)
        elif begun and (total := _TOTAL.fullmatch(text)):
            return tuple(sorted(found)) if int(total["total"]) == bindings == services else ()
    return ()
