"""What choosing tells: who was named, reviewers, the office, who objected; never whom a request is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.roster.models.choosing import Nominee, Round, Vacancy
from louzhang.roster.models.notice_objections import NoticeObjection
from louzhang.roster.models.replacing import ReplacementRequest

OFFICE, REVIEWERS, PERSON = "office", "reviewers", "person"
ROUND_RULES = (
    Rule("close", OFFICE, "choosing", "推荐结束，没有人选：{what}，请延长或中止", led_to="empty"),
    Rule("close", OFFICE, "choosing", "推荐结束：{what}，请看人选的答复", led_to="consenting"),
    Rule("go_on", REVIEWERS, "choosing_review", "请写考察意见：{what}", led_to="reviewing"),
    Rule("end_notice", OFFICE, "choosing", "公示期满：{what}，可以聘任了"),
)
NOMINEE_RULES = (
    Rule("name", PERSON, "nominated", "有人推荐您：{what}。愿不愿意，请答复"),
    Rule("pass", PERSON, "nominated", "考察有结果了：{what}"),
    Rule("fail", PERSON, "nominated", "考察有结果了：{what}"),
    Rule("take_out", PERSON, "nominated", "选任有变化：{what}，请看原因"),
    Rule("appoint", PERSON, "nominated", "您已经聘任：{what}。请看职责，做一张联系卡"),
    Rule("consent", OFFICE, "choosing_answers", "有人选答复了：{what}", many="{count} 位人选答复了"),
    Rule("decline", OFFICE, "choosing_answers", "有人选答复了：{what}", many="{count} 位人选答复了"),
    Rule("withdraw", OFFICE, "choosing_answers", "有人选退出了：{what}"),
)
OBJECTION_RULES = (
    Rule("object", OFFICE, "choosing_objection", "公示收到异议：{what}，请核实答复", many="{count} 条公示异议等答复"),
    Rule("answer", PERSON, "own_objection", "您对公示提的异议有答复了。"),
)
REQUEST_RULES = (Rule("open", OFFICE, "replacement", "住户提出调换：{what}，请评议"),)


class Told:
    """One batch of events of a kind with their rows; lines name places and posts, never a person."""

    def __init__(self, kind: str, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._kind = kind
        self._rows = _READ[kind].in_bulk(ids)

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def _row(self, event: Event) -> Round | Nominee | NoticeObjection | ReplacementRequest:
        row: Round | Nominee | NoticeObjection | ReplacementRequest = self._rows[event.subject_id]
        return row

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The office of the community, its reviewers, or whose it is."""
        row = self._row(event)
        if to == PERSON and isinstance(row, Nominee | NoticeObjection):
            if row.user_id is not None or row.device_hash:
                yield Recipient(face="phone", user_id=row.user_id, device_hash=row.device_hash)
            return
        day, kept_away = clock.local_date(event.happened_at), _named(row)
        for each in seated_in(_offices(row) if to == OFFICE else _reviewers(row), day):
            if each.user_id not in kept_away:
                yield Recipient(face=each.face, user_id=each.user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """The place and the post."""
        row = self._row(event)
        if isinstance(row, Round):
            return {"what": f"{row.area.name}{row.seat_name}"}
        if isinstance(row, Nominee):
            place = spoken_places([row.vacancy.area])[row.vacancy.area_id]
            return {"what": f"{place}{row.round.seat_name}"}
        if isinstance(row, NoticeObjection):
            return {"what": f"{row.round.area.name}{row.round.seat_name}"}
        return {"what": f"{row.post.area.name if row.post.area else ''}{row.post.title or row.post.get_role_display()}"}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page on the recipient's face."""
        row = self._row(event)
        if recipient.face == "phone":
            name = "choosing:own_objection" if isinstance(row, NoticeObjection) else "choosing:nominee"
            return reverse(name, args=[row.uid])
        if isinstance(row, ReplacementRequest):
            return reverse("choosing:requests")
        if recipient.face == "field":
            return reverse("choosing:reviews")
        uid = row.uid if isinstance(row, Round) else row.round.uid
        return reverse("choosing:round", args=[uid])

    def list_url(self, recipient: Recipient) -> str:
        """All of them."""
        faces = {"phone": "choosing:own", "field": "choosing:reviews"}
        return reverse(faces.get(recipient.face, "choosing:rounds"))


_READ: Mapping[str, QuerySet[Any]] = {
    "choosing_round": Round.objects.select_related("area__level", "title"),
    "choosing_nominee": Nominee.objects.select_related("round__area__level", "round__title", "vacancy__area"),
    "choosing_objection": NoticeObjection.objects.select_related("round__area__level", "round__title"),
    "replacement_request": ReplacementRequest.objects.select_related("post__area__level", "post__title"),
}


def _round_of(row: Round | Nominee | NoticeObjection) -> Round:
    return row if isinstance(row, Round) else row.round


def _offices(row: Round | Nominee | NoticeObjection | ReplacementRequest) -> Q:
    if not isinstance(row, ReplacementRequest):
        return Q(area_id=_round_of(row).area_id, role__in=OFFICE_ROLES)
    path = row.post.area.path if row.post.area is not None else ""
    lines = [path[:end] for end in range(Area.steplen, len(path) + 1, Area.steplen)]
    return Q(area__path__in=lines, area__level__kind=LevelKind.COMMUNITY, role__in=OFFICE_ROLES)


def _reviewers(row: Round | Nominee | NoticeObjection | ReplacementRequest) -> Q:
    if not isinstance(row, Round):
        return Q(pk__in=[])
    paths = Vacancy.objects.filter(round=row).values_list("area__path", flat=True)
    lines = {path[:end] for path in paths for end in range(Area.steplen, len(path) + 1, Area.steplen)}
    return Q(area__path__in=sorted(lines), role__in=(Role.GRID_WORKER, Role.GRID_LEAD))


def _named(row: Round | Nominee | NoticeObjection | ReplacementRequest) -> set[int | None]:
    """Whoever it is about: told of nothing here."""
    if isinstance(row, ReplacementRequest):
        return {row.post.user_id, row.post.stand_in_id}
    standing = Nominee.objects.filter(round=_round_of(row), user__isnull=False)
    return set(standing.values_list("user_id", flat=True))


BOOKS = {
    kind: Rulebook(rules=rules, open_batch=partial(Told, kind))
    for kind, rules in (
        ("choosing_round", ROUND_RULES),
        ("choosing_nominee", NOMINEE_RULES),
        ("choosing_objection", OBJECTION_RULES),
        ("replacement_request", REQUEST_RULES),
    )
}
