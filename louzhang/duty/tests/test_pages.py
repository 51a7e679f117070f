"""The pages of duty: a week planned, taken away and brought in again, a sign-over written and countersigned."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from louzhang.duty.models import Handover, Shift
from louzhang.duty.queries import monday_of
from louzhang.kit import clock

OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
UNITS = {"department", "department_lead", "property", "other_property", "owners", "enforcement"}


@pytest.fixture
def tomorrow(cast):
    return clock.local_date(clock.now()) + timedelta(days=1)


def given(cast, key, day, **changes):
    facts = {"person": cast.people[key].pk, "day": day.isoformat(), "begins": "20:00", "ends": "08:00", "position": 1}
    return facts | changes


@pytest.mark.parametrize(
    ("name", "who"),
    [("duty:week", OFFICES | UNITS), ("duty:csv", OFFICES | UNITS), ("duty:write", OFFICES | UNITS),
     ("duty:import", OFFICES | {"department_lead"}), ("duty:import_example", OFFICES | {"department_lead"})],
)  # fmt: skip
def test_who_opens_which_page(cast, browser_of, name, who):
    opened = {key for key in ["", *cast.people] if browser_of(key).get(reverse(name)).status_code == 200}
    assert opened == who


def test_a_night_shift_is_planned_shown_and_cancelled(cast, browser_of, tomorrow):
    desk = browser_of("desk")
    sent = desk.post(reverse("duty:add"), given(cast, "secretary", tomorrow))
    assert sent.status_code == 302
    shift = Shift.objects.get()
    assert (shift.ends_at - shift.starts_at, shift.unit) == (timedelta(hours=12), cast.units["community_office"])
    page = desk.get(sent["Location"]).content.decode()
    assert "20:00–08:00" in page
    again = desk.post(reverse("duty:add"), given(cast, "secretary", tomorrow, begins="22:00"))
    assert again.status_code == 409
    assert "已经有班了" in again.content.decode()
    assert desk.post(reverse("duty:cancel", args=[shift.pk])).status_code == 302
    assert "20:00–08:00" not in desk.get(sent["Location"]).content.decode()


def test_a_unit_of_others_is_not_there(cast, browser_of, tomorrow):
    other = cast.units["other_community_office"].pk
    desk = browser_of("desk")
    assert desk.get(reverse("duty:week"), {"unit": other}).status_code == 404
    assert desk.post(reverse("duty:add"), given(cast, "desk", tomorrow, unit=other)).status_code == 404
    assert browser_of("commander").get(reverse("duty:week"), {"unit": other}).status_code == 200
    member = browser_of("department")
    assert member.post(reverse("duty:add"), given(cast, "department", tomorrow)).status_code == 403


def test_a_list_that_was_taken_away_comes_in_again(cast, browser_of, tomorrow):
    commander = browser_of("commander")
    office = cast.units["community_office"].pk
    commander.post(reverse("duty:add"), given(cast, "desk", tomorrow, unit=office))
    where = {"unit": office, "week": monday_of(tomorrow).isoformat()}
    answer = commander.get(reverse("duty:csv"), where)
    content = b"".join(answer.streaming_content)
    assert "演示社区受理" in content.decode("utf-8-sig")
    Shift.objects.update(ended_at=clock.now())
    file = SimpleUploadedFile("duty.csv", content, content_type="text/csv")
    looked = commander.post(reverse("duty:import"), {"file": file})
    assert looked.status_code == 200
    assert Shift.objects.planned().count() == 0
    form = looked.context["store_form"]
    stored = commander.post(
        reverse("duty:import_store"), {"entry_id": form["entry_id"].value(), "rows": form["rows"].value()}
    )
    assert stored.status_code == 302
    assert Shift.objects.planned().count() == 1
    wrong = content.decode("utf-8-sig").replace("演示社区受理", "没有这个人")
    refused = commander.post(
        reverse("duty:import"), {"file": SimpleUploadedFile("duty.csv", wrong.encode(), content_type="text/csv")}
    )
    assert refused.status_code == 400
    assert "不在这个单位任职" in refused.content.decode()


def test_a_sign_over_is_written_and_countersigned_on_the_pages(cast, browser_of, red):
    desk, secretary = browser_of("desk"), browser_of("secretary")
    page = desk.get(reverse("duty:write")).content.decode()
    assert red.number in page
    sent = desk.post(
        reverse("duty:write"),
        {"taker": cast.people["secretary"].pk, "words": "物业在路上。", "entry_id": str(uuid4())},
    )
    assert sent.status_code == 302
    handover = Handover.objects.get()
    url = reverse("duty:handover", args=[handover.uid])
    assert "签字接班" not in desk.get(url).content.decode()
    assert "签字接班" in secretary.get(url).content.decode()
    assert browser_of("stranger_desk").get(url).status_code == 404
    assert desk.post(url, {"entry_id": str(uuid4())}).status_code == 403
    entry = str(uuid4())
    for _ in range(2):
        assert secretary.post(url, {"words": "知道了。", "entry_id": entry}).status_code == 302
    assert "已交接" in desk.get(url).content.decode()
    assert secretary.post(url, {"entry_id": str(uuid4())}).status_code == 409


def test_the_pages_cost_at_most_twelve_queries(cast, browser_of, on_duty, red, django_assert_max_num_queries):
    on_duty("desk", "community_office")
    for key, name in (
        ("desk", "duty:week"),
        ("commander", "duty:week"),
        ("desk", "duty:write"),
        ("desk", "desk:inbox"),
    ):
        client = browser_of(key)
        client.get(reverse(name))
        with django_assert_max_num_queries(12):
            assert client.get(reverse(name)).status_code == 200
