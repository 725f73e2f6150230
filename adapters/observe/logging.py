"""Log lines: one shape for Temporal, workflows, activities and our own code, without personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

from models.faults import UNEXPECTED
from settings import LogFormat, LogLevel

PERSONAL = frozenset({"email", "mail", "name", "phone", "subject", "text", "body", "address", "recipient", "signature"})
"""Keys whose values are of a person or written by one. A key that ends in ``_name`` and the like counts too."""

_FROM_TEMPORAL = ("temporal_workflow", "temporal_activity", "temporal_update")
_KEPT = {
    "workflow_id": "workflow_id",
    "run_id": "run_id",
    "workflow_run_id": "run_id",
    "workflow_type": "workflow_type",
    "activity_type": "activity_type",
    "update_name": "update_type",
    "attempt": "attempt",
}
_TALKATIVE = (
    "alembic",
    "httpx2",
    "httpcore",
    "httpcore2",
    "stripe",
    "hubspot",
    "urllib3",
    "botocore",
    "boto3",
    "s3transfer",
)
"""Libraries that write addresses with what they hold, or others' words, at a level that is read every day."""
_NOISE = frozenset({"workflow_info", "activity_info", "color_message"})
_NO_PERSON = frozenset({"event", "level", "logger", "timestamp", "exception", "update_type", *_KEPT})

Event = MutableMapping[str, Any]


def configure_logging(form: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Send every log line of this process, structlog's and stdlib's, to ``stream`` (standard error by default)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(form, colors=form is LogFormat.CONSOLE and handler.stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    _plain_temporal_messages()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def bind_case(case_id: str, account_id: str) -> None:
    """Put case and account on every line of the present task, such as an activity. Both are opaque ids."""
    structlog.contextvars.bind_contextvars(case_id=case_id, account_id=account_id)


def add_temporal_context(_logger: Any, _method: str, event: Event) -> Event:
    """Flatten what Temporal's loggers attach into ``workflow_id``, ``run_id``, ``activity_type`` and the like.

    Of the SDK core's fields only ids are kept, since a failure's text may quote a person. The account is the second
    part of a workflow id (``save:ACCOUNT``) where nobody named it.
    """
    for source in _FROM_TEMPORAL:
        for key, value in (event.pop(source, None) or {}).items():
            if key in _KEPT:
                event.setdefault(_KEPT[key], value)
    core = event.pop("temporal_log", None)
    for key in ("run_id", "workflow_id") if core is not None else ():
        if key in core.fields:
            event.setdefault(key, core.fields[key])
    kind, colon, account = str(event.get("workflow_id", "")).partition(":")
    if colon and kind != "review":
        event.setdefault("account_id", account)
    return event


def shorten_foreseen(_logger: Any, _method: str, event: Event) -> Event:
    """Say of a refusal or another foreseen failure its type alone: where it was raised helps nobody.

    Its sentence may quote a person. What nobody foresaw keeps its traceback.
    """
    error = event.get("exc_info")
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, ApplicationError) and error.type not in (None, UNEXPECTED):
        del event["exc_info"]
        event["failure"] = error.type
    return event


def drop_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Take out every key that speaks of a person, also within nested values, and what nobody reads."""
    kept = {key: _clean(value) for key, value in event.items() if key in _NO_PERSON or not _is_personal(key)}
    return {key: value for key, value in kept.items() if key not in _NOISE}


def _is_personal(key: str) -> bool:
    return key.lower() in PERSONAL or key.lower().rpartition("_")[2] in PERSONAL


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items() if not _is_personal(str(key))}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(form: LogFormat, *, colors: bool) -> logging.Formatter:
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
        if form is LogFormat.JSON
        else [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            add_temporal_context,
            shorten_foreseen,
            drop_personal_data,
            *last,
        ],
    )


def _plain_temporal_messages() -> None:
    """Temporal's loggers put their details at the end of the sentence too; here they are keys."""
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
