"""What Stripe is told of a subscription: until when it charges, and what its renewals cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import stripe

from adapters.billing.prorating import period_of
from adapters.billing.statement import refuse
from adapters.billing.stripe import agreed
from adapters.billing.stripe.ahead import Renewals, free_until, renewals
from adapters.billing.stripe.service import Plain, StripeService
from adapters.billing.stripe.standing import Standing, moment_of, stamp_of
from models.faults import TransientFault


class Changes:
    """Changes of a subscription. Each says how it shall be, so that it may be said again."""

    def __init__(self, service: StripeService) -> None:
        self._service = service

    def note(self, standing: Standing, notes: Sequence[agreed.Agreed], key: str) -> Standing:
        """Keep what was agreed with the subscription; the proof is that Stripe shows it."""
        given = {"metadata": agreed.written(notes)}
        # No key of Stripe's: the note says what shall be, and the moment in it differs from one attempt to the next.
        self._service.api.subscriptions.update(standing.id, given)
        after = self._service.again(standing)
        if after.agreed_under(key) is None:
            raise TransientFault(f"Stripe does not show what was noted for {key} yet; it is looked up again")
        return after

    def end(self, standing: Standing, day: date, now: datetime) -> None:
        """Charge nothing from a day on: at the end of the period, at the day, or now."""
        if standing.over:
            return
        if standing.schedule and renewals(standing.terms, standing.period_end) and day > standing.period_end:
            raise refuse(
                f"prices are agreed beyond {standing.period_end}; end at that day or before, or in Stripe by hand"
            )
        self._release(standing)
        if moment_of(stamp_of(day)) <= now:
            self._service.api.subscriptions.cancel(standing.id, {"invoice_now": False, "prorate": False})
        elif day == standing.period_end:
            self._update(standing, {"cancel_at_period_end": True})
        else:
            self._update(standing, {"cancel_at": stamp_of(day), "proration_behavior": "none"})
        after = self._service.again(standing)
        if not after.over and (after.ends_on is None or after.ends_on > day):
            raise TransientFault(f"Stripe does not show the end on {day} yet; it is looked up again")

    def go_on(self, standing: Standing) -> None:
        """Take back an end that has not come."""
        if standing.ends_on is not None:
            back = {"cancel_at_period_end": False} if standing.ends_with_period else {"cancel_at": ""}
            self._update(standing, back)
            if self._service.again(standing).ends_on is not None:
                raise TransientFault("Stripe still shows an end of the subscription; it is looked up again")

    def price(self, standing: Standing) -> None:
        """Let the renewals cost what was agreed: a pause where they are free, else a schedule of prices with its end."""
        if standing.ends_on is not None and standing.ends_on <= standing.period_end:
            return
        ahead = renewals(standing.terms, standing.period_end)
        free = free_until(ahead)
        self._update_pause(standing, free)
        if not ahead or free:
            self._release(standing)
            return
        schedule = standing.schedule or self._schedule(standing)
        found = self._service.plain(self._service.api.subscription_schedules.retrieve(schedule))
        phases = [self._current(standing, found), *(self._phase(standing, each) for each in ahead)]
        phases.append(self._phase(standing, _after(standing, ahead)))  # a released one keeps what its last phase had
        given = {"end_behavior": "release", "proration_behavior": "none", "phases": phases}
        self._service.api.subscription_schedules.update(schedule, given)

    def _update(self, standing: Standing, given: Plain) -> None:
        self._service.api.subscriptions.update(standing.id, given)

    def _update_pause(self, standing: Standing, until: date | None) -> None:
        if until:
            self._update(standing, {"pause_collection": {"behavior": "void", "resumes_at": stamp_of(until)}})
        elif standing.paused:
            self._update(standing, {"pause_collection": ""})

    def _release(self, standing: Standing) -> None:
        """End the schedule; the subscription would keep the coupon of the phase that runs, for ever."""
        if standing.schedule:
            self._service.api.subscription_schedules.release(standing.schedule)
            self._update(standing, {"discounts": ""})

    def _schedule(self, standing: Standing) -> str:
        made = self._service.api.subscription_schedules.create({"from_subscription": standing.id})
        return str(made.id)

    def _current(self, standing: Standing, schedule: Plain) -> Plain:
        """The period that runs, as it is: it was invoiced before."""
        running = schedule.get("current_phase") or schedule["phases"][0]
        phase = self._phase(standing, Renewals(starts=standing.period_end, ends=standing.period_end))
        trial = {"trial_end": standing.trial_end} if standing.trial_end else {}
        return phase | trial | {"start_date": running["start_date"]}

    def _phase(self, standing: Standing, part: Renewals) -> Plain:
        phase: Plain = {
            "items": [{"price": price, "quantity": quantity} for price, quantity in standing.items],
            "end_date": _moment_in(standing, part.ends),
            "proration_behavior": "none",
        }
        if standing.tax_rates:
            phase["default_tax_rates"] = list(standing.tax_rates)
        return phase if part.full else phase | {"discounts": [{"coupon": self._coupon(standing, part)}]}

    def _coupon(self, standing: Standing, part: Renewals) -> str:
        """The coupon that takes so much off; Stripe has each once, and the schedule gives it its end."""
        currency = standing.price.currency.lower()
        off = {"percent_off": part.pct} if part.pct else {"amount_off": part.off, "currency": currency}
        wanted = f"followthrough-{part.pct}-percent" if part.pct else f"followthrough-{part.off}-{currency}"
        given: dict[str, Any] = {"id": wanted, "duration": "forever", "name": "As agreed", **off}
        try:
            self._service.api.coupons.retrieve(wanted)
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
            self._service.make(self._service.api.coupons, given, wanted)
        return wanted


def _after(standing: Standing, ahead: tuple[Renewals, ...]) -> Renewals:
    """The first period in full again."""
    terms = standing.terms.model_copy(update={"discounts": (), "pauses": ()})
    last = ahead[-1].ends
    return Renewals(starts=last, ends=period_of(terms, last)[1])


def _moment_in(standing: Standing, day: date) -> int:
    """A renewal's moment: the day, at the time of day at which this subscription renews."""
    at = standing.period_end_at
    return stamp_of(day) + at.hour * 3600 + at.minute * 60 + at.second
