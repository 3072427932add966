"""The shipped schemas against what the readers accept and the commands write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.observation import CHECKS
from aclproof.linter.schemas import site as site_schema
from aclproof.linter.site import fact_answers, reader
from aclproof.linter.site import site as sites
from aclproof.linter.site.validation import profiles
from aclproof.parsers.model.rules import Action
from aclproof.rules.pack import Setting
from aclproof.rules.strict_yaml import InputError
from aclproof.rules.values import parse_value

ROOT = Path(__file__).parents[1]
SITES = sorted((ROOT / "fixtures" / "sites").glob("*/aclproof.yaml"))
PACK = rules.load(sites.DEFAULT_PACK)
FORM = jsonschema.Draft202012Validator(schemas.load("site"))
WORDS = jsonschema.Draft202012Validator(site_schema.of_builtin_packs())
FULL = """
pack: configmgr-2007
methods: [client-push, group-policy]
settings: {mode: native, http-port: 8080, schema-published: true, rpc-dynamic-ports: [1025-5000, 24158]}
roles:
  client: [10.20.0.0/16, 10.21.4.10-10.21.4.99, "2001:db8:20::/48"]
  site-server: 10.1.1.10
  management-point: [10.1.1.11]
firewalls:
  - {name: a, config: a.cfg, interfaces: {client: inside}, acl: {client: IN}}
  - {name: h, config: [h.txt, p.txt], ipset: h.ipset, host: [client, site-server], profile: domain}
paths:
  - {from: client, to: [management-point], through: [a]}
  - {from: client, to: site-server, through: []}
facts: {"time-range WORK": active, "fqdn x": [10.1.1.11], IPsec: true}
"""


@pytest.mark.parametrize("name", schemas.names())
def test_every_schema_is_one_and_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = schemas.load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert run(["schema", name]) == 0
    printed = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert printed["$id"] == schema["$id"]
    assert run(["schema"]) == 0
    assert name in capsys.readouterr().out


def test_the_newest_version_of_a_schema_is_the_one_that_a_report_names() -> None:
    for name in schemas.names():
        schema = schemas.load(name)
        forms = [schema, *schema.get("oneOf", ()), *schema.get("$defs", {}).values()]
        found = [each["properties"]["schema"]["const"] for each in forms
                 if "const" in each.get("properties", {}).get("schema", {})]
        assert all(each.startswith(f"aclproof/{name}/v") for each in found[:1])


@pytest.mark.parametrize("site", SITES, ids=lambda path: path.parent.name)
def test_every_site_file_of_the_fixtures_is_valid(site: Path) -> None:
    WORDS.validate(yaml.safe_load(site.read_text(encoding="utf-8")))


def test_the_site_schema_knows_the_keys_of_the_reader() -> None:
    schema = schemas.load("site")
    assert set(schema["properties"]) == set(reader._KEYS)
    assert set(schema["$defs"]["firewall"]["properties"]) == set(reader._FIREWALL_KEYS)
    assert set(schema["$defs"]["path"]["properties"]) == set(reader._PATH_KEYS)
    assert schema["$defs"]["firewall"]["properties"]["profile"]["enum"] == list(profiles())
    boolean, words, *_ = schema["properties"]["facts"]["additionalProperties"]["oneOf"]
    assert boolean == {"type": "boolean"}
    assert set(words["enum"]) == set(fact_answers.WORDS)
    assert schema["properties"]["pack"]["default"] == sites.DEFAULT_PACK


def test_the_show_schema_knows_every_action() -> None:
    actions = schemas.load("show")["$defs"]["rule"]["properties"]["action"]["enum"]
    assert set(actions) == {each.value for each in Action}


def test_the_check_schema_knows_every_check() -> None:
    found = schemas.load("check")["properties"]["audit"]["properties"]["found"]["items"]["properties"]
    assert set(found["check"]["enum"]) == CHECKS.keys()


def mutants(data: Any) -> Iterator[tuple[str, Any]]:
    """The data with one node replaced, left out or called otherwise."""
    for path in list(_paths(data)):
        for value in ("word", None, [], {}, ["word"], {"a": "b"}, [None], [["word"]]):
            changed = deepcopy(data)
            _parent(changed, path)[path[-1]] = value
            yield f"{path} = {value}", changed
        less = deepcopy(data)
        taken = _parent(less, path).pop(path[-1])
        yield f"without {path}", less
        if isinstance(path[-1], str):
            _parent(less, path)[f"{path[-1]}x"] = taken
            yield f"{path} misspelt", less


def _paths(data: Any) -> Iterator[tuple[str | int, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (key,)
        yield from ((key, *rest) for rest in _paths(value))


def _parent(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def accepted(folder: Path, data: Any) -> bool:
    """Whether our own reader takes this for a site file."""
    (folder / "site.yaml").write_text(json.dumps(data), encoding="utf-8")
    try:
        reader.read(folder / "site.yaml")
    except InputError:
        return False
    return True


def test_the_form_of_a_site_file_is_that_of_the_reader(tmp_path: Path) -> None:
    """What the reader takes is valid; what it refuses and is valid is a matter of meaning, and listed."""
    whole = yaml.safe_load(FULL)
    assert accepted(tmp_path, whole)
    WORDS.validate(whole)
    counted = {True: 0, False: 0}
    open_to_meaning = []
    for what, data in mutants(whole):
        taken, valid = accepted(tmp_path, data), FORM.is_valid(data)
        # an empty key is legal, and marked; which profiles there are is checked when the vendor is known
        assert valid or not taken or what.endswith("None") or "'profile'" in what, what
        counted[taken] += 1
        if valid and not taken:
            open_to_meaning.append(what)
    assert min(counted.values()) > 40
    # references between parts of the file, and whether a pack is there: no schema can say that
    meant = ("through", "'name'", "'host'", "('firewalls', 0)", "'pack'")
    for what in open_to_meaning:
        assert any(part in what for part in meant), what


@pytest.mark.parametrize("setting", PACK.settings, ids=lambda each: each.id)
def test_settings_take_the_values_that_the_pack_takes(setting: Setting) -> None:
    words = ["true", "false", "no", "80", "0", "010", "22:22", "65536000", "1025-5000", "http", "", "mixed",
             *setting.values]
    values: list[Any] = [*words, *([word] for word in words), [], ["80", "1025-5000"], None]
    taken = 0
    for value in values:
        try:
            parse_value(setting, value)
        except ValueError:
            assert not valid(setting, value), value
        else:
            taken += 1
            assert valid(setting, value), value
            if isinstance(value, str) and value.isdigit():
                assert valid(setting, int(value))
            if value in ("true", "false"):
                assert valid(setting, value == "true")
    assert taken


def valid(setting: Setting, value: object) -> bool:
    return bool(WORDS.is_valid({"roles": {"client": "10.0.0.1"}, "firewalls": [{"config": "a"}],
                                "settings": {setting.id: value}}))


@pytest.mark.parametrize(("right", "wrong"), [
    ("client-push", "client-psuh"), ("http-port", "htpp-port"), ("site-server: 10", "siteserver: 10"),
    ("interfaces: {client", "interfaces: {clients"), ("acl: {client", "acl: {cleint"),
    ("[client, site-server]", "[client, sight-server]"), ("from: client", "from: clients"),
    ("to: site-server", "to: server"), ("mode: native", "mode: nativ"), ("[10.20.0.0/16", "[10.20.0.0/16/4"),
    ("10.1.1.10", "nonsense"), ("profile: domain", "profile: domian")])
def test_words_that_the_pack_does_not_know_are_marked(right: str, wrong: str) -> None:
    assert right in FULL
    assert not WORDS.is_valid(yaml.safe_load(FULL.replace(right, wrong)))


def test_the_words_follow_the_pack_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = (ROOT / "rules" / "configmgr-2007.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(other.replace("site-server", "primary-server"), encoding="utf-8")
    site = FULL.replace("configmgr-2007", "own.yaml").replace("site-server", "primary-server")
    data = yaml.safe_load(site)
    WORDS.validate(data)  # a pack that is not built in: only the form is held to
    assert run(["schema", "site", "--pack", str(tmp_path / "own.yaml")]) == 0
    own = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    own.validate(data)
    data["roles"]["site-server"] = "10.9.9.9"
    assert not own.is_valid(data)
    for call in (["schema", "check", "--pack", "configmgr-2007"], ["schema", "sight"]):
        assert run(call) == 2


def test_built_in_packs_keep_their_schema() -> None:
    pack = jsonschema.Draft202012Validator(schemas.load("pack"))
    for name in rules.builtin():
        pack.validate(yaml.safe_load((ROOT / "rules" / f"{name}.yaml").read_text(encoding="utf-8")))


CONFIGS = [*sorted((ROOT / "fixtures" / "sites").glob("*/*.cfg")),
           *sorted((ROOT / "fixtures" / "sites").glob("*/*.rules")),
           *sorted((ROOT / "fixtures" / "sites").glob("*/*.reg"))]


def test_show_and_trace_keep_their_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    show, trace = (jsonschema.Draft202012Validator(schemas.load(name)) for name in ("show", "trace"))
    packets = [["10.1.1.10", "10.20.0.77", "tcp", "445"], ["10.20.0.5", "10.1.1.10", "icmp"],
               ["10.20.0.5", "10.20.0.6", "udp", "135"]]
    assert CONFIGS
    verdicts = set()
    for config in CONFIGS:
        run(["show", str(config), "--format", "json"])
        show.validate(json.loads(capsys.readouterr().out))
        for packet in packets:
            of_host = ["--hook", "input", "--profile", "domain"] if config.suffix == ".reg" else []
            run(["trace", str(config), *packet, *of_host, "--format", "json"])
            traced = json.loads(capsys.readouterr().out)
            trace.validate(traced)
            verdicts.add(traced["packets"][0]["verdict"])
    assert verdicts == {"permit", "deny", "undecided"}
