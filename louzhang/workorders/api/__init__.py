"""The JSON face: the same scope, the same verbs, the same refusals as the pages."""

from louzhang.workorders.api.routes import api

__all__ = ["api"]
