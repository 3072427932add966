"""Reads what nft prints, and the files that it loads."""

from __future__ import annotations

from aclproof.parsers.model.notes import State
from aclproof.parsers.netfilter import ip_output, ip_shown, terminal
from aclproof.parsers.nftables.form import NO_COMMAND, Form
from aclproof.parsers.nftables.ruleset import Ruleset
from aclproof.parsers.nftables.text import long_lines, noise, refused
from aclproof.parsers.nftables.text.commands import begins, command
from aclproof.parsers.nftables.text.editing import EditError
from aclproof.parsers.nftables.text.lexer import END, NEWLINE, GrammarError, Tokens
from aclproof.parsers.nftables.text.quoting import quotable
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.source import Source
from aclproof.parsers.text_lines import LEFT_OUT, omissions
from aclproof.reason import Reason

_NOT_ROOT = Reason("nft was refused what it needs: run it as root, and export again")


def read(source: Source) -> Form:
    """Read a text, every line accounted for."""
    kept = {each.name: each for each in source.included}
    source.included.clear()
    long_lines.break_up(source)
    source.quotable = quotable
    lines = terminal.lines(source)
    form = Form(source, Ruleset(), states=[])
    if terminal.has_prompts(source) and ip_shown.is_in(source.text):
        form.places = ip_output.Reader(lines).found
        lines = ["" if number in form.places.lines else line for number, line in enumerate(lines, 1)]
    form.ruleset.is_file = _is_file(lines)
    variables: dict[str, list[str]] = {}
    numbered = enumerate(map(noise.without_hiding, lines), 1)
    reading = Reading(form, Tokens(iter(numbered), variables.get), variables, kept=kept)
    reading.account(lines)
    for number in form.places.lines if form.places else ():
        form.states[number - 1] = State.UNDERSTOOD
    for number, line in enumerate(lines, 1):
        if noise.swallows(line):
            form.unread(number, Reason("lines were joined here: what stands beside a handle was in another "
                                       "line; export it again"))
    for number in omissions(source.text):
        form.unread(number, LEFT_OUT)
    while _piece(reading):
        pass
    if form.ruleset.is_file:
        refused.mark(form)
    return form


def _is_file(lines: list[str]) -> bool:
    """Whether comments show that people wrote it: nft prints none but its warnings."""
    comments = (line for line in lines[:2000] if line.lstrip()[:1] == "#")
    return any(not noise.command(line) and not noise.hides_a_rule(line)
               and not line.lstrip().startswith(("# Warning:", "# xt", "# handle")) for line in comments)


def _piece(reading: Reading) -> bool:
    """Read one command or one line around them; False after the last."""
    tokens, form = reading.tokens, reading.form
    if tokens.at == 0 and _around(reading):
        tokens.load()
        return True
    word = tokens.word
    if word == END:
        return False
    if word == NEWLINE:
        tokens.load()
        return True
    if word == ";" or word[:1] == "#":
        tokens.at += 1
        return True
    line = tokens.line
    try:
        if not begins(word):
            text = tokens.text
            form.source.hide(line)  # its words may be anybody's
            raise GrammarError(_NOT_ROOT if noise.is_refusal(text) else NO_COMMAND)
        command(reading)
        if not tokens.ended():
            raise GrammarError(Reason("'{word}' is not known here", word=tokens.word))
    except (GrammarError, EditError) as error:
        form.unread(line, str(error))
        tokens.rest()
        if tokens.word == "}":
            tokens.at += 1
    return True


def _around(reading: Reading) -> bool:
    """Account for a line that is no part of the rules."""
    form, tokens = reading.form, reading.tokens
    text = tokens.text
    if noise.tells_of_more(text):
        form.unread(tokens.line, Reason("nft warns that something is not shown"))
        return True
    asked = noise.command(text)
    if asked is None:
        if noise.is_prompt(text):
            form.states[tokens.line - 1] = State.IGNORED
            return True
        return False
    form.states[tokens.line - 1] = State.IGNORED
    form.ruleset.is_file = False
    form.listed = form.listed or asked in ("list ruleset", "list tables")
    return True
