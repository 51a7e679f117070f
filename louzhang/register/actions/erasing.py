"""删除: a person's entry goes, leaving a row without content and a chain that still proves itself (PIPL 47)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.actions.entries import forget_said
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.purging import purge_tag
from louzhang.register.actions.stays import at_home, end_stay
from louzhang.register.following import forget_kept
from louzhang.register.models import (
    Binding,
    CareTag,
    Consent,
    EmergencyUse,
    ImportMade,
    Registration,
    Resident,
    RightsRequest,
    Shelter,
)
from louzhang.register.queries.duplicates import rows_of
from louzhang.register.queries.places import lines_of

ASKED = "本人请求删除"
GONE = "已删除"
BLANKED = (
    "name", "name_key", "initials", "search_terms", "sex", "birth_year", "birth_date_sealed", "id_number_sealed",
    "id_index", "phone_sealed", "phone_index", "ended_at",
)  # fmt: skip


def erase_resident(*, resident_id: int, actor: Actor, at: datetime) -> Resident:
    """Blank everything about a person, in merged entries too; end where they live, their tags, consents, bindings.

    Raises what `at_home` raises. What another duty keeps (an order they reported, a need of the household) is not
    part of their entry and follows its own time.
    """
    today = clock.local_date(at)
    with transaction.atomic():
        person = at_home(resident_id, actor)
        if person.stay is not None:
            end_stay(person, max(today, person.stay.starts_on), actor, at)
        resident = person.resident
        gone = Resident.objects.filter(pk__in=rows_of(resident)).exclude(pk=resident.pk).order_by("pk")
        for row in (resident, *gone.select_for_update(no_key=True, of=("self",))):
            _erase_beside(row, actor, at)
            _blank(row, at)
            line = lines_of([row.area_id])[row.area_id]
            erase_subject(row, rule=ASKED, actor=actor, at=at, area_ids=line, save=BLANKED)
    return resident


def _blank(resident: Resident, at: datetime) -> None:
    resident.name = resident.name_key = resident.initials = resident.sex = ""
    resident.search_terms, resident.birth_year, resident.ended_at = [], None, resident.ended_at or at
    resident.seal(**dict.fromkeys(Resident.SEALED, ""))


def _erase_beside(resident: Resident, actor: Actor, at: datetime) -> None:
    for tag in CareTag.objects.filter(resident=resident, purged_at=None).select_related("resident"):
        purge_tag(tag, rule=ASKED, actor=actor, at=at)
    for consent in Consent.objects.filter(resident=resident, ended_at=None):
        consent.ended_at, consent.kind = at, None
        tell(consent, "end", area_id=resident.area_id, actor=actor, at=at, save=("ended_at", "kind"))
    for binding in Binding.objects.filter(resident=resident, ended_at=None):
        binding.ended_at = at
        tell(binding, "end", area_id=resident.area_id, actor=actor, at=at, save=("ended_at",))
    Registration.objects.filter(resident=resident, dwelling=None).update(address=GONE)
    RightsRequest.objects.filter(resident=resident).update(wish_sealed="")
    for shelter in Shelter.objects.filter(resident=resident, ended_at=None):
        shelter.ended_at = at
        tell(shelter, "end", area_id=resident.area_id, actor=actor, at=at, save=("ended_at",))
    _erase_words_beside(resident, actor, at)
    forget_kept(resident, rule=ASKED, actor=actor, at=at)
    forget_said(Resident.subject_kind, [resident.pk], at=at)
    _forget_before_imports(resident)


def _erase_words_beside(resident: Resident, actor: Actor, at: datetime) -> None:
    """The number of a protection order, why somebody looked in an emergency, why a request was declined."""
    line = lines_of([resident.area_id])[resident.area_id]
    answered = RightsRequest.objects.filter(resident=resident, answered_at__isnull=False)
    for rows in (Shelter.objects.filter(resident=resident), EmergencyUse.objects.filter(resident=resident), answered):
        for row in rows.order_by("pk").select_for_update(no_key=True, of=("self",)):
            erase_subject(row, rule=ASKED, actor=actor, at=at, area_ids=line)


def _forget_before_imports(resident: Resident) -> None:
    """What an import corrected was kept to be put back; the row has changed by now, so that it never will be."""
    for made in ImportMade.objects.filter(rows__corrected__contains=[{"id": resident.pk}]).select_for_update():
        for one in made.rows["corrected"]:
            if one["id"] == resident.pk:
                one["was"] = {}
        made.save(update_fields=["rows"])
