"""Reading training. Other parts of the roster ask `due_for` and `done_by`; an appraisal asks neither."""

from louzhang.roster.queries.training.dues import Due, due_for, due_list
from louzhang.roster.queries.training.lessons import Done, done_by

__all__ = ["Done", "Due", "done_by", "due_for", "due_list"]
