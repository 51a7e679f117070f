"""公布选任: a round for one or many places, with the steps of the district's rule as they are now."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from louzhang.areas.models import SINGLE_HOLDER_ROLES, Area, Post, PostKind, Title
from louzhang.areas.rights import SEATS
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotYours, TooLarge
from louzhang.kit import clock
from louzhang.roster.lifecycle.choosing import RoundState, StepKind
from louzhang.roster.models.choosing import WORDS_AT_MOST, Round, Vacancy
from louzhang.roster.models.choosing_scope import office_paths
from louzhang.roster.queries.choosing.gaps import places_to_start
from louzhang.roster.queries.choosing.rules import rule_now, steps_of

PLACES_AT_MOST = 200
NOMINATES_AT_MOST = timedelta(days=90)
NOT_COMMUNITY = "选任由社区办公室发起，街道可以看到每一步。"
TAKEN = "有的位置正在选任，不能重复发起。请到“选任”里看已经开始的。"


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What a round is begun with; `extra` are steps beyond the rule, `until` the last day of naming people."""

    role: str
    area_ids: Sequence[int]
    words: str
    until: date | None = None
    extra: Collection[str] = ()
    notice_days: int | None = None
    kind: str = PostKind.VOLUNTEER
    title: Title | None = None


def start_round(*, draft: RoundDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Round:
    """The community announces a round (R2, R3): each place once, all in the own community.

    Raises `NotYours` for whoever does not work there, `InputRefused` without places, reason or a last day,
    `Conflict` where a place is in another round.
    """
    if actor.is_read_only or actor.user_id is None:
        raise NotYours("发起选任要用自己的账号登录。")
    areas, community = _places(draft, actor)
    _refuse_words(draft.words)
    rule = rule_now(at)
    steps = steps_of(rule["said"], draft.extra)
    nominates = any(step["runs"] for step in steps if step["step"] == StepKind.NOMINATION)
    until = _until(draft.until, at) if nominates else None
    try:
        with transaction.atomic():
            row = Round.objects.create(
                area=community, role=draft.role, title=_title(draft), kind=draft.kind, steps=steps,
                status=(RoundState.NOMINATING if nominates else RoundState.CONSENTING).value,
                opener_id=actor.user_id, announced_at=at, nominate_until=until, reviewers_needed=rule["reviewers"],
                notice_days=max(rule["notice_days"], draft.notice_days or 0),
            )  # fmt: skip
            vacancies = _vacancies(row, areas, at)
            record(
                row, "announce", actor=actor, at=at, audience=Audience.PUBLIC, words={"words": draft.words.strip()},
                payload={
                    "role": row.role, "vacancies": [vacancy.pk for vacancy in vacancies], "to": row.status,
                    "left_out": [] if nominates else [_left(steps, StepKind.NOMINATION)],
                    "steps": [step["step"] for step in steps if step["runs"]],
                },
                area_ids=row.event_area_ids(), entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(TAKEN, field="areas") from None
    return row


def _left(steps: Sequence[dict[str, object]], kind: StepKind) -> dict[str, object]:
    return next({"step": step["step"], "why": step["why"]} for step in steps if step["step"] == kind)


def _places(draft: RoundDraft, actor: Actor) -> tuple[list[Area], Area]:
    if draft.role not in FIELD_ROLES:
        raise InputRefused("这里选任楼长、单元长、网格员和网格长。别的职务请到任职里办。", field="role")
    wanted = sorted(set(draft.area_ids))
    if not wanted:
        raise InputRefused("请至少选一个位置。", field="areas")
    if len(wanted) > PLACES_AT_MOST:
        raise TooLarge(f"一次最多选 {PLACES_AT_MOST} 个位置，请分几次发起。", field="areas")
    areas = places_to_start(actor, draft.role, wanted)
    homes = [path for path in office_paths(actor) if all(area.path.startswith(path) for area in areas)]
    if not homes:
        raise NotYours(NOT_COMMUNITY)
    if len(areas) != len(wanted):
        raise InputRefused("有的位置已经停用或不在您的范围内，请刷新页面后重新选。", field="areas")
    if any(area.level.kind not in SEATS[Role(draft.role)] for area in areas):
        raise InputRefused("有的位置没有这个职务，请重新选。", field="areas")
    community: Area = Area.objects.select_related("level").get(path=homes[0])
    return areas, community


def _title(draft: RoundDraft) -> Title | None:
    if draft.title is not None and draft.title.role != draft.role:
        raise InputRefused("这个职务名称不是这个职务的，请重新选。", field="title")
    return draft.title


def _refuse_words(words: str) -> None:
    if not words.strip():
        raise InputRefused("请写一句为什么选任、选什么样的人，居民会看到。", field="words")
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field="words")


def _until(until: date | None, at: datetime) -> date:
    today = clock.local_date(at)
    if until is None or not today < until <= today + NOMINATES_AT_MOST:
        raise InputRefused("请选推荐到哪一天为止：从明天起，最长三个月。", field="until")
    return until


def _vacancies(row: Round, areas: Sequence[Area], at: datetime) -> list[Vacancy]:
    """The places with who holds them; of posts that several hold together the one whose term ends first."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(area__in=areas, role=row.role)
    if row.role not in SINGLE_HOLDER_ROLES:
        posts = posts.filter(ends_on__isnull=False)
    holders: dict[int | None, Post] = {}
    for post in posts.order_by("ends_on", "pk"):
        holders.setdefault(post.area_id, post)
    rows = [Vacancy(round=row, area=area, role=row.role, outgoing=holders.get(area.pk)) for area in areas]
    made: list[Vacancy] = Vacancy.objects.bulk_create(rows)
    return made
