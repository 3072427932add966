"""English of pages and messages, held against a list of common slips."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
MEANT = "iif,methode,nd,statics"
"""What looks like a slip: an interface of nft, German, neighbour discovery, the lines `static` of an ASA."""
_NOT_ENGLISH = re.compile(r"^## Auf Deutsch$.*|^```yaml$.*?^```$", re.DOTALL | re.MULTILINE)
_CATALOGUE = ROOT / "linter" / "reports" / "language" / "locale" / "de" / "LC_MESSAGES" / "aclproof.po"


def slips(folder: Path) -> str:
    """What codespell says of the files in a folder."""
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", MEANT, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_no_page_and_no_message_has_a_slip(tmp_path: Path) -> None:
    docs = [page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "de"]
    for page in [*ROOT.glob("*.md"), *docs, ROOT / "rules" / "README.md"]:
        copy = tmp_path / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_NOT_ENGLISH.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    with _CATALOGUE.open(encoding="utf-8") as file:
        messages = [each.id if isinstance(each.id, str) else "\n".join(each.id) for each in read_po(file)]
    assert len(messages) > 1000
    (tmp_path / "messages.txt").write_text("\n".join(messages), encoding="utf-8")
    assert slips(tmp_path) == ""


def test_a_slip_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("What is recieved\n", encoding="utf-8")
    assert "recieved ==> received" in slips(tmp_path)
