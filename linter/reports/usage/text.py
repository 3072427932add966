"""What hangs on the lines of a site as text: firewall by firewall, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.terminal import Page
from aclproof.linter.reports.writing.unread_lines import unread
from aclproof.linter.result import Verdict
from aclproof.linter.usage.records import Dependent, FirewallUsage, LineUse, Share, Usage
from aclproof.parsers.model.notes import Span

_LABELS: Mapping[Share, str] = {
    "all": message("Alone"), "part": message("In part"), "none": message("Not alone"),
    "not-tried": message("Not tried")}
"""By how much of a requirement does not pass without the line."""
_NAMES, _WARNING, _WHY = message("Names"), message("Warning"), message("Why not")
_VERDICTS = {Verdict.MISSING: message("missing"), Verdict.UNDECIDED: message("undecided")}
_MOST_UNTRIED = 10


def render(found: Usage, look: Look) -> str:
    """Write what hangs on each line; the lines on which nothing does are counted, and listed when verbose."""
    return _Text(found, look).text()


class _Text:
    def __init__(self, found: Usage, look: Look) -> None:
        self._found, self._words, self._verbose = found, Words(look.language), look.verbose
        labels = (*_LABELS.values(), _NAMES, _WARNING, _WHY)
        self._page = Page(width=look.width, colour=look.colour,
                          label_width=max(len(self._words(each)) for each in labels) + 1)

    def text(self) -> str:
        for number, each in enumerate(self._found.firewalls):
            if number:
                self._page.gap()
            self._firewall(each)
        return self._page.text()

    def _firewall(self, found: FirewallUsage) -> None:
        words, page = self._words, self._page
        rules = [each for each in found.lines if each.line.kind == "rule"]
        files = ", ".join(file.name for file in found.firewall.files)
        page.write((words.count(
            "{name} ({files}): requirements hang on {n} line of {total}",
            "{name} ({files}): requirements hang on {n} lines of {total}", len(rules), name=found.name,
            files=files, total=len(rules) + len(found.idle) + len(found.untried)), "bold"))
        for use in found.lines:
            self._use(use)
        self._others(found)

    def _use(self, use: LineUse) -> None:
        words, page = self._words, self._page
        page.gap()
        if use.line.kind == "rule":
            page.verbatim(_quoted(use.line.span), 0)
        else:
            page.write(f"{use.line.span}: {words.sentence(use.line.text)}")
        for share, label in _LABELS.items():
            some = use.of_share(share)
            if some:
                page.labelled(words(label), "; ".join(self._by_methods(some)))
        if use.not_tried:
            page.labelled(words(_WHY), words.sentence(use.not_tried))
        if use.line.names:
            page.labelled(words(_NAMES), "; ".join(_named(span, use.line.span) for span in use.line.names))
        if use.only_any_any:
            page.labelled(words(_WARNING), (words(
                "it permits everything from everywhere to everywhere, and nothing narrower permits {ids}",
                ids=", ".join(each.requirement for each in use.only_any_any)), "yellow"))

    def _by_methods(self, some: Sequence[Dependent]) -> Iterator[str]:
        """The requirements, those of the same methods and of the same verdict together."""
        groups: dict[tuple[tuple[str, ...], Verdict], list[str]] = {}
        for each in some:
            groups.setdefault((each.methods, each.verdict), []).append(each.requirement)
        for (methods, verdict), ids in groups.items():
            said = [*methods, *([self._words(_VERDICTS[verdict])] if verdict in _VERDICTS else [])]
            yield f"{', '.join(ids)} ({', '.join(said)})"

    def _others(self, found: FirewallUsage) -> None:
        words, page = self._words, self._page
        if found.idle or found.untried or not found.lines:
            page.gap()
        if found.idle:
            page.write(words.count(
                "No requirement of the site hangs on {n} other line; permits among them: {permits}.",
                "No requirement of the site hangs on {n} other lines; permits among them: {permits}.",
                len(found.idle), permits=found.idle_permits))
        for span in found.idle if self._verbose else ():
            page.verbatim(_quoted(span), 2)
        if found.untried:
            page.write(words.count(
                "Not tried, as that would take too long: {n} line that steers packets of requirements.",
                "Not tried, as that would take too long: {n} lines that steer packets of requirements.",
                len(found.untried)))
            for span in found.untried if self._verbose else found.untried[:_MOST_UNTRIED]:
                page.verbatim(_quoted(span), 2)
        if text := unread(found.firewall, words):
            page.write(text)


def _named(span: Span, user: Span) -> str:
    """A definition with its line, and with its file where that is another one than the user's."""
    return f"{span.first_line if span.file == user.file else span}: {span.text.strip()}"


def _quoted(span: Span) -> str:
    """A line as it stands: as long as it is."""
    return f"{span}: {span.text.strip()}"
