"""No reader without cases: every form of every vendor, and every module that opens somebody else's file."""

from __future__ import annotations

import ast
from typing import get_args

import pytest

from aclproof.parsers.iptables.text import kinds
from aclproof.parsers.nftables.text import kind as nftables
from aclproof.parsers.vendor import VENDORS
from aclproof.parsers.windows import forms as windows
from aclproof.parsers.windows.refused import LIKE_RULES, REFUSED
from tests.fuzz import samples
from tests.fuzz.readers import READERS
from tests.test_house import ROOT, modules, nodes

NAMES = [each.name for each in READERS]
FORMS = {
    "cisco-asa": {"configuration", "show access-list"},
    "iptables": set(get_args(kinds.Kind)) - {""},
    "nftables": set(get_args(nftables.Kind)) - {""},
    "windows": {each.kind for each in windows.forms()} - {each.kind for each in (*LIKE_RULES, *REFUSED)}
    | {*samples.CONTAINERS, samples.LOOK_ALIKES},
}
BESIDES = {
    "cisco-asa": {"transcript", "change script"}, "iptables": {"transcript", "change script"},
    "nftables": {"change script", "included file"}, "windows": {"transcript", "change script"}}
"""What else is read of a vendor; transcripts of nftables are read with those of iptables."""

OPENERS = ("open", "inputs.read", "source.read", "source.data", "sources.data", "read_text", "parsers.opened",
           "json.loads", "msgspec.json.decode", "csv.reader", "csv.DictReader", "yaml.parse",
           "expat.ParserCreate", "regipy.RegistryHive")
"""Calls by which a module gets at the bytes of a file, or reads a format."""
OPENED_BY = {
    "linter/anonymise/texts.py": "anonymise",
    "linter/baseline/file.py": "baseline",
    "linter/cli/anonymise.py": "anonymise",
    "linter/cli/name_lists.py": "list of names",
    "linter/cli/packets.py": "packets",
    "linter/cli/rules.py": "pack",
    "linter/cli/tidy.py": "cisco-asa: configuration",
    "linter/diff/changed_firewalls.py": "cisco-asa: configuration",
    "linter/draft/grouping.py": "cisco-asa: configuration",
    "linter/draft/inventory/records.py": "inventory",
    "linter/fleet/shared.py": "cisco-asa: configuration",
    "linter/hearing/transcripts.py": "cisco-asa: transcript",
    "linter/site/extending.py": "base of a site file",
    "linter/site/reader.py": "site file",
    "linter/site/waivers.py": "waivers",
    "parsers/__init__.py": "cisco-asa: configuration",
    "parsers/nftables/text/including.py": "nftables: included file",
    "parsers/scripts.py": "cisco-asa: change script",
    "parsers/source.py": "cisco-asa: configuration",
    "parsers/windows/mmc.py": "windows: wf.msc list",
    "parsers/windows/powershell/text.py": "windows: PowerShell export",
    "parsers/windows/registry/hive.py": "windows: registry hive",
    "parsers/windows/registry/report_xml.py": "windows: Group Policy report",
    "rules/__init__.py": "pack",
    "rules/strict_yaml.py": "site file",
}
"""Modules, each with a reader whose cases come through it."""
NOT_READ = {
    "linter/bundle/prove.py": "an auditor's script: a damaged bundle ends it, and nothing is proven",
    "linter/cli/bundle.py": "reads the report that it has just written",
    "linter/anonymise/anonymise.py": "writes",
    "linter/anonymise/salt.py": "any 16 bytes are a salt",
    "linter/cli/diff_trees.py": "hashes alone",
    "linter/cli/files.py": "writes",
    "linter/cli/tree.py": "looks for words in site files",
    "linter/fleet/build.py": "the product's own files",
    "linter/fleet/pieces.py": "written by another process of the same run",
    "linter/fleet/store.py": "our own cache: a hash says whether an entry is whole",
    "linter/history/snapshot.py": "writes",
    "linter/schemas/__init__.py": "the product's own files",
    "rules/search.py": "hashes alone",
}
"""Modules that open files and take nothing from somebody else, and what they do."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_form_of_a_vendor_has_its_cases(vendor: str) -> None:
    assert {each.removeprefix(f"{vendor}: ") for each in NAMES if each.startswith(f"{vendor}: ")} \
        == FORMS[vendor] | BESIDES[vendor]


def test_every_module_that_opens_a_file_has_its_cases() -> None:
    opening = {str(path.relative_to(ROOT)) for path in modules()
               if any(isinstance(node, ast.Call) and ast.unparse(node.func) in OPENERS
                      for node in nodes(path))}
    assert opening == OPENED_BY.keys() | NOT_READ.keys()
    assert set(OPENED_BY.values()) <= set(NAMES)
