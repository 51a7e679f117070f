"""What the journeys share: the cast in a real database, the browser, axe, and the worker's part done by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.journal.actions import reencode_attachment
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from tests.browser.conftest import (
    DESK,
    base_url,
    browser_context_args,
    browser_type_launch_args,
    desk_page,
)
from tests.cast import Cast, cast_of_now

__all__ = ["base_url", "browser_context_args", "browser_type_launch_args", "desk_page"]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that `-m "not browser"` leaves them out."""
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of_now()


@pytest.fixture
def signs_in(cast: Cast, live_server: Any) -> Callable[[Page, str], None]:
    """Sign a page in as somebody of the cast, as a device that has used its code before."""

    def sign_in(page: Page, key: str) -> None:
        signed = sign_in_device(user=cast.people[key], way="code", label="测试手机", at=clock.now())
        value = cookies.signed(cookies.DEVICE, signed.token)
        page.context.add_cookies([{"name": cookies.DEVICE, "value": value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def pages(browser: Any, signs_in: Callable[[Page, str], None]) -> Iterator[Callable[..., Page]]:
    """Give each of several people a browser of their own: at a desk, or a phone; nobody's for an empty key."""
    opened: list[BrowserContext] = []

    def of(key: str, screen: dict[str, Any] = DESK) -> Page:
        opened.append(browser.new_context(**screen, locale="zh-CN", timezone_id="Asia/Shanghai"))
        page = opened[-1].new_page()
        if key:
            signs_in(page, key)
        return page

    yield of
    for context in opened:
        context.close()


@pytest.fixture
def is_readable() -> Callable[[Page], None]:
    """Stop when axe finds something that not everybody can read or use."""

    def check(page: Page) -> None:
        page.emulate_media(reduced_motion="reduce")
        try:
            found = _faults_of(page)
        except BrowserError:  # the page before was still there when axe began, and went away under it
            found = _faults_of(page)
        assert [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found] == []

    return check


def _faults_of(page: Page) -> list[dict[str, Any]]:
    page.wait_for_load_state()
    return list(Axe().run(page, options=RULES).response["violations"])


@pytest.fixture
def worker_runs() -> Callable[[], None]:
    """Do what the worker would: make every waiting photo small and clean."""

    def run() -> None:
        for photo_id in Attachment.objects.filter(stage="received").values_list("pk", flat=True):
            reencode_attachment(attachment_id=photo_id, at=clock.now())

    return run
