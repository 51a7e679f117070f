"""待告知: the list to work off by phone, at the door or by message; the result of a call closes the matter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item
from louzhang.workorders.forms import verb_form
from louzhang.workorders.models import AnswerWay, CallResult, Report, WorkOrder
from louzhang.workorders.queries.answers import results_of, sms_text, to_tell_at_desk, waiting_voices
from louzhang.workorders.views.desk import desk_page, for_offices
from louzhang.workorders.views.orders import REASONS, reporter_of
from louzhang.workorders.views.telling import title_of

SHOWN = 15


@require_safe
@for_offices
def to_tell(request: HttpRequest) -> HttpResponse:
    """The longest waiting first, at most 15 at a time: what is done leaves the list."""
    actor = actor_of(request)
    way = request.GET.get("way", "")
    rows = to_tell_at_desk(actor, way).with_relations(actor)
    orders = list(rows[: SHOWN + 1])
    voices, results = waiting_voices(orders), results_of(orders)
    context = {
        "items": [_line(order, voices.get(order.pk, []), results, actor) for order in orders[:SHOWN]],
        "is_more": len(orders) > SHOWN,
        "ways": _ways(way),
        "reasons": REASONS,
        "results": CallResult.choices,
        "here": request.get_full_path(),
    }
    return desk_page(request, "workorders/desk/to_tell.html", context)


def _ways(chosen: str) -> list[Item]:
    url = reverse("desk:to_tell")
    offered = [("", "全部"), *((way.value, way.label) for way in AnswerWay if way != AnswerWay.HERE)]
    return [Item(label=label, url=f"{url}?way={way}" if way else url, current=way == chosen) for way, label in offered]


def _line(order: WorkOrder, voices: list[Report], results: dict[int, str], actor: Actor) -> dict[str, Any]:
    result = results.get(order.pk, "")
    return {
        "order": order,
        "title": title_of(order),
        "result": result,
        "reporters": [reporter_of(order, voice, actor, {}) for voice in voices],
        "sms": sms_text(order, result) if any(voice.answer_way == AnswerWay.SMS for voice in voices) else "",
        "form": verb_form("close"),
        "url": reverse("desk:act", args=[order.number, "close"]),
        "answer_url": reverse("desk:act", args=[order.number, "report_back"]) if order.answered_at is None else "",
    }
