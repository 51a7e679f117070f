"""Verbs at the desk: a page without JavaScript, a dialog with it, refusals that lose nothing."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.journal.models import Event, Reveal
from louzhang.workorders.actions import accept_workorder, dispatch_workorder, settle_workorder, take_workorder
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from tests.cast import Cast

Browser = Callable[[str], Client]
File = Callable[..., Any]
HTMX = {"HX-Request": "true"}
PLAIN: dict[str, str] = {}
PHONE = "13800000001"


@pytest.fixture
def accepted(cast: Cast, report: File, later: Callable[[float], Any]) -> WorkOrder:
    order = report(answer_way=AnswerWay.PHONE, phone=PHONE, name="王小芳", door="2单元301").order
    return accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1))


@pytest.fixture
def dispatched(cast: Cast, accepted: WorkOrder, later: Callable[[float], Any]) -> WorkOrder:
    unit = cast.units["property_unit"]
    return dispatch_workorder(order_id=accepted.pk, unit=unit, actor=cast.actor("desk"), at=later(2))


@pytest.fixture
def settled(cast: Cast, dispatched: WorkOrder, later: Callable[[float], Any]) -> WorkOrder:
    unit = cast.actor("property")
    take_workorder(order_id=dispatched.pk, actor=unit, at=later(3))
    return settle_workorder(order_id=dispatched.pk, note="换了新阀门。", actor=unit, at=later(4))


def act(order: WorkOrder, verb: str) -> str:
    return reverse("desk:act", args=[order.number, verb])


def text(response: Any) -> str:
    return str(response.content.decode())


def test_every_verb_of_the_desk_has_a_page_and_a_dialog(cast: Cast, sign_in: Browser, report: File) -> None:
    order, browser = report().order, sign_in("desk")
    for verb in ("accept", "decline", "recategorise", "relocate", "comment"):
        assert "<main" in text(browser.get(act(order, verb)))
        dialog = browser.get(act(order, verb), headers=HTMX)
        assert dialog.status_code == 200
        assert "<main" not in text(dialog)
        assert 'hx-swap-oob="true"' in text(dialog)


def test_accepting_leads_back_to_where_it_was_pressed(sign_in: Browser, report: File) -> None:
    order = report().order
    answer = sign_in("desk").post(act(order, "accept"), {"next": "/desk/orders/?step=reported"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/orders/?step=reported")
    order.refresh_from_db()
    assert order.status == State.ACCEPTED


def test_nobody_is_led_to_another_site(sign_in: Browser, report: File) -> None:
    order = report().order
    answer = sign_in("desk").post(act(order, "accept"), {"next": "https://example.org/"})
    assert answer["Location"] == reverse("desk:order", args=[order.number])


def test_a_dialog_that_did_its_work_leads_to_the_fresh_page(sign_in: Browser, report: File) -> None:
    order = report().order
    answer = sign_in("desk").post(act(order, "accept"), headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, reverse("desk:order", args=[order.number]))


def test_a_verb_sent_twice_is_done_once(sign_in: Browser, report: File) -> None:
    order, browser = report().order, sign_in("desk")
    entry = {"entry_id": str(uuid.uuid4())}
    first, second = (browser.post(act(order, "accept"), entry) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Event.objects.filter(subject_kind="workorder", subject_id=order.pk, verb="accept").count() == 1


def test_a_missing_reason_is_asked_for_and_the_rest_is_kept(sign_in: Browser, report: File) -> None:
    order = report().order
    for extra in (PLAIN, HTMX):
        answer = sign_in("desk").post(act(order, "decline"), {"advice": "请打供热公司电话。"}, headers=extra)
        assert answer.status_code == 400
        assert "请写明理由" in text(answer)
        assert "请打供热公司电话。" in text(answer)
    order.refresh_from_db()
    assert order.status == State.REPORTED


def test_a_stale_page_hears_what_happened_and_gets_its_words_back(
    cast: Cast, sign_in: Browser, accepted: WorkOrder
) -> None:
    given = {"reason": "不归我们管。", "advice": "请找供热公司。"}
    browser = sign_in("desk")
    dispatch_workorder(
        order_id=accepted.pk, unit=cast.units["property_unit"], actor=cast.actor("secretary"), at=cast.at
    )
    for extra in (PLAIN, HTMX):
        answer = browser.post(act(accepted, "decline"), given, headers=extra)
        assert answer.status_code == 409
        assert "现在是“待签收”" in text(answer)
        assert "不归我们管。" in text(answer)
    assert "演示安居物业" in text(browser.post(act(accepted, "decline"), given))


def test_opening_the_form_of_a_verb_that_is_over_shows_the_order_as_it_is(
    sign_in: Browser, dispatched: WorkOrder
) -> None:
    answer = sign_in("desk").get(act(dispatched, "accept"))
    assert answer.status_code == 409
    assert "现在是“待签收”" in text(answer)


def test_the_second_of_two_desks_at_once_gets_a_sentence(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report().order
    first, second = sign_in("desk"), sign_in("secretary")
    entries = [{"entry_id": str(uuid.uuid4())} for _ in range(2)]
    assert first.post(act(order, "accept"), entries[0]).status_code == 302
    answer = second.post(act(order, "accept"), entries[1])
    assert answer.status_code == 409
    assert "不能再做“受理”" in text(answer)


@pytest.mark.parametrize("verb", ["accept", "dispatch", "decline"])
def test_the_street_above_may_look_and_not_press(sign_in: Browser, report: File, verb: str) -> None:
    order, browser = report().order, sign_in("street")
    assert browser.get(act(order, verb)).status_code == 403
    assert browser.post(act(order, verb), {"reason": "试", "advice": "试"}).status_code == 403
    order.refresh_from_db()
    assert order.status == State.REPORTED


def test_an_unknown_verb_is_not_found(sign_in: Browser, report: File) -> None:
    order, browser = report().order, sign_in("desk")
    assert browser.get(act(order, "explode")).status_code == 404
    assert browser.post(act(order, "explode")).status_code == 404


def test_the_units_that_serve_the_place_are_offered_first(sign_in: Browser, accepted: WorkOrder) -> None:
    page = text(sign_in("desk").get(act(accepted, "dispatch")))
    # The proposed unit (here the office) stands on top, the others by how near they are.
    page = page[page.index("lz-pick-list") :]
    assert page.index("彩虹社区居委会") < page.index("演示安居物业") < page.index("演示住建局")
    assert "演示远山物业" not in page


@pytest.mark.parametrize("words", ["远山", "yswy"])
def test_any_unit_is_found_by_two_characters_or_its_letters(
    cast: Cast, sign_in: Browser, accepted: WorkOrder, words: str
) -> None:
    unit = cast.units["other_property_unit"]
    unit.name = "远山物业"
    unit.save(update_fields=["name"])
    url = reverse("desk:units", args=[accepted.number])
    found = text(sign_in("desk").post(url, {"unit_words": words}))
    assert "远山物业" in found
    assert "不服务这里" in found
    assert "演示安居物业" not in found


def test_the_unit_complained_about_is_not_offered(cast: Cast, sign_in: Browser, report: File) -> None:
    from louzhang.workorders.actions.reporting import Target

    about = Target(unit=cast.units["property_unit"])
    order = report(category=cast.categories["complaint"], target=about).order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    browser = sign_in("desk")
    assert f'value="{about.unit.pk}"' not in text(browser.get(act(order, "dispatch")))  # type: ignore[union-attr]
    url = reverse("desk:units", args=[order.number])
    assert "演示安居物业" not in text(browser.post(url, {"unit_words": "安居"}))


def test_an_office_below_the_level_of_a_complaint_is_not_offered(cast: Cast, sign_in: Browser, report: File) -> None:
    from louzhang.workorders.actions.reporting import Target

    about = Target(unit=cast.units["community_office"])
    order = report(category=cast.categories["complaint"], target=about, area=cast.areas["next_community"]).order
    accept_workorder(order_id=order.pk, actor=cast.actor("street"), at=cast.at)
    page = text(sign_in("street").get(act(order, "dispatch")))
    assert "东风街道办事处" in page
    assert "春柳社区居委会" not in page


def test_the_seats_of_an_office_begin_with_those_of_the_place(
    cast: Cast, sign_in: Browser, accepted: WorkOrder
) -> None:
    url = reverse("desk:choice", args=[accepted.number])
    seats = text(sign_in("desk").post(url, {"unit": cast.units["community_office"].pk}))
    assert seats.index("2单元单元长") < seats.index("12号楼楼长") < seats.index("3号网格网格员")
    assert "13号楼" not in seats
    assert "演示外街楼长" not in seats


def test_the_preview_says_what_unit_and_resident_will_read(cast: Cast, sign_in: Browser, accepted: WorkOrder) -> None:
    url = reverse("desk:preview", args=[accepted.number])
    given = {"unit": cast.units["property_unit"].pk, "note": "请带梯子。"}
    preview = text(sign_in("desk").post(url, given))
    assert "请带梯子。" in preview
    assert "已交给承办单位</strong>：演示安居物业" in preview
    assert PHONE not in preview


def test_a_dispatch_to_a_seat_of_another_unit_is_refused_beside_the_field(
    cast: Cast, sign_in: Browser, accepted: WorkOrder
) -> None:
    given = {"unit": cast.units["property_unit"].pk, "seat": cast.posts["chief"].pk, "note": "请带梯子。"}
    answer = sign_in("desk").post(act(accepted, "dispatch"), given)
    assert answer.status_code == 400
    assert "不在所选单位里" in text(answer)
    assert "请带梯子。" in text(answer)
    assert f'value="{given["unit"]}" checked' in text(answer)


def test_without_javascript_a_search_for_units_keeps_the_note(sign_in: Browser, accepted: WorkOrder) -> None:
    given = {"look": "1", "unit_words": "执法", "note": "请带梯子。"}
    page = sign_in("desk").post(act(accepted, "dispatch"), given)
    assert page.status_code == 200
    assert "演示东风执法队" in text(page)
    assert "请带梯子。" in text(page)
    accepted.refresh_from_db()
    assert accepted.status == State.ACCEPTED


def test_a_comment_without_words_is_refused_on_the_page_itself(sign_in: Browser, accepted: WorkOrder) -> None:
    answer = sign_in("desk").post(act(accepted, "comment"), {"words": " "})
    assert answer.status_code == 400
    assert "请写下要说的话" in text(answer)


def test_a_text_too_long_is_refused_and_comes_back(sign_in: Browser, accepted: WorkOrder) -> None:
    answer = sign_in("desk").post(act(accepted, "comment"), {"words": "长" * 6000})
    assert answer.status_code == 400
    assert "文字太长了" in text(answer)
    assert "长" * 6000 in text(answer)


def test_an_order_moved_out_of_sight_leads_back_to_the_inbox(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report().order
    answer = sign_in("desk").post(act(order, "relocate"), {"area": cast.areas["other_building"].pk})
    assert answer["Location"] == reverse("desk:inbox")


def test_a_place_is_searched_within_the_dialog(cast: Cast, sign_in: Browser) -> None:
    found = text(sign_in("desk").post(reverse("desk:places"), {"place_words": "彩虹12"}))
    assert f'value="{cast.areas["building"].pk}" checked' in found


# --- Contacts -------------------------------------------------------------------------------------


def reveal(browser: Client, order: WorkOrder, **given: str) -> Any:
    report = Report.objects.get(order=order)
    return browser.post(reverse("desk:reveal", args=[order.number, report.pk]), given)


def test_a_contact_is_opened_for_a_reason_logged_and_kept_nowhere(sign_in: Browser, accepted: WorkOrder) -> None:
    answer = reveal(sign_in("desk"), accepted, what="phone", reason="核实情况")
    assert PHONE in text(answer)
    assert "no-store" in answer["Cache-Control"]
    logged = Reveal.objects.get(what="phone")
    assert logged.reason == "核实情况"


def test_without_a_reason_nothing_is_opened(sign_in: Browser, accepted: WorkOrder) -> None:
    answer = reveal(sign_in("desk"), accepted, what="phone")
    assert answer.status_code == 400
    assert PHONE not in text(answer)
    assert "请写明为什么要查看" in text(answer)
    assert not Reveal.objects.exists()


def test_the_street_above_reads_a_masked_number_and_cannot_open_it(sign_in: Browser, accepted: WorkOrder) -> None:
    browser = sign_in("street")
    page = text(browser.get(reverse("desk:order", args=[accepted.number])))
    assert "138****0001" in page
    assert "查看完整内容" not in page
    assert reveal(browser, accepted, what="phone", reason="看看").status_code == 403


def test_a_report_of_another_order_cannot_be_opened_through_this_one(
    cast: Cast, sign_in: Browser, accepted: WorkOrder, report: File
) -> None:
    other = report(area=cast.areas["other_building"], phone="13800000002").report
    url = reverse("desk:reveal", args=[accepted.number, other.pk])
    answer = sign_in("desk").post(url, {"what": "phone", "reason": "看看"})
    assert answer.status_code == 404
    assert "13800000002" not in text(answer)


# --- A property company ---------------------------------------------------------------------------


def test_a_property_company_sees_only_what_was_given_to_it(
    sign_in: Browser, dispatched: WorkOrder, report: File
) -> None:
    other = report().order
    browser = sign_in("property")
    page = text(browser.get(reverse("desk:orders")))
    assert dispatched.number in page
    assert other.number not in page
    assert browser.get(reverse("desk:order", args=[other.number])).status_code == 404


def test_a_property_company_opens_a_number_only_while_it_holds_the_order(
    sign_in: Browser, dispatched: WorkOrder
) -> None:
    browser = sign_in("property")
    url = reverse("desk:order", args=[dispatched.number])
    assert "138****0001" in text(browser.get(url))
    assert PHONE in text(reveal(browser, dispatched, what="phone", reason="约上门时间"))
    browser.post(act(dispatched, "send_back"), {"reason": "不归我们管。"})
    page = text(browser.get(url))
    assert "138****0001" not in page
    assert "王*芳" not in page
    assert "您的单位以前办过这件事" in page
    assert reveal(browser, dispatched, what="phone", reason="再看看").status_code == 403


def test_a_settled_order_no_longer_shows_its_reporter_to_the_company(sign_in: Browser, settled: WorkOrder) -> None:
    page = text(sign_in("property").get(reverse("desk:order", args=[settled.number])))
    assert "138****0001" not in page


def test_the_company_never_reads_the_name_of_a_signed_in_reporter(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report(cast.actor("resident")).order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
    browser, url = sign_in("property"), reverse("desk:order", args=[order.number])
    assert "演示居民" not in text(browser.get(url))
    browser.post(act(order, "send_back"), {"reason": "不归我们管。"})
    assert "演示居民" not in text(browser.get(url))


def test_the_name_of_a_signed_in_reporter_opens_only_by_a_logged_reveal(
    cast: Cast, sign_in: Browser, report: File
) -> None:
    order = report(cast.actor("resident")).order
    assert "演示居民" not in text(sign_in("desk").get(reverse("desk:order", args=[order.number])))


# --- To tell --------------------------------------------------------------------------------------


def test_whoever_wants_a_call_stands_on_the_list_until_called(sign_in: Browser, settled: WorkOrder) -> None:
    browser, url = sign_in("desk"), reverse("desk:to_tell")
    page = text(browser.get(url))
    assert settled.number in page
    assert "换了新阀门。" in page
    assert PHONE not in page
    answer = browser.post(act(settled, "close"), {"call_result": "satisfied", "next": url})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert settled.number not in text(browser.get(url))
    settled.refresh_from_db()
    assert settled.status == State.CLOSED
    assert Report.objects.get(order=settled).told_result == "satisfied"


def test_closing_asks_for_a_result_only_where_somebody_has_to_be_told(
    cast: Cast, sign_in: Browser, settled: WorkOrder
) -> None:
    browser = sign_in("desk")
    assert "告知结果" in text(browser.get(act(settled, "close")))
    Report.objects.filter(order=settled).update(answer_way=AnswerWay.HERE)
    browser.post(act(settled, "report_back"), {"answer": "换好了。"})
    page = text(browser.get(act(settled, "close")))
    assert "告知结果" not in page
    assert browser.post(act(settled, "close")).status_code == 302


def test_the_list_can_be_narrowed_to_one_way(sign_in: Browser, settled: WorkOrder) -> None:
    browser, url = sign_in("desk"), reverse("desk:to_tell")
    assert settled.number in text(browser.get(url, {"way": "phone"}))
    assert settled.number not in text(browser.get(url, {"way": "visit"}))


def test_an_sms_is_ready_to_copy_and_names_nobody(cast: Cast, sign_in: Browser, settled: WorkOrder) -> None:
    Report.objects.filter(order=settled).update(answer_way=AnswerWay.SMS)
    page = text(sign_in("desk").get(reverse("desk:to_tell")))
    sms = page.split('data-copy="')[1].split('"')[0]
    assert sms == f"【彩虹社区】您反映的漏水（{settled.number}）办理结果：换了新阀门。有问题请联系社区。"


def test_the_sms_of_a_guarded_matter_says_neither_what_nor_how(
    cast: Cast, sign_in: Browser, settled: WorkOrder
) -> None:
    Report.objects.filter(order=settled).update(answer_way=AnswerWay.SMS)
    WorkOrder.objects.filter(pk=settled.pk).update(category=cast.categories["guarded"])
    page = text(sign_in("desk").get(reverse("desk:to_tell")))
    sms = page.split('data-copy="')[1].split('"')[0]
    assert "家庭暴力" not in sms
    assert "换了新阀门" not in sms
    assert settled.number in sms


def test_closing_without_the_result_of_the_call_is_refused(sign_in: Browser, settled: WorkOrder) -> None:
    answer = sign_in("desk").post(act(settled, "close"), {"words": "打过电话了"})
    assert answer.status_code == 400
    assert "请先告知" in text(answer)
    assert "打过电话了" in text(answer)


def test_the_unit_and_the_other_street_have_nobody_to_tell(sign_in: Browser, settled: WorkOrder) -> None:
    assert sign_in("property").get(reverse("desk:to_tell")).status_code == 403
    assert settled.number not in text(sign_in("stranger_desk").get(reverse("desk:to_tell")))
    assert settled.number not in text(sign_in("street").get(reverse("desk:to_tell")))
