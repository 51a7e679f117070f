"""The end of a post and leaves, with one of every kind of thing that can be due: each has somebody afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from louzhang.areas.actions import appoint_post, end_post
from louzhang.areas.models import PostKind
from louzhang.areas.roles import Role
from louzhang.fieldwork.actions.company import ask_company, join_company
from louzhang.fieldwork.actions.days import add_item
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, take_errand
from louzhang.fieldwork.actions.handing import ask_leave, hand_over_ended
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.actions.patrols import confirm_point
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm, start_rhythm
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.models import (
    Company,
    DayItem,
    DayList,
    Errand,
    Handover,
    ItemKind,
    Patrol,
    Span,
    VisitDue,
    Whom,
)
from louzhang.inquiries.actions import ask_inquiry
from louzhang.inquiries.models import Inquiry
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.mediation.actions import add_party, agree, start_mediation, talk
from louzhang.mediation.models import Mediation
from louzhang.register.doorstep import DONE, REFUSED, Entry
from louzhang.surveys.actions.passing import pass_on_share
from louzhang.surveys.forms.doorstep import KIND, answer_many
from louzhang.surveys.models import FollowUp, LateAnswer, Share, Survey, Target
from louzhang.surveys.tests.ground import GOOD, target_of
from louzhang.surveys.tests.test_following import rule_of, say
from louzhang.workorders.actions import Draft, accept_workorder, dispatch_workorder, report_workorder
from louzhang.workorders.models import Channel, WorkOrder
from louzhang.workorders.queries import verbs_now


def later(cast, hours):
    return cast.at + timedelta(hours=hours)


@pytest.fixture
def talks(cast):
    """Two disputes in the chief's building: one being talked about, one to be looked back at."""
    made = []
    for words in ("楼上夜里有噪声。", "楼道堆物。"):
        actor = cast.actor("chief")
        row = start_mediation(area=cast.areas["building"], words=words, actor=actor, at=cast.at)
        for name in ("王大妈", "李大爷"):
            add_party(mediation_id=row.pk, name=name, actor=actor, at=cast.at)
        talk(mediation_id=row.pk, talked_on=clock.local_date(cast.at), words="谈了", actor=actor, at=cast.at)
        made.append(row.pk)
    agree(
        mediation_id=made[1], terms="搬走", follow_up_on=clock.local_date(later(cast, 72)), actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    return made


@pytest.fixture
def passed(cast, survey):
    """The part of the next building, which the grid worker passed on to the chief."""
    return pass_on_share(
        survey_id=survey.pk, area_id=cast.areas["next_building"].pk, user_id=cast.people["chief"].pk,
        actor=cast.actor("grid_worker"), at=cast.at,
    )  # fmt: skip


def order_of_the_chief(cast):
    draft = Draft(
        channel=Channel.RESIDENT, category=cast.categories["leak"], area=cast.areas["stairwell"], words="漏水"
    )
    order = report_workorder(draft=draft, actor=cast.device, at=cast.at).order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    office = cast.units["community_office"]
    dispatch_workorder(order_id=order.pk, unit=office, seat=cast.posts["chief"], actor=desk, at=cast.at)


def errand_of_the_chief(cast):
    errand = ask_errand(
        draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
    )
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)


def round_of_the_chief(cast):
    worker = cast.actor("grid_worker")
    route = lay_route(area=cast.areas["grid"], draft=RouteDraft("夜巡", every_days=1), actor=worker, at=cast.at)
    for name in ("东门", "西门"):
        add_point(uid=route.uid, name=name, actor=worker, at=cast.at)
    point = route.points.order_by("position")[0]
    confirm_point(uid=point.uid, way="code", code=point.code, actor=cast.actor("chief"), at=cast.at)


@pytest.fixture
def everything(cast, homes, survey, talks, passed):
    """One of every kind of due thing, all with the chief."""
    order_of_the_chief(cast)
    errand_of_the_chief(cast)
    round_of_the_chief(cast)
    ask_inquiry(area=cast.areas["building"], words="几号停水？", actor=cast.device, at=cast.at)
    draft = RhythmDraft(name="走访每一户", whom=Whom.EACH, role="chief", span=Span.DAY)
    rhythm = set_rhythm(
        draft=draft, area=cast.areas["community"], starts_on=clock.local_date(cast.at), actor=SYSTEM, at=cast.at
    )
    start_rhythm(rhythm_id=rhythm.pk, at=cast.at)
    rule_of(cast, survey)
    say(cast, survey)
    ask_company(dwelling_id=homes.dwellings["own"].pk, actor=cast.actor("chief"), at=cast.at)
    theirs = ask_company(dwelling_id=homes.dwellings["own"].pk, actor=cast.actor("stairwell_head"), at=cast.at)
    join_company(uid=theirs.uid, actor=cast.actor("chief"), at=cast.at)
    make_days(day=clock.local_date(cast.at), at=cast.at)
    add_item(list_uid=chief_day(cast).uid, title="贴停水通知", actor=cast.actor("desk"), at=cast.at)


def chief_day(cast):
    return DayList.objects.get(post=cast.posts["chief"])


def test_the_day_of_the_holder_names_every_kind(cast, everything):
    """If a further kind of line comes, the test below has to learn whose it is at the end of a post."""
    kinds = set(DayItem.objects.filter(day_list=chief_day(cast)).values_list("kind", flat=True))
    assert kinds >= {ItemKind.ORDER, ItemKind.VISIT, ItemKind.SHARE, ItemKind.ERRAND, ItemKind.ADDED}


def test_nothing_due_is_lost_when_a_post_ends(cast, everything, talks, passed, survey):
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=later(cast, 1))
    assert hand_over_ended(at=later(cast, 1)) == 1
    at = later(cast, 1)
    gone, worker, desk = (cast.actor(key, at) for key in ("chief", "grid_worker", "desk"))
    next_post, next_person = cast.posts["grid_worker"], cast.people["grid_worker"]

    assert Errand.objects.get().agent == next_post
    assert not Patrol.objects.going().exists()
    assert DayItem.objects.get(title="贴停水通知", ended="").day_list.post == next_post
    assert set(Mediation.objects.values_list("mediator_id", flat=True)) == {next_person.pk}
    assert Share.objects.get(pk=passed.pk).passed_to_id is None
    assert set(Target.objects.handled_by(worker).values_list("dwelling__door", flat=True)) == {"301", "302", "101"}
    call = FollowUp.objects.get()
    assert call.role == Role.GRID_WORKER
    assert FollowUp.objects.visible_to(worker).exists()
    assert Inquiry.objects.waiting().tied(worker, "keeper").exists()
    assert VisitDue.objects.filter(area__path__startswith=cast.areas["building"].path).exists()
    assert not Company.objects.filter(ended_at=None, asker=cast.people["chief"]).exists()
    assert Company.objects.get(asker=cast.people["stairwell_head"]).joiner_id is None
    order = WorkOrder.objects.visible_to(desk).with_relations(desk).get()
    assert {"transfer", "arbitrate", "send_back"} & {step.verb for step in verbs_now(order)}

    for rows in (WorkOrder, Errand, Mediation, FollowUp, Inquiry, Survey):
        assert not rows.objects.visible_to(gone).exists(), rows
    row = Handover.objects.get()
    kinds = {each["kind"] for each in row.moved}
    surveys = {"排查份额", "排查跟进", "排查"}
    assert kinds == surveys | {"代办", "巡查", "今天的清单", "矛盾调解", "结伴走访", "工单", "走访", "居民提问"}
    assert "王大妈" not in str(row.moved)
    prove_journal()


def test_the_day_of_whoever_comes_next_holds_it_all(cast, everything):
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=later(cast, 1))
    hand_over_ended(at=later(cast, 1))
    tomorrow = later(cast, 24)
    make_days(day=clock.local_date(tomorrow), at=tomorrow)
    lines = DayItem.objects.filter(day_list__post=cast.posts["grid_worker"], day_list__day=clock.local_date(tomorrow))
    sources = {source.split(":")[0] for source in lines.values_list("source", flat=True)}
    assert sources >= {"errand", "follow_up", "inquiry"}


def test_with_nobody_next_it_lies_with_the_community(cast, everything, talks, passed):
    for key in ("chief", "grid_worker", "grid_lead", "stairwell_head"):
        end_post(post=cast.posts[key], actor=cast.actor("desk"), at=later(cast, 1))
    hand_over_ended(at=later(cast, 1))
    desk = cast.actor("desk", later(cast, 1))
    assert set(Mediation.objects.values_list("mediator_id", flat=True)) == {cast.people["secretary"].pk}
    assert Errand.objects.tied(desk, "desk").get().agent_id is None
    assert FollowUp.objects.visible_to(desk).exists()
    assert Inquiry.objects.waiting().tied(desk, "desk").exists()
    assert Target.objects.handled_by(desk).count() == 3
    assert Share.objects.get(pk=passed.pk).passed_to_id is None
    told = Handover.objects.get(post=cast.posts["chief"]).moved
    assert [each["what"] for each in told if each["kind"] == "排查跟进"] == ["上门看看住得下吗（等社区安排）"]


def test_whoever_goes_on_working_in_the_community_keeps_what_is_theirs_in_person(cast, talks, passed):
    end_post(post=cast.posts["next_chief"], actor=cast.actor("desk"), at=cast.at)
    appoint_post(
        user=cast.people["chief"], role=Role.CHIEF, area=cast.areas["next_building"], kind=PostKind.VOLUNTEER,
        actor=SYSTEM, at=cast.at,
    )  # fmt: skip
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=later(cast, 1))
    hand_over_ended(at=later(cast, 1))
    assert set(Mediation.objects.values_list("mediator_id", flat=True)) == {cast.people["chief"].pk}
    assert Share.objects.get(pk=passed.pk).passed_to_id == cast.people["chief"].pk


def test_a_mediation_is_not_given_to_a_side_of_it(cast, talks):
    Mediation.objects.get(pk=talks[0]).parties.filter(position=1).update(user=cast.people["grid_worker"])
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=later(cast, 1))
    hand_over_ended(at=later(cast, 1))
    assert Mediation.objects.get(pk=talks[0]).mediator_id == cast.people["secretary"].pk
    assert Mediation.objects.get(pk=talks[1]).mediator_id == cast.people["grid_worker"].pk


def test_errands_of_somebody_in_the_office_go_to_a_colleague(cast):
    errand = ask_errand(
        draft=ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="交表"), actor=cast.device, at=cast.at
    )
    take_errand(errand_id=errand.pk, actor=cast.actor("desk"), at=cast.at)
    end_post(post=cast.posts["desk"], actor=SYSTEM, at=later(cast, 1))
    hand_over_ended(at=later(cast, 1))
    assert Errand.objects.get().agent == cast.posts["secretary"]


def test_who_stands_in_has_the_parts_passed_on_for_the_days_and_no_longer(cast, passed, survey):
    day = clock.local_date(cast.at)

    def doors(at):
        rows = Target.objects.handled_by(cast.actor("stairwell_head", at))
        return set(rows.values_list("dwelling__door", flat=True))

    assert doors(cast.at) == {"301", "302"}
    ask_leave(
        post_id=cast.posts["chief"].pk, stand_in=cast.people["stairwell_head"], starts_on=day,
        ends_on=day + timedelta(days=2), actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip
    assert doors(cast.at) == {"301", "302", "101"}
    assert Survey.objects.visible_to(cast.actor("stairwell_head")).exists()
    assert doors(later(cast, 48)) == {"301", "302"}


def answer_late(cast, survey, door, key, at):
    entry = Entry(UUID(int=9), KIND, target_of(survey, door).uid, GOOD | {"outcome": "answered"}, cast.at)
    return answer_many([entry], cast.actor(key, at), at)[0]


def test_what_a_helper_wrote_before_the_post_ended_is_kept_for_the_office(cast, passed, survey):
    """The part has moved on meanwhile; who never had it is refused, as a stranger is."""
    at = later(cast, 50)
    for key in ("chief", "stairwell_head"):
        end_post(post=cast.posts[key], actor=cast.actor("desk"), at=later(cast, 30))
    hand_over_ended(at=later(cast, 30))
    assert answer_late(cast, survey, "101", "stairwell_head", at).result == REFUSED
    assert answer_late(cast, survey, "101", "chief", at).result == DONE
    assert LateAnswer.objects.get().target == target_of(survey, "101")


def test_a_part_passed_on_stands_on_the_day_of_whoever_has_it(cast, passed):
    make_days(day=clock.local_date(cast.at), at=cast.at)
    lines = DayItem.objects.filter(kind=ItemKind.SHARE)
    assert lines.get(day_list__post=cast.posts["chief"]).title.endswith("还有 1 户")
    assert not lines.filter(day_list__post=cast.posts["next_chief"]).exists()
