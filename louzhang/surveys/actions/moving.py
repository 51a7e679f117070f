"""What of surveys moves when a post ends: parts passed on, calls that nobody of the role can make; the rest is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.handing import Moved
from louzhang.fieldwork.queries.handing import works_on
from louzhang.kit import clock
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.surveys.actions.following_up import pass_call_on
from louzhang.surveys.actions.passing import move_share
from louzhang.surveys.following import FollowState
from louzhang.surveys.models import Course, FollowUp, Share, Survey
from louzhang.surveys.models.follow_ups import VISITORS


def move_parts(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """Parts that were passed on to whoever held the post: to the next one, else back to those who keep the place."""
    if post.area is None or works_on(post, at):
        return
    around = next((node for node in line_of(post.area) if node.rank == COMMUNITY_RANK), post.area)
    rows = Share.objects.filter(passed_to_id=post.user_id, survey__in=Survey.objects.open().order_by().values("pk"))
    rows = rows.filter(area__path__startswith=around.path).select_related("area", "survey").order_by("pk")
    for share in rows:
        keeps = to is None or to.area is None or share.area.path.startswith(to.area.path)
        move_share(share_id=share.pk, user_id=None if keeps or to is None else to.user_id, at=at)
        whose = "回到负责那里的人" if keeps else "转给接手人"
        url = reverse("surveys_field:one", args=[share.survey.uid])
        yield Moved("排查份额", f"{share.survey.title}，{share.area.name}，{whose}", url)


def move_calls(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """Calls of a role that nobody at the place has any more go to the role of the next one, else wait at the office."""
    if post.area is None or post.role not in FIELD_ROLES:
        return
    today = clock.local_date(at)
    rows = FollowUp.objects.filter(course=Course.VISIT, status=FollowState.WAITING, role=post.role)
    for row in rows.filter(area__path__startswith=post.area.path).select_related("rule", "area__level").order_by("pk"):
        line = [node.pk for node in line_of(row.area)]
        url = reverse("follow_ups:one", args=[row.uid])
        if Post.objects.as_of(today).filter(area_id__in=line, role=row.role).exists():
            yield Moved("排查跟进", row.rule.words, url)
        elif to is not None and to.area_id in line and to.role in VISITORS:
            with transaction.atomic():
                pass_call_on(follow_up_id=row.pk, role=to.role, at=at)
            yield Moved("排查跟进", row.rule.words, url)
        else:
            yield Moved("排查跟进", f"{row.rule.words}（等社区安排）", url)


def tell_shares(post: Post, _to: Post | None, at: datetime) -> Iterator[Moved]:
    """Homes still to be asked lie with the place: whoever looks after it goes on asking."""
    if post.area is None or post.role not in FIELD_ROLES:
        return
    rows = Share.objects.leaves().filter(
        survey__in=Survey.objects.open().order_by().values("pk"), area__path__startswith=post.area.path
    )
    left = F("total") - F("answered") - F("declined")
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for uid, title, count in rows.annotate(left=left).values_list("survey__uid", "survey__title", "left"):
        counts[str(uid), title] += count
    for (asked, title), count in counts.items():
        if count:
            yield Moved("排查", f"{title}，还有 {count} 户", reverse("surveys_field:one", args=[asked]))


MOVERS = (move_parts, move_calls, tell_shares)
