from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from support import browser as chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        started = chromium.start(playwright)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of its own, with our Content-Security-Policy in force."""
    opened = browser.new_context(locale="nl-NL", viewport=chromium.DESK)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve an application on loopback for as long as the test runs; gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(chromium.served(app))


@pytest.fixture
def page(
    context: BrowserContext,
    serve: Callable[[Flask], str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A page. A broken script or a refused source fails the test; a picture is kept in tmp_path.

    It asks for ``serve`` so that the server outlives it: what still loads when a test ends is
    no fault of the page.
    """
    del serve
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type == "error" and "status of 4" not in line.text
            else None
        ),
    )
    yield opened
    opened.screenshot(path=tmp_path / f"{request.node.name[:60]}.png", full_page=True)
    assert complaints == []
