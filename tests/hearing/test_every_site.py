"""What an ASA says of packets of every bundled site: as its configuration has it, and the opposite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.hearing.hearing import hear
from aclproof.linter.hearing.transcripts import Heard
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site.reader import read
from aclproof.linter.testimony import Transcript
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shown_by_device import PacketAnswer

DAY = date(2026, 1, 15)
SITES = Path(__file__).parents[2] / "fixtures" / "sites"
WITH_ASA = sorted(each for each in SITES.iterdir() if "ASA Version" in "".join(
    file.read_text(encoding="utf-8", errors="replace") for file in each.rglob("*") if file.is_file()))


def packets(site: Analysis) -> Iterator[tuple[str, str, bool, Packet]]:
    """Firewall, interface, whether it lets the packet pass, packet: for each line one that it decides.

    Not those of which that depends on the way out.
    """
    found: dict[tuple[str, str, Packet], set[bool]] = {}
    for name, firewall in site.asking.items():
        for _, proof, judged in site.judged_at(name) if firewall.vendor == "cisco-asa" else ():
            transit, outcome = judged.segment.transit, judged.outcome
            if proof.leg.kind == "request" and transit and transit.ingress:
                for passes, parts in ((False, outcome.denials), (True, outcome.permits)):
                    for part in parts:
                        found.setdefault((name, transit.ingress, part.boxes[0].witness()), set()).add(passes)
    for (name, ingress, packet), fates in found.items():
        if len(fates) == 1:
            yield name, ingress, True in fates, packet


def met(site: Analysis) -> set[str]:
    return {each.requirement.id for each in site.results if each.verdict is Verdict.MET}


@pytest.mark.parametrize("folder", WITH_ASA, ids=lambda each: each.name)
def test_the_same_is_confirmed_the_opposite_contradicts_and_neither_proves_more(folder: Path) -> None:
    site = analyse(read(folder / "aclproof.yaml"), DAY)
    before = met(site)
    for name, ingress, passes, packet in packets(site):
        for allowed in (True, False):
            answer = PacketAnswer(span=Span("answers.txt", 1, 1, ""), packet=packet, ingress=ingress,
                                  allowed=allowed)
            transcript = Heard(Transcript("answers.txt", name, 1), name, (("cisco-asa", answer),))
            after, said = hear(site, DAY, [transcript])
            assert said.said[0].standing == ("confirmed" if allowed is passes else "contradicted"), answer
            assert met(after) == before if allowed is passes else met(after) <= before, answer


def test_there_are_such_sites() -> None:
    assert len(WITH_ASA) > 40
