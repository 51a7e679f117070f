"""What the side verbs show: marks, the list of the supervised with its export, the phones of resident and keeper."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from louzhang.journal.models import Reveal
from louzhang.kit import clock
from louzhang.workorders import actions
from louzhang.workorders.models import Category


@pytest.fixture
def act(cast):
    def do(order, verb, person, **given):
        action: Any = actions.VERBS[verb]
        actor = cast.device if person == "device" else cast.actor(person, clock.now())
        return action(order_id=order.pk, actor=actor, at=clock.now(), **given)

    return do


@pytest.fixture
def taken(act, cast, report):
    order = report(words="三楼漏水。").order
    act(order, "accept", "desk")
    act(order, "dispatch", "desk", unit=cast.units["property_unit"])
    return act(order, "take", "property")


@pytest.fixture
def supervised(act, taken):
    due = clock.local_date(clock.now())
    return act(taken, "supervise", "street", demand="请今天修好。", due_date=due)


def in_a_month():
    return clock.local_date(clock.now()) + timedelta(days=30)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_a_supervised_order_shows_what_is_demanded_to_those_who_handle_it(sign_in, supervised):
    page = text(sign_in("property").get(reverse("desk:order", args=[supervised.number])))
    assert "请今天修好。" in page
    assert "lz-supervised" in page
    assert "签收督办" in page
    assert "督办" in text(sign_in("property").get(reverse("desk:orders")))


def test_the_list_of_the_supervised_shows_only_what_is_in_scope(sign_in, supervised):
    url = reverse("desk:supervised")
    assert supervised.number in text(sign_in("street").get(url))
    assert supervised.number in text(sign_in("property").get(url))
    assert supervised.number not in text(sign_in("stranger_street").get(url))
    assert supervised.number not in text(sign_in("street").get(url, {"group": "lifted"}))


def test_the_list_of_the_supervised_leaves_as_a_file_and_the_export_is_logged(sign_in, supervised):
    url = reverse("desk:supervised_export")

    def file(person):
        return b"".join(sign_in(person).post(f"{url}?group=standing", {"format": "csv"})).decode("utf-8-sig")

    assert supervised.number in file("street")
    assert "请今天修好。" in file("street")
    assert sign_in("street").post(f"{url}?group=standing", {"format": "xlsx"}).status_code == 200
    assert sign_in("street").post(url, {"format": "doc"}).status_code == 400
    assert supervised.number not in file("stranger_street")
    assert Reveal.objects.filter(what="export", reason__contains="督办").count() == 4


@pytest.mark.parametrize("verb", ["sign_supervision", "reply_supervision"])
def test_a_supervision_is_signed_and_answered_without_javascript(act, sign_in, supervised, verb):
    if verb == "reply_supervision":
        act(supervised, "sign_supervision", "property")
    url = reverse("desk:act", args=[supervised.number, verb])
    browser = sign_in("property")
    assert browser.get(url).status_code == 200
    answer = browser.post(url, {"entry_id": "00000000-0000-0000-0000-000000000005", "reply": "明天修好。"})
    assert answer.status_code == 302
    supervised.refresh_from_db()
    assert supervised.supervision == {"sign_supervision": "signed", "reply_supervision": "replied"}[verb]


def test_inboxes_count_what_has_to_be_signed_answered_or_lifted(act, sign_in, supervised):
    def shows(person):
        return "签收、回复，或看回复以后解除" in text(sign_in(person).get(reverse("desk:inbox")))

    assert (shows("property"), shows("street")) == (True, False)
    act(supervised, "sign_supervision", "property")
    act(supervised, "reply_supervision", "property", reply="明天修好。")
    assert (shows("property"), shows("street")) == (False, True)


def test_what_is_on_the_shelf_is_a_step_of_the_list(act, sign_in, taken):
    act(taken, "shelve", "desk", explanation="等大修资金。", review_date=in_a_month())
    page = text(sign_in("desk").get(reverse("desk:orders"), {"step": "shelved"}))
    assert taken.number in page
    assert "挂账到" in page
    assert "挂账到" in text(sign_in("desk").get(reverse("desk:order", args=[taken.number])))


def test_what_was_explained_is_seen_by_category(act, sign_in, taken):
    words = {"explanation": "这是自家的管道。", "basis": "《民法典》。"}
    act(taken, "settle_by_explanation", "property", **words)
    browser = sign_in("desk")
    assert taken.number in text(browser.get(reverse("desk:orders"), {"step": "explaining"}))
    act(taken, "confirm_explanation", "desk")
    page = text(browser.get(reverse("desk:orders"), {"step": "explained"}))
    assert taken.number in page
    assert "step=explained&amp;category=leak" in page
    assert taken.number not in text(browser.get(reverse("desk:orders"), {"step": "explained", "category": "lamp"}))


def test_the_keeper_finds_on_the_phone_what_has_to_be_looked_at(act, sign_in, taken):
    Category.objects.filter(pk=taken.category_id).update(is_verified_on_spot=True)
    act(taken, "settle", "property", note="修好了。")
    browser = sign_in("chief")
    assert "要核实的" in text(browser.get(reverse("field:today")))
    assert taken.summary in text(browser.get(reverse("field:orders"), {"list": "verify"}))
    url = reverse("field:act", args=[taken.number, "verify"])
    assert browser.get(url).status_code == 200
    done = browser.post(url, {"entry_id": "00000000-0000-0000-0000-000000000006", "note": "看过了，不漏了。"})
    assert done.status_code == 302
    taken.refresh_from_db()
    assert not taken.is_to_verify


def test_a_resident_reads_plain_words_and_urges_once_a_day(act, sign_in, cast, report, taken):
    order = report(actor=cast.actor("resident"), words="楼道漏水。").order
    act(order, "accept", "desk")
    browser = sign_in("resident")
    one = reverse("phone:one", args=[order.number])
    assert "催一催" in text(browser.get(one))
    url = reverse("phone:act", args=[order.number, "urge"])
    assert browser.post(url, {"entry_id": "00000000-0000-0000-0000-000000000007"}).status_code == 302
    page = text(browser.get(one))
    assert "您今天催办过" in page
    assert "催一催" not in page
    act(order, "shelve", "desk", explanation="等大修资金。", review_date=in_a_month())
    page = text(browser.get(one))
    assert "这件事现在还办不了" in page
    assert "等大修资金。" in page
    assert "督办" not in page


def test_a_resident_never_reads_of_a_supervision(sign_in, act, cast, report):
    order = report(actor=cast.actor("resident"), words="楼道漏水。").order
    act(order, "supervise", "street", demand="马上办。", due_date=clock.local_date(clock.now()))
    page = text(sign_in("resident").get(reverse("phone:one", args=[order.number])))
    assert "督办" not in page
    assert "马上办。" not in page
