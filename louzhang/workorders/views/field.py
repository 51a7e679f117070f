"""The field worker's pages: today, lists, one order with the verbs allowed now, a call that is logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.paging import rough_count
from louzhang.shell.parts import Item, Verb
from louzhang.workorders.actions import reveal_contact
from louzhang.workorders.beside import items_beside
from louzhang.workorders.lifecycle import AWAITING_RESIDENT, PART_LOOP, Relation, State
from louzhang.workorders.models import AnswerWay, Category, Report, WorkOrder
from louzhang.workorders.queries import (
    STAFF,
    Moment,
    Tier,
    contact_tier,
    find_order,
    hidden_reporters,
    own_report,
    reports_of,
    timeline,
    verbs_now,
    voice_of,
    voices_elsewhere,
)
from louzhang.workorders.queries.meetings import meetings_of
from louzhang.workorders.queries.parts import PartLine, helped_parts, parts_of
from louzhang.workorders.queries.phone_lists import (
    AROUND,
    LISTS,
    ON_ME,
    ONLY,
    TO_TELL,
    TO_VERIFY,
    offered_cuts,
    only,
)
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.points import position_of
from louzhang.workorders.queries.speakers import speakers_of
from louzhang.workorders.scope import tell_relations
from louzhang.workorders.views import phone_acting, telling
from louzhang.workorders.views.clock_marks import SAID_OF_TIME, asked_words, clock_chip, clock_lines, pressing_due
from louzhang.workorders.views.phone_paging import page_asked_for
from louzhang.workorders.views.together import part_contexts

PEOPLE = (*FIELD_ROLES, *UNIT_ROLES, *OFFICE_ROLES)
SHOWN_TODAY = 5
VOICES_SHOWN = 20
COUNTED = 1000
TITLES = {ON_ME: "我手上的", TO_TELL: "要告知的", TO_VERIFY: "要核实的", AROUND: "片区里的"}
EMPTY = {
    ON_ME: "交给您办的事会出现在这里。",
    AROUND: "您负责的楼里有没办完的事，会出现在这里。",
    TO_VERIFY: "办结以后要到现场看一看的事，会出现在这里。",
    TO_TELL: "有人要求上门告知、事情办好了，会出现在这里。",
}
PAST_ONLY = "您的单位以前办过这件事。它离开您的单位以后的经过，这里不再显示。"
REASONS = ("了解情况", "约时间上门", "告知结果")


@for_roles(*PEOPLE)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What is on me, to tell, to look at, and around: the first lines of each with its count."""
    actor, at = actor_of(request), clock.now()
    found = {name: list(LISTS[name](actor)[: SHOWN_TODAY + 1]) for name in lists_of(actor)}
    lines = _lines([order for orders in found.values() for order in orders[:SHOWN_TODAY]], actor, at)
    sections = [_section(name, orders, lines, actor) for name, orders in found.items()]
    context = {"sections": sections, "is_empty": not any(found.values()), "now": at, "can_settle": _keeps(actor)}
    return render(request, "workorders/field/today.html", context)


def lists_of(actor: Actor) -> tuple[str, ...]:
    """The lists that can hold anything for this actor: who looks after no place has none around."""
    return tuple(LISTS) if _keeps(actor) else (ON_ME,)


def _section(name: str, orders: list[WorkOrder], lines: dict[int, dict[str, Any]], actor: Actor) -> dict[str, Any]:
    count = len(orders) if len(orders) <= SHOWN_TODAY else rough_count(LISTS[name](actor), COUNTED)
    return {
        "title": TITLES[name],
        "empty": EMPTY[name],
        "count": count,
        "url": f"{reverse('field:orders')}?list={name}" if len(orders) > SHOWN_TODAY else "",
        "lines": [lines[order.pk] for order in orders[:SHOWN_TODAY]],
    }


def _lines(orders: Iterable[WorkOrder], actor: Actor, at: datetime) -> dict[int, dict[str, Any]]:
    rows = list(orders)
    from_rank = RANKS[LevelKind.BUILDING if _is_local(actor) else LevelKind.COMMUNITY]
    places = spoken_places((order.area for order in rows), from_rank=from_rank) if rows else {}
    tell_relations([order for order in rows if not actor.unit_ids.isdisjoint(order.assist_unit_ids)], actor)
    helped, lines = helped_parts(rows, actor), {}
    for order in rows:
        due, url = pressing_due(order, helped, at), reverse("field:one", args=[order.number])
        lines[order.pk] = telling.staff_line(order, places[order.area_id], url, due.chip if due else None)
    return lines


def _is_local(actor: Actor) -> bool:
    """Whether all the actor sees lies in a few buildings, so that these alone say where."""
    return not actor.has_role(*UNIT_ROLES, *OFFICE_ROLES)


def _keeps(actor: Actor) -> bool:
    """Whether the actor looks after a place and so may settle on the spot."""
    return actor.has_role(*FIELD_ROLES)


@for_roles(*PEOPLE)
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """One of the lists in full, by pages."""
    actor, at = actor_of(request), clock.now()
    name = request.GET.get("list", ON_ME)
    offered = lists_of(actor)
    name = name if name in offered else ON_ME
    asked = request.GET.get("only", "")
    order_by = ("settled_at",) if name in (TO_TELL, TO_VERIFY) else ("promised_at",)
    page = page_asked_for(request, only(LISTS[name](actor), asked, at), order=order_by)
    lines = _lines(page.rows, actor, at)
    url = reverse("field:orders")
    context = {
        "segments": [
            Item(label=TITLES[key], url=f"{url}?list={key}", current=key == name, count=_counted(key, actor))
            for key in offered
        ],
        "cuts": _cuts(name, asked, url) if page.has_next or page.has_previous or asked else [],
        "lines": [lines[order.pk] for order in page.rows],
        "empty": EMPTY[name],
        "page": page,
        "now": at,
    }
    return render(request, "workorders/field/orders.html", context)


def _counted(name: str, actor: Actor) -> int | str:
    return rough_count(LISTS[name](actor), COUNTED)


def _cuts(name: str, asked: str, url: str) -> list[Item]:
    """Chips that cut a list of more than one page; the chosen one leads back to the whole."""
    cuts = [(key, ONLY[key], key == asked) for key in offered_cuts(name)]
    return [
        Item(label=label, url=f"{url}?list={name}{'' if chosen else f'&only={key}'}", current=chosen)
        for key, label, chosen in cuts
    ]


@for_roles(*PEOPLE)
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One order: what, where, who, photos, steps, history, and the verbs allowed now."""
    return show_one(request, order_of_staff(actor_of(request), number))


def order_of_staff(actor: Actor, number: str) -> WorkOrder:
    """An order the actor has to do with as a worker; raises `NotThere` for any other."""
    order = find_order(actor, number)
    if order is None or not order.relations_now & STAFF:
        raise NotThere("没有找到这件事，或它不在您的范围内。请核对工单号。")
    return order


def show_one(request: HttpRequest, order: WorkOrder, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one order, also after a refused step (`refused`, `typed`) or a call (`revealed`)."""
    actor, at = actor_of(request), clock.now()
    reports = reports_of(order, actor)
    tiers = {report.pk: contact_tier(order, report, actor) for report in reports}
    own = {report.pk for report in reports if own_report(report, actor)}
    moments = timeline(order, actor)
    hidden = hidden_reporters(order, reports, own, moments)  # a name is opened for a reason, never in passing
    moved = voices_elsewhere(reports[:VOICES_SHOWN])
    speakers = speakers_of(moment.event for moment in moments)
    voiced = [moment for moment in moments if moment.event.verb == "report"]
    told = [replace(moment, attachments=[]) if moment in voiced else moment for moment in moments]
    parts = parts_of(order, moments, actor, at)
    context = {
        "order": order,
        "title": telling.title_of(order),
        "due": clock_chip(order, at),
        "clocks": clock_lines(order, at),
        "asked": asked_words(order, moments),
        "marks": telling.marks_of(order),
        "place": spoken_places([order.area])[order.area_id],
        "spot": spot_of(order),
        "steps": telling.steps_of(order, at),
        "why": why_here(order),
        "voices": [
            _voice(report, tiers[report.pk], order, actor) | _heard(moved.get(report.pk), actor, at)
            for report in reports[:VOICES_SHOWN]
        ],
        "more_voices": max(0, len(reports) - VOICES_SHOWN),
        "photos": [photo for moment in voiced for photo in telling.photos_of(moment.attachments, actor, at)],
        "entries": telling.staff_entries(told, speakers, hidden, actor, at, labels=labels_of(order.category)),
        "documents": telling.documents_of(moments, actor, at),
        "verbs": field_verbs(order, parts),
        "parts": part_contexts(parts, order, at, "field:act"),
        "meetings": meetings_of(order, moments, actor),
        "beside": items_beside(order, actor),
        "reasons": REASONS,
        "now": at,
        **more,
    }
    return render(request, "workorders/field/one.html", context, status=status)


def spot_of(order: WorkOrder) -> dict[str, Any] | None:
    """Where to go: the mark, and whether somebody set it or it is only that of the building or community."""
    position = position_of(order)
    if position is None:
        return None
    is_marked = order.longitude is not None
    words = "反映时标的位置。" if is_marked else "没有人标过位置，这是楼栋或社区的位置。"
    return {"lon": position[0], "lat": position[1], "name": order.area.name, "words": words}


def labels_of(category: Category) -> dict[str, str]:
    """The extra questions of a category by their keys."""
    return {question["key"]: question["label"] for question in category.questions}


def why_here(order: WorkOrder) -> str:
    """Why the actor sees this order, in one sentence."""
    held = order.relations_now
    lead = order.lead_unit.name if order.lead_unit else "单位"
    reasons = (
        (Relation.HOLDER in held, "指定由您办理。"),
        (Relation.LEAD in held, f"交给了您所在的{lead}。"),
        (Relation.ASSIST in held, "请您所在的单位协办。"),
        (Relation.TELLER in held and order.status == State.SETTLED, "在您负责的楼里，反映人要求上门告知。"),
        (Relation.KEEPER in held, "在您负责的范围里。"),
        (Relation.DESK in held, "由您所在的单位受理。"),
        (Relation.FORMER in held, PAST_ONLY),
    )
    return next((words for holds, words in reasons if holds), "在您单位管辖的范围里。")


def _heard(moved: Moment | None, actor: Actor, at: datetime) -> dict[str, Any]:
    """The words and photos of a voice that came from a merged order; the others stand in the history."""
    if moved is None:
        return {}
    return {
        "words": str(moved.spoken.get("words", "")),
        "photos": telling.photos_of(moved.attachments, actor, at),
    }


def _voice(report: Report, tier: Tier, order: WorkOrder, actor: Actor) -> dict[str, Any]:
    """What the reader may know of one reporter; numbers stay masked until asked for with a reason."""
    is_shown = tier is not Tier.HIDDEN
    can_open = tier is Tier.REVEAL and not own_report(report, actor)
    return {
        "id": report.pk,
        "channel": report.get_channel_display(),
        "way": report.get_answer_way_display(),
        "waits_visit": report.answer_way == AnswerWay.VISIT and report.told_at is None,
        "name": report.masked_name if is_shown else "",
        "phone": report.masked_phone if is_shown else "",
        "has_door": bool(report.door_sealed) and is_shown,
        "is_hidden": not is_shown,
        "can_call": can_open and bool(report.contact_phone_sealed),
        "can_visit": can_open and bool(report.door_sealed),
        "reveal_url": reverse("field:reveal", args=[order.number, report.pk]),
    }


@for_roles(*PEOPLE)
@require_POST
def reveal(request: HttpRequest, number: str, report_id: int) -> HttpResponse:
    """Open a phone number or a door: with a reason, logged; answers with a link to call."""
    actor = actor_of(request)
    order = order_of_staff(actor, number)
    if voice_of(order, report_id) is None:
        raise NotThere("没有找到这条反映，请刷新页面。")
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    plain = reveal_contact(report_id=report_id, what=what, reason=reason, actor=actor, at=clock.now())
    revealed = {"id": report_id, "what": what, "plain": plain}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "workorders/field/parts/revealed.html", {"revealed": revealed})
    else:
        response = show_one(request, order, revealed=revealed)
    response["Cache-Control"] = "no-store"
    return response


LABELS = {"report_back": "告知反映人", "comment": "留言"}
SENTENCES = {
    "settle": (
        "已到现场处理好了。",
        "已更换坏件，试用正常。",
        "已清理干净。",
        "已劝导，双方同意。",
        "已当面告知。",
    ),
    "settle_on_spot": ("已当场处理好了。", "已清理干净。", "已劝导，双方同意。", "已联系物业修好。"),
    "reply_part": ("我们这一部分已经办好。", "已到现场配合完成。", "材料已经提供。"),
    "send_back": ("不在我的范围里。", "需要专业单位处理。", "位置不对，没有找到。"),
    "verify": ("已到现场看过，办好了。", "已试用，正常。"),
    "refute": ("到现场看过，还没有办。", "办了一部分，还没有办完。"),
    "report_back": ("已上门告知办理结果。", "已当面说明，没有别的意见。", "家中无人，已留联系卡。"),
}
SAID = {
    **SAID_OF_TIME,
    "take_part": "已签收协办。",
    "reply_part": "协办已回复。",
    "ask_contact": "已申请，等主办单位或社区同意。",
    "take": "已签收。",
    "settle": "已办结，等待反馈。",
    "settle_on_spot": "已现场办结。",
    "send_back": "已退回，社区会重新安排。",
    "report_back": "已告知反映人。",
    "tell": "已告知反映人。",
    "comment": "留言已记下。",
    "assign": "已指定承办人。",
    "urge": "已催办。",
    "verify": "已核实。",
    "refute": "已退回重新办理。",
    "sign_supervision": "已签收督办。",
    "reply_supervision": "已回复督办。",
}
FIELD = phone_acting.Face(
    name="field",
    template="workorders/field/act.html",
    verbs=frozenset(SAID),
    labels=LABELS,
    said=SAID,
    sentences=SENTENCES,
    find=order_of_staff,
    show=show_one,
)


def field_verbs(order: WorkOrder, parts: Sequence[PartLine]) -> list[Verb]:
    """The verbs of this face that are allowed now; signing for an order is one tap, contacts are asked for once."""
    open_on_parts = {step.verb for line in parts if line.is_own for step in line.steps}
    closed = {step.verb for step in PART_LOOP} - open_on_parts
    allowed = [verb for verb in verbs_now(order) if verb.verb in FIELD.verbs and verb.verb not in closed]
    main = next((transition.verb for transition in allowed if transition.is_main), "")
    return [
        Verb(
            label=LABELS.get(transition.verb, transition.label),
            url=reverse("field:act", args=[order.number, transition.verb]),
            method="post" if transition.verb in ("take", "take_part") else "get",
            kind="main" if transition.verb == main else "danger" if transition.is_grave else "plain",
        )
        for transition in allowed
    ]


@for_roles(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb: its form, or doing it."""
    return phone_acting.act(request, FIELD, number, verb)


@for_roles(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, number: str) -> HttpResponse:
    """Told at the door: what was said, and the window for rating opens."""
    order = find_order(actor_of(request), number)
    verb = "tell" if order is not None and order.status in AWAITING_RESIDENT else "report_back"
    return phone_acting.act(request, FIELD, number, verb)
