"""Reading: the own inbox, notices of a building, what leaves the house."""

from louzhang.notices.queries.building import find_building_notice, notices_at, places_to_tell
from louzhang.notices.queries.deliveries import channel_lines, undecided_deliveries
from louzhang.notices.queries.inbox import count_unread, inbox, preference_of, unread_term

__all__ = [
    "channel_lines",
    "count_unread",
    "find_building_notice",
    "inbox",
    "notices_at",
    "places_to_tell",
    "preference_of",
    "undecided_deliveries",
    "unread_term",
]
