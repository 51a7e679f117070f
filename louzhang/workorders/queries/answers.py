"""待告知: orders of a desk whose reporters still have to be called, visited or texted, with what to tell them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import F

from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import AnswerWay, Handling, Report, WorkOrder
from louzhang.workorders.queries.orders import list_orders
from louzhang.workorders.scope import WorkOrderQuerySet, relation_terms

# What came of a matter is said in one of these; the last one said holds.
RESULT_WORDS = {"settle": "note", "settle_on_spot": "note", "report_back": "answer"}
SMS_LENGTH = 200


def to_tell_at_desk(actor: Actor, way: str = "") -> WorkOrderQuerySet:
    """Orders of the actor's own desks with somebody to tell, the longest waiting first."""
    desk = relation_terms(actor).get(Relation.DESK)
    rows = list_orders(actor).select_related("desk_area__office")
    if desk is None:
        return rows.none()
    rows = rows.filter(desk).to_tell()
    if way in AnswerWay.values:
        waiting = Report.objects.filter(told_at=None, answer_way=way)
        rows = rows.filter(pk__in=waiting.values("order_id"))
    return rows.order_by(F("settled_at").asc(nulls_last=True), "id")


def waiting_voices(orders: Sequence[WorkOrder]) -> dict[int, list[Report]]:
    """The voices still to be told, by order (one query)."""
    rows = Report.objects.filter(order_id__in=[order.pk for order in orders], told_at=None)
    waiting: dict[int, list[Report]] = {}
    for voice in rows.exclude(answer_way=AnswerWay.HERE).order_by("pk"):
        waiting.setdefault(voice.order_id, []).append(voice)
    return waiting


def results_of(orders: Sequence[WorkOrder]) -> dict[int, str]:
    """What came of each order, in the words last said about it, by order (two queries)."""
    ids = [order.pk for order in orders]
    told = Event.objects.filter(
        subject_kind=WorkOrder.subject_kind, subject_id__in=ids, verb__in=RESULT_WORDS
    ).order_by("seq")
    verbs = {(subject, seq): verb for subject, seq, verb in told.values_list("subject_id", "seq", "verb")}
    return {key[0]: words for key, words in _spoken(ids, verbs).items() if words}


def _spoken(ids: Collection[int], verbs: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    seqs = {seq for _, seq in verbs}
    rows = Words.objects.filter(subject_kind=WorkOrder.subject_kind, subject_id__in=ids, seq__in=seqs)
    spoken = {(row.subject_id, row.seq): row.spoken for row in rows}
    return {key: str(spoken.get(key, {}).get(RESULT_WORDS[verb], "")) for key, verb in verbs.items()}


def sms_text(order: WorkOrder, result: str) -> str:
    """A short message to copy: whose it is, what it is about, what came of it, whom to ask. No name, no place.

    Of a guarded matter it says neither what nor how: somebody else may hold the phone.
    """
    desk = order.desk_area
    office = getattr(desk, "office", None)
    ask = f"有问题请打{office.phone}。" if office is not None and office.phone else "有问题请联系社区。"
    if order.category.handling == Handling.GUARDED:
        return f"【{desk.name}】您反映的事项（{order.number}）已有结果，{ask}"
    said = " ".join(result.split()) or "已办理，详情请联系社区。"
    room = SMS_LENGTH - len(desk.name) - len(order.category.name) - len(order.number) - len(ask) - 24
    short = said if len(said) <= room else f"{said[: room - 1]}…"
    end = "" if short.endswith(("。", "！", "？", "…")) else "。"
    return f"【{desk.name}】您反映的{order.category.name}（{order.number}）办理结果：{short}{end}{ask}"
