"""The lists of exceptions below a profile's key: programs, ports, services, ICMP types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from aclproof.parsers.windows.records.rule import Broken, Profile, WindowsRule
from aclproof.parsers.windows.registry import exceptions
from aclproof.parsers.windows.registry.exceptions import Scope, Service
from aclproof.parsers.windows.registry.reg_text import Value
from aclproof.parsers.windows.registry.stores import Stored
from aclproof.reason import Reason

_SERVICES: Mapping[str, Service] = {
    "remoteadminsettings": exceptions.ADMINISTRATION,
    "services\\fileandprint": exceptions.FILES,
    "services\\remotedesktop": exceptions.DESKTOP,
    "services\\upnpframework": exceptions.UPNP,
}


class Exceptions(Struct):
    """What one profile holds of them, and which values that took."""

    rules: list[WindowsRule] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    used: list[Value] = field(default_factory=list)


def read(stored: Stored, path: str, profiles: tuple[Profile, ...]) -> Exceptions:
    """Read all exceptions of the profile at a path below its store."""
    return _Reading(stored, path, profiles).everything()


class _Reading:
    """One profile being read."""

    def __init__(self, stored: Stored, path: str, profiles: tuple[Profile, ...]) -> None:
        self._keys, self._path = stored.keys, path
        self._scope = Scope(0, profiles, stored.store)
        self._found = Exceptions()

    def everything(self) -> Exceptions:
        """Go through the lists; echo requests come with whatever opens SMB."""
        self._list("authorizedapplications", exceptions.program)
        self._list("globallyopenports", lambda text, scope: [exceptions.port(text, scope)])
        for below, kind in _SERVICES.items():
            self._service(below, kind)
        for name, number in exceptions.ICMP_TYPES.items():
            value = self._value("icmpsettings", name)
            if value and isinstance(value.data, int) and value.data:
                scope = self._scope._replace(line=value.line)
                self._found.rules.append(exceptions.icmp(number, value.name, scope))
        self._found.rules += list(exceptions.echoes(self._found.rules))
        return self._found

    def _value(self, below: str, name: str) -> Value | None:
        key = self._keys.get(f"{self._path}\\{below}")
        found = key.values.get(name) if key else None
        if found:
            self._found.used.append(found)
        return found

    def _list(self, below: str, entry: Callable[[str, Scope], Iterable[WindowsRule]]) -> None:
        """Read a list of exceptions, unless the setting that holds it is switched off."""
        switch = self._value(below, "enabled")
        key = self._keys.get(f"{self._path}\\{below}\\list")
        if key is None or (switch and switch.data == 0):
            return
        for value in key.values.values():
            try:
                if not isinstance(value.data, str):
                    raise ValueError(value.reason or Reason("no text"))
                self._found.rules += entry(value.data, self._scope._replace(line=value.line))
                self._found.used.append(value)
            except ValueError as error:
                self._found.broken.append(Broken(value.line, Reason("exception '{name}': {reason}",
                                                                    name=value.name, reason=str(error))))

    def _service(self, below: str, kind: Service) -> None:
        switch = self._value(below, "enabled")
        if switch is None:
            return
        scope = self._scope._replace(line=switch.line)
        if switch.data == 0:
            if self._scope.store == "policy":
                self._found.rules += exceptions.forbidden(kind, scope)
            return
        where = self._value(below, "remoteaddresses")
        written = where.data if where and isinstance(where.data, str) else ""
        self._found.rules += exceptions.service(kind, scope.narrowed(written))
