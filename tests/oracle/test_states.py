"""What the other tests take from the kernel as given: the state of a connection's first packet."""

from __future__ import annotations

from tests.oracle.probes import ESP, FLAG_CLASSES, ICMP, ICMP6, TCP, UDP
from tests.oracle.states import Kinds


def test_new_is_also_what_was_never_opened(states_of: dict[int, Kinds]) -> None:
    for family, states in states_of.items():
        new = {name for name, flags in FLAG_CLASSES.items() if states[family, TCP, flags] == "NEW"}
        assert new == {"SYN", "ACK", "PSH|ACK", "URG|ACK"}
        assert all(states[family, TCP, FLAG_CLASSES[name]] == "INVALID" for name in FLAG_CLASSES.keys() - new)
        assert states[family, UDP] == states[family, ESP] == "NEW"


def test_icmp_is_new_where_it_asks(states_of: dict[int, Kinds]) -> None:
    assert {kind for family, protocol, kind, _ in _icmp(states_of[4], "NEW")} == {8, 13, 17}
    assert {kind for family, protocol, kind, _ in _icmp(states_of[6], "NEW")} == {128}
    assert {kind for *_, kind, _ in _icmp(states_of[6], "UNTRACKED")} == {133, 135, 136, 143}


def _icmp(states: Kinds, state: str) -> list[tuple[int, ...]]:
    return [kind for kind, found in states.items() if found == state and kind[1] in (ICMP, ICMP6)]
