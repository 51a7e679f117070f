"""评: adopting a scheme, scoring, computing, publishing, objecting, reviewing; one public function a verb."""

from louzhang.roster.actions.appraisal.computing import compute_month, compute_months
from louzhang.roster.actions.appraisal.months import (
    name_appraisers,
    open_month,
    open_months,
    set_criteria,
)
from louzhang.roster.actions.appraisal.objecting import answer_objection, object_to_figure, take_back_objection
from louzhang.roster.actions.appraisal.publishing import publish_month
from louzhang.roster.actions.appraisal.reviewing import decide, hear, open_review
from louzhang.roster.actions.appraisal.schemes import add_scene, adopt_scheme, end_scene, end_scheme
from louzhang.roster.actions.appraisal.scoring import score
from louzhang.roster.actions.appraisal.starring import ask_all_stars, ask_stars

__all__ = [
    "add_scene",
    "adopt_scheme",
    "answer_objection",
    "ask_all_stars",
    "ask_stars",
    "compute_month",
    "compute_months",
    "decide",
    "end_scene",
    "end_scheme",
    "hear",
    "name_appraisers",
    "object_to_figure",
    "open_month",
    "open_months",
    "open_review",
    "publish_month",
    "score",
    "set_criteria",
    "take_back_objection",
]
