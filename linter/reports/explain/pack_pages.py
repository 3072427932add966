"""The pages of a pack: requirements, methods, settings and roles."""

from __future__ import annotations

from aclproof.linter.reports.explain.rows import page_rows, titled, wrapped
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import cited, condition, of_pack
from aclproof.rules.pack import Method, Pack, Ports, Requirement, Role, Setting
from aclproof.rules.ports import show

_SEVERITIES = {"error": message("error"), "warning": message("warning")}
_KINDS = {"boolean": message("boolean"), "choice": message("choice"), "port": message("port"),
          "ports": message("ports")}


def requirement(pack: Pack, one: Requirement, words: Words, width: int) -> str:
    """Write what a requirement asks for, why, and where that is said."""
    titles = {each.id: words.of(each.title) for each in pack.methods}
    rows = {
        words("Flow"): f"{one.source} -> {one.destination}  {service(one, words)}",
        words("Methods"): ", ".join(titles[each] for each in one.methods),
        words("Listens"): _own_listener(pack, one, words),
        words("Applies"): condition(one.when, words),
        words("Other port"): words("may be changed in the site's settings") if one.alternate_port
        else words("fixed"),
        words("Why"): words.of(one.why), words("To do"): words.of(one.fix),
        words("Source"): cited(one.citation, words),
        words("Note"): words.quoted(one.citation.note or ""), words("Page"): pack.part_with(one.id).page.url,
        words("Pack"): of_pack(pack, one.id),
        words("Severity"): words(_SEVERITIES[one.severity]),
        words("Tier"): words("supporting: proven with --tier supporting only") if one.tier else ""}
    return f"{one.id}\n{wrapped(words.of(one.title), width=width)}\n{page_rows(rows, width)}"


def service(one: Requirement, words: Words) -> str:
    """Write the service that a requirement asks for; a port that a setting holds as `<setting>`."""
    if one.icmp:
        return words("ICMP echo request")
    return f"{one.protocol.upper()} " + ", ".join(
        show(each.first, each.last) if isinstance(each, Ports) else f"<{each}>" for each in one.ports)


def _own_listener(pack: Pack, one: Requirement, words: Words) -> str:
    """The title of a program of the pack's own; services of Windows follow from the port."""
    return next((words.of(each.title) for each in pack.listeners
                 if one.listener and one.listener in (each.id, each.program)), "")


def setting(one: Setting, words: Words, width: int) -> str:
    """Write what a setting may be, and what it is where nobody gives it."""
    rows = {words("Values"): values(one, words),
            words("Value") if one.derived else words("Default"): default(one, words)}
    return f"{_heading(one, words, width)}\n{page_rows(rows, width)}"


def values(one: Setting, words: Words) -> str:
    """Write what a setting may be."""
    return ", ".join(one.values) or words(_KINDS[one.kind])


def default(one: Setting, words: Words) -> str:
    """Write what a setting is where nobody gives it."""
    if one.default is not None:
        return one.default if isinstance(one.default, str) else ", ".join(one.default)
    if one.default_by:
        return words("follows {setting}", setting=one.default_by.setting)
    if one.derived:
        return words("follows from {setting}", setting=one.derived.setting)
    return words("none: it is required")


def method(pack: Pack, one: Method, words: Words, width: int) -> str:
    """Write what a method needs."""
    needs = [(each.id, words.of(each.title)) for each in pack.requirements if one.id in each.methods]
    heading = words("Needs, as far as the site has it:")
    rows = page_rows({words("Usable"): condition(one.when, words)}, width) + "\n" if one.when else ""
    return f"{_heading(one, words, width)}\n{rows}{heading}\n{titled(needs, width)}"


def role(pack: Pack, one: Role, words: Words, width: int) -> str:
    """Write what a role opens and what it is opened."""
    opens = [each.id for each in pack.requirements if each.source == one.id]
    gets = [each.id for each in pack.requirements if each.destination == one.id]
    near = words("the role from which firewalls are counted") if one.id in pack.nears else ""
    rows = {words("In the site file"): words("roles: its addresses, networks or ranges"), words("Near"): near,
            words("Opens"): ", ".join(opens), words("Accepts"): ", ".join(gets)}
    return f"{_heading(one, words, width)}\n{page_rows(rows, width)}"


def _heading(one: Setting | Method | Role, words: Words, width: int) -> str:
    return wrapped(f"{words.of(one.title)} ({one.id})", width=width)
