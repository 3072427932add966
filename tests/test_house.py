from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("linter", "parsers", "rules")
ONE_IMPORTER = {
    "netaddr": {"parsers/model/addresses.py"},
    "ciscoconfparse": {"parsers/cisco_asa/text/second_opinion.py"},
    "loguru": {"parsers/cisco_asa/text/second_opinion.py"},
    "yaml": {"rules/strict_yaml.py"},
    "regipy": {"parsers/windows/registry/hive.py"},
    "rich": {"linter/reports/writing/terminal.py", "linter/cli/progress.py"},
    "jinja2": {"linter/reports/html/__init__.py"},
    "ctypes": {"linter/cli/language.py"},
    "dulwich": {"linter/history/repository.py"},
    "distributed": {"linter/fleet/cluster.py"},
    "watchfiles": {"linter/cli/watching.py"},
}
PRODUCT = re.compile(
    r"configuration manager|configmgr|sccm|mecm|ccmsetup|wsus|clientcomputer|source page|\b(?:8530|8531)\b"
    r"|(?:management|distribution|update|locator|status).points?\b|site.servers?\b|[\"']clients?[\"']",
    re.IGNORECASE)
"""Words of one product, and the name of a role; what is about every product may not hang on them."""
MAY_NAME_THE_PRODUCT = {
    "linter/cli/app.py": "the program's own description: what it was made for",
    "linter/cli/init.py": "the name of the option --from-configmgr, whose export is the product's own",
    "linter/cli/site_options.py": "the name of the option --client, which is the pack's near role",
    "linter/site/site.py": "the name of the built-in pack that is the default",
    "rules/pack.py": "wsus-pair is the name of a rule in the pack format",
    "rules/values.py": "wsus-pair is the name of a rule in the pack format",
}
RUN_BY_ITSELF = "linter/bundle/prove.py"
"""The script of a bundle, which the program only copies: it runs aclproof."""
ACTS = re.compile(r"os\.(?:system|popen|exec|spawn|fork|posix_spawn)\w*|yaml\.(?:unsafe_|full_)?load\w*|"
                  r"socket\.(?:socket|create_\w+)")
NEVER = {"pickle", "marshal", "subprocess", "socketserver", "requests", "urllib"}


def modules() -> list[Path]:
    return sorted(path for room in (*ROOMS, "aclproof") for path in (ROOT / room).rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """The syntax tree of a module, the module itself first."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> frozenset[str]:
    """The top-level names of what a module imports."""
    return frozenset(_imported(nodes(path)))


def _imported(tree: list[ast.AST]) -> Iterator[str]:
    for node in tree:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
        elif (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
              and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "import_module"
              and isinstance(node.args[0], ast.Constant)):
            yield str(node.args[0].value).split(".")[0]


def test_imports_only_go_down(tmp_path: Path) -> None:
    """On a copy laid out as the wheel is: import-linter follows no links and no `__path__`."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / "aclproof" / room,
                        ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "inputs.py", "reason.py"):
        shutil.copy(ROOT / "aclproof" / name, tmp_path / "aclproof")
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache",
            "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", ONE_IMPORTER)
def test_a_library_is_imported_in_one_place(library: str) -> None:
    users = {str(path.relative_to(ROOT)) for path in modules()
             if library in imports(path)}
    assert users == ONE_IMPORTER[library]


def test_records_are_structs() -> None:
    """docs/decisions/0026-records-are-structs.md: a dataclass takes thirty times as long to be made."""
    assert not [path for path in modules() if "dataclasses" in imports(path)]


def test_click_is_the_command_lines_matter() -> None:
    users = {path.relative_to(ROOT).parts[:2] for path in modules() if "click" in imports(path)}
    assert users == {("linter", "cli")}


def test_nothing_runs_code_or_opens_connections() -> None:
    for path in modules():
        alone = {"subprocess"} if str(path.relative_to(ROOT)) == RUN_BY_ITSELF else set()
        assert NEVER & imports(path) == alone, path
        called = {node.func.id for node in nodes(path)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not called & {"eval", "exec", "compile", "__import__"}, path
        acting = (ast.unparse(node) for node in nodes(path) if isinstance(node, ast.Attribute))
        assert not list(filter(ACTS.fullmatch, acting)), path


def test_what_is_kept_of_a_value_is_given_for_no_equal_one() -> None:
    """`True == 1` and `0 == False`: a cache of one that is not `typed` would give the other one's answer."""
    kept = [(path, node, ast.unparse(decorator)) for path in modules() for node in nodes(path)
            if isinstance(node, ast.FunctionDef) for decorator in node.decorator_list
            if re.match(r"(functools\.)?(lru_)?cache\b", ast.unparse(decorator))]
    mixed = [f"{path.relative_to(ROOT)}: {node.name}" for path, node, said in kept if "typed=True" not in said
             for each in (*node.args.args, *node.args.kwonlyargs) if each.annotation is not None
             and re.search(r"int.*bool|bool.*int|Tree|Any|object", ast.unparse(each.annotation))]
    assert len(kept) > 20
    assert not mixed


def test_words_of_one_product_are_in_its_pack() -> None:
    rooms = [path for path in modules() if path.relative_to(ROOT).parts[0] in ROOMS]
    named = {str(path.relative_to(ROOT)) for path in rooms
             if PRODUCT.search(path.read_text(encoding="utf-8"))}
    assert sorted(named) == sorted(MAY_NAME_THE_PRODUCT)


def test_modules_and_functions_stay_small() -> None:
    for path in modules():
        assert path.read_text(encoding="utf-8").count("\n") <= 320, path
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{path}: {node.name}"


def test_no_room_is_imported_by_its_bare_name() -> None:
    """`rules`, `linter` and `parsers` are other people's names in site-packages."""
    others = ("tests", "pages", "benchmarks", "trust")
    users = [path for room in others for path in (ROOT / room).rglob("*.py")]
    for path in [*modules(), *users]:
        assert not imports(path) & set(ROOMS), path


def test_every_module_says_what_it_is_for() -> None:
    for path in modules():
        module = nodes(path)[0]
        assert isinstance(module, ast.Module)
        assert ast.get_docstring(module), path


def test_the_readme_shows_the_real_help() -> None:
    from click.testing import CliRunner

    from aclproof.linter.cli.app import app

    shown = CliRunner().invoke(app, ["--help"], prog_name="aclproof", terminal_width=80).output
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert shown.strip() in readme


def test_every_command_has_its_page() -> None:
    from aclproof.linter.cli.app import COMMANDS

    assert {path.stem for path in (ROOT / "docs" / "commands").glob("*.md")} == set(COMMANDS)


def test_pages_have_no_marks_of_a_merge() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").rglob("*.yaml")]
    assert len(pages) > 100
    for path in pages:
        assert not re.search(r"(?m)^(?:<{7}|>{7}) ", path.read_text(encoding="utf-8")), path


def test_no_tar_or_zip_is_read_as_a_configuration(tmp_path: Path) -> None:
    from aclproof.parsers import read
    from aclproof.parsers.source import UnsupportedInputError

    (tmp_path / "a.cfg").write_text("access-list A extended permit ip any any\n", encoding="utf-8")
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        archive.add(tmp_path / "a.cfg")
    with pytest.raises(UnsupportedInputError):
        read(str(tmp_path / "a.tgz"))
