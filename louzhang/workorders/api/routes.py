"""`/api/v1/`: every route parses, makes one call, answers."""

from __future__ import annotations

from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import File, NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from louzhang.accounts.limits import refuse_token_too_often
from louzhang.accounts.tokens import actor_of_token
from louzhang.areas.queries import list_areas, list_units
from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.programs import REFUSALS, IdempotencyKey, PageSize, actor_of, as_json, entry_of
from louzhang.journal.refusals import InputRefused, NotThere, Refusal
from louzhang.kit import clock, codes
from louzhang.kit.paging import BadCursor, page_of
from louzhang.workorders.actions import report_workorder
from louzhang.workorders.actions.exchange import take_from_hotline
from louzhang.workorders.api import answers
from louzhang.workorders.api.schemas import (
    AreaOut,
    CategoryOut,
    DraftOut,
    EventsOut,
    OrderFullOut,
    OrdersOut,
    ReportIn,
    ReportOut,
    UnitOut,
    VerbIn,
    VerbOut,
)
from louzhang.workorders.forms import ReportForm, file_report, perform, verb_form
from louzhang.workorders.models import Channel, WorkOrder
from louzhang.workorders.queries import UNKNOWN, Filters, RowId, find_order, leaf_categories, list_orders, timeline


class Bearer(HttpBearer):
    """A token stands for its person, or less."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor of a live token; None answers 401."""
        at = clock.now()
        actor = actor_of_token(token, at)
        if actor is not None and actor.token_id is not None:
            refuse_token_too_often(actor.token_id, at)
        return actor


api = NinjaAPI(
    title="Louzhang",
    version="1",
    description="Reports and work orders of one district. Refusals carry a code and a sentence.",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api",
)


def _error(request: HttpRequest, status: int, code: str, message: str, field: str = "") -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, "field": field}, status=status)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, exc: Refusal | type[Refusal]) -> HttpResponse:
    """A refusal of an action or a form, with the status the pages use."""
    assert isinstance(exc, Refusal)
    return _error(request, status_of(exc), exc.code, exc.message, exc.field)


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, _exc: Any) -> HttpResponse:
    """No token, an ended one, or one that never was."""
    return _error(request, 401, "not_signed_in", "请带上有效的访问令牌（Authorization: Bearer …）。")


@api.exception_handler(HttpError)
def on_unreadable(request: HttpRequest, exc: HttpError | type[HttpError]) -> HttpResponse:
    """A body that is no JSON, or nested deeper than anything of ours."""
    return _error(request, 400, "input_refused", "请求的内容读不出来，请发送 UTF-8 编码的 JSON。")


@api.exception_handler(ValidationError)
def on_misshapen(request: HttpRequest, exc: ValidationError | type[ValidationError]) -> HttpResponse:
    """Input of the wrong shape; names the place, never repeats what was sent."""
    assert isinstance(exc, ValidationError)
    places = [str(part) for part in exc.errors[0].get("loc", ())] if exc.errors else []
    field = places[-1] if places else ""
    return _error(request, 400, "input_refused", f"“{field}”的内容不对，请按接口说明修改后重新发送。", field)


def order_of(actor: Actor, number: str) -> WorkOrder:
    """The order in the actor's scope; the same refusal for unknown and out of scope."""
    typed = codes.normal_order_number(number[:40])
    order = find_order(actor, typed) if "\x00" not in typed else None
    if order is None:
        raise NotThere(UNKNOWN)
    return order


@api.post("/reports", response={201: ReportOut, **REFUSALS}, summary="File one report")
def post_report(request: HttpRequest, body: ReportIn, idempotency_key: IdempotencyKey = None) -> HttpResponse:
    """File one voice and open its order; a repeat with the same key gets the same receipt."""
    data = body.model_dump(mode="json", exclude_none=True)
    is_for_another = data.pop("is_for_another", False)
    form = ReportForm({**data, "entry_id": entry_of(idempotency_key)})
    is_hotline = bool(body.hotline_number)
    receipt = file_report(
        form,
        channel=Channel.API,
        actor=actor_of(request),
        at=clock.now(),
        is_for_another=is_for_another,
        file=take_from_hotline if is_hotline else report_workorder,
    )
    return as_json(answers.receipt_line(receipt), status=201)


@api.post("/attachments", response={201: DraftOut, **REFUSALS}, summary="Upload one photo or document")
def post_attachment(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Keep a draft that a report or a verb may name in `photos` within two days."""
    draft = receive_attachment(
        stream=cast("BinaryIO", file.file),
        declared_type=file.content_type or "",
        size=file.size or 0,
        actor=actor_of(request),
        at=clock.now(),
        uid=entry_of(idempotency_key),
    )
    return as_json({"id": str(draft.uid), "kind": draft.kind, "state": draft.stage}, status=201)


@api.get("/workorders", response={200: OrdersOut, **REFUSALS}, summary="List orders in scope, newest first")
def get_orders(
    request: HttpRequest, filters: Query[Filters], cursor: str | None = None, size: PageSize = 50
) -> HttpResponse:
    """Page through the orders in scope; the filters are those of the desk's list."""
    try:
        page = page_of(list_orders(actor_of(request), filters), cursor=cursor, size=size)
    except BadCursor as refusal:
        raise InputRefused(str(refusal), field="cursor") from None
    return as_json({"rows": [answers.order_line(row) for row in page.rows], "next": page.next_cursor})


@api.get("/workorders/{number}", response={200: OrderFullOut, **REFUSALS}, summary="One order")
def get_order(request: HttpRequest, number: str) -> HttpResponse:
    """One order with its voices, the reader's relations and the verbs open now."""
    actor = actor_of(request)
    return as_json(answers.order_full(order_of(actor, number), actor, clock.now()))


@api.get("/workorders/{number}/events", response={200: EventsOut, **REFUSALS}, summary="Its history")
def get_events(request: HttpRequest, number: str) -> HttpResponse:
    """The events of an order that the reader may see, oldest first."""
    actor = actor_of(request)
    moments = timeline(order_of(actor, number), actor)
    return as_json({"rows": [answers.event_line(moment) for moment in moments]})


@api.post("/workorders/{number}/{verb}", response={200: VerbOut, **REFUSALS}, summary="Do a verb")
def post_verb(
    request: HttpRequest,
    number: str,
    verb: str,
    body: VerbIn,
    idempotency_key: IdempotencyKey = None,
) -> dict[str, Any]:
    """Do one verb of the lifecycle; a repeat with the same key gets the same answer."""
    form = verb_form(verb, {**body.as_data(), "entry_id": entry_of(idempotency_key)})
    return dict(perform(verb, number=number, form=form, actor=actor_of(request), at=clock.now()))


@api.get("/areas", response={200: list[AreaOut], **REFUSALS}, summary="The tree of areas")
def get_areas(request: HttpRequest, within: RowId | None = None, kind: str = "") -> list[dict[str, Any]]:
    """Current areas in the order of the tree, below one of them or of one kind of level."""
    return list_areas(within=within, kind=kind)


@api.get("/categories", response={200: list[CategoryOut], **REFUSALS}, summary="Leaf categories in use")
def get_categories(request: HttpRequest) -> list[dict[str, Any]]:
    """The leaf categories in use with their groups."""
    return [answers.category_line(category) for category in leaf_categories()]


@api.get("/units", response={200: list[UnitOut], **REFUSALS}, summary="Units in use")
def get_units(request: HttpRequest) -> list[dict[str, Any]]:
    """Units that orders may be dispatched to."""
    return list_units()
