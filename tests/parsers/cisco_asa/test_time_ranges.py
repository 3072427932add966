"""`time-range`: its first and last day decide, a later `absolute` replaces one, `no` takes lines away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.program import check
from aclproof.linter.site import reader
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.ternary import Ternary, settle
from aclproof.rules.strict_yaml import InputError
from tests.parsers.cisco_asa.asa import packet, read

TODAY = date(2026, 6, 15)
PAST, FUTURE = "08:00 01 January 2020", "08:00 01 January 2030"
YES, NO, ASKED = "permit", "deny", "undecided"


@pytest.mark.parametrize(("lines", "verdict"), [
    ([], ASKED), (["periodic weekdays 8:00 to 17:00"], ASKED),
    ([f"absolute end {PAST}"], NO), ([f"absolute end {FUTURE}"], ASKED),
    ([f"absolute start {PAST}"], YES), ([f"absolute start {FUTURE}"], NO),
    ([f"absolute start {PAST} end {FUTURE}"], ASKED), ([f"absolute start {PAST} end {PAST}"], NO),
    (["absolute start 08:00 15 June 2026"], ASKED), (["absolute end 08:00 15 June 2026"], ASKED),
    (["absolute start 08:00 15 Sommer 2020"], ASKED), (["absolute start 08:00"], ASKED),
    (["absolute end 08:00 15 June x"], ASKED), (["absolute end 08:00 x June 2020"], ASKED),
    ([f"absolute start {PAST} en {PAST}"], ASKED), ([f"absolute start {PAST} x"], ASKED),
    # periodic lines count after the start and before the end only
    ([f"absolute start {PAST}", "periodic weekdays 8:00 to 17:00"], ASKED),
    ([f"absolute start {FUTURE}", "periodic weekdays 8:00 to 17:00"], NO),
    ([f"absolute end {PAST}", "periodic weekdays 8:00 to 17:00"], NO),
    ([f"absolute end {PAST}", "no absolute"], ASKED),
    ([f"absolute end {PAST}", f"no absolute end {PAST}"], ASKED),
    ([f"absolute end {PAST}", f"absolute start {PAST}"], YES),
    ([f"absolute end {PAST}", "time-range T", f"absolute start {PAST}"], YES),
    ([f"absolute start {PAST}", "periodic daily 8:00 to 17:00", "no periodic daily 8:00 to 17:00"], YES),
    ([f"absolute start {PAST}", "periodic daily 8:00 to 17:00", "no periodic daily 9:00 to 17:00"], ASKED),
    ([f"absolute start {FUTURE}", "no absolute"], ASKED)])
def test_its_days_decide_where_they_can(lines: list[str], verdict: str) -> None:
    body = "".join(f"{'' if each.startswith('time-range') else ' '}{each}\n" for each in lines)
    firewall = read("ASA Version 9.1\naccess-list A permit tcp any any time-range T\n"
                    f"time-range T\n{body}")
    one, today = packet("1.1.1.1", "2.2.2.2", "tcp", 443), Context(as_of=TODAY)
    assert trace_packet(parsers.through(firewall, "A"), firewall.chains, one, today).verdict == verdict
    condition = firewall.chains["A"].rules[0].conditions[0]
    assert settle(condition, today) is {YES: Ternary.YES, NO: Ternary.NO, ASKED: Ternary.UNKNOWN}[verdict]
    assert settle(condition, Context()) is Ternary.UNKNOWN


@pytest.mark.parametrize(("line", "fact", "why"), [
    (f"absolute start {FUTURE}", "active", "cannot be active: .* starts on 2030-01-01, after 2026-06-15"),
    (f"absolute end {PAST}", "active", "cannot be active: .* ended on 2020-01-01, before 2026-06-15"),
    (f"absolute start {PAST}", "inactive", "cannot be inactive: .* started on 2020-01-01, before 2026-")])
def test_a_fact_that_its_days_contradict_is_refused(tmp_path: Path, line: str, fact: str, why: str) -> None:
    (tmp_path / "fw.cfg").write_text("ASA Version 9.1\naccess-list A permit tcp any any time-range T\n"
                                     f"time-range T\n {line}\n")
    site = tmp_path / "aclproof.yaml"
    site.write_text("settings: {mode: mixed}\nmethods: [group-policy]\n"
                    "roles: {client: [10.1.7.0/24], management-point: [10.2.0.5]}\n"
                    "firewalls: [{name: fw, config: fw.cfg, acl: {client: A}}]\n"
                    f'facts: {{"time-range T": {fact}}}\n')
    with pytest.raises(InputError, match=why):
        check(reader.read(site), TODAY)
