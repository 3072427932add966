"""The comparison: what it must notice, each by one change of a configuration that is otherwise the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from aclproof import parsers
from aclproof.linter.anonymise import comparing
from aclproof.parsers.iptables.vocabulary import VOCABULARY
from aclproof.parsers.model.addresses import Family, pieces
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.renaming.renamer import Renamer
from tests.anonymise.planted import ASA

SALT = b"a salt that nobody keeps"
TEXT = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:kunden - [0:0]
-A INPUT -i dmz0 -s 10.77.3.0/24 -p tcp --dport 445 -j kunden
-A kunden -m set --match-set haus src -j ACCEPT
-A kunden -m conntrack --ctstate NEW -d 10.77.3.9 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 198.51.100.7 -p tcp --dport 443 -j DNAT --to-destination 10.77.3.9:8443
COMMIT
"""


def firewall(text: str, folder: Path) -> Firewall:
    path = folder / "config"
    path.write_text(text, encoding="utf-8")
    return parsers.read(str(path))


def differs(change: tuple[str, str], folder: Path) -> str:
    renamer = Renamer(SALT, VOCABULARY)
    renamer.learn([TEXT])
    image = renamer.text(TEXT, VOCABULARY)
    old, new = (renamer.words(each) for each in change)
    assert old in image
    return comparing.firewall(firewall(TEXT, folder), firewall(image.replace(old, new, 1), folder), renamer)


def test_the_image_is_the_same(tmp_path: Path) -> None:
    assert differs(("COMMIT", "COMMIT"), tmp_path) == ""


@pytest.mark.parametrize("change", [
    ("--dport 445", "--dport 446"), ("-p tcp --dport 445", "-p udp --dport 445"),
    ("10.77.3.0/24", "10.77.3.0/25"), ("10.77.3.0/24", "10.77.4.0/24"),
    ("-d 10.77.3.9 -j", "-d 10.77.3.8 -j"),
    ("-i dmz0", "-i dmz1"), ("-i dmz0", "-o dmz0"), ("haus src", "haus dst"), ("haus src", "hof src"),
    ("--ctstate NEW", "--ctstate ESTABLISHED"), ("INPUT DROP", "INPUT ACCEPT"), ("-j ACCEPT", "-j DROP"),
    ("10.77.3.9:8443", "10.77.3.9:8444"), ("10.77.3.9:8443", "10.77.3.8:8443"), ("--dport 445", "--dprt 445"),
    ("-A kunden -m set --match-set haus src -j ACCEPT\n", ""), ("*filter\n", "*filter\n\n"),
    (":kunden - [0:0]\n", ":kunden - [0:0]\n:mehr - [0:0]\n")])
def test_every_change_is_noticed(change: tuple[str, str], tmp_path: Path) -> None:
    assert differs(change, tmp_path)


def test_what_holds_for_the_whole_is_noticed(tmp_path: Path) -> None:
    """Of an ASA the version says whether lists hold addresses before or after their translation."""
    renamer = Renamer(SALT, VOCABULARY)
    old, new = (firewall(ASA.replace("9.12(4)", version), tmp_path) for version in ("9.12(4)", "8.2(1)"))
    assert comparing.firewall(old, new, renamer)
    old = firewall(TEXT, tmp_path)
    for change in ({"on_host": not old.on_host}, {"whole": not old.whole}, {"stateful": frozenset({1})},
                   {"list_uses": {"a": 1}}, {"definitions": {"a": 1}}):
        assert comparing.firewall(old, structs.replace(old, **change), renamer), change


def leading(low: int, high: int, *others: Route) -> list[Route]:
    """The routes to a range, as a pool has them, and others."""
    return [*(Route(Family.V4, network, length, "aussen", 9) for network, length in pieces(
        Family.V4, [(low, high)])), *others]


def test_where_a_pool_leads_is_compared_as_a_whole(tmp_path: Path) -> None:
    """Its image is cut otherwise; but beside a route that is for as long a prefix, the cuts decide."""
    renamer, low = Renamer(SALT, VOCABULARY), 0x0A4D0301
    image = renamer.addresses
    image.keep(Family.V4, low, low + 125)
    first = image(Family.V4, low)
    plain = firewall("*filter\n:INPUT DROP [0:0]\nCOMMIT\n", tmp_path)

    def differs(old: list[Route], new: list[Route]) -> str:
        one, other = (structs.replace(plain, routes=(*each,)) for each in (old, new))
        return comparing.firewall(one, other, renamer)

    assert differs(leading(low, low + 125), leading(first, first + 125)) == ""
    assert differs(leading(low, low + 125), leading(first, first + 124))
    host = low + 1
    beside = [Route(Family.V4, at, 32, "innen", 10) for at in (host, image(Family.V4, host))]
    assert image(Family.V4, host) != first + 1
    assert differs(leading(low, low + 125, beside[0]), leading(first, first + 125, beside[1]))
