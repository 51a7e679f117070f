"""Tables of training: courses and rules, lessons and who is enrolled, postings, studios, what people write."""

from louzhang.roster.models.training.courses import (
    Course,
    CourseKind,
    CourseQuerySet,
    CourseSubject,
    Material,
    Reminder,
    Tier,
    TrainingRule,
    TrainingRuleQuerySet,
)
from louzhang.roster.models.training.lessons import Enrolment, EnrolmentQuerySet, Lesson, LessonQuerySet
from louzhang.roster.models.training.postings import HostLevel, StudyPosting, StudyPostingQuerySet
from louzhang.roster.models.training.studios import Studio, StudioMeeting, StudioMember, StudioQuerySet
from louzhang.roster.models.training.writings import Byline, CaseStory, CaseStoryQuerySet, PeerAsk, PeerAskQuerySet

__all__ = [
    "Byline",
    "CaseStory",
    "CaseStoryQuerySet",
    "Course",
    "CourseKind",
    "CourseQuerySet",
    "CourseSubject",
    "Enrolment",
    "EnrolmentQuerySet",
    "HostLevel",
    "Lesson",
    "LessonQuerySet",
    "Material",
    "PeerAsk",
    "PeerAskQuerySet",
    "Reminder",
    "Studio",
    "StudioMeeting",
    "StudioMember",
    "StudioQuerySet",
    "StudyPosting",
    "StudyPostingQuerySet",
    "Tier",
    "TrainingRule",
    "TrainingRuleQuerySet",
]
