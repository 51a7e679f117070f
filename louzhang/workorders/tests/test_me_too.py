"""我也遇到: who may join what, and that nobody learns of anybody."""

import uuid

import pytest
from django.urls import reverse

from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.refusals import Conflict
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import announce_workorder, merge_workorder, report_too, settle_on_spot_workorder
from louzhang.workorders.actions.reporting import Draft
from louzhang.workorders.models import Channel, PublicLine, Report, WorkOrder
from louzhang.workorders.queries import find_order, timeline
from louzhang.workorders.queries.neighbours import lines_near

LINE = "2 单元灯不亮，已交物业。"


@pytest.fixture
def lamp(cast):
    row = cast.categories["lamp"]
    row.is_public_space = True
    row.save(update_fields=["is_public_space"])
    return row


@pytest.fixture
def told(report, lamp, cast):
    """A lamp that the desk has told neighbours about."""
    order = report(category=lamp, words="灯坏了，我是 301 的王芳。").order
    announce_workorder(order_id=order.pk, words=LINE, actor=cast.actor("desk"), at=cast.at)
    return order


@pytest.fixture
def neighbour():
    return Actor(kind=ActorKind.DEVICE, device="c" * 64)


@pytest.fixture
def join(cast, lamp, neighbour):
    def file(actor=None, **changes):
        facts = {
            "channel": Channel.RESIDENT,
            "category": lamp,
            "area": cast.areas["building"],
            "words": "三楼灯也不亮。",
            "same": PublicLine.objects.get(ended_at=None).uid,
        } | changes
        return report_too(draft=Draft(**facts), actor=actor or neighbour, at=cast.at)

    return file


def test_a_neighbour_joins_with_an_own_code_and_reads_only_the_own_words(told, join, neighbour, cast):
    filed = join()
    order = WorkOrder.objects.get()
    assert (filed.order.pk, order.report_count, Report.objects.count()) == (told.pk, 2, 2)
    assert filed.tracking_code
    assert filed.report.seq == 3
    mine = find_order(neighbour, told.number)
    assert mine is not None
    heard = f"{[moment.spoken for moment in timeline(mine, neighbour)]}{mine.summary}{mine.place_note}"
    assert "三楼灯也不亮。" in heard
    assert "王芳" not in heard
    first = find_order(cast.device, told.number)
    assert first is not None
    assert "三楼" not in str([moment.spoken for moment in timeline(first, cast.device)])
    prove_journal()


def test_nobody_joins_twice(told, join):
    join()
    with pytest.raises(Conflict, match="已经反映过这件事"):
        join()


def test_what_is_over_or_no_longer_public_becomes_a_report_of_its_own(told, join, cast, later):
    line = PublicLine.objects.get(ended_at=None).uid
    settle_on_spot_workorder(order_id=told.pk, note="换了灯。", actor=cast.actor("chief"), at=later(1))
    assert join(same=line).order.pk != told.pk
    assert join(same=uuid.UUID(int=1), actor=cast.other_device).order.pk != told.pk


def test_whoever_joins_a_merged_matter_arrives_where_it_goes_on(told, join, report, lamp, cast):
    other = report(category=lamp).order
    merge_workorder(order_id=told.pk, into=other.number, actor=cast.actor("desk"), at=cast.at)
    assert join().order.pk == other.pk
    assert WorkOrder.objects.get(pk=other.pk).report_count == 3


def test_another_category_never_joins(told, join, cast):
    filed = join(category=cast.categories["leak"])
    assert filed.order.pk != told.pk


def test_near_is_the_building_or_the_distance_of_the_category(told, lamp, cast):
    assert [near.line.words for near in lines_near(lamp, cast.areas["building"], None, None)] == [LINE]
    assert [near.line.words for near in lines_near(lamp, cast.areas["community"], None, None)] == [LINE]
    assert lines_near(lamp, cast.areas["next_building"], None, None) == []
    assert lines_near(lamp, cast.areas["other_community"], None, None) == []
    WorkOrder.objects.filter(pk=told.pk).update(longitude=121.1, latitude=41.1)
    assert len(lines_near(lamp, cast.areas["building"], 121.1001, 41.1)) == 1
    assert lines_near(lamp, cast.areas["building"], 121.2, 41.1) == []


@pytest.mark.parametrize("code", ["leak", "complaint", "guarded"])
def test_categories_that_are_not_public_space_offer_nothing(told, cast, code):
    assert lines_near(cast.categories[code], cast.areas["building"], None, None) == []
    assert lines_near(None, cast.areas["building"], None, None) == []


def posted(cast, lamp, **more):
    return {
        "words": "三楼灯也不亮。",
        "category": "lamp",
        "community": str(cast.areas["community"].pk),
        "building": str(cast.areas["building"].pk),
        "entry_id": str(uuid.UUID(int=4)),
        "answer_way": "here",
    } | more


def test_the_last_step_offers_it_and_sending_joins(told, lamp, cast, client, django_assert_max_num_queries):
    client.get(reverse("phone:report"))
    with django_assert_max_num_queries(12):
        page = client.post(reverse("phone:report"), posted(cast, lamp, go="3", step="2")).content.decode()
    assert LINE in page
    assert "王芳" not in page
    part = client.post(reverse("phone:nearby"), posted(cast, lamp)).content.decode()
    assert "我也遇到" in part
    line = PublicLine.objects.get()
    answer = client.post(reverse("phone:report"), posted(cast, lamp, step="3", same=str(line.uid)))
    assert answer.status_code == 302
    assert WorkOrder.objects.get().report_count == 2
    receipt = client.get(answer["Location"]).content.decode()
    assert "已有邻居反映" in receipt
    one = client.get(reverse("phone:one", args=[told.number])).content.decode()
    assert "另有 1 位居民也反映了这件事" in one
    assert "三楼灯也不亮。" in one
    assert "王芳" not in one
    assert "王芳" not in client.get(reverse("phone:mine")).content.decode()


def test_not_the_same_opens_an_own_order(told, lamp, cast, client):
    client.get(reverse("phone:report"))
    client.post(reverse("phone:report"), posted(cast, lamp, step="3", same=""))
    assert WorkOrder.objects.count() == 2
