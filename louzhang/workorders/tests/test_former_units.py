"""A unit that sent an order back reads what was there while it had it, and nothing that came later."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import Tier, contact_tier, find_order, reports_of, timeline

LATER = ("新单位的看法", "打电话问过王小芳", "管道已经换好", "看这张现场照")


@pytest.fixture
def photo(cast):
    """A photo somebody has just uploaded."""

    def upload(person):
        return Attachment.objects.create(
            owner_key=cast.actor(person).owner_key,
            kind="photo",
            stage="ready",
            digest=uuid.uuid4().hex,
            suffix=".jpg",
            size=1,
            uploaded_at=cast.at,
        )

    return upload


@pytest.fixture
def sent_back(report, do):
    """An order that the property company had, said something about, and sent back."""
    order = report(phone="13911112222", name="王小芳").order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=_unit(order, "演示安居物业"), note="请尽快看一下")
    do(order, "take", "property")
    do(order, "comment", "property", words="我们看过了")
    do(order, "send_back", "property", reason="不归我们管")
    return order


@pytest.fixture
def gone_on(sent_back, do, photo):
    """The same order, handled by the department since."""
    do(sent_back, "dispatch", "desk", unit=_unit(sent_back, "演示住建局"), note=LATER[0], hours=2)
    do(sent_back, "take", "department", hours=2)
    do(sent_back, "comment", "department", words=LATER[1], hours=2)
    do(sent_back, "comment", "department", words=LATER[3], photos=(photo("department").uid,), hours=2)
    do(sent_back, "settle", "department", note=LATER[2], photos=(photo("department").uid,), hours=3)
    return sent_back


def _unit(order, name):
    from louzhang.areas.models import Unit

    return Unit.objects.get(name=name)


def read(cast, person, order):
    actor = cast.actor(person)
    found = find_order(actor, order.number)
    assert found is not None
    return timeline(found, actor)


def test_the_history_ends_with_the_sending_back(cast, gone_on):
    verbs = [moment.event.verb for moment in read(cast, "property", gone_on)]
    assert verbs == ["report", "accept", "dispatch", "take", "comment", "send_back"]
    assert not [moment for moment in read(cast, "property", gone_on) if moment.attachments]
    assert len(read(cast, "department", gone_on)) == len(verbs) + 5
    assert len(read(cast, "desk", gone_on)) == len(verbs) + 5


def test_the_unit_still_sees_that_it_exists_and_its_step_but_nobody_behind_it(cast, gone_on):
    actor = cast.actor("property")
    assert WorkOrder.objects.visible_to(actor).filter(pk=gone_on.pk).exists()
    found = find_order(actor, gone_on.number)
    assert found is not None
    assert found.status_label == "待反馈"
    assert (found.lead_unit, found.assignee, found.settled_at) == (None, None, None)
    assert reports_of(found, actor) == []
    assert contact_tier(found, gone_on.reports.get(), actor) is Tier.HIDDEN


@pytest.mark.parametrize("name", ["desk:order", "desk:print", "field:one"])
def test_no_page_or_paper_shows_what_came_later(gone_on, sign_in, name):
    url = reverse(name, args=[gone_on.number])
    shown = sign_in("property").get(url).content.decode()
    assert "不归我们管" in shown
    assert [
        text for text in (*LATER, "演示住建局", "演示部门承办", "/media/", "要求", "希望这样答复") if text in shown
    ] == []
    assert LATER[2] in sign_in("desk").get(url).content.decode()


def test_programs_read_no_more_than_people(cast, gone_on):
    def asked(person, path):
        _, token = make_api_token(user=cast.people[person], label="测试", is_read_only=True, actor=SYSTEM, at=cast.at)
        headers = {"authorization": f"Bearer {token}"}
        return Client().get(f"/api/v1/workorders/{gone_on.number}{path}", headers=headers).json()

    assert [row["verb"] for row in asked("property", "/events")["rows"]][-1] == "send_back"
    whole = asked("property", "")
    assert (whole["status"], whole["unit"], whole["reports"], whole["verbs"]) == ("settled", None, [], [])
    assert asked("department", "/events")["rows"][-1]["words"]["note"] == LATER[2]


def test_given_to_it_again_the_unit_reads_everything(cast, sent_back, do):
    do(sent_back, "comment", "desk", words="物业再看一次", hours=2)
    do(sent_back, "dispatch", "desk", unit=cast.units["property_unit"], hours=2)
    assert any(moment.spoken.get("words") == "物业再看一次" for moment in read(cast, "property", sent_back))
    do(sent_back, "send_back", "property", reason="还是不归我们", hours=3)
    do(sent_back, "comment", "desk", words="交给住建局", hours=4)
    assert read(cast, "property", sent_back)[-1].spoken == {"reason": "还是不归我们"}


def test_who_reported_it_and_had_it_reads_on_as_a_reporter(cast, report, do):
    order = report(cast.actor("property")).order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "send_back", "property", reason="不归我们")
    do(order, "comment", "desk", words="内部意见", hours=2)
    do(order, "dispatch", "desk", unit=cast.units["department_unit"], hours=2)
    verbs = [moment.event.verb for moment in read(cast, "property", order)]
    assert verbs == ["report", "accept", "dispatch", "send_back", "dispatch"]
    found = find_order(cast.actor("property"), order.number)
    assert found is not None
    assert len(reports_of(found, cast.actor("property"))) == 1
