"""The two fields of a requirement whose form depends on their content: `ports` and `when`.

Both readers add what is wrong to `faults` and go on. A blank takes the place of what could not be read, so
that later faults name the right position; since a pack with faults is refused, no blank leaves the loader.
"""

import reprlib

from aclproof.reason import Reason
from aclproof.rules.pack import AllOf, AnyOf, Equals, Ports, RolePresent, When
from aclproof.rules.ports import parse_range
from aclproof.rules.strict_yaml import Data, Fault, Path

_NO_PORTS = Ports(0, 0)
_NO_CONDITION = AllOf(())


def read_ports(data: Data, path: Path, faults: list[Fault]) -> tuple[Ports | str, ...]:
    """Numbers and ranges as Ports; what starts with a letter is the id of a setting."""
    if not isinstance(data, list) or not data:
        faults.append((path, Reason("a list of ports is expected")))
        return ()
    return tuple(_read_port(item, (*path, index), faults) for index, item in enumerate(data))


def _read_port(data: Data, path: Path, faults: list[Fault]) -> Ports | str:
    if not isinstance(data, str):
        faults.append((path, Reason("a port, a range or the id of a setting is expected")))
        return _NO_PORTS
    if data[:1].isalpha():
        return data
    try:
        return Ports(*parse_range(data))
    except ValueError as error:
        faults.append((path, str(error)))
        return _NO_PORTS


def read_when(data: Data, path: Path, faults: list[Fault]) -> When:
    """A condition; its keys decide which."""
    match data:
        case {"setting": str(setting), "is": str(value), **rest} if not rest:
            return Equals(setting, value)
        case {"role": str(role), **rest} if not rest:
            return RolePresent(role)
        case {"any-of": [_, *_] as branches, **rest} if not rest:
            return AnyOf(_read_branches(branches, (*path, "any-of"), faults))
        case {"all-of": [_, *_] as branches, **rest} if not rest:
            return AllOf(_read_branches(branches, (*path, "all-of"), faults))
        case _:
            forms = "{setting, is}, {role}, {any-of: [...]} or {all-of: [...]}"
            faults.append((path, Reason("{data} is no condition: write {forms}", data=reprlib.repr(data),
                                        forms=forms)))
            return _NO_CONDITION


def _read_branches(data: list[Data], path: Path, faults: list[Fault]) -> tuple[When, ...]:
    return tuple(read_when(branch, (*path, index), faults) for index, branch in enumerate(data))
