"""A name typed into a search of orders stands in no address, no redirect and no log, and is still found."""

import logging
import re
from urllib.parse import unquote

import pytest
from django.urls import reverse

from louzhang.journal.models import Reveal

pytestmark = pytest.mark.django_db

NAME = "王小芳"
PHONE = "13800000001"
ADDRESS = re.compile(r'(?:href|src|action|hx-get|hx-post|data-[a-z-]+|name="next" value)="([^"]*)"')


@pytest.fixture
def order(report):
    return report(words=f"{NAME}家的水管爆了。").order


@pytest.fixture
def desk(sign_in):
    return sign_in("desk")


def text(answer):
    return answer.content.decode()


def addresses(answer):
    return [unquote(found) for found in ADDRESS.findall(text(answer))]


def search(client, box, words=NAME, **more):
    field = {"find": "q", "narrow": "words"}[box]
    return client.post(reverse(f"desk:{box}"), {field: words} | more)


@pytest.mark.parametrize("box", ["find", "narrow"])
def test_a_name_is_found_and_stands_in_no_address_of_the_page(desk, order, box):
    sent = search(desk, box)
    assert sent.status_code == 302
    assert NAME not in unquote(sent["Location"])
    page = desk.get(sent["Location"])
    assert f"row-{order.number}" in text(page)
    assert f"含“{NAME}”" in text(page)
    assert text(page).count(f'value="{NAME}"') == 2  # the search box and the filter form show it back
    assert addresses(page) != []
    assert [url for url in addresses(page) if NAME in url] == []


def test_no_log_and_no_record_of_an_export_keeps_the_name(desk, order, caplog):
    caplog.set_level(logging.DEBUG)
    where = search(desk, "find")["Location"]
    desk.get(where)
    assert desk.post(f"{reverse('desk:export')}?{where.partition('?')[2]}", {"format": "csv"}).status_code == 200
    assert NAME not in unquote(caplog.text)
    reason = Reveal.objects.get(what="export").reason
    assert NAME not in unquote(reason)
    assert "按内容查找" in unquote(reason)


def test_a_colleague_opens_the_same_address_and_reads_the_same(desk, order, sign_in):
    where = search(desk, "find")["Location"]
    page = text(sign_in("secretary").get(where))
    assert f"row-{order.number}" in page
    assert f"含“{NAME}”" in page
    elsewhere = text(sign_in("stranger_desk").get(where))
    assert order.number not in elsewhere


def test_pages_sizes_map_and_export_keep_the_words(desk, report):
    numbers = [report(words=f"{NAME}家第{place}次漏水。").order.number for place in range(52)]
    other = report(words="路灯不亮。").order.number
    page = desk.get(search(desk, "narrow", step="open")["Location"])
    following = next(url for url in addresses(page) if "cursor=" in url).replace("&amp;", "&")
    second = text(desk.get(following))
    assert numbers[0] in second
    assert other not in second
    wide = next(url for url in addresses(page) if "size=100" in url).replace("&amp;", "&")
    assert numbers[0] in text(desk.get(reverse("desk:orders") + wide))
    exported = next(url for url in addresses(page) if "/export/" in url).replace("&amp;", "&")
    sheet = desk.post(exported, {"format": "csv"}).content.decode("utf-8-sig")
    assert numbers[0] in sheet
    assert other not in sheet
    mapped = desk.get(next(url for url in addresses(page) if "/map/?" in url).replace("&amp;", "&"))
    assert f"含“{NAME}”" in text(mapped)
    assert [url for url in addresses(mapped) if NAME in url] == []
    points = next(url for url in addresses(mapped) if "/points/" in url).replace("&amp;", "&")
    assert other not in text(desk.get(points))


def test_a_chip_takes_the_words_away_and_keeps_the_rest(desk, order):
    page = text(desk.get(search(desk, "narrow", step="open")["Location"]))
    chip = page.split(f"含“{NAME}”")[0].rsplit('href="', 1)[1].split('"')[0]
    assert chip == f"{reverse('desk:orders')}?step=open"


def test_a_number_typed_into_the_filter_form_becomes_the_handle_of_a_number(desk, report):
    order = report(phone=PHONE, answer_way="phone").order
    sent = search(desk, "narrow", "138 0000 0001", step="open")
    assert "phone=" in sent["Location"]
    assert "found=" not in sent["Location"]
    assert PHONE not in sent["Location"]
    assert order.number in text(desk.get(sent["Location"]))


def test_what_cannot_be_read_in_the_form_is_said_and_the_rest_holds(desk, order):
    page = text(desk.get(search(desk, "narrow", since="昨天")["Location"]))
    assert "看不懂" in page
    assert f"含“{NAME}”" in page


@pytest.mark.parametrize("query", [{"words": NAME}, {"found": "k1.AAAA"}, {"found": NAME}])
def test_plain_words_and_made_up_handles_in_an_address_are_left_out_and_said(desk, order, query):
    page = desk.get(reverse("desk:orders"), query)
    assert "看不懂" in text(page)
    assert f"row-{order.number}" in text(page)


def test_an_empty_form_leads_to_the_whole_list(desk):
    assert search(desk, "narrow", "  ")["Location"] == reverse("desk:orders")
