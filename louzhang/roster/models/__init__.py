"""Tables of the roster, one module a part: choosing, duties, training, posted cadres, appraisal, honours."""

from louzhang.roster.models.appraisal import (
    AppraisalMonth,
    Appraiser,
    Indicator,
    RankingScene,
    Scheme,
    Score,
    Standing,
    StarSheet,
)
from louzhang.roster.models.appraisal_rulings import Correction, FigureObjection, Ground, Review
from louzhang.roster.models.choosing import (
    Nomination,
    Nominee,
    NomineeReview,
    NoticeObjection,
    Round,
    Vacancy,
)
from louzhang.roster.models.duties import Callee, Duty, DutyClass, Guide, GuideQuerySet, Proof
from louzhang.roster.models.honours import (
    Bonus,
    Flag,
    Honour,
    HonourKind,
    HonourQuerySet,
    Letter,
    LetterKind,
    Objection,
    Often,
    PayAccount,
    Whom,
)
from louzhang.roster.models.membership import ConsentWay, Education, MemberKind, OwnEntry, PartyMembership, Skill
from louzhang.roster.models.posted import (
    HomePaper,
    LeaveRequest,
    PostedTeam,
    Posting,
    SampleCheck,
    StrengthNeed,
    TeamMeeting,
)
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementVoice
from louzhang.roster.models.training import (
    Byline,
    CaseStory,
    Course,
    CourseKind,
    CourseSubject,
    Enrolment,
    HostLevel,
    Lesson,
    Material,
    PeerAsk,
    Reminder,
    Studio,
    StudioMeeting,
    StudioMember,
    StudyPosting,
    Tier,
    TrainingRule,
)
