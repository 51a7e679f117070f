"""Two of a street press at the same moment: one yes and one no are one answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.fieldwork.actions.admitting import admit_admission, decline_admission
from louzhang.fieldwork.actions.bulletins import Upload, keep_bulletin
from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign
from louzhang.fieldwork.models import Admission, Bulletin, Rhythm
from louzhang.fieldwork.tests.test_bulletins import blank
from louzhang.journal.models import Event
from louzhang.kit import clock
from tests.at_once import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_yes_and_a_no_at_once_are_one_answer(cast, homes):
    day = clock.local_date(cast.at)
    draft = CampaignDraft(
        kind="visit", title="入户宣传", purpose="冬季用气安全", starts_on=day, ends_on=day + timedelta(days=6),
        area_ids=[cast.areas["community"].pk],
    )  # fmt: skip
    ask_campaign(draft=draft, unit=cast.units["district_office"], actor=cast.actor("commander"), at=cast.at)
    row, street = Admission.objects.get(), cast.actor("street")
    given = {"uid": row.uid, "actor": street, "at": cast.at}
    answers = at_once(
        lambda: admit_admission(answers={}, **given),
        lambda: decline_admission(reason="这周排满了。", **given),
        lambda: admit_admission(answers={}, **given),
    )
    assert len(winners(answers)) == 1
    row.refresh_from_db()
    said = Event.objects.filter(subject_kind="admission", subject_id=row.pk).exclude(verb="ask")
    assert [event.verb for event in said] == ["admit" if row.status == "admitted" else "decline"]
    assert Rhythm.objects.count() == (1 if row.status == "admitted" else 0)


def test_the_same_blank_twice_at_once_is_kept_once(cast, homes):
    given = {"name": "人口月报", "above": "", "span": "month", "unit": cast.units["street_office"], "at": cast.at}
    upload, actor = Upload("月报.xlsx", blank("彩虹社区")), cast.actor("street")

    def keep():
        return keep_bulletin(upload=upload, actor=actor, **given)

    assert len(winners(at_once(keep, keep))) == 1
    assert Bulletin.objects.count() == 1
