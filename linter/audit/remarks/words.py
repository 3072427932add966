"""Words that take a remark's plain meaning away, and verbs of permitting and denying.

English and German; each word is a pattern of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aclproof.linter.audit.remarks.claims import Acts


def any_of(words: str) -> str:
    """Return a pattern for any of some words, which are patterns."""
    return f"(?:{'|'.join(words.split())})"


_NEGATING = any_of(r"""not cannot never nor neither none nobody without but aber unless except\w* exclud\w+
    no(?!\.?\s*\d) \w+n['’]t nicht nie niemals kein\w* ohne au(?:ß|ss)er ausgenommen ausnahme\w* weder""")
_SUPPOSING = any_of(r"""should would could might may maybe perhaps todo fixme if when soll\w* könnte\w* falls
    wenn""")
_OF_THE_PAST = any_of(r"""was were previous\w* former\w* old instead replac\w+ migrat\w+ moved?
    renamed? unused obsolete prolonged renewed war waren früher\w* ehemal\w+ bisher\w* alte?[rsn]?
    statt ersetzt umgezogen verlängert""")
_OF_OTHERS = any_of(r"see cf e\.?g example siehe vgl beispiel")
_DOUBTFUL = re.compile(rf"\?|\b(?:{_NEGATING}|{_SUPPOSING}|{_OF_THE_PAST}|{_OF_OTHERS})\b|\bz\.\s?b\.",
                       re.IGNORECASE)
_LIMITS = re.compile(rf"\b{any_of('only just solely nur ausschlie(?:ß|ss)lich lediglich')}\b", re.IGNORECASE)
_MAPS = re.compile(r"->|=>|→|\b" + any_of(r"""nat pat natted nated dnat snat translat\w* maps? mapped
    mapping redirect\w* port.?forward\w* forwards forwarded via behind through umgeleitet
    weitergeleitet über hinter""") +
                   r"\b", re.IGNORECASE)

_PERMIT = any_of(r"""allow(?:s|ed|ing)? permit(?:s|ted|ting)? accept(?:s|ed|ing)? erlaub(?:e|en|t)
    zulassen zugelassen freigeben freigegeben freischalten freigeschaltet""")
_DENY = any_of(r"""den(?:y|ies|ied|ying) block(?:s|ed|ing)? drop(?:s|ped|ping)? reject(?:s|ed|ing)?
    disallow(?:s|ed)? forbid(?:s|den)? prohibit(?:s|ed)? sperren? gesperrt verbieten verboten
    blockier(?:e|en|t) verwerfen verworfen ablehnen abgelehnt""")
_LIKE_PERMIT = re.compile(r"\b" + any_of(r"""allow permit accept erlaub zul[aä]ss zugelass freig
    freisch open grant enabl whitelist pass(?:es|ed|ing)?\b öffn geöffn"""), re.IGNORECASE)
_LIKE_DENY = re.compile(r"\b" + any_of(r"""den[yi] block drop reject discard disallow forbid prohibit
    refus reset stop prevent restrict limit filter clos kill protect black disabl inactiv sperr
    gesperrt geblock verb[io] verw[eo]rf ablehn abgelehn abweis schlie[sß] besch deaktiv verhinder
    sch[uü]tz"""), re.IGNORECASE)
_BEFORE_THE_VERB = r"""default explicit explicitly implicit temporar\w+ temporär\w* always global\w* to"""
_FIRST = re.compile(
    rf"\W*(?:(?:rule|regel|acl|acl entry)\b[\W\d]*)?(?:\d+[\W_]+)?(?:{any_of(_BEFORE_THE_VERB)}[\s_-]+)?"
    rf"(?P<verb>{_PERMIT}|{_DENY})(?!\w|[\s_-]*list)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LAST = re.compile(r"\w.*[\s_-](?P<verb>" + any_of(r"""allowed permitted accepted denied blocked
    dropped rejected forbidden prohibited erlaubt erlauben zulassen zugelassen freigeben freigegeben
    freischalten freigeschaltet sperren gesperrt verbieten verboten blockieren blockiert verwerfen
    verworfen ablehnen abgelehnt""") + r")\W*",
                   re.IGNORECASE | re.DOTALL)
_INSIDE = re.compile(rf"\b(?:(?:rule|regel|entry|acl)\b.*\bto|is|are|be|wird|werden|ist|sind)\s+"
                     rf"(?P<verb>{_PERMIT}|{_DENY})\b", re.IGNORECASE | re.DOTALL)
_ALSO_NOUNS = frozenset("block drop accept".split())
_OF_TRAFFIC = re.compile(r"\d|\b" + any_of(r"""all any alles? everything else rest traffic access
    connections? attempts? requests? packets? inbound outbound incoming outgoing ingress egress from to
    internet ip ipv[46] tcp udp icmp ports? hosts? networks? subnets? v?lan dmz invalid bad bogus
    bogons? spoof\w* malicious malware attack\w* scan\w* guests? users? clients? servers? zugriffe?
    verkehr von nach aus ins?""") + r"\b", re.IGNORECASE)


def is_doubtful(text: str) -> bool:
    """Return whether a text may mean something else than its plain words."""
    return bool(_DOUBTFUL.search(text))


def limits(text: str) -> bool:
    """Return whether it says that something is the only one: its rule may stop all others."""
    return bool(_LIMITS.search(text))


def maps(text: str) -> bool:
    """Return whether it may speak of ends before or after a translation, or on the way."""
    return bool(_MAPS.search(text))


def says_both(text: str) -> bool:
    """Return whether it has words for letting through and for stopping."""
    return bool(_LIKE_PERMIT.search(text) and _LIKE_DENY.search(text))


def acts(text: str, services: Iterable[str]) -> Iterator[Acts]:
    """Yield what a line of a remark says that its rules do; `services` are patterns of names."""
    found = _FIRST.fullmatch(text) or _LAST.fullmatch(text) or _INSIDE.search(text)
    if not found:
        return
    verb, rest = found["verb"], found.groupdict().get("rest")
    if rest is not None and verb.lower() in _ALSO_NOUNS and not _OF_TRAFFIC.search(rest) and not any(
            re.search(rf"\b(?:{word})\b", rest, re.IGNORECASE) for word in services):
        return
    yield Acts(verb, re.fullmatch(_PERMIT, verb, re.IGNORECASE) is not None)
