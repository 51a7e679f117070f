"""挂职学习: arranged at the desk, told of on the phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.views.acts import act, bound
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.postings import arrange_posting, call_off_posting, report_posting
from louzhang.roster.forms.training.lessons import CallOffForm, PostingForm, ReportForm
from louzhang.roster.models.training import StudyPosting
from louzhang.roster.queries.training.postings import (
    find_posting,
    own_postings,
    posting_verbs,
    postings_seen,
    posts_to_send,
    said_of,
)
from louzhang.roster.views.training.parts import training_tabs
from louzhang.shell.parts import Verb

for_offices = for_roles(*OFFICE_ROLES)


@require_safe
@for_offices
def desk(request: HttpRequest) -> HttpResponse:
    """Who is away to learn, who was, who could go."""
    actor, at = actor_of(request), clock.now()
    rows = postings_seen(actor)
    context = {
        "tabs": training_tabs("training:desk_postings"),
        "rows": rows,
        "posts": posts_to_send(actor, at),
        "today": clock.local_date(at),
    }
    return page(request, "roster/training/desk/postings.html", context)


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """One's own."""
    context = {"rows": own_postings(actor_of(request)), "back_url": reverse("training:mine")}
    return page(request, "roster/training/postings.html", context)


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One: where, when, who stands in, what was learnt."""
    found = find_posting(actor_of(request), uid)
    context = {
        "posting": found,
        "said": said_of(found),
        "verbs": [_verb(step, found) for step in posting_verbs(found, clock.now())],
        "back_url": reverse("training:postings"),
    }
    return page(request, "roster/training/posting.html", context)


def _verb(step: Transition, found: StudyPosting) -> Verb:
    name = "training:posting_call_off" if step.verb == "call_off" else "training:posting_report"
    kind = "main" if step.is_main else "danger" if step.is_grave else "plain"
    return Verb(label=step.label, url=reverse(name, args=[found.uid]), kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def arrange(request: HttpRequest, post_id: int) -> HttpResponse:
    """Send the holder of a post to learn elsewhere."""
    actor, at = actor_of(request), clock.now()
    post = next((row for row in posts_to_send(actor, at) if row.pk == post_id), None)
    if post is None:
        raise NotThere("没有找到这个任职，或它不在您的范围内。")
    back = reverse("training:desk_postings")
    first = {"entry_id": uuid4(), "starts_on": clock.local_date(at)}
    form = PostingForm(bound(request), initial=first).for_post(post, at)

    def do(_said: dict[str, Any], moment: datetime) -> str:
        arrange_posting(post_id=post_id, draft=form.draft(), actor=actor, at=moment,
                        entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about = (
        f"{post.area} {post.title or post.get_role_display()} {post.user.name}。走的那天起，该办的都到替岗人的清单上。"
    )
    return act(request, form, do, label="安排挂职学习", about=about, back=back, said="安排好了，替岗也定好了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was learnt."""
    actor = actor_of(request)
    found = find_posting(actor, uid)
    back = reverse("training:posting", args=[uid])
    form = ReportForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        report_posting(uid=uid, words=said["words"], actor=actor, at=moment,
                       entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="写学习小结", about=found.host, back=back, said="小结交了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def call_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """They do not go, or come back at once."""
    actor = actor_of(request)
    found = find_posting(actor, uid)
    back = reverse("training:posting", args=[uid])
    form = CallOffForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        call_off_posting(uid=uid, reason=said["reason"], actor=actor, at=moment,
                         entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="取消挂职", about=found.host, back=back, said="取消了，替岗也收回了。",
               is_grave=True)  # fmt: skip
