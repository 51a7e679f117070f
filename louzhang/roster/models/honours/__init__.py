"""Tables of honours: kinds, honours with their objections, flags, bonuses, letters."""

from louzhang.roster.models.honours.bonuses import Bonus, PayAccount
from louzhang.roster.models.honours.flags import Flag
from louzhang.roster.models.honours.honours import Honour, HonourQuerySet, Objection
from louzhang.roster.models.honours.kinds import HonourKind, Often, Whom
from louzhang.roster.models.honours.letters import Letter, LetterKind

__all__ = [
    "Bonus",
    "Flag",
    "Honour",
    "HonourKind",
    "HonourQuerySet",
    "Letter",
    "LetterKind",
    "Objection",
    "Often",
    "PayAccount",
    "Whom",
]
