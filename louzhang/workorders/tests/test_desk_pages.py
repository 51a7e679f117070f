"""The pages of the desk: who may open them, what stands there, and what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

Browser = Callable[[str], Client]
File = Callable[..., Any]
PAGES = ["inbox", "live", "alarm", "orders", "map", "points", "call", "to_tell"]


@pytest.mark.parametrize("name", PAGES)
def test_a_desk_page_opens_for_the_community(sign_in: Browser, report: File, name: str) -> None:
    report()
    assert sign_in("desk").get(reverse(f"desk:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["order", "print", "slip"])
def test_a_page_of_an_order_opens_for_the_community(sign_in: Browser, report: File, name: str) -> None:
    number = report().order.number
    assert sign_in("desk").get(reverse(f"desk:{name}", args=[number])).status_code == 200
