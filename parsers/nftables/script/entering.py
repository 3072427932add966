"""Commands of nft carried out on what an input shows: its readers keep what they made, and go on."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.edited import Edited
from aclproof.parsers.model.notes import State
from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import walk
from aclproof.parsers.nftables.script.statements import statements, table_of
from aclproof.parsers.nftables.text import refused
from aclproof.parsers.nftables.text.commands import command
from aclproof.parsers.nftables.text.editing import EditError, UnknownHandleError
from aclproof.parsers.nftables.text.lexer import END, NEWLINE, GrammarError, Tokens
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason


def carry_out(form: Form, source: Edited) -> None:
    """Carry out the lines that a script adds after those of an input; the form is of both then.

    UnsupportedInputError for what nft would refuse, and for what is not understood.
    """
    first = form.source.size
    added = source.origins[first:]
    form.source = source
    form.states += [State.IGNORED if each.text.strip()[:1] in ("", "#") else State.UNDERSTOOD
                    for each in added]
    _mark_shown(form)
    form.entered |= {key for words, _ in statements(added) if (key := table_of(words))}
    is_file, form.ruleset.is_file = form.ruleset.is_file, True
    variables: dict[str, list[str]] = {}
    tokens = Tokens(((first + number, each.text) for number, each in enumerate(added, 1)), variables.get)
    reading = Reading(form, tokens, variables, _anonymous(form), entering=True)
    while tokens.word != END:
        if tokens.word == NEWLINE:
            tokens.load()
        elif tokens.word == ";" or tokens.word[:1] == "#":
            tokens.at += 1
        else:
            _one(reading)
    form.ruleset.is_file = is_file
    refused.mark(form, first)
    for line, reason in _not_understood(form, first):
        raise UnsupportedInputError(f"{source.place(line)}: {reason}")


def _mark_shown(form: Form) -> None:
    """Note which sets show elements: those of a script say nothing of others that may be there."""
    for table in form.ruleset.tables.values():
        for known in table.sets.values():
            if known.shown is None:
                known.shown = bool(known.elements)
                form.had_elements = form.had_elements or known.shown


def _one(reading: Reading) -> None:
    tokens, source = reading.tokens, reading.form.source
    line = tokens.line
    try:
        command(reading)
        if not tokens.ended():
            raise GrammarError(Reason("'{word}' is not known here", word=tokens.word))
    except UnknownHandleError as error:
        reason = str(error) if _has_handles(reading.form) else Reason(
            "{name} does not show the handles of its rules; give what 'nft -a list ruleset' prints",
            name=source.original.name)
        raise UnsupportedInputError(f"{source.place(line)}: {reason}") from None
    except (GrammarError, EditError) as error:
        raise UnsupportedInputError(f"{source.place(line)}: {error}") from None


def _has_handles(form: Form) -> bool:
    return any(rule.handle is not None for table in form.ruleset.tables.values()
               for chain in table.chains.values() for rule in chain.rules)


def _anonymous(form: Form) -> dict[tuple[str, str], int]:
    """How many chains without a name each table has."""
    return {key: sum(name.startswith("__chain") for name in table.chains)
            for key, table in form.ruleset.tables.items()}


def _not_understood(form: Form, first: int) -> Iterator[tuple[int, str]]:
    """Yield the lines of the script that were not read as a whole."""
    yield from ((line, reason) for line, reason in form.reasons.items()
                if line > first and form.states[line - 1] is State.UNREAD)
    for table in form.ruleset.tables.values():
        for chain in table.chains.values():
            for rule in chain.rules:
                if rule.line <= first:
                    continue
                for tree in walk(rule.statements):
                    match tree:
                        case {"unknown": str(text)}:
                            yield rule.line, Reason("'{text}' is not understood", text=text)
                        case _:
                            pass
