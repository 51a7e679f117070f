"""An order in the values the components take: the four steps, lines of a list, the history, photos."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from louzhang.journal import links
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage, Audience
from louzhang.kit import clock
from louzhang.shell.parts import Chip, Entry, Item, Photo, Step
from louzhang.workorders.lifecycle import LOOP, STEPS, Explanation, State
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries import Moment, speaks
from louzhang.workorders.queries.histories import PUBLIC_WORDS, is_for
from louzhang.workorders.queries.speakers import RESIDENT, Speaker
from louzhang.workorders.views.clock_marks import clock_notes

# What a reporter reads instead of the words of staff.
RESIDENT_SAID: Mapping[str, str] = {
    "shelve": "这件事暂时办不了，先放一放",
    "unshelve": "这件事重新开始办",
    "verify": "已到现场看过，办好了",
    "refute": "到现场看过，还没有办好，重新办理",
    "confirm_explanation": "这件事有了说明",
}
ALL_WORDS = (
    "words",
    "address",
    "note",
    "reason",
    "advice",
    "answer",
    "demand",
    "task",
    "reply",
    "decision",
    "minutes",
    "title",
    "explanation",
    "basis",
)
REPORTED = "反映"
# What the worker writes about files is for the chain, not for readers.
UNTOLD = frozenset({"keep_attachment", "fail_attachment"})
# Events that no verb of the loop makes.
BESIDE_THE_LOOP = {
    "import_history": "从旧系统导入",
    "keep_attachment": "照片已处理好",
    "fail_attachment": "有照片无法处理",
    "erase": "按规定删除了个人信息",
}
OF_REPORTERS = frozenset({"report", "rate", "withdraw"})
KINDS = {"send_back": "back", "decline": "stop", "withdraw": "stop"}
STATE_CHIPS = {
    State.REPORTED: "waiting",
    State.ACCEPTED: "waiting",
    State.DISPATCHED: "unit",
    State.TAKEN: "unit",
    State.SETTLED: "ok",
    State.ANSWERED: "waiting",
    State.RATED: "ok",
    State.CLOSED: "closed",
    State.DECLINED: "closed",
    State.WITHDRAWN: "closed",
    State.MERGED: "closed",
}


def steps_of(order: WorkOrder, at: datetime) -> list[Step]:
    """受理 → 交办 → 办理 → 反馈, each with who and when."""
    desk, unit = order.desk_area.name, order.lead_unit.name if order.lead_unit else ""
    done = [
        (desk, order.accepted_at),
        (desk, order.dispatched_at),
        (unit or ("当场" if order.is_settled_on_spot else ""), order.settled_at),
        (desk, order.answered_at),
    ]
    stopped = order.status in (State.DECLINED, State.WITHDRAWN)
    place = _stopped_at(order) if stopped else order.step
    return [
        _step(label, number, place, who, moment, order, at, is_stopped=stopped)
        for number, (label, (who, moment)) in enumerate(zip(STEPS, done, strict=True), start=1)
    ]


def _step(
    label: str,
    number: int,
    place: int,
    who: str,
    moment: datetime | None,
    order: WorkOrder,
    at: datetime,
    *,
    is_stopped: bool,
) -> Step:
    if number < place:
        return Step(
            label=label, state="done", unit=who if moment else "", when=clock.speak(moment, at) if moment else ""
        )
    if number > place:
        return Step(label=label, state="todo")
    if is_stopped:
        when = clock.speak(order.closed_at, at) if order.closed_at else ""
        return Step(label=label, state="stopped", unit=order.resident_label, when=when)
    return Step(label=label, state="current", unit=who, when=_expected(order, at) if number == 3 else "")


def _expected(order: WorkOrder, at: datetime) -> str:
    """By when the work is to be done; what stands still says so."""
    if order.shelved_until is not None:
        return f"挂账到 {day_words(order.shelved_until)}"
    return "计时暂停" if order.paused_at else f"应在 {clock.speak(order.promised_at, at)} 前"


def _stopped_at(order: WorkOrder) -> int:
    return 1 + (order.accepted_at is not None) + (order.dispatched_at is not None)


def title_of(order: WorkOrder) -> str:
    """The first words of the report, or its category where there are only photos.

    A reporter reads the own words where others reported the same matter (`own_summary` of a list).
    """
    own = getattr(order, "own_summary", None)
    return (order.summary if own is None else str(own)) or order.category.name


def day_words(day: date) -> str:
    """A day that is named in a history or on a mark: 3月20日."""
    return f"{day.month}月{day.day}日"


def marks_of(order: WorkOrder) -> list[Chip]:
    """What stands out on an order for those who handle it now: supervised, urged, on the shelf, to be looked at."""
    if order.is_only_former:
        return []
    marks = {
        "督办": order.supervision and "supervised",
        f"催办 {order.urge_count} 次": order.urge_count and order.is_open and "plain",
        f"挂账到 {day_words(order.shelved_until)}" if order.shelved_until else "": order.shelved_until and "waiting",
        "解释说明": order.is_explained and "plain",
        "解释说明待复核": order.explanation == Explanation.ASKED and "waiting",
        "待核实": order.is_to_verify and "waiting",
    }
    return [Chip(kind=str(kind), words=words) for words, kind in marks.items() if kind]


SPOT_LENGTH = 16


def staff_line(order: WorkOrder, place: str, url: str, due: Chip | None) -> dict[str, Any]:
    """A card of a worker's list: clock, urgency, state, what, where."""
    urgent = Chip(kind="urgent", words="紧急") if order.is_urgent else None
    state = Chip(kind=STATE_CHIPS[State(order.status)], words=order.status_label)
    tone = "urgent" if order.is_urgent else due.kind if due and due.kind in ("soon", "overdue") else ""
    spot = order.place_note if len(order.place_note) <= SPOT_LENGTH else f"{order.place_note[:SPOT_LENGTH]}…"
    where = f"待定位：{spot or place}" if order.is_unplaced else f"{place} {spot}".strip()
    return {
        "url": url,
        "title": title_of(order),
        "note": f"{order.category.name} · {where}",
        "chips": [chip for chip in (urgent, due, state, *marks_of(order)) if chip],
        "tone": tone,
    }


def own_line(order: WorkOrder, place: str, url: str, at: datetime) -> dict[str, Any]:
    """A card of a resident's list: how far it is, what, where and when."""
    return {
        "url": url,
        "title": title_of(order),
        "note": f"{place} · {clock.speak(order.reported_at, at)}",
        "chips": [Chip(kind=STATE_CHIPS[State(order.status)], words=order.resident_label)],
        "tone": "",
    }


def resident_entries(
    moments: Sequence[Moment], speakers: Mapping[int, Speaker], own: Sequence[Report], actor: Actor, at: datetime
) -> list[Entry]:
    """What the reporter may read, newest first, in plain words; other voices' own words stay theirs."""
    told = [moment for moment in moments if _is_for_reporter(moment, own, actor)]
    return [_resident_entry(moment, speakers, own, actor, at) for moment in reversed(told)]


def _is_for_reporter(moment: Moment, own: Sequence[Report], actor: Actor) -> bool:
    event = moment.event
    if event.audience == Audience.PUBLIC:
        return is_for(event, own)
    return event.verb == "comment" and actor.user_id is not None and event.user_id == actor.user_id


def _resident_entry(
    moment: Moment, speakers: Mapping[int, Speaker], own: Sequence[Report], actor: Actor, at: datetime
) -> Entry:
    event = moment.event
    spoken = _spoken(moment, PUBLIC_WORDS.get(event.verb, ()))
    who = speakers[event.seq]
    mine = event.verb in OF_REPORTERS or who == RESIDENT or (actor.user_id and event.user_id == actor.user_id)
    is_readable = speaks(event, own)
    return Entry(
        what=_said(moment, RESIDENT_SAID.get(event.verb, "")),
        at=event.happened_at,
        who=("您" if is_readable else "另一位反映人") if mine else who.place,
        words=(ERASED if moment.is_erased else "\n\n".join(spoken)) if is_readable else "",
        photos=photos_of(moment.attachments, actor, at) if is_readable else [],
        kind=KINDS.get(event.verb, ""),
    )


ERASED = "这段文字已按规定删除。"


def staff_entries(
    moments: Sequence[Moment],
    speakers: Mapping[int, Speaker],
    hidden_users: Collection[int],
    actor: Actor,
    at: datetime,
    *,
    labels: Mapping[str, str] | None = None,
) -> list[Entry]:
    """The history for those who handle, newest first; `hidden_users` are reporters whose names they may not read.

    With the `labels` of the extra questions their answers stand beside the words.
    """
    return [
        _staff_entry(moment, speakers, hidden_users, actor, at, labels or {})
        for moment in reversed(moments)
        if moment.event.verb not in UNTOLD
    ]


def _staff_entry(
    moment: Moment,
    speakers: Mapping[int, Speaker],
    hidden_users: Collection[int],
    actor: Actor,
    at: datetime,
    labels: Mapping[str, str],
) -> Entry:
    event = moment.event
    who = RESIDENT if event.user_id in hidden_users else speakers[event.seq]
    spoken = _spoken(moment, ALL_WORDS)
    answers = moment.spoken.get("answers") or {}
    return Entry(
        what=_said(moment),
        at=event.happened_at,
        who=who.full,
        words=ERASED if moment.is_erased else "\n\n".join(spoken),
        photos=photos_of(moment.attachments, actor, at),
        kind=KINDS.get(event.verb, ""),
        note="；".join(
            [
                *(f"{labels[key]}：{answer}" for key, answer in answers.items() if key in labels),
                *_proposal_told(event.payload.get("proposal")),
                *clock_notes(event.payload, at),
                *([f"权责清单：{event.payload['clause_name']}"] if "clause_name" in event.payload else []),
            ]
        ),
    )


PROPOSED_BY = {"clause": "权责清单", "precedent": "先例", "office": "属地"}


def _proposal_told(proposal: Mapping[str, Any] | None) -> list[str]:
    """Whether a dispatch followed what had been proposed, and on what that rested."""
    if not proposal:
        return []
    basis = f"第 {proposal.get('number')} 条派单规则" if "rule" in proposal else PROPOSED_BY[proposal["basis"]]
    return [f"按{basis}的建议" if proposal.get("followed") else f"没有按{basis}的建议"]


SPOKEN_AS = {"basis": "依据：{}"}
# The day that belongs to a step, and how it is said.
DAYS = {"supervise": ("due_date", "，{} 前回复"), "shelve": ("review_date", "，{} 复查")}


def _spoken(moment: Moment, names: Iterable[str]) -> list[str]:
    return [SPOKEN_AS.get(name, "{}").format(moment.spoken[name]) for name in names if moment.spoken.get(name)]


def _said(moment: Moment, said: str = "") -> str:
    verb, payload = moment.event.verb, moment.event.payload
    if verb == "report":
        return REPORTED
    said = said or (LOOP[verb].said if verb in LOOP else BESIDE_THE_LOOP.get(verb, "有更新"))
    if verb in DAYS:
        name, words = DAYS[verb]
        return said + words.format(day_words(date.fromisoformat(payload[name])))
    if verb in MERGING:
        return _said_of_merging(said, payload)
    said = f"{said}：{payload['unit_name']}" if payload.get("unit_name") else said
    if payload.get("clause_said"):
        said += f"，依据{payload['clause_said']}"
    return f"{said}，协办：{payload['part_units']}" if payload.get("part_units") else said


MERGING = frozenset({"merge", "gather", "unmerge", "split_off"})
NUMBERS_SHOWN = 3


def _said_of_merging(said: str, payload: Mapping[str, Any]) -> str:
    """Which orders went together or apart; of many the first few."""
    numbers = payload.get("numbers") or [payload.get("number", "")]
    more = f" 等 {len(numbers)} 件" if len(numbers) > NUMBERS_SHOWN else ""
    return f"{said}：{'、'.join(numbers[:NUMBERS_SHOWN])}{more}"


def photos_of(attachments: Iterable[Attachment], actor: Actor, at: datetime) -> list[Photo]:
    """Photos with links that are good for this actor and hour; what failed or was erased is left out."""
    shown = (AttachmentStage.RECEIVED, AttachmentStage.READY)
    photos = [file for file in attachments if file.kind == AttachmentKind.PHOTO and file.stage in shown]
    return [_photo(file, actor, at) for file in photos]


def _photo(file: Attachment, actor: Actor, at: datetime) -> Photo:
    if file.stage != AttachmentStage.READY:
        return Photo(url="", state="waiting")
    thumbnail = links.signed_link(file, actor, size="thumb", at=at)
    return Photo(url=links.signed_link(file, actor, at=at), thumbnail=thumbnail)


def documents_of(moments: Iterable[Moment], actor: Actor, at: datetime) -> list[Item]:
    """The documents among these moments, as downloads."""
    files = [file for moment in moments for file in moment.attachments if file.kind != AttachmentKind.PHOTO]
    ready = [file for file in files if file.stage == AttachmentStage.READY]
    return [
        Item(
            label=f"附件 {number}",
            note=AttachmentKind(file.kind).label,
            icon="file-text",
            url=links.signed_link(file, actor, at=at),
        )
        for number, file in enumerate(ready, start=1)
    ]
