"""A real browser for tests: Chromium, the accessibility checks of axe, and a server to look at."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from waitress import wasyncore
from waitress.server import create_server

AXE: Final = Path(__file__).parents[2] / "frontend/dist-dev/axe.min.js"
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1440, "height": 900}

_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN: Final = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return found.violations.map((rule) => ({
    id: rule.id, help: rule.help, nodes: rule.nodes.map((node) => node.html.slice(0, 200)),
  }));
}"""


class Missing(AssertionError):
    """What a browser test needs is not there. A test that cannot run has not passed."""


def start(playwright: Playwright) -> Browser:
    """Start Chromium: that of CHROMIUM=, else the one on this computer."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        raise Missing(f"No Chromium at {path}: install chromium, or set CHROMIUM to its path.")
    return playwright.chromium.launch(executable_path=path, args=_FLAGS)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve ``app`` on a free port of this computer only, and give its address.

    By the server of the product: the one that comes with Flask now and then resets a connection.
    """
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # the loop ends when its map is empty; only its own thread may empty it
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))  # noqa: SLF001
        thread.join()
        server.task_dispatcher.shutdown()


def axe(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds wrong on the page as it is now: WCAG 2.2 A and AA, and good practice."""
    if not AXE.exists():
        raise Missing(f"No axe at {AXE}: run python hatch_build.py first.")
    page.evaluate(AXE.read_text("utf-8") + "; 0")
    found: list[dict[str, Any]] = page.evaluate(_RUN, _RULES)
    return found


def too_small(page: Page, least: int = 44) -> list[str]:
    """Return the controls that are smaller to touch than ``least`` pixels, links in text aside."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('button, input, select, textarea, summary')]
          .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden=true]'))
          .map((one) => ['checkbox', 'radio'].includes(one.type) ? one.closest('label') ?? one : one)
          .filter((one) => { const box = one.getBoundingClientRect();
                             return box.width && (box.height < least - 0.5 || box.width < 24); })
          .map((one) => one.outerHTML.slice(0, 160))""",
        least,
    )
    return found


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
