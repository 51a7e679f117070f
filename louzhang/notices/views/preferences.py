"""How one wants to be reached."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.gates import signed_in
from louzhang.accounts.homes import is_desk
from louzhang.accounts.visits import actor_of, person_of
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.notices.actions import prefer
from louzhang.notices.channels import offered
from louzhang.notices.forms import PreferenceForm
from louzhang.notices.queries import preference_of
from louzhang.shell import toasts


@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """Shown, and kept."""
    person, at = person_of(request), clock.now()
    said = PreferenceForm.said(preference_of(person, at))
    form = PreferenceForm(request.POST or None, initial=said, offered=offered())
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, 400 if request.method == "POST" else 200)
    cleaned = {"channels": [], "email": ""} | form.cleaned_data
    try:
        prefer(user=person, actor=actor_of(request), at=at, **cleaned)
    except InputRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, 400)
    response = redirect("notices:preferences")
    toasts.say(request, response, "消息设置已保存。")
    return response


def _page(request: HttpRequest, form: PreferenceForm, status: int) -> HttpResponse:
    actor = actor_of(request)
    base = "shell/desk.html" if is_desk(actor) else "shell/field.html" if actor.seats else "shell/phone.html"
    context = {"base": base, "form": form, "back_url": "/account/", "offered": offered()}
    return render(request, "notices/preferences.html", context, status=status)
