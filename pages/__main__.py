"""`python -m pages`: write all pages."""

from __future__ import annotations

from pages import pages, stale

for file, text in pages().items():
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
for file in stale():
    file.unlink()
