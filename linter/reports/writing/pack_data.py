"""Which requirement packs it was, for programs: the same in every JSON of ours."""

from __future__ import annotations

from aclproof.linter.reports.writing.wording import of_pack
from aclproof.rules.pack import Pack


def packs_data(pack: Pack) -> dict[str, object]:
    """Write a field `pack`, and where it is several of them a field `packs` with each."""
    written: dict[str, object] = {"pack": pack_data(pack)}
    return {**written, "packs": [pack_data(each) for each in pack.parts]} if pack.parts else written


def pack_data(pack: Pack) -> dict[str, str]:
    """Write id, version and source, of one that is not built in its file too."""
    written = {"id": pack.id, "version": pack.version, "source": pack.page.url}
    return {**written, "file": pack.origin.file, "sha256": pack.origin.sha256} if pack.origin else written


def own_pack(pack: Pack) -> dict[str, object]:
    """Write the same as `packs_data`, where one is not built in or there are several; else nothing."""
    return packs_data(pack) if pack.parts or pack.origin else {}


def pack_field(pack: Pack, word: str) -> dict[str, str]:
    """Write as a field `pack` where a requirement or method comes from, if there are several packs."""
    name = of_pack(pack, word)
    return {"pack": name} if name else {}
