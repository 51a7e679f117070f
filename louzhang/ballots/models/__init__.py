"""Tables of the ballot box."""

from louzhang.ballots.models.polls import Item, Poll, PollQuerySet, Tally, Teller, TellerDuty, places_of
from louzhang.ballots.models.roll import SLOTS, Bundle, Elector, Objection, PaperCount

__all__ = [
    "SLOTS",
    "Bundle",
    "Elector",
    "Item",
    "Objection",
    "PaperCount",
    "Poll",
    "PollQuerySet",
    "Tally",
    "Teller",
    "TellerDuty",
    "places_of",
]
