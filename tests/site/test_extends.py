"""Sites that share what they have in common: what is taken over, and where errors and paths point."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.cli import run
from aclproof.linter.demands.demands import plan
from aclproof.linter.program import check
from aclproof.linter.schemas import site as site_schema
from aclproof.linter.site import extending, reader, root
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site
from aclproof.parsers.model import addresses
from aclproof.rules.strict_yaml import InputError, load
from tests.cli.command import BRANCH, ROOT

Output = pytest.CaptureFixture[str]
Write = Callable[..., Path]
BASE = """\
pack: configmgr-2007
methods: [software-update-point]
settings:
  mode: mixed
  wsus-http-port: 8530
roles:
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
  software-update-point: [10.1.1.13]
firewalls:
  - {name: branch-asa, config: configs/branch-asa.cfg}
"""
SITE = """\
extends: ../defaults.yaml
roles:
  client: [10.20.0.0/16]
"""
SCHEMA = jsonschema.Draft202012Validator(site_schema.of_builtin_packs())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a marked folder, by their paths; the first one is returned."""
    (tmp_path / ".aclproof").touch()
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "branch-asa.cfg").write_bytes((BRANCH / "branch-asa.cfg").read_bytes())

    def written(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / next(iter(files))

    return written


@pytest.fixture
def site_of(write: Write) -> Callable[..., Site]:
    return lambda text, base=BASE: reader.read(write({"berlin/aclproof.yaml": text, "defaults.yaml": base}))


@pytest.fixture
def problems(write: Write, tmp_path: Path) -> Callable[..., list[str]]:
    def of(text: str, base: str = BASE, **more: str) -> list[str]:
        named = {f"{name}.yaml": each for name, each in more.items()}
        with pytest.raises(InputError) as caught:
            check(reader.read(write({"berlin/aclproof.yaml": text, "defaults.yaml": base, **named})))
        return [str(each).replace(f"{tmp_path}/", "") for each in caught.value.problems]

    return of


# -- what is taken over

def test_a_site_that_extends_is_the_same_as_one_that_says_it_all(
        site_of: Callable[..., Site], write: Write) -> None:
    whole = BASE.replace("roles:\n", "roles:\n  client: [10.20.0.0/16]\n").replace("configs/", "../configs/")
    written = check(reader.read(write({"bonn/aclproof.yaml": whole})))
    extended = check(site_of(SITE))
    assert (extended.methods, extended.demands, extended.inputs) == \
        (written.methods, written.demands, written.inputs)
    assert extended.methods[0].verdict.value == "works"
    assert extended.scope.roles == written.scope.roles
    assert extended.scope.settings == written.scope.settings


def test_a_key_stands_for_that_of_the_base(site_of: Callable[..., Site]) -> None:
    site = site_of(SITE + "methods: [group-policy, manual]\n")
    assert site.methods == ("group-policy", "manual")
    assert site_of(SITE).methods == ("software-update-point",)
    assert site_of(SITE + "methods:\n").methods == ()


def test_roles_and_settings_are_put_together_entry_by_entry(site_of: Callable[..., Site]) -> None:
    site = site_of("extends: ../defaults.yaml\nsettings: {mode: native}\n"
                   "roles: {client: 10.20.0.0/16, site-server: 10.9.9.9}\n")
    assert site.settings == {"mode": "native", "wsus-http-port": "8530"}
    assert set(site.roles) == {"client", "site-server", "management-point", "software-update-point"}
    assert site.roles["site-server"] == addresses.parse("10.9.9.9")


def test_an_entry_without_a_value_takes_that_of_the_base_out(site_of: Callable[..., Site]) -> None:
    site = site_of("extends: ../defaults.yaml\nsettings: {wsus-http-port: }\n"
                   "roles: {client: 10.20.0.0/16, software-update-point: }\nfacts: {a b: ~}\n",
                   BASE + "facts: {a b: yes, c d: no}\n")
    assert site.settings == {"mode": "mixed"}
    assert set(site.roles) == {"client", "site-server", "management-point"}
    assert site.facts == {"c d": False}


def test_a_section_without_a_value_takes_that_of_the_base_out(site_of: Callable[..., Site]) -> None:
    """As docs/site-file.md says of every key: else a fact of the base would count that the site disowns."""
    assert site_of(SITE + "settings:\n").settings == {}
    assert site_of(SITE + "facts:\n", BASE + "facts: {a b: yes}\n").facts == {}
    assert site_of(SITE + "facts:\n", BASE + "facts: 3\n").facts == {}


def test_a_section_without_entries_adds_none(site_of: Callable[..., Site]) -> None:
    assert site_of(SITE + "settings: {}\n").settings == {"mode": "mixed", "wsus-http-port": "8530"}


def test_an_entry_that_takes_out_nothing_is_a_mistake(problems: Callable[..., list[str]]) -> None:
    assert problems(SITE + "  site-servr:\n") == [
        "berlin/aclproof.yaml:4: roles.site-servr: expected an address, a network or a range"]


@pytest.mark.parametrize(("base", "own", "packs"), [
    ("pack: configmgr-2012", "packs: [configmgr-2007, sql-server]", ("configmgr-2007", "sql-server")),
    ("packs: [configmgr-2007, sql-server]", "pack: configmgr-2012", ("configmgr-2012",)),
    ("packs: [configmgr-2007, sql-server]", "", ("configmgr-2007", "sql-server"))])
def test_pack_and_packs_replace_each_other(base: str, own: str, packs: tuple[str, ...],
                                           site_of: Callable[..., Site]) -> None:
    assert site_of(f"{SITE}{own}\n", BASE.replace("pack: configmgr-2007", base)).packs == packs


def test_a_base_may_extend_another_one(write: Write) -> None:
    site = reader.read(write({
        "a/b/aclproof.yaml": "extends: ../region.yaml\nroles: {client: 10.20.0.0/16}\n",
        "a/region.yaml": "extends: ../defaults.yaml\nsettings: {mode: native}\nmethods: [manual]\n"
                         "roles: {software-update-point: }\n",
        "defaults.yaml": BASE}))
    assert site.settings == {"mode": "native", "wsus-http-port": "8530"}
    assert site.methods == ("manual",)
    assert "software-update-point" not in site.roles
    assert "site-server" in site.roles


# -- where paths start

def test_paths_are_relative_to_the_file_that_they_stand_in(write: Write, tmp_path: Path) -> None:
    pack = (ROOT / "rules" / "configmgr-2007.yaml").read_text("utf-8")
    own = write({"shared/rules/acme.yaml": pack})
    roles = "roles: {client: 10.20.0.0/16, site-server: 10.1.1.1}\n"
    site = reader.read(write({
        "berlin/aclproof.yaml": "extends: ../shared/d.yaml\n" + roles,
        "shared/d.yaml": "pack: acme\nwaivers: w.yaml\nfirewalls: [{config: [fw.cfg, ../configs/x.cfg]}]\n"}))
    assert site.packs == (str(own),)
    assert site.waivers == str(tmp_path / "shared" / "w.yaml")
    assert site.firewalls[0].configs == (str(tmp_path / "shared/fw.cfg"), str(tmp_path / "configs/x.cfg"))
    nearer = reader.read(write({
        "berlin/aclproof.yaml": f"extends: ../shared/d.yaml\n{roles}waivers: w.yaml\n"
                                "firewalls: [{config: fw.cfg}]\n"}))
    assert nearer.waivers == str(tmp_path / "berlin" / "w.yaml")
    assert nearer.firewalls[0].configs == (str(tmp_path / "berlin" / "fw.cfg"),)
    assert nearer.packs == (str(own),)


def test_every_file_that_a_site_is_made_of_is_an_input(
        write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    write({"berlin/aclproof.yaml": SITE.replace("defaults", "region"),
           "region.yaml": "extends: defaults.yaml\n", "defaults.yaml": BASE})
    monkeypatch.chdir(tmp_path)
    site = reader.read("berlin/aclproof.yaml")
    assert site.files()[:3] == ("berlin/aclproof.yaml", "region.yaml", "defaults.yaml")
    for file in ("region.yaml", "defaults.yaml", "configs/branch-asa.cfg"):
        before = Path(file).read_bytes()
        assert run(["check", "berlin/aclproof.yaml", "--format", f"json={file}"]) == 2
        assert f"{file} is an input" in capsys.readouterr().err
        assert Path(file).read_bytes() == before


def test_reports_name_the_site_file(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write({"berlin/aclproof.yaml": SITE, "defaults.yaml": BASE})
    monkeypatch.chdir(tmp_path)
    assert check(reader.read("berlin/aclproof.yaml")).scope.site_file == "berlin/aclproof.yaml"


# -- what is wrong

def test_every_problem_names_the_file_and_the_line_where_it_stands(
        problems: Callable[..., list[str]]) -> None:
    base = BASE.replace("10.1.1.11", "10.1.1.999").replace("name: branch-asa,", "nam: x,")
    told = problems(SITE.replace("/16", "/99") + "mehods: []\n", base)
    assert [" ".join(each.split()[:2]) for each in told] == [
        "berlin/aclproof.yaml:3: roles.client[0]:", "berlin/aclproof.yaml:4: mehods:",
        "defaults.yaml:8: roles.management-point[0]:", "defaults.yaml:11: firewalls[0].nam:"]


@pytest.mark.parametrize(("own", "base", "place"), [
    ("", BASE.replace("mixed", "mixd"), "defaults.yaml:4: settings.mode: "),
    ("settings: {mode: mixd}", BASE, "berlin/aclproof.yaml:4: settings.mode: "),
    ("", BASE.replace("[software-update-point]", "[client-psh]"), "defaults.yaml:2: methods[0]: "),
    ("", BASE.replace(".cfg}", ".cfg, interfaces: {client: insde}}"),
     "defaults.yaml:11: firewalls[0].interfaces.client: "),
    ("firewalls: [{config: ../configs/branch-asa.cfg, acl: {client: X}}]", BASE,
     "berlin/aclproof.yaml:4: firewalls[0].acl.client: "),
    ("facts: {fqdn x: [10.1.1.1]}", BASE, "berlin/aclproof.yaml:4: facts.fqdn x: "),
    ("settings: [mode]", BASE, "berlin/aclproof.yaml:4: settings: expected 'setting: value'"),
    ("settings: {mode: mixed}", BASE.replace("settings:\n  mode: mixed\n  wsus-http-port: 8530",
                                             "settings: [mode]"),
     "defaults.yaml:3: settings: expected 'setting: value'"),
    ("paths: [{from: client, to: site-server, through: [x]}]", BASE, "berlin/aclproof.yaml:4: paths[0]."),
    ("", BASE + "pack: x\n", "defaults.yaml:12: pack: this key is set twice"),
    ("", "- a\n", "defaults.yaml:1: a site file is a mapping"),
    ("", "a: [\n", "defaults.yaml:2: this is not valid YAML"),
    ("", "a: &x b\n", "defaults.yaml:1: a: the anchor &x is not allowed")])
def test_later_problems_do_so_too(own: str, base: str, place: str,
                                  problems: Callable[..., list[str]]) -> None:
    told = problems(f"{SITE}{own}\n", base)
    assert len(told) == 1
    assert told[0].startswith(place)


@pytest.mark.parametrize(("named", "says"), [
    ("../default.yaml", "default.yaml: no such file"), ("..", "this is a folder: name the file in it"),
    ("'-'", "expected the path of one file"), ("''", "expected the path of one file"),
    ("[../defaults.yaml]", "expected the path of one file"),
    ("{a: b}", "expected the path of one file"),
    ("../../d.yaml", "../../d.yaml lies outside "), ("/etc/passwd", "/etc/passwd lies outside "),
    ("aclproof.yaml", "extend each other in a circle: berlin/aclproof.yaml")])
def test_a_base_that_cannot_be_used_is_a_problem_of_the_file_that_names_it(
        named: str, says: str, problems: Callable[..., list[str]]) -> None:
    [told] = problems(SITE.replace("../defaults.yaml", named))
    assert told.startswith("berlin/aclproof.yaml:1: extends: ")
    assert says in told


def test_a_circle_names_its_files(problems: Callable[..., list[str]]) -> None:
    [told] = problems(SITE, "pack: configmgr-2007\nextends: region.yaml\n", region="extends: defaults.yaml\n")
    assert told.startswith("region.yaml:1: extends: ")
    assert told.endswith("in a circle: berlin/aclproof.yaml, defaults.yaml, region.yaml")


def test_eight_files_may_be_above_a_site_and_not_nine(
        problems: Callable[..., list[str]], site_of: Callable[..., Site], write: Write) -> None:
    write({f"d{number}.yaml": f"extends: d{number + 1}.yaml\n" for number in range(1, 8)} | {"d8.yaml": BASE})
    assert site_of(SITE.replace("defaults", "d1")).methods == ("software-update-point",)
    [told] = problems(SITE, "extends: d1.yaml\n")
    assert told.startswith("d7.yaml:1: extends: more than 8 files extend one another")


def test_no_base_is_needed(problems: Callable[..., list[str]], site_of: Callable[..., Site]) -> None:
    assert site_of(SITE.replace("extends: ../defaults.yaml", "extends:") + BASE.split("roles:\n")[1]) \
        .roles.keys() >= {"client", "site-server"}
    assert "'firewalls' is missing" in problems(SITE, "")[0]
    assert "did you mean 'extends'?" in problems(SITE.replace("extends", "extend"))[0]


KEYS = ("methods", "waivers", "tier", "roles", "settings", "facts")
ENTRIES = st.dictionaries(st.sampled_from("abc"), st.sampled_from([*"xyz", None]), max_size=3)
FILES = st.lists(st.fixed_dictionaries({}, optional={
    key: ENTRIES | st.none() if key in KEYS[3:] else st.sampled_from([*"xyz", None]) for key in KEYS}),
    min_size=2, max_size=4)
"""A site file, what it extends, what that one extends, and so on."""


def lines(data: Mapping[str, Any], base: str) -> str:
    """A file with every key and entry on a line of its own, which names its value."""
    written = [f"extends: {base}"] if base else []
    for key, value in data.items():
        entries = value if isinstance(value, dict) else {}
        written += [f"{key}: {'' if entries or value is None else json.dumps(value)}",
                    *(f"  {entry}: {word or ''}" for entry, word in entries.items())]
    return "\n".join(written) + "\n"


def wanted(files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Key or key and entry -> value, by asking one file after the other, from the site file upwards.

    A section without a value is the last that is asked.
    """
    found: dict[str, str | None] = {}
    for number, data in enumerate(files):
        for key, value in data.items():
            if any(key in below and below[key] is None for below in files[:number]):
                continue
            parts = {f"{key}.{entry}": word for entry, word in value.items()} if isinstance(value, dict) \
                else {key: value}
            for part, word in parts.items():
                found.setdefault(part, word)
    return {part: word for part, word in found.items() if word is not None}


@given(FILES)
def test_the_nearest_file_that_says_something_wins_and_is_named(
        tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("files")
    texts = [lines(data, f"{number + 1}.yaml" if number + 1 < len(files) else "")
             for number, data in enumerate(files)]
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    document = extending.extended(load(texts[0], str(folder / "0.yaml")), root.of(folder))
    data = document.data if isinstance(document.data, dict) else {}
    told = {(key, entry): word for key, value in data.items() if isinstance(value, dict)
            for entry, word in value.items()} | {(key,): value for key, value in data.items()
                                                 if isinstance(value, str) and key != "extends"}
    expected = wanted(files)
    assert {".".join(path): word for path, word in told.items() if word is not None} == expected
    for path, word in told.items():
        problem = document.problem(path, "")
        line = Path(problem.file).read_text("utf-8").splitlines()[problem.line - 1]
        assert line.split(":")[0].strip() == path[-1]
        assert line.split(":")[1].strip().strip('"') == (word or "")


# -- facts of a base are for many sites

def test_a_fact_of_the_base_may_be_for_other_sites(
        site_of: Callable[..., Site], problems: Callable[..., list[str]]) -> None:
    fact = 'facts: {"time-range NIGHT": active}\n'
    assert check(site_of(SITE, BASE + fact)).methods == check(site_of(SITE)).methods
    [told] = problems(SITE + fact)
    assert told.startswith("berlin/aclproof.yaml:4: facts.time-range NIGHT: no rule depends")


def test_a_fact_of_the_base_that_contradicts_a_configuration_is_a_problem_of_the_base(
        write: Write, problems: Callable[..., list[str]]) -> None:
    config = write({"configs/branch-asa.cfg": (BRANCH / "branch-asa.cfg").read_text("utf-8")})
    assert "time-range OFFICE-HOURS" in config.read_text("utf-8")
    [told] = problems(SITE, BASE + 'facts: {"time-range OFFICE-HOURS": [10.0.0.1]}\n')
    assert told.startswith("defaults.yaml:12: facts.time-range OFFICE-HOURS: expected yes or no")


# -- the documented example

def test_the_documented_example_is_what_it_says(write: Write) -> None:
    page = (ROOT / "docs" / "site-file.md").read_text("utf-8").partition("## Sites that share")[2]
    base, own = (each.partition("```")[0] for each in page.split("```yaml\n")[1:3])
    site = reader.read(write({"sites/berlin/aclproof.yaml": own, "defaults.yaml": base}))
    assert site.settings == {"client-connections": "http", "wsus-http-port": "8530"}
    assert set(site.roles) == {"client", "site-server", "management-point"}
    assert plan(site, pack_of(site)).demands
    assert SCHEMA.is_valid(yaml.safe_load(own))


# -- editors

def checked(**data: Any) -> bool:
    return bool(SCHEMA.is_valid(json.loads(json.dumps(data))))


def test_the_schema_asks_for_nothing_that_a_base_may_have() -> None:
    assert SCHEMA.is_valid(yaml.safe_load(SITE))
    assert checked(extends="../d.yaml")
    assert not checked(roles={"client": "10.0.0.1"})
    assert checked(extends="d.yaml", roles={"client": None}, settings={"mode": None}, facts={"x": None})
    for section in ("roles", "settings", "facts"):
        data = {"roles": {"client": "10.0.0.1"}, "firewalls": [{"config": "a"}], section: {"mode": None}}
        assert not checked(**data)
    assert not checked(extends=["d.yaml"])
    assert not checked(extends="")


def test_the_schema_holds_to_no_pack_where_a_base_may_name_another() -> None:
    assert checked(extends="d.yaml", roles={"database-server": "10.0.0.1"})
    assert not checked(extends="d.yaml", pack="configmgr-2007", roles={"database-server": "10.0.0.1"})
    assert not checked(firewalls=[{"config": "a"}], roles={"database-server": "10.0.0.1"})
