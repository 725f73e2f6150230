"""A Slack workspace for tests, on 127.0.0.1: its people, direct messages and forms, with clicks as Slack sends them.

No stand-in of others' knows direct messages, metadata or forms. Shapes and lengths of blocks are judged by Slack's own
library, and so are the signatures.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import SecretStr
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier

from adapters.chat.slack import SCOPES
from adapters.chat.slack_service import Workspace
from tests.wsgi import Answer, Front, says, serving

TOKEN, SECRET = "xoxb-not-a-token", "not-a-signing-secret"
Plain = dict[str, Any]


class No(Exception):
    """Slack's no, by its code."""


class SlackHouse(Front):
    """The workspace as a test puts and finds it."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.people: dict[str, str] = {}
        self.messages: list[Plain] = []
        self.forms: list[Plain] = []
        self.scopes = SCOPES
        self._ticks = itertools.count(1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def at(self, token: str = TOKEN) -> Workspace:
        """The workspace as settings name it."""
        return Workspace(token=SecretStr(token), url=self.url)

    def joins(self, user: str, address: str) -> None:
        """Somebody with that mail address is in the workspace."""
        self.people[user] = address

    def digests(self, user: str) -> list[Plain]:
        """The direct messages to somebody that begin a thread."""
        return [one for one in self.messages if one["channel"] == f"D{user}" and not one.get("thread_ts")]

    def replies(self) -> list[str]:
        """What was said below messages."""
        return [one["text"] for one in self.messages if one.get("thread_ts")]

    def loses(self) -> Answer:
        """An answer that is lost on its way, of a call that was done."""

        def answer(environ: Plain, begin: Callable[..., Any]) -> Any:
            self._answer(environ, lambda *_: None)
            return says("200 OK", b'{"ok": tr', Content_Type="application/json")(
                environ | {"CONTENT_LENGTH": ""}, begin
            )

        return answer

    def pressed(self, user: str, message: Plain, action: str, step: str) -> bytes:
        """The body that Slack sends when somebody presses that button of a step in a message."""
        buttons = [one for block in message["blocks"] for one in block.get("elements", ())]
        of_action = (one for one in buttons if one["action_id"] == action)
        button = next(one for one in of_action if json.loads(one["value"])["step"] == step)
        place = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": message["channel"],
            "is_ephemeral": False,
        }
        given = {"type": "button", "action_id": action, "value": button["value"], "action_ts": self._tick()}
        return self._payload(user, type="block_actions", container=place, actions=[given])

    def filled(self, user: str, **texts: str) -> bytes:
        """The body that Slack sends when somebody sends the form that was opened last."""
        view = self.forms[-1]
        values = {}
        for block in (one for one in view["blocks"] if one["type"] == "input"):
            element, given = block["element"], texts.get(block["block_id"].removeprefix("item:"))
            chosen = {"selected_option": {"value": given}} if element["type"] == "static_select" else {"value": given}
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **chosen}}
        state = {"id": view["id"], "private_metadata": view["private_metadata"], "state": {"values": values}}
        return self._payload(user, type="view_submission", view=state)

    def _payload(self, user: str, **more: Any) -> bytes:
        payload = {"user": {"id": user, "team_id": "T1"}, "trigger_id": f"trigger.{self._tick()}", **more}
        return urlencode({"payload": json.dumps(payload)}).encode()

    def _tick(self) -> str:
        return f"1764300000.{next(self._ticks):06d}"

    def _answer(self, environ: Plain, begin: Callable[..., Any]) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        is_json = environ.get("CONTENT_TYPE", "").startswith("application/json")
        given = json.loads(body) if is_json and body else dict(parse_qsl(body or environ["QUERY_STRING"]))
        method = environ["PATH_INFO"].rpartition("/")[2].replace(".", "_")
        try:
            if environ.get("HTTP_AUTHORIZATION") != f"Bearer {TOKEN}":
                raise No("invalid_auth")
            done = {"ok": True, **getattr(self, f"_{method}")(given)}
        except No as no:
            done = {"ok": False, "error": str(no)}
        begin("200 OK", [("Content-Type", "application/json"), ("X-OAuth-Scopes", ",".join(self.scopes))])
        return [json.dumps(done).encode()]

    def _auth_test(self, _: Plain) -> Plain:
        return {"team": "House", "user": "followthrough"}

    def _users_lookupByEmail(self, given: Plain) -> Plain:  # noqa: N802 as Slack calls it
        found = [user for user, address in self.people.items() if address == given["email"]]
        if not found:
            raise No("users_not_found")
        return {"user": {"id": found[0], "deleted": False}}

    def _users_info(self, given: Plain) -> Plain:
        if given["user"] not in self.people:
            raise No("user_not_found")
        return {"user": {"id": given["user"], "profile": {"email": self.people[given["user"]]}}}

    def _conversations_open(self, given: Plain) -> Plain:
        return {"channel": {"id": f"D{given['users']}"}}

    def _conversations_history(self, given: Plain) -> Plain:
        here = [one for one in self.messages if one["channel"] == given["channel"] and not one.get("thread_ts")]
        hidden = () if given.get("include_all_metadata") else ("metadata",)
        shown = [{name: value for name, value in one.items() if name not in hidden} for one in reversed(here)]
        return {"messages": shown[: int(given["limit"])]}

    def _chat_postMessage(self, given: Plain) -> Plain:  # noqa: N802 as Slack calls it
        blocks = _read(given.get("blocks") or [])
        _judge(lambda: [block.to_dict() for block in Block.parse_all(blocks)], "invalid_blocks")
        to = given["channel"]
        if to.removeprefix("D") not in self.people:
            raise No("channel_not_found")
        channel = to if to.startswith("D") else f"D{to}"
        metadata = _read(given.get("metadata"))
        kept = {**given, "blocks": blocks, "metadata": metadata, "channel": channel, "ts": self._tick()}
        self.messages.append({name: value for name, value in kept.items() if value})
        return {"channel": channel, "ts": kept["ts"]}

    def _views_open(self, given: Plain) -> Plain:
        view = _read(given["view"])
        _judge(lambda: View(**view).to_dict(), "invalid_arguments")
        if not given.get("trigger_id", "").startswith("trigger."):
            raise No("expired_trigger_id")
        self.forms.append({**view, "id": f"V{len(self.forms)}"})
        return {"view": self.forms[-1]}


def signed(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """The headers that Slack adds at a moment."""
    moment = str(int(at.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=body)
    form = {"content-type": "application/x-www-form-urlencoded"}
    return form | {"x-slack-request-timestamp": moment, "x-slack-signature": str(signature)}


def _read(given: Any) -> Any:
    return json.loads(given) if isinstance(given, str) else given


def _judge(make: Callable[[], object], code: str) -> None:
    try:
        make()
    except SlackObjectFormationError as error:
        raise No(code) from error


@contextmanager
def slack_house() -> Iterator[SlackHouse]:
    """A workspace on a port of its own."""
    house = SlackHouse()
    with serving(house):
        yield house
