"""转办: what a need becomes, made here where an app knows how, else noted by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.journal.forms import VerbForm
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.courses import CourseMaker, course_makers, maker_of
from louzhang.register.forms.courses import make_once
from louzhang.register.models import Need
from louzhang.register.queries.homes import find_need
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.shell.parts import Item


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def need_course(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form of the course asked for (`?course=`), the first one without."""
    actor, at = actor_of(request), clock.now()
    need = find_need(actor, uid)
    maker = maker_of(request.GET.get("course", "")) or next(iter(course_makers()), None)
    if maker is None or need.course:
        return redirect("register:act", "need", uid, "hand_on")
    if request.method != "POST":
        return _page(request, maker, maker.form(need=need, initial={"entry_id": uuid4()}), need)
    form = maker.form(request.POST, need=need)
    try:
        reference = make_once(maker, form, need, actor=actor, at=at)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, maker, form, need, status=status_of(refusal))
    response = redirect(maker.address(reference, actor) or reverse("register:needs"))
    toasts.say(request, response, f"已{maker.label} {reference}。")
    return response


def _page(request: HttpRequest, maker: CourseMaker, form: VerbForm, need: Need, *, status: int = 200) -> HttpResponse:
    url = reverse("register:need_course", args=[need.uid])
    by_hand = Item(label="转给别处，自己记去向", url=reverse("register:act", args=["need", need.uid, "hand_on"]))
    others = [Item(label=other.label, url=f"{url}?course={other.course}") for other in course_makers()]
    context = {
        "form": form,
        "label": maker.label,
        "need": need,
        "others": [*(other for other in others if other.label != maker.label), by_hand],
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("register:needs"),
    }
    return page(request, "register/course.html", context, status=status)
