"""What `show` commands settle: exactly the question whose answer they print."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.addresses import AddressSet, spell_all
from aclproof.parsers.model.shown_by_device import Count, FactAnswer
from aclproof.parsers.vendor import door
from tests.parsers.cisco_asa.transcripts.logs import heard, text_of

SHOWS = text_of("shows.txt")
SETTLED = {
    "time-range WORKHOURS": "yes", "time-range NIGHT": "no", "time-range PATCHDAY": "no",
    "fqdn update.example.net": "198.51.100.20/31", "fqdn time.example.net": "2001:db8:77::5",
    "access-group inside_in in inside": "yes", "access-group everywhere in global": "yes",
    "same-security-traffic inter-interface": "yes", "same-security-traffic intra-interface": "no",
    "object-group push-targets": "10.20.0.0/16, 10.21.4.9", "object push-targets": "10.20.0.0/16, 10.21.4.9",
    "object mp01": "10.1.1.11",
    "logged in": "no", "scanning-threat shun": "no", "wccp web-cache": "no", "default route outside": "yes",
    "track 1": "yes", "track 2": "no", "vpn 192.0.2.77": "yes",
}


def settled(text: str) -> dict[str, str]:
    return {each.key: _word(each.value) for each in heard(text)
            if isinstance(each, FactAnswer) and each.complete}


def _word(value: bool | AddressSet) -> str:
    return ", ".join(spell_all(value)) if isinstance(value, AddressSet) else "yes" if value else "no"


def test_facts_of_a_session() -> None:
    assert settled(SHOWS) == SETTLED


def test_every_key_is_of_a_kind_that_is_asked() -> None:
    kinds = list(door("cisco-asa").fact_kinds())
    for key in SETTLED:
        assert any(kind.fits(key) for kind in kinds), key


def test_counters() -> None:
    assert [(each.rule, each.packets) for each in heard(SHOWS) if isinstance(each, Count)] == [
        ("access-list inside_in extended permit tcp object-group clients host 10.1.1.11 eq www", 51),
        ("access-list inside_in extended permit tcp any host 10.1.1.12 eq 8530 time-range PATCHDAY", 0),
        ("access-list inside_in extended permit tcp any host 10.1.1.13 eq 8531 time-range WORKHOURS", 9),
        ("access-list inside_in extended permit tcp any object update-server eq https", 7)]


@pytest.mark.parametrize("text", [
    "fw# show dns\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\n",
    "fw# show dns\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\n<--- More --->\nfw#\n",
    "fw# show dns\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\n<--- More --->\r    \rfw#\n",
    "fw# show dns\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\n   Addr\nfw#\n",
    "fw# show dns | include 10.1\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\nfw#\n",
    "fw# show dns\nName:    a.example\nfw#\n",
    "fw# show dns trusted-source\nName:    a.example\n   Address: 10.1.1.1      TTL 00:03:01\nfw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit tcp any object X (hitcnt=1) 0x1\n"
    "  access-list A line 1 extended permit tcp any host 10.1.1.1 (a.example) (hitcnt=1) 0x2\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any any inactive time-range T (hitcnt=0) "
    "(inactive) 0x1\nfw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any object X time-range T (inactive) 0x1\n"
    "  access-list A line 1 extended permit ip any fqdn x.example (unresolved) time-range T (inactive) 0x1\n"
    "fw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any any time-range T (hitcnt=3)\n"
    "(inactive) 0x12345678\nfw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any any time-range T (hitcnt=3)\nfw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any any time-range T (hitcnt=3) 0x1\n"
    "a message\nfw#\n",
    "fw# show access-list\naccess-list A line 1 extended permit ip any any time-range T (hitcnt=3) 0x1\n",
    "fw# show time-range\ntime-range entry: T (activ\nfw#\n",
    "fw# show run same-security-traffic\nERROR: % Invalid input detected at '^' marker.\nfw#\n",
    "fw# show run same-security-traffic\n",
    "fw# show run same-security-traffic\nother# show clock\nother#\n",
    "fw/a# show run same-security-traffic\nfw/b# show clock\nfw/b#\n",
    "fw# show running-config access-group\naccess-group A in interface outside control-plane\nfw#\n",
    "fw# show track 1\nTrack 1\n  Response Time Reporter 1 reachability\nfw#\n",
    "fw# show vpn-sessiondb l2l\nINFO: There are presently no active sessions of the type specified\nfw#\n",
    "fw# show route\nC        10.0.0.0 255.0.0.0 is directly connected, inside\nfw#\n",
    "fw# show route vrf red\nS*       0.0.0.0 0.0.0.0 [1/0] via 203.0.113.1, outside\nfw#\n",
    f"fw# show route\nS*       0.0.0.0 0.0.0.0 [1/0] via 203.0.113.1, {'outside-':x<33}\nbackup\nfw#\n",
    "time-range entry: T (active)\n",
    "fw# show running-config object-group\nobject-group network G\n group-object H\nfw#\n",
    "fw# show running-config object-group\nobject-group network G\n network-object host 10.1.1.1\n",
    "fw# show running-config object-group\nobject-group network G\n network-object host 10.1.1\nfw#\n",
    "fw# show running-config object-group\nobject-group network G\nfw#\n",
    "fw# show running-config object-group\nobject-group service G tcp\n port-object eq 80\nfw#\n",
    "fw# show running-config object\nobject network G\n host 10.1.1.1\nERROR: timed out\nfw#\n",
    "fw# show uauth\nAuthenticated Users       1          2\nfw#\n",
    "fw# show threat-detection shun\nShunned Host List:\n(outside) src-ip=10.0.0.13 255.255.255.255\nfw#\n",
    "fw# show threat-detection shun\nfw#\n",
    "fw# show threat-detection shun\nShunned Host List:\n",
])
def test_nothing_is_settled(text: str) -> None:
    assert settled(text) == {}


def test_an_answer_that_says_both_settles_nothing() -> None:
    entry = "access-list A line {0} extended permit ip any any time-range T (hitcnt=0){1} 0x{0}\n"
    assert settled(f"fw# show access-list\n{entry.format(1, '')}{entry.format(2, '')}fw#\n") == {
        "time-range T": "yes"}
    assert settled(f"fw# show access-list\n{entry.format(1, '')}{entry.format(2, ' (inactive)')}fw#\n") == {}


def test_a_name_that_entries_resolve_in_two_ways_is_not_settled() -> None:
    """An object may take the addresses of one family only."""
    lines = "".join(f"access-list A line {line} extended permit ip any object O{line} 0x{line}\n"
                    f"  access-list A line {line} extended permit ip any host {address} (a.example) 0x1\n"
                    for line, address in ((1, "10.1.1.1"), (2, "2001:db8::1")))
    assert settled(f"fw# show access-list\n{lines}fw#\n") == {}
    first = "".join(lines.splitlines(keepends=True)[:2])
    assert settled(f"fw# show access-list\n{first}fw#\n") == {"fqdn a.example": "10.1.1.1"}


RANGE = ("fw# show time-range NIGHT\n\ntime-range entry: NIGHT (inactive)\n   periodic daily 22:00 to 5:00\n"
         "fw# \n")
CONFIGURED = "fw# configure terminal\nfw(config)# {}\nfw(config)# end\nfw# \n"


@pytest.mark.parametrize(("text", "holds"), [
    (RANGE, True),
    (RANGE + CONFIGURED.format("time-range NIGHT"), False),
    (RANGE + CONFIGURED.format("no access-list A line 1"), False),
    (CONFIGURED.format("time-range NIGHT") + RANGE, True),
    (RANGE + CONFIGURED.format("show running-config"), True),
    (RANGE + CONFIGURED.format("time-range NIGHT").replace("fw", "other"), True),
    (RANGE + "fw# shun 10.1.1.10\nfw# \n", False),
    (RANGE + CONFIGURED.format("time-range NIGHT") + RANGE, True)])
def test_what_was_shown_before_a_change_settles_nothing(text: str, holds: bool) -> None:
    assert ("time-range NIGHT" in settled(text)) is holds
