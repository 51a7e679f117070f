"""我的任职: one page for whoever serves: the term, what is asked, what is due, what was counted, what was given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.models import Post, PostKind
from louzhang.areas.queries.people_lists import standing_posts_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.ballots.queries.entering import open_votes
from louzhang.ballots.queries.polls import count_to_confirm
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.views.frame import page
from louzhang.roster.lifecycle.appraisal import ReviewState
from louzhang.roster.queries.appraisal import months_of
from louzhang.roster.queries.appraisal.behind import WORDS_FROM, comments_for
from louzhang.roster.queries.appraisal.desk import sheets_to_fill
from louzhang.roster.queries.appraisal.figures import find_standing
from louzhang.roster.queries.appraisal.rulings import own_objections, own_reviews
from louzhang.roster.queries.choosing.home import count_reviews
from louzhang.roster.queries.duties import own_duties
from louzhang.roster.queries.honours.standing import honours_of
from louzhang.roster.queries.posted.reading import own_postings
from louzhang.roster.queries.training.dues import due_for
from louzhang.roster.queries.training.lessons import done_by
from louzhang.shell.parts import Item

HONOURS, LESSONS, OBJECTIONS, COMMENTS = 3, 3, 3, 5


@require_safe
@for_roles(*FIELD_ROLES, *OFFICE_ROLES)
def mine(request: HttpRequest) -> HttpResponse:
    """What the person alone reads here; each line opens the page it comes from."""
    actor, at = actor_of(request), clock.now()
    user: Any = visit_of(request).user
    today = clock.local_date(at)
    posts = standing_posts_of(user, at)
    months = months_of(user)
    comments = comments_for(find_standing(actor, months[0].uid)) if months else []
    context = {
        "posts": _spoken(posts),
        "groups": own_duties(actor),
        "postings": [each for each in own_postings(actor) if each.ended_at is None],
        "dues": [(due, due.is_late(today)) for due in due_for(user, at)],
        "done": done_by(user)[:LESSONS],
        "latest": months[0] if months else None,
        "earlier": len(months) - 1,
        "comments": comments[:COMMENTS],
        "more_comments": len(comments) - COMMENTS,
        "comments_from": WORDS_FROM,
        "objections": own_objections(actor)[:OBJECTIONS],
        "honours": honours_of(user)[:HONOURS],
        "asked": _asked(actor),
        "may_lend": any(post.role in FIELD_ROLES for post in posts),
        "today": today,
        "back_url": reverse("field:today") if actor.has_role(*FIELD_ROLES) else reverse("accounts:account"),
    }
    return page(request, "roster/me.html", context)


def _asked(actor: Actor) -> list[Item]:
    """What others ask of one: scores, a sentence about somebody who stands, a vote, two hands for the count.

    A vote stands here as long as it is open, cast or not: nothing on any page tells which.
    """
    sheets, reviews = len(sheets_to_fill(actor)), count_reviews(actor)
    votes = Item(
        label="投票", url=reverse("ballots:mine"), note="您家在名册上，结束以前都可以改", count=len(open_votes(actor))
    )
    counts = Item(
        label="计票", url=reverse("ballots:list"), note="投票结束了，等您确认可以计票", count=count_to_confirm(actor)
    )
    reviews_of_me = [each for each in own_reviews(actor) if each.status == ReviewState.OPEN]
    heard = [
        Item(
            label="社区在复核您的工作", url=reverse("appraisal:review", args=[each.uid]), note="先听您说，再决定",
            count=1,
        )
        for each in reviews_of_me
    ]  # fmt: skip
    scores = Item(label="请您打分", url=reverse("appraisal:sheets"), note="一人一表，各打各的", count=sheets)
    words = Item(
        label="考察意见", url=reverse("choosing:reviews"), note="人选的德行、能力、实干，各写一句", count=reviews
    )
    return [item for item in (*heard, scores, words, votes, counts) if item.count]


def _spoken(posts: list[Post]) -> list[dict[str, Any]]:
    """The posts with their kind and who stands in, as people say it; several places of one post read as one."""
    places = spoken_places(post.area for post in posts if post.area is not None)
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for post in posts:
        name = post.title.name if post.title else post.get_role_display()
        stand_in = _name(post.stand_in)
        key = (name, post.kind, post.starts_on, post.ends_on, stand_in)
        kind = PostKind(post.kind).label
        shown = found.setdefault(key, {"post": post, "name": name, "places": [], "kind": kind, "stand_in": stand_in})
        shown["places"].append(places.get(post.area_id or 0, "") or (post.unit.name if post.unit else ""))
    return list(found.values())


def _name(person: User | None) -> str:
    return person.name if person is not None else ""
