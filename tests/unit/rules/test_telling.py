"""What a case has to tell in a letter to the customer (POST-8, SAVE-29)."""

from __future__ import annotations

from models import commands as c
from models.promise import PromiseState
from rules import telling
from tests.unit.rules.recovering import PROMISE, Recovery


def test_a_promise_is_told_with_its_owner_its_date_and_its_honest_state():  # POST-8
    r = Recovery(commitments=(PROMISE,))
    r.after(days=1)
    (promised,) = telling.told(r.case, None).promises
    assert (promised.title, promised.due, promised.state) == ("Bulk export", PROMISE.due, PromiseState.OPEN)
    r.after(days=21)
    assert telling.told(r.case, None).promises[0].state is PromiseState.BREACHED


def test_what_is_owed_no_more_is_not_told():
    r = Recovery(commitments=(PROMISE,))
    dropped = (r.case.commitments[0].model_copy(update={"state": PromiseState.DROPPED}),)
    assert telling.told(r.case.model_copy(update={"commitments": dropped}), None).promises == ()


def test_only_the_customers_own_words_are_quoted():  # TMPL-13
    r = Recovery()
    r.do(c.TagStatement(code="eval_alternatives", by="p-csm"))
    r.do(c.TagStatement(code="eval_alternatives", quote="we look around", by="p-csm"))
    assert telling.told(r.case, None).heard == ("we look around",)
