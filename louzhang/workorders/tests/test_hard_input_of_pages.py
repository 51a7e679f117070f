"""Whatever stands in an address or a form, a page answers with a page, never with an error."""

import uuid
from urllib.parse import quote

import pytest
from django.urls import reverse

STRANGE = ["\x00", "LZ\x00", "ＬＺ２６", "'; --", "9" * 4000, "👻", "%", "-1", "1e400", "NaN"]


@pytest.fixture
def browser(cast, report, sign_in):
    client = sign_in("desk")
    client.number = report().order.number
    return client


@pytest.mark.parametrize("strange", STRANGE)
def test_what_stands_in_an_address_breaks_no_page(browser, strange):
    given, number = quote(strange), browser.number
    urls = [
        f"{reverse('desk:same', args=[number])}?with={given}",
        f"{reverse('desk:act', args=[number, 'merge'])}?into={given}",
        f"{reverse('desk:act', args=[number, 'split_off'])}?other={given}",
        f"{reverse('mediation:start')}?order={given}",
        f"{reverse('desk:meetings')}?cursor={given}&all={given}",
        f"{reverse('desk:parts')}?cursor={given}",
        f"{reverse('desk:motions')}?cursor={given}",
        f"{reverse('desk:orders')}?clock={given}&found={given}&unit={given}",
        f"{reverse('inquiries:desk')}?state={given}",
    ]
    for url in urls:
        assert browser.get(url).status_code < 500, url


@pytest.mark.parametrize("strange", STRANGE)
def test_what_stands_in_a_form_breaks_no_page(browser, strange):
    entry, number = str(uuid.uuid4()), browser.number
    forms = [
        (reverse("desk:many"), {"verb": "settle", "orders": [strange, number], "note": strange, "entry_id": entry}),
        (reverse("desk:many"), {"verb": strange, "orders": [number]}),
        (reverse("desk:many"), {"verb": "dispatch", "go": "1", "orders": [number], "unit": strange, "entry_id": entry}),
        (reverse("desk:hotline_put_back"), {"sent_at": strange}),
        (reverse("desk:act", args=[number, "merge"]), {"into": strange, "entry_id": entry}),
        (reverse("desk:act", args=[number, "gather"]), {"others": strange, "entry_id": entry}),
        (reverse("desk:act", args=[number, "announce"]), {"words": "井盖", "photo": strange, "entry_id": entry}),
        (reverse("desk:act", args=[number, "blur"]), {"photo": entry, "boxes": strange, "entry_id": entry}),
        (reverse("desk:act", args=[number, "dispatch"]), {"unit": "1", "proposal": strange, "entry_id": entry}),
        (reverse("desk:find"), {"q": strange}),
        (reverse("phone:nearby"), {"category": "leak", "lon": strange, "lat": strange, "community": strange}),
    ]
    for url, given in forms:
        assert browser.post(url, given).status_code < 500, (url, given)


def test_a_moment_at_the_edge_of_time_names_no_taking(browser):
    for sent_at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02T10:00:00", "2026-W01"):
        assert browser.post(reverse("desk:hotline_put_back"), {"sent_at": sent_at}).status_code < 500, sent_at


def test_one_order_named_twice_is_gathered_once(cast, report, do):
    order, other = report().order, report(cast.other_device).order
    do(order, "gather", "desk", others=[other.number, other.number.lower(), f" {other.number}"])
    order.refresh_from_db()
    assert order.report_count == 2
