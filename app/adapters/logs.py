"""Logging to standard error: lines for people, or one JSON object per line for programs.

Errors are logged by class and traceback, without their message: it may contain personal data.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

LOG_FORMATS = ("lines", "json")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def logging_config(format_name: str) -> dict[str, object]:
    """The configuration for `logging.config`: all loggers, including those of libraries, use one format."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {"()": LineFormatter, "fmt": "%(asctime)s %(name)s %(levelname)s %(message)s"},
            "json": {"()": JsonFormatter},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": format_name}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {name: {"level": "WARNING"} for name in ("_granian", "alembic", "apscheduler")},
    }


class LineFormatter(logging.Formatter):
    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 the library's name
        return "".join(_without_messages(ei[1])).rstrip()


class JsonFormatter(LineFormatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def _without_messages(error: BaseException | None) -> Iterator[str]:
    """An error and the errors that caused it, the last one first."""
    while error:
        yield from traceback.format_tb(error.__traceback__)
        yield f"{type(error).__qualname__}\n"
        error = error.__cause__ or error.__context__
