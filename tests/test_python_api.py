"""The package as a library: docs/python-api.md is run as it is."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import aclproof

ROOT = Path(__file__).parents[1]
BRANCH = ROOT / "fixtures" / "sites" / "branch"
API = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")


def python(*arguments: str, cwd: Path = ROOT) -> str:
    """Run Python on this tree; its standard output, after making sure that it went well."""
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", API, re.DOTALL))


def test_the_example_of_the_api_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BRANCH)
    example = doctest.DocTestParser().get_doctest(blocks("pycon"), {}, "python-api.md", None, 0)
    assert len(example.examples) > 5
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_pytest_example_runs_as_it_stands(tmp_path: Path) -> None:
    shutil.copytree(BRANCH, tmp_path / "site")
    (tmp_path / "site" / "test_firewalls.py").write_text(blocks("python"), encoding="utf-8")
    shown = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_firewalls.py", cwd=tmp_path / "site")
    assert "17 passed, 1 skipped, 5 xfailed" in shown
    typed = python("-m", "mypy", "--strict", str(tmp_path / "site" / "test_firewalls.py"))
    assert typed.startswith("Success")


def test_every_public_name_is_there_and_documented() -> None:
    for name in aclproof.__all__:
        assert getattr(aclproof, name).__name__ in (name, "read")
        assert f"`{name}" in API
        assert name in dir(aclproof)
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        aclproof.chekc  # noqa: B018


def test_the_function_check_is_no_module_whatever_is_imported_first() -> None:
    for first in ("import aclproof", "import aclproof.linter.cli.check, aclproof.linter.program, "
                  "aclproof.linter.fix.search"):
        program = f"{first}; import aclproof; print(aclproof.check.__module__, callable(aclproof.check))"
        assert python("-c", program) == "aclproof.linter.program True\n"


def test_importing_the_package_imports_nothing_else() -> None:
    program = "import sys, aclproof; print([name for name in sys.modules if name.split('.')[0] in {roots}])"
    assert python("-c", program.format(roots=("aclproof", "click"))) == "['aclproof']\n"
