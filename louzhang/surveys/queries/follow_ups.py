"""跟进 as whoever handles it reads it; for the others how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.fieldwork import sources
from louzhang.fieldwork.models import ItemKind
from louzhang.fieldwork.sources import Draft, Field
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.models.shelters import sheltered_homes
from louzhang.register.suppressing import SHOWN_FROM
from louzhang.surveys.following import LOOP, FollowState, words_of
from louzhang.surveys.models import Answer, Course, FollowUp, FollowUpRule, Survey, Target
from louzhang.workorders.models import WorkOrder

BUILDING_RANK = RANKS[LevelKind.BUILDING]
LISTED = 200
UNKNOWN = "没有找到这条跟进，或它不归您办。"
_WITH = ("rule", "area__level", "target__dwelling", "target__survey", "order", "need")


@dataclass(frozen=True, slots=True)
class Line:
    """One follow-up with its door in words and how far it is."""

    row: FollowUp
    place: str

    @property
    def state(self) -> str:
        """How far it is, in the words of the thing it became."""
        if self.row.order is not None:
            return f"工单 {self.row.order.number}，{self.row.order.status_label}"
        if self.row.need is not None:
            return "需求清单里，已销号" if self.row.need.ticked_at else "在需求清单里"
        return self.row.status_label

    @property
    def is_open(self) -> bool:
        """Whether the one who reads may still do something here."""
        return self.row.course == Course.VISIT and self.row.status == FollowState.WAITING

    def is_late(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.is_open and self.row.due_on is not None and self.row.due_on < today


def follow_ups_of(actor: Actor, survey: Survey | None = None, *, with_ended: bool = False) -> list[Line]:
    """What the actor handles, the nearest day first; three queries."""
    rows = FollowUp.objects.visible_to(actor).select_related(*_WITH).defer("area__outline")
    rows = rows if survey is None else rows.filter(target__survey=survey)
    rows = rows if with_ended else rows.open()
    found = list(rows.order_by("due_on", "-pk")[:LISTED])
    places = spoken_places({row.area for row in found}, from_rank=BUILDING_RANK) if found else {}
    return [Line(row, places[row.area_id]) for row in found]


def count_follow_ups(survey: Survey, area: Area) -> int:
    """How many there are in a place whose results one reads; a number, and nothing of any door."""
    rows = FollowUp.objects.filter(target__survey=survey)
    return rows.filter(area__path__gte=area.path, area__path__lt=area.path + "~").count()


def spoken_count(count: int, *, is_inside: bool) -> str:
    """How many, as it is told outside the community: few are not told exactly."""
    return f"不到 {SHOWN_FROM}" if 0 < count < SHOWN_FROM and not is_inside else str(count)


def find_follow_up(actor: Actor, uid: UUID) -> FollowUp:
    """One the actor handles, with its ties; raises `NotThere`."""
    rows = FollowUp.objects.visible_to(actor).with_ties(actor).select_related(*_WITH)
    follow_up = rows.filter(uid=uid).first()
    if follow_up is None:
        raise NotThere(UNKNOWN)
    return follow_up


def has_words(follow_up: FollowUp) -> bool:
    """Whether the household wrote something that can be opened while there is something to be done (two queries)."""
    is_open = FollowUp.objects.filter(pk=follow_up.pk).open().exists()
    answers = Answer.objects.current().filter(target_id=follow_up.target_id).exclude(said_sealed="")
    return is_open and answers.exists()


def follow_ups_left(survey: Survey, uids: Iterable[str], actor: Actor) -> list[FollowUp]:
    """Those named in an address, of orders and needs that an answer which was taken back has left behind."""
    known = [uid for uid in uids if _is_uuid(uid)][:LISTED]
    if not known:
        return []
    doors = Target.objects.handled_by(actor).filter(survey=survey).order_by().values("pk")
    rows = FollowUp.objects.filter(target__in=doors, uid__in=known).exclude(course=Course.VISIT)
    return list(rows.select_related("order", "need", "rule"))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def left_behind(rows: Iterable[FollowUp], actor: Actor) -> list[dict[str, str]]:
    """What stays of an answer that was taken back, in words, with an address for who may open it."""
    return [_left(row, actor) for row in rows]


def _left(row: FollowUp, actor: Actor) -> dict[str, str]:
    order = row.order
    if order is None:
        return {"words": f"需求清单里的“{row.rule.words}”还在，请核对后销号", "url": reverse("register:needs")}
    is_seen = WorkOrder.objects.visible_to(actor).filter(pk=order.pk).exists()
    name = "desk:order" if actor.has_role(*OFFICE_ROLES) else "field:one"
    url = reverse(name, args=[order.number]) if is_seen else ""
    return {"words": f"这一户转成的工单 {order.number} 已经有人在办，没有撤回，请告诉办理的人", "url": url}


def verbs_for(follow_up: FollowUp) -> list[str]:
    """What may be done with it now; an order or a need is worked on where it stands."""
    if follow_up.course != Course.VISIT:
        return []
    return [step.verb for step in LOOP.allowed(follow_up.status, follow_up.relations_now)]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in words."""

    rule: FollowUpRule
    when: str


def rules_of(survey: Survey) -> list[RuleLine]:
    """The rules in force, in the order of the questions."""
    rows = FollowUpRule.objects.filter(question__survey=survey, ended_at=None).select_related(
        "question", "category", "photos"
    )
    return [
        RuleLine(rule, words_of(rule.question.asked(), rule.condition))
        for rule in rows.order_by("question__position", "pk")
    ]


def calls_due(ground: Field) -> Iterator[Draft]:
    """Calls to be made, as lines of a day: by whom the rule names, at the nearest post above the door."""
    rows = FollowUp.objects.filter(course=Course.VISIT, status=FollowState.WAITING.value)
    rows = rows.filter(area__path__gte=ground.low, area__path__lt=ground.high)
    rows = rows.filter(~Q(target__household__in=sheltered_homes()))
    for row in rows.select_related("rule", "area", "target").defer("area__outline").order_by("due_on", "pk"):
        holder = ground.nearest(row.area.path, (row.role,), row.pk)
        if holder is None or not ground.wants(holder) or row.due_on is None:
            continue
        is_late = row.due_on < ground.day
        yield Draft(
            post_id=holder.post_id,
            kind=ItemKind.VISIT,
            source=f"follow_up:{row.pk}",
            title=row.rule.words,
            why=f"排查里需要上门看看的一户，{row.due_on.month}月{row.due_on.day}日前去。",
            weight=sources.VISIT_LATE if is_late else sources.VISIT,
            minutes=ground.minutes[ItemKind.VISIT],
            url=reverse("follow_ups:one", args=[row.uid]),
            area_id=row.area_id,
            dwelling_id=row.target.dwelling_id,
        )
