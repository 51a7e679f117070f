"""派驻干部: two managers confirm, nobody is called back unheard, the home unit reads only what the person has seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.areas.models import Post, PostKind
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, Refusal, TransitionRefused
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.roster.actions import posted as acts
from louzhang.roster.models.posted import HomePaper, LeaveRequest, Posting, SampleCheck, TeamMeeting
from louzhang.roster.notices.posted import BOOKS
from louzhang.roster.queries.posted import reading, records
from louzhang.roster.tests.posted_stage import works
from louzhang.workorders.models import WorkOrder


def test_a_posting_begins_only_when_both_sides_have_confirmed(cast, propose):
    row = propose()
    street = cast.actor("street")
    with pytest.raises(TransitionRefused, match="等双方确认"):
        acts.take_up(posting_id=row.pk, actor=street, at=cast.at)
    acts.confirm_home(posting_id=row.pk, actor=cast.actor("department_lead"), at=cast.at)
    with pytest.raises(Conflict, match="已经确认过"):
        acts.confirm_home(posting_id=row.pk, actor=cast.actor("department_lead"), at=cast.at)
    assert Posting.objects.get(pk=row.pk).status == "proposed"
    assert acts.confirm_site(posting_id=row.pk, actor=cast.actor("secretary"), at=cast.at).status == "confirmed"
    taken = acts.take_up(posting_id=row.pk, actor=street, at=cast.at)
    assert taken.post is not None
    assert (taken.post.kind, taken.post.role, taken.post.area_id) == (
        PostKind.POSTED, Role.OFFICE_STAFF, cast.areas["community"].pk,
    )  # fmt: skip
    assert cast.actor("department").has_role(Role.OFFICE_STAFF)


def test_each_side_confirms_for_itself_and_nobody_for_the_other(cast, propose):
    row = propose()
    for person, verb in (
        ("secretary", acts.confirm_home), ("department_lead", acts.confirm_site), ("street", acts.confirm_home),
        ("department", acts.confirm_site), ("desk", acts.confirm_site), ("stranger_street", acts.confirm_home),
    ):  # fmt: skip
        with pytest.raises((NotYours, NotThere)):
            verb(posting_id=row.pk, actor=cast.actor(person), at=cast.at)


@pytest.mark.parametrize("person", ["department_lead", "secretary", "department"])
def test_unit_place_and_person_may_each_say_no_with_a_reason(cast, propose, person):
    row = propose()
    with pytest.raises(InputRefused, match="理由"):
        acts.decline_posting(posting_id=row.pk, reason=" ", actor=cast.actor(person), at=cast.at)
    ended = acts.decline_posting(posting_id=row.pk, reason="演示理由", actor=cast.actor(person), at=cast.at)
    assert (ended.status, ended.post) == ("declined", None)
    assert propose().status == "proposed"  # and may be asked again


def test_nobody_is_posted_twice_at_a_time_nor_outside_the_teams_ground_or_term(cast, propose, team):
    propose()
    with pytest.raises(Conflict, match="已经有派驻"):
        propose()
    other = {"user": cast.people["property"], "home_unit": cast.units["property_unit"]}
    with pytest.raises(InputRefused, match="下面的地点"):
        propose(area=cast.areas["other_community"], **other)
    with pytest.raises(InputRefused, match="任期"):
        propose(ends_on=team.ends_on + timedelta(days=1), **other)
    with pytest.raises(InputRefused, match="没有“颜值”"):
        propose(strengths=["颜值"], **other)
    with pytest.raises(InputRefused, match="岗位"):
        propose(role=Role.SECRETARY, **other)


def test_the_office_that_runs_the_team_proposes_and_nobody_for_themselves(cast, propose):
    for person in ("secretary", "desk", "department_lead", "stranger_street", "chief"):
        with pytest.raises(NotThere):
            propose(person)
    with pytest.raises(NotYours, match="自己的派驻"):
        propose(user=cast.people["street"])


def test_a_team_is_formed_by_street_or_district(cast):
    day = clock.local_date(cast.at)
    term = {"starts_on": day, "ends_on": day + timedelta(days=90), "at": cast.at}
    for person, where in (("secretary", "community"), ("chief", "street"), ("stranger_street", "street")):
        with pytest.raises(NotYours):
            acts.form_team(name="四员", area=cast.areas[where], actor=cast.actor(person), **term)
    assert acts.form_team(name="四员", area=cast.areas["district"], actor=cast.actor("commander"), **term).pk
    with pytest.raises(InputRefused, match="从哪天到哪天"):
        acts.form_team(name="四员", area=cast.areas["street"], actor=cast.actor("street"), **{**term, "ends_on": day})


SEES = {"street", "commander", "secretary", "department_lead", "department"}


def test_who_sees_a_posting_is_who_is_tied_to_it(cast, propose):
    row = propose()
    seen = {
        key for key, actor in cast.everyone().items()
        if not actor.is_system and Posting.objects.visible_to(actor).filter(pk=row.pk).exists()
    }  # fmt: skip
    assert seen == SEES


def test_nobody_is_called_back_before_being_heard_and_then_the_post_ends(cast, posting, later):
    street = cast.actor("street")
    acts.question_posting(
        posting_id=posting.pk,
        ground="recall",
        reason="演示：三个月没有到岗",
        actor=cast.actor("secretary"),
        at=later(1),
    )
    for decide in (acts.keep_posting, acts.call_back):
        with pytest.raises(TransitionRefused, match="等本人说明"):
            decide(posting_id=posting.pk, words="演示", actor=street, at=later(2))
    with pytest.raises(NotYours):
        acts.be_heard(posting_id=posting.pk, words="演示", actor=street, at=later(2))
    acts.be_heard(posting_id=posting.pk, words="演示：住院了", actor=cast.actor("department"), at=later(2))
    for person in ("secretary", "department_lead", "department"):
        with pytest.raises(NotYours):
            acts.call_back(posting_id=posting.pk, words="演示", actor=cast.actor(person), at=later(3))
    ended = acts.call_back(posting_id=posting.pk, words="演示：另派一人接替", actor=street, at=later(3))
    assert ended.status == "ended"
    assert Post.objects.get(pk=posting.post_id).ends_on == clock.local_date(later(3))
    assert not cast.actor("department", later(30)).has_role(Role.OFFICE_STAFF)


def test_who_is_kept_serves_on_and_who_asks_to_leave_asks_for_withdrawal(cast, posting, later):
    person = cast.actor("department")
    with pytest.raises(InputRefused, match="撤回"):
        acts.question_posting(posting_id=posting.pk, ground="recall", reason="演示", actor=person, at=later(1))
    acts.question_posting(posting_id=posting.pk, ground="withdraw", reason="演示", actor=person, at=later(1))
    acts.be_heard(posting_id=posting.pk, words="演示", actor=person, at=later(1))
    row = acts.keep_posting(posting_id=posting.pk, words="演示：留任", actor=cast.actor("street"), at=later(2))
    assert row.status == "serving"


def test_a_term_ends_by_the_clock_once(cast, posting):
    over = cast.at + timedelta(days=366)
    with pytest.raises(Conflict, match="还没有到期"):
        acts.expire_posting(posting_id=posting.pk, actor=SYSTEM, at=cast.at)
    with pytest.raises(NotYours):
        acts.expire_posting(posting_id=posting.pk, actor=cast.actor("street"), at=over)
    assert acts.expire_postings(at=cast.at) == 0
    assert acts.expire_postings(at=over) == 1
    assert acts.expire_postings(at=over) == 0
    assert Posting.objects.get(pk=posting.pk).status == "ended"


def test_leave_is_asked_approved_and_covered(cast, posting, ask, later):
    request = ask()
    with pytest.raises(Conflict, match="还有一张"):
        ask(days=(8, 9))
    for person in ("department", "department_lead", "street", "desk"):
        with pytest.raises((NotYours, NotThere)):
            acts.approve_leave(leave_id=request.pk, actor=cast.actor(person), at=later(1))
    approved = acts.approve_leave(leave_id=request.pk, actor=cast.actor("secretary"), at=later(1))
    assert approved.leave is not None
    assert approved.leave.post_id == posting.post_id
    taken = acts.take_back_leave(leave_id=request.pk, actor=cast.actor("department"), at=later(2))
    assert taken.leave is not None
    taken.leave.refresh_from_db()
    assert (taken.status, taken.leave.ended_at) == ("taken_back", later(2))


def test_a_refused_leave_has_a_reason_and_changes_nothing(cast, posting, ask, later):
    request = ask()
    with pytest.raises(InputRefused, match="为什么"):
        acts.refuse_leave(leave_id=request.pk, reason="", actor=cast.actor("secretary"), at=later(1))
    acts.refuse_leave(leave_id=request.pk, reason="演示：那天有排查", actor=cast.actor("secretary"), at=later(1))
    assert LeaveRequest.objects.get(pk=request.pk).leave is None
    assert ask(days=(8, 9)).status == "asked"
    with pytest.raises(NotThere):
        ask(person="secretary")
    with pytest.raises(InputRefused, match="名单里"):
        ask(stand_in="grid_worker")  # nobody gets an office by standing in for one


def test_a_meeting_is_called_held_and_its_tasks_are_work_orders(cast, team, posting, later):
    street = cast.actor("street")
    with pytest.raises(InputRefused, match="现在以后"):
        acts.call_meeting(team_id=team.pk, subject="月例会", place="三楼", starts_at=cast.at, actor=street, at=cast.at)
    meeting = acts.call_meeting(
        team_id=team.pk, subject="月例会", place="三楼", starts_at=later(1), actor=street, at=cast.at
    )
    with pytest.raises(InputRefused, match="还没有开始"):
        acts.hold_meeting(meeting_id=meeting.pk, minutes="演示", actor=street, at=cast.at)
    order = acts.give_task(
        meeting_id=meeting.pk, category=cast.categories["lamp"], area=cast.areas["building"], words="演示：楼道灯换掉",
        actor=street, at=later(2),
    )  # fmt: skip
    assert WorkOrder.objects.get(pk=order.pk).area_id == cast.areas["building"].pk
    with pytest.raises(InputRefused, match="范围里"):
        acts.give_task(
            meeting_id=meeting.pk, category=cast.categories["lamp"], area=cast.areas["other_building"], words="演示",
            actor=street, at=later(2),
        )  # fmt: skip
    held = acts.hold_meeting(
        meeting_id=meeting.pk, minutes="演示记录", present=[cast.people["department"].pk, cast.people["chief"].pk],
        actor=street, at=later(2),
    )  # fmt: skip
    assert held.present_ids == [cast.people["department"].pk]  # the chief is not of the team
    assert TeamMeeting.objects.visible_to(cast.actor("department")).count() == 1
    assert not TeamMeeting.objects.visible_to(cast.actor("chief")).exists()


def test_work_counts_as_presence_and_is_drawn_again_from_its_seed(cast, team, posting, later):
    for hours in (1, 25, 26):
        works(cast, later(hours))
    day = clock.local_date(cast.at)
    done = records.records_of(posting, day, day + timedelta(days=7))
    assert records.counted(done) == [("记下好人好事", 3)]
    weeks = records.presence_of(posting, done, day + timedelta(days=2))
    assert [(week.days, week.asked) for week in weeks] == [(2, 2)]

    def drawn():
        rows = acts.draw_checks(
            team_id=team.pk, since=day, until=day + timedelta(days=7), size=2, seed=7, actor=cast.actor("street"),
            at=later(40),
        )  # fmt: skip
        return [row.event_id for row in rows]

    assert drawn() == drawn()
    with pytest.raises(InputRefused, match="没有可以抽"):
        acts.draw_checks(
            team_id=team.pk, since=day - timedelta(days=9), until=day, size=2, seed=7, actor=cast.actor("street"),
            at=later(40),
        )  # fmt: skip


def test_what_a_person_did_in_another_post_is_no_record_of_the_posting(cast, posting, later):
    works(cast, later(1))
    day = clock.local_date(cast.at)
    Event.objects.filter(subject_kind="good_deed").update(post_id=cast.posts["department"].pk)
    assert records.records_of(posting, day, day + timedelta(days=7)) == []


def test_a_faulty_record_is_answered_by_the_person_and_closed_by_the_office(cast, team, posting, later):
    works(cast, later(1))
    day = clock.local_date(cast.at)
    street = cast.actor("street")
    check = acts.draw_checks(
        team_id=team.pk, since=day, until=day + timedelta(days=7), size=5, seed=1, actor=street, at=later(3)
    )[0]
    acts.fault_check(check_id=check.pk, words="演示：那户说没有来过", actor=street, at=later(3))
    with pytest.raises(NotYours):
        acts.answer_check(check_id=check.pk, words="演示", actor=street, at=later(4))
    acts.answer_check(check_id=check.pk, words="演示：走错了楼号", actor=cast.actor("department"), at=later(4))
    assert acts.close_check(check_id=check.pk, words="演示：已改", actor=street, at=later(5)).status == "closed"
    assert not SampleCheck.objects.visible_to(cast.actor("department_lead")).exists()


@pytest.fixture
def paper(cast, posting):
    return acts.draft_paper(
        posting_id=posting.pk,
        kind="year",
        year=2026,
        words="演示：走访二十户",
        actor=cast.actor("secretary"),
        at=cast.at,
    )


def test_the_home_unit_reads_that_somebody_was_heard_and_not_what_was_said(cast, posting, later):
    street, person = cast.actor("street"), cast.actor("department")
    acts.question_posting(posting_id=posting.pk, ground="recall", reason="演示：常不在", actor=street, at=later(1))
    acts.be_heard(posting_id=posting.pk, words="演示：家里有病人", actor=person, at=later(2))
    acts.keep_posting(posting_id=posting.pk, words="演示：情况属实", actor=street, at=later(3))
    said = {
        key: [each.words for each in reading.said_about(reading.find_posting(cast.actor(key), posting.uid))][-3:]
        for key in ("department", "secretary", "street", "department_lead")
    }
    whole = ["演示：常不在", "演示：家里有病人", "演示：情况属实"]
    assert said == {"department": whole, "secretary": whole, "street": whole, "department_lead": [""] * 3}


def test_the_home_unit_reads_only_what_the_person_has_seen(cast, paper, later):
    lead = cast.actor("department_lead")
    street, person = cast.actor("street"), cast.actor("department")
    with pytest.raises(TransitionRefused):
        acts.send_paper(paper_id=paper.pk, actor=street, at=later(1))
    acts.show_paper(paper_id=paper.pk, actor=cast.actor("secretary"), at=later(1))
    assert not HomePaper.objects.visible_to(lead).exists()
    acts.see_paper(paper_id=paper.pk, remark="演示：还帮了三户", actor=person, at=later(2))
    acts.write_paper(paper_id=paper.pk, words="演示：走访二十一户", actor=cast.actor("secretary"), at=later(3))
    with pytest.raises(TransitionRefused):  # the new words have not been seen
        acts.send_paper(paper_id=paper.pk, actor=street, at=later(3))
    acts.show_paper(paper_id=paper.pk, actor=street, at=later(3))
    acts.see_paper(paper_id=paper.pk, remark="演示：同意", actor=person, at=later(4))
    sent = acts.send_paper(paper_id=paper.pk, actor=street, at=later(5))
    assert HomePaper.objects.visible_to(lead).get() == sent
    assert reading.last_words(sent, "see") == "演示：同意"
    with pytest.raises(TransitionRefused):
        acts.write_paper(paper_id=paper.pk, words="演示", actor=street, at=later(6))
    with pytest.raises(NotYours):
        acts.assess_paper(paper_id=paper.pk, words="演示", actor=street, at=later(6))
    acts.assess_paper(paper_id=paper.pk, words="演示：称职", actor=lead, at=later(6))
    assert reading.last_words(sent, "assess") == "演示：称职"


def test_a_year_has_one_sheet_and_nobody_writes_the_own(cast, posting, paper):
    with pytest.raises(Conflict, match="已经有了"):
        acts.draft_paper(
            posting_id=posting.pk, kind="year", year=2026, words="演示", actor=cast.actor("street"), at=cast.at
        )
    with pytest.raises((NotThere, NotYours)):
        acts.draft_paper(
            posting_id=posting.pk, kind="letter", year=2026, words="演示", actor=cast.actor("department"), at=cast.at
        )


def test_needs_meet_strengths_as_a_suggestion(cast, propose):
    row = propose(area=cast.areas["next_community"])
    need = acts.raise_need(area=cast.areas["community"], strength="law", actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(Conflict):
        acts.raise_need(area=cast.areas["community"], strength="law", actor=cast.actor("street"), at=cast.at)
    with pytest.raises(NotYours):
        acts.raise_need(area=cast.areas["other_community"], strength="law", actor=cast.actor("street"), at=cast.at)
    fits = reading.fits_for([need], [row])
    assert [(fit.posting.pk, fit.strengths) for fit in fits[need.area_id]] == [(row.pk, ("法律",))]
    acts.close_need(need_id=need.pk, actor=cast.actor("street"), at=cast.at)
    assert reading.needs_seen(cast.actor("secretary")) == []


def test_managers_and_the_person_hear_of_it_and_no_name_stands_in_a_notice(cast, propose):
    propose()
    BOOKS["posting"].read(list(Event.objects.filter(subject_kind="posting")), news=timedelta(days=100_000))
    told = {(each.user_id, each.title) for each in Notice.objects.filter(kind="posting")}
    assert {user for user, _ in told} == {cast.people[key].pk for key in ("department", "department_lead", "secretary")}
    assert not any(cast.people["department"].name in title for _, title in told)


# ---- Pages ---------------------------------------------------------------------------------------


def test_every_refusal_is_a_sentence(cast, propose):
    with pytest.raises(Refusal) as said:
        propose(area=cast.areas["street"])
    assert said.value.message.endswith("。")


def test_who_proposed_takes_it_back_before_the_person_has_reported_and_nobody_else_does(cast, propose, team):
    row = propose()
    for person in ("secretary", "department_lead", "department"):
        with pytest.raises(NotYours):
            acts.take_back_posting(posting_id=row.pk, reason="演示", actor=cast.actor(person), at=cast.at)
    street = cast.actor("street")
    ended = acts.take_back_posting(posting_id=row.pk, reason="演示：换了人", actor=street, at=cast.at)
    assert (ended.status, ended.post) == ("declined", None)
    acts.end_team(team_id=team.pk, actor=street, at=cast.at)


def test_what_never_came_about_lapses_with_its_term_and_holds_up_nothing(cast, propose, team):
    row = propose()
    over = cast.at + timedelta(days=366)
    assert acts.expire_postings(at=cast.at) == 0
    assert acts.expire_postings(at=over) == 1
    assert acts.expire_postings(at=over) == 0
    assert Posting.objects.get(pk=row.pk).status == "declined"
    acts.end_team(team_id=team.pk, actor=cast.actor("street", over), at=over)
