"""Every question that a configuration raises is of a kind that can be explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.site import reader
from aclproof.parsers.model.fact_kinds import FactKind, answers_of
from aclproof.parsers.vendor import door, doors
from aclproof.reason import Reason

SITES = sorted((Path(__file__).parents[2] / "fixtures" / "sites").glob("*/aclproof.yaml"))


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.parent.name)
def test_every_key_is_of_a_kind_with_the_same_answers(path: Path) -> None:
    for place in reader.read(path).firewalls:
        firewall = parsers.read(*place.configs)
        kinds = list(door(firewall.vendor).fact_kinds())
        for key, condition in {each.key: each for _, each in firewall.conditions() if each.key}.items():
            fitting = [kind for kind in kinds if kind.fits(key)]
            assert fitting, key
            assert any(kind.answers in (answers_of(condition), "either") for kind in fitting), key


def test_a_form_fits_its_keys_and_no_others() -> None:
    kind = FactKind("access-group {list} {way} {interface}", Reason("whether"))
    assert kind.shown == "access-group LIST WAY INTERFACE"
    assert kind.fits("access-group IN in inside")
    assert kind.fits(kind.form)
    for other in ("access-group IN", "my access-group IN in inside", "access-groupxIN in inside"):
        assert not kind.fits(other)


def test_forms_are_told_apart() -> None:
    for _, vendor in doors():
        forms = [kind.form for kind in vendor.fact_kinds()]
        assert len(forms) > 10
        for kind in vendor.fact_kinds():
            assert kind.question[0].islower(), kind.form
