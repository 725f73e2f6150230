"""What of a mail its sender wrote themselves."""

from __future__ import annotations

import pytest

from rules.inbound.quoting import is_answer, own_words
from tests.unit.rules.inbound.rules import SHIPPED

QUOTED = "cancel our subscription"


@pytest.mark.parametrize(
    "below",
    [
        f"> {QUOTED}",
        f"On Mon, 23 Nov 2026 at 10:02, Sam <sam@example.com> wrote:\n\n{QUOTED}",
        f"On Mon, 23 Nov 2026 at 10:02, Sam Something-Long <sam@example.com>\nwrote:\n\n> {QUOTED}",
        f"Pada Isn, 23 Nov 2026 pada 10:02 PG, Ali <ali@example.com>\nmenulis:\n> {QUOTED}",
        f"Pada Sen, 23 Nov 2026 pukul 10.02 Budi <budi@example.com> menulis:\n{QUOTED}",
        f"-----Original Message-----\nFrom: Sam\n{QUOTED}",
        f"----- Mesej Asal -----\n{QUOTED}",
        f"-------- Pesan Asli --------\n{QUOTED}",
        f"From: Sam <sam@example.com>\nSent: Monday\nTo: us\nSubject: x\n{QUOTED}",
        f"*Dari:* Budi <budi@example.com>\n*Dikirim:* Senin\n{QUOTED}",
        f"Daripada: Ali\nDihantar: Isnin\n{QUOTED}",
        f"-- \nSam, {QUOTED}",
    ],
)
def test_quotations_and_signatures_are_the_words_of_others(below: str) -> None:
    assert own_words(f"Thank you, see you on Thursday.\n\n{below}", SHIPPED.quotes) == "Thank you, see you on Thursday."


def test_what_stands_between_quoted_lines_is_the_senders_own() -> None:
    text = "> Do you want to stay?\nNo.\n> Shall we cancel?\nYes, please."
    assert own_words(text, SHIPPED.quotes) == "No.\nYes, please."


@pytest.mark.parametrize(
    "line", ["On Monday we wrote to you: no answer.", "To: be clear, we go.", "-- not a signature"]
)
def test_a_line_that_only_looks_like_it_stays(line: str) -> None:
    assert own_words(f"Hello,\n{line}\nBye", SHIPPED.quotes) == f"Hello,\n{line}\nBye"


@pytest.mark.parametrize("subject", ["Re: x", "RE : x", "Fwd: x", "FW: x", "Bls: x", "Balas: x", "Re[2]: x"])
def test_the_subject_of_an_answer_is_anothers(subject: str) -> None:
    assert is_answer(subject, SHIPPED.quotes)


@pytest.mark.parametrize("subject", ["Cancel", "Reminder: cancel", "", "Regarding: us"])
def test_other_subjects_are_the_senders(subject: str) -> None:
    assert not is_answer(subject, SHIPPED.quotes)
