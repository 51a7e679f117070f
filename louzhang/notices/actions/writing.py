"""Lines in inboxes, and the batches that carry them out: folded within minutes, capped in a burst."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from louzhang.notices.channels import offered
from louzhang.notices.models import Delivery, DeliveryState, Enclosure, Notice, Preference
from louzhang.notices.timing import BURST_LINES, BURST_TIME, INTERVAL, due_at

MORE = "more"
MORE_TITLE = "一小时里还有 {count} 条消息，请到列表里看"
Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, or a phone without an account; `face` is where they read: desk, field or phone."""

    face: str
    user_id: int | None = None
    device_hash: str = ""

    @property
    def key(self) -> Key:
        """Who it is, whatever the face."""
        return self.user_id, self.device_hash


@dataclass(frozen=True, slots=True)
class Draft:
    """One notice to be written; `many` is the title of several under one `fold`."""

    recipient: Recipient
    kind: str
    fold: str
    title: str
    url: str
    subject_kind: str
    subject_id: int
    at: datetime
    many: str = ""
    list_url: str = ""
    is_red: bool = False


@dataclass
class Inboxes:
    """The lines that new drafts may join, and when each recipient got lines lately."""

    open: dict[tuple[Key, str], Notice] = field(default_factory=dict)
    begun: dict[Key, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    new: list[Notice] = field(default_factory=list)
    changed: dict[int, Notice] = field(default_factory=dict)

    def is_burst(self, key: Key, at: datetime) -> bool:
        """Whether a recipient has had all the lines an hour may bring."""
        begun = self.begun[key]
        return len(begun) - bisect_right(begun, at - BURST_TIME) >= BURST_LINES


def write_notices(drafts: Sequence[Draft]) -> list[Notice]:
    """Put drafts into the inboxes and into the batches that leave the house; gives the lines touched.

    What has the same fold and comes within five minutes of an unread line joins it. After twenty
    lines in an hour everything further is one line that counts, a red one for what is red.
    """
    if not drafts:
        return []
    with transaction.atomic():
        inboxes = _open_inboxes(drafts)
        for draft in sorted(drafts, key=lambda draft: draft.at):
            _put(inboxes, draft)
        Notice.objects.bulk_create(inboxes.new, batch_size=1000)
        Notice.objects.bulk_update(
            inboxes.changed.values(), ["count", "title", "url", "changed_at", "is_red"], batch_size=500
        )
        touched = [*inboxes.new, *inboxes.changed.values()]
        _enclose([notice for notice in touched if notice.user_id is not None])
    return touched


def _open_inboxes(drafts: Sequence[Draft]) -> Inboxes:
    users = {draft.recipient.user_id for draft in drafts} - {None}
    devices = {draft.recipient.device_hash for draft in drafts} - {""}
    since = min(draft.at for draft in drafts) - BURST_TIME
    late = Notice.objects.filter(made_at__gt=since)
    late = late.filter(Q(user_id__in=users) | Q(device_hash__in=devices))
    inboxes = Inboxes()
    for user_id, device, made_at in late.order_by("made_at").values_list("user_id", "device_hash", "made_at"):
        inboxes.begun[user_id, device].append(made_at)
    folds = {draft.fold for draft in drafts} | {MORE, f"{MORE}:red"}
    for notice in late.unread().filter(fold__in=folds).order_by("pk").select_for_update(no_key=True):
        inboxes.open[(notice.user_id, notice.device_hash), notice.fold] = notice
    return inboxes


def _put(inboxes: Inboxes, draft: Draft) -> None:
    """Join an open line, make a new one, or in a burst count on the line that says there is more."""
    key = draft.recipient.key
    line = inboxes.open.get((key, draft.fold))
    if line is not None and draft.at - line.made_at < INTERVAL:
        _join(inboxes, line, draft, draft.many)
        return
    if not inboxes.is_burst(key, draft.at):
        _begin(inboxes, draft, draft.fold, draft.title, draft.url)
        return
    fold = f"{MORE}:red" if draft.is_red else MORE
    more = inboxes.open.get((key, fold))
    if more is not None and draft.at - more.made_at < BURST_TIME:
        _join(inboxes, more, draft, MORE_TITLE)
    else:
        _begin(inboxes, draft, fold, MORE_TITLE.format(count=1), draft.list_url)


def _begin(inboxes: Inboxes, draft: Draft, fold: str, title: str, url: str) -> None:
    line = Notice(
        user_id=draft.recipient.user_id,
        device_hash=draft.recipient.device_hash,
        kind=draft.kind,
        fold=fold,
        title=title,
        url=url,
        is_red=draft.is_red,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        made_at=draft.at,
        changed_at=draft.at,
    )
    inboxes.new.append(line)
    inboxes.open[draft.recipient.key, fold] = line
    insort(inboxes.begun[draft.recipient.key], draft.at)


def _join(inboxes: Inboxes, line: Notice, draft: Draft, many: str) -> None:
    line.count += 1
    line.changed_at = max(line.changed_at, draft.at)
    line.is_red = line.is_red or draft.is_red
    line.title = many.format(count=line.count) if many and draft.list_url else draft.title
    line.url = draft.list_url if many and draft.list_url else draft.url
    if line.pk is not None:
        inboxes.changed[line.pk] = line


def _enclose(notices: Iterable[Notice]) -> None:
    """Lay lines into the open batch of each channel their person chose; what went out once does not go again."""
    names = {channel.name for channel in offered()}
    lines = list(notices)
    wishes = Preference.objects.filter(user_id__in={line.user_id for line in lines}).exclude(channels=[])
    wanted = {preference.user_id: preference for preference in wishes} if names and lines else {}
    for line in lines:
        preference = wanted.get(line.user_id or 0)
        for name in preference.channels if preference else ():
            if preference and name in names:
                _enclose_one(line, name, preference)


def _enclose_one(line: Notice, channel: str, preference: Preference) -> None:
    if Enclosure.objects.filter(notice=line, channel=channel).exists():
        return
    batch, _ = Delivery.objects.select_for_update(no_key=True).get_or_create(
        user_id=preference.user_id,
        channel=channel,
        is_red=line.is_red,
        state=DeliveryState.WAITING,
        attempts=0,
        defaults={"made_at": line.made_at, "due_at": due_at(line.made_at, preference.wish, is_red=line.is_red)},
    )
    Enclosure.objects.create(delivery=batch, notice=line, channel=channel)
