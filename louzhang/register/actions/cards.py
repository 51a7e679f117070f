"""联系卡: made and changed by who holds the post."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.register.actions.keeping import tell
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Card
from louzhang.register.queries.cards import own_post
from louzhang.register.scope import refuse_looking_only

HOURS_LENGTH, DUTIES_LENGTH = 40, 120


def make_card(*, post_id: int, actor: Actor, at: datetime, phone: str = "", hours: str = "", duties: str = "") -> Card:
    """Make the card of a post one holds, or change it; `phone` is normal already and only there by choice.

    Raises `NotThere` for another's post and for a stand-in, who stands on the holder's card, `InputRefused` for
    words that are too long.
    """
    refuse_looking_only(actor)
    shown = own_post(actor, post_id, at)
    area_id = shown.post.area_id
    if shown.post.user_id != actor.user_id or area_id is None:
        raise NotThere("联系卡由任职的本人来做，替岗人的名字会自动写在上面。")
    if len(hours.strip()) > HOURS_LENGTH or len(duties.strip()) > DUTIES_LENGTH:
        raise InputRefused(f"时间最多 {HOURS_LENGTH} 个字，职责最多 {DUTIES_LENGTH} 个字。", field="duties")
    refuse_forbidden(duties, field="duties")
    with transaction.atomic():
        rows = Card.objects.visible_to(actor).filter(post_id=post_id)
        card = rows.select_for_update(no_key=True, of=("self",)).first()
        if card is None:
            card = Card(post_id=post_id, made_at=at)
            card.save(force_insert=True)
        card.seal(phone=phone)
        card.hours, card.duties = hours.strip(), duties.strip()
        facts = {"has_phone": bool(phone)}
        save = ("phone_sealed", "hours", "duties")
        tell(card, "make", area_id=area_id, actor=actor, at=at, payload=facts, save=save)
    return card
