"""Repositories for tests, written by Git itself from what each commit is to change."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

SITE = """\
pack: configmgr-2007
methods: [client-push, group-policy]
settings: {mode: mixed, client-os: windows-xp}
roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
firewalls:
  - {name: fw, config: fw.cfg}
"""
CONFIG = """\
ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/0
 nameif dc
 security-level 50
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif branch
 security-level 100
 ip address 10.20.0.1 255.255.0.0
object-group network MPS
 network-object host 10.1.1.11
access-list DC-IN extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 445
access-list DC-IN extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 135
access-list DC-IN extended permit udp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 135
access-list DC-IN extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 range 1025 5000
access-list DC-IN extended permit icmp host 10.1.1.10 10.20.0.0 255.255.0.0 echo
access-list BRANCH-IN extended permit tcp 10.20.0.0 255.255.0.0 object-group MPS eq www
access-list BRANCH-IN extended permit icmp 10.20.0.0 255.255.0.0 host 10.1.1.10 echo-reply
access-group DC-IN in interface dc
access-group BRANCH-IN in interface branch
"""
SMB, WEB = CONFIG.splitlines()[12], CONFIG.splitlines()[17]
_DAY = 86400
_START = 1_767_225_600
"""2026-01-01."""

Files = Mapping[str, str | None]
"""What a commit changes: content by path, `-> TARGET` for a link, None to delete a file."""


class Builder:
    """Collects commits; `build` has Git make them, with the last one checked out on the branch main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.subjects: list[str] = []
        """Of the commits of main, the oldest first."""
        self._stream: list[bytes] = []
        self._marks = 0

    def commit(self, subject: str, files: Files, *, branch: str = "main", start: int | None = None,
               merge: int | None = None, author: str = "Jane Doe") -> int:
        """Add a commit, at the end of its branch or after the one of the mark `start`; returns its mark."""
        self._marks += 1
        who = f"{author} <jane@example.com> {_START + self._marks * _DAY} +0000".encode()
        message = subject.encode()
        self._stream.append(b"commit refs/heads/%b\nmark :%d\nauthor %b\ncommitter %b\ndata %d\n%b\n" % (
            branch.encode(), self._marks, who, who, len(message), message))
        if start:
            self._stream.append(b"from :%d\n" % start)
        if merge:
            self._stream.append(b"merge :%d\n" % merge)
        for path, text in files.items():
            self._stream.append(_changed(path, text))
        if branch == "main":
            self.subjects.append(subject)
        return self._marks

    def build(self) -> Path:
        """Write the repository; returns its folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        git(self.folder, "init", "--quiet", "--initial-branch=main")
        subprocess.run(["git", "fast-import", "--quiet"], cwd=self.folder, check=True,
                       input=b"".join(self._stream))
        git(self.folder, "reset", "--quiet", "--hard", "main")
        return self.folder


def _changed(path: str, text: str | None) -> bytes:
    if text is None:
        return b"D %b\n" % path.encode()
    mode, data = (b"120000", text[3:]) if text.startswith("-> ") else (b"100644", text)
    return b"M %b inline %b\ndata %d\n%b\n" % (mode, path.encode(), len(data.encode()), data.encode())


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder; returns what it prints."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True,
                          text=True).stdout.strip()
