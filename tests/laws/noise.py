"""What happens to files: ends of lines that no device cares about, and a line that means nothing."""

from __future__ import annotations

from random import Random


def noisy(text: bytes, random: Random) -> bytes:
    """Return a file with some of it: blank lines, blanks at the end of lines, CRLF, a byte order mark."""
    lines = text.replace(b"\r\n", b"\n").split(b"\n")
    if random.random() < 0.6:
        lines = [line + random.choice((b"", b" ", b"   ", b"\t")) for line in lines]
    if random.random() < 0.6:
        lines = [each for line in lines for each in ((line, b"") if random.random() < 0.1 else (line,))]
    end = b"\r\n" if random.random() < 0.5 else b"\n"
    mark = b"\xef\xbb\xbf" if random.random() < 0.5 else b""
    return mark + end.join(lines)


_NONSENSE = (b"quux 7", b" quux 7", b"\tquux 7", b"-A QUUX 7", b"quux {", b"}quux")


def with_nonsense(text: bytes, random: Random) -> bytes:
    """Return a file with one more line, which means nothing."""
    lines = text.split(b"\n")
    lines.insert(random.randint(0, len(lines)), random.choice(_NONSENSE))
    return b"\n".join(lines)
