"""Files over HTTP: uploaded by the picker, served only through one's own link and never before READY."""

import uuid
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from louzhang.journal import links, upload_limits, views
from louzhang.journal.actions import fail_attachment, reencode_attachment
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.middleware import RefusalMiddleware
from louzhang.journal.models import Attachment
from louzhang.journal.refusals import NotThere, TooOften
from louzhang.journal.tests.conftest import MORNING, pdf, picture, stored
from louzhang.kit import clock, images

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def fetch(rf, phone):
    """Open an address as an actor, through the middleware that answers refusals."""

    answers = []

    def answer(url, actor=phone):
        uid, size, hour, mark = url.strip("/").split("/")[1:]
        request = rf.get(url, HTTP_ACCEPT_ENCODING="gzip")
        request.actor = actor
        given = {"uid": uuid.UUID(uid), "size": size, "hour": int(hour), "mark": mark}
        try:
            return views.show_file(request, **given)
        except NotThere as refusal:
            return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, refusal)

    def get(url, actor=phone):
        answers.append(answer(url, actor))
        return answers[-1]

    yield get
    for given in answers:
        if given.streaming:
            given.file_to_stream.close()


def content_of(response):
    content = b"".join(response.streaming_content)
    if response.file_to_stream is not None:
        response.file_to_stream.close()
    return content


@pytest.fixture
def photo(upload, at):
    draft = upload()
    reencode_attachment(attachment_id=draft.pk, at=at)
    return Attachment.objects.get(pk=draft.pk)


def test_the_owner_of_a_link_sees_the_picture_kept_privately(fetch, photo, phone, at):
    response = fetch(links.signed_link(photo, phone, at=at))
    assert content_of(response) == stored(photo.digest)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=3600, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert content_of(fetch(links.signed_link(photo, phone, size="thumb", at=at))) == stored(photo.thumbnail_digest)


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(kind=ActorKind.DEVICE, device="b" * 64),
        Actor(kind=ActorKind.DEVICE),
        Actor(kind=ActorKind.PERSON, user_id=1),
        Actor(kind=ActorKind.TOKEN, user_id=1, token_id=2),
    ],
)
def test_a_stranger_does_not_open_the_link_of_another(fetch, photo, phone, at, stranger):
    assert fetch(links.signed_link(photo, phone, at=at), stranger).status_code == 404


def test_a_changed_link_opens_nothing(fetch, photo, upload, phone, at):
    url = links.signed_link(photo, phone, at=at)
    other = upload(picture(colour="blue"))
    assert fetch(url.replace("/full/", "/thumb/")).status_code == 404
    assert fetch(url.replace(str(photo.uid), str(other.uid))).status_code == 404
    assert fetch(url[:-1] + ("x" if url[-1] != "x" else "y")).status_code == 404


def test_a_link_holds_to_the_end_of_the_next_hour_and_not_beforehand(fetch, photo, phone, at):
    assert fetch(links.signed_link(photo, phone, at=at - timedelta(minutes=59))).status_code == 200
    assert fetch(links.signed_link(photo, phone, at=at - timedelta(minutes=121))).status_code == 404
    assert fetch(links.signed_link(photo, phone, at=at + timedelta(hours=1))).status_code == 404


def test_a_link_carries_no_personal_words(photo, at):
    url = links.signed_link(photo, Actor(kind=ActorKind.PERSON, user_id=987654), at=at)
    assert "987654" not in url
    assert "user" not in url


def test_nothing_is_served_before_it_is_ready(fetch, upload, phone, at):
    draft = upload()
    response = fetch(links.signed_link(draft, phone, at=at))
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (
        202,
        "image/svg+xml",
        "no-store",
    )
    assert "处理中" in response.content.decode()
    fail_attachment(attachment_id=draft.pk, reason="坏了。", at=at)
    assert fetch(links.signed_link(draft, phone, at=at)).status_code == 404


def test_a_document_is_a_download_under_a_name_of_ours(fetch, upload, phone, at):
    response = fetch(links.signed_link(upload(pdf()), phone, at=at))
    assert content_of(response) == pdf()
    assert response["Content-Disposition"].startswith("attachment;")
    assert "%E9%99%84%E4%BB%B61.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_lost_file_is_told_as_such(fetch, photo, phone, at, settings, tmp_path):
    settings.MEDIA_PLACE = tmp_path / "elsewhere"
    response = fetch(links.signed_link(photo, phone, at=at))
    assert (response.status_code, "读不出来" in response.content.decode()) == (404, True)


# --- the addresses of the picker ------------------------------------------------------------------


def file_of(content, name="张三家门口.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


def test_the_picker_uploads_asks_and_takes_back(client):
    uid = str(uuid.uuid4())
    answer = client.post("/attachments/", {"file": file_of(picture()), "uid": uid})
    assert (answer.status_code, answer.json()) == (201, {"id": uid, "state": "received", "label": "处理中"})
    again = client.post("/attachments/", {"file": file_of(picture()), "uid": uid})
    assert again.json() == answer.json()
    draft = Attachment.objects.get(uid=uid)
    reencode_attachment(attachment_id=draft.pk, at=MORNING)
    state = client.get(f"/attachments/{uid}/state").json()
    assert state["state"] == "ready"
    assert content_of(client.get(state["thumbnail"]))
    assert client.post(f"/attachments/{uid}/drop/").json() == {"id": uid, "state": "erased"}
    assert client.post(f"/attachments/{uid}/drop/").status_code == 404
    assert client.get(state["thumbnail"]).status_code == 410


def test_another_browser_learns_nothing_of_an_upload(client):
    uid = str(uuid.uuid4())
    client.post("/attachments/", {"file": file_of(picture()), "uid": uid})
    stranger = Client()
    stranger.cookies = SimpleCookie()
    assert stranger.get(f"/attachments/{uid}/state").status_code == 404
    assert stranger.post(f"/attachments/{uid}/drop/").status_code == 404
    assert stranger.post("/attachments/", {"file": file_of(picture()), "uid": uid}).status_code == 409


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 400, "input_refused"),
        ({"file": file_of(b"MZ not a photo")}, 400, "input_refused"),
        ({"file": file_of(picture()), "uid": "no-number"}, 400, "input_refused"),
        ({"file": file_of(picture() + bytes(images.PHOTO_BYTES))}, 413, "too_large"),
        ({"file": file_of(bytes(views.MOST_BYTES + 1))}, 413, "too_large"),
    ],
)
def test_refusals_are_json_with_a_chinese_sentence(client, sent, status, code):
    answer = client.post("/attachments/", sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith("。")
    assert not Attachment.objects.exists()


def test_a_limit_of_an_app_above_is_asked_first(client, monkeypatch):
    def refuse(request, actor, at):
        raise TooOften("请稍后再试。")

    monkeypatch.setattr(upload_limits, "_limits", [refuse])
    answer = client.post("/attachments/", {"file": file_of(picture())})
    assert (answer.status_code, answer.json()) == (429, {"code": "too_often", "message": "请稍后再试。"})


def test_an_upload_from_another_site_is_refused():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/attachments/", {"file": file_of(picture())})
    assert (answer.status_code, answer.json()["code"]) == (403, "page_expired")
    assert strict.post(f"/attachments/{uuid.uuid4()}/drop/").status_code == 403
    assert not Attachment.objects.exists()


def test_looking_never_writes(client):
    assert client.post(f"/attachments/{uuid.uuid4()}/state").status_code == 405
    assert client.get("/attachments/").status_code == 405
