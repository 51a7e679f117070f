"""One round of the demo stands in its vote: whoever signs in as its resident has a ballot, two of the office count."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import actor_for
from louzhang.ballots.actions import cast_ballot
from louzhang.ballots.models import Elector
from louzhang.ballots.queries.polls import polls_of
from louzhang.demo.choosing_chiefs import PASSED, REASONS, SAYS, SIGNED, Rounds, without_head
from louzhang.demo.district import District
from louzhang.demo.names import Namer
from louzhang.demo.sign_ins import offered_residents
from louzhang.register.actions.binding import ask_binding, confirm_binding
from louzhang.register.models import Binding, Resident
from louzhang.roster.actions.choosing import (
    Choice,
    Election,
    Naming,
    RoundDraft,
    consent,
    go_on,
    name_person,
    pass_nominee,
    start_round,
)
from louzhang.roster.lifecycle.choosing import StepKind
from louzhang.roster.models.choosing import NamingWay, Nominee, Outcome, Round, Vacancy
from louzhang.roster.queries.choosing.electing import SERVED

WHY = "上次没有人报名，这次请住在单元里的人一起选。"
HOMES_AT_LEAST = 6
VOTED = 4


def elect_a_head(district: District, namer: Namer, at: datetime) -> None:
    """Named, reviewed, and since this morning voted on; closes in five days. A small demo goes without."""
    rounds = Rounds(district, namer, at)
    stairwell = _stairwell(rounds, at)
    if stairwell is None or len(rounds.office) < 2:
        return
    homes = _heads_of(stairwell)
    _make_known(rounds, stairwell, homes[0])
    row = _started(rounds, stairwell)
    nominees = [_nominee(rounds, row, person, number) for number, person in enumerate(homes[1:3])]
    rounds.close(row, 6)
    rounds.on(row, 6)
    for nominee in nominees:
        rounds.review(nominee, rounds.office[:2], 4)
        then = at - timedelta(days=3)
        pass_nominee(uid=nominee.uid, words=PASSED, actor=rounds.desk(then), at=then)
    _open(rounds, row, at - timedelta(hours=6))


def _stairwell(rounds: Rounds, at: datetime) -> Area | None:
    """One without a head that is in no round and lived in by enough homes."""
    taken = set(Vacancy.objects.filter(outcome=Outcome.OPEN).values_list("area_id", flat=True))
    free = [area for area in without_head(rounds.community.buildings, at) if area.pk not in taken]
    return next((area for area in free if len(_heads_of(area)) >= HOMES_AT_LEAST), None)


def _heads_of(stairwell: Area) -> list[Resident]:
    """Grown people of different homes who have an ID number there."""
    rows = Resident.objects.current().filter(area=stairwell, stays__ends_on=None, birth_year__lte=1990)
    named = rows.exclude(id_index="").exclude(phone_index="").order_by("stays__household", "pk")
    return list(named.distinct("stays__household")[:HOMES_AT_LEAST])


def _make_known(rounds: Rounds, stairwell: Area, person: Resident) -> None:
    """The resident one signs in as is somebody of the register, confirmed by the chief of the building."""
    offered = offered_residents().first()
    building = next(each for each in rounds.community.buildings if stairwell.path.startswith(each.area.path))
    keeper = building.chief.user if building.chief is not None else rounds.office[0]
    if offered is None:
        return
    then = rounds.at - timedelta(days=20)
    ask_binding(
        name=person.name, phone=person.open_field("phone"), actor=actor_for(offered, then), at=then,
    )  # fmt: skip
    asked = Binding.objects.filter(user=offered, ended_at=None).first()
    if asked is not None:
        confirm_binding(binding_id=asked.pk, actor=actor_for(keeper, then), at=then)


def _started(rounds: Rounds, stairwell: Area) -> Round:
    then = rounds.at - timedelta(days=9)
    draft = RoundDraft(
        role="stairwell_head", area_ids=[stairwell.pk], words=WHY, until=(then + timedelta(days=7)).date(),
        extra=[StepKind.ELECTION.value],
    )  # fmt: skip
    return start_round(draft=draft, actor=rounds.desk(then), at=then)


def _nominee(rounds: Rounds, row: Round, person: Resident, number: int) -> Nominee:
    then = rounds.at - timedelta(days=8)
    naming = Naming(row.vacancies.get().uid, person.name, REASONS[number], person.open_field("phone"))
    made = name_person(round_uid=row.uid, naming=naming, way=NamingWay.PAPER, actor=rounds.desk(then), at=then)
    return consent(uid=made.uid, statement=SAYS[number], words=SIGNED, actor=rounds.desk(then), at=then)


def _open(rounds: Rounds, row: Round, then: datetime) -> None:
    counters: list[User] = rounds.office[:2]
    election = Election(
        closes_at=rounds.at + timedelta(days=5), counters=[person.pk for person in counters], has_paper=True,
        has_door_box=True,
    )  # fmt: skip
    go_on(uid=row.uid, choice=Choice(election=election), actor=rounds.desk(then), at=then)
    (poll,) = polls_of(SERVED, row.vacancies.get().pk)
    electors = Elector.objects.filter(poll=poll).select_related("poll").order_by("pk")
    for number, elector in enumerate(electors[:VOTED]):
        cast_ballot(elector=elector, values=[number % 2, 1 - number % 2], at=then + timedelta(hours=1))
