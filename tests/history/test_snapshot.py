"""The folder that stands for a commit: nothing leaves it, and what is in it is read as in a checkout."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, Tree
from dulwich.refs import HEADREF
from dulwich.repo import Repo

from aclproof import inputs
from aclproof.linter.cli import run
from aclproof.linter.history.repository import opened
from aclproof.linter.history.snapshot import Snapshot
from aclproof.linter.history.trees import Trees
from tests.history.repositories import CONFIG, SITE, Builder, git


def test_names_of_a_tree_cannot_lead_out_of_the_folder(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (temporary := tmp_path / "deep" / "tmp").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder = tmp_path / "it"
    with Repo.init(str(folder), mkdir=True) as repo:
        evil, tree, inner = Blob.from_string(b"evil"), Tree(), Tree()
        inner.add(b"evil.cfg", 0o100644, evil.id)
        for entry, mode, of in ((b"..", 0o40000, inner.id), (b".git", 0o40000, inner.id),
                                (b".GIT", 0o40000, inner.id), (b"../evil.cfg", 0o100644, evil.id),
                                (b"/tmp/aclproof-evil.cfg", 0o100644, evil.id), (b".", 0o40000, inner.id)):
            tree.add(entry, mode, of)
        parts: list[Blob | Tree | Commit] = [evil, inner, tree]
        for name, text in (("aclproof.yaml", SITE), ("fw.cfg", CONFIG)):
            parts.append(blob := Blob.from_string(text.encode()))
            tree.add(name.encode(), 0o100644, blob.id)
        commit = Commit()
        commit.tree, commit.message = tree.id, b"evil"
        commit.author = commit.committer = b"Eve <>"
        commit.author_time = commit.commit_time = 2**62
        commit.author_timezone = commit.commit_timezone = 0
        for part in (*parts, commit):
            repo.object_store.add_object(part)
        repo.refs[HEADREF] = commit.id
    before = sorted(tmp_path.rglob("*"))
    assert run(["history", str(folder / "aclproof.yaml"), "--as-of", "2026-01-15", "--format", "json"]) == 0
    assert '"date": "1970-01-01"' in capsys.readouterr().out
    assert sorted(tmp_path.rglob("*")) == before
    assert not os.path.exists("/tmp/aclproof-evil.cfg")


def test_it_changes_from_tree_to_tree_as_a_checkout_does(tmp_path: Path) -> None:
    build = Builder(tmp_path / "it")
    build.commit("one", {"a": "file", "b/c": "in a folder", "d": "-> b", "e": "modified"})
    build.commit("two", {"a": None, "a/b": "a folder now", "b/c": None, "b": "a file now", "e": "changed"})
    build.commit("three", {"d": None, "d/x/y/z": "deep", "b": "-> a"})
    build.commit("four", {"a/b": None, "d/x/y/z": None, "d": "-> e"})
    folder = build.build()
    (work := tmp_path / "work").mkdir()
    names = git(folder, "rev-list", "--reverse", "main").splitlines()
    with opened(str(folder / "e")) as repository:
        trees = Trees(repository)
        snapshot = Snapshot(str(work), repository, trees)
        for name in (*names, *reversed(names), names[2], names[0]):
            git(folder, "checkout", "--quiet", "--force", name)
            with snapshot.showing(repository.commit(name).tree):
                assert shape(work / "files") == shape(folder), name
                for each in ("a", "a/b", "b", "b/c", "d", "d/x/y/z", "e"):
                    assert content(work / "files" / each) == content(folder / each), (name, each)


def shape(folder: Path) -> list[tuple[str, str]]:
    """Every name, with what it stands for."""
    return sorted((str(each.relative_to(folder)), str(each.readlink()) if each.is_symlink() else
                   "folder" if each.is_dir() else "file")
                  for each in folder.rglob("*") if ".git" not in each.relative_to(folder).parts)


def content(path: Path) -> bytes | None:
    try:
        return inputs.read(str(path))
    except inputs.UnreadableError:
        return None
