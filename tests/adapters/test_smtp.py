"""Mail by SMTP: what a customer gets, what a server's no means, and that nothing arrives twice (CONVENTIONS, DESIGN 3)."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.database import Database
from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox, message_id
from adapters.email.smtp import SmtpEmail
from models.faults import PermanentFault, TransientFault
from models.letter import Attachment, Letter, LetterKind, Mailbox, OutboxState
from tests.mail_server import MailServer, half_an_answer, hang_up, mail_server

CSM = Mailbox(address="care@house.example", name="Mira Tan")
MIRA = Mailbox(address="mira@house.example", name="Mira Tan")
KEY = "case-1/closure/send"
NAMES = [
    "Nur Aisyah binti Abdul Rahman",
    "Dato' Sri Ahmad bin Ismail, Ph.D.",
    "I Gusti Ngurah Raka Wijaya",
    "王小明",
    "陈美玲（财务部）",
    "Müller, Björn",
    "ஆனந்த் குமார்",
    "محمد العلي",
    "O'Neil (Ops); Sales <x@y.example>",
]


def letter(**changed: Any) -> Letter:
    told = {
        "to": Mailbox(address="li@customer.example", name="李明"),
        "sender": CSM,
        "reply_to": MIRA,
        "subject": "Pengesahan penutupan akaun: 账户关闭确认",
        "text": "Terima kasih, 李明.\n\n- satu\n- dua\n\n.\nA line of one dot stays.\n",
        "html": "<p>Terima kasih, 李明.</p>",
        "kind": LetterKind.CUSTOMER,
        "case_id": "case-1",
    }
    return Letter.model_validate(told | changed)


def pdf(size: int = 2000, name: str = "bukti-penutupan.pdf") -> Attachment:
    content = b64encode(b"%PDF-1.7\n" + bytes(range(256)) * (size // 256))
    return Attachment(name="final_invoice", file_name=name, media_type="application/pdf", content=content)


@pytest.fixture
def smtp(sink: MailServer, database: Database, clock: Any) -> SmtpEmail:
    return SmtpEmail(sink.at(), database, clock)


@pytest.fixture
async def foreign_sink() -> AsyncIterator[MailServer]:
    """A server that takes addresses in every script."""
    async with mail_server(enable_SMTPUTF8=True) as server:
        yield server


class TestWhatTheCustomerGets:
    async def test_text_hypertext_and_files(self, smtp: SmtpEmail, sink: MailServer) -> None:  # OFFB-22
        await smtp.send(letter(attachments=(pdf(), pdf(name="发票 2291.pdf"))), KEY)
        (mail,) = sink.mails
        assert sink.to == ["li@customer.example"]
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n") == letter().text
        assert html.get_content().strip() == letter().html
        files = {file.get_filename(): file.get_content() for file in mail.iter_attachments()}
        assert list(files) == ["bukti-penutupan.pdf", "发票 2291.pdf"]
        assert files["bukti-penutupan.pdf"] == pdf().content

    async def test_it_comes_from_a_person_whom_an_answer_reaches(self, smtp: SmtpEmail, sink: MailServer) -> None:
        await smtp.send(letter(), KEY)
        (mail,) = sink.mails
        assert mail["From"] == "Mira Tan <care@house.example>"
        assert mail["Reply-To"] == "Mira Tan <mira@house.example>"
        assert mail["Subject"] == letter().subject

    @pytest.mark.parametrize("name", NAMES)
    async def test_names_and_subjects_arrive_as_they_are_written(
        self, smtp: SmtpEmail, sink: MailServer, name: str
    ) -> None:
        await smtp.send(letter(to=Mailbox(address="li@customer.example", name=name), subject=f"Untuk {name}"), KEY)
        (mail,) = sink.mails
        assert [(one.display_name, one.addr_spec) for one in mail["To"].addresses] == [(name, "li@customer.example")]
        assert mail["Subject"] == f"Untuk {name}"
        head = sink.raw[0].partition(b"\r\n\r\n")[0]
        assert head.isascii()
        assert max(map(len, head.split(b"\r\n"))) <= 78

    async def test_the_letters_of_a_case_are_one_thread(self, smtp: SmtpEmail, sink: MailServer) -> None:
        first = await smtp.send(letter(), "case-1/first/send")
        await smtp.send(letter(in_reply_to=first.id), "case-1/second/send")
        opening, answer = sink.mails
        assert opening["Message-ID"] == f"<{message_id('case-1/first/send', CSM)}>"
        assert opening["In-Reply-To"] is opening["References"] is None
        assert answer["In-Reply-To"] == answer["References"] == opening["Message-ID"]

    async def test_a_long_domain_breaks_no_thread(self, smtp: SmtpEmail, sink: MailServer) -> None:
        sender = Mailbox(address=f"care@{'long-' * 11}name.example")
        first = await smtp.send(letter(sender=sender), "case-1/first/send")
        await smtp.send(letter(sender=sender, in_reply_to=first.id, unsubscribe=True), "case-1/second/send")
        assert f"In-Reply-To: <{first.id}>".encode() in sink.raw[1]

    async def test_notices_of_one_case_to_the_team_are_one_thread_of_their_own(
        self, smtp: SmtpEmail, sink: MailServer
    ) -> None:
        for key, case in (("a", "case-1"), ("b", "case-1"), ("c", "case-2")):
            await smtp.send(letter(kind=LetterKind.STAFF, case_id=case), key)
        one, same, other = (mail["References"] for mail in sink.mails)
        assert one == same != other

    async def test_a_machine_says_that_it_is_one(self, smtp: SmtpEmail, sink: MailServer) -> None:
        await smtp.send(letter(automatic=True), "a")
        await smtp.send(letter(), "b")
        assert [mail["Auto-Submitted"] for mail in sink.mails] == ["auto-generated", None]

    async def test_only_what_one_may_do_without_can_be_unsubscribed(self, smtp: SmtpEmail, sink: MailServer) -> None:
        await smtp.send(letter(unsubscribe=True), "value")
        await smtp.send(letter(), "closure")
        value, closure = (mail["List-Unsubscribe"] for mail in sink.mails)
        assert value == "<mailto:mira@house.example?subject=No%20more%20of%20these%20letters%2C%20please>"
        assert closure is None

    async def test_ten_megabytes_arrive_whole(self, smtp: SmtpEmail, sink: MailServer) -> None:
        large = pdf(10 * 1024 * 1024)
        await smtp.send(letter(attachments=(large,)), KEY)
        (file,) = sink.mails[0].iter_attachments()
        assert file.get_content() == large.content


class TestAddresses:
    async def test_a_domain_in_another_script_is_written_as_the_name_system_knows_it(
        self, smtp: SmtpEmail, sink: MailServer
    ) -> None:
        await smtp.send(letter(to=Mailbox(address="li@例子.example")), KEY)
        assert sink.to == ["li@xn--fsqu00a.example"]

    async def test_a_mailbox_in_another_script_goes_to_a_server_that_takes_it(
        self, foreign_sink: MailServer, database: Database
    ) -> None:
        smtp = SmtpEmail(foreign_sink.at(), database)
        await smtp.send(letter(to=Mailbox(address="李明@customer.example", name="李明")), KEY)
        assert foreign_sink.to == ["李明@customer.example"]
        assert "李明".encode() in foreign_sink.raw[0]

    async def test_and_a_person_is_told_where_the_server_does_not(self, smtp: SmtpEmail, sink: MailServer) -> None:
        with pytest.raises(PermanentFault, match="an address in plain letters") as refused:
            await smtp.send(letter(to=Mailbox(address="李明@customer.example")), KEY)
        assert "李明" not in refused.value.sentence
        assert sink.raw == []


class TestNothingIsSmuggled:
    @pytest.mark.parametrize(
        "smuggled",
        [
            {"subject": "Hi\r\nBcc: all@customer.example"},
            {"subject": "Hi\nBcc: all@customer.example"},
            {"in_reply_to": "a@b>\r\nBcc: all@customer.example"},
            {"to": Mailbox.model_construct(address="li@customer.example", name="Li\r\nBcc: all@customer.example")},
            {"reply_to": Mailbox.model_construct(address="li@customer.example", name="Li\nBcc: a@b.example")},
        ],
    )
    async def test_a_line_break_that_came_past_the_model_is_refused(
        self, smtp: SmtpEmail, sink: MailServer, smuggled: dict[str, Any]
    ) -> None:
        with pytest.raises(PermanentFault, match="no single line"):
            await smtp.send(letter().model_copy(update=smuggled), KEY)
        assert sink.raw == []

    async def test_an_encoded_word_of_their_own_making_stays_what_it_looks_like(
        self, smtp: SmtpEmail, sink: MailServer
    ) -> None:
        forged = "=?utf-8?q?a=0D=0ABcc=3A_all=40customer=2Eexample?="
        await smtp.send(letter(subject=forged, to=Mailbox(address="li@customer.example", name=forged)), KEY)
        (mail,) = sink.mails
        assert mail["Subject"] == mail["To"].addresses[0].display_name == forged.replace("=?", "= ?")

    async def test_a_letter_never_leaves_without_its_file(self, smtp: SmtpEmail, sink: MailServer) -> None:
        elsewhere = {
            "name": "final_invoice",
            "file_name": "a.pdf",
            "media_type": "application/pdf",
            "document": "inv-7",
        }
        with pytest.raises(PermanentFault, match="the file 'final_invoice' of this letter is not there"):
            await smtp.send(letter(attachments=(elsewhere,)), KEY)
        assert sink.raw == []


class TestWhatTheServerSays:
    @pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
    @pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 greylisted", "452 full"])
    async def test_a_no_for_now_is_tried_again(
        self, smtp: SmtpEmail, sink: MailServer, stage: str, answer: str
    ) -> None:
        sink.answers[stage].append(answer)
        with pytest.raises(TransientFault, match=rf"case case-1: the server puts it off \(answer {answer[:3]}\)"):
            await smtp.send(letter(), KEY)
        assert not (await smtp.send(letter(), KEY)).replayed
        assert len(sink.raw) == 1

    @pytest.mark.parametrize(
        ("stage", "answer", "to_do"),
        [
            ("RCPT", "550 5.1.1 <li@customer.example> unknown", "correct the address of the contact in the CRM"),
            ("RCPT", "551 moved", "correct the address"),
            ("RCPT", "553 no", "correct the address"),
            ("DATA", "552 too large", "smaller files"),
            ("MAIL", "552 5.3.4 too large", "smaller files"),
            ("DATA", "550 looks like spam", "unwanted mail"),
            ("DATA", "554 no", "unwanted mail"),
            ("MAIL", "550 not your domain", "does not take mail from FOLLOWTHROUGH_SENDER"),
            ("RCPT", "521 no", "look the code up"),
        ],
    )
    async def test_a_final_no_goes_to_a_person_with_what_to_do(
        self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox, stage: str, answer: str, to_do: str
    ) -> None:
        sink.answers[stage].append(answer)
        with pytest.raises(PermanentFault, match=to_do) as refused:
            await OutboundGate(smtp, outbox, GateRules()).send(letter(), KEY)
        said = refused.value.sentence
        assert said.startswith(f"Email by SMTP (127.0.0.1:{sink.port}), case case-1: ")
        assert f"(answer {answer[:3]})" in said
        assert "li@customer.example" not in said
        (entry,) = await outbox.entries()
        assert (entry.state, entry.note) == (OutboxState.FAILED, said)

    async def test_a_corrected_letter_leaves_under_the_same_key(
        self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox
    ) -> None:
        gate = OutboundGate(smtp, outbox, GateRules())
        sink.answers["RCPT"].append("550 unknown")
        with pytest.raises(PermanentFault):
            await gate.send(letter(), KEY)
        await gate.send(letter(to=Mailbox(address="li.ming@customer.example")), KEY)
        assert sink.to == ["li.ming@customer.example"]
        assert [entry.state for entry in await outbox.entries()] == [OutboxState.SENT]

    async def test_a_server_that_is_down_is_tried_again(
        self, smtp: SmtpEmail, sink: MailServer, database: Database
    ) -> None:
        away = SmtpEmail(sink.at(port=1), database)
        with pytest.raises(TransientFault, match="could not be reached"):
            await away.send(letter(), KEY)
        told = await away.check()
        assert told.startswith("Email by SMTP (127.0.0.1:1): the server could not be reached")
        await smtp.send(letter(), KEY)
        assert len(sink.raw) == 1

    async def test_a_server_that_says_nothing_is_given_up_in_time(self, sink: MailServer, database: Database) -> None:
        silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(30), "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        smtp = SmtpEmail(sink.at(port=port, timeout=0.3), database)
        with pytest.raises(TransientFault, match="did not answer in time"):
            await smtp.send(letter(), KEY)
        assert "did not answer in time" in await smtp.check()
        silent.close()

    async def test_a_server_that_is_none_is_tried_again(self, sink: MailServer, database: Database) -> None:
        async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        other = await asyncio.start_server(chatter, "127.0.0.1", 0)
        smtp = SmtpEmail(sink.at(port=other.sockets[0].getsockname()[1]), database)
        with pytest.raises(TransientFault, match="no whole answer"):
            await smtp.send(letter(), KEY)
        other.close()


class TestALostAnswer:
    """DESIGN 3: where the service has no keys, an unknown outcome goes to a person."""

    @pytest.mark.parametrize("lost", [hang_up, half_an_answer])
    async def test_it_arrived_once_and_a_person_decides(
        self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox, lost: Any
    ) -> None:
        gate = OutboundGate(smtp, outbox, GateRules())
        sink.after_data.append(lost)
        for _ in range(3):
            with pytest.raises(PermanentFault, match=f"outbox settle {KEY} --arrived") as unsure:
                await gate.send(letter(), KEY)
            assert unsure.value.kind == "UnknownDelivery"
        assert len(sink.raw) == 1
        (entry,) = await outbox.entries()
        assert entry.state is OutboxState.UNSURE
        assert entry.message_id in entry.note

    async def test_one_that_arrived_is_only_noted(self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox) -> None:
        gate = OutboundGate(smtp, outbox, GateRules())
        await self._lose(gate, sink)
        await outbox.settle(KEY, arrived=True, by="usr-07")
        receipt = await gate.send(letter(), KEY)
        assert (receipt.id, receipt.replayed) == (message_id(KEY, CSM), True)
        assert len(sink.raw) == 1

    async def test_one_that_was_lost_leaves_again_as_the_same_mail(
        self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox
    ) -> None:
        gate = OutboundGate(smtp, outbox, GateRules())
        await self._lose(gate, sink)
        settled = await outbox.settle(KEY, arrived=False, by="usr-07")
        assert settled is not None
        assert settled.note == "usr-07 found out that it was lost"
        await gate.send(letter(), KEY)
        first, again = sink.mails
        assert first["Message-ID"] == again["Message-ID"]

    async def test_only_an_unsure_letter_is_settled(self, smtp: SmtpEmail, outbox: Outbox) -> None:
        await smtp.send(letter(), KEY)
        assert await outbox.settle(KEY, arrived=False, by="usr-07") is None
        assert await outbox.settle("no such key", arrived=True, by="usr-07") is None

    async def test_a_pause_does_not_cover_it_up(self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox) -> None:
        gate = OutboundGate(smtp, outbox, GateRules())
        await self._lose(gate, sink)
        await gate.pause("usr-07", "drill")
        with pytest.raises(PermanentFault, match="may have arrived"):
            await gate.send(letter(), KEY)

    async def test_a_worker_that_is_killed_while_it_hands_over_leaves_it_to_a_person(
        self, smtp: SmtpEmail, sink: MailServer, outbox: Outbox, database: Database, clock: Any
    ) -> None:
        def killed(server: Any) -> str:
            sending.cancel()
            return "250 nobody hears this"

        sink.after_data.append(killed)
        sending = asyncio.create_task(smtp.send(letter(), KEY))
        with pytest.raises(asyncio.CancelledError):
            await sending
        restarted = SmtpEmail(sink.at(), database, clock)
        with pytest.raises(TransientFault, match="another attempt"):
            await restarted.send(letter(), KEY)
        clock.at += timedelta(seconds=30)
        with pytest.raises(PermanentFault, match="may have arrived"):
            await restarted.send(letter(), KEY)
        assert len(sink.raw) == 1

    async def test_two_workers_at_once_are_one_mail(
        self, smtp: SmtpEmail, sink: MailServer, database: Database, clock: Any
    ) -> None:
        other = SmtpEmail(sink.at(), database, clock)
        results = await asyncio.gather(smtp.send(letter(), KEY), other.send(letter(), KEY), return_exceptions=True)
        assert len(sink.raw) == 1
        assert all(isinstance(one, TransientFault) or getattr(one, "id", "") for one in results)

    async def _lose(self, gate: OutboundGate, sink: MailServer) -> None:
        sink.after_data.append(hang_up)
        with pytest.raises(PermanentFault):
            await gate.send(letter(), KEY)
