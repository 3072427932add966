"""One page for each requirement of the built-in packs, and their list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import assert_never

from aclproof import rules
from aclproof.linter.reports.writing.wording import cited, condition
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.rules.pack import AllOf, AnyOf, Equals, Pack, Ports, Requirement, RolePresent, Setting, When
from aclproof.rules.ports import show
from aclproof.rules.settings import settings_used
from aclproof.rules.values import explain

_A_PORT = "2400"
_LISTENERS = {
    "system-smb": "SMB, in the kernel (`System`)",
    "endpoint-mapper": "the RPC endpoint mapper (RpcSs)",
    "rpc-server": "an RPC server on a dynamic port",
    "mapped-rpc": "an RPC service whose port the endpoint mapper names",
    "http-sys": "HTTP.SYS, in the kernel (`System`)",
    "icmp": "the network stack",
}


def pages() -> dict[str, str]:
    """File name to text, for all packs."""
    packs = [rules.load(name) for name in rules.builtin()]
    found = {"README.md": joined(_index(packs))}
    for pack in packs:
        found.update({f"{each.id}.md": joined(_page(pack, each)) for each in pack.requirements})
    return found


def joined(lines: Iterable[str]) -> str:
    """A page of lines."""
    return "".join(f"{line}\n" for line in lines)


def _index(packs: list[Pack]) -> Iterator[str]:
    yield from ("# Requirements", "")
    yield from wrapped("What has to be open, and where that is written. `make docs` writes these pages from "
                        "the packs in [`rules/`](../../rules); `aclproof explain` shows the same offline.")
    for pack in packs:
        titles = {each.id: each.title.en for each in pack.methods}
        yield from ("", f"## {pack.title.en} (`{pack.id}`)", "")
        yield from (f"Source: [{pack.page.edition}]({pack.page.url})", "")
        yield from ("| requirement | packets | from | to | for |", "|---|---|---|---|---|")
        for one in pack.requirements:
            methods = "all methods" if len(one.methods) == len(titles) else ", ".join(
                titles[method] for method in one.methods)
            yield (f"| [{one.id}]({one.id}.md) | {_service(one)} | {one.source} | {one.destination} "
                   f"| {methods} |")


def _page(pack: Pack, one: Requirement) -> Iterator[str]:
    methods = {each.id: each for each in pack.methods}
    roles = {each.id: each for each in pack.roles}
    source, destination = roles[one.source], roles[one.destination]
    rows = {
        "Packets": _service(one),
        "From": f"{source.title.en} (`{source.id}`)",
        "To": f"{destination.title.en} (`{destination.id}`)",
        "What listens": _listens(pack, one),
        "Needed for": ", ".join(f"{methods[each].title.en} (`{each}`)" for each in one.methods),
        "Applies": condition(one.when),
        "Severity": one.severity}
    if one.tier:
        rows["Tier"] = "supporting: proven with `--tier supporting` only"
    yield from (f"# {one.id}", "", f"{one.title.en}.", "", "| | |", "|---|---|")
    yield from (f"| {label} | {text} |" for label, text in rows.items())
    yield from ("", "## Why", "", *wrapped(one.why.en))
    yield from ("", "## Settings", "", *_settings(pack, one))
    yield from ("", "## To do", "", *wrapped(one.fix.en))
    yield from ("", "## Source", "", f"{cited(one.citation)}: [{pack.page.edition}]({pack.page.url})")
    if one.citation.note:
        yield from ("", *wrapped(f"Note: {one.citation.note}"))
    yield from ("", "## Check it", "", "```console", f"$ aclproof explain {one.id}")
    yield from (f"$ {command(pack, one)}", "```")
    yield from ("", "## Auf Deutsch", "", f"**{one.title.de}.**", "", *wrapped(one.why.de), "",
                *wrapped(f"Zu tun: {one.fix.de}"))


def _listens(pack: Pack, one: Requirement) -> str:
    own = {name: each.title.en for each in pack.listeners for name in (each.id, each.program)}
    return {**_LISTENERS, **own, "": "not said"}[one.listener]


def wrapped(text: str) -> list[str]:
    """A paragraph in lines of a page's width."""
    return textwrap.wrap(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def _service(one: Requirement) -> str:
    if one.icmp:
        return f"ICMP {one.icmp.replace('-', ' ')}, and the reply on the way back"
    ports = [show(each.first, each.last) if isinstance(each, Ports) else f"`{each}`" for each in one.ports]
    return f"{one.protocol.upper()} {', '.join(ports)}"


def _settings(pack: Pack, one: Requirement) -> Iterator[str]:
    used = set(settings_used(one))
    if not used:
        yield "None: the ports are fixed, and no setting decides whether it applies."
        return
    for setting in reversed(pack.settings):  # what a setting follows is above it
        followed = setting.default_by or setting.derived
        if setting.id in used and followed:
            used.add(followed.setting)
    yield from ("| setting | values | default |", "|---|---|---|")
    for setting in pack.settings:
        if setting.id in used:
            values = ", ".join(setting.values) or {"boolean": "true, false", "port": "a port"}.get(
                setting.kind, "ports and ranges")
            yield f"| `{setting.id}`: {setting.title.en} | {values} | {_default(setting)} |"


def _default(setting: Setting) -> str:
    if setting.default is not None:
        return str(setting.default)
    if setting.default_by:
        keys: dict[str, list[str]] = {}
        for key, value in setting.default_by.values.items():
            keys.setdefault(value if isinstance(value, str) else ", ".join(value), []).append(key)
        pairs = "; ".join(f"{value} for {', '.join(some)}" for value, some in keys.items())
        return f"by `{setting.default_by.setting}`: {pairs}"
    if setting.derived:
        return f"from `{setting.derived.setting}`: {explain(setting.derived.rule)}"
    return "none: it is required"


def command(pack: Pack, one: Requirement) -> str:
    """A check in which the requirement applies."""
    conditions = list(_first_branches(one.when))
    unset = {each.id: each for each in pack.settings if not (
        each.default is not None or each.default_by or each.derived)}
    settings = {name: each.values[0] for name, each in unset.items() if each.values}
    settings |= {each.setting: each.value for each in conditions if isinstance(each, Equals)}
    beside = [each for each in pack.requirements if one.methods[0] in each.methods and {
        test.setting: test.value for test in _first_branches(each.when) if isinstance(test, Equals)
    }.items() <= settings.items()]
    settings |= {port: _A_PORT for each in beside for port in each.ports
                 if isinstance(port, str) and port in unset}
    present = [each.role for each in conditions if isinstance(each, RolePresent)]
    words = [f"--role {role}=10.1.1.{number}" for number, role in enumerate(present, 20)]
    words += [f"--set {key}={value}" for key, value in settings.items()]
    if one.tier:
        words.append(f"--tier {one.tier}")
    if pack.id != DEFAULT_PACK:
        words.append(f"--pack {pack.id}")
    ends = ["--client 10.20.0.0/16 --server 10.1.1.0/24"] if pack.near else [
        f"--role {role.id}=10.{number}.0.10" for number, role in enumerate(pack.roles, 1)]
    return f"aclproof check fw.cfg {' '.join((*ends, *words))} --method {one.methods[0]}"


def _first_branches(when: When | None) -> Iterator[Equals | RolePresent]:
    """Questions whose answers make a condition true: of several branches the first."""
    match when:
        case None:
            return
        case Equals() | RolePresent():
            yield when
        case AnyOf(branches=branches):
            yield from _first_branches(branches[0])
        case AllOf(branches=branches):
            for each in branches:
                yield from _first_branches(each)
        case _:
            assert_never(when)
