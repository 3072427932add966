"""`New-`, `Set-`, `Remove-`, `Enable-` and `Disable-NetFirewallRule`, carried out on a computer's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec.structs import replace

from aclproof.parsers.model.services import TCP, UDP
from aclproof.parsers.windows.edit.rule_store import RuleStore
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.powershell import call as powershell_words
from aclproof.parsers.windows.powershell import rule as powershell_rule
from aclproof.parsers.windows.powershell.call import Call
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.rule import Store, WindowsRule
from aclproof.reason import Reason

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "newdisplayname": ("name",), "description": ("description",), "enabled": ("enabled",),
    "profile": ("profiles",), "platform": ("platforms",), "direction": ("direction",),
    "action": ("action",), "edgetraversalpolicy": ("edge",), "localonlymapping": ("local_only_mapping",),
    "owner": ("owner",), "localaddress": ("local_addresses",), "remoteaddress": ("remote_addresses",),
    "protocol": ("protocol",), "localport": ("local_ports",), "remoteport": ("remote_ports",),
    "icmptype": ("icmp",), "program": ("program",), "package": ("package",), "service": ("service",),
    "interfacealias": ("interfaces",), "interfacetype": ("interface_types",), "localuser": ("local_users",),
    "remoteuser": ("remote_users",), "remotemachine": ("remote_computers",), "authentication": ("security",),
    "encryption": ("security",), "overrideblockrules": ("override_block",)}
"""What each parameter says about a rule."""
_LISTS = frozenset("""profile platform localaddress remoteaddress localport remoteport icmptype
interfacealias""".split())
_NO_EFFECT = {"confirm", "passthru", "verbose", "loosesourcemapping", "description"}
_QUIET = {"silentlycontinue", "ignore"}
_CMDLETS = frozenset(f"{verb}-netfirewallrule" for verb in ("new", "set", "remove", "enable", "disable"))
_SELECTORS = ("name", "displayname", "displaygroup", "group")
_DEFAULTS = {
    "direction": "Inbound", "action": "Allow", "enabled": "True", "profile": "Any", "protocol": "Any",
    "localport": "Any", "remoteport": "Any", "icmptype": "Any", "localaddress": "Any", "remoteaddress": "Any",
    "program": "Any", "package": "", "service": "Any", "interfacetype": "Any", "interfacealias": "Any",
    "authentication": "NotRequired", "encryption": "NotRequired", "localuser": "Any", "remoteuser": "Any",
    "remotemachine": "Any", "owner": "", "policystoresourcetype": "Local"}
"""What New-NetFirewallRule takes where nothing is said."""


def carry_out(text: str, line: int, rules: RuleStore) -> None:
    """Carry out one line; CommandError or ValueError for what Windows would not do, or what is not
    followed."""
    pipeline = powershell_words.calls(text)
    source, call = pipeline[0], pipeline[-1]
    _check(pipeline)
    given = _checked(call)
    of_policy = _is_for_policy_object(source)
    if of_policy:
        rules.say(line, Reason("it is taken for granted that this computer applies the Group Policy object"))
    if call.cmdlet == "new-netfirewallrule":
        _new(given, line, rules, "policy" if of_policy else "local")
        return
    choosing = _checked(source)
    chosen = _chosen(choosing, rules, line, quiet=_is_quiet(call) or _is_quiet(source), of_policy=of_policy)
    changes = {key: value for key, value in given.items() if key not in _SELECTORS}
    if source is not call and (len(choosing) > 1 or any(key in given for key in _SELECTORS)):
        raise CommandError(Reason("rules are chosen by one of -Name, -DisplayName, -DisplayGroup and "
                                  "-Group, before the pipe"))
    _apply(call.cmdlet, changes, chosen, line, rules)


def _check(pipeline: Sequence[Call]) -> None:
    """CommandError for a pipeline that is not followed; a word in front becomes the parameter -Name."""
    call = pipeline[-1]
    if call.cmdlet not in _CMDLETS:
        raise CommandError(Reason("of PowerShell only New-, Set-, Remove-, Enable- and "
                                  "Disable-NetFirewallRule are followed; export the firewall as it is "
                                  "after it"))
    if call.positional and "name" not in call.parameters and call.cmdlet != "new-netfirewallrule":
        call.parameters["name"] = [call.positional.pop(0)]
    if call.positional:
        raise CommandError(Reason("a word in it belongs to no parameter"))
    if len(pipeline) > 2 or (len(pipeline) == 2 and pipeline[0].cmdlet != "get-netfirewallrule"):
        raise CommandError(Reason("of pipelines only 'Get-NetFirewallRule ... | Set-, Remove-, Enable- or "
                                  "Disable-NetFirewallRule' is followed"))


def _apply(cmdlet: str, changes: Mapping[str, list[str]], chosen: Sequence[WindowsRule], line: int,
           rules: RuleStore) -> None:
    match cmdlet:
        case "remove-netfirewallrule" if not changes:
            rules.remove(chosen)
        case "enable-netfirewallrule" | "disable-netfirewallrule" if not changes:
            rules.change(chosen, line, lambda rule: replace(rule, enabled=cmdlet.startswith("enable")))
        case "set-netfirewallrule":
            rules.change(chosen, line, lambda rule: _changed(rule, changes))
        case _:
            raise CommandError(Reason("-{name} is not followed here; choose the rules by their names",
                                      name=min(changes)))


def _checked(call: Call) -> dict[str, list[str]]:
    """The parameters that have an effect; CommandError for one that is not known."""
    given: dict[str, list[str]] = {}
    for name, values in call.parameters.items():
        if name == "policystore" and ("".join(values).lower() in ("persistentstore", "localhost")
                                      or _is_for_policy_object(call)):
            continue
        if name in ("erroraction", "warningaction", *_NO_EFFECT):
            continue
        if name not in _FIELDS and name not in _SELECTORS:
            raise CommandError(Reason("-{name} is not followed; write parameters in full, or export the "
                                      "firewall as it is after it", name=name))
        if not values or (len(values) > 1 and name not in _LISTS and name not in _SELECTORS):
            raise CommandError(Reason("-{name} takes one value", name=name) if values
                          else Reason("-{name} takes a value", name=name))
        if name in _LISTS and any("," in each for each in values):
            raise CommandError(Reason("-{name} has a comma inside of a text; write a list as a,b", name=name))
        given[name] = values
    return given


def _is_for_policy_object(call: Call) -> bool:
    r"""Whether it is about the rules of a Group Policy object: `-PolicyStore DOMAIN\GPO`."""
    return "\\" in "".join(call.parameters.get("policystore", ()))


def _is_quiet(call: Call) -> bool:
    return any(each.lower() in _QUIET for each in call.parameters.get("erroraction", ()))


def _new(given: Mapping[str, list[str]], line: int, rules: RuleStore, store: Store) -> None:
    if "displayname" not in given:
        raise CommandError(Reason("a rule needs -DisplayName"))
    if "displaygroup" in given or "newdisplayname" in given:
        raise CommandError(Reason("-DisplayGroup and -NewDisplayName do not go with New-NetFirewallRule; "
                                  "a group is given by -Group"))
    fields = {key: ",".join(values) for key, values in given.items()}
    fields["instanceid"] = fields.pop("name", "")
    rule = powershell_rule.rule(Record(line, _DEFAULTS | fields), "local")
    _refuse_ports(rule, given)
    rules.add(replace(rule, tool="registry", store=store))  # nothing of it is hidden


def _chosen(given: Mapping[str, list[str]], rules: RuleStore, line: int, *, quiet: bool,
            of_policy: bool) -> list[WindowsRule]:
    keys = [key for key in _SELECTORS if key in given]
    if len(keys) != 1:
        raise CommandError(Reason("rules are chosen by one of -Name, -DisplayName, -DisplayGroup and -Group"))
    key, known = keys[0], rules.all(of_policy=of_policy)
    found: list[WindowsRule] = []
    for wanted in given[key]:
        meant = [rule for rule in known if _is_meant(rule, key, wanted)]
        if not meant and not quiet:
            raise CommandError(_why_none(key, wanted, known, of_policy=of_policy))
        if not meant:
            rules.say(line, Reason("no rule has -{key} '{wanted}', so the line changes nothing", key=key,
                                   wanted=wanted))
            rules.touched = True
        found += [rule for rule in meant if not any(rule is known for known in found)]
    return found


def _why_none(key: str, wanted: str, known: Sequence[WindowsRule], *, of_policy: bool) -> Reason:
    reason = Reason("no rule of Group Policy has -{key} '{wanted}'", key=key, wanted=wanted) if of_policy \
        else Reason("no rule of this computer's own has -{key} '{wanted}'", key=key, wanted=wanted)
    if key == "name" and not any(rule.id for rule in known):
        return Reason("{reason}; this export shows no such names", reason=reason)
    return reason


def _is_meant(rule: WindowsRule, key: str, wanted: str) -> bool:
    if key in ("displaygroup", "group"):
        return groups.same(rule.group, wanted)
    if "[" in wanted:
        raise CommandError(Reason("a pattern with brackets is not followed; write the names"))
    known = rule.id if key == "name" else rule.name
    return bool(known) and fnmatchcase(known.lower(), wanted.lower())


def _changed(rule: WindowsRule, changes: Mapping[str, list[str]]) -> WindowsRule:
    if not changes:
        raise CommandError(Reason("Set-NetFirewallRule does not say what to change"))
    fields = {key: ",".join(values) for key, values in changes.items()}
    shown = {"direction": {"In": "Inbound", "Out": "Outbound"}[rule.direction],
             "protocol": "Any" if rule.protocol is None else str(rule.protocol)}
    if "newdisplayname" in fields:
        fields["displayname"] = fields.pop("newdisplayname")
    fresh = powershell_rule.rule(Record(rule.line, _DEFAULTS | shown | fields), "local")
    values: dict[str, Any] = {name: getattr(fresh, name) for key in changes for name in _FIELDS[key]}
    changed = replace(rule, **values)
    _refuse_ports(changed, changes)
    return changed


def _refuse_ports(rule: WindowsRule, given: Mapping[str, list[str]]) -> None:
    """Ports go with TCP and UDP only."""
    named = [key for key in ("localport", "remoteport") if key in given and given[key] != ["Any"]]
    if (rule.local_ports or rule.remote_ports or named) and rule.protocol not in (TCP, UDP):
        raise CommandError(Reason("ports go with -Protocol TCP or UDP only, so Windows refuses the command"))
