"""Files over HTTP: uploads answered as JSON for the picker, stored files streamed to who may see them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, BinaryIO, Concatenate, Final, ParamSpec, cast

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from louzhang.journal import actions, links, upload_limits
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.journal.refusals import InputRefused, NotThere, Refusal, TooLarge
from louzhang.kit import clock, images, media

MOST_BYTES: Final = images.FILE_BYTES + 64 * 1024
DRAINED_BYTES: Final = 5 * images.FILE_BYTES
CHUNK: Final = 256 * 1024
EXPIRED_PAGE: Final = "页面开得太久，或浏览器没有保存 Cookie。请刷新页面后再上传。"
UNREADABLE: Final = "这个文件暂时读不出来，请稍后再试，或联系社区。"

log = logging.getLogger(__name__)

# A file from a stranger is never a page: nothing in it runs, whatever it turns out to be.
LOCKED: Final = "default-src 'none'; sandbox"
MEDIA_TYPES: Final = {kind.suffix: kind.media_type for kind in images.UploadKind}
PLACEHOLDER_STATUS: Final = {
    AttachmentStage.RECEIVED: 202,
    AttachmentStage.FAILED: 404,
    AttachmentStage.ERASED: 410,
}

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponseBase]


def in_json(view: View[Given]) -> View[Given]:
    """Answer refusals as {"code", "message"} with their status: the picker and programs read them."""

    @wraps(view)
    def answering(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            body = {"code": refusal.code, "message": refusal.message}
            return JsonResponse(body, status=status_of(refusal))

    return answering


def acting(request: HttpRequest) -> Actor:
    """Who asks; the middleware has said so."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise TypeError("no middleware has set request.actor")
    return actor


@csrf_exempt  # the real check is on the inner view: it reads the body, whose size is looked at first
@require_POST
@in_json
def receive(request: HttpRequest) -> HttpResponseBase:
    """POST /attachments/: one photo or document of the form field `file`, optional `uid`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        _drain(request)
        raise TooLarge("文件太大：照片不能超过 15 MB，其他文件不能超过 20 MB。请缩小后再上传。", field="file")
    response = _receive_checked(request)
    if response.status_code == HTTPStatus.FORBIDDEN:  # the check of the token answers with a page
        return JsonResponse({"code": "page_expired", "message": EXPIRED_PAGE}, status=HTTPStatus.FORBIDDEN)
    return response


@csrf_protect
def _receive_checked(request: HttpRequest) -> HttpResponseBase:
    actor, at = acting(request), clock.now()
    upload_limits.ask_all(request, actor, at)
    file = request.FILES.get("file")
    if file is None or file.size is None:
        raise InputRefused("没有收到文件，请重新选择一次。", field="file")
    attachment = actions.receive_attachment(
        stream=cast("BinaryIO", file.file),
        declared_type=file.content_type or "",
        size=file.size,
        actor=actor,
        at=at,
        uid=_uid_of(request.POST.get("uid", "")),
    )
    return JsonResponse(_told(attachment, actor), status=201)


def _uid_of(text: str) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InputRefused("上传编号不对，请刷新页面后重新选择文件。", field="uid") from None


def _drain(request: HttpRequest) -> None:
    """Read what is still coming, within reason, so that the browser hears the answer."""
    left = DRAINED_BYTES
    while left > 0 and (chunk := request.read(CHUNK)):
        left -= len(chunk)


@require_safe
@in_json
def show_state(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """GET …/state: how far one's own upload has come."""
    actor = acting(request)
    response = JsonResponse(_told(links.own_attachment(uid=uid, actor=actor), actor))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@in_json
def drop(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """POST …/drop/: take a draft back."""
    actions.drop_attachment(uid=uid, actor=acting(request), at=clock.now())
    return JsonResponse({"id": str(uid), "state": AttachmentStage.ERASED.value})


def _told(attachment: Attachment, actor: Actor) -> dict[str, Any]:
    stage = AttachmentStage(attachment.stage)
    told = {"id": str(attachment.uid), "state": stage.value, "label": str(stage.label)}
    if attachment.failure:
        told["message"] = attachment.failure
    if stage is AttachmentStage.READY and attachment.kind == AttachmentKind.PHOTO:
        told["thumbnail"] = links.signed_link(attachment, actor, size="thumb", at=clock.now())
    return told


@require_safe
def show_file(request: HttpRequest, uid: uuid.UUID, size: str, hour: int, mark: str) -> HttpResponseBase:
    """GET a signed link: the picture, the document as a download, or a placeholder saying why not."""
    attachment = links.linked_attachment(
        uid=uid, size=size, hour=hour, mark=mark, actor=acting(request), at=clock.now()
    )
    if attachment.stage != AttachmentStage.READY:
        return _placeholder(attachment)
    return _stream(attachment, is_thumbnail=size == "thumb")


def _stream(attachment: Attachment, *, is_thumbnail: bool) -> HttpResponseBase:
    digest = attachment.thumbnail_digest if is_thumbnail else attachment.digest
    is_photo = attachment.kind == AttachmentKind.PHOTO
    try:
        stored = media.open_stored(digest or attachment.digest)
    except media.NoSuchMedia as error:
        log.exception("attachment %s is ready but its file is gone", attachment.pk)
        raise NotThere(UNREADABLE) from error
    response = FileResponse(
        stored,
        content_type=MEDIA_TYPES.get(attachment.suffix, "application/octet-stream"),
        as_attachment=not is_photo,
        filename=f"{'照片' if is_photo else '附件'}{links.file_number(attachment)}{attachment.suffix}",
    )
    response["Cache-Control"] = f"private, max-age={links.HOUR}, immutable"
    response["Content-Encoding"] = "identity"  # a picture does not shrink: GZipMiddleware leaves it alone
    return _locked(response)


def _placeholder(attachment: Attachment) -> HttpResponse:
    stage = AttachmentStage(attachment.stage)
    picture = render_to_string("journal/placeholder.svg", {"words": stage.label})
    response = HttpResponse(picture, content_type="image/svg+xml", status=PLACEHOLDER_STATUS[stage])
    response["Cache-Control"] = "no-store"
    _locked(response)
    return response


def _locked(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = LOCKED
    response["X-Content-Type-Options"] = "nosniff"
    return response
