"""The bar of the desk: search and red cases are on every page of it, and only for who works at a desk."""

import re
from typing import Any

import pytest

from louzhang.workorders.models import Category

PAGES = [
    "/desk/",
    "/desk/orders/",
    "/desk/inbox/",
    "/desk/settings/",
    "/desk/people/",
    "/desk/figures/",
    "/desk/duty/",
]


def said(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("url", PAGES)
def test_search_and_red_cases_are_on_every_page_of_the_desk(cast, report, sign_in, url):
    Category.objects.filter(code="leak").update(is_urgent=True)
    report(category=Category.objects.get(code="leak"))
    page = said(sign_in("secretary"), url)
    assert page.count('action="/desk/find/"') == 1
    assert "1 件紧急还没签收" in page
    assert page.count('hx-get="/desk/alarm/"') == 1


def test_keepers_have_neither(cast, report, sign_in):
    page = said(sign_in("system_admin"), "/desk/settings/")
    assert "lz-search" not in page
    assert "lz-alarm" not in page


@pytest.mark.parametrize("person", ["secretary", "commander", "property"])
def test_no_two_entries_of_the_menu_have_the_same_sign(cast, sign_in, person):
    page = said(sign_in(person), "/desk/")
    menu = page[page.index("lz-side") : page.index("lz-stage")]
    signs = re.findall(r'lz-side-link[^>]*href[^>]*>\s*<svg[^>]*><use href="[^"]*#([a-z-]+)"', menu)
    assert len(signs) > 4
    assert len(signs) == len(set(signs))
