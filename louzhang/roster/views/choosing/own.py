"""我被推荐的: the nominee's own pages: answering, what reviewers wrote, leaving."""

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
from louzhang.kit import clock
from louzhang.register.queries.cards import DUTIES
from louzhang.roster.actions.choosing import consent, decline, join_nominee, withdraw
from louzhang.roster.forms.choosing import CodeForm, ConsentForm, LeaveForm
from louzhang.roster.lifecycle.choosing import NOMINEE_LOOP, NomineeState, Tie
from louzhang.roster.models.choosing import Nominee
from louzhang.roster.queries.choosing.rounds import (
    find_nominee,
    nominee_verbs,
    own_nominations,
    reviews_of,
    said_of,
    statements_of,
    step_marks,
)
from louzhang.roster.views.choosing.frame import blank, bound, chip_of, own_act, own_page, refuse_flood
from louzhang.shell.parts import Verb

FORMS: dict[str, tuple[type[VerbForm], Callable[..., Any], str, str]] = {
    "consent": (
        ConsentForm, consent, "您同意参加了。谢谢您愿意为邻居出力。",
        "参加以后还可以退出。考察的人会写几句看到的事，您能看到。",
    ),
    "decline": (LeaveForm, decline, "记下了，您不参加这次选任。", "不用写原因，也不影响任何事。"),
    "withdraw": (LeaveForm, withdraw, "您退出了这次选任。", "不用写原因，也不影响任何事。"),
}  # fmt: skip


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Everything one was named for."""
    rows = own_nominations(actor_of(request))
    places = spoken_places(row.vacancy.area for row in rows)
    listed = [(row, places[row.vacancy.area_id], chip_of(row.status)) for row in rows]
    context = {"rows": listed, "back_url": reverse("choosing:home"), "now": clock.now()}
    return own_page(request, "roster/choosing/own.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def open_by_code(request: HttpRequest) -> HttpResponse:
    """Open what one was named for with the code the community gave."""
    actor = actor_of(request)
    form = CodeForm(bound(request), initial=blank())
    if request.method == "POST":
        refuse_flood(request, actor)

    def do(said: dict[str, Any], at: datetime) -> str:
        try:
            found = join_nominee(code=said["code"], actor=actor, at=at)
        except NotThere as refusal:
            raise TransitionRefused(refusal.message) from None
        return reverse("choosing:nominee", args=[found.uid])

    about = "社区告诉您有人推荐您当楼长、单元长，并给了十位查询码，填在这里。"
    back = reverse("choosing:home")
    return own_act(request, form, do, label="看一下、答复", back=back, said="请看是什么职务，再决定。", about=about)


@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One nomination of one's own."""
    return _show(request, find_nominee(actor_of(request), uid, Tie.NOMINEE))


def _show(request: HttpRequest, row: Nominee, *, status: int = 200, refused: str = "") -> HttpResponse:
    context = {
        "row": row,
        "chip": chip_of(row.status),
        "place": spoken_places([row.vacancy.area])[row.vacancy.area_id],
        "duties": DUTIES.get(row.vacancy.role, ""),
        "statement": statements_of([row]).get(row.pk, ""),
        "reviews": reviews_of(row),
        "said": said_of(row),
        "marks": step_marks(row.round),
        "is_asked": row.status == NomineeState.NAMED,
        "verbs": [_verb(step.verb, step.label, row, step.is_grave, step.is_main) for step in nominee_verbs(row)],
        "refused": refused,
        "now": clock.now(),
        "back_url": reverse("choosing:own"),
    }
    return own_page(request, "roster/choosing/own_nominee.html", context, status=status)


def _verb(verb: str, label: str, row: Nominee, is_grave: bool, is_main: bool) -> Verb:  # noqa: FBT001 - marks of a step
    url = reverse("choosing:own_move", args=[row.uid, verb])
    return Verb(label=label, url=url, kind="danger" if is_grave else "main" if is_main else "plain")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Consent, decline or leave."""
    if verb not in FORMS:
        raise NotThere("没有这一步，请回到上一页。")
    actor = actor_of(request)
    row = find_nominee(actor, uid, Tie.NOMINEE)
    kind, action, said_done, about = FORMS[verb]
    try:
        refuse_unless_open(NOMINEE_LOOP, NOMINEE_LOOP[verb], row)
    except TransitionRefused as refusal:
        if request.method != "POST":
            return _show(request, row, status=409, refused=refusal.message)
    form = kind(bound(request), initial=blank())
    back = reverse("choosing:nominee", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        action(uid=uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    grave = NOMINEE_LOOP[verb].is_grave
    return own_act(
        request, form, do, label=NOMINEE_LOOP[verb].label, back=back, said=said_done, about=about, is_grave=grave
    )
