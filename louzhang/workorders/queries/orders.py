"""Reading orders: lists for each face, one order with what may be done, contacts by tier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any

from django.core import signing
from django.db.models import Case, CharField, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from ninja import Schema
from pydantic import Field

from louzhang.journal.actor import Actor
from louzhang.kit import bigrams, clock, codes, crypto, phones
from louzhang.kit.compiled import compiled
from louzhang.kit.lifecycle import Transition
from louzhang.kit.writable import Writable
from louzhang.workorders import beside
from louzhang.workorders.behind import figure_named
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.lifecycle import (
    AWAITING_RESIDENT,
    ENDED,
    JOINT_STATES,
    LOOP,
    OPEN,
    Explanation,
    Relation,
    State,
)
from louzhang.workorders.models import HOTLINE, AnswerWay, Category, Channel, Report, WorkOrder
from louzhang.workorders.models.timing import DUE_COLUMNS
from louzhang.workorders.queries.former import as_left, read_by, sees_all, ties_of_now, with_former
from louzhang.workorders.scope import OUTSIDE, WorkOrderQuerySet, any_of, one_seen, own_reports, relation_terms
from louzhang.workorders.time_state import time_state

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
# A calendar goes on for ever, moments of a database do not.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
IN_HAND = frozenset({State.DISPATCHED, State.TAKEN})
# Relations of people who do the work; the reporter alone reads only what is public.
STAFF = frozenset(Relation) - {Relation.REPORTER}


class Tier(Enum):
    """How much of a reporter's contact an actor may have."""

    HIDDEN = 0
    MASKED = 1
    REVEAL = 2


def contact_tier(order: WorkOrder, report: Report, actor: Actor) -> Tier:
    """How much of this reporter's contact the actor may have, by relation (handbook).

    `order` carries its relations. The desk reveals; the unit and seat reveal only while they
    hold the order, assisting units once the desk or the lead has granted it; a keeper only for a
    visit still to be made, or a report typed by themselves; offices above see the masked contact;
    nobody else sees any.
    """
    relations = order.relations_now
    if Relation.DESK in relations or own_report(report, actor):
        return Tier.REVEAL
    if relations & {Relation.HOLDER, Relation.LEAD} and order.status in IN_HAND:
        return Tier.REVEAL
    if order.status in JOINT_STATES and actor.unit_ids & set(order.contact_unit_ids):
        return Tier.REVEAL
    if Relation.KEEPER in relations:
        waits = report.answer_way == AnswerWay.VISIT and report.told_at is None
        typed = actor.user_id is not None and report.entered_by_id == actor.user_id
        return Tier.REVEAL if waits or typed else Tier.HIDDEN
    return Tier.MASKED if Relation.ABOVE in relations else Tier.HIDDEN


def own_report(report: Report, actor: Actor) -> bool:
    """Whether this voice is the actor's own."""
    return (
        (actor.user_id is not None and report.reporter_id == actor.user_id)
        or (bool(actor.device) and report.device_hash == actor.device)
        or report.pk in actor.opened_report_ids
    )


class Filters(Schema):
    """What a list can be narrowed by; all of it may stand in a URL (no personal words).

    `step` is a state or one of `STEPS` (`open`, `ended`, `late`, `soon`, `asking`, `paused`, `returned`, `unplaced`,
    `to_tell`, `supervised`, `shelved`, `to_verify`, `explaining`, `explained`); `is_mine` leaves what waits
    for the actor; `words` are any two or more characters; `phone` is an opaque handle from `phone_handle`,
    never a number. Of its time `step` can say `soon`, `asking`, `paused` and `raised` (overdue and gone up
    to the actor's office) as well; `clock` leaves orders on which it runs, `figure` those behind a figure of
    another app (`workorders.behind`).
    """

    step: Writable = Field(default="", max_length=20)
    category: Writable = Field(default="", max_length=40)
    unit: RowId | None = None
    area: RowId | None = None
    channel: Channel | None = None
    clock: ClockKind | None = None
    figure: Writable = Field(default="", max_length=20)
    number: Writable = Field(default="", max_length=40)
    words: Writable = Field(default="", max_length=60)
    phone: Writable = Field(default="", max_length=200)
    since: Day | None = None
    until: Day | None = None
    is_urgent: bool | None = None
    is_mine: bool | None = None


# Columns that no line of a list, map or file shows; one that starts to must be taken out here.
NO_LINE_SHOWS = (
    "search_terms", "clocks", "chain_head", "merged_from", "about_user", "about_area", "about_role", "about_unit",
    "explainer", "contacted_at", "overdue_area",
    *(f"category__{name}" for name in (
        "questions", "keywords", "official_code", "photo_reason", "keep_days", "letters",
        "is_verified_on_spot", "is_public_space", "promised_hours", "position", "chain_head",
        "chain_seq",
    )),
    *(f"area__{name}" for name in (
        "outline", "chain_head", "chain_seq", "numchild", "uid", "official_code", "name_key", "place", "estate",
        "started_at", "ended_at",
    )),
    *(f"lead_unit__{name}" for name in (
        "chain_head", "chain_seq", "uid", "name_key", "phone", "duties", "office_area", "ended_at",
    )),
)  # fmt: skip


def list_orders(actor: Actor, filters: Filters | None = None, *, few: Q | None = None) -> WorkOrderQuerySet:
    """The rows of any list, newest first, with what a line shows and nothing more.

    `few` is a condition that leaves few rows (see `visible_among`).
    """
    rows = _seen(actor, filters) if few is None else WorkOrder.objects.visible_among(actor, few)
    if filters is not None:
        rows = narrowed(rows, filters, actor)
    if not sees_all(actor):
        rows = with_former(with_own_words(rows, actor, ties_of_now(actor)), actor)
    return read_by(rows, actor).select_related("category", "area", "lead_unit").defer(*NO_LINE_SHOWS).order_by("-id")


def with_own_words(rows: WorkOrderQuerySet, actor: Actor, tied: Q | None = None) -> WorkOrderQuerySet:
    """Annotate what a reporter reads as the title of a matter that others reported too: only the own words.

    `own_summary` is NULL where the matter has one voice, or the actor is `tied` to it otherwise; blank where the
    own words stand nowhere as a title.
    """
    if tied is not None and actor.user_id is None:
        return rows
    own = own_reports(actor).filter(order_id=OuterRef("pk")).order_by("pk")
    first = Case(
        When(home__isnull=False, then=F("home__summary")),
        When(seq=1, then=F("order__summary")),
        default=Value(""),
        output_field=CharField(),
    )
    title = Subquery(own.annotate(title=first).values("title")[:1])
    whens = [When(report_count__lte=1, then=None), *([When(tied, then=None)] if tied is not None else [])]
    return rows.annotate(own_summary=Case(*whens, default=title, output_field=CharField()))


def _seen(actor: Actor, filters: Filters | None) -> WorkOrderQuerySet:
    """What the actor may see; of a list of live orders only those, which an office has few of."""
    without = _not_told_to(filters) if filters is not None else frozenset()
    is_live = filters is not None and (filters.is_mine or filters.clock or filters.step in LIVE_STEPS)
    if is_live and not sees_all(actor):  # said twice, the database would think that half as many are live
        return WorkOrder.objects.visible_among(actor, Q(status__in=sorted(OPEN | AWAITING_RESIDENT)), without=without)
    return WorkOrder.objects.visible_to(actor, without=without)


# Steps that everybody who sees an order may read.
TOLD_STEPS = frozenset({"", "open", "ended"}) | frozenset(state.value for state in State)


def _not_told_to(filters: Filters) -> frozenset[Relation]:
    """Whose rows a filter leaves out, because being among them would tell what their page does not.

    Of its clocks, marks and figures an order tells nobody whose unit only had it, or who only reported it; its
    present category, place, unit and urgency are no longer for a unit that gave it away.
    """
    if filters.clock or filters.figure or filters.channel or filters.step not in TOLD_STEPS:
        return OUTSIDE
    now = (filters.category or None, filters.area, filters.unit, filters.is_urgent)
    return frozenset() if now == (None,) * len(now) else frozenset({Relation.FORMER})


def narrowed(rows: WorkOrderQuerySet, filters: Filters, actor: Actor) -> WorkOrderQuerySet:
    """The rows that pass every filter given; a filter that cannot match leaves no rows."""
    rows = rows.raised_to(actor, clock.now()) if filters.step == RAISED else _in_step(rows, filters.step)
    rows = _behind(rows, filters.figure)
    if filters.is_mine:
        rows = rows.waiting_for(actor)
    if filters.category:
        rows = rows.filter(Q(category__code=filters.category) | Q(category__parent__code=filters.category))
    if filters.area is not None:
        rows = rows.within(filters.area)
    if filters.channel is not None:
        rows = rows.filter(pk__in=Report.objects.filter(channel=filters.channel).values("order_id"))
    if filters.words:
        rows = _saying(rows, filters.words, actor)
    if filters.phone:
        rows = _of_phone(rows, filters.phone, actor)
    if typed := codes.normal_order_number(filters.number):
        rows = rows.filter(Q(number=typed) | Q(source=HOTLINE, source_number=filters.number.strip()))
    return rows.filter(**_plain_lookups(filters))


def _behind(rows: WorkOrderQuerySet, name: str) -> WorkOrderQuerySet:
    if not name:
        return rows
    figure = figure_named(name)
    return rows.none() if figure is None else rows.filter(figure.condition())


def _saying(rows: WorkOrderQuerySet, words: str, actor: Actor) -> WorkOrderQuerySet:
    """The rows that hold these words, without what the actor only reported, together with others: of such a matter
    the words that are searched are another one's.
    """
    terms = bigrams.query_terms(words)
    if not terms:
        return rows.none()
    found = rows.saying_all(terms)
    ways = (Q(report_count__lte=1), ties_of_now(actor))
    return found if sees_all(actor) else found.filter(any_of(way for way in ways if way is not None))


def _plain_lookups(filters: Filters) -> dict[str, Any]:
    given = {
        "lead_unit_id": filters.unit,
        "is_urgent": filters.is_urgent,
        **({f"{DUE_COLUMNS[filters.clock]}__isnull": False} if filters.clock else {}),
        "reported_at__gte": clock.day_start(filters.since) if filters.since else None,
        "reported_at__lt": clock.day_start(filters.until + timedelta(days=1)) if filters.until else None,
    }
    return {lookup: value for lookup, value in given.items() if value is not None}


RAISED = "raised"
STEPS: dict[str, Callable[[WorkOrderQuerySet], WorkOrderQuerySet]] = {
    "open": lambda rows: rows.open(),
    "ended": lambda rows: rows.in_state(*ENDED),
    "late": lambda rows: rows.late(clock.now()),
    "soon": lambda rows: rows.soon(clock.now()),
    "asking": lambda rows: rows.asking_for_time(),
    "paused": lambda rows: rows.paused(),
    "returned": lambda rows: rows.open().filter(return_count__gt=0),
    "unplaced": lambda rows: rows.open().filter(is_unplaced=True),
    "to_tell": lambda rows: rows.to_tell(),
    "supervised": lambda rows: rows.exclude(supervision=""),
    "shelved": lambda rows: rows.filter(shelved_until__isnull=False),
    "to_verify": lambda rows: rows.filter(is_to_verify=True),
    "explaining": lambda rows: rows.filter(explanation=Explanation.ASKED.value),
    "explained": lambda rows: rows.filter(explanation=Explanation.AGREED.value),
}


# Steps whose orders are not over yet.
LIVE_STEPS = (frozenset(STEPS) - {"ended", "supervised", "explained"}) | OPEN | AWAITING_RESIDENT | {RAISED}


def pressing_order(filters: Filters) -> tuple[str, ...]:
    """By which columns a list is read: what is due first where it is about time, else the newest first."""
    if filters.clock is not None:
        return (DUE_COLUMNS[filters.clock], "-id")
    return ("due_at", "-id") if filters.step in ("late", "soon", RAISED) else ("-id",)


def _in_step(rows: WorkOrderQuerySet, step: str) -> WorkOrderQuerySet:
    if not step:
        return rows
    if step in STEPS:
        return STEPS[step](rows)
    return rows.in_state(State(step)) if step in set(State) else rows.none()


PHONE_SALT = "louzhang.workorders.phone"
HANDLE_SECONDS = 12 * 3600


def phone_handle(phone: str, actor: Actor) -> str:
    """An opaque handle for a search by number, good for this actor for half a day.

    Raises `kit.phones.InvalidPhone`. The number itself never reaches a URL or a log.
    """
    index = crypto.blind_index(phones.normal_phone(phone), purpose="phone")
    return signing.dumps([index, actor.owner_key], salt=PHONE_SALT, compress=True)


def _of_phone(rows: WorkOrderQuerySet, handle: str, actor: Actor) -> WorkOrderQuerySet:
    try:
        index, owner = signing.loads(handle, salt=PHONE_SALT, max_age=HANDLE_SECONDS)
    except signing.BadSignature:
        return rows.none()
    known = _contact_known_to(actor)
    if owner != actor.owner_key or known is None:
        return rows.none()
    return rows.filter(known, pk__in=Report.objects.filter(phone_index=index).values("order_id"))


def _contact_known_to(actor: Actor) -> Q | None:
    """The orders whose contacts an actor may have at least masked (`contact_tier`): a search by number
    tells whose order it is, so it finds only these.
    """
    terms = relation_terms(actor)
    in_hand = Q(status__in=sorted(IN_HAND))
    offices = [terms[relation] for relation in (Relation.DESK, Relation.ABOVE) if relation in terms]
    holding = [terms[relation] & in_hand for relation in (Relation.HOLDER, Relation.LEAD) if relation in terms]
    granted = [Q(status__in=sorted(JOINT_STATES), contact_unit_ids__overlap=sorted(actor.unit_ids))]
    return any_of([*offices, *holding, *(granted if actor.unit_ids else [])])


def leaf_categories() -> QuerySet[Category]:
    """The leaf categories in use, in the district's order, with their groups."""
    return (
        Category.objects.filter(ended_at=None, parent__isnull=False)
        .select_related("parent")
        .order_by("parent__position", "parent_id", "position", "pk")
    )


def find_order(actor: Actor, number: str) -> WorkOrder | None:
    """One order in scope with its relations; None is the same for unknown and out of scope.

    A reader whose unit only had it before gets it without who has it now and what came after; a reporter of
    a matter that others reported too, with the own words instead of theirs.
    """
    order = None if "\x00" in number else _of_number(actor, number=number)
    if order is None:
        return None
    if order.relations_now == {Relation.REPORTER} and order.report_count > 1:
        return _in_own_words(order, actor)
    if order.is_only_former:
        as_left([order], actor)
    return order


def _in_own_words(order: WorkOrder, actor: Actor) -> WorkOrder:
    voice = own_reports(actor).filter(order_id=order.pk).select_related("home").order_by("pk").first()
    if voice is not None and (voice.home is not None or voice.seq > 1):
        order.summary = voice.home.summary if voice.home is not None and voice.seq == 1 else ""
        order.place_note = voice.home.place_note if voice.home is not None and voice.seq == 1 else ""
    return order


def moved_to(actor: Actor, number: str) -> str:
    """The number of the order in which an own report goes on that was filed under another one; else blank."""
    typed = codes.normal_order_number(number[:40]).replace("\x00", "")
    moved = own_reports(actor).filter(home__number=typed)
    return str(moved.values_list("order__number", flat=True).first() or "")


@one_seen
def _of_number(*, number: Any) -> WorkOrderQuerySet:
    return (
        WorkOrder.objects.filter(number=number)
        .annotate(**time_state())
        .select_related("category__parent", "area__level", "desk_area", "lead_unit", "seat_area", "assignee")
        .defer("search_terms", "area__outline", "desk_area__outline", "seat_area__outline")
        .annotate(**beside.marks())
    )


UNKNOWN = "没有找到这件事，或它不在您的范围内。请核对编号。"


def id_of_number(number: str) -> int | None:
    """The id behind a number, unscoped: only for the walker, which asks for scope under the lock."""
    typed = codes.normal_order_number(number[:40])
    if "\x00" in typed:
        return None
    known: int | None = _numbered.first(number=typed)
    return known


@compiled
def _numbered(*, number: Any) -> QuerySet[WorkOrder, Any]:
    return WorkOrder.objects.filter(number=number).order_by().values_list("pk", flat=True)


def verbs_now(order: WorkOrder) -> list[Transition]:
    """The verbs the actor may do now, the main one first."""
    allowed = [verb for verb in LOOP.allowed(order.status, order.relations_now) if not order.bar_on(verb.verb)]
    return sorted(allowed, key=lambda transition: not transition.is_main)


def with_reports(rows: WorkOrderQuerySet) -> WorkOrderQuerySet:
    """Fetch the voices of each order in one more query."""
    return rows.prefetch_related(Prefetch("reports", Report.objects.order_by("pk")))


def titles_of_numbers(actor: Actor, numbers: Sequence[str]) -> dict[str, str]:
    """What the orders of these numbers are about, as far as the actor may see them (one query)."""
    few = Q(number__in=[number for number in numbers if "\x00" not in number])
    return {order.number: order.summary or order.category.name for order in list_orders(actor, few=few)}
