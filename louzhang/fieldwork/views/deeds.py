"""好人好事: a list and one more; how many there were counts for the place, never for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.actions.deeds import take_back_deed, tell_deed
from louzhang.fieldwork.forms.errands import DeedForm, DeedsAsked
from louzhang.fieldwork.queries.errands import count_deeds, deed_words, deeds_seen
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.register.scope import keeping_seats
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """Those of one's places, the newest first, and how many."""
    actor, today = actor_of(request), clock.local_date(clock.now())
    narrowed = DeedsAsked(request.GET)
    asked = narrowed.cleaned_data if narrowed.is_valid() else {}
    deeds = deeds_seen(actor, asked.get("since"), asked.get("until"), asked.get("area"))
    words, places = deed_words(deeds), spoken_places(deed.area for deed in deeds)
    context = {
        "rows": [(deed, words.get(deed.pk, ""), places[deed.area_id], _name(deed)) for deed in deeds],
        "asked": asked if any(asked.values()) else None,
        "this_month": count_deeds(actor, today.replace(day=1)),
        "this_year": count_deeds(actor, today - timedelta(days=365)),
        "may_tell": bool(keeping_seats(actor)),
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/deeds.html", context)


def _name(deed: Any) -> str:
    """The name of who agreed to be named."""
    return deed.open_field("name") if deed.is_named else ""


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def tell(request: HttpRequest) -> HttpResponse:
    """One more."""
    actor = actor_of(request)
    if not keeping_seats(actor):
        raise NotYours("好人好事由楼长、网格员和社区来记。")
    form = DeedForm(bound(request), actor=actor, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: Any) -> str:
        area = Area.objects.select_related("level").get(pk=said.pop("area"))
        tell_deed(area=area, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("deeds:list")

    about = "记事不记分：只算这个地方有几件，不给人打分、排名。"
    return act(request, form, do, label="记一件好人好事", about=about, back=reverse("deeds:list"), said="记下了。")


@require_POST
@for_keepers
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It was a mistake, or the name is not to stand there."""
    actor = actor_of(request)
    back = reverse("deeds:list")
    return tapped(request, back, lambda: take_back_deed(uid=uid, actor=actor, at=clock.now()), "已收回，名字也删了。")
