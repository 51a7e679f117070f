"""What honours tell: the office what waits for it, the person every step, the objector that there is an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.register.models import Binding
from louzhang.roster.models.honours import Bonus, Honour, Letter, Objection

NOMINEE, OFFICE, OBJECTOR, PERSON, AUTHOR = "nominee", "office", "objector", "person", "author"
UNASKED = "unasked"  # a resident who has not agreed to stand yet
HONOUR_RULES = (
    Rule("propose", OFFICE, "honour", "有一项荣誉等审核：{what}", many="{count} 项荣誉等审核"),
    Rule("propose", UNASKED, "own_honour", "社区想推荐您为“{what}”，请看同不同意"),
    Rule("check", NOMINEE, "own_honour", "您被推荐为“{what}”，正在公示"),
    Rule("object", OFFICE, "honour", "公示中有人提了意见，请答复：{what}", many="{count} 条公示意见等答复"),
    Rule("answer", OBJECTOR, "own_honour", "您对公示提的意见，社区答复了：{what}"),
    Rule("award", NOMINEE, "own_honour", "您被授予“{what}”，可以看证书、决定上不上光荣榜"),
    Rule("decline", NOMINEE, "own_honour", "您的“{what}”这次没有通过"),
    Rule("revoke", NOMINEE, "own_honour", "您的“{what}”被收回，原因请问社区"),
)
LETTER_RULES = (
    Rule("write", PERSON, "honour_letter", "社区写了一封关于您的信，请您看过再决定发不发"),
    Rule("rewrite", PERSON, "honour_letter", "关于您的信改过了，请您再看一遍"),
    Rule("agree", AUTHOR, "honour_letter", "本人同意发出：{what}"),
    Rule("refuse", AUTHOR, "honour_letter", "本人不同意发出：{what}"),
    Rule("take_back", AUTHOR, "honour_letter", "本人收回了同意：{what}"),
)
BONUS_RULES = (Rule("owe", PERSON, "own_honour", "您有一笔奖金待发放，可以填收款账户"),)
NOTICE_VERBS = frozenset({"check", "answer"})  # the others are told on one's own page


def _office(area_id: int, event: Event) -> Iterator[Recipient]:
    posts = Q(area_id=area_id, role__in=OFFICE_ROLES)
    for each in seated_in(posts, clock.local_date(event.happened_at)):
        yield Recipient(face=each.face, user_id=each.user_id)


def _is_unasked(row: Honour) -> bool:
    return row.resident_id is not None and row.consented_on is None


class Honours:
    """One batch of honours."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Honour.objects.filter(pk__in=ids).select_related("kind").in_bulk()
        self._objections = Objection.objects.filter(honour_id__in=ids).in_bulk()
        self._audiences: Mapping[str, Callable[[Honour, Event], Iterable[Recipient]]] = {
            NOMINEE: self._nominee,
            UNASKED: lambda row, event: self._nominee(row, event) if _is_unasked(row) else (),
            OFFICE: lambda row, event: _office(row.area_id, event),
            OBJECTOR: self._objector,
        }

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Whom it concerns."""
        yield from self._audiences[to](self._rows[event.subject_id], event)

    def _nominee(self, row: Honour, event: Event) -> Iterator[Recipient]:
        if row.holder_id is not None:
            yield Recipient(face="field", user_id=row.holder_id)
        elif row.resident_id is not None:
            held = Binding.objects.filter(resident_id=row.resident_id, ended_at=None, confirmed_at__isnull=False)
            for one in held:
                yield Recipient(face="phone", user_id=one.user_id, device_hash=one.device_hash)

    def _objector(self, row: Honour, event: Event) -> Iterator[Recipient]:
        objection = self._objections.get(int(event.payload.get("objection", 0)))
        if objection is not None:
            yield Recipient(face="phone", user_id=objection.user_id, device_hash=objection.device_hash)

    def words(self, event: Event) -> Mapping[str, str]:
        """The kind; nobody's name."""
        return {"what": self._rows[event.subject_id].kind.name}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the office, of the nominee, or of the notice."""
        if recipient.face == "desk":
            return reverse("honours:one", args=[self._rows[event.subject_id].uid])
        if recipient.face == "field" or event.verb not in NOTICE_VERBS:
            return reverse("honours:mine")
        return reverse("honours:notice", args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list."""
        return reverse("honours:board" if recipient.face == "desk" else "honours:mine")


class Letters:
    """One batch of letters; what they say stands in none of the lines."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._rows = Letter.objects.in_bulk({event.subject_id for event in events})

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The person it is about, or who wrote it."""
        row = self._rows[event.subject_id]
        if to == PERSON:
            yield Recipient(face="field", user_id=row.subject_id)
        else:
            yield Recipient(face="desk", user_id=row.author_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """What it is for."""
        return {"what": self._rows[event.subject_id].get_kind_display()}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page for this reader."""
        name = "honours:own_letter" if recipient.face == "field" else "honours:letter"
        return reverse(name, args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The list."""
        return reverse("honours:mine" if recipient.face == "field" else "honours:letters")


class Bonuses:
    """One batch of bonuses."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._rows = Bonus.objects.in_bulk({event.subject_id for event in events})

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who gets it."""
        yield Recipient(face="field", user_id=self._rows[event.subject_id].user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """Nothing but that there is one."""
        return {}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """One's own page."""
        return reverse("honours:mine")

    def list_url(self, recipient: Recipient) -> str:
        """The same."""
        return reverse("honours:mine")


BOOKS = {
    Honour.subject_kind: Rulebook(rules=HONOUR_RULES, open_batch=Honours),
    Letter.subject_kind: Rulebook(rules=LETTER_RULES, open_batch=Letters),
    Bonus.subject_kind: Rulebook(rules=BONUS_RULES, open_batch=Bonuses),
}
