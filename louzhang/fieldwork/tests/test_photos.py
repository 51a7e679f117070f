"""Photos of a visit and of a fault: they go to the order that is made, once, and wait where nobody may make it yet."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from louzhang.areas.actions import end_post
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand, take_errand
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.models import Visit
from louzhang.journal.actions import purge_drafts, receive_attachment, reencode_attachment
from louzhang.journal.models import Attachment
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import settle, take_entries
from louzhang.register.models import DoorEntry
from louzhang.workorders.models import WorkOrder
from tests.cast import browser_as

ONE = UUID(int=7)
MATTER = {"outcome": "met", "category": "lamp", "problem": "灯不亮"}


def picture(colour="red"):
    kept = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(kept, "JPEG")
    return kept.getvalue()


def upload(actor, at, colour="red"):
    content = picture(colour)
    kept = receive_attachment(
        stream=io.BytesIO(content), declared_type="image/jpeg", size=len(content), actor=actor, at=at
    )
    return str(kept.uid)


@pytest.fixture
def send(cast, homes):
    def sent(photos=(), *, person="chief", uid=ONE, at=None, **fields):
        entry = Entry(
            uid, "visit.write", homes.dwellings["own"].uid, {**MATTER, "photos": ",".join(photos), **fields}, cast.at
        )
        return take_entries([entry], actor=cast.actor(person, at), at=at or cast.at)[0]

    return sent


@pytest.fixture
def point(cast):
    grid = cast.actor("grid_worker")
    draft = RouteDraft("夜间安全", every_days=1)
    route = lay_route(area=cast.areas["grid"], draft=draft, actor=grid, at=cast.at)
    add_point(uid=route.uid, name="消火栓", area=cast.areas["building"], longitude=None, latitude=None, actor=grid,
              at=cast.at)  # fmt: skip
    return route.points.get()


def hung():
    rows = Attachment.objects.filter(subject_kind="workorder", subject_id=WorkOrder.objects.get().pk)
    return {str(row.uid) for row in rows}


def test_photos_of_a_visit_go_to_the_order_once_however_often_it_comes(cast, send):
    photos = [upload(cast.actor("chief"), cast.at, colour) for colour in ("red", "blue")]
    assert [send(photos).result for _ in range(2)] == ["done", "done"]
    assert Visit.objects.get().order == WorkOrder.objects.get()
    assert hung() == set(photos)
    for pk in Attachment.objects.values_list("pk", flat=True):
        reencode_attachment(attachment_id=pk, at=cast.at)
    prove_journal()


def test_photos_without_a_matter_ask_which_and_nothing_is_kept(cast, send):
    photo = upload(cast.actor("chief"), cast.at)
    refused = send([photo], category="", problem="")
    assert (refused.result, refused.field) == ("refused", "category")
    assert not Visit.objects.exists()
    assert Attachment.objects.get().subject_id is None


@pytest.mark.parametrize("photo", ["somebody's", "nobody's", "no id"])
def test_a_photo_that_is_not_the_visitors_is_refused_and_nothing_is_kept(cast, send, photo):
    uid = {"somebody's": upload(cast.actor("next_chief"), cast.at), "nobody's": str(uuid4()), "no id": "x"}[photo]
    refused = send([uid])
    assert (refused.result, refused.field) == ("refused", "photos")
    assert not Visit.objects.exists()
    assert not WorkOrder.objects.exists()


def test_a_browser_without_scripts_sends_the_files_with_the_visit(homes, sign_in):
    door = homes.dwellings["own"]
    url = reverse("fieldwork_field:visit", args=["dwelling", door.uid])
    browser = sign_in("chief")
    assert 'data-name="photos"' in browser.get(url).content.decode()
    file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    sent = {**MATTER, "kind": "visit.write", "row": str(door.uid), "entry_id": str(uuid4()), "photos_files": [file]}
    assert browser.post(url, sent).status_code == 302
    assert len(hung()) == 1
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    page = browser.post(url, {**sent, "entry_id": str(uuid4()), "photos_files": [broken]})
    assert page.status_code == 400
    assert "灯不亮" in page.content.decode(), "what was typed is still there"
    assert Visit.objects.count() == 1


@pytest.fixture
def ended(cast, send):
    """A visit with a photo that came after the post of its writer had ended."""
    photo, day = upload(cast.actor("chief"), cast.at), clock.local_date(cast.at) + timedelta(days=1)
    end_post(post=cast.posts["chief"], ends_on=day, actor=cast.actor("desk"), at=cast.at)
    at = cast.at + timedelta(days=2)
    assert send([photo], at=at).result == "done"
    assert (send([photo], at=at).result, DoorEntry.objects.count()) == ("done", 1)
    purge_drafts(at=cast.at + timedelta(days=9))
    return photo


def test_photos_wait_with_a_visit_for_the_office_and_go_to_the_order_it_makes(cast, ended, sign_in):
    assert not WorkOrder.objects.exists()
    page = sign_in("desk").get(reverse("register:conflicts")).content.decode()
    assert "1 张" in page
    assert ended not in page
    settle(DoorEntry.objects.get().uid, is_mine=True, actor=cast.actor("desk"), at=cast.at + timedelta(days=9))
    assert hung() == {ended}
    prove_journal()


def test_photos_of_a_visit_the_office_does_not_take_are_erased(cast, ended):
    at = cast.at + timedelta(days=9)
    settle(DoorEntry.objects.get().uid, is_mine=False, actor=cast.actor("desk"), at=at)
    assert Attachment.objects.get().stage == "erased"
    purge_drafts(at=at)
    assert not Attachment.objects.exists()


def test_the_form_of_a_fault_takes_photos(cast, point, sign_in):
    browser, url = sign_in("grid_worker"), reverse("patrols:fault", args=[point.uid])
    assert "拍照或选照片" in browser.get(url).content.decode()
    photo = upload(cast.actor("grid_worker"), clock.now())
    sent = {"entry_id": str(uuid4()), "category": "lamp", "words": "消火栓漏水", "photos": [photo]}
    file = SimpleUploadedFile("b.jpg", picture("blue"), "image/jpeg")
    assert browser.post(url, {**sent, "photos_files": [file]}).status_code == 302
    assert photo in hung()
    assert len(hung()) == 2


def test_a_fault_written_without_a_signal_brings_its_photos_once(cast, point):
    photo = upload(cast.actor("grid_worker"), cast.at)
    fields = {"category": "lamp", "words": "消火栓漏水", "photos": photo}
    entry = Entry(uuid4(), "patrol.fault", point.uid, fields, cast.at)
    for _ in range(2):
        (result,) = take_entries([entry], actor=cast.actor("grid_worker"), at=cast.at)
        assert result.result == "done", result.message
    assert hung() == {photo}


def test_the_page_for_no_signal_has_a_picker_for_the_fault(cast, point, sign_in):
    page = sign_in("grid_worker").get(reverse("patrols:out")).content.decode()
    assert 'data-name="patrol.fault-photos"' in page


def test_a_browser_without_scripts_hands_an_errand_over_with_its_photo_once(cast):
    asked = ErrandDraft(kind="absent", area=cast.areas["stairwell"], words="浇花")
    errand = ask_errand(draft=asked, actor=cast.device, at=cast.at)
    take_errand(errand_id=errand.pk, actor=cast.actor("chief"), at=cast.at)
    url, chief = reverse("errands:move", args=[errand.uid, "hand_over"]), browser_as(cast, "chief")

    def sent(content=None, words="花浇好了。"):
        file = SimpleUploadedFile("花.jpg", content or picture(), content_type="image/jpeg")
        given = {"entry_id": str(uuid4()) if content else str(ONE), "words": words, "photos_files": file}
        return chief.post(url, given)

    refused = sent(b"not a picture at all")
    assert refused.status_code in {400, 415}
    assert "花浇好了" in refused.content.decode()
    assert sent().status_code == 302
    assert sent().status_code == 302
    (kept,) = Attachment.objects.filter(subject_kind="errand", subject_id=errand.pk)
    assert kept.seq == 3, "beside the words of the hand-over"
