"""Packs by name: the places in their order, and never another pack than the one that was meant."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.rules import search
from aclproof.rules.strict_yaml import InputError
from tests.rules.packs import SMALL, acme

BUILT_IN = Path(search.builtin_file("configmgr-2007")).read_text(encoding="utf-8")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder, with the user's own folder of packs below it, and no installed package of packs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{name}.yaml"


def test_a_path_stays_what_it_is_and_a_built_in_pack_is_its_name(home: Path) -> None:
    write(home / "rules", "acme", acme())
    assert rules.find("acme.yaml") == "acme.yaml", "in the current folder, though there is one in rules"
    assert rules.find("absent.yml", "elsewhere") == "absent.yml"
    assert rules.find("configmgr-2007") == "configmgr-2007"


def test_the_folder_rules_is_that_of_the_one_who_names_the_pack(home: Path) -> None:
    write(home / "rules", "acme", acme())
    write(home / "site" / "rules", "small", SMALL)
    assert Path(rules.find("acme")) == Path("rules/acme.yaml")
    assert Path(rules.find("small", "site")) == Path("site/rules/small.yaml")
    for name, folder in (("small", ""), ("acme", "site")):
        with pytest.raises(InputError, match="unknown pack"):
            rules.find(name, folder)


def test_the_users_own_folder_follows_the_specification(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG Base Directory Specification: unset or empty is ~/.config, and a relative path is to be ignored."""
    given = write(home / "config" / "aclproof" / "rules", "acme", acme())
    assert rules.find("acme") == str(given)
    monkeypatch.setenv("HOME", str(home / "me"))
    own = write(home / "me" / ".config" / "aclproof" / "rules", "acme", acme())
    for value in ("", "config"):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        assert rules.find("acme") == str(own)


@pytest.mark.parametrize("name", ["configmgr-2007", "acme"])
def test_one_name_for_two_different_files_is_an_error_that_names_both(home: Path, name: str) -> None:
    text = BUILT_IN if name == "configmgr-2007" else acme()
    here, own = write(home / "rules", name, text), home / "config" / "aclproof" / "rules"
    assert rules.find(name) in (name, f"rules/{name}.yaml"), "a copy changes no report"
    here.write_text(text + "# mine\n", encoding="utf-8")
    write(own, name, text)
    with pytest.raises(InputError, match="several packs have this name") as caught:
        rules.find(name)
    for place in ("the built-in one", f"rules/{name}.yaml", str(own / f"{name}.yaml")):
        assert (place in str(caught.value)) == (place != "the built-in one" or name == "configmgr-2007")
    assert rules.find(f"rules/{name}.yaml") == f"rules/{name}.yaml", "a path says which"


@pytest.mark.parametrize("name", ["../acme", "rules/acme", "Acme", "acme\0", "", ".", "acme.yaml/"])
def test_what_is_no_name_leads_to_no_file(home: Path, name: str) -> None:
    write(home / "rules", "acme", acme())
    write(home, "acme", acme())
    with pytest.raises(InputError, match="unknown pack"):
        rules.find(name)


def test_a_name_that_is_mistyped_gets_the_nearest_of_all_places(home: Path) -> None:
    write(home / "rules", "acme", acme())
    with pytest.raises(InputError, match="did you mean 'acme'"):
        rules.find("acmee")


def test_a_pack_that_is_not_built_in_knows_its_file_and_the_hash_of_its_bytes(home: Path) -> None:
    file = write(home, "acme", "\ufeff" + acme().replace("Acme agents", "Acmé agents"))
    origin = rules.load("acme.yaml").origin
    assert origin
    assert (origin.file, origin.sha256) == ("acme.yaml", hashlib.sha256(file.read_bytes()).hexdigest())
    assert rules.load("configmgr-2007").origin is None


def test_a_file_cannot_say_where_it_is_from(home: Path) -> None:
    write(home, "acme", acme() + f"origin: {{file: other.yaml, sha256: {'0' * 64}}}\n")
    with pytest.raises(InputError, match="unknown key 'origin'"):
        rules.load("acme.yaml")


PACKAGE = """
import sys
sys.path[:0] = {packages!r}
from aclproof import rules
from aclproof.rules import search
print([(each.name, each.place, each.package) for each in search.everywhere() if each.place == "installed"])
try:
    print(rules.find({name!r}))
except Exception as error:
    print(type(error).__name__, error)
print("acme_packs" in sys.modules, "importlib.metadata" in sys.modules)
"""


def installed(folder: Path, distribution: str, entries: str) -> str:
    """A folder of packages, as pip writes it; the package fails where it is imported."""
    info = folder / f"{distribution}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[aclproof.packs]\n{entries}\n")
    return str(folder)


def asked(name: str, *packages: str) -> list[str]:
    program = PACKAGE.format(packages=list(packages), name=name)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": "/nonexistent"})
    return done.stdout.splitlines()


def test_an_installed_package_brings_packs_and_none_of_its_code_is_run(home: Path) -> None:
    site = home / "site-packages"
    entries = "acme = acme_packs\nacme-inner = acme_packs.more\ngone = acme_packs\nlost = no_such_package"
    packages = installed(site, "acme-packs", entries)
    file, inner = write(site / "acme_packs", "acme", acme()), site / "acme_packs" / "more"
    write(inner, "acme-inner", acme())
    (site / "acme_packs" / "__init__.py").write_text("raise RuntimeError")
    brought = [(name, "installed", "acme-packs 1.2") for name in ("acme", "acme-inner")]
    assert asked("acme", packages) == [str(brought), str(file), "False True"]
    assert asked("acme-inner", packages)[1] == str(inner / "acme-inner.yaml")
    assert "unknown pack 'gone'" in asked("gone", packages)[1]


def test_a_package_takes_the_place_of_no_file_and_is_not_looked_for_then(home: Path) -> None:
    entries = "acme = acme_packs\nconfigmgr-2007 = acme_packs"
    packages = installed(home / "site-packages", "acme-packs", entries)
    for name in ("acme", "configmgr-2007"):
        write(home / "site-packages" / "acme_packs", name, acme() + "# other\n")
    write(home / "rules", "acme", acme())
    assert asked("configmgr-2007", packages)[1] == "configmgr-2007"
    assert asked("acme", packages)[1] == "rules/acme.yaml"
    program = ("import sys; from aclproof import rules; rules.find('acme');"
               "print('importlib.metadata' in sys.modules)")
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=False,
                          env={"PYTHONPATH": ":".join([str(ROOT), *sys.path[1:]])})
    assert done.stdout == "False\n", done.stderr


def test_two_packages_with_one_name_are_an_error(home: Path) -> None:
    packages = [installed(home / name, name, f"acme = {name}") for name in ("one", "two")]
    for name in ("one", "two"):
        write(home / name / name, "acme", acme() + f"# {name}\n")
    assert asked("acme", *packages)[1].startswith("InputError acme: several packs have this name")


@pytest.mark.parametrize("line", [b"no equals sign", b"x = \xff:y"])
def test_a_damaged_package_hides_no_other_one(home: Path, line: bytes) -> None:
    """`entry_points.txt` is UTF-8 lines of NAME = VALUE (packaging.python.org, entry points)."""
    first = installed(home / "one", "broken", "")
    (home / "one" / "broken-1.2.dist-info" / "entry_points.txt").write_bytes(b"[console_scripts]\n" + line)
    file = write(home / "two" / "acme_packs", "acme", acme())
    packages = (first, installed(home / "two", "acme-packs", "acme = acme_packs"))
    assert asked("acme", *packages)[1] == str(file)
    assert "unknown pack 'acne'" in asked("acne", *packages)[1]


def test_of_a_package_that_is_there_twice_the_first_counts_as_in_python(home: Path) -> None:
    packages = [installed(home / folder, name, f"acme = {folder}")
                for folder, name in (("one", "acme-packs"), ("two", "Acme_Packs"))]
    for folder in ("one", "two"):
        write(home / folder / folder, "acme", acme() + f"# {folder}\n")
    assert asked("acme", *packages)[1] == str(home / "one" / "one" / "acme.yaml")


def test_the_list_and_the_name_agree_on_what_is_ambiguous() -> None:
    """A package's pack takes no file's place, so it alone has to be named by its path."""
    built_in = search.Found("configmgr-2007", search.builtin_file("configmgr-2007"), "built-in")
    places: tuple[search.Place, ...] = ("site", "installed")
    for place in places:
        other = search.Found("configmgr-2007", search.builtin_file("configmgr-2012"), place)
        assert search.is_ambiguous(built_in, [built_in, other]) == (place == "site")
        assert search.is_ambiguous(other, [built_in, other])
    assert not search.is_ambiguous(built_in, [built_in])
