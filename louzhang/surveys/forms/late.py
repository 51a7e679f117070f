"""A late answer in words, for the office that settles it."""

from __future__ import annotations

import json

from louzhang.surveys.answers import Given, Wrong, read_answers
from louzhang.surveys.forms.sheet import spoken_answers
from louzhang.surveys.models import LateAnswer, Outcome
from louzhang.surveys.queries.finding import asked_of


def spoken_late(late: LateAnswer) -> list[tuple[str, str]]:
    """What it says, in words; the words of people stay sealed."""
    said = json.loads(late.open_field("said"))
    if said["outcome"] != Outcome.ANSWERED:
        return [("结果", str(Outcome(said["outcome"]).label))]
    asked = asked_of(late.target.survey, late.target.area.path)
    try:
        given = read_answers(asked, said["fields"])
    except Wrong:
        given = Given()
    return spoken_answers(asked, given)
