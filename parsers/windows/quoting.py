"""What of a line of Windows' inputs may be quoted: a list of what is known, as all else may be a secret.

Captures, scripts and exports of whole keys hold passwords and pre-shared keys beside the firewall's rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aclproof.parsers.model.notes import HIDDEN
from aclproof.parsers.source import Source
from aclproof.parsers.windows.netsh import batch, script
from aclproof.parsers.windows.netsh.languages import LANGUAGES
from aclproof.parsers.windows.powershell import call
from aclproof.parsers.windows.registry import keys, layout
from aclproof.parsers.windows.registry.stores import is_policy

_KEY = re.compile(r"\[-?(.*)\]|(HKEY_\w+\\.*)", re.IGNORECASE)
_VALUE = re.compile(r'("(?:[^"\\]|\\.)*"=(?:hex\(\w+\):)?"?|@="?|\S.*?\s{2,}REG_\w+\s{2,})(.*)', re.DOTALL)
"""Of an export, or of what `reg query` prints: the name, and the data."""
_RULE = re.compile(r"v\d+\.\d+\|", re.IGNORECASE)
_EXCEPTION = re.compile(r"[^|\"]*:(?:enabled|disabled)(?::[^:|\"]*)?\"?", re.IGNORECASE)
"""`445:TCP:*:Enabled:SMB`, which Windows XP has instead of rules."""
_PORT = re.compile(r"[lr]port(?:2_\d+)?|[lr]a[46]2?")
_ENDS = re.compile(r"ep[12]_[46]|ep[12]_?port\w*|auth[12]set|crypto2?set")
"""Of a connection security rule."""
_CMDLET = re.compile(r"(?:New|Set|Remove|Enable|Disable|Get)-NetFirewallRule\b", re.IGNORECASE)
_NETSH = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s", re.IGNORECASE)
_WORD = re.compile(r'(\w+)(\s*=\s*)("[^"]*"|[^\s"]+)|"[^"]*"|\S+')
_VERBS = frozenset("""@netsh netsh netsh.exe call @call advfirewall firewall consec mainmode monitor add set
delete show dump export import reset rule new allprofiles domainprofile privateprofile publicprofile
currentprofile global state on off firewallpolicy settings portopening service icmpsetting opmode
allowedprogram tcp udp all enable disable custom subnet domain standard fileandprint remoteadmin
remotedesktop upnp &""".split())
_PARAMETERS = frozenset("""type port mode scope addresses interface group new""".split()) | script.KEYS
_LABEL = re.compile(r"([^:=]+?)(?:\s*:(?:\s+|$)|\s{2,})(.*)")
_ELEMENT = re.compile(r"</?[\w:.-]+/?>")


class _Limited:
    """Quotes no more than is known, in some form."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form

    def __call__(self, line: str) -> str:
        return self._form(quotable(line)) if self._form(line) else ""


def limit(source: Source) -> None:
    """Let an input quote no more than is known, in the form that its reader gives its lines.

    An input may be read often: it is limited once.
    """
    if not isinstance(source.quotable, _Limited):
        source.quotable = _Limited(source.quotable)


def quotable(line: str) -> str:
    """Return a line as it may be quoted."""
    text = line.strip()
    if not text:
        return ""
    for found in (_registry(text), _command(text), _labelled(text), _element(text)):
        if found:
            return found
    return HIDDEN


def _registry(text: str) -> str:
    key = _KEY.fullmatch(text)
    if key:
        return text if is_policy((key[1] or key[2]).strip()) else ""
    value = _VALUE.fullmatch(text)
    if not value:
        return ""
    name, data = value[1], value[2]
    plain = name.strip('"').partition('"')[0].split("  ")[0].strip().lower()
    if _RULE.match(data):
        return name + _pairs(data)
    if plain in layout.VALUES or _EXCEPTION.fullmatch(data):
        return text
    return name.rstrip('"') + HIDDEN if name[:1] == '"' else HIDDEN


def _pairs(text: str) -> str:
    """Keep the pairs of a rule string whose keys are known."""
    version, *pairs = text.split("|")
    return "|".join([version, *map(_pair, pairs)])


def _pair(pair: str) -> str:
    key, equals, _ = pair.partition("=")
    plain = key.strip().lower()
    if keys.effect(plain) or _PORT.fullmatch(plain) or _ENDS.fullmatch(plain) or pair in ("", '"'):
        return pair
    return f"{key}={HIDDEN}" if equals else HIDDEN


def _command(text: str) -> str:
    if _CMDLET.match(text):
        return call.code(text)
    if _NETSH.match(text):
        words: list[str] = []
        for word in _netsh(batch.without_output(text)):
            if word != HIDDEN or words[-1:] != [HIDDEN]:
                words.append(word)
        return " ".join(words)
    return text if batch.ends(text) else ""


def _netsh(text: str) -> Iterator[str]:
    for word in _WORD.finditer(text):
        if word[1]:
            yield word[0] if word[1].lower() in _PARAMETERS else f"{word[1]}={HIDDEN}"
        else:
            known = word[0].lower() in _VERBS or word[0].isdecimal() or _NETSH.match(f"{word[0]} ")
            yield word[0] if known else HIDDEN


def _labelled(text: str) -> str:
    """A field of a listing whose label is known in any language."""
    found = _LABEL.fullmatch(text)
    known = found and any(words.find(found[1]) is not None for each in LANGUAGES
                          for words in (each.labels, each.headings, each.settings))
    return text if known else ""


def _element(text: str) -> str:
    """An element of a report, without what is in it."""
    found = _ELEMENT.match(text)
    if not found:
        return ""
    return text if found.end() == len(text) else found[0] + HIDDEN
