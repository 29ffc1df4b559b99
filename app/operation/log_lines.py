"""The service's log: one line a request or fault, as text or as JSON, without keys."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

import orjson

from app.settings import Settings

KEY = re.compile(r"(pcr_k-[a-z0-9]+_)[A-Za-z0-9_-]+")
"""A key of this register, wherever somebody put it: the id may be told, the secret not."""
BEARER = re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def masked(text: str) -> str:
    """A text without the keys and tokens in it: "pcr_k-4x8s0w2m1q_***"."""
    if "pcr_" in text:
        text = KEY.sub(r"\1***", text)
    return BEARER.sub(r"\1***", text) if "bearer" in text.lower() else text


class JsonLines(logging.Formatter):
    """`{"time": "2026-11-26T21:00:00.000000Z", "level": "info", "logger": …, "message": …, "request_id": …, …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        found = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            found["exception"] = self.formatException(record.exc_info)
        return masked(orjson.dumps(found, default=str).decode())


class TextLines(logging.Formatter):
    """`2026-11-26T21:00:00.000000Z info GET /v1/forces/{id} request_id=… status=200 …`, in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever stands in it."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items() if value is not None)
        text = f"{_time(record)} {record.levelname.lower()} {record.getMessage()}{fields}"
        if record.exc_info:
            text += f" {self.formatException(record.exc_info)}"
        return masked(_CONTROL.sub(" ", text))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What was said beside the message."""
    found: dict[str, object] = getattr(record, "fields", {})
    return found


def log_configuration(settings: Settings) -> dict[str, Any]:
    """What `logging.config.dictConfig` is told, in each process: all lines go to standard error."""
    lines = JsonLines if settings.log_format == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{lines.__module__}.{lines.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"registry.requests": {"level": "INFO"}},
    }
