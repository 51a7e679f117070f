"""我的本子: own notes for holder and stand-in only, what is due, and needs that become orders."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.areas.actions import end_post, name_stand_in
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions import raise_need
from louzhang.register.actions.notes import forget_notes, throw_note, write_note
from louzhang.register.beside import Mark, Marked, marks_on
from louzhang.register.models import Asking, Dwelling, Note
from louzhang.register.queries.notebook import own_notes
from louzhang.register.tests.conftest import Homes
from louzhang.workorders.models import WorkOrder
from tests.cast import Cast, browser_as

WORDS = "三楼门铃坏了，敲门要重"


def test_a_note_is_sealed_and_read_by_holder_and_stand_in_and_by_nobody_else(cast: Cast) -> None:
    note = write_note(uid=uuid.uuid4(), words=WORDS, actor=cast.actor("chief"), at=cast.at)
    assert "门铃" not in note.words_sealed
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["grid_worker"], actor=cast.actor("desk"), at=cast.at)
    seen = {key for key, actor in cast.everyone().items() if Note.objects.visible_to(actor).exists()}
    assert seen == {"chief", "grid_worker"}
    with pytest.raises(TypeError):
        Note.objects.visible_to(None)  # type: ignore[arg-type]
    changed = write_note(uid=note.uid, words="门铃修好了", actor=cast.actor("grid_worker"), at=cast.at)
    assert (changed.version, changed.words) == (2, "门铃修好了")
    for key in ("next_chief", "desk", "resident"):
        with pytest.raises((NotThere, NotYours)):
            write_note(uid=note.uid, words="抢", actor=cast.actor(key), at=cast.at)
    with pytest.raises(InputRefused):
        write_note(uid=uuid.uuid4(), words="  ", actor=cast.actor("chief"), at=cast.at)


def test_a_note_thrown_away_keeps_no_words(cast: Cast) -> None:
    note = write_note(uid=uuid.uuid4(), words=WORDS, actor=cast.actor("chief"), at=cast.at)
    gone = throw_note(uid=note.uid, actor=cast.actor("chief"), at=cast.at)
    assert (gone.words_sealed, own_notes(cast.actor("chief"))) == ("", [])


def test_notes_end_with_the_post(cast: Cast) -> None:
    write_note(uid=uuid.uuid4(), words=WORDS, actor=cast.actor("chief"), at=cast.at)
    write_note(uid=uuid.uuid4(), words=WORDS, actor=cast.actor("next_chief"), at=cast.at)
    end_post(post=cast.posts["chief"], ends_on=clock.local_date(cast.at), actor=cast.actor("desk"), at=cast.at)
    later = cast.at + timedelta(days=1)
    assert own_notes(cast.actor("chief", later)) == []
    assert (forget_notes(at=later), forget_notes(at=later)) == (1, 0)
    assert sorted(note.words_sealed == "" for note in Note.objects.all()) == [False, True]


def test_the_notebook_shows_what_is_due_needs_and_homes_by_the_one_neutral_mark(
    cast: Cast, homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = homes.dwellings["own"]

    def looked_after(ids: Collection[int], actor: Actor, at: datetime) -> list[Marked]:
        return [Marked(Mark(is_cared=True), Dwelling.objects.filter(pk=home.pk, pk__in=ids), "pk")]

    monkeypatch.setattr("louzhang.register.beside._marks", [looked_after])
    assert marks_on([home.pk], cast.actor("chief"), cast.at)[home.pk].is_cared
    raise_need(
        summary="要扶手", asking=Asking.DOOR, household_id=homes.households["own"].pk, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    today = clock.local_date(clock.now())
    write_note(uid=uuid.uuid4(), words=WORDS, due_on=today, actor=cast.actor("chief"), at=cast.at)
    browser = browser_as(cast, "chief")
    monkeypatch.setattr("louzhang.register.agenda._providers", [])  # what others let fall due, they count themselves
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(reverse("register:notebook")).content.decode()
    assert len(asked) <= 12, [(query["sql"] or "")[:100] for query in asked]
    seen = ("到时候了", "要扶手", "关</b>", "12号楼 2单元 301", WORDS)
    assert [words for words in seen if words not in page] == []
    other = browser_as(cast, "next_chief").get(reverse("register:notebook")).content.decode()
    assert [words for words in ("要扶手", "301", WORDS) if words in other] == []


def test_a_note_is_written_changed_and_thrown_away_without_javascript(cast: Cast) -> None:
    browser, uid = browser_as(cast, "chief"), uuid.uuid4()
    form = {"entry_id": str(uuid.uuid4()), "kind": "note.write", "row": str(uid), "words": WORDS}
    assert browser.post(reverse("register:notebook"), form).status_code == 302
    assert WORDS in browser.get(reverse("register:note", args=[uid])).content.decode()
    empty = browser.post(reverse("register:notebook"), form | {"entry_id": str(uuid.uuid4()), "words": ""})
    assert (empty.status_code, "请写一句。" in empty.content.decode()) == (400, True)
    assert browser_as(cast, "next_chief").get(reverse("register:note", args=[uid])).status_code == 302
    assert browser.post(reverse("register:throw", args=[uid])).status_code == 302
    assert not Note.objects.open().exists()


def test_a_need_becomes_an_order_once_and_says_its_number(cast: Cast, homes: Homes) -> None:
    need = raise_need(
        summary="楼道灯不亮", asking=Asking.DOOR, household_id=homes.households["own"].pk, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    browser, url = browser_as(cast, "chief"), reverse("register:need_course", args=[need.uid])
    assert "楼道灯不亮" in browser.get(url).content.decode()
    form = {"entry_id": str(uuid.uuid4()), "category": "lamp", "words": "三楼楼道灯不亮，请修"}
    refused = browser.post(url, {**form, "entry_id": str(uuid.uuid4()), "category": ""})
    assert refused.status_code == 400
    answers = [browser.post(url, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    order = WorkOrder.objects.get()
    need.refresh_from_db()
    assert (need.course, need.reference) == ("order", order.number)
    assert order.area == cast.areas["stairwell"]
    assert browser.get(answers[0]["Location"]).status_code == 200
    assert browser_as(cast, "next_chief").get(url).status_code == 404
