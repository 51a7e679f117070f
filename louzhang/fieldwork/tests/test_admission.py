"""准入: a campaign from above passes each street before it reaches anybody."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from louzhang.fieldwork.actions.admitting import (
    admit_admission,
    decline_admission,
    end_admission,
    end_past,
    withdraw_admission,
)
from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign
from louzhang.fieldwork.known import known_as
from louzhang.fieldwork.models import Admission, Rhythm
from louzhang.fieldwork.queries.admissions import (
    find_admission,
    history_of,
    list_admissions,
    neighbours_of,
    questions_of,
)
from louzhang.fieldwork.queries.loads import share_of_week, week_of
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock

ASKED = ("家里几口人", "房屋有没有出租", "对物业满意吗")


@pytest.fixture
def ask(cast, homes):
    """A bulk visiting task of the department over the district; anything can be changed."""

    def make(key="department_lead", unit="department_unit", areas=("district",), **more):
        day = clock.local_date(cast.at)
        draft: dict[str, Any] = {
            "kind": "visit", "title": "燃气入户宣传", "purpose": "冬季用气安全", "starts_on": day,
            "ends_on": day + timedelta(days=6), "area_ids": [cast.areas[each].pk for each in areas], "asked": ASKED,
        }  # fmt: skip
        return ask_campaign(
            draft=CampaignDraft(**(draft | more)), unit=cast.units[unit], actor=cast.actor(key), at=cast.at
        )

    return make


def at_street(cast, key="street"):
    return Admission.objects.get(street=cast.areas[key])


def test_nothing_reaches_anybody_before_the_street_said_yes(cast, ask):
    ask()
    assert {row.street.name: row.status for row in Admission.objects.all()} == {
        "东风街道": "asked",
        "西岭街道": "asked",
    }
    assert not Rhythm.objects.exists()
    assert list_admissions(cast.actor("desk")) == []
    row = at_street(cast)
    admit_admission(uid=row.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    rhythm = Rhythm.objects.get()
    assert (rhythm.area, rhythm.whom, rhythm.role) == (cast.areas["street"], "each", "chief")
    assert [row.street.name for row in list_admissions(cast.actor("desk"))] == ["东风街道"]


def test_who_may_ask_from_above(cast, ask):
    for key, unit in (("desk", "community_office"), ("property", "property_unit"), ("chief", "street_office")):
        with pytest.raises(NotYours):
            ask(key, unit)
    with pytest.raises(NotYours):
        ask("street", "district_office")
    with pytest.raises(InputRefused):
        ask("street", "street_office", areas=("other_community",))
    assert ask("street", "street_office", areas=("community",)).asker == cast.units["street_office"]


def test_each_sees_only_what_is_theirs(cast, ask):
    ask()
    ask("commander", "district_office", areas=("other_street",), title="另一项")
    seen = {key: {row.title for row in list_admissions(actor)} for key, actor in cast.everyone().items()}
    both = {"燃气入户宣传", "另一项"}
    expected = {"department": {"燃气入户宣传"}, "department_lead": {"燃气入户宣传"}, "street": {"燃气入户宣传"}}
    expected |= {"commander": both, "stranger_street": both, "system": both}
    assert {key: titles for key, titles in seen.items() if titles} == expected
    with pytest.raises(NotThere):
        find_admission(cast.actor("stranger_street"), at_street(cast).uid)


def test_only_the_street_decides_once_and_a_no_needs_a_reason(cast, ask):
    ask()
    row = at_street(cast)
    for key in ("department_lead", "commander"):
        with pytest.raises(NotYours):
            admit_admission(uid=row.uid, answers={}, actor=cast.actor(key), at=cast.at)
    for key in ("desk", "stranger_street", "chief"):
        with pytest.raises(NotThere):
            admit_admission(uid=row.uid, answers={}, actor=cast.actor(key), at=cast.at)
    with pytest.raises(InputRefused):
        decline_admission(uid=row.uid, reason=" ", actor=cast.actor("street"), at=cast.at)
    decline_admission(uid=row.uid, reason="这周在做防汛。", actor=cast.actor("street"), at=cast.at)
    with pytest.raises(TransitionRefused):
        admit_admission(uid=row.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    found = find_admission(cast.actor("department"), row.uid)
    assert [words for _, words, _ in history_of(found)] == ["", "这周在做防汛。"]
    assert not Rhythm.objects.exists()


def test_the_page_knows_what_the_register_answers_and_who_asked_before(cast, ask):
    ask(title="上一次")
    admit_admission(uid=at_street(cast).uid, answers={}, actor=cast.actor("street"), at=cast.at)
    first = at_street(cast)
    ask(title="这一次")
    row = Admission.objects.get(street=cast.areas["street"], title="这一次")
    Admission.objects.filter(pk=first.pk).update(asked_at=cast.at - timedelta(days=30))
    asked = questions_of(find_admission(cast.actor("street"), row.uid), neighbours_of(row, cast.at))
    assert [(each.known_label, each.before, each.answer) for each in asked] == [
        ("住几个人", ("上一次",), "prefilled"),
        ("房屋怎么用", ("上一次",), "prefilled"),
        ("", ("上一次",), "kept"),
    ]
    with pytest.raises(InputRefused):
        admit_admission(
            uid=row.uid, answers=dict.fromkeys(("a1", "a2", "a3"), "dropped"), actor=cast.actor("street"), at=cast.at
        )
    with pytest.raises(InputRefused):
        admit_admission(uid=row.uid, answers={"a3": "prefilled"}, actor=cast.actor("street"), at=cast.at)
    answers = {"a1": "dropped", "a2": "prefilled", "zz": "dropped"}
    said = admit_admission(uid=row.uid, answers=answers, actor=cast.actor("street"), at=cast.at)
    assert said.answers == {"a1": "dropped", "a2": "prefilled"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("家里几口人", "household.people"),
        ("联系电话", "resident.phone"),
        ("房屋是否空置", "dwelling.kind"),
        ("希望加装电梯吗", ""),
        ("愿意登记联系方式吗", ""),
        ("楼道灯亮不亮", ""),
    ],
)
def test_questions_are_matched_by_what_they_ask_for(words, code):
    assert known_as(words) == code


def test_minutes_of_a_week_stand_against_its_hours(cast, ask):
    ask(minutes=5)
    admission = at_street(cast)
    week = week_of(admission, [], cast.at)
    (community,) = week.communities
    assert (community.name, community.homes, week.unheld) == ("彩虹社区", admission.households, 0)
    assert {(each.role, each.homes, each.added) for each in community.holders} == {("楼长", 2, 10), ("楼长", 1, 5)}
    assert all(each.week == 60 * 7 for each in community.holders)
    admit_admission(uid=admission.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    ask(title="第二项", minutes=240)
    second = Admission.objects.get(street=cast.areas["street"], title="第二项")
    heavy = week_of(second, neighbours_of(second, cast.at), cast.at)
    heaviest = heavy.communities[0].heaviest
    assert heaviest is not None
    assert (heavy.over, heaviest.standing, heaviest.is_over) == (1, 10, True)


def test_a_longer_campaign_takes_its_share_of_the_week(cast):
    monday = clock.local_date(cast.at)
    assert share_of_week(monday, monday + timedelta(days=6), monday) == 1
    assert share_of_week(monday, monday + timedelta(days=27), monday) == 0.25
    assert share_of_week(monday + timedelta(days=7), monday + timedelta(days=8), monday) == 0


def test_an_emergency_begins_at_once_and_says_so(cast, ask):
    ask(decision="区防汛指挥部〔2026〕3 号")
    row = at_street(cast)
    assert (row.status, row.is_emergency, row.decision) == ("admitted", True, "区防汛指挥部〔2026〕3 号")
    assert Rhythm.objects.count() == 2
    assert history_of(row)[0][0] == "按应急决定直接开始"


def test_taken_back_or_over_nobody_is_due_any_more(cast, ask):
    ask()
    row = at_street(cast)
    admit_admission(uid=row.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    with pytest.raises(NotYours):
        withdraw_admission(uid=row.uid, actor=cast.actor("street"), at=cast.at)
    withdraw_admission(uid=row.uid, actor=cast.actor("department"), at=cast.at)
    assert Rhythm.objects.get().ended_at is not None
    with pytest.raises(TransitionRefused):
        end_admission(uid=row.uid, actor=cast.actor("department"), at=cast.at)
    ask(title="按期结束", areas=("street",))
    second = Admission.objects.get(title="按期结束")
    admit_admission(uid=second.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    assert end_past(at=cast.at + timedelta(days=6)) == 0
    assert end_past(at=cast.at + timedelta(days=7)) == 1
    with pytest.raises(NotThere):
        end_admission(uid=uuid.uuid4(), actor=cast.actor("department"), at=cast.at)
