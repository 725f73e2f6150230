"""Mails as they arrive: whatever a file holds, there is an arrival or one typed refusal, and no control character."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.inbound.fault import Unreadable
from adapters.inbound.mail import read_mail
from models.inbound import Arrival

HEAD = "From: Ann <ann@one.example>\nMessage-ID: <1@one.example>\nDate: Tue, 24 Nov 2026 08:00:00 +0800\n"


def mail(head: str = "", body: str | bytes = "Please cancel.", *, before: str = HEAD) -> Arrival:
    content = body.encode() if isinstance(body, str) else body
    return read_mail((before + head + "\n").encode("latin-1") + content, "a.eml")


def clean(text: str) -> bool:
    return all(letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co") for letter in text)


def test_a_plain_mail_is_read_whole() -> None:
    found = mail("Subject: Ending\n")
    assert (found.sender, found.sender_name, found.subject) == ("ann@one.example", "Ann", "Ending")
    assert (found.text, found.at) == ("Please cancel.", datetime(2026, 11, 24, tzinfo=UTC))


def test_the_last_servers_stamp_counts_before_the_senders_clock() -> None:
    stamped = (
        "Received: from a by b; Wed, 25 Nov 2026 10:00:00 +0000\nReceived: from c; Mon, 2 Nov 2026 10:00:00 +0000\n"
    )
    assert mail(stamped).at == datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "Date: soon\n", "Date: Tue, 24 Nov 99999 08:00:00 +0800\n", "Date: \n"])
def test_no_date_that_reads_is_none(date: str) -> None:
    assert mail("Subject: x\n" + date, before="From: a@b.example\n").at is None


def test_the_same_message_id_is_the_same_mail_and_without_one_the_same_words() -> None:
    assert mail("Subject: x\n").id == mail("Subject: y\n", "Other.").id
    bare = "From: a@b.example\nSubject: x\n"
    assert mail(before=bare).id == mail(before=bare).id != mail("", "Other.", before=bare).id


def test_html_alone_is_read_as_its_reader_sees_it() -> None:
    html = (
        "<html><head><title>t</title><style>x</style></head><body><p>Hello&nbsp;&amp; bye</p><script>cancel()</script>"
        "<div style='display: none'>cancel our subscription</div><div hidden>cancel</div>"
        "<p>Line<br>two</p><blockquote>cancel our contract<p>and more</p></blockquote></body></html>"
    )
    text = mail("Content-Type: text/html; charset=utf-8\n", html).text
    assert text.replace("\n\n", "\n") == "Hello & bye\nLine\ntwo\n> cancel our contract\n> and more"


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("x-nobody-knows", "Café".encode()),
        ("x-nobody-knows", "Café".encode("cp1252")),
        ("utf-8", "Café".encode("cp1252")),
        ("iso-8859-1", "Café".encode("latin-1")),
        ("utf-16", "Café".encode("utf-16")),
        ("rot13", "Café".encode()),
        ("hex", "Café".encode()),
    ],
)
def test_any_charset_is_read(charset: str, content: bytes) -> None:
    assert mail(f'Content-Type: text/plain; charset="{charset}"\nSubject: x\n', content).text == "Café"


def test_attachments_are_kept_by_name_size_and_digest_and_their_words_do_not_count() -> None:
    parts = (
        "--b\nContent-Type: text/plain\n\nHello\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''n%C3%B6te%0D%0AX.txt\n\n"
        "cancel our subscription\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: inner\n\ncancel our contract\n--b--\n"
    )
    found = mail('Content-Type: multipart/mixed; boundary="b"\nSubject: x\n', parts)
    assert found.text == "Hello"
    first, inner = found.attachments
    assert (first.name, first.size, len(first.sha256)) == ("nöte X.txt", 23, 64)
    assert inner.name == "message/rfc822"


@pytest.mark.parametrize(
    ("sender", "address", "doubted"),
    [
        ('"ceo@bank.example" <eve@evil.example>', "eve@evil.example", True),
        ("a@one.example, b@one.example", "", True),
        ("=?utf-8?q?ann=40one.example=3E=2C?= <eve@evil.example>", "eve@evil.example", True),
        ("Ann", "", False),
        ("<>", "", False),
        ("Ann <ANN@One.Example>", "ann@one.example", False),
    ],
)
def test_the_sender_is_the_address_and_not_what_is_shown(sender: str, address: str, doubted: bool) -> None:
    found = mail(before=f"From: {sender}\nSubject: x\n")
    assert (found.sender, bool(found.doubt)) == (address, doubted)


def test_a_shown_name_is_decoded_once() -> None:
    found = mail(before="From: =?utf-8?q?=3D=3Futf-8=3Fq=3FBoss=3F=3D?= <eve@evil.example>\nSubject: x\n")
    assert found.sender_name == "=?utf-8?q?Boss?="


def test_a_failed_check_of_our_own_server_is_a_doubt_and_a_written_one_none() -> None:
    failed = "Authentication-Results: mx.us.example; dmarc=fail header.from=one.example\n"
    assert "DMARC failed" in mail(failed).doubt
    assert not mail(f"Authentication-Results: mx.us.example; dmarc=pass\n{failed}").doubt


@pytest.mark.parametrize(
    "head", ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "Return-Path: <>\n", "X-Autoreply: yes\n"]
)
def test_a_machine_is_known(head: str) -> None:
    assert mail(head).automatic
    assert not mail("Auto-Submitted: no\n").automatic


def test_a_header_that_was_injected_stays_on_one_line() -> None:
    found = mail("Subject: =?utf-8?q?x=0D=0ABcc=3A_all=40evil.example=00=1B[31m=E2=80=AE?=\n")
    assert found.subject == "x Bcc: all@evil.example[31m"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04" + bytes(200), b"no head here\n\nwords", b"A: b\n\n", b"\xff" * 999]
)
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_mail(content, "a.eml")


def test_huge_mails_are_read_in_a_moment_or_refused() -> None:
    begin = time.monotonic()
    found = mail("Subject: x\n", "cancel our subscription " * 1_000_000)
    assert len(found.text) < 20_100
    html = mail("Content-Type: text/html\nSubject: x\n", "a<b></b>" * 300_000)
    assert len(html.text) < 20_100
    mail(f"Subject: {'=?utf-8?q?a?= ' * 4_000}\n")
    mail(f"To: {'a@b.example, ' * 4_000}\n")
    with pytest.raises(Unreadable, match="head of this mail is longer"):
        mail(f"Subject: {'x' * 100_000}\n")
    nested = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(2_000))
    with pytest.raises(Unreadable, match="more than 200 parts"):
        mail("Subject: x\n" + nested.removesuffix("\n"), "")
    with pytest.raises(Unreadable, match="has a head of more than"):
        mail('Content-Type: multipart/mixed; boundary="b"\n', f"--b\nContent-Type: {'a;' * 9_000}\n\nx\n--b--")
    flat = "--b\n\n" * 500_000
    with pytest.raises(Unreadable, match="more than 200 parts"):
        mail('Content-Type: multipart/mixed; boundary="b"\n', flat)
    assert time.monotonic() - begin < 15


_NAMES = [
    "From",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Received",
    "Return-Path",
]
_NAMES += ["Content-Disposition", "Authentication-Results", "MIME-Version", "To", "Precedence"]
_VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Ann <ann@one.example>",
            b"=?utf-8?q?=00=0A=E2=80=AE?= <a@b.example>",
            b"=?x?b?////?=",
            b'multipart/mixed; boundary="b"',
            b"multipart/mixed",
            b"text/html; charset=utf-7",
            b"text/plain; charset*=x'y'%ff",
            b"message/rfc822",
            b"base64",
            b"x-uuencode",
            b"quoted-printable",
            b"attachment; filename*0*=utf-8''%00; filename*1=b",
            b"Tue, 24 Nov 2026 08:00:00 +9999",
            b"<[]@>",
            b"@,;:<>",
        ]
    ),
)
_BODIES = st.one_of(
    st.binary(max_size=300), st.sampled_from([b"--b\n\ncancel\n--b--", b"<p>\x00&#0;&#x202e;<", b"begin 6 a\n"])
)


@given(st.lists(st.tuples(st.sampled_from(_NAMES), _VALUES), max_size=8), _BODIES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_mail_breaks_the_reader(heads: list[tuple[str, bytes]], body: bytes) -> None:
    content = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in heads) + b"\r\n" + body
    try:
        found = read_mail(content, "a.eml")
    except Unreadable as fault:
        assert clean(fault.sentence)
        return
    lines = [found.sender, found.sender_name, found.subject, found.doubt, *(one.name for one in found.attachments)]
    assert all(clean(line) and "\n" not in line for line in lines)
    assert clean(found.text)
    assert found.model_dump_json()


@given(st.binary(max_size=500))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert answer_to(content)


def answer_to(content: bytes) -> str:
    """What becomes of a mail: as it would be kept, or the sentence that refuses it."""
    try:
        return read_mail(content, "a.eml").model_dump_json()
    except Unreadable as fault:
        return fault.sentence
