"""Public notices and objections: what anybody reads while a notice is up, and what became of an objection."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.areas.models import Area
from louzhang.areas.queries.people_lists import office_near
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import codes, crypto
from louzhang.roster.lifecycle.choosing import NomineeState, Tie
from louzhang.roster.models.choosing import Nominee, Round, RoundQuerySet
from louzhang.roster.models.notice_objections import NoticeObjection, NoticeObjectionQuerySet
from louzhang.roster.queries.choosing.rounds import Place, places_in

NO_NOTICE = "没有找到这份公示，它可能已经结束。公示结束以后，网上不再显示姓名。"
NO_OBJECTION = "没有找到这个查询码。请核对提交时给您的十位字母和数字，不分大小写。"
LISTED = 100


def notices_up(community_id: int | None = None) -> RoundQuerySet:
    """Notices that are up now, those that end first in front; of one community, or of all."""
    rows = Round.objects.on_notice().select_related("area", "title").order_by("notice_until", "pk")
    return rows if community_id is None else rows.filter(area_id__in=Area.objects.within(community_id).values("pk"))


def find_notice(uid: uuid.UUID) -> Round:
    """A notice that is up; raises `NotThere` for one that is over."""
    rows = Round.objects.on_notice().select_related("area__level", "title")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotThere(NO_NOTICE)
    return found


def places_on(row: Round) -> list[Place]:
    """What stands on a notice: each place with the one to be appointed."""
    chosen = Nominee.objects.filter(round=row, status=NomineeState.CHOSEN.value).select_related("user")
    return [place for place in places_in(row, chosen) if place.chosen is not None]


def office_of(row: Round, at: datetime) -> tuple[str, str]:
    """Where to call: the community's office and its public number."""
    return office_near(row.area, at)


def objections_to(row: Round, actor: Actor) -> NoticeObjectionQuerySet:
    """Objections to a round as far as the actor may know of them, the open ones first."""
    rows = NoticeObjection.objects.visible_to(actor).with_ties(actor).filter(round=row)
    return rows.select_related("vacancy__area").order_by("answered_at", "pk")


def find_objection(actor: Actor, uid: uuid.UUID, *ties: Tie) -> NoticeObjection:
    """One with its ties; raises `NotThere`."""
    rows = NoticeObjection.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("round__area__level", "round__title", "vacancy__area").filter(uid=uid).first()
    if found is None:
        raise NotThere("没有找到这条意见，或它不在您的范围内。")
    return found


def objection_by_code(code: str) -> NoticeObjection:
    """One by the code its writer was given (in its normal form); raises `NotThere`."""
    rows = NoticeObjection.objects.select_related("round__area", "round__title", "vacancy__area")
    found = rows.filter(code_hash=crypto.token_hash(code)).first()
    if found is None:
        raise NotThere(NO_OBJECTION)
    return found


def code_of(uid: uuid.UUID) -> str:
    """The code of an objection, for whoever wrote it: it follows from the row and the place's key."""
    return codes.tracking_code_of(crypto.blind_index(str(uid), purpose="choosing_objection"))


def words_of_objection(row: NoticeObjection) -> tuple[str, str]:
    """What was said and what was answered; for the community and who wrote it."""
    rows = Words.objects.filter(subject_kind=NoticeObjection.subject_kind, subject_id=row.pk)
    said = {each.seq: each.spoken for each in rows}
    first = str(said.get(1, {}).get("words", ""))
    answer = next((str(each["answer"]) for _, each in sorted(said.items()) if "answer" in each), "")
    return first, answer
