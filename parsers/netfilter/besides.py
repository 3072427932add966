"""What a rule does besides its verdict, as its own words say it: alike where rules do the same."""

from __future__ import annotations

import re

_ALSO = re.compile(
    r"\breject\b(?:.*?\b(?:reject-with|with)\s+[a-z0-9][a-z0-9 -]*?\s*(?=$|[#(;]|comment\b))?"
    r"|(?:-m )?\brecent\b.*?--(?:set|update|remove)\b.*?--name \S+|--add-set \S+|--del-set \S+"
    r"|\b(?:hashlimit|connlimit|quota|connbytes|limit)\b.*|\b(?:add|update|delete|set|meter) @?\S+ \{.*?\}"
    r"|\blog\b.*", re.IGNORECASE)


def of(rule: str) -> str:
    """Return these words, in their order; empty where there are none."""
    return "; ".join(each.strip() for each in _ALSO.findall(rule))
