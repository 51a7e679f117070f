"""`/api/v1/` whole: the routes of the orders, and those that other apps hang into it."""

from louzhang.fieldwork.api import router as field
from louzhang.figures.api import router as figures
from louzhang.register.api import router as register
from louzhang.register.sync_api import router as sync
from louzhang.surveys.api import router as surveys
from louzhang.workorders.api import api

api.add_router("/figures", figures)
api.add_router("", register)
api.add_router("", sync)
api.add_router("", field)
api.add_router("", surveys)

__all__ = ["api"]
