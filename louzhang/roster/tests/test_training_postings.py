"""挂职学习 and 工作室: who is sent, who stands in, what is told; who learns from whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.areas.queries import actor_for
from louzhang.fieldwork.actions.handing import turn_leaves
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.roster.actions.training.postings import (
    PostingDraft,
    arrange_posting,
    call_off_posting,
    report_posting,
)
from louzhang.roster.actions.training.studios import (
    MeetingDraft,
    StudioDraft,
    call_meeting,
    end_studio,
    found_studio,
    join_studio,
    leave_studio,
    tell_meeting,
)
from louzhang.roster.models.training import Studio, StudioMember, StudyPosting
from louzhang.roster.queries.training.postings import said_of
from louzhang.roster.queries.training.studios import minutes_of, studio_tree
from louzhang.roster.tests.training_scene import everybody, later
from tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


def send(cast, key="chief", by="desk", first=1, days=30, host="成都市示范社区"):
    today = clock.local_date(cast.at)
    starts_on = today + timedelta(days=first)
    draft = PostingDraft(host, "province", starts_on, starts_on + timedelta(days=days), cast.people["next_chief"])
    return arrange_posting(post_id=cast.posts[key].pk, draft=draft, actor=cast.actor(by), at=cast.at)


def test_who_goes_has_somebody_who_stands_in_from_the_first_day_to_the_last(cast):
    row = send(cast)
    assert row.leave.stand_in == cast.people["next_chief"]
    away, back = later(cast, 48), later(cast, 24 * 40)
    turn_leaves(at=away)
    chief_post = cast.posts["chief"].pk
    assert chief_post in {seat.post_id for seat in actor_for(cast.people["next_chief"], away).seats}
    turn_leaves(at=back)
    assert chief_post not in {seat.post_id for seat in actor_for(cast.people["next_chief"], back).seats}


def test_a_posting_is_seen_by_its_person_and_the_offices_above(cast):
    send(cast)
    seen = {key for key, actor in everybody(cast).items() if StudyPosting.objects.visible_to(actor).exists()}
    assert seen == {"chief", "desk", "secretary", "street", "commander"}


def test_only_the_office_sends_somebody_and_nobody_is_in_two_places(cast):
    with pytest.raises(NotYours):
        send(cast, by="chief")
    with pytest.raises(NotYours):
        send(cast, by="stranger_desk")
    send(cast)
    with pytest.raises(Conflict):
        send(cast, first=5)


def test_what_was_learnt_is_told_after_it_has_begun_and_can_be_added_to(cast):
    row = send(cast)
    chief = cast.actor("chief")
    with pytest.raises(Conflict, match="还没有出发"):
        report_posting(uid=row.uid, words="学到很多", actor=chief, at=cast.at)
    with pytest.raises(NotThere):
        report_posting(uid=row.uid, words="学到很多", actor=cast.actor("stranger_chief"), at=later(cast, 72))
    with pytest.raises(NotYours):
        report_posting(uid=row.uid, words="替他写", actor=cast.actor("desk"), at=later(cast, 72))
    report_posting(uid=row.uid, words="周末茶馆议事", actor=chief, at=later(cast, 72))
    report_posting(uid=row.uid, words="还有微心愿墙", actor=chief, at=later(cast, 80))
    row.refresh_from_db()
    assert [words for _, _, words in said_of(row)] == ["周末茶馆议事", "还有微心愿墙"]
    assert prove_journal().chains


def test_a_posting_called_off_gives_the_post_back_at_once(cast):
    row = send(cast, first=0)
    call_off_posting(uid=row.uid, reason="家里有事", actor=cast.actor("desk"), at=later(cast, 1))
    row.refresh_from_db()
    assert row.status == "called_off"
    assert row.leave.ended_at is not None
    held = {seat.post_id for seat in actor_for(cast.people["next_chief"], later(cast, 2)).seats}
    assert cast.posts["chief"].pk not in held


def found_one(cast, name="老书记工作室", lead="secretary", by="street", where="street"):
    draft = StudioDraft(name, cast.people[lead])
    return found_studio(area=cast.areas[where], draft=draft, actor=cast.actor(by), at=cast.at)


def test_a_member_who_leads_hangs_below_and_no_circle_is_possible(cast):
    top = found_one(cast)
    join_studio(uid=top.uid, user=cast.people["chief"], actor=cast.actor("secretary"), at=cast.at)
    below = found_one(cast, "楼长工作室", "chief")
    join_studio(uid=below.uid, user=cast.people["next_chief"], actor=cast.actor("chief"), at=cast.at)
    (branch,) = studio_tree(cast.actor("street"), clock.local_date(cast.at))
    assert (branch.studio, branch.people) == (top, 2)
    assert [each.studio for each in branch.below] == [below]
    with pytest.raises(InputRefused, match="不能反过来"):
        join_studio(uid=below.uid, user=cast.people["secretary"], actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(Conflict, match="别的工作室"):
        join_studio(uid=top.uid, user=cast.people["next_chief"], actor=cast.actor("street"), at=cast.at)


def test_studios_are_led_by_their_lead_and_seen_where_they_reach(cast):
    studio = found_one(cast, where="community", by="desk")
    seen = {key for key, actor in everybody(cast).items() if Studio.objects.visible_to(actor).exists()}
    assert seen == {
        "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "street", "commander",
    }  # fmt: skip
    with pytest.raises(NotYours):
        join_studio(uid=studio.uid, user=cast.people["chief"], actor=cast.actor("grid_worker"), at=cast.at)
    with pytest.raises(NotThere):
        join_studio(uid=studio.uid, user=cast.people["chief"], actor=cast.actor("stranger_street"), at=cast.at)
    with pytest.raises(InputRefused):
        join_studio(uid=studio.uid, user=cast.people["stranger_chief"], actor=cast.actor("desk"), at=cast.at)


def test_a_meeting_is_called_told_of_and_keeps_who_came(cast):
    studio = found_one(cast, where="community", by="desk")
    lead = cast.actor("secretary")
    member = join_studio(uid=studio.uid, user=cast.people["chief"], actor=lead, at=cast.at)
    draft = MeetingDraft("怎么敲开第一扇门", "社区茶室", later(cast, 5))
    meeting = call_meeting(uid=studio.uid, draft=draft, actor=lead, at=cast.at)
    with pytest.raises(Conflict, match="还没有开始"):
        tell_meeting(uid=meeting.uid, came=[], minutes="记", actor=lead, at=cast.at)
    with pytest.raises(InputRefused, match="从成员里选"):
        tell_meeting(uid=meeting.uid, came=[cast.people["desk"].pk], minutes="记", actor=lead, at=later(cast, 6))
    came = [cast.people["chief"].pk]
    told = tell_meeting(uid=meeting.uid, came=came, minutes="先听后说。", actor=lead, at=later(cast, 6))
    assert (told.came, minutes_of(told)) == (came, "先听后说。")
    leave_studio(uid=studio.uid, member_id=member.pk, actor=lead, at=later(cast, 48))
    end_studio(uid=studio.uid, actor=lead, at=later(cast, 50))
    assert StudioMember.objects.get().ends_on is not None
    assert prove_journal().chains
