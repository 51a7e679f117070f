"""本人登记: education, skills and membership as the person told them, deleted by one tap; papers for the secretary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.membership import (
    end_membership,
    join_by_tap,
    join_on_paper,
    keep_own_entry,
    record_entry_on_paper,
    take_back_own_entry,
)
from louzhang.roster.forms.honours.keeping import EntryPaperForm, MemberForm, MemberPaperForm, OwnEntryForm
from louzhang.roster.queries.people import EDUCATIONS, MEMBERS, SKILLS, own_entry, own_membership, people_below

FIELD = "shell/field.html"
for_field = for_roles(*FIELD_ROLES)
TAPS: dict[str, tuple[Callable[..., None], str]] = {
    "entry": (take_back_own_entry, "学历和特长已删除。"),
    "member": (end_membership, "已删除，这里不再有任何记录。"),
}


@require_safe
@for_field
def own(request: HttpRequest) -> HttpResponse:
    """What one has told, who sees it, and how it goes."""
    actor = actor_of(request)
    entry, member = own_entry(actor), own_membership(actor)
    context = {
        "entry": entry,
        "education": EDUCATIONS.get(entry.education, "") if entry else "",
        "skills": [SKILLS[code] for code in entry.skills] if entry else [],
        "other": entry.open_field("other") if entry else "",
        "member": member,
        "member_kind": MEMBERS.get(member.kind, "") if member else "",
        "branch": member.open_field("branch") if member else "",
        "base": FIELD,
        "back_url": reverse("accounts:account"),
    }
    return page(request, "roster/membership/own.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def entry(request: HttpRequest) -> HttpResponse:
    """Write down or change education and skills."""
    actor = actor_of(request)
    form = OwnEntryForm(bound(request), initial=_standing(actor) | {"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        keep_own_entry(actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("membership:own")

    about = "填不填由您。社区和上级办公室能看到，只用来安排培训和分工。"
    return act(request, form, do, label="学历和特长", about=about, back=reverse("membership:own"), said="已保存。",
               base=FIELD, is_desk=False)  # fmt: skip


def _standing(actor: Actor) -> dict[str, Any]:
    entry = own_entry(actor)
    if entry is None:
        return {}
    return {"education": entry.education, "skills": entry.skills, "other": entry.open_field("other")}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def join(request: HttpRequest) -> HttpResponse:
    """A member says so."""
    actor = actor_of(request)
    form = MemberForm(bound(request), initial={"entry_id": uuid4()})

    def do(_said: dict[str, Any], at: datetime) -> str:
        join_by_tap(told=form.told(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return reverse("membership:own")

    about = "登记就是同意：书记和上级只看到人数，看不到是谁。不进人房登记，不印在联系卡上。可以随时一键删除。"
    return act(request, form, do, label="登记党员身份", about=about, back=reverse("membership:own"), said="已登记。",
               base=FIELD, is_desk=False)  # fmt: skip


@require_POST
@for_field
def take_back(request: HttpRequest, what: str) -> HttpResponse:
    """One tap, and it is gone."""
    actor, at = actor_of(request), clock.now()
    if what not in TAPS:
        raise NotThere("没有这一步。")
    do, said = TAPS[what]
    return tapped(request, reverse("membership:own"), lambda: do(actor=actor, at=at), said)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.SECRETARY)
def paper(request: HttpRequest, what: str) -> HttpResponse:
    """The secretary writes down what a signed paper says."""
    actor = actor_of(request)
    if what not in ("entry", "member"):
        raise NotThere("没有这一步。")
    form: Any = (EntryPaperForm if what == "entry" else MemberPaperForm)(bound(request), initial={"entry_id": uuid4()})
    rows = {person.post.user_id: person for person in people_below(actor, clock.local_date(clock.now()))}
    people = {pk: person.post.user for pk, person in rows.items() if pk != actor.user_id}
    form.prepare([(user, f"{rows[pk].place} {rows[pk].title} {user.name}") for pk, user in people.items()])
    back = reverse("honours:people")

    def do(said: dict[str, Any], at: datetime) -> str:
        user, has_paper = people[said.pop("user")], said.pop("has_paper")
        more = {"user": user, "has_paper": has_paper, "actor": actor, "at": at}
        if what == "entry":
            record_entry_on_paper(entry_id=form.cleaned_data["entry_id"], **more, **said)
        else:
            join_on_paper(told=form.told(), entry_id=form.cleaned_data["entry_id"], **more)
        return back

    label = "录入学历和特长（纸质）" if what == "entry" else "录入党员身份（纸质）"
    about = "只录本人签了字的纸。录入以后只有本人能看到明细，也只有本人能删除。"
    return act(request, form, do, label=label, about=about, back=back, said="已录入。")
