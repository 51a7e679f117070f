"""Appraisals of the demo: a scheme, last month scored, computed and published, this month on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.demo.district import Community, District
from louzhang.kit import clock
from louzhang.roster.actions.appraisal import (
    adopt_scheme,
    compute_month,
    name_appraisers,
    object_to_figure,
    open_month,
    publish_month,
    score,
)
from louzhang.roster.models.appraisal import AppraisalMonth, Scheme
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.people import people_of
from louzhang.roster.queries.appraisal.spans import Span, first_of, last_month

DRAFT = SchemeDraft(
    name="楼长月度考核",
    role=Role.CHIEF,
    indicators=(
        Weighed("orders_in_time", 30),
        Weighed("orders_solved", 20),
        Weighed("visits_due", 20),
        Weighed("scores", 30, "社区按当月任务打分"),
    ),
    commend_most=2,
    pass_mark=40,
    criteria=("门前楼道干净", "政策讲到每户", "有事找得到人"),
)
POINTS = ((5, 4, 5), (4, 4, 3), (3, 5, 4), (5, 5, 5), (2, 4, 3))
OBJECTION = "有一件是我带着维修师傅上门办好的，没有算进来，请核对。"


def appraise(district: District, at: datetime) -> None:
    """Everything in the first built-up community that has two buildings with a chief."""
    for community in district.built_up():
        chiefs = [building.chief for building in community.buildings if building.chief is not None]
        office = _office(community.area, at)
        if len(chiefs) >= 2 and office:
            _appraise(community, office, chiefs, at)
            return


def _office(area: Area, at: datetime) -> Sequence[User]:
    posts = Post.objects.as_of(clock.local_date(at)).filter(area=area, role__in=OFFICE_ROLES).select_related("user")
    return [post.user for post in posts.order_by("pk")]


def _appraise(community: Community, office: Sequence[User], chiefs: Sequence[Post], at: datetime) -> None:
    month = last_month(at)
    began = Span(month).begin + timedelta(days=1)
    scheme = adopt_scheme(draft=DRAFT, area=community.area, actor=actor_for(office[0], at), at=began, starts_on=month)
    done = _scored(scheme, community, month, office, began)
    after = Span(first_of(clock.local_date(at))).begin + timedelta(hours=10)
    over = min(after, at)
    desk = actor_for(office[0], at)
    done = compute_month(month_id=done.pk, actor=desk, at=over)
    best = done.standings.filter(group=1, user_id__in=[post.user_id for post in chiefs]).order_by("-value", "user_id")
    names = list(best.values_list("user_id", flat=True)[: DRAFT.commend_most])
    publish_month(month_id=done.pk, commended=names, actor=desk, at=over)
    _object(done, chiefs[-1], at)
    now = open_month(scheme=scheme, area=community.area, month=clock.local_date(at), actor=desk, at=at)
    compute_month(month_id=now.pk, actor=desk, at=at)


def _scored(
    scheme: Scheme, community: Community, month: date, office: Sequence[User], began: datetime
) -> AppraisalMonth:
    """One or two of the office give everybody a number for each task."""
    desk = actor_for(office[0], began)
    row = open_month(scheme=scheme, area=community.area, month=month, actor=desk, at=began)
    name_appraisers(month_id=row.pk, user_ids=[user.pk for user in office[:2]], actor=desk, at=began)
    people = [seat.user_id for seat in people_of(row)]
    for place, user in enumerate(office[:2]):
        points = {who: POINTS[(number + place) % len(POINTS)] for number, who in enumerate(people) if who != user.pk}
        score(month_id=row.pk, points=points, actor=actor_for(user, began), at=began + timedelta(days=25))
    return row


def _object(month: AppraisalMonth, chief: Post, at: datetime) -> None:
    row = month.standings.filter(user_id=chief.user_id).first()
    if row is not None:
        object_to_figure(
            standing_uid=row.uid, kind="orders_in_time", words=OBJECTION, actor=actor_for(chief.user, at), at=at
        )
