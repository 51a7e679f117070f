"""One's own honours: what was given, what one agrees to and takes back, where a bonus goes, letters about oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import own_residents
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.honours.bonuses import keep_account
from louzhang.roster.actions.honours.consenting import (
    consent_to_stand,
    forget_honour,
    join_wall,
    leave_wall,
    withdraw_photo,
)
from louzhang.roster.actions.honours.letters import agree_to_letter, refuse_letter, take_back_letter
from louzhang.roster.forms.honours.consenting import PhotoForm
from louzhang.roster.forms.honours.keeping import AccountForm
from louzhang.roster.lifecycle.honours import LETTER_LOOP, LetterTie, Tie
from louzhang.roster.models.honours import Bonus, Honour, Letter, PayAccount
from louzhang.roster.queries.honours.letters import find_letter, text_of
from louzhang.roster.queries.honours.lists import find_honour
from louzhang.roster.queries.honours.standing import own_honours, waiting_for_consent
from louzhang.roster.queries.honours.wall import photos_of
from louzhang.roster.views.honours.frame import photos_shown
from louzhang.roster.views.honours.photos import photo_page

for_field = for_roles(*FIELD_ROLES)
PHONE = "shell/phone.html"
WALL_TAPS: dict[str, tuple[Callable[..., Honour], str]] = {
    "join": (join_wall, "已上光荣榜，随时可以撤下。"),
    "leave": (leave_wall, "已从光荣榜撤下，照片也删除了。"),
    "no-photo": (withdraw_photo, "照片已撤下并删除。"),
    "consent": (consent_to_stand, "已同意参评。公示时名字遮盖中间的字。"),
    "forget": (forget_honour, "名字、理由和照片都已删除。"),
}
LETTER_TAPS: dict[str, tuple[Callable[..., Letter], str]] = {
    "agree": (agree_to_letter, "已同意，社区可以打印发出。"),
    "refuse": (refuse_letter, "已告诉社区您不同意，不会发出。"),
    "take_back": (take_back_letter, "已收回同意，信的内容已删除。"),
}


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one was given, what is owed, texts that wait for one's yes; also for a confirmed resident without a post."""
    actor, at = actor_of(request), clock.now()
    frame = _frame(actor)
    rows = own_honours(actor)
    photos = photos_of([row.honour for row in rows])
    context = {
        "rows": [(row, photos_shown([photos.get(row.honour.photo_uid)], actor, at)) for row in rows],
        "waiting": waiting_for_consent(actor),
        **(_of_account(actor.user_id) if actor.user_id is not None else {}),
        **frame,
    }
    return page(request, "roster/honours/mine.html", context)


def _frame(actor: Actor) -> dict[str, str]:
    """The frame of who serves, or of a resident; raises `NotThere` for whoever is neither."""
    if actor.has_role(*FIELD_ROLES):
        return {"base": "shell/field.html", "back_url": reverse("accounts:account")}
    if not own_residents(actor).exists():
        raise NotThere("这一页给任职的人和认证过的居民看。请先在“我的登记”里认证本人。")
    return {"base": PHONE, "back_url": reverse("own:home")}


def _of_account(user_id: int) -> dict[str, Any]:
    account = PayAccount.objects.filter(user_id=user_id).first()
    return {
        "letters": Letter.objects.filter(subject_id=user_id).select_related("area").order_by("-pk"),
        "bonuses": Bonus.objects.filter(user_id=user_id).select_related("honour__kind").order_by("-pk"),
        "account": account.masked if account is not None else "",
    }


@require_POST
def tap_wall(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """Agree to something or take it back: one tap."""
    actor, at = actor_of(request), clock.now()
    if what not in WALL_TAPS:
        raise NotThere("没有这一步。")
    do, said = WALL_TAPS[what]
    honour = find_honour(actor, uid, Tie.NOMINEE)
    return tapped(request, reverse("honours:mine"), lambda: do(honour_id=honour.pk, actor=actor, at=at), said)


@require_http_methods(["GET", "HEAD", "POST"])
def own_photo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One's own photo for the wall."""
    honour = find_honour(actor_of(request), uid, Tie.NOMINEE)
    base = _frame(actor_of(request))["base"]
    return photo_page(request, honour, PhotoForm, about="放在光荣榜上，随时可以撤下。位置等拍摄信息会去掉。",
                      back=reverse("honours:mine"), base=base, is_desk=False)  # fmt: skip


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def account(request: HttpRequest) -> HttpResponse:
    """Where the own bonuses go."""
    actor = actor_of(request)
    form = AccountForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        keep_account(actor=actor, at=at, **said)
        return reverse("honours:mine")

    about = "只有发奖金的社区能打开完整的账号，每次都留下记录。"
    return act(request, form, do, label="收款账户", about=about, back=reverse("honours:mine"), said="已保存。",
               base="shell/field.html", is_desk=False)  # fmt: skip


@require_safe
@for_field
def own_letter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A text about oneself, in full, with what one may say to it."""
    letter = find_letter(actor_of(request), uid)
    if LetterTie.SUBJECT not in letter.relations_now:
        return redirect("honours:letter", uid)
    addressee, text = text_of(letter)
    verbs = {step.verb for step in LETTER_LOOP.allowed(letter.status, {LetterTie.SUBJECT})}
    context = {"letter": letter, "addressee": addressee, "text": text, "verbs": verbs, "entry_id": uuid4()}
    more = {"base": "shell/field.html", "back_url": reverse("honours:mine")}
    return page(request, "roster/honours/own_letter.html", context | more)


@require_POST
@for_field
def tap_letter(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Say yes or no to a text, or take the yes back."""
    actor, at = actor_of(request), clock.now()
    if verb not in LETTER_TAPS:
        raise NotThere("没有这一步。")
    do, said = LETTER_TAPS[verb]
    letter = find_letter(actor, uid)
    back = reverse("honours:own_letter", args=[uid])
    return tapped(request, back, lambda: do(letter_id=letter.pk, actor=actor, at=at), said)
