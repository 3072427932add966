"""Prompts of a shell, and what a transcript shows of the host and the time."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from aclproof.parsers.model.dates import moment
from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.model.shown_by_device import ANOTHER_HOST, FactAnswer
from aclproof.parsers.netfilter.terminal import PROMPT
from aclproof.parsers.prompts import ELSEWHERE, Typed, as_shown, typed
from aclproof.parsers.source import Source

_BARE = (r"(?P<device>(?!))?(?:\$(?=[ \t]|$)[ \t]*|#(?=[ \t]*$)[ \t]*|# +(?=(?:sudo +|timeout +\S+ +|/\S*/)*"
         r"(?:ip6?tables|ipset|nft|ip|nc|ncat|netcat|curl|bash|bridge|sysctl|date|hostname|uname)\b))")
"""Without a host; a `#` begins a comment as well."""
_GOES_ON = r">[ \t]"
_SCRIPT = re.compile(r"Script started on (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\b.*")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?(?: ?[+-]\d\d:?\d\d| ?[A-Z]{1,5})?")
_DATE = re.compile(r"\w{3} (?P<month>\w{3}) +(?P<day>\d{1,2}) (?P<time>\d\d:\d\d:\d\d) [A-Z]\w{0,5} "
                   r"(?P<year>\d{4})")
_UNAME = re.compile(rf"Linux ({HOST_NAME}) \d+\.\d+.*")
_REDIRECTION = r"(?: *(?:(?<=\s)\d|&)?>>? *[^\s>]++)"
"""A digit is a stream's only after a blank, and a name ends at the next one: there is one way to read it."""
_SHELL = r"(?:exec|sudo +-[is]|(?:sudo +)?(?:\S*/)?(?:su|\w*sh))(?: +-(?!c\b)\S*| +root)*"
_HIDES = re.compile(rf"{_SHELL}{_REDIRECTION}*?"
                    rf"(?: *[12&]?>>? *(?!&\d|>\(|/dev/(?:tty|std\w+)\b)(?:&-|[^\s&>]+)){_REDIRECTION}*")
"""From here on a shell throws messages or output away: no silence in it is an answer."""
_HARMLESS = re.compile(r"\s*(?:[12]?>>?\s*(?:/dev/null|&[12])|<\s*/dev/null|\|\s*(?:cat|more|less))(?=\s|$)")
_CHANGES = re.compile(r"""(?:^|[\s;&|(/])(?:
    ipset(?:\s+-\S+)*\s+(?:add|del|create|flush|destroy|swap|rename|restore|-[ADNFXEWR]\b|[nx]\b)
    |nft(?:\s+-\S+)*\s+(?:(?:add|create|insert|replace|delete|destroy|flush|rename|reset)\b|.*-\w*[fi]\b)
    |nft\s+-\w*[fi]\b|ip6?tables(?:-legacy|-nft)?-restore
    |ip6?tables(?:-legacy|-nft)?\s(?:.*\s)?(?:-[ADIRFXNPZE]|--(?:append|delete|insert|replace|flush|policy|new))
    |ip\s(?:.*\s)?(?:add|del|delete|replace|change|flush|set)\b
    |(?:systemctl|service|rc-service)\s(?:.*\s)?(?:start|stop|restart|reload|isolate|try-restart)\b
    |firewall-cmd\s(?:.*\s)?--(?:add|remove|reload|set|complete-reload|panic-on)|sysctl\s+-\w*[wp]\b
    |(?:ufw|docker|podman|nmcli|netplan|wg-quick|shorewall6?|fw4|brctl|if(?:up|down))\s(?:.*\s)?(?:run|start|stop
    |restart|up|down|rm|create|connect|enable|disable|allow|deny|reject|limit|delete|insert|reload|reset|modify
    |add\w*|apply|try|eth\w*)\b)""", re.VERBOSE)
"""In a command: it may change rules, sets, addresses or routes."""
_LONGEST = 2000
"""So much of a command is looked at."""
_WORK = re.compile(r"[;&|<>`$(){}*?\n]")
"""What a shell works out."""


def parts(transcript: Source) -> Iterator[Typed]:
    """Yield commands and outputs, with the host and the time as far as they show."""
    device, at = "", None
    hiding: set[str] = set()
    named = re.search(f"(?m)^{PROMPT}", as_shown(transcript.text))
    for part in typed(transcript, PROMPT if named else _BARE, _GOES_ON):
        for line in part.printed:
            if said := _UNAME.fullmatch(line):
                device = said[1]
            at = _started(line) or at
        printed = [line for line in part.printed if line]
        if len(printed) == 1:
            if re.fullmatch(r"hostname(?: -[sf])?", part.command) and re.fullmatch(HOST_NAME, printed[0]):
                device = printed[0]
            if re.match(r"date\b", part.command):
                at = _date(printed[0]) or at
        if ELSEWHERE.search(part.command):
            device = ANOTHER_HOST
        else:
            shown = replace(part, device=part.device or device, at=at)
            if _HIDES.fullmatch(part.command):
                hiding.add(part.device)
            yield replace(shown, ended=part.ended and part.device not in hiding)


def standing(transcript: Source) -> Iterator[tuple[Typed, bool]]:
    """Yield commands and outputs, each with whether no later command of its host may have changed what it
    shows."""
    found = list(parts(transcript))
    last = {part.device: number for number, part in enumerate(found) 
            if _CHANGES.search(part.command[:_LONGEST])}
    for number, part in enumerate(found):
        yield part, number >= last.get(part.device, 0)


def as_of(answer: FactAnswer, *, stands: bool) -> FactAnswer:
    """Return an answer that proves nothing where what it says was changed later."""
    return answer if stands else replace(answer, complete=False)


def words(command: str, *programs: str) -> list[str]:
    """Return the words of a command that runs one of these programs and nothing else; none for any other.

    The first word is the program without its path; `sudo` and `timeout` are left out.
    """
    plain = _HARMLESS.sub("", command)
    if _WORK.search(plain):
        return []
    try:
        found = shlex.split(plain)
    except ValueError:
        return []
    while found and (found[0] in ("sudo", "time", "command") or "=" in found[0]):
        found = found[1:]
    if found[:1] == ["timeout"] and len(found) > 2:
        found = found[2:]
    name = found[0].rpartition("/")[2] if found else ""
    return [name, *found[1:]] if name in programs else []


def _started(line: str) -> datetime | None:
    found = _SCRIPT.fullmatch(line)
    return _date(found[1]) if found else None


def _date(line: str) -> datetime | None:
    """Read what `date` prints, or `date -Is`; the zone is left out: it is the host's own clock."""
    if found := _DATE.fullmatch(line):
        return moment(found["year"], found["month"], found["day"], found["time"])
    found = _ISO.fullmatch(line)
    try:
        return datetime.fromisoformat(f"{found[1]} {found[2]}") if found else None
    except ValueError:
        return None
