"""Several packs as one: which words stay as they are, and which are written with their pack."""

from __future__ import annotations

from itertools import permutations

import pytest

from aclproof import rules
from aclproof.rules.joined import bare, join, methods_meant, settings_meant
from aclproof.rules.loader import load_pack
from aclproof.rules.pack import Equals, Pack
from aclproof.rules.settings import SettingError, resolve, settings_tested
from aclproof.rules.strict_yaml import InputError

TEXT = """
id: {id}
title: {{en: T, de: T}}
version: "1"
page: {{url: "https://example.org/{id}", edition: e}}
methods:
  - {{id: sync, title: {{en: Sync, de: Sync}}}}
  - {{id: {id}-only, title: {{en: Only, de: Nur}}}}
roles:
  - {{id: client, title: {{en: C, de: C}}, near: true,
      ephemeral-ports: {{setting: system, values: {{old: 1025-5000, new: {new}}}}}}}
  - {{id: server, title: {{en: S, de: S}}}}
settings:
  - {{id: system, title: {{en: "{id}", de: s}}, kind: choice, values: [old, new], default: new}}
  - {{id: tls, title: {{en: t, de: t}}, kind: boolean, default: "{tls}"}}
  - {{id: port, title: {{en: p, de: p}}, kind: port,
      default-by: {{setting: tls, values: {{true: "443", false: "80"}}}}}}
requirements:
  - id: {up}-SYNC
    title: {{en: T, de: T}}
    methods: [sync, {id}-only]
    from: client
    to: server
    protocol: tcp
    ports: [port]
    alternate-port: true
    when: {{any-of: [{{setting: tls, is: {tls}}}, {{role: server}}]}}
    why: {{en: W, de: W}}
    fix: {{en: F., de: F.}}
    citation: {{page: P, table: T, row: "1"}}
"""


PACKS = ("configmgr-2007", "configmgr-current-branch", "sql-server")


def pack(name: str, *, tls: str = "true", new: str = "49152-65535") -> Pack:
    return load_pack(TEXT.format(id=name, up=name.upper(), tls=tls, new=new), f"{name}.yaml")


def test_one_pack_stays_as_it_is() -> None:
    only = pack("one")
    assert join([only]) is only
    assert only.each == (only,)
    assert only.part_with("ONE-SYNC") is only


def test_words_that_several_packs_have_are_written_with_the_pack() -> None:
    both = join([pack("one"), pack("two", tls="false")])
    assert [each.id for each in both.methods] == ["one/sync", "one-only", "two/sync", "two-only"]
    assert [each.title.en for each in both.methods] == [
        "Sync (one)", "Only (one)", "Sync (two)", "Only (two)"]
    assert [each.id for each in both.settings] == [
        f"{name}/{word}" for name in ("one", "two") for word in ("system", "tls", "port", "ephemeral-ports")]
    assert [each.id for each in both.roles] == ["client", "server"]
    first, second = both.requirements
    assert (first.ports, second.ports) == (("one/port",), ("two/port",))
    assert (first.methods, second.methods) == (("one/sync", "one-only"), ("two/sync", "two-only"))
    assert settings_tested(second.when) == {"two/tls"}
    assert [both.part_with(each).id for each in ("TWO-SYNC", "one/sync", "two-only")] == ["two", "one", "two"]


def test_a_bare_word_is_that_of_every_pack_and_a_whole_word_counts_more() -> None:
    both = join([pack("one"), pack("two", tls="false")])
    assert resolve(both, {"tls": "true"}).values["two/port"] == 443
    for given in ({"tls": "true", "two/tls": "false"}, {"two/tls": "false", "tls": "true"}):
        found = resolve(both, {**given})
        assert (found.values["one/tls"], found.values["two/tls"]) == (True, False)
        assert (found.values["one/port"], found.values["two/port"]) == (443, 80)
        assert found.is_given("one/tls")
    with pytest.raises(SettingError, match="unknown setting 'three/tls'"):
        resolve(both, {"three/tls": "true"})
    assert methods_meant(both, "sync") == ["one/sync", "two/sync"]
    assert methods_meant(both, "one/sync") == ["one/sync"]
    assert methods_meant(both, "two/two-only") == methods_meant(both, "two-only") == ["two-only"]
    assert methods_meant(both, "one/two-only") == []
    assert bare("one/sync") == bare("sync") == "sync"


def test_a_word_of_one_pack_alone_may_name_the_pack() -> None:
    only = pack("one")
    assert settings_meant(only, "one/tls") == settings_meant(only, "tls") == ["tls"]
    assert settings_meant(only, "two/tls") == []
    assert resolve(only, {"one/tls": "false"}).values["port"] == 80


def test_a_bare_word_for_different_facts_is_an_error() -> None:
    """Settings may have one name, kind and default, and mean other computers: only their titles say so."""
    both = join([pack("one"), pack("two")])
    with pytest.raises(SettingError, match=r"system: means different things in different packs: write "
                                           r"one/system \(one\) or two/system \(two\)"):
        resolve(both, {"system": "old"})
    assert resolve(both, {"two/system": "old"}).values["one/system"] == "new"
    members = join([rules.load("configmgr-current-branch"), rules.load("active-directory-members")])
    with pytest.raises(SettingError, match="domain controllers"):
        resolve(members, {"rpc-dynamic-ports": "24158"})
    found = resolve(members, {"configmgr-current-branch/rpc-dynamic-ports": "24158"}).values
    assert found["configmgr-current-branch/rpc-dynamic-ports"] == ((24158, 24158),)
    assert found["active-directory-members/rpc-dynamic-ports"] == ((49152, 65535),)


def test_a_pack_that_is_named_twice_is_an_error() -> None:
    with pytest.raises(InputError, match="one: the pack is named twice"):
        join([pack("one"), pack("two"), pack("one", tls="false")])


@pytest.mark.parametrize("names", list(permutations(PACKS, 2)))
def test_each_pack_keeps_what_it_means(names: tuple[str, str]) -> None:
    """Resolved alone and beside another, every requirement has the same ports."""
    both = join([rules.load(name) for name in names])
    together = resolve(both, {})
    for name, part in zip(names, both.parts, strict=True):
        alone, own = resolve(rules.load(name), {}), rules.load(name)
        assert [each.id for each in part.settings] == [
            each.id if each.id in {one.id for one in both.settings} else f"{name}/{each.id}"
            for each in own.settings]
        assert {bare(key): value for key, value in together.values.items()
                if key in {each.id for each in part.settings}} == alone.values
        assert [each.id for each in part.requirements] == [each.id for each in own.requirements]


def test_a_condition_is_renamed_at_any_depth() -> None:
    both = join([pack("one"), pack("two", tls="false")])
    when = both.requirements[1].when
    assert when is not None
    assert not isinstance(when, Equals)
    assert "two/tls" in str(when)
    assert "role='server'" in str(when)


def test_the_condition_of_a_method_is_asked_of_its_own_packs_setting() -> None:
    text = TEXT.replace("{{id: {id}-only, title: {{en: Only, de: Nur}}}}",
                        "{{id: {id}-only, title: {{en: Only, de: Nur}}, when: {{setting: tls, is: false}}}}")
    packs = [load_pack(text.format(id=name, up=name.upper(), tls=tls, new="49152-65535"), f"{name}.yaml")
             for name, tls in (("one", "true"), ("two", "false"))]
    conditions = {each.id: each.when for each in join(packs).methods}
    assert conditions["one-only"] == Equals("one/tls", "false")
    assert conditions["two-only"] == Equals("two/tls", "false")
    assert conditions["one/sync"] is None
