"""No secret of any input comes out of any command, whole or damaged; the figures are those of
`python -m tests.canaries`."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.parsers.source import UnsupportedInputError
from tests import every_call
from tests.canaries.asa import POSITIONS
from tests.canaries.planted import DAMAGES, SUBJECTS, TOKEN, inputs_of, numbered, planted
from tests.canaries.sweep import swept
from tests.scale import scaled


def test_every_option_and_format_is_called() -> None:
    assert every_call.without_call() == sorted(every_call.NOT_CALLED)


def test_a_leak_is_found(tmp_path: Path) -> None:
    """The comment of a rule is a part of it, and may be quoted: a token there has to be seen."""
    rule = '-A A -p tcp -m tcp --dport 445 -m comment --comment "{}" -j DROP\n'
    subject = SUBJECTS["iptables"]
    config = subject.config.replace("-A A -p tcp -m tcp --dport 445 -j DROP\n", rule).replace("@", "#")
    every_call.lay(tmp_path, every_call.Inputs(numbered(config, itertools.count())))
    leaks = [leak for each in swept(tmp_path, every_call.calls()) for leak in each.leaks]
    where = {leak.where.partition("/")[0] for leak in leaks}
    assert {leak.call.split()[0] for leak in leaks} >= {
        "check", "history", "probe", "show", "trace"}
    assert {"standard output", "out"} <= where


@pytest.mark.parametrize("damage", [*DAMAGES][:scaled(1, 1, len(DAMAGES))])
@pytest.mark.parametrize("make", SUBJECTS)
def test_no_command_lets_one_out(make: str, damage: str, tmp_path: Path,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder = tmp_path / "folder"
    folder.mkdir()
    every_call.lay(folder, inputs_of(SUBJECTS[make], damage, itertools.count()))
    for each in swept(folder, every_call.calls()):
        assert each.code in (0, 1, 2, 3), (each.call, each.error)
        assert each.leaks == [], each.call


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("make", SUBJECTS)
def test_no_line_with_one_may_be_quoted(make: str, damage: str, tmp_path: Path) -> None:
    """One place at a time, of which more than one is damaged."""
    subject, path = SUBJECTS[make], tmp_path / "fw.cfg"
    blocks = [DAMAGES[damage](each) for each in subject.positions]
    at = list(DAMAGES).index(damage)
    text = planted(subject.config, [*blocks[at:], *blocks[:at]], itertools.count())
    path.write_bytes(text.encode())
    try:
        firewall = parsers.read(str(path))
    except UnsupportedInputError:  # what is said then is looked at above
        return
    spans = map(firewall.source.span, range(1, text.count("\n") + 1))
    if make != "host":  # what `ip` prints is quoted as interfaces and routes are; see the notes
        assert [each.text for each in spans if TOKEN.search(each.text)] == []
    for known in (firewall.notes, firewall.chains, firewall.interfaces, firewall.translations):
        assert TOKEN.findall(repr(known)) == []


def test_there_are_many_positions() -> None:
    assert len(POSITIONS) == len(set(POSITIONS)) > 200
    assert all("{}" in each for subject in SUBJECTS.values() for each in subject.positions)
