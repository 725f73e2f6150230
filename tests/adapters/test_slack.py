"""Digests by Slack: each once, with buttons for what is asked, and mail where Slack does not reach (issue 6)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.chat.before_mail import ChatBeforeMail
from adapters.chat.slack import SCOPES, SlackChat
from adapters.chat.slack_service import SlackService
from adapters.database import Database
from adapters.email.embedded import EmbeddedEmail
from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox
from models.chat import About, Answerable, Click, Does, Labels, Question, Wanted
from models.faults import PermanentFault, TransientFault
from models.letter import Letter, Mailbox, OutboxState
from tests.slack_house import TOKEN, SlackHouse, slack_house
from tests.wsgi import says

ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
MIRA, KEY = "U1", "case-1/digest/1"
_WORDS = ("Done …", "Approve", "Refuse …", "What proves it", "Why", "Decision", "Send", "Back")
LABELS = Labels(**dict(zip(Labels.model_fields, _WORDS, strict=True)))
CALL = Question(step="contact_call", title="Call the customer", evidence="what was said", decisions=("goes_on", "ends"))
DISCOUNT = Question(step="approve_1", title="Approve 10 % off for 6 months", decides=True)


def digest(*questions: Question, address: str = "mira@house.example", **changed: Any) -> Letter:
    told = {
        "to": Mailbox(address=address, name="Mira Tan"),
        "sender": Mailbox(address="care@house.example"),
        "subject": "Nusantara & Co: Overdue (and 2 more)",
        "text": "Hello Mira Tan,\n\nOverdue\n- Call the customer <!channel>\n",
        "case_id": "case-1",
        "chat": Answerable(questions=questions, labels=LABELS),
    }
    return Letter.model_validate(told | changed)


class Watch:
    """A clock of the process that only waiting moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.at

    async def rest(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def house() -> Iterator[SlackHouse]:
    with slack_house() as opened:
        opened.joins(MIRA, "mira@house.example")
        yield opened


@pytest.fixture
def chat(house: SlackHouse, database: Database, clock: Any, watch: Watch) -> SlackChat:
    return SlackChat(SlackService(house.at(), watch.rest, watch), database, clock)


@pytest.fixture
def gate(chat: SlackChat, database: Database, outbox: Outbox, clock: Any) -> OutboundGate:
    """What a worker sends through."""
    return OutboundGate(ChatBeforeMail(chat, EmbeddedEmail(database, clock)), outbox, GateRules())


@ON_SQLITE
class TestWhatTheTeamGets:
    async def test_one_message_for_a_digest_with_a_button_for_each_thing_asked(
        self, gate: OutboundGate, house: SlackHouse, outbox: Outbox
    ) -> None:
        receipt = await gate.send(digest(CALL, DISCOUNT), KEY)
        (message,) = house.digests(MIRA)
        assert receipt.id == f"slack:D{MIRA}/{message['ts']}"
        assert [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"] == [
            "Hello Mira Tan,\n\nOverdue\n- Call the customer <!channel>",
            CALL.title,
            DISCOUNT.title,
        ]
        assert [one["text"]["text"] for block in message["blocks"] for one in block.get("elements", ())] == [
            "Done …",
            "Approve",
            "Refuse …",
        ]
        (entry,) = await outbox.entries()
        assert (entry.state, entry.receipt) == (OutboxState.SENT, receipt.id)

    async def test_nothing_in_it_is_taken_for_a_mention_or_a_link(self, gate: OutboundGate, house: SlackHouse) -> None:
        await gate.send(digest(subject="<!here> A & B"), KEY)
        (message,) = house.digests(MIRA)
        assert message["text"] == "&lt;!here&gt; A &amp; B"
        texts = [block["text"] for block in message["blocks"] if "text" in block]
        assert {text["type"] for text in texts} == {"plain_text"}

    async def test_the_longest_digest_keeps_within_what_slack_takes(
        self, gate: OutboundGate, house: SlackHouse
    ) -> None:
        many = [CALL.model_copy(update={"step": f"s{n}", "title": "t" * 5000}) for n in range(60)]
        await gate.send(digest(*many, subject="s" * 400, text=("word " * 2000 + "\n") * 9), KEY)
        (message,) = house.digests(MIRA)
        assert len(message["blocks"]) == 49

    async def test_who_is_not_in_slack_gets_mail(self, gate: OutboundGate, house: SlackHouse, outbox: Outbox) -> None:
        receipt = await gate.send(digest(address="aiko@house.example"), KEY)
        assert house.messages == []
        (entry,) = await outbox.entries()
        assert (entry.state, receipt.id) == (OutboxState.SENT, entry.message_id)

    async def test_what_is_no_digest_is_mail_and_slack_hears_nothing_of_it(
        self, gate: OutboundGate, house: SlackHouse
    ) -> None:
        await gate.send(digest(chat=None), KEY)
        assert house.asked == []

    async def test_a_pause_holds_digests_as_it_holds_mail(
        self, gate: OutboundGate, house: SlackHouse, outbox: Outbox
    ) -> None:
        await outbox.pause("p-1", "an incident")
        with pytest.raises(Exception, match="paused"):
            await gate.send(digest(CALL), KEY)
        assert house.asked == []

    async def test_a_form_asks_for_evidence_contents_and_decision(self, chat: SlackChat, house: SlackHouse) -> None:
        asked = CALL.model_copy(update={"contents": (Wanted(id="who", what="who was spoken to"),)})
        click = Click(id="1", user=MIRA, trigger="trigger.1", about=About(key=KEY, step=asked.step, does=Does.COMPLETE))
        await chat.open_form(click, Answerable(questions=(asked,), labels=LABELS))
        (form,) = house.forms
        fields = {block["block_id"]: block["label"]["text"] for block in form["blocks"] if block["type"] == "input"}
        assert fields == {
            "evidence": "What proves it: what was said",
            "item:who": "who was spoken to",
            "decision": "Decision",
        }
        assert About.model_validate_json(form["private_metadata"]) == click.about


class TestOnceForAKey:
    async def test_the_same_key_twice_is_one_message_and_the_first_receipt(
        self, gate: OutboundGate, chat: SlackChat, house: SlackHouse
    ) -> None:
        first = await gate.send(digest(CALL), KEY)
        assert await gate.send(digest(), KEY) == first.model_copy(update={"replayed": True})
        assert await chat.deliver(digest(), KEY) == first.model_copy(update={"replayed": True})
        assert len(house.messages) == 1

    async def test_eight_at_once_are_one_message(self, chat: SlackChat, house: SlackHouse) -> None:
        receipts = await asyncio.gather(*(chat.deliver(digest(), KEY) for _ in range(8)))
        assert [receipt.replayed for receipt in receipts if receipt].count(False) == 1
        assert len(house.messages) == 1

    @pytest.mark.parametrize("arrived", [True, False])
    async def test_an_answer_that_was_lost_is_looked_up_before_anything_is_said_again(
        self, gate: OutboundGate, house: SlackHouse, clock: Any, outbox: Outbox, arrived: bool
    ) -> None:
        house.instead.extend([None, house.loses() if arrived else says("502 Bad Gateway")])
        with pytest.raises(TransientFault, match="looked up"):
            await gate.send(digest(CALL), KEY)
        assert len(house.messages) == arrived
        with pytest.raises(TransientFault, match="another attempt"):
            await gate.send(digest(CALL), KEY)
        clock.advance(seconds=31)
        receipt = await gate.send(digest(CALL), KEY)
        (message,) = house.messages
        assert receipt.id == f"slack:D{MIRA}/{message['ts']}"
        assert (await outbox.entries())[0].state is OutboxState.SENT

    async def test_a_killed_worker_leaves_what_the_next_one_looks_up(
        self, chat: SlackChat, gate: OutboundGate, house: SlackHouse, clock: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def killed(*_: object) -> None:
            raise asyncio.CancelledError

        with monkeypatch.context() as patched:
            patched.setattr(chat._hand_over, "taken", killed)
            with pytest.raises(asyncio.CancelledError):
                await gate.send(digest(CALL), KEY)
        clock.advance(minutes=1)
        await gate.send(digest(CALL), KEY)
        assert len(house.messages) == 1


@ON_SQLITE
class TestWhenSlackFails:
    async def test_a_short_wait_that_slack_asks_for_is_waited(
        self, gate: OutboundGate, house: SlackHouse, watch: Watch
    ) -> None:
        house.instead.extend([None, says("429 Too Many", Retry_After="3")])
        await gate.send(digest(), KEY)
        assert watch.waited == [3]
        assert len(house.messages) == 1

    async def test_a_long_one_is_kept_by_every_digest_and_no_call_is_made_meanwhile(
        self, gate: OutboundGate, house: SlackHouse, watch: Watch
    ) -> None:
        house.instead.extend([None, says("429 Too Many", Retry_After="30")])
        for key in ("k-1", "k-2"):
            with pytest.raises(TransientFault, match="asks for 30 s"):
                await gate.send(digest(), key)
        assert [path for _, path, _ in house.asked].count("/api/chat.postMessage") == 1
        watch.at += 30
        await gate.send(digest(), "k-1")
        assert (watch.waited, len(house.messages)) == ([], 1)

    @pytest.mark.parametrize(
        "answer",
        [
            says("500 Internal Server Error", b"<html>"),
            says("503 Service Unavailable"),
            says("200 OK", b'{"ok": fal'),
            says("200 OK", b'{"ok": false, "error": "fatal_error"}', Content_Type="application/json"),
        ],
    )
    async def test_a_slack_that_breaks_down_is_asked_again(
        self, gate: OutboundGate, house: SlackHouse, clock: Any, answer: Any
    ) -> None:
        house.instead.append(answer)
        with pytest.raises(TransientFault):
            await gate.send(digest(), KEY)
        clock.advance(minutes=1)
        await gate.send(digest(), KEY)
        assert len(house.messages) == 1

    async def test_a_slack_that_nobody_reaches_is_asked_again_and_nothing_counts_as_handed_over(
        self, database: Database, clock: Any, outbox: Outbox
    ) -> None:
        with slack_house() as gone:
            workspace = gone.at()
        chat = SlackChat(SlackService(workspace), database, clock)
        with pytest.raises(TransientFault, match="could not be reached"):
            await OutboundGate(ChatBeforeMail(chat, EmbeddedEmail(database, clock)), outbox, GateRules()).send(
                digest(), KEY
            )
        assert [entry.state for entry in await outbox.entries()] == [OutboxState.QUEUED]

    @pytest.mark.parametrize("code", ["invalid_auth", "missing_scope", "messages_tab_disabled", "something_new"])
    async def test_a_clear_no_lets_the_digest_go_as_mail_and_the_log_says_what_to_do(
        self, gate: OutboundGate, house: SlackHouse, outbox: Outbox, code: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        no = json.dumps({"ok": False, "error": code}).encode()
        house.instead.extend([None, says("200 OK", no, Content_Type="application/json")])
        receipt = await gate.send(digest(CALL), KEY)
        (entry,) = await outbox.entries()
        assert (entry.state, receipt.id, house.messages) == (OutboxState.SENT, entry.message_id, [])
        assert f"({code})" in caplog.text

    async def test_no_secret_and_no_word_of_a_digest_reaches_a_log_or_an_error(
        self, database: Database, house: SlackHouse, clock: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        chat = SlackChat(SlackService(house.at(token="xoxb-wrong")), database, clock)
        with pytest.raises(PermanentFault) as refused:
            await chat.deliver(digest(), KEY)
        right = SlackChat(SlackService(house.at()), database, clock)
        house.instead.extend([None, says("500 Oops", b"Nusantara mira@house.example xoxb-")])
        with pytest.raises(TransientFault) as broken:
            await right.deliver(digest(), "k-2")
        logged = [record.getMessage() for record in caplog.records if not record.name.startswith("aiosqlite")]
        said = f"{logged}{refused.value}{broken.value}"
        assert all(word not in said for word in ("xoxb", "Nusantara", "mira@", TOKEN))


@ON_SQLITE
class TestDoctor:
    async def test_a_url_at_which_no_slack_answers_is_named(self, chat: SlackChat, house: SlackHouse) -> None:
        house.instead.append(says("404 Not Found", b"<html>"))
        assert "check FOLLOWTHROUGH_SLACK_URL" in await chat.check()

    async def test_a_workspace_with_every_scope_is_ready(self, chat: SlackChat) -> None:
        assert await chat.check() == ""

    async def test_a_scope_that_is_not_given_is_named(self, chat: SlackChat, house: SlackHouse) -> None:
        house.scopes = SCOPES[:-1]
        assert await chat.check() == "Slack: the app lacks users:read.email; give it these scopes and install it again"

    async def test_a_wrong_token_says_which_setting_to_put_right(
        self, database: Database, house: SlackHouse, clock: Any
    ) -> None:
        said = await SlackChat(SlackService(house.at("xoxb-other")), database, clock).check()
        assert "put FOLLOWTHROUGH_SLACK_TOKEN right" in said
        assert "other" not in said
