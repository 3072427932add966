"""Where an input shows the name of its host.

The patterns are text: `re` compiles each when it is first searched.
"""

from __future__ import annotations

from aclproof.parsers.model.names import HOST_NAME

NAMES = (
    rf"(?m)^[^\n#$]{{0,80}}?[@ ](?P<name>{HOST_NAME})[: ~][^\n#$]{{0,80}}[#$] +(?:sudo +)?(?:/\S*/)?"
    r"(?:ip6?tables|ipset|nft|ip)\b",
    rf"(?m)^[^\n#$]{{0,80}}[#$] *hostname[ \t\r]*\n(?P<name>{HOST_NAME})[ \t\r]*$",
    rf"(?m)^Linux (?P<name>{HOST_NAME}) \d+\.\d+")
"""In a prompt, as `hostname` prints it, as `uname -a` does."""
