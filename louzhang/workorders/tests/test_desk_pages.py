"""The pages of the desk: who may open them, what stands there, and what they cost."""

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from louzhang.journal.actions import receive_attachment, reencode_attachment
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from louzhang.workorders.actions import accept_workorder, dispatch_workorder, settle_workorder, take_workorder
from louzhang.workorders.models import AnswerWay
from louzhang.workorders.queries import phone_handle
from tests.cast import Cast

Browser = Callable[[str], Client]
File = Callable[..., Any]
PAGES = ["inbox", "live", "alarm", "orders", "map", "points", "call", "to_tell"]
UNIT_PAGES = [("property", name) for name in ("inbox", "live", "orders", "map", "points")]
ORDER_PAGES = ["order", "print", "slip"]
MOST_QUERIES = 12
PHONE = "13800000001"


@pytest.fixture
def settled(cast: Cast, report: File, later: Callable[[float], Any]) -> Any:
    """An order that the property company has settled, whose reporter waits for a call."""
    order = report(answer_way=AnswerWay.PHONE, phone=PHONE, name="王小芳", door="2单元301").order
    desk, unit = cast.actor("desk"), cast.actor("property")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=later(2))
    take_workorder(order_id=order.pk, actor=unit, at=later(3))
    return settle_workorder(order_id=order.pk, note="换了新阀门。", actor=unit, at=later(4))


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_a_desk_page_opens_for_the_community(sign_in: Browser, report: File, name: str) -> None:
    report()
    assert sign_in("desk").get(reverse(f"desk:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_desk_page_opens_empty_for_the_other_street(sign_in: Browser, report: File, name: str) -> None:
    order = report().order
    page = sign_in("stranger_desk").get(reverse(f"desk:{name}"))
    assert page.status_code == 200
    assert order.number not in text(page)
    assert "水管爆了" not in text(page)


@pytest.mark.parametrize("name", ORDER_PAGES)
def test_a_page_of_an_order_opens_for_the_community(sign_in: Browser, report: File, name: str) -> None:
    number = report().order.number
    assert sign_in("desk").get(reverse(f"desk:{name}", args=[number])).status_code == 200


@pytest.mark.parametrize("key", ["stranger_desk", "stranger_street", "other_property", "department"])
def test_a_stranger_finds_nothing_under_any_address_of_an_order(
    cast: Cast, sign_in: Browser, report: File, key: str
) -> None:
    filed = report(phone=PHONE)
    number, browser = filed.order.number, sign_in(key)
    for name in ORDER_PAGES:
        assert browser.get(reverse(f"desk:{name}", args=[number])).status_code == 404
    for verb in ("accept", "dispatch", "comment"):
        assert browser.get(reverse("desk:act", args=[number, verb])).status_code == 404
        assert browser.post(reverse("desk:act", args=[number, verb]), {"words": "看看"}).status_code == 404
    for name in ("units", "choice", "preview"):
        assert browser.post(reverse(f"desk:{name}", args=[number])).status_code == 404
    reveal = browser.post(reverse("desk:reveal", args=[number, filed.report.pk]), {"what": "phone", "reason": "看看"})
    assert reveal.status_code == 404
    assert PHONE not in text(reveal)


@pytest.mark.parametrize("key", ["chief", "grid_worker", "resident", "nobody", "audit_admin"])
@pytest.mark.parametrize("name", ["live", "orders", "call", "points"])
def test_nobody_without_a_desk_post_comes_in(sign_in: Browser, key: str, name: str) -> None:
    assert sign_in(key).get(reverse(f"desk:{name}")).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client, db: None) -> None:
    answer = client.get(reverse("desk:orders"), {"step": "open"})
    assert answer.status_code == 302
    assert "next=%2Fdesk%2Forders%2F%3Fstep%3Dopen" in answer["Location"]


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in ("desk", "commander") for name in PAGES] + UNIT_PAGES)
def test_a_page_costs_at_most_twelve_queries_however_many_orders_there_are(
    cast: Cast, sign_in: Browser, report: File, settled: Any, key: str, name: str
) -> None:
    browser, url = sign_in(key), reverse(f"desk:{name}")
    with CaptureQueriesContext(connection) as few:
        assert browser.get(url).status_code == 200
    for place in ("stairwell", "building", "grid", "next_building", "community"):
        report(area=cast.areas[place], answer_way=AnswerWay.PHONE, phone=PHONE)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) <= MOST_QUERIES
    assert len(many) <= len(few) + 1


@pytest.mark.parametrize("name", ORDER_PAGES)
def test_a_page_of_an_order_costs_at_most_its_pinned_queries(
    cast: Cast, sign_in: Browser, settled: Any, name: str
) -> None:
    browser = sign_in("desk")
    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse(f"desk:{name}", args=[settled.number]))
    assert len(asked) <= MOST_QUERIES


def test_the_page_of_an_order_held_by_a_seat_keeps_to_its_queries(
    cast: Cast, sign_in: Browser, report: File, later: Callable[[float], Any]
) -> None:
    order, desk = report().order, cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    office, chief = cast.units["community_office"], cast.posts["chief"]
    dispatch_workorder(order_id=order.pk, unit=office, seat=chief, actor=desk, at=later(2))
    browser = sign_in("desk")
    with CaptureQueriesContext(connection) as asked:
        page = text(browser.get(reverse("desk:order", args=[order.number])))
    assert "12号楼楼长 演示楼长" in page
    assert len(asked) <= MOST_QUERIES


def test_what_is_the_units_to_do_stands_on_its_first_page(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report().order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    assert order.number not in text(sign_in("property").get(reverse("desk:inbox")))
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
    assert order.number in text(sign_in("property").get(reverse("desk:inbox")))


def test_urgent_orders_stand_first(cast: Cast, sign_in: Browser, report: File) -> None:
    plain = report().order
    urgent = report(category=cast.categories["guarded"]).order
    page = text(sign_in("desk").get(reverse("desk:inbox")))
    assert page.index(f"row-{urgent.number}") < page.index(f"row-{plain.number}")
    assert "1 件紧急还没签收" in page


def test_the_live_part_is_answered_with_304_until_something_changes(sign_in: Browser, report: File) -> None:
    browser, url = sign_in("desk"), reverse("desk:live")
    first = browser.get(url)
    again = browser.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    report()
    assert browser.get(url, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_the_live_part_says_what_the_page_says(sign_in: Browser, report: File) -> None:
    report()
    browser = sign_in("desk")
    assert text(browser.get(reverse("desk:live"))).strip() in text(browser.get(reverse("desk:inbox")))


@pytest.mark.parametrize(
    ("query", "is_listed"),
    [
        ("step=reported", True),
        ("step=taken", False),
        ("step=nonsense", False),
        ("category=leak", True),
        ("category=lamp", False),
        ("is_mine=1", True),
        ("is_urgent=1", False),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
    ],
)
def test_the_filters_of_the_list_live_in_its_address(
    cast: Cast, sign_in: Browser, report: File, query: str, is_listed: bool
) -> None:
    order = report().order
    page = text(sign_in("desk").get(f"{reverse('desk:orders')}?{query}"))
    assert (f"row-{order.number}" in page) is is_listed


def test_a_filter_nobody_understands_is_left_out_and_said(sign_in: Browser, report: File) -> None:
    order = report().order
    page = sign_in("desk").get(reverse("desk:orders"), {"since": "gestern", "unit": "x", "cursor": "@@"})
    assert page.status_code == 200
    assert f"row-{order.number}" in text(page)
    assert "看不懂" in text(page)
    assert "翻页链接已经失效" in text(page)


def test_a_number_typed_into_the_search_opens_its_order(sign_in: Browser, report: File) -> None:
    number = report().order.number
    answer = sign_in("desk").post(reverse("desk:find"), {"q": f" {number.lower()} "})
    assert answer["Location"] == reverse("desk:order", args=[number])


def test_a_phone_typed_into_the_search_never_reaches_the_address(sign_in: Browser, report: File) -> None:
    order = report(phone=PHONE, answer_way=AnswerWay.PHONE).order
    browser = sign_in("desk")
    answer = browser.post(reverse("desk:find"), {"q": "138 0000 0001"})
    assert PHONE not in answer["Location"]
    assert "phone=" in answer["Location"]
    assert order.number in text(browser.get(answer["Location"]))


def test_a_phone_handle_of_somebody_else_finds_nothing(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report(phone=PHONE, answer_way=AnswerWay.PHONE).order
    handle = phone_handle(PHONE, cast.actor("street"))
    page = text(sign_in("desk").get(reverse("desk:orders"), {"phone": handle}))
    assert order.number not in page
    assert "没有符合条件的工单" in page


def test_a_long_list_is_paged_both_ways_without_losing_its_filters(sign_in: Browser, report: File) -> None:
    numbers = [report().order.number for _ in range(53)]
    browser = sign_in("desk")
    first = text(browser.get(reverse("desk:orders"), {"step": "open"}))
    assert numbers[-1] in first
    assert numbers[0] not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "step=open" in following
    second = text(browser.get(following))
    assert numbers[0] in second
    assert numbers[-1] not in second


def test_the_order_page_masks_the_contact(sign_in: Browser, settled: Any) -> None:
    page = text(sign_in("desk").get(reverse("desk:order", args=[settled.number])))
    assert "王*芳" in page
    assert "138****0001" in page
    assert PHONE not in page
    assert "王小芳" not in page
    assert "2单元301" not in page


def test_text_of_strangers_is_never_markup(sign_in: Browser, report: File) -> None:
    order = report(words="<script>alert(1)</script>看看", place_note="<b>北门</b>").order
    browser = sign_in("desk")
    for url in (reverse("desk:orders"), reverse("desk:order", args=[order.number]), reverse("desk:inbox")):
        page = text(browser.get(url))
        assert "<script>alert" not in page
        assert "<b>北门" not in page


def test_very_long_words_do_not_break_a_page(sign_in: Browser, report: File) -> None:
    order = report(words="漏" * 5000).order
    assert sign_in("desk").get(reverse("desk:order", args=[order.number])).status_code == 200


def test_a_complaint_about_the_community_is_not_on_its_desk(cast: Cast, sign_in: Browser, report: File) -> None:
    from louzhang.workorders.actions.reporting import Target

    about = Target(unit=cast.units["community_office"])
    order = report(category=cast.categories["complaint"], target=about, area=cast.areas["community"]).order
    for name in ("inbox", "orders", "map", "points"):
        assert order.number not in text(sign_in("desk").get(reverse(f"desk:{name}")))
    assert sign_in("desk").get(reverse("desk:order", args=[order.number])).status_code == 404
    assert sign_in("street").get(reverse("desk:order", args=[order.number])).status_code == 200


def test_the_map_draws_an_order_at_its_own_position_or_that_of_its_place(
    cast: Cast, sign_in: Browser, report: File
) -> None:
    community = cast.areas["community"]
    community.longitude, community.latitude = 123.5, 41.5
    community.save(update_fields=["longitude", "latitude"])
    report(longitude=123.9, latitude=41.9)
    report()
    report(area=cast.areas["other_building"])
    points = sign_in("desk").get(reverse("desk:points")).json()
    assert sorted(point["geometry"]["coordinates"] for point in points["features"]) == [[123.5, 41.5], [123.9, 41.9]]


def test_an_order_nobody_has_found_is_counted_and_not_drawn(cast: Cast, sign_in: Browser, report: File) -> None:
    report(area=cast.areas["district"], is_unplaced=True, place_note="桥头")
    points = sign_in("commander").get(reverse("desk:points")).json()
    assert (points["features"], points["unplaced"]) == ([], 1)


def test_the_paper_shows_no_contact(sign_in: Browser, settled: Any) -> None:
    page = text(sign_in("desk").get(reverse("desk:print", args=[settled.number])))
    assert PHONE not in page
    assert "王小芳" not in page
    assert "换了新阀门" in page


@pytest.fixture
def photo(cast: Cast) -> Any:
    """A photo that the phone has sent and the worker has made small."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(made, "JPEG")
    size = made.tell()
    made.seek(0)
    draft = receive_attachment(stream=made, declared_type="image/jpeg", size=size, actor=cast.device, at=clock.now())
    reencode_attachment(attachment_id=draft.pk, at=clock.now())
    return draft


def test_a_photo_opens_for_the_desk_and_its_link_is_worthless_to_a_stranger(
    sign_in: Browser, report: File, photo: Any
) -> None:
    order, browser = report(photos=[photo.uid]).order, sign_in("desk")
    page = text(browser.get(reverse("desk:order", args=[order.number])))
    links = re.findall(rf"/attachments/{photo.uid}/[^\"]+", page)
    assert len(links) >= 2
    for link in links:
        picture: Any = browser.get(link)
        assert (picture.status_code, bool(b"".join(picture.streaming_content))) == (200, True)
        if picture.file_to_stream is not None:  # a small one is read at once
            picture.file_to_stream.close()
        assert sign_in("stranger_desk").get(link).status_code == 404
        assert sign_in("property").get(link).status_code == 404


def test_a_photo_without_javascript_comes_with_the_form(cast: Cast, sign_in: Browser, report: File) -> None:
    order, desk = report().order, cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
    take_workorder(order_id=order.pk, actor=cast.actor("property"), at=cast.at)
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(made, "JPEG")
    browser, url = sign_in("property"), reverse("desk:act", args=[order.number, "settle"])
    given = {"entry_id": str(uuid.uuid4()), "note": ""}
    again = browser.post(url, given | {"photos_files": SimpleUploadedFile("a.jpg", made.getvalue(), "image/jpeg")})
    assert again.status_code == 400
    kept = re.findall(r'name="photos" value="([^"]+)"', text(again))
    assert len(kept) == 1
    assert browser.post(url, given | {"note": "换好了。", "photos": kept}).status_code == 302
    assert Attachment.objects.get(uid=kept[0]).subject_id == order.pk


def test_a_file_that_is_no_photo_is_refused_and_the_note_kept(cast: Cast, sign_in: Browser, report: File) -> None:
    order, desk = report().order, cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
    take_workorder(order_id=order.pk, actor=cast.actor("property"), at=cast.at)
    bad = SimpleUploadedFile("a.jpg", b"MZ not a photo", "image/jpeg")
    url = reverse("desk:act", args=[order.number, "settle"])
    answer = sign_in("property").post(url, {"note": "换好了。", "photos_files": bad})
    assert answer.status_code == 400
    assert "换好了。" in text(answer)


def test_a_late_order_says_so(sign_in: Browser, report: File, cast: Cast) -> None:
    report()
    assert clock.now() > cast.at + timedelta(days=3)
    assert "超期" in text(sign_in("desk").get(reverse("desk:orders")))
