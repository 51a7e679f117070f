"""进度图: a building as a picture of who has been asked, live, or as a table."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell.parts import Item
from louzhang.surveys.lifecycle import Tie
from louzhang.surveys.queries.doors import BUILDING_RANK
from louzhang.surveys.queries.finding import find_survey
from louzhang.surveys.queries.paper import stairs_at
from louzhang.surveys.queries.picture import picture_of


@never_cache
@require_safe
@for_keepers
def picture(request: HttpRequest, uid: UUID, area_id: int) -> HttpResponse:
    """One building, or one stairwell of it."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, Tie.OFFICE, Tie.HOLDER, Tie.ASKER)
    stairs = stairs_at(survey, actor, area_id)
    house = stairs[0].area
    is_table = request.GET.get("view") == "table"
    url = reverse("survey_paper:picture", args=[survey.uid, area_id])
    context = {
        "survey": survey,
        "name": spoken_places([house], from_rank=BUILDING_RANK)[house.pk].split(" ")[0],
        "picture": picture_of(stairs),
        "is_table": is_table,
        "views": [
            Item(label="立面", url=url, current=not is_table),
            Item(label="列表", url=f"{url}?view=table", current=is_table),
        ],
        "back_url": reverse("survey_paper:places", args=[survey.uid]),
    }
    return page(request, "surveys/paper/picture.html", context)
