"""The browser of the journeys: which program, which screens, which language."""

from typing import Any

import pytest

from tests.browser import chromium

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that `-m "not browser"` leaves them out."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Nothing: the journeys name their live server; the plugin's own fixture warns under this pytest."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = chromium.executable()
    assert program is not None, f"no Chromium: run  {chromium.BY_HAND}"
    return browser_type_launch_args | {"executable_path": str(program), "args": list(chromium.LAUNCH_ARGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | PHONE | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def desk_page(browser: Any) -> Any:
    """Open a page as wide as a desk's screen."""
    context = browser.new_context(**DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
