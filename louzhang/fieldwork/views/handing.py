"""替岗和交接: leaves of one's posts, who stands in, and what moved when a post ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.actions.handing import ask_leave, end_leave
from louzhang.fieldwork.forms.handing import LeaveForm
from louzhang.fieldwork.queries.handing import (
    GONE,
    find_handover,
    find_leave,
    handovers_seen,
    leaves_seen,
    lendable_posts,
)
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """The posts one may lend, leaves, handovers."""
    actor, at = actor_of(request), clock.now()
    today = clock.local_date(at)
    posts, leaves, over = lendable_posts(actor, at), leaves_seen(actor, today), handovers_seen(actor)
    places = spoken_places([row.area for row in posts if row.area] + [row.post.area for row in leaves if row.post.area])
    context = {
        "own": [(row, places[row.area_id or 0]) for row in posts if row.user_id == actor.user_id],
        "others": [(row, places[row.area_id or 0]) for row in posts if row.user_id != actor.user_id],
        "leaves": [(row, places[row.post.area_id or 0], _may_end(row.post, actor)) for row in leaves],
        "handovers": [(row, len(row.moved)) for row in over],
        "today": today,
        "user_id": actor.user_id,
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/handing/list.html", context)


def _may_end(post: Post, actor: Actor) -> bool:
    """The holder and the office; who stands in does not send the holder back."""
    return post.user_id == actor.user_id or not actor.has_role(*FIELD_ROLES)


def _place(post: Post) -> str:
    return spoken_places([post.area])[post.area.pk] if post.area is not None else ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def leave(request: HttpRequest, post_id: int) -> HttpResponse:
    """From when to when, and who stands in."""
    actor, at = actor_of(request), clock.now()
    post = next((row for row in lendable_posts(actor, at) if row.pk == post_id), None)
    if post is None:
        raise NotThere(GONE)
    form = LeaveForm(bound(request), post=post, at=at, initial={"entry_id": uuid4(), "starts_on": clock.local_date(at)})
    back = reverse("handing:list")

    def do(said: dict[str, Any], moment: Any) -> str:
        ask_leave(post_id=post.pk, actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    about = f"{_place(post)} {post.title or post.get_role_display()} {post.user.name}"
    said = "定好了。到那天起，该办的都会到替岗人的清单上。"
    return act(request, form, do, label="请人替岗", about=f"{about}。不用写为什么。", back=back, said=said)


@require_POST
@for_keepers
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Back again: the stand-in's access ends at once."""
    actor = actor_of(request)
    find_leave(actor, uid)
    back = reverse("handing:list")
    return tapped(request, back, lambda: end_leave(uid=uid, actor=actor, at=clock.now()), "替岗结束了，权限已收回。")


@require_safe
@for_keepers
def handover(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What moved, and to whom."""
    row = find_handover(actor_of(request), uid)
    groups: dict[str, list[dict[str, str]]] = {}
    for each in row.moved:
        groups.setdefault(each["kind"], []).append(each)
    context = {
        "row": row,
        "place": spoken_places([row.area])[row.area_id],
        "groups": list(groups.items()),
        "back_url": reverse("handing:list"),
    }
    return page(request, "fieldwork/handing/one.html", context)
