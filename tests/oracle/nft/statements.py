"""Random rules of nftables: what they test, change and decide, in this order or another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.oracle.constants import Constants
from tests.oracle.nft import expressions, sets
from tests.oracle.nft.expressions import Scope
from tests.oracle.plan import write

_MASKS = (0x1, 0x3, 0x6, 0xFFFFFFFE, 0xFFFFFFFF)


def rule(scope: Scope, *, effects: bool = True) -> str:
    """Draw a rule of a chain that filters; each counts."""
    constants = scope.constants
    tests = expressions.several(scope, constants.rng.choice((0, 1, 1, 1, 1, 2, 2)))
    if constants.chance(0.15) and scope.header != expressions.STRANGE:
        return _comment(scope, [*tests, *_by_map(scope, tests)])
    end = _rejection(scope, tests, _end(scope))
    if effects and constants.chance(0.25):
        change = _change(scope)
        if constants.chance(0.3) and tests:  # what stands before a test that fails is done
            return _comment(scope, [*tests[:-1], change, tests[-1], "counter", end])
        return _comment(scope, [*tests, "counter", change, end if constants.chance(0.3) else ""])
    if not tests and end and not end.startswith("jump") and constants.chance(0.8):
        end = ""  # a verdict for everything would hide the rest of the chain
    if len(tests) < 2 and end.startswith(("drop", "reject")) and constants.chance(0.5):
        end = ""
    return _comment(scope, [*tests, "counter", end])


def _comment(scope: Scope, words: Sequence[str]) -> str:
    text = " ".join(filter(None, words))
    return f'{text} comment "tcp dport 22 drop"' if scope.constants.chance(0.05) else text


def _end(scope: Scope) -> str:
    choices: list[tuple[int, str]] = [(26, "accept"), (13, "drop"), (6, "return"), (3, "continue"), (10, ""),
                                      (3, 'log prefix "drop "'), (6, "reject")]
    choices += [(14, f"jump {each}") for each in scope.callees]
    choices += [(7, f"goto {each}") for each in scope.callees]
    return _drawn(scope.constants, choices)


def _rejection(scope: Scope, tests: Sequence[str], end: str) -> str:
    """Say how to reject, where that may be; elsewhere drop."""
    if end != "reject":
        return end
    if scope.hook in ("postrouting", ""):
        return "drop"
    constants = scope.constants
    if tests and tests[-1].startswith("tcp ") and constants.chance(0.4):
        return "reject with tcp reset"
    kinds = ["reject", "reject with icmpx admin-prohibited", "reject with icmpx port-unreachable"]
    if scope.family != "inet":
        kinds = ["reject", "reject with icmp host-prohibited" if constants.family == 4
                 else "reject with icmpv6 admin-prohibited"]
    return constants.rng.choice(kinds)


def _by_map(scope: Scope, tests: Sequence[str]) -> list[str]:
    """Look up a verdict; what is not in the map leaves the rule, and what may continue goes on in it."""
    constants = scope.constants
    says_protocol = any(re.search("proto|nexthdr", each) for each in tests)
    if not scope.header and not says_protocol and constants.chance(0.5):
        scope.header = constants.rng.choice(("tcp", "udp", "icmp"))
    keys = (*sets.KEYS, ("state",), ("direction",), ("nfproto",), ("flags",), ("fibd",))
    names = constants.rng.choice([each for each in keys if set(each) <= scope.fields.keys()])
    known = scope.known(scope.maps)
    if known and constants.chance(0.6):
        name = constants.rng.choice(known)
        names, looked_up = scope.maps[name], f"@{name}"
    else:
        looked_up = _anonymous(scope, names)
    key = " . ".join(scope.fields[each].word for each in names)
    after = constants.rng.choice(("", "", "counter drop", "counter accept", "counter"))
    return ["counter", f"{key} vmap {looked_up}", after]


def _anonymous(scope: Scope, names: Sequence[str]) -> str:
    constants = scope.constants
    keys = expressions.drawn_elements(constants, [scope.fields[each] for each in names],
                                      constants.rng.randint(1, 5))
    elements = [f"{key} : {sets.verdict(scope)}" for key in keys]
    if constants.chance(0.25):
        elements.append(f"* : {sets.verdict(scope)}")
    return f"{{ {', '.join(elements)} }}"


def _change(scope: Scope) -> str:
    """Draw what changes a mark, or how the packet is tracked."""
    constants = scope.constants
    if scope.hook in ("prerouting", "output") and constants.chance(0.35):
        return "notrack"
    which, other = constants.rng.choice((("meta", "ct"), ("meta", "ct"), ("ct", "meta")))
    value, mask = constants.rng.randrange(8), constants.rng.choice(_MASKS)
    changes = [f"{which} mark set {value:#x}", f"{which} mark set {other} mark",
               f"{which} mark set {other} mark and {mask:#x}",
               f"{which} mark set {other} mark or {value:#x}",
               f"{which} mark set {which} mark and {mask:#x} or {value:#x}",
               f"{which} mark set {which} mark and {mask:#x}", f"{which} mark set {which} mark or {value:#x}",
               f"{which} mark set {which} mark xor {value:#x}"]
    if scope.header != expressions.STRANGE:
        changes.append(_mark_by_map(scope, which))
    return constants.rng.choice(changes)


def _mark_by_map(scope: Scope, which: str) -> str:
    name = scope.constants.rng.choice(("saddr", "daddr", f"{scope.header} dport"))
    name = name if name in scope.fields else "saddr"
    keys = expressions.drawn_elements(scope.constants, [scope.fields[name]], 4)
    elements = ", ".join(f"{key} : {scope.constants.rng.randrange(8)}" for key in keys)
    return f"{which} mark set {scope.fields[name].word} map {{ {elements} }}"


def open_rule(scope: Scope) -> str:
    """Draw a rule of which it cannot be known whether it takes hold, or what it changes."""
    constants = scope.constants
    tests = expressions.several(scope, constants.rng.choice((0, 1, 1)))
    if scope.header == expressions.STRANGE:
        tests = []
    ip = "ip" if constants.family == 4 else "ip6"
    choices = [
        [*tests, "limit rate 10/hour burst 5 packets counter", constants.rng.choice(("accept", "drop"))],
        [*tests, "limit rate over 10/hour burst 5 packets counter", "drop"],
        [f"{ip} saddr {_no(constants)}@{sets.CHANGED} counter", constants.rng.choice(("accept", "drop"))],
        [*tests, f"update @{sets.CHANGED} {{ {ip} saddr }} counter"],
        [*tests, f"add @{sets.CHANGED} {{ {ip} saddr }} counter"],
        [*tests, "numgen inc mod 2 0 counter", constants.rng.choice(("accept", "drop"))],
        [*tests, "meta length 30-40 counter", constants.rng.choice(("accept", "drop"))],
        [*tests, "quota 500 bytes counter", constants.rng.choice(("accept", "drop"))],
    ]
    return " ".join(constants.rng.choice(choices))


def _no(constants: Constants) -> str:
    return "!= " if constants.chance(0.3) else ""


def translation(scope: Scope, maps: Sequence[str]) -> str:
    """Draw a rule of a chain of type nat."""
    constants = scope.constants
    ported = constants.rng.choice(("tcp", "udp", ""))
    tests = _nat_tests(scope)
    if ported:
        scope.header = ported
        tests.append(expressions.port(scope) if constants.chance(0.6) else f"meta l4proto {ported}")
    choices: list[tuple[int, Callable[[], str]]] = [
        (3, lambda: "accept"), (2, lambda: "return"), (2, lambda: ""), (1, lambda: "drop")]
    if scope.hook in ("prerouting", "output"):
        choices.append((14, lambda: _destination(scope, ported, maps)))
        if constants.hook == "input":
            choices.append((6, lambda: _redirect(constants, ported)))
    elif scope.hook == "postrouting" and ported:  # others could clash, and clashing packets are lost
        choices += [(6, lambda: "masquerade"), (6, lambda: f"snat {_to(scope)}{_own(constants)}")]
    elif scope.hook == "input" and ported:
        choices.append((5, lambda: f"snat {_to(scope)}{write(constants.family, constants.base('source'))}"))
    (drawn,) = constants.rng.choices([draw for _, draw in choices], [weight for weight, _ in choices])
    return _comment(scope, [*tests, "counter", drawn()])


def _nat_tests(scope: Scope) -> list[str]:
    scope.header = ""
    tests = (expressions.address, expressions.address, expressions.interface, expressions.mark,
             expressions.local)
    return [scope.constants.rng.choice(tests)(scope) for _ in range(scope.constants.rng.choice((0, 1, 1, 2)))]


def _to(scope: Scope) -> str:
    """Say of which family the new address is: where the table is of both, that has to be said."""
    return f"{'ip' if scope.constants.family == 4 else 'ip6'} to " if scope.family == "inet" else "to "


def _destination(scope: Scope, ported: str, maps: Sequence[str]) -> str:
    constants = scope.constants
    address = write(constants.family, constants.base("destination"))
    if ported and maps and constants.chance(0.4):
        return f"dnat {_to(scope)}{ported} dport map @{constants.rng.choice(maps)}"
    if constants.chance(0.1):
        return f"dnat {_to(scope)}{scope.fields['saddr'].word} map {_ends(scope)}"
    if not ported or constants.chance(0.3):
        return f"dnat {_to(scope)}{address}"
    port = constants.rng.choice(constants.ports)
    if constants.chance(0.2):
        return f"dnat to :{port}"
    return f"dnat {_to(scope)}{f'[{address}]' if constants.family == 6 else address}:{port}"


def _ends(scope: Scope) -> str:
    constants = scope.constants
    keys = expressions.drawn_elements(constants, [scope.fields["saddr"]], 3)
    ends = [write(constants.family, constants.base("destination")) for _ in keys]
    return f"{{ {', '.join(map(' : '.join, zip(keys, ends, strict=True)))} }}"


def _redirect(constants: Constants, ported: str) -> str:
    return f"redirect to :{constants.rng.choice(constants.ports)}" if ported and constants.chance(0.7) \
        else "redirect"


def _own(constants: Constants) -> str:
    return write(constants.family, constants.plan.own.address(3))


def _drawn(constants: Constants, choices: Sequence[tuple[int, str]]) -> str:
    return constants.rng.choices([each for _, each in choices], [weight for weight, _ in choices])[0]
