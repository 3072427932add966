"""`ip route get`: from which of its addresses a host opens connections to another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.answer_ends import address
from aclproof.parsers.prompts import Typed

_ROUTE = re.compile(r"(?P<to>[0-9a-fA-F.:]+) (?:from :: )?(?:via (?:inet6 )?\S+ )?dev \S+ "
                    r"(?:proto \S+ )?(?:table \S+ )?src (?P<own>[0-9a-fA-F.:]+)(?: .*)?")


def of_routes(parts: Iterable[Typed]) -> Mapping[tuple[str, Family, int], int]:
    """Return the source address by host, family and destination; none where two are shown."""
    found: dict[tuple[str, Family, int], set[int]] = {}
    for part in parts:
        for line in part.printed:
            route = _ROUTE.fullmatch(line.strip())
            to, own = (address(route["to"]), address(route["own"])) if route else (None, None)
            if to and own and to[0] is own[0]:
                found.setdefault((part.device, *to), set()).add(own[1])
    return {end: own.pop() for end, own in found.items() if len(own) == 1}
