"""Audits of many sites: what a firewall shows alone is found once for all sites that have it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from aclproof.linter.audit import checks as module
from aclproof.linter.audit.chain_audit import audit_lists
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.observation import CHECKS, Audit, CheckId
from aclproof.linter.site import reader
from tests.fleet import farm

AUDITED = farm.ASA.replace("access-group", """access-list IN extended deny tcp any host 10.1.1.12 eq 80
access-list IN extended permit tcp host 10.20.0.5 host 10.1.1.12 eq 445
crypto map M 1 match address CRYPTO
access-list CRYPTO extended permit ip host 10.0.0.1 any
access-group""")
"""Line 13 no packet reaches, and line 14 none that would fare otherwise; another list counts each entry."""
DAY = date(2026, 1, 15)


def shared_sites(folder: Path, *names: str) -> list[Path]:
    """Sites with client networks of their own that have one configuration."""
    found = farm.sites(folder, names)
    (folder / "fw.cfg").write_text(AUDITED, encoding="utf-8")
    (folder / ".aclproof").touch()
    for each in found:
        each.write_text(each.read_text().replace("config: fw.cfg", "config: ../fw.cfg"), encoding="utf-8")
    return found


def audit_of(site: Path, shared: Shared | None, *checks: CheckId, day: date = DAY) -> Audit:
    found = result_of(reader.read(site), day, checks=checks or tuple(CHECKS), shared=shared).audit
    assert found
    return found


def test_a_firewall_of_many_sites_is_audited_once_and_what_is_needed_of_it_each_time(tmp_path: Path) -> None:
    sites = shared_sites(tmp_path, "a", "b", "c")
    alone = [audit_of(each, None) for each in sites]
    shared = Shared()
    with patch.object(module, "audit_lists", wraps=audit_lists) as audited:
        assert [audit_of(each, shared) for each in sites] == alone
        assert audited.call_count == 1
        audit_of(sites[0], shared, "covered-rule", "any-any")  # another question
        audit_of(sites[0], shared, day=date(2026, 1, 16))
        assert audited.call_count == 3
    surplus = [each.surplus for audit in alone for each in audit.found if each.check == "surplus"]
    assert len(surplus) == len({*surplus}) == 3  # each site needs SMB, for clients of its own
    assert {(each.check, each.span.first_line) for each in alone[0].found if each.check != "surplus"} == {
        ("shadowed-rule", 13), ("covered-rule", 14)}
    assert {(each.firewall, each.name) for each in alone[0].left_out} == {("fw", "CRYPTO")}


def test_another_name_and_other_bytes_are_another_firewall(tmp_path: Path) -> None:
    one, other = shared_sites(tmp_path, "a", "b")
    other.write_text(other.read_text().replace("name: fw", "name: edge"), encoding="utf-8")
    shared = Shared()
    audit_of(one, shared)
    assert {each.firewall for each in audit_of(other, shared).found} == {"edge"}
    (tmp_path / "fw.cfg").write_text(AUDITED.replace("deny tcp any host 10.1.1.12 eq 80",
                                                     "deny tcp any host 10.1.1.12 eq 81"), encoding="utf-8")
    assert "shadowed-rule" not in {each.check for each in audit_of(one, shared).found}



@pytest.mark.parametrize("moved", ["! a comment\n", "access-list IN remark moved\n"])
def test_a_fingerprint_stays_where_lines_move(tmp_path: Path, moved: str) -> None:
    site, = shared_sites(tmp_path, "a")
    before = audit_of(site, None)
    (tmp_path / "fw.cfg").write_text(AUDITED.replace("access-list IN", f"{moved}access-list IN", 1),
                                     encoding="utf-8")
    after = audit_of(site, None)
    assert [each.span.first_line for each in after.found] == [each.span.first_line + 1
                                                             for each in before.found]
    assert [each.fingerprint for each in after.found] == [each.fingerprint for each in before.found]
    assert len({each.fingerprint for each in before.found}) == len(before.found)
