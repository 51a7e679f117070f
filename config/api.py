"""`/api/v1/` whole: the routes of the orders, and those that other apps hang into it."""

from louzhang.figures.api import router as figures
from louzhang.workorders.api import api

api.add_router("/figures", figures)

__all__ = ["api"]
