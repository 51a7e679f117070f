"""In the demo a vote is open: the resident one signs in as has a ballot, the counters have their desk."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas.queries import actor_for
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.candidates import candidates_of
from louzhang.ballots.queries.entering import open_votes
from louzhang.demo.sign_ins import offered_residents
from louzhang.roster.models.choosing import Round
from louzhang.roster.queries.choosing.electing import SERVED


def test_whoever_signs_in_as_a_resident_can_vote_and_two_count(demo: datetime) -> None:
    (row,) = Round.objects.filter(status="electing")
    poll = Poll.objects.get(served_kind=SERVED, served_id=row.vacancies.get().pk)
    resident = offered_residents()[0]
    assert poll in open_votes(actor_for(resident, demo))
    counters = [teller.user for teller in poll.tellers.select_related("user").order_by("pk")]
    assert len(counters) == 2
    for person in counters:
        homes = [each.homes for each in candidates_of(poll, actor_for(person, demo))]
        assert all(homes), "the register knows who stands"
