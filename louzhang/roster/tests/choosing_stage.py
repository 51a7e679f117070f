"""A stage for rounds: the cast, homes with bound residents, and each step as one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from louzhang.areas.models import Area
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.models import Binding, Resident
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.roster.actions.choosing import (
    Choice,
    Naming,
    RoundDraft,
    close_nominations,
    consent,
    end_notice,
    go_on,
    name_person,
    pass_nominee,
    review_nominee,
    start_round,
)
from louzhang.roster.lifecycle.choosing import CRITERIA
from louzhang.roster.models.choosing import Nominee, Round
from tests.cast import Cast

SAID = dict.fromkeys(CRITERIA, "帮邻居抬过水。")
PHONE = "13911118888"


@dataclass
class Stage:
    """The cast with its homes; a week has seven days, the notice five working ones."""

    cast: Cast
    homes: Homes
    at: datetime

    @property
    def desk(self) -> Actor:
        """The community's desk."""
        return self.cast.actor("desk")

    @property
    def resident(self) -> Actor:
        """A resident of the chief's building with an account."""
        return self.cast.actor("resident")

    def start(self, *areas: Area, **more: Any) -> Round:
        """A round for the chief of the building, or of these places."""
        places = [area.pk for area in areas] or [self.cast.areas["building"].pk]
        until = clock.local_date(self.at) + timedelta(days=7)
        said = {"role": "chief", "area_ids": places, "words": "楼长任期到了。", "until": until, **more}
        return start_round(draft=RoundDraft(**said), actor=self.desk, at=self.at)

    def name(self, row: Round, actor: Actor | None = None, way: str = "community", **more: Any) -> Nominee:
        """Somebody named for the first place."""
        place = more.pop("place", None) or row.vacancies.order_by("pk")[0]
        said = {"vacancy": place.uid, "name": "演示王姐", "words": "热心，认识全楼的人。", "phone": PHONE, **more}
        return name_person(round_uid=row.uid, naming=Naming(**said), way=way, actor=actor or self.desk, at=self.at)

    def agree(self, nominee: Nominee, actor: Actor | None = None) -> Nominee:
        """Consent, in writing unless somebody is given."""
        words = "本人到社区签了同意书。" if actor is None else ""
        return consent(uid=nominee.uid, actor=actor or self.desk, at=self.at, statement="愿意为大家跑腿。", words=words)

    def close(self, row: Round) -> Round:
        """The desk ends the naming."""
        return close_nominations(uid=row.uid, actor=self.desk, at=self.at)

    def on(self, row: Round, at: datetime | None = None, **more: Any) -> Round:
        """The next step."""
        return go_on(uid=row.uid, choice=Choice(**more), actor=self.desk, at=at or self.at)

    def review(self, nominee: Nominee, *people: str) -> None:
        """Two write, the office lets pass."""
        for key in people or ("desk", "grid_worker"):
            review_nominee(uid=nominee.uid, words=SAID, actor=self.cast.actor(key), at=self.at)
        pass_nominee(uid=nominee.uid, words="邻居都认可。", actor=self.desk, at=self.at)

    def to_notice(self, *areas: Area, **more: Any) -> Round:
        """A round up to its notice."""
        row = self.start(*areas, **more)
        nominees = [self.agree(self.name(row, place=place)) for place in row.vacancies.order_by("pk")]
        self.on(self.close(row))
        for nominee in nominees:
            self.review(nominee)
        return self.on(row)

    def after_notice(self, row: Round) -> Round:
        """The notice stood its days."""
        row.refresh_from_db()
        assert row.notice_until is not None
        return end_notice(uid=row.uid, actor=SYSTEM, at=row.notice_until)


def bind(resident: Resident, actor: Actor, at: datetime) -> None:
    """An account or phone is this resident."""
    Binding.objects.create(
        resident=resident, user_id=actor.user_id, device_hash="" if actor.user_id is not None else actor.device,
        asked_at=at, confirmed_at=at,
    )  # fmt: skip


def set_stage(cast: Cast, at: datetime | None = None) -> Stage:
    """The homes of the cast, a family in each bound to somebody; Monday morning unless another moment is wanted."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    homes = settle_in(cast)
    bind(homes.residents["mother"], cast.actor("resident"), cast.at)
    bind(homes.residents["tenant"], cast.device, cast.at)
    bind(homes.residents["neighbour"], cast.other_device, cast.at)
    bind(homes.residents["stranger"], cast.actor("nobody"), cast.at)
    return Stage(cast, homes, at or cast.at)
