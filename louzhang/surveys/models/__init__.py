"""Tables of surveys: what is asked of whom, what each household said, and the counts that stay."""

from louzhang.surveys.models.answers import BY_HAND, Answer, LateAnswer, LateOutcome, Outcome, Voice
from louzhang.surveys.models.follow_ups import Course, FollowUp, FollowUpRule
from louzhang.surveys.models.questions import Kind, Question
from louzhang.surveys.models.surveys import Basis, Ground, Survey, SurveyKind
from louzhang.surveys.models.tallies import EntryTally, Tally
from louzhang.surveys.models.targets import Share, Target, TargetState

__all__ = [
    "BY_HAND",
    "Answer",
    "Basis",
    "Course",
    "EntryTally",
    "FollowUp",
    "FollowUpRule",
    "Ground",
    "Kind",
    "LateAnswer",
    "LateOutcome",
    "Outcome",
    "Question",
    "Share",
    "Survey",
    "SurveyKind",
    "Tally",
    "Target",
    "TargetState",
    "Voice",
]
