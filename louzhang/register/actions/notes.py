"""Own notes: written, changed, thrown away; forgotten when their post has ended."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.entries import forget_said
from louzhang.register.models import Note
from louzhang.register.scope import refuse_looking_only

WORDS_LENGTH = 1000


def write_note(
    *, uid: uuid.UUID, words: str, actor: Actor, at: datetime, due_on: date | None = None, post_id: int | None = None
) -> Note:
    """Write a note, or write a standing one anew; it belongs to the post, so that a stand-in reads it too.

    One thrown away and written again is there again. Raises `InputRefused` for a blank or long note, `NotYours`
    without a post in the field, `NotThere` for a note of others.
    """
    refuse_looking_only(actor)
    line = words.strip()
    if not line or len(line) > WORDS_LENGTH:
        raise InputRefused(f"请写一句，最多 {WORDS_LENGTH} 个字。", field="words")
    with transaction.atomic():
        note = Note.objects.filter(uid=uid).select_for_update(no_key=True, of=("self",)).first()
        if note is None:
            note = Note(uid=uid, post_id=_post(actor, post_id), written_at=at, version=0)
        elif not Note.objects.visible_to(actor).filter(pk=note.pk).exists():
            raise NotThere("没有找到这条笔记，它可能已经扔掉了。")
        note.seal(words=line)
        note.author_id = _person(actor)
        note.due_on, note.said_at, note.version, note.ended_at = due_on, at, note.version + 1, None
        note.save()
    return note


def throw_note(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Note:
    """Throw a note away: its words are gone at once. Raises `NotThere`."""
    refuse_looking_only(actor)
    with transaction.atomic():
        rows = Note.objects.visible_to(actor).filter(uid=uid)
        note = rows.select_for_update(no_key=True, of=("self",)).first()
        if note is None:
            raise NotThere("没有找到这条笔记，它可能已经扔掉了。")
        _empty(note, at)
    return note


def _empty(note: Note, at: datetime) -> None:
    note.words_sealed, note.due_on = "", None
    note.ended_at = note.ended_at or at
    note.said_at, note.version = at, note.version + 1
    note.save(update_fields=["words_sealed", "due_on", "ended_at", "said_at", "version"])


def _post(actor: Actor, post_id: int | None) -> int:
    """The post a new note belongs to: the one named, else the first held in the field."""
    posts = [seat.post_id for seat in actor.seats_with(*FIELD_ROLES)]
    if post_id is not None and post_id in posts:
        return post_id
    if not posts:
        raise NotYours("笔记跟着楼长、单元长、网格员的任职走，您现在没有这样的任职。")
    return posts[0]


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotYours("请先登录，再写笔记。")
    return actor.user_id


def forget_notes(*, at: datetime) -> int:
    """Empty the notes of posts that have ended; gives how many (worker)."""
    day = clock.local_date(at)
    with transaction.atomic():
        over = Q(post__ends_on__lte=day) | Q(post__area__ended_at__isnull=False)
        rows = Note.objects.open().filter(over).select_for_update(no_key=True, of=("self",), skip_locked=True)
        notes = list(rows[:1000])
        for note in notes:
            _empty(note, at)
        forget_said(Note.subject_kind, [note.pk for note in notes], at=at)
    return len(notes)
