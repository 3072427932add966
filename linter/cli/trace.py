"""`aclproof trace`: one packet, or a CSV of packets, rule by rule."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

import parsers
from linter.cli import completing, exits, output
from linter.engine.packets import Packet
from linter.engine.walk import StepSeen
from linter.reports.language import Language, Words, message
from linter.reports.wording import visible
from linter.trace import Trace, trace
from parsers.model import addresses
from parsers.model.addresses import Family
from parsers.model.firewall import Firewall, Hook
from parsers.model.notes import Span
from parsers.model.rules import Default
from parsers.model.services import ICMP, ICMP6, TCP, UDP
from rules.strict_yaml import InputError, Problem
from rules.suggest import unknown

_EPHEMERAL = 49152
_ECHO = {Family.V4: 8, Family.V6: 128}
_TOLD = {"permit": message("PERMIT"), "deny": message("DENY"), "undecided": message("UNDECIDED")}
_VERDICT = {"permit": exits.PROVEN, "deny": exits.MISSING, "undecided": exits.UNPROVEN}


@click.command(name="trace")
@click.argument("config", shell_complete=completing.files)
@click.argument("packet", nargs=-1, metavar="[SOURCE DESTINATION PROTOCOL [PORT]]")
@click.option("--packets", metavar="FILE.csv", shell_complete=completing.files,
              help="Many packets: source, destination, protocol, source_port, destination_port, icmp_type, "
                   "icmp_code, state.")
@click.option("--source-port", type=click.IntRange(0, 65535), default=_EPHEMERAL, show_default=True)
@click.option("--icmp-type", type=click.IntRange(0, 255), help="Default: echo request.")
@click.option("--ingress", "--in-interface", default="", metavar="NAME", help="Interface by which it enters.")
@click.option("--egress", "--out-interface", default="", metavar="NAME",
              help="Interface by which it leaves.")
@click.option("--acl", "--chain", default="", metavar="NAME", help="Only this access list or chain.")
@click.option("--hook", type=click.Choice(["forward", "input", "output"]), default="forward",
              show_default=True, help="Routed by a host's firewall, sent to it, or sent by it.")
@click.option("--profile", default="", metavar="NAME", help="Windows: domain, private or public.")
@click.option("--reply", is_flag=True, help="The packet answers a connection that was let through.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.language_option
def command(config: str, packet: tuple[str, ...], packets: str | None, source_port: int,
            icmp_type: int | None, ingress: str, egress: str, acl: str, hook: Hook, profile: str, reply: bool,
            format_: str, language: Language) -> int:
    """Follow a packet rule by rule: 'aclproof trace fw.cfg 10.1.1.10 10.20.0.5 tcp 445'.

    Exit code 0 if it is permitted, 1 if denied, 3 if that cannot be known.
    """
    firewall = parsers.read(config)
    _check_names(firewall, ingress, egress, acl)
    if bool(packet) == bool(packets):
        raise click.UsageError("give one packet (SOURCE DESTINATION PROTOCOL [PORT]) or --packets FILE.csv")
    wanted = [(_packet(packet, source_port, icmp_type), reply)] if packet else list(_csv(str(packets), reply))
    today = date.today()
    traces = [trace(firewall, one, ingress=ingress, egress=egress, acl=acl, hook=hook, profile=profile,
                    reply=answer, as_of=today) for one, answer in wanted]
    if format_ == "json":
        output.emit(json.dumps({"schema": "aclproof/trace/v1",
                                "packets": [_json(firewall, each) for each in traces]},
                               indent=2, ensure_ascii=False) + "\n")
    else:
        words = Words(language)
        output.emit("\n".join("".join(f"{visible(line)}\n" for line in _text(firewall, each, words))
                              for each in traces))
    return max((_VERDICT[_verdict(each)] for each in traces), key=(0, 3, 1).index, default=exits.UNPROVEN)


def _check_names(firewall: Firewall, ingress: str, egress: str, acl: str) -> None:
    interfaces = [each.name for each in firewall.interfaces]
    for name in (ingress, egress):
        if name and not firewall.on_host and name not in interfaces:
            raise click.UsageError(unknown("interface", name, interfaces))
    lists = list(firewall.lists)
    if acl and acl not in lists:
        raise click.UsageError(unknown("chain" if firewall.on_host else "access list", acl, lists))


def _packet(words: tuple[str, ...], source_port: int, icmp_type: int | None, icmp_code: int = 0) -> Packet:
    if not 3 <= len(words) <= 4:
        raise click.UsageError("a packet is SOURCE DESTINATION PROTOCOL [PORT]")
    (family, source), (other, destination) = _address(words[0]), _address(words[1])
    if family is not other:
        raise click.UsageError("source and destination are of different address families")
    protocol = words[2].lower()
    if protocol == "icmp":
        kind = _ECHO[family] if icmp_type is None else icmp_type
        return Packet(family, ICMP if family is Family.V4 else ICMP6, source, destination, kind, icmp_code)
    if protocol not in ("tcp", "udp"):
        raise click.UsageError(f"'{protocol}': protocols are tcp, udp and icmp")
    if len(words) < 4 or not (words[3].isascii() and words[3].isdecimal() and int(words[3]) <= 65535):
        raise click.UsageError(f"{protocol} needs a destination port from 0 to 65535")
    return Packet(family, TCP if protocol == "tcp" else UDP, source, destination, source_port, int(words[3]))


def _address(text: str) -> tuple[Family, int]:
    try:
        found = addresses.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    family = Family.V4 if found.v4 else Family.V6
    if found.of(family).size != 1:
        raise click.UsageError(f"'{text}' is more than one address")
    return family, found.of(family).lowest


def _csv(path: str, reply: bool) -> Iterator[tuple[Packet, bool]]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(Problem(path, 0, "", f"cannot be read ({reason})")) from None
    for row in (rows := csv.DictReader(text.splitlines())):
        try:
            words = tuple(str(row[key] or "").strip() for key in ("source", "destination", "protocol"))
            port = (row.get("destination_port") or "").strip()
            kind = (row.get("icmp_type") or "").strip()
            one = _packet((*words, port) if port else words, int(row.get("source_port") or _EPHEMERAL),
                          int(kind) if kind else None, int(row.get("icmp_code") or 0))
        except (click.UsageError, KeyError, ValueError) as error:
            what = f"the column {error} is missing" if isinstance(error, KeyError) else \
                error.format_message() if isinstance(error, click.UsageError) else "expected numbers"
            raise InputError(Problem(path, rows.line_num, "", what)) from None
        state = (row.get("state") or "").strip().lower()
        yield one, state == "established" or (reply and not state)


def _verdict(one: Trace) -> str:
    return one.walk.verdict if one.walk else "undecided"


def _text(firewall: Firewall, one: Trace, words: Words) -> Iterator[str]:
    yield f"{one.packet}"
    if one.walk is None:
        yield f"  {words('UNDECIDED')}: {words.sentence(one.because)}"
        return
    yield f"  {firewall.name}: {words.sentence(one.way)}"
    for step in one.walk.steps:
        span, text, kind = _line(firewall, step)
        yield f"  {span}  {text if kind == 'rule' else words.sentence(text)}"
        for condition in step.open:
            yield "      " + words("open: {because}", because=words.sentence(condition.because))
    if one.walk.packet != one.packet:
        yield "  " + words("leaves as {packet}", packet=one.walk.packet)
    yield f"  {words(_TOLD[one.walk.verdict])}"


def _line(firewall: Firewall, step: StepSeen) -> tuple[Span, str, str]:
    if isinstance(step.by, Default):
        return step.by.span, step.by.text, step.by.kind
    span = firewall.source.span(step.by.line)
    return span, span.text, "rule"


def _json(firewall: Firewall, one: Trace) -> dict[str, Any]:
    hop: dict[str, Any] = {"firewall": firewall.name, "way": one.way, "verdict": _verdict(one),
                           "because": one.because or None, "deciding": None, "steps": []}
    for step in one.walk.steps if one.walk else ():
        span, text, kind = _line(firewall, step)
        hop["steps"].append({"file": span.file, "line": span.first_line, "text": text, "kind": kind,
                             "stage": step.stage.name, "open": [each.because for each in step.open]})
    if one.walk and len(one.walk.fates) == 1 and hop["steps"]:
        hop["deciding"] = {key: hop["steps"][-1][key] for key in ("file", "line", "text", "kind")}
    return {"packet": str(one.packet), "verdict": _verdict(one), "hops": [hop]}
