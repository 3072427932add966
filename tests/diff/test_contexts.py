"""Two sites that name different contexts of one file are different sites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.parsers.cisco_asa.features.judged import TWO

FILE = "".join(TWO.replace("ASA Version 9.12(4)\n", f"ASA Version 9.12(4) <context>\nhostname {name}\n")
               + f"access-list OUT extended permit tcp any any eq {port}\n"
               "access-group OUT in interface outside\n: end\n" for name, port in (("A", 80), ("B", 443)))
SITE = """settings: {{mode: mixed}}
methods: [group-policy]
roles: {{client: [10.20.0.0/16], management-point: [10.1.1.11]}}
firewalls: [{{name: fw, config: fw.cfg, context: {context}}}]
"""


def test_the_same_file_of_another_context_is_another_firewall(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fw.cfg").write_text(FILE)
    for name in ("A", "B"):
        (tmp_path / f"{name}.yaml").write_text(SITE.format(context=name))
    assert run(["diff", str(tmp_path / "A.yaml"), str(tmp_path / "B.yaml"), "--format", "json"]) == 1
    changed = {each["requirement"]: (each["before"], each["after"])
               for each in json.loads(capsys.readouterr().out)["requirements"]}
    assert changed["CM2007-GPO-MP-HTTP"] == ("met", "missing")
