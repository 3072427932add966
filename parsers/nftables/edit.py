"""nft commands that change a host: each is carried out on the input that shows its table.

Commands of iptables in the same script are for the dumps that are given beside, or for tables of iptables
that only nft shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from aclproof.parsers.edited import Edited, Line, Remark
from aclproof.parsers.iptables import edit as iptables_edit
from aclproof.parsers.iptables import forms as iptables_forms
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import convert, managed
from aclproof.parsers.nftables.script import entering, shell
from aclproof.parsers.nftables.script.iptables_commands import translated
from aclproof.parsers.nftables.script.statements import statements, table_of
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason


def changed(files: Sequence[Source], script: Source, *,
            into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
    """Read the files of a host with the commands carried out.

    UnsupportedInputError names one that cannot be.
    """
    lines, of_iptables = _parts(script)
    own = [forms.read(each) for each in files if kind(each.text)]
    beside = [each for each in files if not kind(each.text)]
    dumps = [iptables_forms.read(each) for each in beside]
    kept = managed.settle(own, dumps)
    if of_iptables:
        native, of_iptables = _shown_by_nft(of_iptables, own, dumps)
        lines = sorted([*lines, *native], key=lambda each: each.number)
    if not (any(words for words, _ in statements(lines)) or of_iptables):
        raise UnsupportedInputError(Reason("{name}: no nft command in it", name=script.name))
    own_files = [form.source for form in own]
    _carry_out(own, lines, script, beside, kept)

    def parse(edited: Sequence[Source]) -> Firewall:
        """Read the host, with these in place of the dumps."""
        now = dict(zip([*own_files, *beside], [*(form.source for form in own), *edited], strict=True))
        return convert.converted(own, [iptables_forms.read(each) for each in edited],
                                 [now[each] for each in files])

    if of_iptables:
        return iptables_edit.changed(beside, of_iptables, into_listing=into_listing, parse=parse)
    return parse(beside), ()


def _parts(script: Source) -> tuple[list[Line], Source | None]:
    """Return what nft gets of a script, and the rest, which is for iptables."""
    if kind(script.text) and not shell.has_commands(script.text):
        lines = enumerate(script.lines(), 1)
        return [Line(text.rstrip("\r"), script, number) for number, text in lines], None
    return shell.split(script)


def _shown_by_nft(script: Source, own: Sequence[Form],
                  dumps: Sequence[iptables_forms.Form]) -> tuple[list[Line], Source | None]:
    """Take the commands out that change tables which only nft shows: these in its words, and the rest."""
    dumped = {(ruleset.family, table) for form in dumps for ruleset in form.rulesets
              for table in ruleset.tables}
    shown = {key for form in own for key in form.ruleset.tables}
    found: list[Line] = []
    rest = script.lines()
    for command in iptables_edit.commands(script):
        key = "ip" if command.family is Family.V4 else "ip6", command.table
        if key in shown and (command.family, command.table) not in dumped and command.back_end != "legacy":
            try:
                text = translated(command.line.text, command.family, command.table)
            except RuleError as error:
                raise UnsupportedInputError(f"{command.place}: {error}") from None
            found.append(command.line._replace(text=text))
            rest[command.line.number - 1] = ""
    if not any(rest):
        return found, None
    return found, Source(script.name, script.sha256, "".join(f"{each}\n" for each in rest), script.encoding)


def _carry_out(own: Sequence[Form], lines: Sequence[Line], script: Source, beside: Sequence[Source],
               kept: Collection[tuple[str, str]]) -> None:
    """Carry out each statement on the input that shows its table; what is about none or all goes to all."""
    found = [(form, list[Line]()) for form in own]
    for words, taken in statements(lines):
        key, place = table_of(words), f"{script.name}:{taken[0].number}"
        if words[:2] == ["flush", "ruleset"] and beside:
            raise UnsupportedInputError(Reason(
                "{place}: 'flush ruleset' takes away what iptables made as well; give the rules as they are "
                "after it", place=place))
        if key and key in kept:
            raise UnsupportedInputError(Reason(
                "{place}: iptables keeps the table {table}, and its dump is given as well: change it by "
                "iptables commands", place=place, table=" ".join(key)))
        there = [each for form, each in found if key in form.ruleset.tables]
        for each in [each for _, each in found] if key is None else there[:1] or [found[0][1]]:
            each += taken
    for form, added in found:
        if any(each.text.strip() for each in added):
            old = form.source
            texts = chain(old.lines(), *(each.lines() for each in old.included))
            given = [Line(text, old, number) for number, text in enumerate(texts, 1)]
            entering.carry_out(form, Edited.of(old, script, [*given, *added]))
            _refuse_circles(form, script)


def _refuse_circles(form: Form, script: Source) -> None:
    for table in form.ruleset.tables.values():
        for name in convert.in_a_circle(table) if table.key in form.entered else ():
            raise UnsupportedInputError(Reason(
                "{name}: with it {chain} calls itself by way of other chains, which the kernel refuses",
                name=script.name, chain=name))
