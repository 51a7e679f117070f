"""The JSON face: the same scope, the same verbs, the same refusals as the pages."""

from louzhang.workorders.api import exchange
from louzhang.workorders.api.routes import api

api.add_router("/exchange", exchange.router)

__all__ = ["api"]
