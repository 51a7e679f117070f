"""The report form of the phone: three short steps, one question a page, nothing typed ever lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from louzhang.workorders.forms.reports import PageReportForm
from louzhang.workorders.queries.places import Place

STEPS = 3
# Which step a field belongs to; what is not named here belongs to the first.
STEP_OF_FIELD = {
    "words": 1,
    "photos": 1,
    "category": 1,
    "area": 2,
    "place_note": 2,
    "door": 2,
    "longitude": 2,
    "latitude": 2,
    "datum": 2,
    "target": 2,
    "name": 3,
    "phone": 3,
    "answer_way": 3,
    "same": 3,
}


class SteppedReportForm(PageReportForm):
    """A report whose steps are checked one by one and all together at the end.

    `same` is the public line that the reporter recognised as the own matter (我也遇到).
    """

    same = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The category follows from the words: where those are missing, they alone are asked for."""
        cleaned = super().clean()
        if "words" in self.errors and not self.data.get("category"):
            self.errors.pop("category", None)
        return cleaned

    def wrong_steps(self) -> list[int]:
        """The steps with something to mend, in order."""
        return sorted({STEP_OF_FIELD.get(name, 1) for name in self.errors})

    def keep_errors_before(self, step: int) -> None:
        """Forget what is still missing in the steps that have not been asked yet."""
        for name in list(self.errors):
            if STEP_OF_FIELD.get(name, 1) >= step:
                del self.errors[name]


def as_report(posted: QueryDict, place: Place, *, guess: str = "") -> QueryDict:
    """What the page posted as `ReportForm` reads it: the place as one area, the position by its names.

    `guess` is the category suggested by the words, for whoever chose none.
    """
    given = posted.copy()
    given["area"] = str(place.area.pk) if place.area is not None else ""
    given["longitude"], given["latitude"] = posted.get("lon", ""), posted.get("lat", "")
    if guess and not posted.get("category"):
        given["category"] = guess
    return given
