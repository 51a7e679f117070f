"""A round from its announcement to the appointment, and what each step refuses (R2, R3, R8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from louzhang.accounts.models import User
from louzhang.areas.models import Post, Setting
from louzhang.areas.queries.working_time import calendar_now, working_time
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.roster.actions.choosing import (
    Choice,
    Naming,
    ObjectionDraft,
    answer_objection,
    appoint_round,
    break_off,
    close_nominations,
    decline,
    drop_vacancy,
    end_notice,
    erase_old_rounds,
    extend_round,
    fail_nominee,
    go_on,
    join_nominee,
    object_to_notice,
    offer_oneself,
    pass_nominee,
    renotice,
    review_nominee,
    take_out,
    turn_rounds,
    withdraw,
)
from louzhang.roster.lifecycle.choosing import NomineeState, RoundState
from louzhang.roster.models.choosing import Nominee, Round, Vacancy
from louzhang.roster.queries.choosing import GapFilter, vacancies
from louzhang.roster.queries.choosing.notices import find_notice, objection_by_code, places_on, words_of_objection
from louzhang.roster.queries.choosing.rounds import (
    find_nominee,
    find_round,
    history_of,
    nominees_in,
    reviews_of,
    said_of,
    statements_of,
)
from louzhang.roster.tests.choosing_stage import PHONE, SAID, set_stage
from tests.cast import make_cast


@pytest.fixture
def stage(db):
    return set_stage(make_cast())


def appoint(stage, row, days=0):
    row.refresh_from_db()
    at = row.notice_until or stage.at
    day = clock.local_date(at) + timedelta(days=days)
    return appoint_round(uid=row.uid, starts_on=day, ends_on=None, actor=stage.desk, at=at)


def test_from_the_announcement_to_the_post_and_its_certificate(stage):
    row = stage.to_notice()
    assert (row.status, row.runs("election")) == (RoundState.NOTICING, False)
    assert stage.after_notice(row).status == RoundState.APPOINTING
    done = appoint(stage, row)
    place = done.vacancies.get()
    post = place.post
    assert (post.role, post.area, post.user.name) == (Role.CHIEF, stage.cast.areas["building"], "演示王姐")
    assert place.certificate == f"{post.starts_on.year}{post.pk:06d}"
    outgoing = Post.objects.get(pk=stage.cast.posts["chief"].pk)
    assert (outgoing.ends_on, place.outgoing) == (post.starts_on, outgoing)
    assert User.objects.by_phone(PHONE) == post.user
    verbs = list(Event.objects.filter(subject_kind="choosing_round").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["announce", "close", "go_on", "go_on", "end_notice", "appoint"]
    assert "演示王姐" not in str(list(Event.objects.values_list("payload", flat=True)))
    assert prove_journal().chains


def test_a_step_that_is_left_out_stands_in_the_event_and_on_the_page_with_its_reason(stage):
    row = stage.to_notice()
    left_out = [line for said in history_of(row) for line in said.left_out]
    assert left_out == [f"这次没有投票：{next(step['why'] for step in row.steps if step['step'] == 'election')}"]


def test_a_round_takes_more_steps_than_the_rule_and_never_fewer(stage):
    row = stage.start(extra=("election",))
    assert row.runs("election")
    plain = stage.start(stage.cast.areas["next_building"])
    assert [step["step"] for step in plain.steps if step["runs"]] == ["nomination", "review", "notice"]


def test_a_rule_without_naming_starts_with_the_names_of_the_office(stage):
    why = "任期没满，由社区提名接任。"
    Setting.objects.create(key="choosing_without_nomination", value=why, starts_at=stage.at - timedelta(days=1))
    row = stage.start()
    assert (row.status, row.nominate_until) == (RoundState.CONSENTING, None)
    assert f"这次没有公开推荐：{why}" in history_of(row)[0].left_out
    assert stage.name(row).status == NomineeState.NAMED
    with pytest.raises(TransitionRefused):
        stage.name(row, stage.resident, "resident", name="演示李哥")


def test_residents_name_for_their_own_place_once_each(stage):
    row = stage.start()
    nominee = stage.name(row, stage.resident, "resident")
    again = stage.name(row, stage.cast.device, "resident", phone="", same="0")
    assert (again.pk, nominee.nominations.count()) == (nominee.pk, 2)
    with pytest.raises(Conflict):
        stage.name(row, stage.resident, "resident")
    with pytest.raises(NotYours):
        stage.name(row, stage.cast.other_device, "resident")
    with pytest.raises(NotThere):
        stage.name(row, stage.cast.actor("nobody"), "resident")
    with pytest.raises(NotYours):
        stage.name(row, stage.resident, "community")


def test_a_resident_names_at_most_three_people_for_a_place(stage):
    row = stage.start()
    for name in ("演示甲", "演示乙", "演示丙"):
        stage.name(row, stage.resident, "resident", name=name, phone="")
    with pytest.raises(Conflict):
        stage.name(row, stage.resident, "resident", name="演示丁", phone="")


def test_somebody_who_lives_next_door_offers_to_do_it_and_that_is_the_consent(stage):
    row = stage.start()
    naming = Naming(vacancy=row.vacancies.get().uid, name="演示邻居", words="我退休了，有时间。", phone="13911110009")
    nominee = offer_oneself(round_uid=row.uid, naming=naming, actor=stage.cast.other_device, at=stage.at)
    assert (nominee.status, nominee.consent_way) == (NomineeState.STANDING, "tap")
    assert statements_of([nominee]) == {nominee.pk: "我退休了，有时间。"}
    with pytest.raises(Conflict):
        offer_oneself(round_uid=row.uid, naming=naming, actor=stage.cast.other_device, at=stage.at)


def test_nobody_stands_without_their_own_consent(stage):
    row = stage.start()
    nominee = stage.name(row)
    with pytest.raises(InputRefused):
        stage.agree(nominee, stage.desk)
    with pytest.raises(TransitionRefused):
        stage.on(stage.close(row))
    with pytest.raises(IntegrityError), transaction.atomic():
        Nominee.objects.filter(pk=nominee.pk).update(status=NomineeState.STANDING.value)


def test_the_code_of_the_community_opens_the_answer_on_any_phone_and_then_on_that_one_alone(stage):
    row = stage.start()
    nominee = stage.name(row)
    code = nominee.open_field("code")
    assert join_nominee(code=code, actor=stage.cast.other_device, at=stage.at).pk == nominee.pk
    with pytest.raises(Conflict):
        join_nominee(code=code, actor=stage.cast.device, at=stage.at)
    stood = stage.agree(nominee, stage.cast.other_device)
    assert (stood.status, stood.consent_way) == (NomineeState.STANDING, "tap")
    assert withdraw(uid=nominee.uid, actor=stage.cast.other_device, at=stage.at).status == NomineeState.WITHDRAWN


def test_a_number_with_an_account_finds_whose_it_is(stage):
    stage.cast.people["stairwell_head"].refresh_from_db()
    phone = stage.cast.people["stairwell_head"].open_phone()
    nominee = stage.name(stage.start(), phone=phone)
    assert nominee.user == stage.cast.people["stairwell_head"]
    own = stage.cast.actor("stairwell_head")
    assert decline(uid=nominee.uid, actor=own, at=stage.at).status == NomineeState.DECLINED


def test_residents_read_who_stands_and_nobody_who_has_not_consented(stage):
    row = stage.start()
    nominee = stage.name(row)
    assert nominees_in(row, stage.resident) == []
    stage.agree(nominee)
    assert nominees_in(row, stage.resident) == [nominee]
    assert nominees_in(row, stage.cast.actor("stranger_desk")) == []
    assert said_of(find_nominee(stage.resident, nominee.uid)) == []


def test_reviews_are_sentences_of_two_people_read_by_reviewers_office_and_nominee(stage):
    row = stage.start()
    nominee = stage.agree(stage.name(row))
    stage.on(stage.close(row))
    worker = stage.cast.actor("grid_worker")
    review_nominee(uid=nominee.uid, words=SAID, actor=worker, at=stage.at)
    with pytest.raises(Conflict):
        review_nominee(uid=nominee.uid, words=SAID, actor=worker, at=stage.at)
    with pytest.raises(TransitionRefused):
        pass_nominee(uid=nominee.uid, words="可以", actor=stage.desk, at=stage.at)
    with pytest.raises(InputRefused):
        review_nominee(uid=nominee.uid, words={**SAID, "virtue": " "}, actor=stage.desk, at=stage.at)
    stage.review(nominee, "desk")
    lines = reviews_of(find_nominee(worker, nominee.uid))
    assert [label for label, _ in lines[0][1]] == ["德行", "能力", "实干", "人熟", "地熟", "情况熟"]
    with pytest.raises(NotYours):
        reviews_of(find_nominee(stage.resident, nominee.uid))
    with pytest.raises(NotThere):
        review_nominee(uid=nominee.uid, words=SAID, actor=stage.cast.actor("chief"), at=stage.at)


def test_a_round_waits_until_everybody_who_stands_is_decided(stage):
    row = stage.start()
    first, second = stage.agree(stage.name(row)), stage.agree(stage.name(row, name="演示李哥", phone=""))
    stage.on(stage.close(row))
    stage.review(first)
    with pytest.raises(TransitionRefused):
        stage.on(row)
    for key in ("desk", "grid_worker"):
        review_nominee(uid=second.uid, words=SAID, actor=stage.cast.actor(key), at=stage.at)
    fail_nominee(uid=second.uid, words="时间上来不了。", actor=stage.desk, at=stage.at)
    assert stage.on(row).status == RoundState.NOTICING


def test_of_several_who_passed_the_office_puts_one_forward_and_says_why(stage):
    row = stage.start()
    first, second = stage.agree(stage.name(row)), stage.agree(stage.name(row, name="演示李哥", phone=""))
    stage.on(stage.close(row))
    stage.review(first)
    stage.review(second)
    place = row.vacancies.get()
    with pytest.raises(InputRefused):
        stage.on(row)
    with pytest.raises(InputRefused):
        stage.on(row, nominees={place.pk: str(second.uid)})
    stage.on(row, nominees={place.pk: str(second.uid)}, words="李哥住在本楼。")
    states = list(Nominee.objects.order_by("pk").values_list("status", flat=True))
    assert states == [NomineeState.NOT_CHOSEN, NomineeState.CHOSEN]


def test_a_notice_stands_its_working_days_and_waits_for_every_answer(stage):
    row = stage.to_notice()
    assert clock.local_date(row.notice_until) == date(2026, 3, 9)
    with pytest.raises(TransitionRefused):
        end_notice(uid=row.uid, actor=stage.desk, at=row.notice_until - timedelta(minutes=1))
    draft = ObjectionDraft(words="他不住在这里。", name="演示甲", phone="13911117777")
    objection, code = object_to_notice(round_uid=row.uid, draft=draft, actor=stage.cast.device, at=stage.at)
    assert turn_rounds(at=row.notice_until) == 0
    with pytest.raises(TransitionRefused):
        end_notice(uid=row.uid, actor=stage.desk, at=row.notice_until)
    answer_objection(uid=objection.uid, finding="not_upheld", answer="他在隔壁单元住。", actor=stage.desk, at=stage.at)
    assert words_of_objection(objection_by_code(code)) == ("他不住在这里。", "他在隔壁单元住。")
    assert turn_rounds(at=row.notice_until) == 1
    assert Round.objects.get().status == RoundState.APPOINTING


def test_an_objection_is_for_the_office_alone_and_never_for_whom_it_names(stage):
    row = stage.to_notice()
    nominee = row.nominees.get()
    join_nominee(code=nominee.open_field("code"), actor=stage.resident, at=stage.at)
    draft = ObjectionDraft(words="他不住在这里。", name="演示甲")
    objection, _ = object_to_notice(round_uid=row.uid, draft=draft, actor=stage.cast.device, at=stage.at)
    seen = {key for key, actor in stage.cast.everyone().items() if type(objection).objects.visible_to(actor).exists()}
    assert seen == {"desk", "secretary", "device"}
    assert "演示甲" not in str(list(Words.objects.values_list("spoken", flat=True)))
    assert "演示甲" not in objection.name_sealed


def test_after_an_objection_that_holds_another_one_is_put_forward_and_shown_anew(stage):
    row = stage.start()
    first, second = stage.agree(stage.name(row)), stage.agree(stage.name(row, name="演示李哥", phone=""))
    stage.on(stage.close(row))
    stage.review(first)
    stage.review(second)
    stage.on(row, nominees={row.vacancies.get().pk: str(first.uid)}, words="王姐票多。")
    take_out(uid=first.uid, reason="异议成立。", actor=stage.desk, at=stage.at)
    later = stage.at + timedelta(days=2)
    with pytest.raises(InputRefused):
        renotice(uid=row.uid, nominee=first.uid, reason="换人", actor=stage.desk, at=later)
    again = renotice(uid=row.uid, nominee=second.uid, reason="换李哥。", actor=stage.desk, at=later)
    assert again.notice_until is not None
    assert (again.status, clock.local_date(again.notice_until)) == (RoundState.NOTICING, date(2026, 3, 11))
    assert places_on(find_notice(row.uid))[0].chosen == second


def test_somebody_chosen_who_withdraws_leaves_a_place_that_must_be_settled_first(stage):
    row = stage.to_notice()
    withdraw(uid=row.nominees.get().uid, words="家里有事", actor=stage.desk, at=stage.at)
    stage.after_notice(row)
    with pytest.raises(TransitionRefused):
        appoint(stage, row)
    assert not Post.objects.exclude(pk__in=[post.pk for post in stage.cast.posts.values()]).exists()


def test_where_nobody_was_named_the_round_is_extended_or_broken_off(stage):
    row = stage.start()
    assert turn_rounds(at=stage.at + timedelta(days=7)) == 0
    assert turn_rounds(at=stage.at + timedelta(days=8)) == 1
    at = stage.at + timedelta(days=8)
    row.refresh_from_db()
    assert row.status == RoundState.EMPTY
    until = clock.local_date(at) + timedelta(days=3)
    extend_round(uid=row.uid, until=until, reason="再等几天。", actor=stage.desk, at=at)
    assert stage.close(row).status == RoundState.EMPTY
    broken = break_off(uid=row.uid, reason="没有人愿意，先由网格员代管。", actor=stage.cast.actor("street"), at=at)
    assert (broken.status, broken.vacancies.get().outcome) == (RoundState.BROKEN, "dropped")
    assert stage.start().status == RoundState.NOMINATING


def test_a_place_without_anybody_leaves_the_round_with_its_reason(stage):
    areas = stage.cast.areas
    row = stage.start(areas["building"], areas["next_building"])
    first, second = row.vacancies.order_by("pk")
    stage.agree(stage.name(row, place=first))
    stage.close(row)
    with pytest.raises(TransitionRefused):
        stage.on(row)
    drop_vacancy(uid=row.uid, vacancy=second.uid, reason="没有人报名。", actor=stage.desk, at=stage.at)
    assert stage.on(row).status == RoundState.REVIEWING
    with pytest.raises(InputRefused):
        drop_vacancy(uid=row.uid, vacancy=first.uid, reason="算了。", actor=stage.desk, at=stage.at)


def test_whoever_stands_neither_runs_the_round_nor_reviews_in_it(stage):
    row = stage.start()
    for key in ("desk", "grid_worker"):
        phone = stage.cast.people[key].open_phone()
        nominee = stage.name(row, stage.cast.actor("secretary"), name=f"演示{key}", phone=phone)
        assert nominee.user == stage.cast.people[key]
    with pytest.raises(NotYours):
        close_nominations(uid=row.uid, actor=stage.desk, at=stage.at)
    ties = find_round(stage.cast.actor("grid_worker"), row.uid).relations_now
    assert ties == {"nominee"}


def test_a_place_is_in_one_open_round_at_a_time_and_in_the_own_community(stage):
    stage.start()
    with pytest.raises(Conflict):
        stage.start()
    with pytest.raises(InputRefused):
        stage.start(stage.cast.areas["other_building"])
    with pytest.raises(InputRefused):
        stage.start(stage.cast.areas["next_building"], until=clock.local_date(stage.at))


def test_vacancies_are_places_without_a_holder_or_whose_term_ends_soon(stage):
    wanted = GapFilter(role=Role.CHIEF)
    assert vacancies(stage.desk, wanted, stage.at)[1] == []
    Post.objects.filter(pk=stage.cast.posts["chief"].pk).update(ends_on=clock.local_date(stage.at) + timedelta(days=30))
    ((gap,),) = (vacancies(stage.desk, wanted, stage.at)[1],)
    assert (gap.area, gap.why, gap.holder) == (stage.cast.areas["building"], "任期快满", "演示楼长")
    assert vacancies(stage.cast.actor("stranger_desk"), wanted, stage.at)[1] == []
    assert vacancies(stage.cast.actor("chief"), wanted, stage.at)[1] == []
    stage.start()
    assert vacancies(stage.desk, wanted, stage.at)[1] == []
    assert vacancies(stage.desk, GapFilter(role=Role.CHIEF, is_chosen_now=True), stage.at)[1][0].round is not None


def test_somebody_without_a_number_is_not_appointed(stage):
    row = stage.start()
    nominee = stage.agree(stage.name(row, phone=""))
    stage.on(stage.close(row))
    stage.review(nominee)
    stage.on(row)
    stage.after_notice(row)
    with pytest.raises(InputRefused):
        appoint(stage, row)
    assert Vacancy.objects.get().outcome == "open"


def test_the_present_holder_may_follow_themselves(stage):
    phone = stage.cast.people["chief"].open_phone()
    row = stage.start()
    nominee = stage.agree(stage.name(row, name="演示楼长", phone=phone), stage.cast.actor("chief"))
    stage.on(stage.close(row))
    stage.review(nominee)
    stage.on(row)
    stage.after_notice(row)
    post = appoint(stage, row).vacancies.get().post
    assert (post.user, post.pk != stage.cast.posts["chief"].pk) == (stage.cast.people["chief"], True)


def test_words_and_names_go_a_year_after_the_round(stage):
    row = stage.to_notice()
    stage.after_notice(row)
    appoint(stage, row)
    assert erase_old_rounds(at=stage.at + timedelta(days=300)) == 0
    assert erase_old_rounds(at=stage.at + timedelta(days=400)) == 1
    nominee = Nominee.objects.get()
    assert (nominee.name_sealed, nominee.phone_sealed, nominee.code_hash) == ("", "", "")
    assert not Words.objects.filter(subject_kind__startswith="choosing", erased_at=None).exists()
    assert prove_journal().chains


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(days=st.integers(1, 30), offset=st.integers(0, 700), minutes=st.integers(0, 24 * 60 - 1))
def test_a_notice_ends_with_the_close_of_its_last_working_day(working_days, days, offset, minutes):
    begin = clock.day_start(date(2025, 6, 1) + timedelta(days=offset)) + timedelta(minutes=minutes)
    until = working_time().closing(begin, days)
    first, last = clock.local_date(begin), clock.local_date(until)
    between = [first + timedelta(days=each) for each in range(1, (last - first).days + 1)]
    worked = [day for day in between if calendar_now().kind_of(day) in ("workday", "swapped")]
    assert (len(worked), worked[-1]) == (days, last)


@pytest.fixture
def working_days(stage):
    """The calendar as it is published, read within one test."""
    return stage


def test_the_clock_is_the_only_one_beside_the_office(stage):
    row = stage.start()
    for key in ("chief", "grid_worker", "street", "stranger_desk", "resident", "nobody"):
        with pytest.raises((NotYours, NotThere)):
            close_nominations(uid=row.uid, actor=stage.cast.actor(key), at=stage.at)
    with pytest.raises(TransitionRefused):
        close_nominations(uid=row.uid, actor=SYSTEM, at=stage.at)
    with pytest.raises(NotYours):
        go_on(uid=row.uid, choice=Choice(), actor=stage.cast.actor("street"), at=stage.at)
