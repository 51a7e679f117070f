"""Pages of working together: the order's page, the dialogs, the lists, the phone; pressed, stale, and out of scope."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.areas.models import Unit
from louzhang.kit import clock
from louzhang.workorders.models import DutyClause, Meeting, Motion, Part, WorkOrder


@pytest.fixture
def joint(report, do, cast):
    order = report().order
    do(order, "accept", "desk")
    helpers = [cast.units["property_unit"], cast.units["enforcement_unit"]]
    do(order, "dispatch", "desk", unit=cast.units["department_unit"], assists=helpers, note="请一起去看")
    do(order, "take", "department")
    return order


def act_url(order, verb):
    return reverse("desk:act", args=[order.number, verb])


def post(client, order, verb, **given):
    return client.post(act_url(order, verb), {"entry_id": str(uuid.uuid4()), **given})


def text_of(response):
    return response.content.decode()


def test_a_helping_unit_reads_its_own_part_first_and_replies_on_the_page(joint, cast, sign_in):
    client = sign_in("property")
    page = text_of(client.get(reverse("desk:order", args=[joint.number])))
    assert page.index("演示安居物业") < page.index("演示东风执法队")
    assert "请一起去看" in page
    assert post(client, joint, "take_part").status_code == 302
    assert post(client, joint, "reply_part", reply="").status_code == 400
    assert post(client, joint, "reply_part", reply="清完了。").status_code == 302
    assert "清完了。" in text_of(sign_in("desk").get(reverse("desk:order", args=[joint.number])))


def test_a_stale_reply_keeps_the_words_and_says_the_state(joint, do, sign_in):
    do(joint, "take_part", "property")
    client = sign_in("property")
    do(joint, "reply_part", "property", reply="已经清完。")
    response = post(client, joint, "reply_part", reply="我也写了一段。")
    assert response.status_code in (403, 409)


def test_the_lead_is_told_on_the_page_whose_reply_is_missing(joint, sign_in):
    response = post(sign_in("department"), joint, "settle", note="修好了")
    assert response.status_code == 409
    assert "演示安居物业、演示东风执法队" in text_of(response)
    assert "修好了" in text_of(response)


def test_the_dispatch_dialog_names_helpers_at_once(report, do, cast, sign_in):
    order = report().order
    do(order, "accept", "desk")
    client = sign_in("desk")
    assert "协办单位" in text_of(client.get(act_url(order, "dispatch")))
    helpers = [cast.units["property_unit"].pk, cast.units["enforcement_unit"].pk]
    response = post(client, order, "dispatch", unit=cast.units["department_unit"].pk, assists=helpers)
    assert response.status_code == 302
    assert Part.objects.filter(order=order).count() == 2


def test_units_are_found_by_two_characters_and_what_was_chosen_stays(joint, cast, sign_in):
    url = reverse("desk:pick_units", args=[joint.number, "units"])
    owners, other = cast.units["owners_unit"], cast.units["other_property_unit"]
    page = text_of(sign_in("desk").post(url, {"units": [owners.pk], "units_words": "远山"}))
    assert f'value="{owners.pk}" checked' in page
    assert f'value="{other.pk}"' in page
    assert sign_in("stranger_desk").post(url, {}).status_code == 404


def test_a_decision_is_made_beside_both_arguments(report, do, cast, sign_in):
    order = report().order
    do(order, "accept", "desk")
    for key, person, why in (
        ("property_unit", "property", "公共管道不归物业。"),
        ("department_unit", "department", "楼内的事归物业。"),
    ):
        do(order, "dispatch", "desk", unit=cast.units[key])
        do(order, "send_back", person, reason=why)
    clause = DutyClause.objects.create(
        code="QZ-7", title="楼内漏水维修", unit=cast.units["property_unit"], starts_on=cast.at.date()
    )
    street = sign_in("street")
    assert order.number in text_of(street.get(reverse("desk:disputes")))
    page = text_of(street.get(act_url(order, "arbitrate")))
    assert page.index("公共管道不归物业。") < page.index("楼内的事归物业。")
    assert "QZ-7" in page
    wrong = post(street, order, "arbitrate", unit=cast.units["property_unit"].pk, decision="由物业修。")
    assert (wrong.status_code, "由物业修。" in text_of(wrong)) == (400, True)
    given = {"unit": cast.units["property_unit"].pk, "decision": "由物业修。", "clause": clause.pk}
    assert post(street, order, "arbitrate", **given).status_code == 302
    assert order.number not in text_of(street.get(reverse("desk:disputes")))
    assert "QZ-7" in text_of(street.get(reverse("desk:order", args=[order.number])))
    assert sign_in("desk").get(reverse("desk:disputes")).status_code == 200
    assert sign_in("property").get(reverse("desk:disputes")).status_code == 403


def test_a_meeting_is_called_recorded_and_its_promises_are_parts(joint, cast, sign_in):
    client = sign_in("desk")
    units = [cast.units["property_unit"].pk, cast.units["owners_unit"].pk]
    called = post(client, joint, "call_meeting", units=units, place="12号楼门口", held_at="2026-03-03T14:30")
    assert called.status_code == 302
    meeting = Meeting.objects.get()
    assert f"{clock.local(meeting.held_at):%Y-%m-%d %H:%M}" == "2026-03-03 14:30"
    form = text_of(client.get(f"{act_url(joint, 'record_meeting')}?meeting={meeting.pk}"))
    assert "演示彩虹业委会" in form
    given = {
        "meeting": meeting.pk,
        "minutes": "商定分工。",
        "promise_unit": [cast.units["owners_unit"].pk, ""],
        "promise_task": ["打开水箱间", ""],
        "promise_due": ["2099-03-05T10:00", ""],
    }
    half = post(client, joint, "record_meeting", **{**given, "promise_task": ["", ""]})
    assert (half.status_code, "商定分工。" in text_of(half)) == (400, True)
    assert post(client, joint, "record_meeting", **given).status_code == 302
    assert Part.objects.get(meeting=meeting).unit == cast.units["owners_unit"]
    page = text_of(client.get(reverse("desk:order", args=[joint.number])))
    assert "商定分工。" in page
    assert "打开水箱间" in page
    assert "12号楼门口" in text_of(client.get(reverse("desk:meetings")))


def test_a_motion_has_a_page_with_its_course(joint, cast, sign_in):
    client = sign_in("desk")
    assert post(client, joint, "raise_motion", title="老管网改造", words="建议列入民生实事。").status_code == 302
    motion = Motion.objects.get()
    url = reverse("desk:motion", args=[motion.pk])
    assert "建议列入民生实事。" in text_of(client.get(url))

    def press(verb, **given):
        path = reverse("desk:motion_act", args=[motion.pk, verb])
        return client.post(path, {"entry_id": str(uuid.uuid4()), **given})

    assert press("submit", body="").status_code == 400
    assert press("submit", body="区人大", words="附图纸").status_code == 302
    assert press("submit", body="区人大").status_code == 409
    assert press("answer", words="列入明年计划。").status_code == 302
    assert "列入明年计划。" in text_of(client.get(url))
    assert press("close", words="已开工。").status_code == 302
    assert press("burn", words="已开工。").status_code == 404
    for person in ("stranger_desk", "owners"):
        assert sign_in(person).get(url).status_code == 404
    assert "老管网改造" in text_of(client.get(reverse("desk:motions")))


@pytest.mark.parametrize("name", ["parts", "disputes", "meetings", "motions"])
def test_each_list_goes_out_as_a_file_without_formulas(joint, do, cast, later, sign_in, name):
    do(joint, "call_meeting", "desk", units=[cast.units["property_unit"]], place="=1+1", held_at=later(24))
    do(joint, "raise_motion", "desk", title="=2+2", words="请列入。")
    client = sign_in("desk")
    url = reverse("desk:joint_export", args=[name])
    told = b"".join(client.post(url, {"format": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert len(rows) == {"parts": 3, "disputes": 1, "meetings": 2, "motions": 2}[name]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert client.post(url, {"format": "xlsx"}).status_code == 200
    assert client.post(url, {"format": "pdf"}).status_code == 400
    assert b"".join(sign_in("stranger_desk").post(url, {"format": "csv"}).streaming_content).count(b"\n") == 1


def test_a_unit_member_does_the_part_on_the_phone(joint, sign_in):
    client = sign_in("enforcement")
    assert joint.number in text_of(client.get(reverse("field:today")))
    page = text_of(client.get(reverse("field:one", args=[joint.number])))
    assert "签收协办" in page
    assert "请一起去看" in page
    take = client.post(reverse("field:act", args=[joint.number, "take_part"]), {"entry_id": str(uuid.uuid4())})
    assert take.status_code == 302
    reply = {"entry_id": str(uuid.uuid4()), "reply": "配合完了。"}
    assert client.post(reverse("field:act", args=[joint.number, "reply_part"]), reply).status_code == 302
    assert Part.objects.get(unit=Unit.objects.get(name="演示东风执法队")).status == "replied"
    assert "配合完了。" in text_of(client.get(reverse("field:one", args=[joint.number])))


@pytest.mark.parametrize(
    ("person", "name"), [("desk", "desk:order"), ("property", "desk:order"), ("property", "field:one")]
)
def test_the_page_of_a_joint_order_asks_once_more_than_any_other(joint, report, do, cast, later, sign_in, person, name):
    plain = report().order
    do(plain, "accept", "desk")
    do(plain, "dispatch", "desk", unit=cast.units["property_unit"])
    do(joint, "call_meeting", "desk", units=[cast.units["property_unit"]], place="门口", held_at=later(24))
    client = sign_in(person)

    def asked(order):
        client.get(reverse(name, args=[order.number]))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=[order.number])).status_code == 200
        return len(queries)

    assert asked(joint) <= asked(plain) + 1


@pytest.mark.parametrize("name", ["desk:parts", "desk:disputes", "desk:meetings", "desk:motions"])
def test_the_lists_cost_at_most_twelve_queries(joint, do, cast, later, sign_in, name, django_assert_max_num_queries):
    do(joint, "call_meeting", "desk", units=[cast.units["property_unit"]], place="门口", held_at=later(24))
    do(joint, "raise_motion", "desk", title="改造", words="请列入。")
    client = sign_in("desk")
    client.get(reverse(name))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name)).status_code == 200


def test_programs_do_the_same_verbs(joint, cast):
    from django.test import Client

    from louzhang.accounts.actions import make_api_token

    def program(person):
        _, token = make_api_token(
            user=cast.people[person], label="测试", is_read_only=False, actor=cast.actor(person), at=clock.now()
        )
        return Client(headers={"Authorization": f"Bearer {token}"})

    url = f"/api/v1/workorders/{joint.number}"
    helper = program("property")
    assert "take_part" in helper.get(url).json()["verbs"]
    assert helper.post(f"{url}/take_part", {}, content_type="application/json").status_code == 200
    replied = helper.post(f"{url}/reply_part", {"reply": "清完了。"}, content_type="application/json")
    assert replied.status_code == 200
    desk = program("desk")
    body: dict[str, Any] = {"units": [cast.units["owners_unit"].pk], "place": "门口", "held_at": "2026-03-03T06:30:00Z"}
    assert desk.post(f"{url}/call_meeting", body, content_type="application/json").status_code == 200
    promise = {"unit": cast.units["owners_unit"].pk, "task": "开门", "due_at": "2099-01-01T00:00:00Z"}
    body = {"meeting": Meeting.objects.get().pk, "minutes": "开了会。", "promises": [promise]}
    assert desk.post(f"{url}/record_meeting", body, content_type="application/json").status_code == 200
    assert WorkOrder.objects.get(pk=joint.pk).open_part_count == 2
    odd = {"units": [10**18], "task": "x"}
    assert desk.post(f"{url}/ask_assist", odd, content_type="application/json").status_code == 400
