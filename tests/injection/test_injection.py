"""Nothing that an input says acts in any report; the figures are those of `python -m tests.injection`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import every_call
from tests.injection.attacks import ATTACKS
from tests.injection.judges import commands_in, judge
from tests.injection.subjects import SUBJECTS, inputs_of
from tests.injection.sweep import swept
from tests.scale import scaled


@pytest.mark.parametrize("first", range(scaled(1, 1, len(ATTACKS))))
@pytest.mark.parametrize("make", list(SUBJECTS)[: scaled(1, 2, len(SUBJECTS))])
def test_nothing_acts_in_any_output(
    make: str, first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    folder = tmp_path / "folder"
    folder.mkdir()
    every_call.lay(folder, inputs_of(SUBJECTS[make], first))
    held = 0
    for each in swept(folder, every_call.calls()):
        assert each.code in (0, 1, 2, 3), (each.call, each.error)
        assert each.faults == [], each.call
        held += each.held
    assert held > 50, "attacks have to come as far as the reports"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("text", "a\x1b[31mb"),
        ("text", "a\u202eb"),
        ("text", "::error::a"),
        ("text", "a ##vso[task.x]b"),
        ("text", "  iptables -A x$(touch xevil)\n"),
        ("text", "nft add rule a\nnft b;touch xevil\n"),
        ("github", "::add-mask::a"),
        ("csv", "a,b\r\n=1,2\r\n"),
        ("csv", "a,b\r\nc\r\n"),
        ("json", '{"schema": "aclproof/check/v1"}'),
        ("json", "{"),
        ("sarif", "{}"),
        ("junit", "<a/>"),
        ("html", "<p>a<xevil>"),
        ("html", '<p onxevil="1">'),
        ("html", '<a href="javascript:1">'),
        ("markdown", "a <b>c</b>"),
        ("markdown", "[a](http://b)"),
        ("markdown", "| a |\n| - |\n\n<xevil/>"),
        ("sh", "echo a;touch xevil"),
        ("sh", "echo > xevil"),
    ],
)
def test_each_judge_sees_what_acts(form: str, text: str) -> None:
    with pytest.raises(Exception, match=r"(?s).*"):
        judge(text, form)


def test_lines_for_a_shell_are_found() -> None:
    assert commands_in("Fix\n  iptables -A a\n  | sudo ip6tables -S\nor not iptables\n") == (
        "iptables -A a\nsudo ip6tables -S"
    )


def test_every_attack_is_told_from_what_the_program_says() -> None:
    assert all("xe" in each for each in ATTACKS)
