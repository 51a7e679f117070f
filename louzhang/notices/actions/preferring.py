"""How a person wants to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.notices.channels import channel_named
from louzhang.notices.models import Preference
from louzhang.notices.timing import is_quiet_hour


def prefer(
    *,
    user: User,
    channels: Iterable[str],
    digest_hour: int | None,
    quiet_from: int,
    quiet_to: int,
    email: str,
    actor: Actor,
    at: datetime,
) -> Preference:
    """Say by which channels, at which hour and when not; only for oneself.

    Raises `NotYours`, and `InputRefused` for a digest inside the quiet hours or a channel without an address.
    """
    if actor.user_id != user.pk or actor.is_read_only:
        raise NotYours("消息怎么收由本人设置，别人不能代改。")
    if digest_hour is not None and is_quiet_hour(digest_hour, quiet_from, quiet_to):
        raise InputRefused("汇总的时间在免打扰时段里，请换一个时间，或改免打扰时段。", field="digest_hour")
    chosen = [name for name in channels if channel_named(name) is not None]
    with transaction.atomic():
        preference, _ = Preference.objects.select_for_update(no_key=True).get_or_create(
            user=user, defaults={"changed_at": at}
        )
        preference.channels, preference.digest_hour = chosen, digest_hour
        preference.quiet_from, preference.quiet_to = quiet_from, quiet_to
        preference.changed_at = at
        preference.seal_email(email)
        _refuse_without_address(preference, chosen)
        preference.save()
    return preference


def _refuse_without_address(preference: Preference, chosen: Iterable[str]) -> None:
    for name in chosen:
        channel = channel_named(name)
        if channel is not None and not channel.address_of(preference):
            raise InputRefused(f"选了{channel.label}，请填写收件的地址。", field=name)
