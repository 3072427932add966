"""Which requirement pack it was, for programs: the same in every JSON of ours."""

from __future__ import annotations

from aclproof.rules.pack import Pack


def pack_data(pack: Pack) -> dict[str, str]:
    """Write id, version and source, of one that is not built in its file too."""
    written = {"id": pack.id, "version": pack.version, "source": pack.page.url}
    return {**written, "file": pack.origin.file, "sha256": pack.origin.sha256} if pack.origin else written


def own_pack(pack: Pack) -> dict[str, dict[str, str]]:
    """Write the same as a field `pack`, where it is not built in; else nothing."""
    return {"pack": pack_data(pack)} if pack.origin else {}
