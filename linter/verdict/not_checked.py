"""What was not checked, as the site has no addresses of its roles: that is no proof that it is not needed."""

from __future__ import annotations

from aclproof.linter.result import DemandResult, MethodResult, Result


def not_checked(result: Result, method: MethodResult | None = None) -> tuple[DemandResult, ...]:
    """The requirements, of a method or of all, that roles without addresses kept from being checked."""
    ids = {each for found in result.scope.without_addresses.values() for each in found}
    return tuple(each for each in result.demands if each.requirement.id in ids
                 and (method is None or method.id in each.methods))
