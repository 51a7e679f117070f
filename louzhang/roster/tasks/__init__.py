"""Background work of the roster; each part declares its own jobs."""

from louzhang.roster.tasks import appraisal, choosing, honours, posted, training

__all__ = ["appraisal", "choosing", "honours", "posted", "training"]
