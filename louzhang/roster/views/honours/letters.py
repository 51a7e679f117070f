"""表扬信和推荐 at the desk: write, see whether the person agreed, print."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area, Post
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound
from louzhang.roster.actions.honours.letters import rewrite_letter, write_letter
from louzhang.roster.forms.honours.keeping import LetterForm
from louzhang.roster.lifecycle.honours import LETTER_LOOP, LetterState, LetterTie
from louzhang.roster.models.honours import Letter
from louzhang.roster.queries.honours.letters import find_letter, text_of
from louzhang.roster.queries.honours.lists import serving
from louzhang.roster.views.honours.frame import desk, for_offices

CHIPS = {"shown": "waiting", "agreed": "ok", "refused": "closed", "taken_back": "closed"}


@require_safe
@for_offices
def listed(request: HttpRequest) -> HttpResponse:
    """The letters of the own office, the newest first."""
    rows = Letter.objects.tied(actor_of(request), LetterTie.DESK).select_related("subject", "area").order_by("-pk")
    context = {"rows": [(row, CHIPS[row.status]) for row in rows[:200]]}
    return desk(request, "roster/honours/letters.html", context)


def _own_area(actor: Actor) -> Area | None:
    seats = [seat.area_id for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
    own: Area | None = Area.objects.select_related("level").filter(pk__in=seats).order_by("-depth").first()
    return own


def _people(area: Area) -> list[tuple[User, str]]:
    posts: dict[int, Post] = {}
    for post in serving(area, clock.local_date(clock.now()), FIELD_ROLES):
        posts.setdefault(post.user_id, post)
    return [(post.user, f"{post.area} {Role(post.role).label} {post.user.name}") for post in posts.values()]


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def write(request: HttpRequest) -> HttpResponse:
    """A new text; from now on its person reads it."""
    actor = actor_of(request)
    area = _own_area(actor)
    if area is None:
        raise NotThere("您现在没有办公室的职务。")
    people = _people(area)
    form = LetterForm(bound(request), initial={"entry_id": uuid4(), "subject": request.GET.get("person", "")})
    if not people:
        raise NotThere("这里还没有任职的人，不能写信。")
    form.prepare(people)

    def do(said: dict[str, Any], at: datetime) -> str:
        subject = next(user for user, _ in people if user.pk == said.pop("subject"))
        made = write_letter(subject=subject, area=area, actor=actor, at=at,
                            entry_id=form.cleaned_data["entry_id"], **said)  # fmt: skip
        return reverse("honours:letter", args=[made.uid])

    about = "写好以后本人会先看到；本人同意，才能打印发出。推荐只是建议，由有权的组织按程序决定。"
    return act(request, form, do, label="写一封", about=about, back=reverse("honours:letters"),
               said="写好了，已请本人看。")  # fmt: skip


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One letter, or its sheet once its person has agreed."""
    letter = find_letter(actor_of(request), uid)
    if LetterTie.DESK not in letter.relations_now:
        raise NotThere("没有找到这封信，或它不在您的范围内。")
    addressee, text = text_of(letter)
    is_agreed = letter.status == LetterState.AGREED
    context = {
        "letter": letter,
        "addressee": addressee,
        "text": text,
        "chip": CHIPS[letter.status],
        "is_agreed": is_agreed,
        "may_rewrite": bool({"rewrite"} & {step.verb for step in LETTER_LOOP.allowed(letter.status, {"desk"})}),
    }
    if "print" in request.GET:
        if not is_agreed:
            raise NotThere("本人还没有同意，不能打印。")
        back = reverse("honours:letter", args=[uid])
        return desk(request, "roster/honours/letter_print.html", context | {"back_url": back})
    return desk(request, "roster/honours/letter.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def rewrite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another text for the same person."""
    actor = actor_of(request)
    letter = find_letter(actor, uid)
    addressee, text = text_of(letter)
    here = reverse("honours:letter", args=[uid])
    form = LetterForm(bound(request), initial={"entry_id": uuid4(), "addressee": addressee, "text": text})
    form.prepare([])

    def do(said: dict[str, Any], at: datetime) -> str:
        rewrite_letter(letter_id=letter.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = f"{letter.subject.name}，{letter.get_kind_display()}。改了以后要请本人再看一遍。"
    return act(request, form, do, label="改写", about=about, back=here, said="改好了，已请本人看。")
