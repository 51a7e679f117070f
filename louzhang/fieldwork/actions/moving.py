"""What moves when a post ends: errands, rounds, lines of the day, talks, company; the rest is told, so that it is seen.

What lies with a place (orders of a seat, homes due, questions) needs no move: whoever holds the place has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.fieldwork.actions.company import end_company_of, leave_company
from louzhang.fieldwork.actions.errands import move_errand
from louzhang.fieldwork.actions.patrols import stop_patrol
from louzhang.fieldwork.handing import Moved
from louzhang.fieldwork.models import Company, DayItem, DayList, Errand, ItemEnd, ItemKind, Patrol, VisitDue
from louzhang.fieldwork.queries.handing import LOOKED_BACK, works_on
from louzhang.inquiries.models import Inquiry
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.mediation.actions import hand_on
from louzhang.mediation.models import Mediation, Party
from louzhang.mediation.queries import mediators_for
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.orders import IN_HAND


def move_errands(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """Errands in the hands of the post; with nobody next they wait for somebody to take them."""
    for errand in Errand.objects.running().filter(agent=post).order_by("pk"):
        move_errand(errand_id=errand.pk, to=to, at=at)
        yield Moved("代办", f"{errand.get_kind_display()}", reverse("errands:one", args=[errand.uid]))


def move_patrols(post: Post, _to: Post | None, at: datetime) -> Iterator[Moved]:
    """A round on the way ends where it is; the route stays due, for whoever walks it next."""
    for patrol in Patrol.objects.filter(post=post, status="going").select_related("route").order_by("pk"):
        stop_patrol(patrol_id=patrol.pk, at=at)
        yield Moved("巡查", f"{patrol.route.name}，没有走完", reverse("patrols:route", args=[patrol.route.uid]))


def move_lines(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """Lines of the day that people laid there go to the next one's day; the others are gathered anew by place."""
    today = clock.local_date(at)
    lists = DayList.objects.filter(post=post, day__gte=today)
    there = {row.day: row for row in DayList.objects.filter(post=to, day__gte=today)} if to is not None else {}
    lines = DayItem.objects.filter(day_list__in=lists).open().select_related("day_list").select_for_update(of=("self",))
    for item in lines.order_by("pk"):
        if item.kind == ItemKind.ADDED:
            target = there.get(item.day_list.day)
            if target is None:  # stays on the list the community still sees, until somebody is given it
                yield Moved("社区安排", f"{item.title}（等社区另外安排）")
                continue
            _give(item, target)
        yield Moved("今天的清单", item.title, item.url)
        item.ended, item.ended_at = ItemEnd.MOVED, at
        item.save(update_fields=["ended", "ended_at"])
    DayList.objects.filter(pk__in=[row.pk for row in there.values()]).update(is_stale=True)


def move_talks(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """Mediations, and looking back at those that ended: to the next one, else to the office of the community.

    Whoever goes on working there keeps theirs: people talk to a person. Nobody mediates what they are a side of.
    """
    if post.area is None or works_on(post, at):
        return
    around = _community_of(post.area)
    rows = Mediation.objects.filter(mediator_id=post.user_id, area__path__startswith=around.path).unfinished()
    for row in rows.select_related("area__level").order_by("pk"):
        offered = _offered(row, at)
        if row.mediator_id in offered:
            continue
        moved = _hand_on(row, [*_user_of(to), *_stand_in_of(post), *_office_of(around, at)], offered, at)
        if moved is not None:
            yield moved
        else:
            yield Moved("矛盾调解", "一件，请社区交给别的调解员", reverse("mediation:list"))


def hand_on_talks_of_units(*, at: datetime) -> int:
    """What mediators of a unit (人民调解委员会, 司法所 …) have in hand when their post there has ended; gives how many.

    It goes to whoever has the seat now, else to the stand-in, the head of the unit, a colleague, else to the office
    of the community. Who may still mediate at the place, by another post, keeps theirs; what nobody can take waits
    with its mediator and is tried again. A second run finds nothing.
    """
    today = clock.local_date(at)
    ended = Post.objects.filter(unit__isnull=False, ends_on__lte=today, ends_on__gt=today - LOOKED_BACK)
    busy = Mediation.objects.all().unfinished().order_by().values("mediator_id")
    return sum(_move_talks_of(post, at) for post in ended.filter(user_id__in=busy).order_by("pk"))


def _move_talks_of(post: Post, at: datetime) -> int:
    """Those of one post that ended in a unit; one after another, so that one that cannot move holds up nothing."""
    count = 0
    with transaction.atomic():
        hold(f"handover:{post.pk}")
        rows = Mediation.objects.filter(mediator_id=post.user_id).unfinished()
        for row in rows.select_related("area__level").order_by("pk"):
            offered = _offered(row, at)
            if row.mediator_id in offered or _works_around(row, at):
                continue
            people = [*_colleagues_of(post, at), *_office_of(_community_of(row.area), at)]
            count += _hand_on(row, people, offered, at) is not None
    return count


def _hand_on(row: Mediation, people: Iterable[int], offered: set[int], at: datetime) -> Moved | None:
    """Give a mediation to the first of these people who may have it and is no side of it; None where nobody is."""
    sides = set(Party.objects.filter(mediation=row).values_list("user_id", flat=True))
    mediator = next((each for each in people if each in offered - sides - {row.mediator_id}), None)
    if mediator is None:
        return None
    hand_on(mediation_id=row.pk, mediator=mediator, actor=SYSTEM, at=at)
    return Moved("矛盾调解", f"{row.area.name}的一件，{row.status_label}", reverse("mediation:one", args=[row.uid]))


def _offered(row: Mediation, at: datetime) -> set[int]:
    return {choice.value for group in mediators_for(row.area, at) for choice in group.choices}


def _works_around(row: Mediation, at: datetime) -> bool:
    """Whether the mediator holds a post somewhere in the community."""
    below = _community_of(row.area).path
    rows = Post.objects.as_of(clock.local_date(at)).filter(user_id=row.mediator_id, area__path__startswith=below)
    found: bool = rows.exists()
    return found


def _user_of(post: Post | None) -> list[int]:
    return [post.user_id] if post is not None else []


def _stand_in_of(post: Post) -> list[int]:
    return [post.stand_in_id] if post.stand_in_id is not None else []


def _office_of(around: Area, at: datetime) -> list[int]:
    """The secretary of a community and who works in its office."""
    rows = Post.objects.as_of(clock.local_date(at)).filter(area=around, role__in=OFFICE_ROLES)
    return [one.user_id for one in sorted(rows, key=lambda one: (one.role != Role.SECRETARY, one.pk))]


def _colleagues_of(post: Post, at: datetime) -> list[int]:
    """Who could follow in a unit: the same seat held again, the stand-in, the head, the others."""
    rows = list(Post.objects.as_of(clock.local_date(at)).filter(unit_id=post.unit_id).exclude(pk=post.pk))

    def is_next(one: Post) -> bool:
        return one.role == post.role and one.title_id == post.title_id and one.starts_on >= (post.ends_on or date.max)

    after = sorted(rows, key=lambda one: (one.role != Role.UNIT_LEAD, one.pk))
    return [
        *(one.user_id for one in rows if is_next(one)), *_stand_in_of(post), *(one.user_id for one in after),
    ]  # fmt: skip


def move_company(post: Post, _to: Post | None, at: datetime) -> Iterator[Moved]:
    """Nobody waits for company that cannot come, and nobody is asked to come along with whoever has gone."""
    if post.area is None or works_on(post, at):
        return
    here = Q(area__path__startswith=_community_of(post.area).path, ended_at=None)
    for row in Company.objects.filter(here, asker_id=post.user_id).order_by("pk"):
        end_company_of(company_id=row.pk, at=at)
    for row in Company.objects.filter(here, joiner_id=post.user_id).select_related("area").order_by("pk"):
        leave_company(company_id=row.pk, at=at)
        yield Moved("结伴走访", f"{row.area.name}，又等人一起去", reverse("fieldwork_field:today"))


def tell_standing(post: Post, to: Post | None, at: datetime) -> Iterator[Moved]:
    """What lies with the place and needs no move: orders of the seat, homes due, questions that wait."""
    area = post.area
    if area is None:
        return
    orders = WorkOrder.objects.filter(status__in=sorted(IN_HAND), seat_area=area, seat_role=post.role)
    is_held = to is not None and to.area_id == post.area_id and to.role == post.role
    for order in orders.order_by("pk"):
        rest = "" if is_held else "，等社区重新交办"
        yield Moved("工单", f"{order.number}{rest}", reverse("desk:order", args=[order.number]))
    if post.role not in FIELD_ROLES:
        return
    below = Q(area__path__startswith=area.path)
    if due := VisitDue.objects.filter(below, due_on__lte=clock.local_date(at)).count():
        yield Moved("走访", f"该走访的 {due} 户，排进接手人的清单")
    if asked := Inquiry.objects.waiting().filter(below).count():
        yield Moved("居民提问", f"{asked} 个等回答", reverse("inquiries:field"))


def _community_of(area: Area) -> Area:
    return next((node for node in line_of(area) if node.rank == COMMUNITY_RANK), area)


def _give(item: DayItem, target: DayList) -> None:
    if DayItem.objects.filter(day_list=target, source=item.source).exists():
        return
    DayItem.objects.create(
        day_list=target, kind=item.kind, source=item.source, title=item.title, why=item.why, url=item.url,
        area_id=item.area_id, dwelling_id=item.dwelling_id, minutes=item.minutes, weight=item.weight,
        due_at=item.due_at, came_from=item,
    )  # fmt: skip
