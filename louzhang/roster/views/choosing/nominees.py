"""人选 at the desk and for reviewers: one nominee, what reviewers wrote, what the office records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit.codes import shown_tracking_code
from louzhang.kit.qr import picture_of
from louzhang.kit.typed import uid_of
from louzhang.roster.actions.choosing import (
    consent,
    decline,
    fail_nominee,
    link_nominee,
    pass_nominee,
    reach_nominee,
    review_nominee,
    take_out,
    withdraw,
)
from louzhang.roster.actions.choosing.namesakes import BEFORE_THE_POLL
from louzhang.roster.forms.choosing import LinkForm, PhoneForm, ReasonForm, ReviewForm, WordsForm, WrittenConsentForm
from louzhang.roster.lifecycle.choosing import NOMINEE_LOOP, NomineeState, RoundState, Tie
from louzhang.roster.models.choosing import Nominee
from louzhang.roster.queries.choosing.known import people_like, told_apart
from louzhang.roster.queries.choosing.rounds import (
    find_nominee,
    nominee_verbs,
    reviews_of,
    said_of,
    statements_of,
)
from louzhang.roster.views.choosing.frame import act, blank, bound, chip_of, for_offices, for_reviewers, page
from louzhang.shell.parts import Verb

RECORDED = {"consent": "记书面同意", "decline": "记本人不参加", "withdraw": "记本人退出"}


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One nominee at the desk."""
    return _show(request, find_nominee(actor_of(request), uid, Tie.DESK))


def _show(request: HttpRequest, row: Nominee, *, status: int = 200, refused: str = "") -> HttpResponse:
    asks = row.status == NomineeState.NAMED and row.round.is_open
    code = row.open_field("code") if asks and row.code_sealed else ""
    open_url = request.build_absolute_uri(reverse("choosing:open"))
    reviews = reviews_of(row)
    has_written = any(review.reviewer_id == actor_of(request).user_id for review, _ in reviews)
    context = {
        "row": row,
        "chip": chip_of(row.status),
        "place": spoken_places([row.vacancy.area])[row.vacancy.area_id],
        "statement": statements_of([row]).get(row.pk, ""),
        "reviews": reviews,
        "needed": row.round.reviewers_needed,
        "is_reviewing": row.round.status == RoundState.REVIEWING,
        "said": said_of(row),
        "code": shown_tracking_code(code) if code else "",
        "picture": picture_of(open_url, title="答复页面的地址") if code else "",
        "has_account": row.user_id is not None,
        "verbs": [
            _verb(step.verb, step.label, row, step.is_grave, step.is_main)
            for step in nominee_verbs(row, reviewed=has_written)
        ],
        "may_reach": row.round.is_open,
        "may_link": row.round.status in BEFORE_THE_POLL,
        "known_as": told_apart([row], actor_of(request))[row.pk],
        "refused": refused,
        "back_url": reverse("choosing:round", args=[row.round.uid]),
    }
    return page(request, "roster/choosing/nominee.html", context, status=status)


def _verb(verb: str, label: str, row: Nominee, is_grave: bool, is_main: bool) -> Verb:  # noqa: FBT001 - marks of a step
    url = reverse(
        "choosing:review" if verb == "review" else "choosing:desk_move",
        args=[row.uid, verb][: 1 if verb == "review" else 2],
    )
    return Verb(label=RECORDED.get(verb, label), url=url, kind="danger" if is_grave else "main" if is_main else "plain")


FORMS: dict[str, tuple[type[VerbForm], Callable[..., Any], str]] = {
    "consent": (WrittenConsentForm, consent, "本人签的同意书由社区保管。"),
    "decline": (WordsForm, decline, "写一句本人是怎么说的。"),
    "withdraw": (WordsForm, withdraw, "写一句本人是怎么说的。"),
    "pass": (WordsForm, pass_nominee, "写一句结论，本人看得到。"),
    "fail": (WordsForm, fail_nominee, "写一句为什么，本人看得到。"),
    "take_out": (ReasonForm, take_out, "取消以后，这个位置要换人选重新公示，或移出这次选任。"),
    "reach": (PhoneForm, reach_nominee, "没有账号的人选，聘任前要有手机号，聘任时用它开通账号。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which row of the register a nominee is, chosen among those of the name by door and year of birth."""
    actor = actor_of(request)
    row = find_nominee(actor, uid, Tie.DESK)
    people = [(str(each.resident.uid), each.words) for each in people_like(row, actor)]
    chosen = str(row.resident.uid) if row.resident is not None else ""
    form = LinkForm(bound(request), people=people, initial={**blank(), "resident": chosen})
    back = reverse("choosing:desk_nominee", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        link_nominee(uid=uid, resident_uid=uid_of(said["resident"]), actor=actor, at=at)
        return back

    about = (
        f"登记里和{row.label}同名、住在本社区的有 {len(people)} 位。对上了，投票时系统就知道候选人是谁、家在哪里："
        "本人不经手选票，那一户只投自己的一票。门牌和出生年只有社区看。"
    )
    return act(request, form, do, label="对一下登记", back=back, said="记下了。", about=about)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One step of a nominee, recorded by the office."""
    if verb not in FORMS:
        raise NotThere("没有这一步，请回到人选的页面。")
    actor = actor_of(request)
    row = find_nominee(actor, uid, Tie.DESK)
    kind, action, about = FORMS[verb]
    if verb != "reach" and request.method != "POST":
        try:
            refuse_unless_open(NOMINEE_LOOP, NOMINEE_LOOP[verb], row)
        except TransitionRefused as refusal:
            return _show(request, row, status=409, refused=refusal.message)
    form = kind(bound(request), initial=blank())
    back = reverse("choosing:desk_nominee", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        more = {} if verb == "reach" else {"entry_id": form.cleaned_data["entry_id"]}
        action(uid=uid, actor=actor, at=at, **more, **said)
        return back

    label = "补手机号" if verb == "reach" else RECORDED.get(verb, NOMINEE_LOOP[verb].label)
    is_grave = verb in NOMINEE_LOOP and NOMINEE_LOOP[verb].is_grave
    return act(request, form, do, label=label, back=back, said="记下了。", about=about, is_grave=is_grave)


@require_safe
@for_reviewers
def reviews(request: HttpRequest) -> HttpResponse:
    """Whom one is asked to write about, what one has written."""
    actor = actor_of(request)
    rows = Nominee.objects.tied(actor, Tie.REVIEWER, Tie.DESK).filter(
        status=NomineeState.STANDING.value, round__status=RoundState.REVIEWING.value
    )
    waiting = rows.exclude(reviews__reviewer_id=actor.user_id)
    found = list(waiting.select_related("round__title", "vacancy__area", "user").order_by("pk")[:200])
    places = spoken_places(row.vacancy.area for row in found)
    context = {"rows": [(row, places[row.vacancy.area_id]) for row in found]}
    return page(request, "roster/choosing/reviews.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_reviewers
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Six sentences about one nominee."""
    actor = actor_of(request)
    row = find_nominee(actor, uid, Tie.REVIEWER, Tie.DESK)
    form = ReviewForm(bound(request), initial=blank())
    is_desk_of = Tie.DESK in row.relations_now
    back = reverse("choosing:desk_nominee", args=[uid]) if is_desk_of else reverse("choosing:reviews")

    def do(said: dict[str, Any], at: datetime) -> str:
        review_nominee(uid=uid, words=said, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    place = spoken_places([row.vacancy.area])[row.vacancy.area_id]
    return act(
        request, form, do, label="写考察意见", back=back, said="考察意见记下了。",
        about=f"{row.label}，{place}{row.round.seat_name}。每项写一句看到的事，不打分；考察的人、社区和本人能看到。",
    )  # fmt: skip
