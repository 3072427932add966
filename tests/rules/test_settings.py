"""Settings are read by kind, filled in by defaults, and looked up by conditions."""

import pytest

from aclproof import rules
from aclproof.rules.loader import load_pack
from aclproof.rules.pack import AllOf, AnyOf, Equals, RolePresent, When
from aclproof.rules.ports import merge
from aclproof.rules.settings import (
    MissingSettingError,
    SettingError,
    Settings,
    Value,
    applies,
    ports_of,
    resolve,
    settings_used,
)
from tests.rules.packs import SMALL, changed

PACK = rules.load("configmgr-2007")
REQUIREMENTS = {requirement.id: requirement for requirement in PACK.requirements}

OLD, NEW = (1025, 5000), (49152, 65535)


def refusals(**given: str | list[str] | None) -> list[tuple[str, str]]:
    with pytest.raises(SettingError) as caught:
        resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
    return caught.value.problems


def test_nothing_given_leaves_the_mode_open_and_lists_every_default() -> None:
    settings = resolve(PACK, {})
    assert settings.missing == ("mode", "sup-protocol")
    assert "mode" not in settings.values
    assert settings.values["http-port"] == 80
    assert settings.values["schema-published"] is True
    assert "http-port" in settings.defaulted
    assert "wsus-https-port" not in settings.defaulted


def test_a_given_value_is_no_default_even_if_it_equals_it() -> None:
    assert "http-port" not in resolve(PACK, {"http-port": "80"}).defaulted


@pytest.mark.parametrize(("mode", "protocol"), [("mixed", "http"), ("native", "https")])
def test_a_default_follows_another_setting(mode: str, protocol: str) -> None:
    settings = resolve(PACK, {"mode": mode})
    assert settings.values["sup-protocol"] == protocol
    assert "sup-protocol" in settings.defaulted
    assert settings.missing == ()


def test_a_given_value_beats_a_default_that_follows() -> None:
    assert resolve(PACK, {"mode": "mixed", "sup-protocol": "https"}).values["sup-protocol"] == "https"


@pytest.mark.parametrize(
    ("system", "ports"),
    [
        ("windows-2000", (OLD,)),
        ("windows-xp", (OLD,)),
        ("windows-server-2003", (OLD,)),
        ("windows-vista", (NEW,)),
        ("windows-7", (NEW,)),
        ("windows-server-2008", (NEW,)),
        ("windows-server-2008-r2", (NEW,)),
        ("windows-server-2003-r2", (OLD,)),
        ("windows-8.1", (NEW,)),
        ("windows-10", (NEW,)),
        ("windows-11", (NEW,)),
        ("windows-server-2012-r2", (NEW,)),
        ("windows-server-2025", (NEW,)),
        ("mixed", (OLD, NEW)),
    ],
)
def test_dynamic_ports_follow_the_client_os(system: str, ports: Value) -> None:
    assert resolve(PACK, {"client-os": system}).values["rpc-dynamic-ports"] == ports


@pytest.mark.parametrize(
    ("given", "ports"),
    [
        ("5000", ((5000, 5000),)),
        ("49152-65535", (NEW,)),
        (["49152-65535", "1025-5000"], (OLD, NEW)),
        (["10-20", "21"], ((10, 20), (21, 21))),
    ],
)
def test_ports_are_a_range_or_a_list(given: str | list[str], ports: Value) -> None:
    assert resolve(PACK, {"rpc-dynamic-ports": given}).values["rpc-dynamic-ports"] == ports


@pytest.mark.parametrize(
    ("http", "https"), [("80", 443), ("8530", 8531), ("81", 82), ("443", 444), ("65534", 65535)]
)
def test_the_wsus_https_port_follows_the_http_port(http: str, https: int) -> None:
    assert resolve(PACK, {"wsus-http-port": http}).values["wsus-https-port"] == https
    agreed = resolve(PACK, {"wsus-http-port": http, "wsus-https-port": str(https)})
    assert agreed.values["wsus-https-port"] == https


def test_another_wsus_https_port_is_refused_with_the_rule() -> None:
    rule = "HTTP 80 pairs with HTTPS 443; any other HTTP port pairs with HTTP + 1"
    assert refusals(wsus_http_port="8530", wsus_https_port="443") == [
        ("wsus-https-port", f"must be 8531, because wsus-http-port is 8530: {rule}")
    ]
    assert refusals(wsus_https_port="8531") == [
        ("wsus-https-port", f"must be 443, because wsus-http-port is 80: {rule}")
    ]
    assert refusals(wsus_http_port="65535") == [
        ("wsus-http-port", f"port 65535 leaves no port for HTTPS: {rule}")
    ]


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("mod", "native", "unknown setting 'mod': did you mean 'mode'?"),
        ("mode", "nativ", "'nativ' is not allowed: write mixed, native"),
        ("mode", ["native"], "takes one value, not a list"),
        ("mode", None, "has no value"),
        ("epm-udp", "no", "'no' is not allowed: write true, false"),
        ("http-port", "0", "port 0 is outside 1-65535"),
        ("http-port", "65536", "port 65536 is outside 1-65535"),
        ("http-port", "080", "'080' is not a port"),
        ("http-port", "80-90", "takes one port, not the range 80-90"),
        ("rpc-dynamic-ports", "5000-1025", "the range 5000-1025 is reversed: write 1025-5000"),
        ("rpc-dynamic-ports", ["10-20", "20-30"], "the ranges 10-20 and 20-30 overlap"),
        ("rpc-dynamic-ports", ["10-20", "15"], "the ranges 10-20 and 15 overlap"),
        ("rpc-dynamic-ports", [], "at least one port is needed"),
        ("rpc-dynamic-ports", "any", "'any' is not a port"),
    ],
)
def test_a_bad_value_is_refused(setting: str, value: str | list[str] | None, reason: str) -> None:
    ((name, message),) = refusals(**{setting: value})
    assert name == setting
    assert reason in message


def test_all_bad_values_are_reported_at_once() -> None:
    found = refusals(mode="x", http_port="0", wsus_http_port="9-3", nonsense="1")
    assert {name for name, _ in found} == {"mode", "http-port", "wsus-http-port", "nonsense"}
    with pytest.raises(SettingError, match=r"mode: 'x' is not allowed: write mixed, native"):
        resolve(PACK, {"mode": "x"})


# -- conditions

KNOWN = Settings({"mode": "native", "shared": False, "port": 8530}, (), ("open", "other"))
TRUE, FALSE = Equals("mode", "native"), Equals("mode", "mixed")
OPEN, OTHER = Equals("open", "x"), Equals("other", "x")


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        (None, True),
        (TRUE, True),
        (FALSE, False),
        (Equals("shared", "false"), True),
        (Equals("shared", "true"), False),
        (Equals("port", "8530"), True),
        (RolePresent("client"), True),
        (RolePresent("printer"), False),
        (AnyOf((FALSE, TRUE)), True),
        (AnyOf((FALSE, FALSE)), False),
        (AllOf((TRUE, TRUE)), True),
        (AllOf((TRUE, FALSE)), False),
        (AnyOf((OPEN, TRUE)), True),
        (AnyOf((TRUE, OPEN)), True),
        (AllOf((OPEN, FALSE)), False),
        (AllOf((FALSE, OPEN)), False),
        (AllOf((TRUE, AnyOf((AllOf((OPEN, FALSE)), TRUE)))), True),
    ],
)
def test_a_condition_answers(when: When | None, answer: bool) -> None:
    assert applies(when, KNOWN, {"client"}) is answer


@pytest.mark.parametrize(
    "when", [OPEN, AnyOf((OPEN, FALSE)), AnyOf((FALSE, OPEN)), AllOf((OPEN, TRUE)), AnyOf((OPEN, OTHER))]
)
def test_a_condition_asks_for_a_setting_only_if_it_decides(when: When) -> None:
    with pytest.raises(MissingSettingError) as caught:
        applies(when, KNOWN, ())
    assert caught.value.setting_id == "open"


# -- requirements


def test_ports_come_from_numbers_ranges_and_settings() -> None:
    settings = resolve(PACK, {"client-os": "mixed", "http-port": "8080"})
    assert ports_of(REQUIREMENTS["CM2007-PUSH-SMB"], settings) == ((445, 445),)
    assert ports_of(REQUIREMENTS["CM2007-PUSH-RPC"], settings) == (OLD, NEW)
    assert ports_of(REQUIREMENTS["CM2007-ALL-FSP"], settings) == ((8080, 8080),)
    assert ports_of(REQUIREMENTS["CM2007-PUSH-ECHO"], settings) == ()


def test_ports_are_sorted_and_merged() -> None:
    pack = load_pack(changed("[445, 10-20, http]", "[445, 21-30, 10-20, http, 79]"), "f")
    assert ports_of(pack.requirements[0], resolve(pack, {})) == ((10, 30), (79, 80), (445, 445))
    assert merge([(5, 9), (1, 20), (3, 4)]) == ((1, 20),)


def test_ports_ask_for_a_missing_setting() -> None:
    pack = load_pack(changed("[445, 10-20, http]", "[dynamic]"), "f")
    with pytest.raises(MissingSettingError, match="dynamic"):
        ports_of(pack.requirements[0], resolve(pack, {}))


def test_settings_used_are_those_of_ports_and_condition() -> None:
    assert settings_used(load_pack(SMALL, "f").requirements[0]) == {"http", "mode"}
    assert settings_used(REQUIREMENTS["CM2007-MAN-MP-HTTP"]) == {"http-port", "mode", "ccmsetup-source"}
    assert settings_used(REQUIREMENTS["CM2007-PUSH-SMB"]) == frozenset()
