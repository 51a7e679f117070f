"""Doing a verb: a page of its own without JavaScript, a dialog with it; what was typed is never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Conflict, NotThere, NotYours, Refusal, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit.lifecycle import Transition
from louzhang.shell import toasts
from louzhang.workorders.forms import perform, verb_form
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import CallResult, WorkOrder
from louzhang.workorders.plain_words import REPLY_FIELDS
from louzhang.workorders.queries import find_order, reports_of
from louzhang.workorders.queries.place_lines import find_places
from louzhang.workorders.views import duplicates
from louzhang.workorders.views.clock_marks import hint_of
from louzhang.workorders.views.desk import back_to, desk_page, for_desk, is_swap, order_of
from louzhang.workorders.views.dispatching import dispatch_context, seat_choices
from louzhang.workorders.views.filtering import categories_by_group
from louzhang.workorders.views.orders import order_page, sent_photos
from louzhang.workorders.views.replying import reply_context
from louzhang.workorders.views.telling import title_of
from louzhang.workorders.views.together import joint_context, pick_from
from louzhang.workorders.views.uploads import picker, with_plain_files

DIALOG = "#act-body"
# Verbs for which a category may make a photo necessary.
PHOTO_VERBS = ("settle", "settle_on_spot")
HINTS = {
    "accept": "受理后反映人会看到“已受理，正在安排”。",
    "decline": "理由和建议会原样给反映人看。",
    "take": "签收后开始办理，反映人会看到“正在办”。",
    "settle": "写清做了什么。反映人能看到这段话和照片。",
    "ask_assist": "每个单位各有一项协办，主办单位等他们都回复了才能办结。",
    "reply_part": "主办单位和社区会看到这段回复。",
    "release_part": "免除以后不用再等这个单位回复，它看得到这里为止的经过。",
    "ask_contact": "主办单位或社区同意以后，才能看反映人的联系方式。",
    "grant_contact": "同意以后，这个单位每次查看都要写理由，并留下记录。",
    "transfer": "理由会给新单位和社区看。退回和转办合计两次以后，由上一级会商决定。",
    "arbitrate": "决定以后，承办单位不能再退回或转办。这个决定会成为一条派单规则建议。",
    "call_meeting": "请到的单位会看到这件事到现在为止的经过。",
    "record_meeting": "每一项承诺都会成为那个单位的一项协办，到期要回复。",
    "raise_motion": "现有部门解决不了的，列入议案建议，另外跟踪。工单照常办理。",
    "send_back": "只有不归本单位办的才退回；退回后仍能看到这件事。",
    "report_back": "反映人会看到这段答复，并可以评价。",
    "reopen": "会回到原来的承办单位；没有交办过的回到待交办。",
    "recategorise": "承诺时限会按新类别从反映时间重新算，历史里会写明。",
    "urge": "承办的单位和受理的社区会收到提醒，催办次数会写在工单上。",
    "supervise": "工单会标红，承办单位要签收，并在这一天以前回复。解除以前一直标红。",
    "reply_supervision": "回复交给督办的上级，由上级决定是否解除。",
    "shelve": "说明会原样给反映人看。挂账期间不算超期，到复查日期自动恢复办理。",
    "unshelve": "恢复以后时限继续计算。",
    "escalate": "由上一级办公室接着受理和交办；手上的承办单位不变，本社区仍能看到。",
    "verify": "核实以后才能结案。办结的人不能自己核实。",
    "refute": "会回到原来的承办单位重新办理，反映人能看到这段话。",
    "settle_by_explanation": "由另一个人复核同意以后，反映人才看到解释和依据。这样办结的单独统计，不算解决率。",
    "confirm_explanation": "同意以后就办结，反映人会看到解释和依据。",
    "tell": "没有人在等告知时，这里登记回访：打给留了电话、还没有评价的反映人。",
    "relocate": "还没交办的，会转到新地点所属的社区受理。",
    "merge": "每位反映人保留自己的查询码，各自得到答复，互相看不到。可以撤销。",
    "unmerge": "当时并过去的反映会原样回来，这件回到并入前的步骤。",
    "split_off": "当时并过来的反映会原样回去，那件回到并入前的步骤。",
    "announce": "附近的人反映同类的事时会看到这句话，可以点“我也遇到”。不写人，不写门牌。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the form of a verb, or do it."""
    order = order_of(request, number)
    if request.method == "POST":
        return _do(request, order, verb)
    form = verb_form(verb)
    try:
        refuse_unless_open(LOOP, LOOP[verb], order)
    except TransitionRefused as refusal:
        return _stale(request, order.number, form, refusal)
    return _form_page(request, order, LOOP[verb], form)


def _do(request: HttpRequest, order: WorkOrder, verb: str) -> HttpResponse:
    actor, at = actor_of(request), visit_of(request).at
    given = request.POST.copy()
    form = verb_form(verb, given)
    if given.get("look"):  # the button 查找 of a browser without JavaScript: nothing is done yet
        return _form_page(request, order, LOOP[verb], _unchecked(form))
    try:
        with_plain_files(request, given, actor, at)
        perform(verb, number=order.number, form=form, actor=actor, at=at)
    except (TransitionRefused, Conflict) as refusal:
        return _stale(request, order.number, form, refusal)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        place_refusal(form, refusal)
        if verb == "comment":
            return order_page(request, order, comment=form, status=status_of(refusal))
        return _form_page(request, order, LOOP[verb], form, status=status_of(refusal))
    return _done(request, order.number, LOOP[verb])


def _unchecked(form: VerbForm) -> VerbForm:
    """The same form with what was typed and no complaints yet."""
    form.full_clean()
    form.errors.clear()
    return form


def place_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentence of a refusal beside its field, unless the form says it already."""
    field = refusal.field if refusal.field in form.fields else None
    if not form.errors.get(field or "__all__"):
        form.add_error(field, refusal.message)


def _form_page(
    request: HttpRequest, order: WorkOrder, transition: Transition, form: VerbForm, *, status: int = 200
) -> HttpResponse:
    """The form, alone in a dialog or on a page of its own."""
    verb = transition.verb
    context = {
        "order": order,
        "title": title_of(order),
        "verb": transition,
        "form": form,
        "hint": HINTS.get(verb, "") or hint_of(order, verb),
        "act_url": reverse("desk:act", args=[order.number, verb]),
        "next": back_to(request, ""),
        "back_url": reverse("desk:order", args=[order.number]),
        **_more(request, order, verb, form),
    }
    template = "workorders/desk/parts/act.html" if is_swap(request) else "workorders/desk/act.html"
    return _in_dialog(request, desk_page(request, template, context, status=status))


def _more(request: HttpRequest, order: WorkOrder, verb: str, form: VerbForm) -> dict[str, Any]:
    """What the form of this verb needs beside its fields."""
    if verb in MORE:
        return MORE[verb](request, order, form)
    shown = joint_context(request, order, form, verb)
    if verb in REPLY_FIELDS:
        shown |= reply_context(order, verb, form, visit_of(request).at)
    if "photos" not in form.fields:
        return shown
    shown |= picker(actor_of(request), visit_of(request).at, sent_photos(form))
    return shown | {"photo_reason": order.category.photo_reason if verb in PHOTO_VERBS else ""}


def _seats(request: HttpRequest, order: WorkOrder, form: VerbForm) -> dict[str, Any]:
    return {"seats": seat_choices(order.lead_unit, order, visit_of(request).at), "seat": form["seat"].value()}


def _waiting(request: HttpRequest, order: WorkOrder, form: VerbForm) -> dict[str, Any]:
    """Who has to be told before the close; where nobody has, nothing is asked about it."""
    voices = [voice for voice in reports_of(order, actor_of(request)) if voice.must_be_told]
    if voices:
        result: Any = form.fields["call_result"]
        result.required = True
        result.widget.choices = [("", "请选择"), *CallResult.choices]
    else:
        del form.fields["call_result"]
    return {"waiting": [f"{voice.get_answer_way_display()}：{voice.masked_phone or '见反映人'}" for voice in voices]}


def _dispatch(order: WorkOrder, form: VerbForm, at: datetime) -> dict[str, Any]:
    """The unit that leads, and below it those that help: found by a search of their own."""
    context = dispatch_context(order, form, at)
    searched = form.is_bound and bool(form.data.get("assists_words"))
    return context | {"pick": pick_from(order, form, "assists", at, found=None if searched else context["units"])}


def place_context(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """Places found by what was typed, and the one chosen so far."""
    words = request.POST.get("place_words", "")
    found = find_places(words, actor_of(request)) if words else []
    return {"place_words": words, "places": found, "place": form["area"].value(), "is_searched": bool(words)}


MORE: dict[str, Callable[[HttpRequest, WorkOrder, VerbForm], dict[str, Any]]] = {
    "dispatch": lambda request, order, form: _dispatch(order, form, visit_of(request).at),
    "assign": _seats,
    "recategorise": lambda request, order, form: {"categories": categories_by_group()},
    "relocate": lambda request, order, form: place_context(request, form),
    "close": _waiting,
    "merge": duplicates.merge_context,
    "announce": duplicates.announce_context,
    "split_off": duplicates.split_context,
}


def _in_dialog(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Refusals that htmx would not swap by themselves still belong into the dialog."""
    if is_swap(request) and response.status_code not in (200, 400, 409):
        response["HX-Retarget"], response["HX-Reswap"] = DIALOG, "innerHTML"
    return response


def _stale(request: HttpRequest, number: str, form: VerbForm, refusal: Refusal) -> HttpResponse:
    """Somebody was first: the sentence, the state as it is now, and what was typed, to be copied."""
    typed = [str(value) for name, value in form.data.items() if name in form.fields and _is_words(form, name)]
    order = order_of(request, number)
    status = status_of(refusal)
    if is_swap(request):
        context = {"order": order, "refused": refusal.message, "typed": [text for text in typed if text]}
        return desk_page(request, "workorders/desk/parts/stale.html", context, status=status)
    return order_page(request, order, refused=refusal.message, typed=typed, status=status)


def _is_words(form: VerbForm, name: str) -> bool:
    return isinstance(form.fields[name].widget, forms.Textarea)


def _done(request: HttpRequest, number: str, transition: Transition) -> HttpResponse:
    """Back to where the verb was pressed, with a word about what was done."""
    is_visible = find_order(actor_of(request), number) is not None
    url = back_to(request, reverse("desk:order", args=[number])) if is_visible else reverse("desk:inbox")
    response = HttpResponse(status=200) if is_swap(request) else HttpResponseRedirect(url)
    if is_swap(request):
        response["HX-Redirect"] = url
    toasts.say(request, response, f"{transition.said}。")
    return response
