"""What README's 'Use it' shows is what the program does: commands are run, what they print is compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shipping import console

BRANCH = console.ROOT / "fixtures" / "sites" / "branch"


def test_the_first_steps_are_as_printed(tmp_path: Path) -> None:
    if console.MISSING:
        pytest.skip(f"not installed: {', '.join(console.MISSING)}")
    readme = (console.ROOT / "README.md").read_text(encoding="utf-8")
    part = readme.partition("## Use it")[2].partition("Without a site file:")[0]
    here = tmp_path / "here"
    here.mkdir()
    (here / "branch-asa.cfg").write_bytes((BRANCH / "branch-asa.cfg").read_bytes())
    console.follow(here, console.steps_in(part, console.ROOT))
    site = (here / "aclproof.yaml").read_text(encoding="utf-8").splitlines()
    excerpt = re.search(r"```yaml\n(settings:.*?)```", readme, re.DOTALL)
    assert excerpt
    for line in excerpt[1].splitlines():
        assert line in site
