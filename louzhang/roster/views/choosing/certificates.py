"""聘书: one place's certificate on A4, and the page its code leads to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.telling import title_of
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.qr import picture_of
from louzhang.register.models import Card
from louzhang.roster.lifecycle.choosing import Tie
from louzhang.roster.models.choosing import Outcome, Round, Vacancy
from louzhang.roster.queries.choosing.notices import office_of
from louzhang.roster.queries.choosing.rounds import find_round
from louzhang.roster.views.choosing.frame import for_offices, own_page

GONE = "没有找到这份聘书。有人拿着它上门，请先打社区电话核实。"


@require_safe
@for_offices
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All certificates of a round, one a page."""
    row = find_round(actor_of(request), uid, Tie.DESK, Tie.ABOVE)
    made = row.vacancies.filter(outcome=Outcome.FILLED).select_related(
        "area", "post__user", "post__title", "post__area"
    )
    vacancies = list(made.order_by("area__path", "pk"))
    if not vacancies:
        raise NotThere("还没有聘任，没有聘书。")
    places = spoken_places(vacancy.area for vacancy in vacancies)
    context = {
        "row": row,
        "papers": [_paper(request, vacancy, places[vacancy.area_id]) for vacancy in vacancies],
        "office": _office_name(row),
        "course": row.course(),
        "back_url": reverse("choosing:round", args=[uid]),
        "domain": request.get_host(),
    }
    response = render(request, "roster/choosing/certificates.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _office_name(row: Round) -> str:
    return office_of(row, clock.now())[0] or row.area.name


def _paper(request: HttpRequest, vacancy: Vacancy, place: str) -> dict[str, object]:
    address = request.build_absolute_uri(reverse("choosing:check", args=[vacancy.uid]))
    post = vacancy.post
    return {
        "vacancy": vacancy,
        "post": post,
        "title": title_of(post) if post is not None else "",
        "place": place,
        "number": _number(vacancy),
        "picture": picture_of(address, title="核对这份聘书"),
    }


def _number(vacancy: Vacancy) -> str:
    """聘字〔2026〕第000012号."""
    return f"聘字〔{vacancy.certificate[:4]}〕第{vacancy.certificate[4:]}号"


@require_safe
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whether a certificate holds: the holder's contact card where there is one, else the post without the name."""
    rows = Vacancy.objects.filter(uid=uid, outcome=Outcome.FILLED)
    vacancy = rows.select_related("area", "round__area__level", "round__title", "post__user", "post__title").first()
    if vacancy is None or vacancy.post is None:
        raise NotThere(GONE)
    at, post = clock.now(), vacancy.post
    day = clock.local_date(at)
    holds = post.starts_on <= day and (post.ends_on is None or post.ends_on > day)
    card = Card.objects.filter(post=post).first() if holds else None
    if card is not None:
        return redirect("cards:card", uid=card.uid)
    office, phone = office_of(vacancy.round, at)
    context = {
        "vacancy": vacancy, "post": post, "title": title_of(post), "number": _number(vacancy), "holds": holds,
        "place": spoken_places([vacancy.area])[vacancy.area_id], "office": office, "office_phone": phone,
        "back_url": reverse("phone:home"), "now": at,
    }  # fmt: skip
    return own_page(request, "roster/choosing/check.html", context)
