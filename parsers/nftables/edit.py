"""nft commands that change a host: each is carried out on the input that shows its table.

Commands of iptables in the same script are for the dumps that are given beside.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.edited import Edited, Line, Remark
from aclproof.parsers.iptables import edit as iptables_edit
from aclproof.parsers.iptables import forms as iptables_forms
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import convert
from aclproof.parsers.nftables.script import entering, shell
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
    if not (any(words for words, _ in statements(lines)) or of_iptables):
        raise UnsupportedInputError(Reason("{name}: no nft command in it", name=script.name))
    own = [forms.read(each) for each in files if kind(each.text)]
    beside = [each for each in files if not kind(each.text)]
    own_files = [form.source for form in own]
    for form, added in _for_each(own, lines, script, beside):
        if any(each.text.strip() for each in added):
            old = form.source
            given = [Line(text, old, number) for number, text in enumerate(old.lines(), 1)]
            entering.carry_out(form, Edited.of(old, script, [*given, *added]))
            _refuse_circles(form, script)

    def parse(edited: Sequence[Source]) -> Firewall:
        """Read the host, with these in place of the dumps."""
        now = dict(zip([*own_files, *beside], [*(form.source for form in own), *edited], strict=True))
        return convert.converted(own, [iptables_forms.read(each) for each in edited],
                                 [now[each] for each in files])

    if of_iptables:
        return iptables_edit.changed(beside, of_iptables, into_listing=into_listing, parse=parse)
    return parse(beside), ()


def _refuse_circles(form: Form, script: Source) -> None:
    for table in form.ruleset.tables.values():
        for chain in convert.in_a_circle(table) if table.key in form.entered else ():
            raise UnsupportedInputError(Reason(
                "{name}: with it {chain} calls itself by way of other chains, which the kernel refuses",
                name=script.name, chain=chain))


def _parts(script: Source) -> tuple[list[Line], Source | None]:
    """Return what nft gets of a script, and the rest, which is for iptables."""
    if kind(script.text) and not shell.has_commands(script.text):
        lines = enumerate(script.lines(), 1)
        return [Line(text.rstrip("\r"), script, number) for number, text in lines], None
    return shell.split(script)


def _for_each(own: Sequence[Form], lines: Sequence[Line], script: Source,
              beside: Sequence[Source]) -> list[tuple[Form, list[Line]]]:
    """Give each input the statements about its tables; what is about none or all goes to all."""
    found = [(form, list[Line]()) for form in own]
    for words, taken in statements(lines):
        key = table_of(words)
        if words[:2] == ["flush", "ruleset"] and beside:
            raise UnsupportedInputError(Reason(
                "{name}:{line}: 'flush ruleset' takes away what iptables made as well; give the rules as "
                "they are after it", name=script.name, line=taken[0].number))
        there = [each for form, each in found if key in form.ruleset.tables]
        for each in [each for _, each in found] if key is None else there[:1] or [found[0][1]]:
            each += taken
    return found
