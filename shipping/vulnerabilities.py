"""Whether a vulnerability is known of a library: `python -m shipping.vulnerabilities constraints.txt`.

A library that the index could not be asked about is not known to be without one: it is named, and fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import fill
from typing import Any

from shipping.tools import BIN, ROOT

KNOWN, NOT_ASKED = 1, 2
"""Exit codes: a vulnerability is known; none is, and not every library could be asked about."""


def main() -> None:
    """Ask pip-audit, say what it found, and leave with an exit code."""
    [constraints] = sys.argv[1:]
    done = subprocess.run([BIN / "pip-audit", "--requirement", constraints, "--no-deps", "--disable-pip",
                           "--progress-spinner", "off", "--desc", "off", "--format", "json"],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        text, code = told(json.loads(done.stdout)["dependencies"])
    except ValueError:  # no index at all
        raise SystemExit(f"pip-audit: exit code {done.returncode}\n{done.stdout}{done.stderr}") from None
    print(text)
    raise SystemExit(code)


def told(libraries: list[dict[str, Any]]) -> tuple[str, int]:
    """Return what there is to say of the libraries of pip-audit's JSON, and the exit code."""
    lines = [f"{each['name']} {each['version']}: {known['id']}, mended in "
             f"{' or '.join(known['fix_versions']) or 'no version yet'}"
             for each in libraries for known in each.get("vulns", ())]
    skipped = {each["name"]: each["skip_reason"] for each in libraries if "skip_reason" in each}
    asked = len(libraries) - len(skipped)
    code = KNOWN if lines else NOT_ASKED if skipped or not libraries else 0
    lines.append(f"{asked} of {len(libraries)} libraries were asked about; "
                 f"{len(lines) or 'no'} vulnerabilities are known of these")
    if skipped:
        lines += ["could not be asked about:", fill(", ".join(skipped), 110, break_on_hyphens=False),
                  f"the first because: {next(iter(skipped.values()))}"]
    return "\n".join(lines), code


if __name__ == "__main__":
    main()
