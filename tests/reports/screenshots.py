"""The pictures of the HTML report in docs/images, made anew: `make screenshots`."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from aclproof.linter.reports import html
from tests.reports.browser import Browser
from tests.reports.many_sites import outcomes, portfolio, save
from tests.reports.samples import everything, result_of

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_MOST_BYTES = 400_000


def main() -> None:
    """Write every picture; a report is shown as it is, nothing is painted over."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Browser(Path(folder) / "profile") as browser:
        branch, makes = Path(folder) / "branch.html", Path(folder) / "makes.html"
        branch.write_text(html.render(everything()), encoding="utf-8")
        makes.write_text(html.render(result_of("windows-three-vendors")), encoding="utf-8")
        browser.show(branch)
        _save("report-light", browser.picture(0, 1440, 1280))
        top, height = browser.place("#findings article:nth-of-type(1)")
        _save("report-finding", browser.picture(top - 24, height + 48, 1280))
        browser.show(makes, dark=True)
        top, _ = browser.place("#coverage")
        _save("report-dark", browser.picture(top, browser.place("#findings")[0] - top, 1280))
        browser.show(branch, width=390)
        top, _ = browser.place("#coverage")
        _save("report-phone", browser.picture(top, 1700, 390))
        (Path(folder) / "report.pdf").write_bytes(browser.pdf())
        subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", "96", "report.pdf", "paper"],
                       cwd=folder, check=True)
        _save("report-paper", (Path(folder) / "paper.png").read_bytes())
        browser.show(save(Path(folder), portfolio(tuple(outcomes(2000)))))
        browser.press("#tools [value='3']", " ")
        browser.press("#search", "bonn")
        _save("portfolio-light", browser.picture(browser.place("#sites")[0], 900, 1280))


def _save(name: str, png: bytes) -> None:
    if len(png) > _MOST_BYTES:
        raise SystemExit(f"{name}.png has {len(png)} bytes, more than {_MOST_BYTES}")
    (IMAGES / f"{name}.png").write_bytes(png)


if __name__ == "__main__":
    main()
