"""`nft -t` leaves the elements of sets out, and says nowhere that it did."""

from __future__ import annotations

from aclproof.parsers.nftables.form import Form
from aclproof.reason import Reason


def doubt(form: Form) -> None:
    """Take sets without elements for sets that are not shown, where no set of a list shows any.

    A file of commands holds what it holds; a command line without `-t` before the list says that it is whole.
    """
    sets = [each for table in form.ruleset.tables.values() for each in table.sets.values()]
    if form.ruleset.is_file or form.elements_asked or any(each.elements for each in sets):
        return
    for each in sets:
        each.whole = False
        form.approximated(each.line, Reason(
            "whether the set {name} has elements: no set of this list shows any, as 'nft -t' prints it; give "
            "the output with the command line before it, without -t", name=each.name))
