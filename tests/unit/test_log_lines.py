"""What operators read: one shape for every line, the case on it, and nothing about a person."""

import io
import json
import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest
import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from adapters.observe.logging import bind_case, configure_logging
from settings import LogFormat, LogLevel


@pytest.fixture
def lines():
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    stream = io.StringIO()
    configure_logging(LogFormat.JSON, LogLevel.INFO, stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_our_own_lines_and_those_of_libraries_have_one_shape(lines):
    structlog.get_logger("followthrough").info("case opened", stage="opened")
    logging.getLogger("somebody.else").warning("took %s s", 3)
    ours, theirs = lines()
    assert ours["event"] == "case opened"
    assert theirs["event"] == "took 3 s"
    assert {"event", "level", "logger", "timestamp"} <= ours.keys() & theirs.keys()


async def test_an_activity_line_carries_workflow_activity_and_account(lines):
    @activity.defn
    async def write_note() -> None:
        activity.logger.info("note written")

    environment = ActivityEnvironment()
    environment.info = replace(environment.info, workflow_id="save:acc-17", activity_type="add_note")
    await environment.run(write_note)
    (line,) = lines()
    assert line["event"] == "note written"
    assert line["workflow_id"] == "save:acc-17"
    assert line["account_id"] == "acc-17"
    assert line["activity_type"] == "add_note"
    assert line["run_id"]


def test_a_workflow_line_carries_its_run(lines):
    details = {"workflow_id": "save:acc-9", "run_id": "r1", "workflow_type": "SaveAttempt", "namespace": "default"}
    logging.getLogger("temporalio.workflow").info("stage moved", extra={"temporal_workflow": details, "case_id": "c1"})
    (line,) = lines()
    assert (line["workflow_id"], line["run_id"], line["account_id"], line["case_id"]) == (
        "save:acc-9",
        "r1",
        "acc-9",
        "c1",
    )


def test_of_the_sdk_core_only_ids_are_kept(lines):
    core = SimpleNamespace(fields={"run_id": "r1", "failure": "no mail for Nur Aisyah"})
    logging.getLogger("temporalio.core").warning("Failing workflow task", extra={"temporal_log": core})
    (line,) = lines()
    assert line["run_id"] == "r1"
    assert "Aisyah" not in json.dumps(line)


def test_a_bound_case_is_on_every_line(lines):
    bind_case("case-1", "acc-1")
    structlog.get_logger().info("one")
    logging.getLogger("lib").info("two")
    assert [(line["case_id"], line["account_id"]) for line in lines()] == [("case-1", "acc-1")] * 2


@pytest.mark.parametrize("key", ["email", "name", "phone", "subject", "text", "body", "contact_name", "Email"])
def test_no_line_carries_personal_data(lines, key):
    structlog.get_logger().warning("sent", **{key: "Nur Aisyah", "receipt": "r-1"})
    logging.getLogger("lib").warning(
        "sent", extra={"details": {key.replace("name", "full_name"): "Nur Aisyah", "n": 1}}
    )
    ours, theirs = lines()
    assert "Aisyah" not in json.dumps([ours, theirs])
    assert ours["receipt"] == "r-1"
    assert theirs["details"] == {"n": 1}


def test_lines_below_the_level_are_left_out(lines):
    structlog.get_logger().debug("detail")
    logging.getLogger("lib").debug("detail")
    assert lines() == []


def test_an_error_is_one_json_line_with_its_trace(lines):
    try:
        raise ValueError("broken ledger")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines()
    assert "broken ledger" in line["exception"]


def raised(error: Exception) -> None:
    """As Temporal logs an activity that failed."""
    try:
        raise error
    except Exception:
        logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)


def test_a_refusal_is_one_line_with_its_type_and_without_its_sentence(lines):
    raised(ApplicationError("write what is new to Nur Aisyah", type="MessageNotReady", non_retryable=True))
    (line,) = lines()
    assert (line["event"], line["failure"]) == ("Completing activity as failed", "MessageNotReady")
    assert "exception" not in line
    assert "Aisyah" not in json.dumps(line)


@pytest.mark.parametrize("error", [ApplicationError("?", type="Unexpected"), ApplicationError("?"), KeyError("ledger")])
def test_what_nobody_foresaw_keeps_its_traceback(lines, error):
    raised(error)
    (line,) = lines()
    assert "Traceback" in line["exception"]
    assert "failure" not in line


def test_the_console_form_says_the_same_to_people():
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    stream = io.StringIO()
    configure_logging(LogFormat.CONSOLE, LogLevel.INFO, stream)
    try:
        structlog.get_logger().info("case opened", case_id="c1", email="x@y.example")
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before
    assert "case opened" in stream.getvalue()
    assert "c1" in stream.getvalue()
    assert "y.example" not in stream.getvalue()


def test_on_a_terminal_a_traceback_shows_no_values_since_they_may_be_of_a_person(lines):
    del lines
    stream = io.StringIO()
    configure_logging(LogFormat.CONSOLE, LogLevel.INFO, stream)
    address = "hana" + "@customer.example"
    try:
        raise RuntimeError("broken mailbox")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "broken mailbox" in stream.getvalue()
    assert address not in stream.getvalue()
