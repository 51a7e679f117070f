"""Photos of an answer: before it under ids of their own, with it once, seen by few, gone with it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from louzhang.journal.actions import purge_drafts, receive_attachment, reencode_attachment
from louzhang.journal.actor import SYSTEM
from louzhang.journal.links import signed_link
from louzhang.journal.models import Attachment, Event, Reveal
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock, media
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import take_entries
from louzhang.surveys.actions.answering import Said, answer_target, take_answers
from louzhang.surveys.actions.drafting import set_questions, write_survey
from louzhang.surveys.actions.late import settle_late
from louzhang.surveys.actions.purging import purge_survey
from louzhang.surveys.actions.running import close_survey, open_survey
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, LateAnswer, Voice
from louzhang.surveys.queries.results import ground_of, places_of, results_of
from louzhang.surveys.questions import Asked, Kind, problems_of
from louzhang.surveys.tests.ground import QUESTIONS, assess, draft_of, target_of
from louzhang.surveys.views.result_sheets import table_of
from tests.cast import browser_as, cast_of_now

PIPES = Asked("pipes", "阳台水管的照片", Kind.PHOTO, most=2, is_needed=False)
TAKEN_ON = "2026:11:22 10:00:00"
NORTH, TEMPERATURE_TAG, MADE_BY = {1: "N", 2: (23.0, 7.0, 0.0)}, 0x9400, 0x010F


@pytest.fixture
def cast(db):
    return cast_of_now()


def asked_with(cast, *more):
    assess(cast)
    desk = cast.actor("desk")
    row = write_survey(draft=draft_of(cast), asker_area_id=cast.areas["community"].pk, actor=desk, at=cast.at)
    set_questions(survey_id=row.pk, asked=[*QUESTIONS, *more], actor=desk, at=cast.at)
    return open_survey(survey_id=row.pk, actor=desk, at=cast.at)


@pytest.fixture
def survey(cast, homes):
    return asked_with(cast, PIPES)


def photograph(colour="red"):
    picture, exif = Image.new("RGB", (900, 600), colour), Image.Exif()
    exif[MADE_BY] = "某牌手机"
    exif.get_ifd(0x8825).update(NORTH)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def upload(actor, at, colour="red", content=None):
    content = photograph(colour) if content is None else content
    kept = receive_attachment(stream=io.BytesIO(content), declared_type="", size=len(content), actor=actor, at=at,
                              uid=uuid4())  # fmt: skip
    return str(kept.uid)


def develop(at):
    for pk in Attachment.objects.filter(stage="received").values_list("pk", flat=True):
        reencode_attachment(attachment_id=pk, at=at)


def say(cast, survey, photos, *, door="301", key="chief", uid=None, voice=Voice.DOOR, at=None):
    fields = {"q_lives": "no", "q_pipes": ",".join(photos)}
    return answer_target(
        target_uid=target_of(survey, door).uid, uid=uid or uuid4(), fields=fields, outcome="answered", voice=voice,
        actor=cast.actor(key), at=at or cast.at,
    )  # fmt: skip


def test_photos_hang_on_the_household_with_the_event_of_the_answer(cast, survey):
    photos = [upload(cast.actor("chief"), cast.at, colour) for colour in ("red", "blue")]
    taken = say(cast, survey, photos)
    assert taken.is_taken, taken.message
    answer, target = Answer.objects.get(), target_of(survey, "301")
    assert answer.chosen["pipes"] == "*2"
    hung = Attachment.objects.filter(subject_kind="survey_target", subject_id=target.pk)
    assert {str(row.uid) for row in hung} == set(photos)
    event = Event.objects.get(subject_kind="survey_target", subject_id=target.pk, verb="answer")
    assert {fact["uid"] for fact in event.payload["attachments"]} == set(photos)
    develop(cast.at)
    prove_journal()


def test_a_developed_photo_knows_neither_place_nor_phone(cast, survey):
    uid = upload(cast.actor("chief"), cast.at)
    say(cast, survey, [uid])
    develop(cast.at)
    with media.open_stored(Attachment.objects.get(uid=uid).digest) as kept:
        content = kept.read()
    assert not dict(Image.open(io.BytesIO(content)).getexif())
    assert "某牌手机".encode() not in content


def test_a_batch_sent_twice_gives_one_answer_with_its_photos(cast, survey):
    uid, target = uuid4(), target_of(survey, "301")
    photo = upload(cast.actor("chief"), cast.at)
    entry = Entry(uid, "survey.answer", target.uid, {"q_lives": "no", "q_pipes": photo}, cast.at)
    for _ in range(2):
        (result,) = take_entries([entry], actor=cast.actor("chief"), at=cast.at)
        assert result.result == "done", result.message
    assert Answer.objects.count() == 1
    assert Attachment.objects.filter(subject_id=target.pk).count() == 1


@pytest.mark.parametrize("wrong", ["other", "unknown", "no id", "too many", "document"])
def test_what_is_no_photo_of_the_writer_is_refused_by_its_question_and_nothing_hangs(cast, survey, wrong):
    chief = cast.actor("chief")
    own = upload(chief, cast.at)
    photos = {
        "other": [own, upload(cast.actor("next_chief"), cast.at)],
        "unknown": [own, str(uuid4())],
        "no id": ["../etc"],
        "too many": [own, *(upload(chief, cast.at, colour) for colour in ("blue", "green"))],
        "document": [upload(chief, cast.at, content=b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")],
    }[wrong]
    taken = say(cast, survey, photos)
    assert set(taken.problems) == {"pipes"}
    assert not Answer.objects.exists()
    assert not Attachment.objects.exclude(subject_id=None).exists()
    assert say(cast, survey, [own]).is_taken


def test_a_refused_answer_stands_in_nobodys_way(cast, survey):
    photo, chief = upload(cast.actor("chief"), cast.at), cast.actor("chief")
    said = [
        Said(uuid4(), target_of(survey, door).uid, {"q_lives": "no", "q_pipes": own}, cast.at)
        for door, own in (("301", str(uuid4())), ("302", photo))
    ]
    taken = take_answers(said, voice=Voice.DOOR, actor=chief, at=cast.at)
    assert [each.is_taken for each in taken] == [False, True]
    prove_journal()


def test_a_photo_may_be_asked_for_and_may_be_refused(cast, homes):
    survey = asked_with(cast, replace(PIPES, is_needed=True))
    assert "请回答这一题" in say(cast, survey, []).message
    assert say(cast, survey, ["-"]).is_taken
    assert Answer.objects.get().chosen["pipes"] == "-"


def test_on_paper_nobody_is_asked_for_photos(cast, homes):
    survey = asked_with(cast, replace(PIPES, is_needed=True))
    assert say(cast, survey, [], voice=Voice.PAPER).is_taken


def test_an_answer_without_photos_costs_no_statement_more(cast, survey):
    with CaptureQueriesContext(connection) as plain:
        assert say(cast, survey, []).is_taken
    assert not [each for each in plain.captured_queries if "attachment" in each["sql"]]


def test_questions_for_photos_are_few_and_bounded():
    three = [replace(PIPES, key=f"p{number}") for number in range(3)]
    assert not problems_of(three)
    assert set(problems_of([*three, replace(PIPES, key="p9")])) == {"p9"}
    assert problems_of([replace(PIPES, most=10)])
    assert problems_of([replace(PIPES, most=0)])


def test_the_builder_offers_it(cast, homes):
    assess(cast)
    desk = cast.actor("desk")
    row = write_survey(draft=draft_of(cast), asker_area_id=cast.areas["community"].pk, actor=desk, at=cast.at)
    url = reverse("surveys_desk:questions", args=[row.uid])
    browser = browser_as(cast, "desk")
    assert 'value="photo"' in browser.get(url).content.decode()
    sent = {"entry_id": str(uuid4()), "text": "阳台水管的照片", "kind": "photo", "most": "3", "least": "7"}
    assert browser.post(url, sent).status_code == 302
    (asked,) = [question.asked() for question in row.questions.all()]
    assert (asked.kind, asked.most, asked.least) == (Kind.PHOTO, 3, None)
    assert "拍照或选照片" in browser.get(reverse("surveys_desk:preview", args=[row.uid])).content.decode()


# ---- The forms ---------------------------------------------------------------------------------------------------


def test_a_browser_without_scripts_sends_the_files_with_the_form(cast, survey):
    target = target_of(survey, "301")
    browser, url = browser_as(cast, "chief"), reverse("surveys_field:target", args=[target.uid])
    page = browser.get(url).content.decode()
    assert 'data-name="q_pipes"' in page
    assert "application/pdf" not in page
    sent = {"kind": "survey.answer", "row": str(target.uid), "outcome": "answered", "q_lives": "no"}
    files = [SimpleUploadedFile(f"{n}.jpg", photograph(), "image/jpeg") for n in ("a", "b")]
    assert browser.post(url, {**sent, "entry_id": str(uuid4()), "q_pipes_files": files}).status_code == 302
    assert Answer.objects.get().chosen["pipes"] == "*2"
    broken = SimpleUploadedFile("a.jpg", b"no picture at all", "image/jpeg")
    refused = browser.post(url, {**sent, "entry_id": str(uuid4()), "q_pipes_files": [broken]})
    assert refused.status_code == 400
    assert Answer.objects.count() == 1


def test_a_household_sends_photos_by_its_link_and_only_its_own_phone_sees_them_again(cast, survey):
    target, phone = target_of(survey, "301"), Client()
    url = reverse("surveys_own:link", args=[target.uid, code_of(target.uid)])
    phone.get(url)
    photo = phone.post(reverse("journal:upload"), {"file": SimpleUploadedFile("a.jpg", photograph(), "image/jpeg")})
    uid = photo.json()["id"]
    sent = {"entry_id": str(uuid4()), "outcome": "answered", "q_lives": "no", "q_pipes": [uid]}
    assert phone.post(url, sent).status_code == 302
    develop(clock.now())
    assert "/attachments/" in phone.get(url).content.decode().split("上次附的照片")[1]
    assert "上次附的照片" not in Client().get(url).content.decode(), "the same link on another phone"


def test_several_photos_of_one_question_arrive_under_one_name(cast, survey):
    target, chief = target_of(survey, "301"), cast.actor("chief")
    photos = [upload(chief, cast.at, colour) for colour in ("red", "blue")]
    sent = {"kind": "survey.answer", "row": str(target.uid), "outcome": "answered", "q_lives": "no",
            "q_pipes": photos, "entry_id": str(uuid4())}  # fmt: skip
    url = reverse("surveys_field:target", args=[target.uid])
    assert browser_as(cast, "chief").post(url, sent).status_code == 302
    assert Answer.objects.get().chosen["pipes"] == "*2"


# ---- Who sees them -----------------------------------------------------------------------------------------------


@pytest.fixture
def shown(cast, survey):
    """A photo of 301, taken by the chief and developed."""
    uid = upload(cast.actor("chief"), cast.at)
    say(cast, survey, [uid])
    develop(cast.at)
    return Attachment.objects.get(uid=uid)


def test_who_took_it_sees_it_and_others_say_what_for(cast, survey, shown):
    url = reverse("surveys_field:target", args=[target_of(survey, "301").uid])
    own = browser_as(cast, "chief").get(url).content.decode()
    assert f"/attachments/{shown.uid}/" in own
    assert "已附 1 张照片" in own
    head = browser_as(cast, "stairwell_head").get(url).content.decode()
    assert str(shown.uid) not in head
    assert "看照片" in head


def test_the_desk_opens_the_photos_of_one_home_for_a_purpose_that_is_kept(cast, survey, shown):
    target, other = target_of(survey, "301"), target_of(survey, "302")
    say(cast, survey, [upload(cast.actor("chief"), cast.at, "blue")], door="302")
    url = reverse("survey_results:words", args=[survey.uid, "pipes"])
    browser = browser_as(cast, "desk")
    assert "/attachments/" not in browser.get(url).content.decode()
    page = browser.post(f"{url}?home={target.uid}", {"purpose": "核对要修的水管"}).content.decode()
    assert f"/attachments/{shown.uid}/thumb/" in page
    assert Reveal.objects.filter(what="survey_words").values_list("subject_id", flat=True).get() == target.pk
    both = browser.post(url, {"purpose": "核对要修的水管"}).content.decode()
    assert "302" in both
    assert Reveal.objects.filter(subject_id=other.pk).count() == 1
    assert browser.post(f"{url}?home=none", {"purpose": "核对要修的水管"}).status_code == 404


@pytest.mark.parametrize("key", ["next_chief", "stranger_chief", "stranger_desk", "resident", "property"])
def test_another_household_or_area_never_gets_a_photo(cast, survey, shown, key):
    browser, target = browser_as(cast, key), target_of(survey, "301")
    for link in (signed_link(shown, cast.actor("chief"), at=clock.now()),
                 reverse("surveys_field:target", args=[target.uid]),
                 reverse("surveys_own:one", args=[target.uid])):  # fmt: skip
        assert browser.get(link).status_code in (403, 404), link
    page = browser.post(
        f"{reverse('survey_results:words', args=[survey.uid, 'pipes'])}?home={target.uid}", {"purpose": "想看一看"}
    )
    assert page.status_code in (403, 404) or str(shown.uid) not in page.content.decode()
    assert not Reveal.objects.filter(what="survey_words").exists()


def test_offices_above_read_how_many_and_never_a_picture(cast, survey, shown):
    street = browser_as(cast, "street")
    words = street.post(reverse("survey_results:words", args=[survey.uid, "pipes"]), {"purpose": "想看一看"})
    assert words.status_code == 404
    found = results_of(survey, ground_of(survey, places_of(survey, cast.actor("desk")), None))
    pipes = found.questions[-1]
    assert (pipes.photos, pipes.whole.numbers) == (1, (1, 0, 0))
    assert table_of(pipes)[0][1] == "已附照片"
    page = browser_as(cast, "desk").get(reverse("survey_results:results", args=[survey.uid])).content.decode()
    assert "一共 1 张" in page
    assert "/attachments/" not in page


def test_the_filled_form_on_paper_shows_them_and_the_blank_one_says_how(cast, survey, shown):
    url = reverse("survey_paper:print", args=[survey.uid, cast.areas["building"].pk])
    browser = browser_as(cast, "desk")
    blank = browser.get(f"{url}?which=all").content.decode()
    assert "扫码附照片" in blank
    assert "/attachments/" not in blank
    filled = browser.post(url, {"purpose": "住户要一份底稿"}).content.decode()
    assert f"/attachments/{shown.uid}/full/" in filled
    assert "已附 1 张照片" in filled


def test_a_new_answer_holds_without_the_old_photos_and_the_form_does_not_hand_them_on(cast, survey, shown):
    url = reverse("surveys_field:target", args=[target_of(survey, "301").uid])
    form = browser_as(cast, "chief").get(url).content.decode().split('id="answer"')[1]
    assert str(shown.uid) not in form.split("</form>")[0]
    assert say(cast, survey, [], at=cast.at + timedelta(minutes=5)).is_taken
    assert str(shown.uid) not in browser_as(cast, "chief").get(url).content.decode()
    assert Answer.objects.count() == 2


def test_words_that_lie_sealed_are_not_filled_into_the_form_again(cast, survey):
    target = target_of(survey, "301")
    answer_target(
        target_uid=target.uid, uid=uuid4(), fields={"q_lives": "no", "q_words": "楼道灯不亮"}, outcome="answered",
        voice=Voice.DOOR, actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip
    page = browser_as(cast, "chief").get(reverse("surveys_field:target", args=[target.uid])).content.decode()
    assert "></textarea>" in page
    assert "已填写" in page


# ---- Late, and the end -------------------------------------------------------------------------------------------


@pytest.fixture
def late(cast, survey):
    """An answer with a photo that came after the end."""
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=2))
    at = cast.at + timedelta(hours=3)
    photo = upload(cast.actor("chief"), at)
    entry = Entry(UUID(int=9), "survey.answer", target_of(survey, "301").uid, {"q_lives": "no", "q_pipes": photo},
                  cast.at)  # fmt: skip
    for _ in range(2):
        (result,) = take_entries([entry], actor=cast.actor("chief"), at=at)
        assert result.result == "done", result.message
    develop(at)
    return photo


def test_photos_of_a_late_answer_wait_with_it_and_come_in_with_it(cast, survey, late):
    later = cast.at + timedelta(days=5)
    purge_drafts(at=later)
    assert "已附 1 张照片" in browser_as(cast, "desk").get(reverse("surveys_desk:late")).content.decode()
    settle_late(late_uid=UUID(int=9), is_taken=True, actor=cast.actor("desk"), at=later)
    assert Attachment.objects.get(uid=late).subject_id == target_of(survey, "301").pk
    assert Answer.objects.get().chosen["pipes"] == "*1"
    prove_journal()


def test_photos_of_a_late_answer_go_where_it_is_dropped_and_where_the_day_comes(cast, survey, late):
    settle_late(late_uid=UUID(int=9), is_taken=False, actor=cast.actor("desk"), at=cast.at + timedelta(days=5))
    assert Attachment.objects.get(uid=late).stage == "erased"
    purge_drafts(at=cast.at + timedelta(days=5))
    assert not Attachment.objects.filter(uid=late).exists()


def test_the_purge_erases_photos_that_hang_and_photos_that_wait(cast, survey, shown):
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=2))
    at = cast.at + timedelta(hours=3)
    waiting = upload(cast.actor("chief"), at, "blue")
    entry = Entry(UUID(int=9), "survey.answer", target_of(survey, "302").uid, {"q_lives": "no", "q_pipes": waiting},
                  cast.at)  # fmt: skip
    take_entries([entry], actor=cast.actor("chief"), at=at)
    purge_survey(survey_id=survey.pk, at=cast.at + timedelta(days=40))
    assert set(Attachment.objects.values_list("stage", "digest")) == {("erased", "")}
    assert not LateAnswer.objects.exclude(said_sealed="").exists()
    prove_journal()


def test_a_late_photo_that_never_arrived_is_refused_so_that_it_is_sent_again(cast, survey):
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=2))
    entry = Entry(uuid4(), "survey.answer", target_of(survey, "301").uid,
                  {"q_lives": "no", "q_pipes": str(uuid4())}, cast.at)  # fmt: skip
    (result,) = take_entries([entry], actor=cast.actor("chief"), at=cast.at + timedelta(hours=3))
    assert (result.result, result.field) == ("refused", "q_pipes")
    assert not LateAnswer.objects.exists()
