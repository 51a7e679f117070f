"""提出调换 for residents; what has come together, without names, for the offices."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries import setting
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.telling import title_of
from louzhang.kit import clock
from louzhang.roster.actions.choosing import ask_replacement, take_back_replacement
from louzhang.roster.forms.choosing import ReplaceForm
from louzhang.roster.queries.choosing.replacing import (
    HOUSEHOLDS_AT_LEAST,
    own_voices,
    posts_to_name,
    requests_seen,
    words_of_requests,
)
from louzhang.roster.views.choosing.frame import blank, bound, for_offices, own_act, own_page, page, tapped

LISTED = 100


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest) -> HttpResponse:
    """Say why the chief or unit head of one's own home should be replaced; what one has said."""
    actor, at = actor_of(request), clock.now()
    posts, voices = posts_to_name(actor, at), own_voices(actor)
    named = {voice.post_id for voice in voices if voice.request is None}
    people = [
        (post.pk, f"{post.area.name if post.area else ''} {title_of(post)} {post.user.masked_name}")
        for post in posts
        if post.pk not in named
    ]
    about = (
        f"您住的楼栋、单元的负责人不做事，可以写一句。一户算一次；有 {setting('choosing_replace_percent', at)}% 的住户"
        f"（至少 {HOUSEHOLDS_AT_LEAST} 户）提出，社区就评议，由人来决定。被提的人看不到。"
    )
    context = {
        "about": about,
        "voices": [(voice, title_of(voice.post), voice.post.area) for voice in voices],
        "is_known": bool(posts),
        "has_people": bool(people),
    }
    if not people:
        return own_page(request, "roster/choosing/replace.html", {"back_url": reverse("choosing:home"), **context})
    form = ReplaceForm(bound(request), people=people, initial=blank())

    def do(said: dict[str, Any], moment: datetime) -> str:
        ask_replacement(actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("choosing:replace")

    return own_act(
        request, form, do, label="提出调换", back=reverse("choosing:home"), said="记下了。一户算一次，您可以收回。",
        template="roster/choosing/replace.html", **context,
    )  # fmt: skip


@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one's sentence back."""
    actor, at = actor_of(request), clock.now()
    return tapped(
        request, reverse("choosing:replace"), lambda: take_back_replacement(uid=uid, actor=actor, at=at), "收回了。"
    )


@require_safe
@for_offices
def requests(request: HttpRequest) -> HttpResponse:
    """What enough households have asked for: the sentences, not whose they are."""
    rows = list(requests_seen(actor_of(request))[:LISTED])
    places = spoken_places([row.post.area for row in rows if row.post.area is not None])
    words = words_of_requests(rows)
    context = {
        "rows": [
            (row, places.get(row.post.area_id or 0, ""), title_of(row.post), words.get(row.pk, [])) for row in rows
        ],
        "now": clock.now(),
    }
    return page(request, "roster/choosing/requests.html", context)
