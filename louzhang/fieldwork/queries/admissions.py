"""Reading admissions: the list, one of them with what may be done, what was said, what the street decides about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery

from louzhang.fieldwork.asking import DROPPED, KEPT, PREFILLED, kind_of
from louzhang.fieldwork.known import label_of
from louzhang.fieldwork.lifecycle.admissions import LOOP, AdmissionState
from louzhang.fieldwork.models import Admission, Campaign
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit.lifecycle import Transition

UNKNOWN = "没有找到这项准入，或它不在您的范围内。"
SHOWN_AT_MOST = 200
ANSWERS = {KEPT: "照问", PREFILLED: "用登记里的", DROPPED: "不问"}
# A thing asked again within so many days is asked twice.
AGAIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what the register knows of it, who asked for the same before, and what the street said."""

    key: str
    text: str
    known: str
    before: tuple[str, ...]
    answer: str

    @property
    def known_label(self) -> str:
        """The entry of the register, in words."""
        return label_of(self.known) if self.known else ""

    @property
    def said(self) -> str:
        """What the street said, in words."""
        return ANSWERS[self.answer]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What the street can say."""
        return [(code, words) for code, words in ANSWERS.items() if self.known or code != PREFILLED]


def list_admissions(actor: Actor, which: str = "") -> list[Admission]:
    """What the actor may know of, what waits first, then the newest; two queries."""
    rows = Admission.objects.visible_to(actor).with_ties(actor).select_related("street", "asker")
    states = {
        "asked": [AdmissionState.ASKED],
        "admitted": [AdmissionState.ADMITTED],
        "over": [AdmissionState.DECLINED, AdmissionState.WITHDRAWN, AdmissionState.ENDED],
    }.get(which)
    if states is not None:
        rows = rows.filter(status__in=[state.value for state in states])
    found = list(rows.defer("loads").order_by("-id")[:SHOWN_AT_MOST])
    return sorted(found, key=lambda row: (row.status != AdmissionState.ASKED, -row.pk))


def find_admission(actor: Actor, uid: UUID) -> Admission:
    """One with its ties; raises `NotThere`."""
    rows = Admission.objects.visible_to(actor).with_ties(actor)
    found = rows.select_related("street__level", "asker", "author").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def verbs_now(admission: Admission) -> list[Transition]:
    """What the actor may do with it; what lives elsewhere is taken back there."""
    allowed = LOOP.allowed(admission.status, admission.relations_now)
    at_source = kind_of(admission.kind).ends_at_source
    return [each for each in allowed if not (at_source and each.verb in ("withdraw", "end"))]


def questions_of(admission: Admission, others: Sequence[Admission]) -> list[AskedQuestion]:
    """Its questions, known ones with the campaigns of the street that asked for the same within a year."""
    asked = _asked_before(admission, others) if admission.questions else {}
    found = []
    for question in admission.questions:
        known = question["known"]
        first = PREFILLED if known and admission.status == AdmissionState.ASKED else KEPT
        answer = admission.answers.get(question["key"], first)
        before = tuple(asked.get(known or question["text"], ()))
        found.append(AskedQuestion(question["key"], question["text"], known, before, answer))
    return found


def neighbours_of(admission: Admission, at: datetime) -> list[Admission]:
    """Other campaigns of its street that were let in: a year back, and all that stand now; one query."""
    since = min(admission.asked_at, at) - AGAIN
    rows = Admission.objects.filter(street_id=admission.street_id, decided_at__isnull=False, asked_at__gte=since)
    rows = rows.exclude(status=AdmissionState.DECLINED.value).exclude(source_uid=admission.source_uid)
    return list(rows.order_by("-pk"))


def _asked_before(admission: Admission, others: Sequence[Admission]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for other in others:
        if admission.asked_at - AGAIN <= other.asked_at < admission.asked_at:
            for question in other.questions:
                if other.answers.get(question["key"]) != DROPPED:
                    found[question["known"] or question["text"]].append(other.title)
    return found


def history_of(admission: Admission) -> list[tuple[str, str, datetime]]:
    """What was done with it and said about it, the oldest first: (what, words, when); one query."""
    said = {"ask": "送街道准入", "start": "按应急决定直接开始", **{each.verb: each.said for each in LOOP}}
    chain = {"subject_kind": Admission.subject_kind, "subject_id": admission.pk}
    words = Words.objects.filter(**chain, seq=OuterRef("seq")).values("spoken")[:1]
    events = Event.objects.filter(**chain).order_by("seq").annotate(spoken=Subquery(words))
    return [
        (said.get(verb, verb), str((spoken or {}).get("reason", "")), at)
        for verb, spoken, at in events.values_list("verb", "spoken", "happened_at")
    ]


def find_campaign(actor: Actor, uid: UUID) -> tuple[Campaign, list[Admission]]:
    """A campaign of this app with the admissions the actor may know of; raises `NotThere` without any."""
    found = Campaign.objects.filter(uid=uid).select_related("asker", "bulletin").first()
    rows = Admission.objects.visible_to(actor).filter(source_uid=uid).select_related("street", "asker")
    admissions = list(rows.order_by("street__path", "pk"))
    if found is None or not admissions:
        raise NotThere("没有找到这项布置，或它不在您的范围内。")
    return found, admissions
