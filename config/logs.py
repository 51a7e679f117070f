"""Logs are lines of JSON with ids, and never hold a person's words, name or number.

Everything goes to standard error. Django's own request log is kept from writing query strings and
bodies: what is logged about a request is its method, its path and the kind of the error.
"""

import logging
import logging.config
import re
from typing import Any, Final

import structlog

# Eleven digits of a mobile number and eighteen of an identity number, wherever they slip in.
LIKE_A_PERSONAL_NUMBER: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
# PostgreSQL repeats the refused row after this word.
DETAIL: Final = re.compile(r"(DETAIL: ).*?(?=\n\n|\Z)", re.DOTALL)


def mask_personal_words(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take out refused rows and whatever looks like a personal number: the net below the rule, not the rule."""
    return {key: _masked(value) if isinstance(value, str) else value for key, value in event.items()}


def _masked(text: str) -> str:
    return LIKE_A_PERSONAL_NUMBER.sub("***", DETAIL.sub(r"\1***", text))


SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return what turns a record, of structlog or of the standard library, into one line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_personal_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def configure(*, debug: bool) -> None:
    """Set up both structlog and the standard library's logging to write the same lines."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {"()": formatter},
            },
            "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["standard_error"], "level": "DEBUG" if debug else "WARNING"},
            "loggers": {
                "louzhang": {"level": "INFO"},
                "django.utils.autoreload": {"level": "INFO"},
                # Strangers try every name; each attempt would fill half a page.
                "django.security.DisallowedHost": {"level": "CRITICAL"},
                "django.db.backends": {"level": "WARNING"},
                # At DEBUG it prints the whole context of a page beside a name it did not find.
                "django.template": {"level": "INFO"},
                "procrastinate": {"level": "WARNING"},
                "axes": {"level": "WARNING"},
            },
        }
    )
