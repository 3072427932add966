"""Everything that keeps data from having the shape of a Struct.

The Structs are the only description of the shapes. The data is compared with them here, because msgspec stops
at the first difference.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

import msgspec
from msgspec import inspect

from aclproof.reason import Reason
from aclproof.rules.strict_yaml import Data, Fault
from aclproof.rules.suggest import unknown

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


def faults(data: Data, kind: type[msgspec.Struct]) -> Iterator[Fault]:
    """Every difference between data and a Struct; where there is none, msgspec.convert reads the data."""
    return _faults(data, _shape(kind))


@cache
def _shape(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _faults(data: Data, kind: inspect.Type) -> Iterator[Fault]:
    match kind:
        case inspect.StructType(fields=fields):
            yield from _struct(data, {field.encode_name: field for field in fields})
        case inspect.UnionType(types=types):
            yield from _faults(data, _branch(data, types))
        case inspect.VarTupleType(item_type=item_type):
            yield from _list(data, item_type)
        case inspect.DictType(value_type=value_type):
            yield from _mapping(data, value_type)
        case _:
            if message := _scalar_fault(data, kind):
                yield (), message


def _scalar_fault(data: Data, kind: inspect.Type) -> str:
    """What keeps data from being one value of this kind; empty where nothing does."""
    match kind:
        case inspect.LiteralType(values=values):
            return "" if data in values else unknown("value", str(data), map(str, values))
        case inspect.BoolType():
            return "" if data in ("true", "false") else Reason("true or false is expected")
        case inspect.IntType(ge=lowest, le=highest):
            return "" if _is_number(data, lowest, highest) else \
                Reason("a number from {lowest} to {highest} is expected", lowest=lowest, highest=highest)
        case inspect.DateType():
            return "" if _is_date(data) else Reason("a date is expected, written as 2027-03-31")
        case inspect.StrType():
            if isinstance(data, list):
                return Reason("one text is expected, not a list")
            return "" if isinstance(data, str) and data.strip() else Reason("text is expected")
        case _:
            raise NotImplementedError(f"no file has a field of the type {kind}")


def _struct(data: Data, fields: dict[str, inspect.Field]) -> Iterator[Fault]:
    if not isinstance(data, dict):
        keys = ", ".join(name for name, field in fields.items() if field.required)
        yield (), Reason("a mapping is expected, with {keys}", keys=keys)
        return
    for name, field in fields.items():
        if field.required and name not in data:
            yield (), Reason("the key {name!r} is missing", name=name)
    for name, value in data.items():
        if name not in fields:
            yield (name,), unknown("key", name, fields)
        elif value is None:
            yield (name,), Reason("has no value: write one, or leave the key out")
        else:
            yield from _inside(name, _faults(value, fields[name].type))


def _list(data: Data, item_type: inspect.Type) -> Iterator[Fault]:
    if not isinstance(data, list):
        yield (), Reason("a list is expected")
        return
    for index, item in enumerate(data):
        yield from _inside(index, _faults(item, item_type))


def _mapping(data: Data, value_type: inspect.Type) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield (), Reason("a mapping is expected")
        return
    for name, value in data.items():
        yield from _inside(name, _faults(value, value_type))


def _branch(data: Data, types: Iterable[inspect.Type]) -> inspect.Type:
    """The member of a union that the data is meant to be: packs only distinguish lists from the rest."""
    members = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
    lists = [kind for kind in members if isinstance(kind, inspect.VarTupleType) == isinstance(data, list)]
    return (lists or members)[0]


def _inside(step: str | int, faults: Iterable[Fault]) -> Iterator[Fault]:
    return (((step, *path), message) for path, message in faults)


def _is_number(data: Data, lowest: int | None, highest: int | None) -> bool:
    """Without a leading zero, which some tools read as octal."""
    return isinstance(data, str) and bool(_NUMBER.fullmatch(data)) \
        and (lowest is None or int(data) >= lowest) and (highest is None or int(data) <= highest)


def _is_date(data: Data) -> bool:
    try:
        msgspec.convert(data, date)
    except msgspec.ValidationError:
        return False
    return True
