"""Each kind of question with a command is settled by its answer, or docs/evidence-sources.md says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.hearing.hearing import hear
from aclproof.linter.hearing.transcripts import read as read_transcripts
from aclproof.linter.probing.probing import commands_in
from aclproof.linter.program import analyse
from aclproof.linter.site.own_facts import FACT_KINDS
from aclproof.linter.site.reader import read
from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.vendor import doors
from tests.hearing import settling
from tests.hearing.settling import Asked

DAY = date(2026, 11, 30)
ROOT = Path(__file__).parents[2]
SITES = sorted((ROOT / "fixtures" / "sites").glob("*/aclproof.yaml"))
SITE = """pack: configmgr-2007
settings: {mode: mixed, client-os: windows-xp, schema-published: true}
methods: [client-push, software-distribution]
roles: {client: [198.51.100.0/24], management-point: [10.30.0.10], site-server: [10.30.0.20],
        distribution-point: [10.30.0.10]}
firewalls:
  - name: edge
    config: fw.cfg
"""
INTERFACES = ("    interfaces: {client: outside, management-point: dmz, site-server: dmz, "
              "distribution-point: dmz}\n")
TABLES = (("edge-1#", SITE + INTERFACES, settling.ASA, settling.OF_ASA),
          ("ops@edge:~$", SITE, settling.IPTABLES, settling.OF_IPTABLES),
          ("ops@edge:~$", SITE.replace("fw.cfg", "[fw.cfg, places.txt]"), settling.IPTABLES,
           settling.OF_ROUTES),
          ("ops@edge:~$", SITE.replace("fw.cfg", "[fw.cfg, places.txt]").replace(
              "198.51.100.0/24", "2001:db8:1::/64").replace("10.30.0.", "2001:db8:3::"),
           settling.IP6TABLES, settling.OF_ROUTES_6),
          ("ops@edge:~$", SITE, settling.NFTABLES, settling.OF_NFTABLES),
          ("ops@edge:~$", SITE, settling.BRIDGES, settling.OF_BRIDGES))
CASES = [pytest.param(prompt, site, config, asked, id=name)
         for prompt, site, config, table in TABLES for name, asked in table.items()]
ROW = re.compile(r"\| `([^`]+)` \| .+ \|")


@pytest.mark.parametrize(("prompt", "site", "config", "asked"), CASES)
def test_the_answer_of_a_device_settles_its_question(prompt: str, site: str, config: str, asked: Asked,
                                                     tmp_path: Path) -> None:
    (tmp_path / "aclproof.yaml").write_text(site)
    (tmp_path / "fw.cfg").write_text(config.format(asked.lines))
    (tmp_path / "places.txt").write_text(settling.PLACES)
    (tmp_path / "answers.log").write_text(f"{prompt} {asked.printed}{prompt} \n")
    before = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    assert asked.key in before.facts.looked_up
    after, testimony = hear(before, DAY, list(read_transcripts([(str(tmp_path / "answers.log"), "")])))
    settled = [each for each in testimony.of("settled") if each.answer.key == asked.key]  # type: ignore[union-attr]
    assert [each.firewall for each in settled] == ["edge"]
    assert asked.key in after.known.facts
    assert not {question.key for result in after.results for part in result.undecided
                for question in part.questions} & {asked.key}


def kinds() -> Iterator[FactKind]:
    """All that may be asked and has a command that `probe` prints."""
    every = {kind.form: kind for _, room in doors() for kind in room.fact_kinds()}
    every |= {kind.form: kind for kind in FACT_KINDS}
    return (kind for kind in every.values() if commands_in(kind.find_out))


def unanswerable() -> set[str]:
    """What docs/evidence-sources.md says no answer settles."""
    text = (ROOT / "docs" / "evidence-sources.md").read_text(encoding="utf-8")
    part = text[text.index("## Questions that no answer settles"):]
    return {found[1] for line in part.splitlines() if (found := ROW.fullmatch(line))}


def test_every_kind_with_a_command_has_an_answer_or_a_reason() -> None:
    keys = [asked.key for *_, table in TABLES for asked in table.values()]
    answered = {kind.shown for kind in kinds() if any(kind.fits(key) for key in keys)}
    shown = {kind.shown for kind in kinds()}
    assert unanswerable() | answered >= shown, sorted(shown - answered - unanswerable())
    assert unanswerable() <= shown, sorted(unanswerable() - shown)


@pytest.mark.parametrize("file", SITES, ids=lambda each: each.parent.name)
def test_what_is_asked_with_a_command_is_of_such_a_kind(file: Path) -> None:
    """A question may name another command than its kind does."""
    known = list(kinds())
    for result in analyse(read(file), DAY).results:
        for part in result.undecided:
            for question in part.questions:
                if question.key and commands_in(question.find_out):
                    assert any(kind.fits(question.key) for kind in known), question.key
