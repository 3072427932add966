"""Texts that attack whoever reads a report; `xevil` is what none of them may get done."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

ATTACKS = (
    '<xevil onxevil=1>"\'><xevil onxevil="1">',
    "</script></style></title></textarea><xevil/onxevil=1>",
    "\" onxevil=1 x='",
    "]]><xevil/>--><!--<xevil>",
    "<![CDATA[<xevil>&xevil;",
    "javascript:xevil()",
    "=cmd|'/C xevil'!A1",
    "+xevil",
    "-xevil",
    "@xevil",
    "\t=xevil",
    "\r=xevil",
    " =xevil",
    "＝xevil",
    '"xevil,"=xevil',
    "::error file=a::xevil",
    "::add-mask::xevil",
    "::stop-commands::xevil",
    "##[error]xevil",
    "##vso[task.complete result=Succeeded;]xevil",
    "##teamcity[buildStop comment='xevil']",
    "section_start:12:xevil",
    "%0A::error::xevil",
    "\r::error::xevil",
    "\x85::error::xevil",
    "\u2028::error::xevil",
    "\x0b::error::xevil",
    "\x1b[31mxevil",
    "\x1b]0;xevil\x07",
    "\x9b2Jxevil",
    "\u202exevil\u2066",
    "xe\u200bvil\ufeff\u00ad",
    "\x08\x08xevil\x7f",
    "`xevil` |x| *x* ~x~ #1 @xevil",
    "[x](http://xevil.example) ![x](http://xevil.example)",
    "<http://xevil.example> https://xevil.example",
    "|\n| xevil",
    "# xevil",
    "- xevil",
    "```xevil",
    "\\|xevil\\`",
    "$(touch xevil)`touch xevil`",
    "$(touch${IFS}xevil)`touch${IFS}xevil`;touch${IFS}xevil",
    "x;touch xevil;",
    "|touch xevil&",
    "';touch xevil;'",
    '";touch xevil;"',
    "x>xevil",
    "$(New-Item${IFS}xevil)",
    "’;New-Item xevil;’",
    "{{ 7 * 7 }}{% xevil %}",
    "{xevil!r} %(xevil)s {0}",
    "../xevil",
    "&lt;xevil&gt;",
    "xevil" * 200,
)
"""What starts with a sign that spreadsheets and runners look for, and what breaks out of where it stands."""


def texts(first: int) -> Iterator[str]:
    """Yield the attacks for ever, from one on."""
    at = first
    while True:
        yield ATTACKS[at % len(ATTACKS)]
        at += 1


def word(text: str) -> str:
    """One word of a configuration."""
    return re.sub(r"[\s\x00-\x20]", "_", text)


def line(text: str) -> str:
    """A text on one line."""
    return text.replace("\n", " ")


def yaml(text: str) -> str:
    """A text as YAML takes it, without what site files refuse to hold; braces twice, to be formatted."""
    held = "".join(
        each for each in text if unicodedata.category(each)[0] != "C" and each not in "\u2028\u2029"
    )
    return json.dumps(held or "xevil", ensure_ascii=False).replace("{", "{{").replace("}", "}}")


def filled(template: str, first: int) -> str:
    """Put an attack at every position: `@w1@` is a word, the same wherever it stands, `@t@` a text
    of its own, `@q@` one within quotation marks."""
    some = texts(first)
    words: dict[str, str] = {}

    def put(found: re.Match[str]) -> str:
        kind = found[1]
        if kind[0] == "w":
            if kind not in words:
                words[kind] = word(next(some))
            return words[kind]
        text = line(next(some))
        return text if kind == "t" else re.sub(r'["\\]', "'", text)

    return re.sub(r"@(w\d+|t|q)@", put, template)
