"""What the documents are computed from, read from the ports; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from adapters.book.port import BookPort
from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.facts.port import FactsPort
from adapters.playbooks.port import PlaybookPort
from adapters.usage.port import UsagePort
from models.base import Utc
from models.brief import BriefFacts, Budget, Named, StatedCase
from models.brief_policy import BriefRules
from models.concession import LoadStanding
from models.facts import UsageFact
from models.offer import OfferSpec
from models.people import PersonId, RoleId, Team
from models.plan import Plan
from models.policy import Policy
from models.usage import Period
from models.value import GivenFigures, ValueFacts
from models.work import PrepareBrief
from rules import budgets


@dataclass(frozen=True)
class DocumentSources:
    """The ports that know the customer, the team and the plan."""

    crm: CrmPort
    facts: FactsPort
    usage: UsagePort
    directory: DirectoryPort
    playbooks: PlaybookPort
    book: BookPort

    async def for_brief(self, asked: PrepareBrief) -> BriefFacts:
        """All that a brief needs, of twice the days that it looks back, so that it can compare.

        Raises ``PermanentFault``: ``UnknownAccount``, ``UnknownPerson``, ``UnknownPlaybook`` or ``BadPlaybook``.
        """
        account = await self.crm.account(asked.account_id)
        reader = await self.directory.person(asked.person)
        team = (await self.crm.account_file(asked.account_id, (asked.person,))).team
        plan = await self.playbooks.load(asked.playbook)
        today = asked.at.date()
        since = today - timedelta(days=2 * plan.policy.brief.look_back_days)
        return BriefFacts(
            account=account,
            reader=Named(id=reader.id, name=reader.name),
            roles=_roles(team, asked.person, reader.roles),
            seats=team.seats,
            people=tuple(Named(id=each.id, name=each.name) for each in await self.directory.people()),
            case=StatedCase(**{name: getattr(asked, name) for name in StatedCase.model_fields}),
            signals=await self.facts.inbound(account_id=account.id),
            usage=await self._used(account.id, since, today),
            tickets=await self.facts.tickets(account.id),
            nps=await self.facts.nps(account.id),
            notes=await self.crm.notes(account.id),
            contacts=await self.crm.contacts(account.id),
            plan=plan,
            module_offers=await self._module_offers(plan, asked.root_cause),
            budget=await self.budget(reader.id, plan.policy, asked.at),
        )

    async def budget(self, person: PersonId, policy: Policy, now: Utc) -> Budget:
        """What is left of a person's budget for the quarter of ``now``, as the book has it."""
        since = budgets.quarter_start(now)
        kinds = tuple(policy.concessions.price_kinds)
        spent = (await self.book.standing(LoadStanding(person=person, quarter_start=since, price_kinds=kinds))).spent
        whole = budgets.of_quarter(policy)
        return Budget(person=person, since=since, whole=whole, left=budgets.left(policy, spent))

    async def for_value(self, account_id: str, period: Period, figures: GivenFigures, rules: BriefRules) -> ValueFacts:
        """What a value summary needs, of the period and the one before. Raises ``PermanentFault(UnknownAccount)``."""
        return ValueFacts(
            account=await self.crm.account(account_id),
            usage=await self._used(account_id, period.before.since, period.until),
            tickets=await self.facts.tickets(account_id),
            nps=await self.facts.nps(account_id),
            contacts=await self.crm.contacts(account_id),
            figures=figures,
            rules=rules,
        )

    async def measured(self, account_id: str, wanted: Period, back_days: int) -> tuple[date, ...]:
        """The days with a measure of use, in the wanted ones and so many before."""
        since = wanted.since - timedelta(days=back_days)
        return tuple(fact.day for fact in await self._used(account_id, since, wanted.until))

    async def _used(self, account_id: str, since: date, until: date) -> tuple[UsageFact, ...]:
        return tuple(fact for day in await self.usage.days(account_id, since, until) for fact in day.measures)

    async def names(self, people: Iterable[PersonId]) -> dict[PersonId, str]:
        """What those of these people are called whom the directory knows."""
        wanted = set(people)
        return {each.id: each.name for each in await self.directory.people() if each.id in wanted and each.name}

    async def _module_offers(self, plan: Plan, cause: str | None) -> tuple[OfferSpec, ...]:
        """The offers of the modules that the root cause allows."""
        rule = next((rule for rule in plan.policy.root_causes if rule.code == cause), None)
        allowed = [module for module in rule.modules if module not in rule.blocked_modules] if rule else []
        loaded = [await self.playbooks.load(module) for module in allowed]
        return tuple(offer for module in loaded for offer in module.offers)


def _roles(team: Team, person: PersonId, listed: tuple[RoleId, ...]) -> tuple[RoleId, ...]:
    """The seats that a person holds or stands in for on the account, and their roles in the directory."""
    held = tuple(seat.role for seat in team.seats if person in (seat.person, seat.deputy))
    return tuple(dict.fromkeys((*held, *listed)))
