"""What a site file leaves to be filled in is refused by these words, each place once."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run

SITE = """\
settings:
  mode: FILL-IN
roles:
  client: [10.20.0.0/24, FILL-IN]
  FILL-IN:
    - 10.1.1.11
firewalls:
  - name: gw
    config: FILL-IN
facts:
  "time-range WORK": FILL-IN
"""


def refused(command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run([command, "site.yaml"]) == 2
    return capsys.readouterr().err.splitlines()


def test_each_place_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                         capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("site.yaml").write_text(SITE)
    places = ["2: settings.mode", "4: roles.client[1]", "5: roles.FILL-IN", "9: firewalls[0].config",
              "11: facts.time-range WORK"]
    assert refused("check", capsys) == [
        f"aclproof: site.yaml:{each}: still to be filled in" for each in places]
    without = [each for each in places if "firewalls" not in each]  # no configuration is read for it
    assert refused("requirements", capsys) == [
        f"aclproof: site.yaml:{each}: still to be filled in" for each in without]
