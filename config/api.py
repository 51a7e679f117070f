"""`/api/v1/` whole: the routes of the orders, and those that other apps hang into it."""

from louzhang.figures.api import router as figures
from louzhang.register.api import router as register
from louzhang.register.sync_api import router as sync
from louzhang.workorders.api import api

api.add_router("/figures", figures)
api.add_router("", register)
api.add_router("", sync)

__all__ = ["api"]
