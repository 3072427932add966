"""What the settings of a site decide before any firewall is asked, and which one has to be given."""

from __future__ import annotations

from collections.abc import Collection

from aclproof.linter.site.site import Site
from aclproof.reason import OR, Reason, joined
from aclproof.rules.pack import Method, Pack
from aclproof.rules.settings import MissingSettingError, Settings, applies, roles_tested, settings_tested
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.values import written


def unusable_methods(site: Site, pack: Pack, settings: Settings, chosen: Collection[str]) -> dict[str, str]:
    """Return those of the chosen methods that a site cannot use at all, each with the reason.

    InputError for a setting that has to be given.
    """
    found: dict[str, str] = {}
    for method in pack.methods:
        if method.id not in chosen:
            continue
        try:
            usable = applies(method.when, settings, site.roles)
        except MissingSettingError as error:
            raise InputError(undecided_setting(site, pack, settings, error.setting_id)) from None
        if not usable:
            found[method.id] = _cannot_be_used(site, pack, settings, method)
    return found


def _cannot_be_used(site: Site, pack: Pack, settings: Settings, method: Method) -> Reason:
    """Why the condition of a method does not hold; settings are to blame where no role would help."""
    lacking = [role for role in sorted(roles_tested(method.when)) if not site.roles.get(role)]
    if lacking and applies(method.when, settings, [role.id for role in pack.roles]):
        return Reason("it cannot be used without addresses of {roles}", roles=", ".join(lacking))
    tested = (f"{name} {written(settings.values[name])}" for name in sorted(settings_tested(method.when)))
    return Reason("it cannot be used with {settings}", settings=", ".join(tested))


def undecided_setting(site: Site, pack: Pack, settings: Settings, name: str) -> Problem:
    """Name the setting that the user has to give: the root of a chain of defaults."""
    by_id = {setting.id: setting for setting in pack.settings}
    while (follows := by_id[name].default_by) is not None and follows.setting in settings.missing:
        name = follows.setting
    values = by_id[name].values
    choices = joined("", (" (", joined(OR, values), ")")) if values else ""
    return site.problem(("settings",), Reason("'{name}' is required{choices}: it decides which ports are "
                                              "needed", name=name, choices=choices))
