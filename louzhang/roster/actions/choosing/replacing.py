"""居民提出调换 (R3): one sentence a household about an idle chief; enough of them open a review, people decide."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.journal.actions import erase_subject, record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, NotThere, NotYours
from louzhang.roster.actions.choosing.keeping import refuse_words
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementVoice
from louzhang.roster.queries.choosing.replacing import households_at, needed_of, own_household_at, posts_to_name

KEPT_FOR = timedelta(days=365)
GONE = "没有找到这条意见，它可能已经交给社区评议。"


def ask_replacement(
    *, post_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> ReplacementVoice:
    """A resident of the place says why its holder should be replaced; it counts once for the household.

    The holder never reads it. Raises `NotThere` for a post of another place, `Conflict` where the household has said
    so already or a review is under way.
    """
    said = refuse_words(words, "words")
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能提意见。")
    post = next((each for each in posts_to_name(actor, at) if each.pk == post_id), None)
    if post is None or post.area is None:
        raise NotThere("只能对自己住的楼和单元的负责人提。请先认证本人。")
    home = own_household_at(actor, post.area)
    try:
        with transaction.atomic():
            _lock(post)
            if ReplacementRequest.objects.open().filter(post=post).exists():
                raise Conflict("已经有足够的住户提出，社区正在评议。您的看法可以直接告诉社区。")
            voice = ReplacementVoice.objects.create(
                post=post, household=home, user_id=actor.user_id, said_at=at,
                device_hash=actor.device if actor.user_id is None else "",
            )  # fmt: skip
            record(
                voice, "say", actor=actor, at=at, audience=Audience.DESK, words={"words": said},
                payload={"post": post.pk}, area_ids=_line(post), entry_id=entry_id,
            )  # fmt: skip
            _open_if_enough(post, at)
    except IntegrityError:
        raise Conflict("您家已经提过了，一户算一次。") from None
    return voice


def take_back_replacement(*, uid: uuid.UUID, actor: Actor, at: datetime) -> ReplacementVoice:
    """Take one's sentence back while it has not become part of a review. Raises `NotThere`."""
    with transaction.atomic():
        rows = ReplacementVoice.objects.visible_to(actor).standing().select_related("post__area")
        voice = rows.select_for_update(no_key=True, of=("self",)).filter(uid=uid).first()
        if voice is None:
            raise NotThere(GONE)
        voice.withdrawn_at = at
        record(
            voice, "take_back", actor=actor, at=at, audience=Audience.DESK, area_ids=_line(voice.post),
            save=("withdrawn_at",),
        )  # fmt: skip
    return voice


def _open_if_enough(post: Post, at: datetime) -> None:
    voices = ReplacementVoice.objects.filter(post=post).standing()
    assert post.area is not None
    if voices.count() >= needed_of(households_at(post.area), at):
        request_review(post=post, actor=SYSTEM, at=at)


def request_review(*, post: Post, actor: Actor, at: datetime) -> ReplacementRequest:
    """Hand what households have said to the review of an appraisal: the request counts them and takes their words.

    Raises `Conflict` while one about the same post is open.
    """
    assert post.area is not None
    try:
        with transaction.atomic():
            _lock(post)
            voices = list(ReplacementVoice.objects.filter(post=post).standing().order_by("pk"))
            homes = households_at(post.area)
            request = ReplacementRequest.objects.create(
                post=post, households=len(voices), of_households=homes, needed=needed_of(homes, at), opened_at=at
            )
            ReplacementVoice.objects.filter(pk__in=[voice.pk for voice in voices]).update(request=request)
            record(
                request, "open", actor=actor, at=at, audience=Audience.DESK, area_ids=_line(post),
                payload={"post": post.pk, "households": request.households, "of": homes, "needed": request.needed},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这个任职已经在评议调换。") from None
    return request


def close_request(*, uid: uuid.UUID, actor: Actor, at: datetime, outcome: str) -> ReplacementRequest:
    """The review has decided; `outcome` is its code. Raises `NotThere` for who may not read it, `Conflict`."""
    with transaction.atomic():
        rows = ReplacementRequest.objects.visible_to(actor).select_related("post__area")
        request = rows.select_for_update(no_key=True, of=("self",)).filter(uid=uid).first()
        if request is None:
            raise NotThere("没有找到这份调换申请，或它不在您的范围内。")
        if request.closed_at is not None:
            raise Conflict("这份调换申请已经评议过了。")
        request.closed_at = at
        record(
            request, "close", actor=actor, at=at, audience=Audience.DESK, payload={"outcome": outcome},
            area_ids=_line(request.post), save=("closed_at",),
        )  # fmt: skip
    return request


def erase_old_voices(*, at: datetime, most: int = 500) -> int:
    """Words of households go a year after they were said; gives how many (worker)."""
    old = ReplacementVoice.objects.filter(said_at__lt=at - KEPT_FOR, erased_at=None).order_by("pk")
    return sum(_erase(pk, at) for pk in list(old.values_list("pk", flat=True)[:most]))


def _erase(voice_id: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = ReplacementVoice.objects.select_related("post__area").filter(pk=voice_id, erased_at=None)
        voice = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if voice is None:
            return False
        voice.erased_at = at
        rule = f"保存期满 {KEPT_FOR.days} 天"
        erase_subject(voice, rule=rule, actor=SYSTEM, at=at, save=("erased_at",), area_ids=_line(voice.post))
    return True


def _lock(post: Post) -> None:
    list(Post.objects.select_for_update(no_key=True).filter(pk=post.pk).values_list("pk"))


def _line(post: Post) -> list[int]:
    return [node.pk for node in line_of(post.area)] if post.area is not None else []
