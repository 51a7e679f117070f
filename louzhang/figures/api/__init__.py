"""`GET /api/v1/figures`: the figures of a place, as pages show them."""

from louzhang.figures.api.routes import router

__all__ = ["router"]
