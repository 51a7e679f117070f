"""Reading appraisals: who held which post, what counts, the figures of a month, who may see which of them."""

from louzhang.roster.queries.appraisal.figures import (
    Commended,
    Figure,
    MonthFigures,
    commended,
    commended_lately,
    figures_of,
    months_of,
    published,
)

__all__ = [
    "Commended",
    "Figure",
    "MonthFigures",
    "commended",
    "commended_lately",
    "figures_of",
    "months_of",
    "published",
]
