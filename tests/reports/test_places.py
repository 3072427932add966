"""Where files are looked for: from the root of the repository, wherever the command ran."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from aclproof.linter.cli.output import ReportOptions, plain_look
from aclproof.linter.reports.writing.file_uris import FileNames


@pytest.mark.parametrize(("here", "root", "file", "path", "uri"), [
    ("/repo", "/repo", "a/b.cfg", "a/b.cfg", "a/b.cfg"),
    ("/repo/sub", "/repo", "b.cfg", "sub/b.cfg", "sub/b.cfg"),
    ("/repo/sub", "/repo", "../b.cfg", "b.cfg", "b.cfg"),
    ("/repo", "/repo", "/repo/x.cfg", "x.cfg", "x.cfg"),
    ("/repo", "/repo", "../else/x y.cfg", "/else/x y.cfg", "file:///else/x%20y.cfg"),
    ("/repo", "/repo", "50%,ü:#?.cfg", "50%,ü:#?.cfg", "50%25%2C%C3%BC%3A%23%3F.cfg"),
    ("", "", "a b.cfg", "a b.cfg", "a%20b.cfg"),
    ("", "", "/tmp/b.cfg", "/tmp/b.cfg", "file:///tmp/b.cfg"),
    ("/repo", "/repo", "<stdin>", "<stdin>", "%3Cstdin%3E"),
])
def test_files_are_named_from_the_root(here: str, root: str, file: str, path: str, uri: str) -> None:
    places = FileNames(here, root)
    assert places.path(file) == path
    assert places.uri(file) == uri


def test_only_a_path_of_this_system_is_asked_for_its_uri(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.14 warns of `PurePath.as_uri`, and 3.19 will not have it."""
    asked: list[PurePath] = []
    kept = PurePath.as_uri

    def as_uri(path: PurePath) -> str:
        asked.append(path)
        return kept(path)

    monkeypatch.setattr(PurePath, "as_uri", as_uri)
    assert FileNames("/repo", "/repo").uri("x y") == "x%20y"
    FileNames("/repo", "/repo").uri("/else/x")
    assert asked
    assert all(isinstance(each, Path) for each in asked)


def test_the_root_is_the_repository_around_the_working_directory(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "sites" / "branch"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert plain_look(ReportOptions()).places == FileNames(str(below), str(below))
    (tmp_path / ".git").mkdir()
    assert plain_look(ReportOptions()).places == FileNames(str(below), str(tmp_path))
    assert plain_look(ReportOptions()).places.path("fw.cfg") == "sites/branch/fw.cfg"
