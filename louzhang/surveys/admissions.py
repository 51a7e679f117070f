"""What the streets decided about a survey from above, and what it costs: told to the field's admissions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from louzhang.areas.models import Area
from louzhang.fieldwork.asking import DROPPED, PREFILLED, Counted, Days, Kind, Places, add_kind
from louzhang.fieldwork.lifecycle.admissions import AdmissionState
from louzhang.fieldwork.models import Admission
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.surveys.actions.running import admit_survey, decline_survey
from louzhang.surveys.actions.sending import KIND
from louzhang.surveys.choosing import choice_of
from louzhang.surveys.lifecycle import SurveyState
from louzhang.surveys.models import BY_HAND, Answer, EntryTally, Ground, Question, Survey
from louzhang.surveys.queries.choosing import chosen_doors, chosen_households
from louzhang.surveys.queries.pace import ASSUMED_SECONDS
from louzhang.surveys.questions import problems_of

TIED = "“{text}”决定后面的题目问不问，不能单独不问。请把后面的题目一起不问，或照问。"


def homes_of(source_uid: UUID, paths: Places, day: date) -> Mapping[int, int]:
    """The households, and doors without any, that it asks below these paths, by the place of their door."""
    survey = Survey.objects.get(uid=source_uid)
    areas = list(Area.objects.get_queryset().filter(path__in=list(paths)).values_list("pk", flat=True))
    choice = choice_of(survey.household_filter)
    homes = chosen_households(areas, choice, day).order_by().values_list("dwelling__area_id")
    doors = chosen_doors(areas, choice).order_by().values_list("area_id")
    found = dict(homes.annotate(count=Count("pk")))
    for area_id, count in doors.annotate(count=Count("pk")):
        found[area_id] = found.get(area_id, 0) + count
    return found


def decided(admissions: Sequence[Admission], at: datetime) -> None:
    """Once every street has answered: it may begin where it was let in, without what is not asked; else it is a draft.

    Raises `InputRefused` where a question that is not asked decides about others.
    """
    survey = Survey.objects.get(uid=admissions[0].source_uid)
    if survey.status != SurveyState.WAITING:
        return  # an emergency one begins by its decision
    last = max(row.asked_at for row in admissions)
    rows = [row for row in admissions if row.asked_at == last]
    let_in = [row for row in rows if row.is_let_in]
    _refuse_tied(survey, let_in)
    if any(row.status == AdmissionState.ASKED for row in rows):
        return
    if not let_in:
        decline_survey(survey_id=survey.pk, reason=_reasons(rows), actor=SYSTEM, at=at)
        return
    _narrow(survey, let_in)
    _take_over(survey, let_in)
    admit_survey(survey_id=survey.pk, admission_uid=let_in[0].uid, actor=SYSTEM, at=at)


def _said(let_in: Sequence[Admission], answer: str) -> dict[str, str]:
    """What any of the streets said so of: key and the entry of the register."""
    known = {question["key"]: question["known"] for row in let_in for question in row.questions}
    return {key: known[key] for row in let_in for key, said in row.answers.items() if said == answer}


def _refuse_tied(survey: Survey, let_in: Sequence[Admission]) -> None:
    """A question that a street does not let pass may not be one on which others depend that it lets pass."""
    asked = {row.key: row.asked() for row in survey.questions.order_by("position")}
    for dropped in {frozenset(_said([row], DROPPED)) for row in let_in}:
        left = [question for key, question in asked.items() if key not in dropped]
        for key in problems_of(left):
            only = asked[key].only
            text = asked[only.key].text if only is not None and only.key in asked else asked[key].text
            raise InputRefused(TIED.format(text=text), field="answers")


def _take_over(survey: Survey, let_in: Sequence[Admission]) -> None:
    """Questions that no street lets pass go, others are left out where one does not; what the register answers names
    its entry.
    """
    dropped = {key: [row.street_id for row in let_in if row.answers.get(key) == DROPPED] for key in _asked_in(let_in)}
    survey.questions.filter(key__in=[key for key, said in dropped.items() if len(said) == len(let_in)]).delete()
    prefilled = _said(let_in, PREFILLED)
    rows = list(survey.questions.all())
    for row in rows:
        row.left_out = dropped.get(row.key, [])
        row.register_key = prefilled.get(row.key, row.register_key)
    Question.objects.bulk_update(rows, ["register_key", "left_out"])


def _asked_in(let_in: Sequence[Admission]) -> set[str]:
    return {question["key"] for row in let_in for question in row.questions}


def _narrow(survey: Survey, let_in: Sequence[Admission]) -> None:
    """Only places in streets that let it in are asked."""
    streets = [row.street for row in let_in]
    grounds = [ground.area for ground in survey.grounds.select_related("area")]
    kept = {area.pk for area in grounds if any(area.path.startswith(street.path) for street in streets)}
    kept |= {street.pk for street in streets if any(street.path.startswith(area.path) for area in grounds)}
    if kept != {area.pk for area in grounds}:
        survey.grounds.all().delete()
        Ground.objects.bulk_create([Ground(survey=survey, area_id=area_id) for area_id in sorted(kept)])


def _reasons(rows: Sequence[Admission]) -> str:
    """What the streets said, each with its name."""
    said = Words.objects.filter(subject_kind=Admission.subject_kind, subject_id__in=[row.pk for row in rows])
    words = {row.subject_id: str(row.spoken.get("reason", "")) for row in said.order_by("seq")}
    return "；".join(f"{row.street.name}：{words.get(row.pk, '')}" for row in rows)


def entries(surveys: Mapping[UUID, Days], path: str, since: date, until: date) -> Counted:
    """Answers that staff and volunteers wrote down below a path, those that have been purged counted in."""
    rows = Answer.objects.filter(
        target__survey__uid__in=list(surveys), target__area__path__gte=path, target__area__path__lt=path + "~",
        voice__in=BY_HAND, received_at__gte=clock.day_start(since), received_at__lt=clock.day_start(until),
    )  # fmt: skip
    kept = EntryTally.objects.filter(
        survey__uid__in=list(surveys), area__path__gte=path, area__path__lt=path + "~",
        received_on__gte=since, received_on__lt=until,
    )  # fmt: skip
    return _counted(rows, kept)


def own_entries(user_id: int, since: date, until: date) -> Counted:
    """What one person wrote down."""
    rows = Answer.objects.filter(
        user_id=user_id, voice__in=BY_HAND, happened_at__gte=clock.day_start(since),
        happened_at__lt=clock.day_start(until),
    )  # fmt: skip
    return _counted(rows, EntryTally.objects.filter(user_id=user_id, happened_on__gte=since, happened_on__lt=until))


def _counted(rows: QuerySet[Answer], kept: QuerySet[EntryTally]) -> Counted:
    """Answers by survey: those that are there, and the counts of those that are not (two queries)."""
    found = dict(rows.order_by().values_list("target__survey__uid").annotate(count=Count("pk")))
    for uid, count in kept.order_by().values_list("survey__uid").annotate(sum=Sum("count")):
        found[uid] = found.get(uid, 0) + count
    return found


def named(source_uids: Collection[UUID]) -> Mapping[UUID, tuple[str, int]]:
    """Titles, and how long a household took where that was measured."""
    rows = Survey.objects.filter(uid__in=source_uids).values_list("uid", "title", "pace_seconds")
    return {uid: (title, pace or ASSUMED_SECONDS) for uid, title, pace in rows}


def url_of(source_uid: UUID, actor: Actor) -> str:
    """Its page at the desk."""
    return reverse("surveys_desk:survey", args=[source_uid])


def add_survey_kind() -> None:
    """Register surveys as campaigns that end where they live."""
    kind = Kind(KIND, "排查问卷", homes_of, decided, entries, own_entries, named, url_of, ends_at_source=True)
    add_kind(kind)
