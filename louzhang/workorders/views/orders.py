"""One order at the desk: facts and photos, history with composer, who has it, who reported it, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.shell.parts import Fact
from louzhang.workorders.actions import reveal_contact
from louzhang.workorders.beside import items_beside
from louzhang.workorders.forms import verb_form
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import AnswerWay, Channel, Report, WorkOrder
from louzhang.workorders.queries import (
    Moment,
    Tier,
    contact_tier,
    hidden_reporters,
    reports_of,
    timeline,
    verbs_now,
    voice_of,
)
from louzhang.workorders.queries.addressees import holder_of
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.speakers import speakers_of
from louzhang.workorders.queries.supervisions import standing_on
from louzhang.workorders.views.clock_marks import asked_words, clock_lines
from louzhang.workorders.views.desk import desk_page, for_desk, is_swap, order_of
from louzhang.workorders.views.duplicates import VOICES_SHOWN, can_be_blurred, may_announce
from louzhang.workorders.views.rows import KEYLESS, KEYS, TIMED, verb_link, where_of
from louzhang.workorders.views.telling import (
    documents_of,
    marks_of,
    photos_of,
    staff_entries,
    steps_of,
    title_of,
)
from louzhang.workorders.views.together import together
from louzhang.workorders.views.uploads import picker

VERBS_IN_SIGHT = 4
# What corrects, defers or ends a matter: under 更多 as soon as there is more than one can take in.
RARE = frozenset(
    {"pause", "ask_pause", "recategorise", "relocate", "decline", "escalate", "shelve", "merge"}
    | {"ask_assist", "transfer", "settle_by_explanation", "call_meeting", "raise_motion"}
)
CONTACT_LABELS = {"name": "称呼", "phone": "电话", "door": "门牌号"}
REASONS = ("告知办理结果", "核实情况", "约上门时间")


@require_safe
@for_desk
def order(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one order."""
    return order_page(request, order_of(request, number))


def order_page(
    request: HttpRequest,
    order: WorkOrder,
    *,
    comment: VerbForm | None = None,
    refused: str = "",
    typed: Sequence[str] = (),
    opened: dict[int, dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now; `refused` and `typed` are what a stale page pressed and had written."""
    actor, at = actor_of(request), visit_of(request).at
    moments = timeline(order, actor)
    voices = reports_of(order, actor)
    place = spoken_places([order.area]).get(order.area_id, "")
    shown = voices if "voices" in request.GET or opened else voices[:VOICES_SHOWN]
    context = {
        "order": order,
        "title": title_of(order),
        "steps": steps_of(order, at),
        "facts": _facts(order, place, voices, at),
        "is_timed": order.status in TIMED,
        "holder": holder_of(order, at),
        "beside": items_beside(order, actor),
        "reporters": [reporter_of(order, voice, actor, (opened or {}).get(voice.pk, {})) for voice in shown],
        "voice_count": len(voices),
        "may_announce": may_announce(order),
        "may_blur": order.is_open and Relation.DESK in order.relations_now,
        "reasons": REASONS,
        "refused": refused,
        "typed": [text for text in typed if text],
        **_history(moments, voices, order, actor, at),
        "marks": marks_of(order),
        "clocks": clock_lines(order, at),
        "asked": asked_words(order, moments),
        "supervision": standing_on(order, {moment.event.seq: moment.spoken for moment in moments}, at),
        **together(order, moments, actor, at),
        **_verbs(order, voices),
        **_composer(order, comment, actor, at),
    }
    response = desk_page(request, "workorders/desk/order.html", context, status=status)
    if opened:
        response["Cache-Control"] = "no-store"
    return response


def _facts(order: WorkOrder, place: str, voices: Sequence[Report], at: Any) -> list[Fact]:
    category = order.category
    group = f"{category.parent.name} · " if category.parent else ""
    channels = "、".join(dict.fromkeys(voice.get_channel_display() for voice in voices))
    typed_by = "、".join(dict.fromkeys(voice.entered_by.name for voice in voices if voice.entered_by))
    facts = [
        ("单号", order.number),
        ("类别", f"{group}{category.name}"),
        ("地点", where_of(order, place)),
        ("来源", channels or (f"历史数据 {order.source}" if order.source else "")),
        ("登记人", typed_by),
        ("反映时间", clock.speak(order.reported_at, at)),
        ("受理的社区", order.desk_area.name),
        ("反映人数", f"{order.report_count} 人" if order.report_count > 1 else ""),
        ("退回", f"{order.return_count} 次" if order.return_count else ""),
        ("原单号", order.source_number),
    ]
    return [Fact(label=label, value=value) for label, value in facts if value]


def _history(
    moments: Sequence[Moment], voices: Sequence[Report], order: WorkOrder, actor: Actor, at: Any
) -> dict[str, Any]:
    named = {voice.pk for voice in voices if _speaks_by_name(order, voice, actor)}
    first = [moment for moment in moments if moment.event.seq == 1]
    told = [moment for moment in moments if moment.event.seq == 1 or moment.event.verb == "report"]
    speakers = speakers_of(moment.event for moment in moments)
    return {
        "entries": staff_entries(moments, speakers, hidden_reporters(order, voices, named, moments), actor, at),
        "words": str(first[0].spoken.get("words", "")) if first else "",
        "answers": _answers(first[0], order) if first else [],
        "is_erased": bool(first and first[0].is_erased),
        "photos": [photo for moment in told for photo in photos_of(moment.attachments, actor, at)],
        "documents": documents_of(moments, actor, at),
        "blurrable": [file.uid for moment in moments for file in moment.attachments if can_be_blurred(file)],
    }


def _speaks_by_name(order: WorkOrder, voice: Report, actor: Actor) -> bool:
    """A field worker's own report carries the name; a resident's opens only by a logged reveal."""
    return voice.channel == Channel.FIELD and contact_tier(order, voice, actor) is Tier.REVEAL


def _answers(moment: Moment, order: WorkOrder) -> list[Fact]:
    """The extra questions of the category with what was answered."""
    labels = {question["key"]: question["label"] for question in order.category.questions}
    given = moment.spoken.get("answers") or {}
    return [Fact(label=labels.get(key, key), value=str(value)) for key, value in given.items()]


def _may_be_called_back(voice: Report) -> bool:
    return voice.told_at is None and voice.rated_at is None and bool(voice.contact_phone_sealed)


def _verbs(order: WorkOrder, voices: Sequence[Report]) -> dict[str, Any]:
    """The verbs allowed now: the main one first and a few beside it, the others under 更多."""
    calls = any(voice.must_be_told or _may_be_called_back(voice) for voice in voices)
    hidden = frozenset() if calls else {"tell"}
    shown = (KEYS.keys() | KEYLESS) - hidden
    allowed = sorted((verb for verb in verbs_now(order) if verb.verb in shown), key=_rarity)
    links = [verb_link(order, verb) for verb in allowed]
    return {"first_verbs": links[:VERBS_IN_SIGHT], "more_verbs": links[VERBS_IN_SIGHT:]}


def _rarity(verb: Transition) -> tuple[bool, bool]:
    """The main verb comes first, what corrects, defers or ends a matter last; else the order of the table."""
    return not verb.is_main, verb.verb in RARE


def _composer(order: WorkOrder, comment: VerbForm | None, actor: Actor, at: Any) -> dict[str, Any]:
    if not any(verb.verb == "comment" for verb in verbs_now(order)):
        return {"comment": None}
    form = comment or verb_form("comment")
    return {"comment": form, **picker(actor, at, sent_photos(form))}


def sent_photos(form: VerbForm) -> list[str]:
    """The ids of the photos that came with a form, to be shown again beside a refusal."""
    return form.data.getlist("photos") if isinstance(form.data, QueryDict) else []


def reporter_of(order: WorkOrder, voice: Report, actor: Actor, opened: dict[str, Any]) -> dict[str, Any]:
    """One voice as far as the actor may know it: masked, or with a button to open it for a reason."""
    tier = contact_tier(order, voice, actor)
    sealed = {"name": voice.contact_name_sealed, "phone": voice.contact_phone_sealed, "door": voice.door_sealed}
    masked = {"name": voice.masked_name, "phone": voice.masked_phone, "door": "已留"} if tier is not Tier.HIDDEN else {}
    return {
        "report": voice,
        "url": reverse("desk:reveal", args=[order.number, voice.pk]),
        "is_hidden": tier is Tier.HIDDEN,
        "may_reveal": tier is Tier.REVEAL and any(sealed.values()),
        "way": "" if voice.answer_way == AnswerWay.HERE else voice.get_answer_way_display(),
        "lines": [
            {"what": what, "label": CONTACT_LABELS[what], "masked": masked[what], "plain": opened.get(what, "")}
            for what in CONTACT_LABELS
            if sealed[what] and masked
        ],
        "error": opened.get("error", ""),
        "reason": opened.get("reason", ""),
        "is_about_unit": Relation.LEAD in order.relations_now,
    }


@require_http_methods(["POST"])
@never_cache
@for_desk
def reveal(request: HttpRequest, number: str, report_id: int) -> HttpResponse:
    """Open one sealed contact for a reason; logged. The answer is shown once and never kept by the browser."""
    order = order_of(request, number)
    voice = voice_of(order, report_id)
    if voice is None:
        raise NotThere("没有找到这条反映，或它不在您的范围内。")
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    reason = request.POST.get("other", "").strip() or reason
    status = 200
    opened: dict[str, Any] = {"reason": reason}
    try:
        opened[what] = reveal_contact(
            report_id=report_id, what=what, reason=reason, actor=actor_of(request), at=visit_of(request).at
        )
    except InputRefused as refusal:
        opened["error"], status = refusal.message, 400
    if not is_swap(request):
        return order_page(request, order, opened={report_id: opened}, status=status)
    person = reporter_of(order, voice, actor_of(request), opened)
    context = {"reporter": person, "reasons": REASONS, "now": visit_of(request).at}
    return render(request, "workorders/desk/parts/reporter.html", context, status=status)
