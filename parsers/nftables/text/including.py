"""`include`: files in the folder of the rule file, read as all inputs are."""

from __future__ import annotations

from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path, PurePosixPath

from aclproof.inputs import STDIN, above, closed
from aclproof.parsers import source as inputs
from aclproof.parsers.nftables.text import noise
from aclproof.parsers.nftables.text.lexer import GrammarError
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.parsers.source import STDIN_NAME, UnsupportedInputError
from aclproof.reason import Reason

_MOST = 500
"""Files that one input may include; nft goes 16 deep, so a file that includes itself ends."""


def include(reading: Reading) -> None:
    """Read the files that a pattern names, before what follows; GrammarError where one cannot be read."""
    pattern = name_here(reading.tokens)
    found = _files(reading.form.source.original.name, pattern)
    source = reading.form.source
    lines = []
    for path in found:
        if len(source.included) >= _MOST:
            raise GrammarError(Reason("more than {most} included files; is one included by itself?",
                                      most=_MOST))
        try:
            other = reading.kept.get(str(path)) or inputs.read(str(path))
        except UnsupportedInputError as error:
            raise GrammarError(Reason("the included file cannot be read: {reason}",
                                      reason=str(error))) from None
        before = source.size
        texts = other.lines()
        source.included.append(other)
        reading.account(texts)
        lines += list(enumerate(map(noise.without_hiding, texts), before + 1))
    reading.tokens.begin(iter(lines))


def _files(name: str, pattern: str) -> Sequence[Path]:
    if name in (STDIN, STDIN_NAME):
        raise GrammarError(Reason("the file {pattern} is included, and standard input has no folder; give "
                                  "the file by its name", pattern=pattern))
    if not pattern.startswith(("./", "../", "/")):
        raise GrammarError(Reason("the file {pattern} is included, which nft looks for in its include path "
                                  "(/etc, or as -I says), and not beside this file; write ./{pattern} if it "
                                  "lies beside it", pattern=pattern))
    if "\0" in pattern:  # also in a pattern, of which a system asks otherwise
        raise GrammarError(Reason("the included file cannot be read: {reason}",
                                  reason=Reason("no file has such a name")))
    folder = Path(name).parent
    wanted = pattern if not PurePosixPath(pattern).is_absolute() else _as_beside(pattern, folder)
    if not has_magic(pattern):
        return [_inside(folder / wanted, folder, pattern)]
    if not _is_there(wanted, folder):
        raise GrammarError(Reason("the files {pattern} are included, and their folder is not there; give it "
                                  "beside the file as it is on the host", pattern=pattern))
    if closed(wanted, str(folder)):
        raise GrammarError(Reason("the files {pattern} are included, and a folder of theirs cannot be looked "
                                  "into", pattern=pattern))
    return [_inside(folder / each, folder, pattern) for each in sorted(glob(wanted, root_dir=folder))]


def _as_beside(pattern: str, folder: Path) -> str:
    """Where a file of the host lies that was given in its folder: never one of this computer's own."""
    parts = PurePosixPath(pattern).parts
    for at in range(1, len(parts) - 1):
        near = str(PurePosixPath(*parts[at:]))
        if _is_there(near, folder) if has_magic(pattern) else (folder / near).is_file():
            return near
    raise GrammarError(Reason("the file {pattern} is included; give it in its folder, beside the rule file",
                              pattern=pattern))


def _is_there(pattern: str, folder: Path) -> bool:
    """Whether the folder is there that a pattern is looked for in."""
    return (folder / list(above(pattern))[-1]).is_dir()


def _inside(path: Path, folder: Path, pattern: str) -> Path:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise GrammarError(Reason("the file {pattern} is included, and lies outside of the folder of the "
                                  "rule file; only what is inside is read", pattern=pattern))
    return path
