"""How the files of a result are named in a report that is read in another folder, or on another machine."""

from __future__ import annotations

import os.path

from msgspec import Struct


class FileNames(Struct, frozen=True):
    """From where files are named, and from where they are looked for; without these, names stay."""

    here: str = ""
    """The working directory, absolute: names in a result are relative to it."""
    root: str = ""
    """The folder that readers start from, absolute: that of the repository."""

    def path(self, file: str) -> str:
        """Return the name of a file as seen from the root, with `/`; absolute where it lies elsewhere."""
        from pathlib import PurePath

        if not self.root:
            return PurePath(file).as_posix()
        full = PurePath(os.path.normpath(os.path.join(self.here, file)))
        return (full.relative_to(self.root) if full.is_relative_to(self.root) else full).as_posix()

    def uri(self, file: str) -> str:
        """Return the same as a URI reference: percent-encoded, with a scheme only where it is absolute."""
        from pathlib import Path

        path, top = Path(self.path(file)), Path(os.path.abspath(os.sep))
        return path.as_uri() if path.is_absolute() else (top / path).as_uri().removeprefix(top.as_uri())
