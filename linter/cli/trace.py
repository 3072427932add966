"""`aclproof trace`: packets, rule by rule, through one firewall or along a site."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from glob import has_magic
from pathlib import Path
from shlex import quote
from typing import Any

import click

from aclproof import parsers
from aclproof.inputs import STDIN
from aclproof.linter.cli import completing, exits, output, quick, streams
from aclproof.linter.cli.packets import COLUMNS, EPHEMERAL, Wanted, begins, of_csv, of_words
from aclproof.linter.cli.site_options import day_of, root_of, root_option
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site import configurations, reader
from aclproof.linter.site import site as sites
from aclproof.linter.site.validation import profiles
from aclproof.linter.trace.records import Trace
from aclproof.parsers.model.firewall import Firewall
from aclproof.reason import Reason, joined
from aclproof.rules.pack import COMMON_LISTENERS
from aclproof.rules.suggest import unknown

_EXITS = {"permit": exits.PROVEN, "deny": exits.MISSING, "undecided": exits.UNPROVEN}
_OF_ONE = {"ingress": "--ingress", "egress": "--egress", "acl": "--acl", "profile": "--profile",
           "context": "--context", "listener": "--listener", "hook": "--hook"}
_OF_SITE = {"source_role": "--from", "destination_role": "--to", "facts": "--fact",
            "root": "--root", "allow_outside": "--allow-outside"}
_Follow = Callable[[Sequence[Wanted]], Iterator[Trace]]
"""Each packet is followed when its trace is asked for; what is wrong with any of them is said before."""


@click.command(name="trace")
@click.argument("words", nargs=-1, metavar="[SITE.yaml | CONFIG...] [SOURCE DESTINATION PROTOCOL [PORT]]",
                shell_complete=completing.files)
@click.option("--packets", metavar="FILE.csv", shell_complete=completing.files,
              help=f"Many packets ('-': standard input): {', '.join(COLUMNS)}.")
@click.option("--source-port", type=click.IntRange(0, 65535), default=EPHEMERAL, show_default=True)
@click.option("--icmp-type", type=click.IntRange(0, 255), help="Default: echo request.")
@click.option("--reply", is_flag=True, help="The packet answers a connection that was let through.")
@click.option("--from", "source_role", metavar="ROLE", shell_complete=completing.roles,
              help="Site: the role of the source.")
@click.option("--to", "destination_role", metavar="ROLE", shell_complete=completing.roles,
              help="Site: the role of the destination.")
@click.option("--fact", "facts", multiple=True, metavar="KEY=VALUE", help="Site: settle an open question.")
@root_option
@click.option("--allow-outside", is_flag=True, help="Site: let it name any file.")
@click.option("--ingress", "--in-interface", default="", metavar="NAME",
              help="One firewall: interface by which it enters.")
@click.option("--egress", "--out-interface", default="", metavar="NAME",
              help="One firewall: interface by which it leaves.")
@click.option("--acl", "--chain", default="", metavar="NAME", help="One firewall: only this list or chain.")
@click.option("--hook", type=click.Choice(["forward", "input", "output"]),
              help="One firewall: routed by a host, sent to it, or sent by it.  [default: forward]")
@click.option("--context", default="", metavar="NAME", help="One firewall: the context that is meant (ASA).")
@click.option("--profile", default="", metavar="NAME",
              help=f"One firewall: {', '.join(profiles())} (Windows).")
@click.option("--listener", type=click.Choice(COMMON_LISTENERS), default=None,
              help="One firewall: what the destination runs.")
@click.option("--as-of", metavar="DATE", help="Evaluate time ranges as of this date (YYYY-MM-DD).")
@click.option("--explain", is_flag=True, help="In sentences.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.language_option
def command(words: tuple[str, ...], packets: str | None, source_port: int, icmp_type: int | None,
            explain: bool, form: str, language: Language, **given: Any) -> int:
    """Follow a packet rule by rule, from firewall to firewall of a site, or through one firewall.

    \b
      aclproof trace 10.1.1.10 10.20.0.5 tcp 445    # along ./aclproof.yaml
      aclproof trace fw.cfg 10.1.1.10 10.20.0.5 tcp 445
      aclproof trace rules.txt profiles.txt 10.1.1.10 10.20.0.5 tcp 445
      aclproof trace "10.1.1.10:49152 -> 10.20.0.5:445 tcp"    # as in a report

    Exit code 0 if it is permitted, 1 if denied, 3 if that cannot be known.
    """
    targets, packet = _split(words, packets)
    if bool(packet) == bool(packets):
        raise click.UsageError(Reason("give one packet (SOURCE DESTINATION PROTOCOL [PORT]) or --packets "
                                      "FILE.csv"))
    if explain and form == "json":
        raise click.UsageError(Reason("--explain is text; JSON has the same facts"))
    wanted = [Wanted(of_words(packet, source_port, icmp_type))] if packet else list(of_csv(str(packets)))
    codes: set[int] = set()

    def followed() -> Iterator[Trace]:
        for each in output.counted(_follower(targets, given)(wanted), len(wanted), "packets"):
            codes.add(_EXITS[each.verdict])
            yield each

    for text in _rendered(followed(), form, Words(language), explain=explain):
        streams.show(text, form)
    if not wanted:
        streams.notice(Reason("{packets}: there is no packet in it", packets=packets))
    return max(codes, key=(0, 3, 1).index, default=exits.UNPROVEN)


def _split(words: Sequence[str], packets: str | None) -> tuple[list[str], Sequence[str]]:
    """What to trace through, and the packet: without a file it is the site in the working directory."""
    count = next((number for number, word in enumerate(words) if not os.path.exists(word)
                  and (begins(word) or begins(word.partition(" ")[0]))), len(words))
    targets, packet = list(words[:count]), words[count:]
    if late := next(filter(_is_late, packet), ""):
        raise click.UsageError(Reason(
            "{file} comes before the packet: aclproof trace {file} {packet}", file=late,
            packet=" ".join(quote(each) for each in packet if each != late)))
    if not targets:
        targets = [sites.DEFAULT_FILE]
        if not Path(sites.DEFAULT_FILE).exists():
            raise click.UsageError(Reason("there is no {file} here: name a site file or a configuration "
                                          "first, or write one ('aclproof init')", file=sites.DEFAULT_FILE))
    for word in targets[1:]:
        if word != STDIN and not has_magic(word) and not os.path.exists(word):
            raise click.UsageError(Reason("'{word}' is neither a file here nor an address", word=word))
    if packets == STDIN and STDIN in targets:
        raise click.UsageError(Reason("only one of the two can be standard input"))
    return targets, packet


def _is_late(word: str) -> bool:
    """Whether a word of the packet is a file to trace through; a protocol may be called as a file here is."""
    return sites.is_site_file(word) or (not word.isalnum() and os.path.isfile(word))


def _follower(targets: Sequence[str], given: Mapping[str, Any]) -> _Follow:
    site_file = next((each for each in targets if sites.is_site_file(each)), "")
    if not site_file:
        return _through_firewall(quick.expand(targets), given)
    if len(targets) > 1:
        raise click.UsageError(Reason("{file} names its configurations itself: give it alone",
                                      file=site_file))
    return _through_site(site_file, given)


def _rendered(traces: Iterator[Trace], form: str, words: Words, *, explain: bool) -> Iterator[str]:
    if form == "json":
        from aclproof.linter.reports.trace import json_v1

        return json_v1.render(traces)
    if explain:
        from aclproof.linter.reports.trace import narrative

        return narrative.render(traces, words)
    from aclproof.linter.reports.trace import text

    return text.render(traces, words)


def _reject(given: Mapping[str, Any], options: Mapping[str, str], reason: str) -> None:
    for key, option in options.items():
        if given[key]:
            raise click.UsageError(joined(" ", (option, reason)))


def _through_firewall(configs: Sequence[str], given: Mapping[str, Any]) -> _Follow:
    """Follow packets through one firewall."""
    from aclproof.linter.trace.single import Question, trace

    _reject(given, _OF_SITE, Reason("goes with a site file"))
    firewall, day = parsers.read(*configs, context=given["context"]), day_of(dict(given))
    _check_names(firewall, given["ingress"], given["egress"])
    acl = given["acl"] and quick.list_called(firewall, given["acl"])

    def through(wanted: Wanted) -> Trace:
        reply = wanted.later or given["reply"]
        question = Question(given["ingress"], given["egress"], acl, given["hook"] or "forward",
                            given["profile"], reply, given["listener"] or "", day)
        hop = trace(firewall, wanted.packet, question)
        return Trace(wanted.packet, "reply" if reply else "request", [hop])

    return partial(map, through)


def _check_names(firewall: Firewall, ingress: str, egress: str) -> None:
    from aclproof.linter.site import interfaces

    own, named = [each.name for each in firewall.interfaces], interfaces.named_by_rules(firewall)
    for name in filter(None, (ingress, egress)):
        if not firewall.on_host and name not in own:
            raise click.UsageError(unknown("interface", name, own))
        if firewall.on_host and interfaces.is_unnamed(name, named) and interfaces.meant(name, named):
            raise click.UsageError(unknown("interface", name, [interfaces.meant(name, named)]))


def _through_site(path: str, given: Mapping[str, Any]) -> _Follow:
    """Follow packets from firewall to firewall."""
    from aclproof.linter.demands.demands import plan
    from aclproof.linter.site.fact_keys import told_apart
    from aclproof.linter.site.packs import pack_of
    from aclproof.linter.site.validation import validate_names
    from aclproof.linter.trace.roles import NoRoleError, PacketRoles, SitePacket, find_roles
    from aclproof.linter.trace.site import follow as follow_along

    _reject(given, _OF_ONE, Reason("goes with one configuration: the site file says where packets pass"))
    known = reader.read(Path(path), anywhere=given["allow_outside"], root=root_of(given))
    site = quick.amend(known, (), given["facts"], ())
    pack = pack_of(site)
    demands = plan(site, pack).demands
    roles = [role.id for role in pack.roles]
    for name in (given["source_role"], given["destination_role"]):
        if name and name not in roles:
            raise click.UsageError(unknown("role", name, roles))
    read = {place.name: configurations.read(place) for place in site.firewalls}
    validate_names(site, [(place, read[place.name]) for place in site.firewalls])
    firewalls = told_apart(read)
    day = day_of(dict(given))

    def roles_of(wanted: Wanted) -> PacketRoles:
        sent = SitePacket(wanted.packet, wanted.later, given["reply"], given["source_role"] or "",
                          given["destination_role"] or "")
        try:
            return find_roles(site, demands, sent, pack.nears)
        except NoRoleError as error:
            raise wanted.problem(str(error)) from None

    def follow(all_wanted: Sequence[Wanted]) -> Iterator[Trace]:
        found = list(map(roles_of, all_wanted))
        return (follow_along(site, firewalls, each.connection, wanted.packet, each.kind, day)
                for wanted, each in zip(all_wanted, found, strict=True))

    return follow
