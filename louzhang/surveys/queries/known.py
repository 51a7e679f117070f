"""What the register knows of a home already, so that nobody at the door asks for it again.

Only questions of which the street said so when it let the survey in (`Question.register_key`), only for who keeps the
register there, and never a number of an identity card or a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from louzhang.journal.actor import Actor
from louzhang.register.models import Household, Stay, Tie
from louzhang.surveys.models import Question, Target
from louzhang.surveys.questions import Asked, Kind

Home = tuple[Household, Sequence[Stay]]


def known_fields(target: Target, actor: Actor) -> dict[str, str]:
    """Fields of the form that the register fills; whoever asks looks whether they still hold."""
    questions = list(Question.objects.filter(survey=target.survey).exclude(register_key="").order_by("position"))
    if not questions or target.household_id is None:
        return {}
    kept = Household.objects.kept_by(actor).filter(pk=target.household_id).select_related("dwelling__kind").first()
    if kept is None:
        return {}
    people = list(Stay.objects.visible_to(actor).filter(household=kept, ends_on=None).select_related("resident"))
    given = {question.key: _given(question.asked(), question.register_key, (kept, people)) for question in questions}
    return {f"q_{key}": value for key, value in given.items() if value}


def _given(asked: Asked, code: str, home: Home) -> str:
    value = VALUES[code](home) if code in VALUES else ""
    if asked.choices:
        return next((option.code for option in asked.choices if option.words == value), "")
    return value if asked.kind in FITTING.get(code, ()) else ""


def _people(home: Home) -> str:
    return str(len(home[1])) if home[1] else ""


def _since(home: Home) -> str:
    return home[0].starts_on.isoformat()


def _head(home: Home) -> str:
    return next((stay.resident.name for stay in home[1] if stay.tie == Tie.HEAD), "")


def _kind(home: Home) -> str:
    kind = home[0].dwelling.kind
    return kind.name if kind is not None else ""


VALUES: Mapping[str, Callable[[Home], str]] = {
    "household.people": _people,
    "household.since": _since,
    "resident.name": _head,
    "dwelling.kind": _kind,
}
FITTING: Mapping[str, frozenset[Kind]] = {
    "household.people": frozenset({Kind.NUMBER, Kind.TEXT}),
    "household.since": frozenset({Kind.DATE, Kind.TEXT}),
    "resident.name": frozenset({Kind.TEXT}),
    "dwelling.kind": frozenset({Kind.TEXT}),
}
