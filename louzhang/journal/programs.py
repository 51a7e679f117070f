"""What every route for programs shares: who asks, the key of a request, refusals, answers in JSON."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Header, Query, Schema

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key")]
PageSize = Annotated[int, Query(ge=1, le=200)]


class ErrorOut(Schema):
    """Every refusal: a code for programs, a sentence for people, the field where there is one."""

    code: str
    message: str
    field: str = ""


REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 413: ErrorOut, 429: ErrorOut}


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the bearer token stands for."""
    actor = getattr(request, "auth", None)
    assert isinstance(actor, Actor)  # ninja has refused a request without one
    return actor


def entry_of(idempotency_key: str | None) -> uuid.UUID | None:
    """The entry id of an `Idempotency-Key`: a UUID as it is, any other text by name."""
    if not idempotency_key:
        return None
    if len(idempotency_key) > 200:
        raise InputRefused("请求编号太长了，请用 200 个字符以内的编号。", field="Idempotency-Key")
    try:
        return uuid.UUID(idempotency_key)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, idempotency_key)


def as_json(content: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A JSON answer in UTF-8."""
    return JsonResponse(content, status=status, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False})
