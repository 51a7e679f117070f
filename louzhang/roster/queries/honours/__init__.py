"""Reading honours: what others of the roster ask stands here; lists and pages have modules of their own."""

from louzhang.roster.queries.honours.standing import Honoured, flag_history, flags_now, honours_of

__all__ = ["Honoured", "flag_history", "flags_now", "honours_of"]
