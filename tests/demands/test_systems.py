"""What follows from the operating system that a site file gives for the hosts of a role."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from tests.parsers.windows.computers import allow, local


@pytest.mark.parametrize(("system", "expected"), [
    ("windows-xp", Verdict.MET), ("windows-server-2003", Verdict.MET), ("windows-7", Verdict.MISSING),
    ("windows-2000", Verdict.MISSING), ("mixed", Verdict.UNDECIDED), ("", Verdict.UNDECIDED)])
def test_the_system_of_a_host_says_which_rules_are_for_it(tmp_path: Path, system: str,
                                                          expected: Verdict) -> None:
    """A rule for `2:5:1` (XP) and `2:5:2` (2003 and XP for x64), in an export that shows no version."""
    text = local(allow("Platform=2:5:1|Platform=2:5:2|Protocol=6|LPort=445|App=System|", version="v2.10"))
    text = text.replace(f'"PolicyVersion"=dword:{0x21F:08x}\r\n', "")
    (tmp_path / "pc.reg").write_bytes(text.encode("utf-16"))
    given = f", client-os: {system}" if system else ""
    (tmp_path / "aclproof.yaml").write_text(
        f"settings: {{mode: mixed{given}}}\nmethods: [client-push]\n"
        "roles: {client: [10.20.0.5], site-server: [10.1.1.10], management-point: [10.1.1.11]}\n"
        "firewalls:\n  - {name: pc, config: pc.reg, host: client, profile: domain}\n")
    found = check(reader.read(tmp_path / "aclproof.yaml"))
    assert next(each for each in found.demands
                if each.requirement.id == "CM2007-PUSH-SMB").verdict is expected
