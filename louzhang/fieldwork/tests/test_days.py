"""A day: made once, fitted into its hours, followed by what happens, changed by people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from louzhang.areas.models import PostKind, Setting
from louzhang.fieldwork.actions.days import add_item, move_item, refuse_item, reopen_item, tick_item
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.actions.making import make_days, refresh_stale
from louzhang.fieldwork.actions.proposing import lay_down_presets
from louzhang.fieldwork.actions.purging import forget_lines, forget_words
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.fieldwork.models import DayItem, DayList, ItemEnd, Met, VisitDue, Why
from louzhang.fieldwork.queries.visits import visits_by_community
from louzhang.inquiries.actions import ask_inquiry
from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions.sites import enter_site
from louzhang.register.models import SiteKind
from louzhang.workorders.actions import VERBS, Draft, report_workorder
from louzhang.workorders.models import AnswerWay, Channel

verbs: Any = VERBS


@pytest.fixture
def today(cast):
    return clock.local_date(cast.at)


@pytest.fixture
def due(cast, homes, rhythm, today):
    """Every home below the community is due today by its chief."""
    made = rhythm()
    keep_dues(day=today)
    VisitDue.objects.update(due_on=today)
    return made


@pytest.fixture
def make(cast, today):
    def made(at=None):
        return make_days(day=clock.local_date(at or cast.at), at=at or cast.at)

    return made


def day_of(cast, key):
    return DayList.objects.get(post=cast.posts[key])


def lines_of(cast, key, kind="visit"):
    return list(DayItem.objects.filter(day_list=day_of(cast, key), kind=kind).order_by("ordinal"))


def test_every_post_in_the_field_gets_its_day_once(cast, due, make):
    assert make() == 6
    assert set(DayList.objects.values_list("post_id", flat=True)) == {
        cast.posts[key].pk
        for key in ("stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "stranger_chief")
    }
    lines = DayItem.objects.count()
    assert (make(), DayItem.objects.count()) == (0, lines)


def test_a_chief_is_given_the_homes_of_the_own_building(cast, homes, due, make):
    make()
    wanted = {f"home:{homes.households[key].pk}" for key in ("own", "let")}
    assert {line.source for line in lines_of(cast, "chief")} == wanted
    assert [line.dwelling.door for line in lines_of(cast, "chief")] == ["301", "302"]


def test_a_day_sums_to_its_hours_and_the_rest_is_no_ones_overdue(cast, due, make):
    Setting.objects.create(key="volunteer_minutes", value=20, starts_at=cast.at)
    make()
    lines = lines_of(cast, "chief")
    assert [line.fits for line in lines].count(True) == 1
    assert sum(line.minutes for line in lines if line.fits) <= day_of(cast, "chief").minutes == 20


def test_who_is_paid_has_no_day_on_a_day_of_rest(cast, due, make, later):
    make(later(24 * 5))  # a Saturday
    assert set(DayList.objects.values_list("post__role", flat=True)) == {"stairwell_head", "chief"}


def test_each_line_says_why_and_names_nobody(cast, homes, due, make):
    make()
    said = " ".join(f"{line.title} {line.why}" for line in DayItem.objects.all())
    assert "每天走访一次，还没有人去过。" in said
    assert [name for name in ("演示父亲", "演示母亲", "演示租客", "关") if name in said] == []


def order_for_chief(cast, **more):
    facts = {
        "channel": Channel.RESIDENT,
        "category": cast.categories["leak"],
        "area": cast.areas["stairwell"],
        "words": "漏水",
        "answer_way": AnswerWay.HERE,
    } | more
    order = report_workorder(draft=Draft(**facts), actor=cast.device, at=cast.at).order
    desk, at = cast.actor("desk"), cast.at
    verbs["accept"](order_id=order.pk, actor=desk, at=at)
    office = cast.units["community_office"]
    verbs["dispatch"](order_id=order.pk, actor=desk, at=at, unit=office, seat=cast.posts["chief"])
    return order


def test_an_order_given_during_the_day_joins_the_list_and_is_ticked_when_done(cast, due, make, later):
    make()
    order = order_for_chief(cast)
    read_new_events(at=later(0.1))
    assert refresh_stale(at=later(0.1)) > 0
    line = DayItem.objects.get(source=f"workorder:{order.pk}")
    assert (line.day_list, line.ended, line.title) == (day_of(cast, "chief"), "", "漏水")
    chief = cast.actor("chief")
    verbs["take"](order_id=order.pk, actor=chief, at=later(0.2))
    verbs["settle"](order_id=order.pk, actor=chief, at=later(0.3), note="换了垫圈。")
    read_new_events(at=later(0.4))
    refresh_stale(at=later(0.4))
    line.refresh_from_db()
    assert line.ended == ItemEnd.DONE


def test_a_place_to_check_is_ticked_and_noted_as_checked(cast, homes, make, later):
    site = enter_site(
        area=cast.areas["building"], kind=SiteKind.HYDRANT, name="消火栓", check_days=30, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    make()
    line = DayItem.objects.get(source=f"site:{site.pk}")
    assert line.day_list == day_of(cast, "grid_worker")
    tick_item(uid=line.uid, actor=cast.actor("grid_worker"), at=later(1))
    site.refresh_from_db()
    assert site.checked_on == clock.local_date(cast.at)
    line.refresh_from_db()
    assert line.ended == ItemEnd.DONE


def test_a_line_is_refused_with_a_reason_and_taken_up_again(cast, due, make, later):
    make()
    line = lines_of(cast, "chief")[0]
    chief = cast.actor("chief")
    refuse_item(uid=line.uid, why=Why.ARRANGED, words="约了周五。", actor=chief, at=later(1))
    line.refresh_from_db()
    assert (line.ended, line.refusal) == (ItemEnd.REFUSED, Why.ARRANGED)
    event = Event.objects.get(subject_kind="day_list", verb="refuse")
    assert "周五" not in str(event.payload)
    assert Words.objects.get(subject_kind="day_list", seq=line.event_seq).spoken == {"words": "约了周五。"}
    reopen_item(uid=line.uid, actor=chief, at=later(2))
    line.refresh_from_db()
    assert (line.ended, line.refusal, line.event_seq) == ("", "", None)


def test_a_refusal_needs_a_reason(cast, due, make):
    make()
    line = lines_of(cast, "chief")[0]
    for why, words in (("", ""), ("tired", ""), (Why.OTHER, " ")):
        with pytest.raises(InputRefused):
            refuse_item(uid=line.uid, why=why, words=words, actor=cast.actor("chief"), at=cast.at)


@pytest.mark.parametrize("person", ["next_chief", "property", "resident", "street", "stranger_desk", "grid_worker"])
def test_the_day_of_another_is_not_there(cast, due, make, person):
    make()
    with pytest.raises(NotThere):
        refuse_item(uid=lines_of(cast, "chief")[0].uid, why=Why.NO_TIME, actor=cast.actor(person), at=cast.at)


def test_the_community_sees_a_day_and_does_not_tick_it(cast, due, make):
    make()
    with pytest.raises(NotYours):
        refuse_item(uid=lines_of(cast, "chief")[0].uid, why=Why.NO_TIME, actor=cast.actor("desk"), at=cast.at)


def test_lists_are_read_by_their_holder_and_the_community_alone(cast, due, make):
    make()
    readers = {
        key
        for key, actor in cast.everyone().items()
        if DayList.objects.visible_to(actor).filter(post=cast.posts["chief"]).exists()
    }
    assert readers == {"chief", "desk", "secretary", "system"}


def test_a_stand_in_reads_and_ticks_the_day(cast, due, make):
    post = cast.posts["chief"]
    post.stand_in = cast.people["nobody"]
    post.save(update_fields=["stand_in"])
    make()
    refuse_item(uid=lines_of(cast, "chief")[0].uid, why=Why.NO_TIME, actor=cast.actor("nobody"), at=cast.at)
    assert lines_of(cast, "chief")[0].ended == ItemEnd.REFUSED


def test_what_the_community_adds_takes_its_time_first(cast, due, make):
    make()
    chief = day_of(cast, "chief")
    add_item(
        list_uid=chief.uid, title="贴停水通知", minutes=50, area=cast.areas["building"], actor=cast.actor("secretary"),
        at=cast.at,
    )  # fmt: skip
    added = DayItem.objects.get(day_list=chief, kind="added")
    assert (added.fits, added.why) == (True, "社区安排的。")
    assert [line.fits for line in lines_of(cast, "chief")] == [False, False]
    tick_item(uid=added.uid, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(TransitionRefused):
        tick_item(uid=added.uid, actor=cast.actor("chief"), at=cast.at)


def test_a_line_is_given_to_somebody_else_of_the_community(cast, due, make, homes, later):
    make()
    line = lines_of(cast, "chief")[0]
    moved = move_item(uid=line.uid, to_uid=day_of(cast, "grid_worker").uid, actor=cast.actor("desk"), at=later(1))
    line.refresh_from_db()
    assert (line.ended, moved.day_list, moved.came_from) == (ItemEnd.MOVED, day_of(cast, "grid_worker"), line)
    write_visit(
        dwelling_id=homes.dwellings["own"].pk, household_id=homes.households["own"].pk, outcome=Met.MET,
        actor=cast.actor("grid_worker"), at=later(2),
    )  # fmt: skip
    moved.refresh_from_db()
    assert moved.ended == ItemEnd.DONE


def test_nothing_is_given_to_another_community_and_no_order_at_all(cast, due, make):
    order = order_for_chief(cast)
    make()
    desk = cast.actor("desk")
    with pytest.raises(NotThere):
        move_item(uid=lines_of(cast, "chief")[0].uid, to_uid=day_of(cast, "stranger_chief").uid, actor=desk, at=cast.at)
    line = DayItem.objects.get(source=f"workorder:{order.pk}")
    with pytest.raises(InputRefused):
        move_item(uid=line.uid, to_uid=day_of(cast, "grid_worker").uid, actor=desk, at=cast.at)


def test_a_holder_does_not_plan_the_own_day(cast, due, make):
    make()
    with pytest.raises(NotYours):
        add_item(list_uid=day_of(cast, "chief").uid, title="散步", actor=cast.actor("chief"), at=cast.at)


def test_tomorrow_is_gathered_anew(cast, due, make, homes, later):
    make()
    write_visit(
        dwelling_id=homes.dwellings["own"].pk, household_id=homes.households["own"].pk, outcome=Met.NOBODY,
        actor=cast.actor("chief"), at=later(1),
    )  # fmt: skip
    make(later(24))
    tomorrow = clock.local_date(cast.at) + timedelta(days=1)
    lines = DayItem.objects.filter(day_list__post=cast.posts["chief"], day_list__day=tomorrow)
    again = lines.get(source=f"home:{homes.households['own'].pk}")
    assert again.why == "每天走访一次，还没有人去过，上次没人在家。"


def test_the_longest_unvisited_go_first_where_some_are_wanted_a_day(cast, homes, rhythm, make, later):
    write_visit(
        dwelling_id=homes.dwellings["own"].pk, household_id=homes.households["own"].pk, outcome=Met.MET,
        actor=cast.actor("chief"), at=later(-24),
    )  # fmt: skip
    rhythm(name="每天两户", whom="some", role="grid_worker", often=2)
    make()
    lines = lines_of(cast, "grid_worker")
    wanted = {f"home:{homes.households[key].pk}" for key in ("let", "next")}
    assert {line.source for line in lines} == wanted


def test_who_is_posted_there_has_a_line_until_it_was_often_enough(cast, homes, make, later, today):
    post = cast.posts["secretary"]
    post.kind = PostKind.POSTED
    post.save(update_fields=["kind"])
    lay_down_presets(actor=SYSTEM, at=cast.at)
    said = []
    for day in range(3):
        at = later(24 * day)
        make(at)
        line = DayItem.objects.filter(day_list__post=post, day_list__day=clock.local_date(at)).first()
        said.append(line.why if line else "")
        if line:
            tick_item(uid=line.uid, actor=cast.actor("secretary", at), at=at)
    assert said == ["每周至少 2 次，这是第 1 次。", "每周至少 2 次，这是第 2 次。", ""]


def test_a_question_is_answered_and_a_result_told_by_the_nearest(cast, make, later):
    asked = ask_inquiry(area=cast.areas["stairwell"], words="什么时候停水？", actor=cast.device, at=cast.at)
    order = order_for_chief(cast, answer_way=AnswerWay.VISIT, name="演示居民", phone="13911112222")
    chief = cast.actor("chief")
    verbs["take"](order_id=order.pk, actor=chief, at=later(0.2))
    verbs["settle"](order_id=order.pk, actor=chief, at=later(0.3), note="换了垫圈。")
    make()
    assert DayItem.objects.get(source=f"inquiry:{asked.pk}").day_list == day_of(cast, "grid_worker")
    told = DayItem.objects.get(source=f"workorder:{order.pk}")
    assert (told.kind, told.day_list) == ("tell", day_of(cast, "chief"))


def test_nobody_reads_on_the_own_list_a_complaint_about_themselves(cast, make):
    order = order_for_chief(cast)
    order.about_user = cast.people["chief"]
    order.save(update_fields=["about_user"])
    make()
    assert not DayItem.objects.filter(source=f"workorder:{order.pk}").exists()


def test_old_lines_go_and_what_was_written_is_erased_after_a_year(cast, due, make, homes, later):
    make()
    line = lines_of(cast, "chief")[0]
    refuse_item(uid=line.uid, why=Why.ARRANGED, words="约了周五。", actor=cast.actor("chief"), at=cast.at)
    write_visit(
        dwelling_id=homes.dwellings["let"].pk, household_id=homes.households["let"].pk, outcome=Met.MET,
        words="聊了聊。", actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip
    assert forget_lines(at=later(24 * 90)) == 0
    assert forget_lines(at=later(24 * 91)) > 0
    assert forget_words(at=later(24 * 365)) == 0
    assert forget_words(at=later(24 * 367)) == 2
    assert forget_words(at=later(24 * 368)) == 0
    assert not Words.objects.filter(subject_kind__in=["visit", "day_list"], erased_at=None).exists()
    prove_journal()


def test_offices_above_read_counts_of_visits_and_the_community_none(cast, homes):
    for hours in range(3):
        write_visit(
            dwelling_id=homes.dwellings["own"].pk, household_id=homes.households["own"].pk,
            outcome=Met.MET if hours else Met.NOBODY, actor=cast.actor("chief"),
            at=cast.at + timedelta(hours=hours),
        )  # fmt: skip
    since = clock.local_date(cast.at)
    counts = {row.place: (row.visits, row.met, row.homes) for row in visits_by_community(cast.actor("street"), since)}
    assert counts == {"彩虹社区": (3, 2, 1), "春柳社区": (0, 0, 0)}
    assert visits_by_community(cast.actor("desk"), since) == []
    assert visits_by_community(cast.actor("chief"), since) == []
