"""Laws on the bundled sites: ends of lines mean nothing, nonsense proves nothing, facts only decide."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aclproof.linter.errors import user_errors
from aclproof.linter.program import check
from aclproof.linter.site.site import Site
from aclproof.rules.strict_yaml import InputError
from tests.laws.judged import Picture, less_known, none_new, picture, reread, same, with_facts
from tests.laws.noise import noisy, with_nonsense
from tests.scale import scaled
from tests.test_sites import AS_OF, NAMES, SITES, expected, result_of, site_of

some = settings(max_examples=scaled(15, 60, 5_000))
any_site = given(name=st.sampled_from(NAMES), seed=st.integers(0, 2**32 - 1))
OPEN = [each for each in NAMES if expected(each).get("undecided")]
_BINARY = b"\0"


def changed(name: str, seed: int, change: Callable[[bytes, Random], bytes]) -> Picture | None:
    """What is proven of a site with changed configurations; None where they are refused."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(SITES / name, Path(folder) / name))
        for file in configurations(reread(copy)):
            text = file.read_bytes()
            if _BINARY not in text:
                file.write_bytes(change(text, random))
        try:
            return picture(check(reread(copy), AS_OF))
        except user_errors():
            return None


def configurations(site: Site) -> list[Path]:
    return sorted({Path(file) for place in site.firewalls for file in place.configs})


@some
@any_site
def test_ends_of_lines_and_blank_ones_say_nothing(name: str, seed: int) -> None:
    after = changed(name, seed, noisy)
    assert after is not None
    assert same(picture(result_of(name)), after) == []


@some
@any_site
def test_a_line_that_nobody_can_read_proves_nothing(name: str, seed: int) -> None:
    """A wrong header in an ASA's file may take lines below from what they were in: nothing becomes met."""
    after = changed(name, seed, with_nonsense)
    assume(after is not None)
    assert after is not None
    law = none_new if _has_asa(name) else less_known
    assert law(picture(result_of(name)), after) == []


def _has_asa(name: str) -> bool:
    return any(each.vendor == "cisco-asa" for each in result_of(name).inputs)


@pytest.mark.parametrize(("name", "before"), [
    ("linux-connection-marks", b"-A classify -j CONNMARK --save"), ("nat-linux-snat-branch", b"*nat"),
    ("linux-dnat", b"-A PREROUTING -d 198.51.100.11/32"), ("linux-dnat-untracked", b":INPUT ACCEPT")])
def test_a_lost_line_before_the_filter_may_have_marked_or_translated(name: str, before: bytes) -> None:
    """What a later filter drops was stopped surely, as if the line had left packets as they were."""
    after = changed(name, 0, lambda text, _: text.replace(before, b"quux 7\n" + before, 1))
    assert after is not None
    assert less_known(picture(result_of(name)), after) == []


@some
@given(name=st.sampled_from(OPEN), seed=st.integers(0, 2**32 - 1))
def test_a_fact_only_decides_what_was_open(name: str, seed: int) -> None:
    random, site, before = Random(seed), site_of(name), result_of(name)
    keys = sorted({question.key for demand in before.demands for part in demand.undecided
                   for question in part.questions if question.key and question.answers != "addresses"})
    facts = {key: random.random() < 0.5 for key in keys if random.random() < 0.5}
    try:
        after = picture(check(with_facts(site, facts), AS_OF))
    except InputError:  # it contradicts the configuration
        return
    assert less_known(after, picture(before)) == []
