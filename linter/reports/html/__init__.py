"""The audit report: one HTML file that needs no script, no network and no other file to be read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from aclproof.linter import harmless
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.html import diagrams, order
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.reports.writing import (
    about,
    conditions,
    judged_again,
    long_paths,
    observed,
    said,
    told_once,
    wording,
)
from aclproof.linter.reports.writing.alike import by_question
from aclproof.linter.result import Result
from aclproof.linter.site.site import DEFAULT_FILE, name_of
from aclproof.linter.verdict.causes import if_usual
from aclproof.linter.verdict.severity import warnings
from aclproof.parsers.model.addresses import spell_all
from aclproof.rules.pack import Pack, Text

if TYPE_CHECKING:
    from aclproof.linter.reports.history.past import Past

_MOST_CHARACTERS = 5000
"""Of one text: more of it nobody reads, and a page of such texts is too big."""
_MOST_CAUSES = 20
"""So many lines that stop packets, and so many questions, are written out."""


def render(result: Result, language: Language = "en", *, start: str = "", past: Past | None = None) -> str:
    """Write the report, with a link to a start page if there is one; the same result gives the same bytes.

    With the `past` of the site it has a section about that.
    """
    words = Words(language)
    as_json = json_v1.render(result, past.document if past else None)
    titles, unmet = _titles(result.pack, words), order.findings(result)
    file = result.scope.site_file or ""
    return _environment(language).get_template("report.html.j2").render(
        start=start, site="" if file == DEFAULT_FILE else name_of(file), result=result, titles=titles,
        method_heading=wording.method_heading(result.pack, words),
        a_method=wording.a_method(result.pack, words), pack_file=wording.pack_file(result.pack, words),
        advice=wording.advice(result, words),
        warnings=len(warnings(result)),
        version=about.VERSION,
        past=past, json_sha256=sha256(as_json.encode("utf-8", "surrogatepass")).hexdigest(),
        said=said, judged_again=judged_again, observed=observed,
        demands=order.applicable(result), firewalls=order.firewalls(result), findings=unmet,
        stops=told_once.stops(unmet), opens=told_once.opens(unmet),
        decisive=order.decisive(result), notes=order.notes(result), makes=order.makes(result),
        diagrams=diagrams.diagrams(result, titles["role"], words))


def page(template: str, language: Language, **values: object) -> str:
    """Write a page of the portfolio (templates/portfolio); what its script is, is known to its policy."""
    environment = _environment(language)
    script = environment.get_template("portfolio/portfolio.js").render()
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return environment.get_template(f"portfolio/{template}.html.j2").render(
        script_sha256=digest, version=about.VERSION, **values)


def history_page(language: Language, **values: object) -> str:
    """Write the page of a site's history (templates/history)."""
    template = _environment(language).get_template("history/history.html.j2")
    return template.render(version=about.VERSION, **values)


@cache
def _environment(language: Language) -> Environment:
    words = Words(language)
    environment = Environment(loader=PackageLoader(__name__), autoescape=True, undefined=StrictUndefined,
                              finalize=_shown, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"_": words, "language": language, "MOST_HOPS": long_paths.MOST_HOPS,
                            "MOST_CAUSES": _MOST_CAUSES, "MOST_CHARACTERS": _MOST_CHARACTERS,
                            "facts_to_paste": partial(conditions.facts_to_paste, words=words)}
    environment.filters |= {
        "of": lambda text: _one_line(text, words), "sentence": words.sentence, "command": words.command,
        "quoted": words.quoted, "day": words.day, "reply_hint": partial(wording.reply_hint, words=words),
        "method": _title("method"), "role": _title("role"), "setting": _title("setting"),
        "flow": partial(wording.flow, words=words), "service": partial(wording.service, words=words),
        "few": partial(wording.few, words=words), "cited": partial(wording.cited, words=words),
        "condition": partial(wording.condition, words=words),
        "with_warnings": partial(wording.with_warnings, words=words),
        "lacking": partial(wording.lacking, words=words), "left_out": partial(wording.left_out, words=words),
        "left_out_as_waived": partial(wording.left_out_as_waived, words=words),
        "alike": lambda known: by_question(known, lambda each: each.question, lambda each: each.value),
        "causes_of": told_once.causes_of, "if_usual": if_usual,
        "follows": partial(conditions.follows, words=words),
        "by_verdict": long_paths.by_verdict, "hops_at": order.hops_at, "addresses": spell_all,
        "permitting_lines": wording.permitting_lines,
        "further": partial(wording.further, words=words)}
    return environment


def _titles(pack: Pack, words: Words) -> dict[str, dict[str, str]]:
    """What methods, roles and settings are called, by kind and id."""
    families = (("method", pack.methods), ("role", pack.roles), ("setting", pack.settings))
    return {kind: {each.id: _one_line(each.title, words) for each in family} for kind, family in families}


def _title(kind: str) -> Callable[[Context, str], str]:
    @pass_context
    def title(context: Context, name: str) -> str:
        return str(context["titles"][kind].get(name, name))
    return title


def _one_line(text: Text, words: Words) -> str:
    """A text of the pack, which may be broken into lines there."""
    return " ".join(words.of(text).split())


def _shown(value: object) -> object:
    """The one sink of the templates: what is invisible becomes visible here, autoescape does the rest."""
    return value if hasattr(value, "__html__") else harmless.visible(str(value))
