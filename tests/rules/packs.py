"""Packs as text: a small one, to be changed in one place by a test, and the one of the page about packs."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "rules" / "README.md"

SMALL = """\
id: small
title: {en: Small, de: Klein}
version: "1"
page: {url: "https://example.com/ports", edition: first}
methods:
  - {id: push, title: {en: Push, de: Push}}
  - {id: pull, title: {en: Pull, de: Pull}}
roles:
  - {id: client, title: {en: Client, de: Client}}
  - {id: server, title: {en: Server, de: Server}}
settings:
  - id: mode
    title: {en: Mode, de: Modus}
    kind: choice
    values: [mixed, native]
  - id: http
    title: {en: HTTP, de: HTTP}
    kind: port
    default: 80
  - id: https
    title: {en: HTTPS, de: HTTPS}
    kind: port
    derived: {from: http, rule: wsus-pair}
  - id: dynamic
    title: {en: Dynamic, de: Dynamisch}
    kind: ports
    default-by: {setting: mode, values: {mixed: 1025-5000, native: [1025-5000, 49152-65535]}}
  - id: shared
    title: {en: Shared, de: Geteilt}
    kind: boolean
    default: false
requirements:
  - id: SMALL-1
    title: {en: One, de: Eins}
    methods: [all]
    from: client
    to: server
    protocol: tcp
    ports: [445, 10-20, http]
    when: {setting: mode, is: native}
    alternate-port: true
    listener: http-sys
    why: {en: Because., de: Darum.}
    fix: {en: Permit it., de: Lassen Sie es zu.}
    citation: {page: p, table: t, row: 1}
  - id: SMALL-2
    title: {en: Two, de: Zwei}
    methods: [push]
    from: server
    to: client
    protocol: icmp
    icmp: echo-request
    alternate-port: false
    listener: icmp
    severity: warning
    why: {en: Because., de: Darum.}
    fix: {en: Permit it., de: Lassen Sie es zu.}
    citation: {page: p, table: t, row: paragraph, note: above the table}
"""


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one passage replaced; it has to be there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def line_with(passage: str, text: str = SMALL) -> int:
    """The line (from 1) of the first passage."""
    return text[: text.index(passage)].count("\n") + 1


def acme() -> str:
    """The worked example of the page, a whole pack."""
    (text,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(text)
