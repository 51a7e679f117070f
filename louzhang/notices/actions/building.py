"""通知: a chief or worker tells the own building or grid something, and takes it back (handbook R1, R8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.notices.models import BuildingNotice
from louzhang.notices.queries.building import places_to_tell

LONGEST = timedelta(days=60)


def publish_notice(
    *, author: User, area: Area, title: str, words: str, ends_at: datetime, actor: Actor, at: datetime
) -> BuildingNotice:
    """Tell the residents of a place something until a moment.

    Raises `NotYours` where the place is not looked after by the actor, `InputRefused` for an end that
    has passed or lies more than 60 days ahead.
    """
    if actor.is_read_only or author.pk != actor.user_id:
        raise NotYours("通知由本人发。请用自己的账号登录后再发。")
    if not places_to_tell(actor).filter(pk=area.pk).exists():
        raise NotYours("这个地方不归您负责，不能在这里发通知。请从列表里选自己的楼栋或网格。")
    if not at < ends_at <= at + LONGEST:
        raise InputRefused("截止日期要在今天以后、60 天以内，请重新选择。", field="until")
    with transaction.atomic():
        notice = BuildingNotice.objects.create(
            area=area, author=author, title=title, words=words, starts_at=at, ends_at=ends_at
        )
        _record(notice, "publish", actor, at)
    return notice


def withdraw_notice(*, notice_id: int, actor: Actor, at: datetime) -> BuildingNotice:
    """Take a notice back; whoever looks after the place may, its author or not.

    Raises `NotThere` out of scope, `TransitionRefused` when it is over.
    """
    with transaction.atomic():
        rows = BuildingNotice.objects.visible_to(actor).select_related("area")
        notice = rows.select_for_update(no_key=True, of=("self",)).filter(pk=notice_id).first()
        if notice is None:
            raise NotThere("没有找到这条通知，或它不在您的范围内。")
        if actor.is_read_only:
            raise NotYours("这个访问令牌只能查看，不能撤下通知。请换一个可以办理的令牌。")
        if not notice.is_current(at):
            raise TransitionRefused("这条通知已经不再显示，不用撤下。请刷新页面。")
        notice.withdrawn_at = at
        _record(notice, "withdraw", actor, at, "withdrawn_at")
    return notice


def _record(notice: BuildingNotice, verb: str, actor: Actor, at: datetime, *changed: str) -> None:
    line = [area.pk for area in line_of(notice.area)]
    told = {"title": notice.title, "words": notice.words} if verb == "publish" else {}
    record(notice, verb, actor=actor, at=at, audience=Audience.PUBLIC, words=told, area_ids=line, save=changed)
