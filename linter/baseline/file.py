"""The file of a baseline, `aclproof/baseline/v1`: what is known of any number of sites, sorted.

linter/schemas/baseline-v1.schema.json describes it. The same gaps and lines give the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from aclproof import inputs
from aclproof.linter.baseline import packets_text
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.gap import Gap, Gaps, Key, Known, Proven, Seen
from aclproof.linter.harmless import as_json, json_text
from aclproof.linter.site.identity import place_of
from aclproof.linter.verdict.fingerprint import name_of, name_of_line
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

SCHEMA = "aclproof/baseline/v1"

Baseline: TypeAlias = Mapping[str, Known]
"""By site file, as seen from the folder of the baseline; a site without any gap has none, and is in it."""


class _Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fingerprint: str
    requirement: str
    firewall: str | None
    leg: str
    verdict: Proven
    packets: tuple[str, ...]
    sent: tuple[str, ...] = ()


class _Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fingerprint: str
    check: str
    firewall: str
    line: str
    number: int = 1
    surplus: tuple[str, ...] = ()
    perhaps: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    sites: dict[str, tuple[_Gap, ...]]
    named: dict[str, tuple[_Seen, ...]] = {}


class _Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    gaps: tuple[_Gap, ...]
    named: tuple[_Seen, ...]


class _DamagedError(ValueError):
    """What is wrong in the file, in words for the user."""


def read(file: str) -> Baseline:
    """Read a baseline; InputError for one that is damaged, or of another version."""
    return parsed(content(file), file)


def content(file: str) -> bytes:
    """Return what is in the file; InputError where it cannot be read."""
    try:
        return inputs.read(file)
    except inputs.UnreadableError as error:
        raise _problem(file, str(error)) from None


def parsed(whole: bytes, file: str) -> Baseline:
    """Read the content of a file; errors as `read`."""
    try:
        data = json.loads(whole.decode("utf-8"), object_pairs_hook=_once)
    except _DamagedError as error:
        raise _damaged(file, str(error)) from None
    except json.JSONDecodeError as error:
        raise _damaged(file, Reason("it is no JSON"), error.lineno) from None
    except (ValueError, RecursionError):  # no UTF-8, a number of a million digits
        raise _damaged(file, Reason("it is no JSON")) from None
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise _problem(file, _other(schema))
    try:
        return _known(msgspec.convert(data, _File))
    except UnicodeEncodeError:  # half of a character
        raise _damaged(file, Reason("it is no JSON")) from None
    except msgspec.ValidationError as error:
        raise _damaged(file, str(error)) from None
    except _DamagedError as error:
        raise _damaged(file, str(error)) from None


def write(baseline: Baseline) -> str:
    """Write a baseline."""
    named = {site: [_written_line(each) for each in sorted(known.seen, key=lambda each: each.key)]
             for site, known in sorted(baseline.items()) if known.seen}
    return as_json({"schema": SCHEMA, "sites": {
        site: [_written(each) for each in sorted(known.gaps, key=lambda each: each.key)]
        for site, known in sorted(baseline.items())}, **({"named": named} if named else {})})


def write_known(known: Known) -> str:
    """Write what is known of one site on one line, for `read_known`."""
    return json_text({"gaps": list(map(_written, known.gaps)), "named": list(map(_written_line, known.seen))})


def read_known(text: str) -> Known:
    """Read what `write_known` wrote."""
    read = msgspec.convert(json.loads(text), _Site)
    return Known(_gaps("", read.gaps), _lines("", read.named))


def site_name(site_file: str, baseline_file: str) -> str:
    """Return how a baseline names a site file: as seen from its own folder, with `/`."""
    folder = os.path.dirname(os.path.realpath(baseline_file))
    site = place_of(site_file)
    try:
        return _as_text(Path(os.path.relpath(site, folder)).as_posix())
    except ValueError:  # on another drive of Windows
        return _as_text(Path(site).as_posix())


def _as_text(name: str) -> str:
    """A name that is no text, with bytes as escapes, and with a beginning that no other one has."""
    if name.isascii() or all(each < "\ud800" or each > "\udfff" for each in name):
        return name
    return f"./{name.replace(chr(92), chr(92) * 2).encode('utf-8', 'backslashreplace').decode()}"


def fingerprint(gap: Gap) -> str:
    """Name a gap by what it is about; packets and lines may change."""
    return _name(gap.key)


def _name(key: Key) -> str:
    return name_of("gap", *key)


def _written(gap: Gap) -> dict[str, Any]:
    return {"fingerprint": fingerprint(gap), "requirement": gap.requirement, "firewall": gap.firewall or None,
            "leg": gap.leg, "verdict": gap.verdict, "packets": list(map(packets_text.write, gap.boxes)),
            **({"sent": list(map(packets_text.write, gap.sent))} if gap.sent else {})}


def _written_line(seen: Seen) -> dict[str, Any]:
    check, firewall, line, number = seen.key
    return {"fingerprint": name_of_line(seen.key), "check": check, "firewall": firewall, "line": line,
            **({"number": number} if number > 1 else {}),
            **({"surplus": list(map(packets_text.write, seen.surplus))} if seen.surplus else {}),
            **({"perhaps": True} if seen.perhaps else {})}


def _known(file: _File) -> Baseline:
    for site in file.named.keys() - file.sites.keys():
        raise _DamagedError(Reason("{site} is not among its sites", site=site))
    return {site: Known(_gaps(site, gaps), _lines(site, file.named.get(site, ())))
            for site, gaps in file.sites.items()}


def _gaps(site: str, written: Sequence[_Gap]) -> Gaps:
    gaps = tuple(sorted((_gap(each) for each in written), key=lambda each: each.key))
    if len({each.key for each in gaps}) < len(gaps):
        raise _DamagedError(Reason("{site} has a gap twice", site=site))
    return gaps


def _lines(site: str, written: Sequence[_Seen]) -> tuple[Seen, ...]:
    lines = tuple(sorted(map(_line, written), key=lambda each: each.key))
    if len({each.key for each in lines}) < len(lines):
        raise _DamagedError(Reason("{site} has a line twice", site=site))
    return lines


def _line(each: _Seen) -> Seen:
    seen = Seen((each.check, each.firewall, each.line, each.number), _boxes(each.fingerprint, each.surplus),
                each.perhaps)
    if name_of_line(seen.key) != each.fingerprint:
        raise _DamagedError(Reason("the line {fingerprint} was changed by hand",
                                   fingerprint=each.fingerprint))
    return seen


def _gap(each: _Gap) -> Gap:
    boxes, sent = (_boxes(each.fingerprint, texts) for texts in (each.packets, each.sent))
    gap = Gap(each.requirement, each.firewall or "", each.leg, each.verdict, boxes, sent)
    if not gap.boxes or fingerprint(gap) != each.fingerprint:
        raise _DamagedError(Reason("the gap {fingerprint} was changed by hand", fingerprint=each.fingerprint))
    return gap


def _boxes(of: str, texts: Sequence[str]) -> tuple[Box, ...]:
    """The packets of a gap or a line, by its fingerprint."""
    return canonical(_box(of, each) for each in texts)


def _box(of: str, text: str) -> Box:
    try:
        return packets_text.read(text)
    except ValueError:
        raise _DamagedError(Reason("{fingerprint} has packets that cannot be read: {text}",
                                   fingerprint=of, text=text)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DamagedError(Reason("{key} is there twice", key=key))
        found[key] = value
    return found


def _other(schema: object) -> Reason:
    if isinstance(schema, str) and schema.startswith("aclproof/"):
        return Reason("this is {schema}, and what can be read here is {known}", schema=schema,
                      known=SCHEMA)
    return Reason("this is no baseline: its field 'schema' is not {known}", known=SCHEMA)


def _damaged(file: str, what: str, line: int = 0) -> InputError:
    return _problem(file, Reason("this is no baseline, or a damaged one: {what}", what=what), line)


def _problem(file: str, message: str, line: int = 0) -> InputError:
    return InputError(Problem(file, line, "", message))
