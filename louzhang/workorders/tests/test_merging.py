"""The same matter reported twice: merged, told to each alone, taken apart again."""

from typing import Any

import pytest
from django.urls import reverse

from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, Refusal, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import VERBS, rate_workorder, report_back_workorder
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.queries import find_order, moved_to, reports_of, timeline, voices_elsewhere
from louzhang.workorders.queries.duplicates import bursts_of, candidates_for, matter_of
from louzhang.workorders.queries.phone_lists import find_by_code, my_orders
from louzhang.workorders.views.telling import title_of

NEAR = {"longitude": 121.1, "latitude": 41.1}
A_STREET_AWAY = {"longitude": 121.11, "latitude": 41.1}


@pytest.fixture
def act(cast, later):
    """Do one verb as somebody of the cast, an hour after the morning."""

    def do(order, verb, person, at=1, **given):
        action: Any = VERBS[verb]
        actor = person if isinstance(person, Actor) else cast.actor(person)
        return action(order_id=order.pk, actor=actor, at=later(at), **given)

    return do


@pytest.fixture
def neighbour():
    return Actor(kind=ActorKind.DEVICE, device="c" * 64)


@pytest.fixture
def pair(report, neighbour):
    """Two reports of one leak, by two phones."""
    return report(), report(neighbour, words="我家楼下也漏水，301 的王芳。", place_note="301 门口")


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def verbs_of(order):
    return list(
        Event.objects.filter(subject_kind="workorder", subject_id=order.pk)
        .order_by("seq")
        .values_list("verb", flat=True)
    )


def test_a_merged_order_waits_and_its_report_goes_with_the_other(act, pair):
    first, second = pair
    act(second.order, "merge", "desk", into=first.order.number)
    source, target = now(second.order), now(first.order)
    assert (source.status, source.merged_into, source.report_count) == ("merged", target, 0)
    assert (target.status, target.report_count) == ("reported", 2)
    assert Report.objects.get(pk=second.report.pk).order == target
    assert verbs_of(source) == ["report", "merge"]
    assert verbs_of(target) == ["report", "gather"]
    prove_journal()


def test_unmerging_gives_back_exactly_what_came_and_the_former_state(act, pair, cast, report):
    first, second = pair
    act(second.order, "accept", "desk")
    act(second.order, "dispatch", "desk", unit=cast.units["property_unit"])
    act(second.order, "merge", "desk", into=first.order.number)
    third = report(Actor(kind=ActorKind.DEVICE, device="d" * 64))
    act(third.order, "merge", "desk", into=first.order.number)
    act(second.order, "unmerge", "desk")
    source, target = now(second.order), now(first.order)
    assert (source.status, source.merged_into, source.merged_from, source.report_count) == ("dispatched", None, "", 1)
    assert source.lead_unit == cast.units["property_unit"]
    assert target.report_count == 2
    assert list(target.reports.order_by("pk")) == [first.report, third.report]
    assert Report.objects.get(pk=second.report.pk).home is None
    assert verbs_of(target) == ["report", "gather", "gather", "split_off"]
    prove_journal()


def test_splitting_off_is_the_other_end_of_unmerging(act, pair):
    first, second = pair
    act(first.order, "gather", "desk", others=[second.order.number])
    act(first.order, "split_off", "desk", other=second.order.number)
    assert (now(first.order).report_count, now(second.order).report_count) == (1, 1)
    assert now(second.order).status == "reported"
    with pytest.raises(InputRefused, match="没有并入本件"):
        act(first.order, "split_off", "desk", other=second.order.number)


def test_merged_twice_on_the_way_everybody_arrives_and_goes_back_step_by_step(act, pair, report):
    first, second = pair
    third = report(Actor(kind=ActorKind.DEVICE, device="d" * 64))
    act(second.order, "merge", "desk", into=first.order.number)
    act(first.order, "merge", "desk", into=third.order.number)
    assert now(third.order).report_count == 3
    with pytest.raises(TransitionRefused, match="又并入了别的工单"):
        act(second.order, "unmerge", "desk")
    act(first.order, "unmerge", "desk")
    act(second.order, "unmerge", "desk")
    assert [now(filed.order).report_count for filed in (first, second, third)] == [1, 1, 1]
    assert Report.objects.exclude(home=None).count() == 0
    prove_journal()


def test_nothing_is_taken_apart_after_the_answer(act, pair, cast):
    first, second = pair
    act(second.order, "merge", "desk", into=first.order.number)
    act(first.order, "accept", "desk")
    act(first.order, "dispatch", "desk", unit=cast.units["property_unit"])
    act(first.order, "take", "property")
    act(first.order, "settle", "property", note="换了阀门。")
    act(first.order, "report_back", "desk", answer="修好了。")
    with pytest.raises(TransitionRefused, match="已经反馈或结束"):
        act(second.order, "unmerge", "desk")


@pytest.mark.parametrize("person", ["chief", "grid_worker", "property", "street"])
def test_only_the_desk_merges(act, pair, person):
    first, second = pair
    with pytest.raises((NotYours, NotThere)):
        act(second.order, "merge", person, into=first.order.number)


def test_the_stranger_from_the_other_street_finds_neither(act, pair):
    first, second = pair
    with pytest.raises(NotThere):
        act(second.order, "merge", "stranger_desk", into=first.order.number)


def test_orders_of_two_desks_stay_apart_for_whoever_works_at_one(act, pair, report, cast):
    elsewhere = report(area=cast.areas["other_building"])
    for one, other in ((pair[0], elsewhere), (elsewhere, pair[0])):
        with pytest.raises(Refusal):
            act(one.order, "merge", "desk", into=other.order.number)
    assert {now(pair[0].order).status, now(elsewhere.order).status} == {"reported"}


def test_a_guarded_matter_never_goes_with_a_plain_one(act, pair, report, cast):
    guarded = report(category=cast.categories["guarded"])
    for one, other in ((guarded, pair[0]), (pair[0], guarded)):
        with pytest.raises(InputRefused, match="不能合并"):
            act(one.order, "merge", "desk", into=other.order.number)


def test_complaints_about_two_people_stay_apart(act, report, cast):
    def complain(key):
        target = Target(user_id=cast.people[key].pk, area=cast.posts[key].area, role=cast.posts[key].role)
        return report(category=cast.categories["complaint"], target=target)

    chief, worker, again = complain("chief"), complain("grid_worker"), complain("chief")
    with pytest.raises(InputRefused, match="同一个对象"):
        act(chief.order, "merge", "desk", into=worker.order.number)
    act(again.order, "merge", "desk", into=chief.order.number)
    assert find_order(cast.actor("chief"), chief.order.number) is None
    assert find_order(cast.actor("chief"), again.order.number) is None


def test_an_order_does_not_go_into_itself_or_one_that_has_ended(act, pair):
    first, second = pair
    with pytest.raises(InputRefused, match="它自己"):
        act(first.order, "merge", "desk", into=first.order.number)
    act(first.order, "decline", "desk", reason="不归社区管", advice="请找物业")
    with pytest.raises(TransitionRefused):
        act(second.order, "merge", "desk", into=first.order.number)
    with pytest.raises(NotThere):
        act(second.order, "merge", "desk", into="LZ000")


def test_every_reporter_keeps_the_code_and_reads_nothing_of_the_other(act, pair, cast, neighbour):
    first, second = pair
    act(second.order, "merge", "desk", into=first.order.number)
    voice = find_by_code(second.tracking_code)
    assert voice is not None
    assert voice.order == first.order
    assert moved_to(neighbour, second.order.number) == first.order.number
    for actor, filed, strange in ((neighbour, second, "一楼"), (cast.device, first, "王芳")):
        order = find_order(actor, first.order.number)
        assert order is not None
        (own,) = reports_of(order, actor)
        assert own.pk == filed.report.pk
        assert (own.masked_name, own.masked_phone) == ("", "")
        heard = [moment.spoken for moment in (*timeline(order, actor), *voices_elsewhere([own]).values())]
        told = f"{heard}{order.summary}{order.place_note}"
        assert strange not in told
        assert filed.order.summary in told
        assert [title_of(mine) for mine in my_orders(actor)] == [filed.order.summary]


def test_staff_read_the_words_of_all_voices(act, pair, cast):
    first, second = pair
    act(second.order, "merge", "desk", into=first.order.number)
    order = find_order(cast.actor("desk"), first.order.number)
    assert order is not None
    voices = reports_of(order, cast.actor("desk"))
    heard = voices_elsewhere(voices)
    assert [voice.pk for voice in voices] == [first.report.pk, second.report.pk]
    assert heard[second.report.pk].spoken["words"] == "我家楼下也漏水，301 的王芳。"


@pytest.fixture
def answered(act, pair, cast, later):
    first, second = pair
    act(second.order, "merge", "desk", into=first.order.number)
    act(first.order, "accept", "desk")
    act(first.order, "settle_on_spot", "chief", note="关了阀门。")
    order = now(first.order)
    if order.status == "settled":
        report_back_workorder(order_id=order.pk, answer="修好了。", actor=cast.actor("desk"), at=later(2))
    return pair


def test_each_hears_the_result_and_rates_alone(answered, cast, neighbour, later):
    first, _ = answered
    for actor in (cast.device, neighbour):
        order = find_order(actor, first.order.number)
        assert order is not None
        assert "修好了。" in [moment.spoken.get("answer") for moment in timeline(order, actor)]
    rate = {"order_id": first.order.pk, "solved": True}
    rate_workorder(**rate, stars=5, words="王师傅真快。", actor=cast.device, at=later(3))
    assert now(first.order).status == "rated"
    order = find_order(neighbour, first.order.number)
    assert order is not None
    assert "王师傅" not in str([moment.spoken for moment in timeline(order, neighbour)])
    rate_workorder(**rate, stars=3, actor=neighbour, at=later(3))
    assert [report.stars for report in Report.objects.order_by("pk")] == [5, 3]
    assert now(first.order).status == "closed"
    prove_journal()


def test_one_unsolved_opens_the_matter_for_all(answered, neighbour, later, cast):
    first, _ = answered
    rate_workorder(order_id=first.order.pk, stars=1, solved=False, words="我家还在滴。", actor=neighbour, at=later(3))
    assert now(first.order).status in {"accepted", "taken"}
    order = find_order(cast.device, first.order.number)
    assert order is not None
    moments = timeline(order, cast.device)
    assert "reopen" in [moment.event.verb for moment in moments]
    assert "还在滴" not in str([moment.spoken for moment in moments])


def test_whoever_wants_a_visit_is_still_told_by_one(act, report, neighbour):
    first = report()
    second = report(neighbour, answer_way=AnswerWay.VISIT, door="301")
    act(second.order, "merge", "desk", into=first.order.number)
    assert now(first.order).is_told_by_visit
    act(second.order, "unmerge", "desk")
    assert not now(first.order).is_told_by_visit


def test_candidates_come_with_the_reason_the_nearest_first(report, cast, neighbour):
    one = report(area=cast.areas["grid"], **NEAR).order
    report(neighbour, area=cast.areas["grid"], **A_STREET_AWAY)
    close = report(neighbour, area=cast.areas["next_grid"], longitude=121.1003, latitude=41.1).order
    report(neighbour, area=cast.areas["next_grid"], category=cast.categories["lamp"], **NEAR)
    found = candidates_for(matter_of(now(one)), cast.actor("desk"))
    reasons = {candidate.order.pk: candidate.why for candidate in found}
    assert reasons.pop(close.pk) == "同类别，相距 26 米，同时反映"
    assert list(reasons.values()) == ["同类别，都在3号网格，同时反映"]


def test_one_building_with_its_stairwells_is_one_place(report, cast, neighbour):
    one = report(area=cast.areas["stairwell"]).order
    same = report(neighbour, area=cast.areas["building"], category=cast.categories["lamp"]).order
    report(neighbour, area=cast.areas["next_building"])
    found = candidates_for(matter_of(now(one)), cast.actor("desk"))
    assert [(each.order.pk, each.why) for each in found] == [(same.pk, "类别是楼道灯，同一栋楼，同时反映")]


def test_a_plain_matter_is_never_compared_with_a_guarded_one(report, cast):
    one = report().order
    report(category=cast.categories["guarded"])
    assert candidates_for(matter_of(now(one)), cast.actor("desk")) == []


def test_the_stranger_gets_no_candidates(report, cast, neighbour):
    one = report().order
    report(neighbour)
    assert len(candidates_for(matter_of(now(one)), cast.actor("desk"))) == 1
    assert candidates_for(matter_of(now(one)), cast.actor("stranger_desk")) == []
    assert candidates_for(matter_of(now(one)), cast.actor("nobody")) == []


def test_candidates_take_one_query(report, cast, neighbour, django_assert_num_queries):
    matter = matter_of(WorkOrder.objects.select_related("category", "area__level").get(pk=report().order.pk))
    report(neighbour)
    actor = cast.actor("desk")
    with django_assert_num_queries(1):
        candidates_for(matter, actor)


def test_many_at_once_are_one_line_and_one_tap(act, report, cast):
    leak = cast.categories["leak"]
    leak.groups_bursts = True
    leak.save(update_fields=["groups_bursts"])
    filed = [report(Actor(kind=ActorKind.DEVICE, device=f"{number:064d}"), category=leak) for number in range(5)]
    report(category=leak, area=cast.areas["other_building"])
    (burst,) = bursts_of(cast.actor("desk"))
    assert (burst.head.pk, burst.count) == (filed[0].order.pk, 5)
    act(burst.head, "gather", "desk", others=burst.numbers.split(","))
    assert now(burst.head).report_count == 5
    assert [verbs_of(each.order) for each in filed[1:]] == [["report", "merge"]] * 4
    assert verbs_of(burst.head) == ["report", "gather"]
    assert bursts_of(cast.actor("desk")) == []
    prove_journal()


def test_nothing_is_grouped_unless_the_category_asks_for_it(report, cast):
    for _ in range(4):
        report()
    assert bursts_of(cast.actor("desk")) == []


def test_whose_matter_was_taken_out_again_is_not_named_where_it_was(cast, report, do, later, sign_in):
    order = report().order
    other = report(cast.actor("resident")).order
    do(other, "merge", "desk", into=order.number)
    comment: Any = VERBS["comment"]
    comment(order_id=order.pk, words="什么时候来", actor=cast.actor("resident"), at=later(2))
    do(other, "unmerge", "desk", hours=3)
    name = cast.people["resident"].name
    for url in ("desk:order", "desk:print"):
        shown = sign_in("desk").get(reverse(url, args=[order.number])).content.decode()
        assert "什么时候来" in shown
        assert name not in shown, url
    assert name not in sign_in("grid_worker").get(reverse("field:one", args=[order.number])).content.decode()
