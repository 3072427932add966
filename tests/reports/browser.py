"""Chromium without a window, to look at a report as its readers do: on a screen, on a phone, on paper."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--hide-scrollbars")
PROGRAMS = ("chromium", "chromedriver", "pdftotext", "pdfinfo", "pdftoppm")
"""What has to be installed: Debian's chromium, chromium-driver and poppler-utils."""

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
"""Run in a page it returns how many texts it looked at, and those that stand out too little."""


def missing() -> list[str]:
    """What keeps this machine from looking at a report."""
    return [name for name in PROGRAMS if not shutil.which(name)]


class Browser:
    """One browser with an empty profile in `home`; paths are given, so that nothing is downloaded."""

    def __init__(self, home: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for flag in (*_FLAGS, f"--user-data-dir={home}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self._driver = webdriver.Chrome(options, Service(str(shutil.which("chromedriver"))))

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._driver.quit()

    def show(self, page: Path, *, width: int = 1280, dark: bool = False) -> None:
        """Open a page on a screen of so many pixels, high enough for all of it."""
        self._emulate("", dark)
        self._size(width, 900)
        self._driver.get(page.as_uri())
        self._size(width, int(self.run("return document.documentElement.scrollHeight")))

    def as_paper(self, *, dark: bool) -> None:
        """Show the open page as it will be printed."""
        self._emulate("print", dark)

    def run(self, script: str, *given: object) -> Any:
        """Run a script in the open page and return what it returns."""
        return self._driver.execute_script(script, *given)

    def press(self, selector: str, *keys: str) -> None:
        """Type into an element, as from a keyboard."""
        self._driver.find_element("css selector", selector).send_keys(*keys)

    def work(self, page: Path) -> float:
        """Open a page and return how many seconds the processor worked until it was drawn."""
        self._driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        self._driver.get(page.as_uri())
        self.run("return new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")
        metrics = self._driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    def place(self, selector: str) -> tuple[int, int]:
        """Return where an element begins from the top of the page, and how high it is."""
        box = self.run("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                       "return [Math.floor(b.top + scrollY), Math.ceil(b.height)]", selector)
        return int(box[0]), int(box[1])

    def picture(self, top: int, height: int, width: int, scale: float = 1) -> bytes:
        """Return a part of the page as PNG."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale}
        return self._bytes("Page.captureScreenshot", {"format": "png", "clip": clip})

    def pdf(self) -> bytes:
        """Print the page as its own style wants it."""
        return self._bytes("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})

    def complaints(self) -> list[str]:
        """Return what the console says since the last time."""
        return [str(each["message"]) for each in self._log("browser")]

    def requests(self) -> list[str]:
        """Return every address that was requested since the last time."""
        events = [json.loads(each["message"])["message"] for each in self._log("performance")]
        return [str(each["params"]["request"]["url"]) for each in events
                if each["method"] == "Network.requestWillBeSent"]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._driver.get_log(kind)  # type: ignore[no-untyped-call]
        return found

    def _bytes(self, command: str, given: dict[str, object]) -> bytes:
        return base64.b64decode(self._driver.execute_cdp_cmd(command, given)["data"])

    def _size(self, width: int, height: int) -> None:
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def _emulate(self, media: str, dark: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
