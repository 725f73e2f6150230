"""The parts of an instance, opened by its settings: what ``worker`` and ``starter`` work with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from activities import Activities
from activities.access import AccessActivities
from activities.answering import AnsweringActivities
from activities.beginning import BeginningActivities
from activities.billing import BillingActivities
from activities.book import BookActivities
from activities.closing import ClosingActivities
from activities.crm import CrmActivities
from activities.documents import DocumentActivities
from activities.erasure import ErasureActivities
from activities.exports import ExportActivities
from activities.judging import Judge
from activities.messages import MessageActivities
from activities.notices import NoticeActivities
from activities.outreach import Outreach
from activities.pages import PageActivities
from activities.plans import PlanActivities
from activities.reviewing import ReviewActivities
from activities.sweep_news import SweepNews
from activities.sweeping import SweepActivities
from activities.tickets import TicketActivities
from adapters.access.port import AccessPort
from adapters.alerts.embedded import EmbeddedAlerts
from adapters.alerts.port import AlertsPort
from adapters.billing.port import BillingPort
from adapters.book.embedded import EmbeddedBook
from adapters.book.port import BookPort
from adapters.chat.before_mail import ChatBeforeMail
from adapters.chat.port import ChatPort
from adapters.crm.port import CrmPort
from adapters.database import Database, check_migrated, open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.directory.port import DirectoryPort
from adapters.documents.embedded import EmbeddedDocuments
from adapters.documents.pages import Pages
from adapters.documents.port import DocumentsPort
from adapters.documents.reading import DocumentSources
from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox
from adapters.erasure.certificates import Certificates
from adapters.erasure.ledger import EmbeddedErasureLedger
from adapters.erasure.port import ErasableStore, ErasureLedger
from adapters.erasure.stores import embedded_stores
from adapters.exports.embedded import EmbeddedExports
from adapters.exports.port import ExportsPort
from adapters.facts.embedded import EmbeddedFacts
from adapters.facts.port import FactsPort
from adapters.health.embedded import HEALTH, EmbeddedHealth
from adapters.health.port import HealthPort
from adapters.inbound.embedded import EmbeddedInbox
from adapters.inbound.port import InboxPort
from adapters.incidents.embedded import EmbeddedIncidents
from adapters.incidents.port import IncidentsPort
from adapters.invoices.embedded import Party, PrintedInvoices
from adapters.invoices.port import InvoicesPort
from adapters.letters.embedded import EmbeddedLetters
from adapters.letters.port import LettersPort
from adapters.playbooks.folder import FolderPlaybooks
from adapters.playbooks.port import PlaybookPort
from adapters.product_data.sql import SqlProductData
from adapters.reviews.comparing import Comparing
from adapters.reviews.reading import ReviewSources
from adapters.stream.embedded import EmbeddedStream
from adapters.stream.port import StreamPort
from adapters.sweeps.embedded import EmbeddedSweeps
from adapters.sweeps.port import SweepsPort
from adapters.usage.embedded import USAGE, EmbeddedUsage
from adapters.usage.port import UsagePort
from adapters.watch.embedded import SWEEPS, EmbeddedWatch
from adapters.watch.port import WatchPort
from adapters.webhooks.outgoing import OutgoingEvents
from adapters.webhooks.port import EndpointPort, OutgoingPort, ReceivedPort
from adapters.webhooks.received import ReceivedEvents
from models.letter import Mailbox
from parts.access import access_service
from parts.billing import billing_service
from parts.chat import chat_service
from parts.crm import crm_service, watch_with, with_crm
from parts.email import mail_service
from parts.files import archive_store
from parts.webhooks import Readers, endpoint, readers
from settings import Settings


@dataclass(frozen=True)
class Parts:
    """One adapter per port."""

    database: Database
    directory: DirectoryPort
    crm: CrmPort
    facts: FactsPort
    usage: UsagePort
    stream: StreamPort
    outbox: Outbox
    email: OutboundGate
    chat: ChatPort | None
    letters: LettersPort
    billing: BillingPort
    book: BookPort
    playbooks: PlaybookPort
    documents: DocumentsPort
    incidents: IncidentsPort
    inbox: InboxPort
    pages: Pages
    access: AccessPort
    exports: ExportsPort
    invoices: InvoicesPort
    stores: tuple[ErasableStore, ...]
    certificates: Certificates
    erasures: ErasureLedger
    health: HealthPort
    alerts: AlertsPort
    sweeps: SweepsPort
    watch: WatchPort
    outgoing: OutgoingPort
    endpoint: EndpointPort | None
    received: ReceivedPort
    readers: Readers

    def sources(self) -> DocumentSources:
        """What documents are computed from."""
        return DocumentSources(self.crm, self.facts, self.usage, self.directory, self.playbooks, self.book)

    def reviewed(self) -> ReviewSources:
        """What reviews are made of."""
        ports = (self.crm, self.directory, self.book, self.playbooks, self.health, self.alerts, self.outbox)
        comparing = Comparing(self.crm, self.book, self.billing, self.access)
        return ReviewSources(*ports, self.incidents, comparing)

    def judge(self) -> Judge:
        """What judges the accounts."""
        return Judge(self.watch, self.usage, self.health, self.alerts, self.playbooks)

    def activities(self) -> Activities:
        """Everything that a worker can do with these parts."""
        return Activities(
            plans=PlanActivities(self.playbooks),
            book=BookActivities(self.book),
            crm=CrmActivities(self.crm, self.directory, self.book),
            notices=NoticeActivities(self.letters, self.email, self.directory, self.crm),
            messages=MessageActivities(self.letters, self.email),
            billing=BillingActivities(self.billing),
            documents=DocumentActivities(self.sources(), self.pages, self.documents),
            pages=PageActivities(self.sources(), self.pages, self.documents, self.letters),
            tickets=TicketActivities(self.facts),
            access=AccessActivities(self.access),
            closing=ClosingActivities(self.crm, self.billing, self.access),
            exports=ExportActivities(self.exports),
            erasure=ErasureActivities(self.stores, self.certificates, self.erasures, self.crm),
            sweeping=SweepActivities(
                self.judge(),
                self.alerts,
                self.sweeps,
                SweepNews(self.letters, self.email, self.directory, self.playbooks),
            ),
            reviewing=ReviewActivities(self.reviewed(), self.pages, self.documents),
            beginning=BeginningActivities(self.reviewed()),
            answering=AnsweringActivities(
                self.alerts,
                self.facts,
                self.crm,
                self.book,
                self.playbooks,
                Outreach(self.letters, self.email, self.crm),
            ),
        )


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """The parts by the settings, closed at the end. Raises ``PermanentFault`` for a database that is not migrated."""
    await check_migrated(settings.database)
    database = open_database(settings.database)
    try:
        yield _parts(settings, database)
    finally:
        await database.close()


def _parts(settings: Settings, database: Database) -> Parts:
    directory = EmbeddedDirectory(database)
    crm = crm_service(settings, database, directory)
    outbox = Outbox(database)
    rules = GateRules(allow=settings.allow_list or None, per_hour=settings.send_cap_per_hour)
    product = SqlProductData(settings.product_data)
    exports = _exports(settings, database, product, crm)
    usage, health = EmbeddedUsage(settings.home / USAGE), EmbeddedHealth(settings.home / HEALTH)
    sender = Mailbox(name=settings.company_name, address=settings.sender)
    messages, billing = settings.playbooks / "messages", billing_service(settings, database)
    invoices = PrintedInvoices(billing, crm, messages, _supplier(settings))
    chat, mail = chat_service(settings, database), mail_service(settings, database)
    told = bool(settings.webhook_url)
    return Parts(
        database=database,
        directory=directory,
        crm=crm,
        facts=EmbeddedFacts(database),
        usage=usage,
        stream=EmbeddedStream(database),
        outbox=outbox,
        email=OutboundGate(ChatBeforeMail(chat, mail) if chat else mail, outbox, rules),
        chat=chat,
        letters=EmbeddedLetters(database, directory, crm, exports, invoices, messages, sender, settings.download_page),
        billing=billing,
        book=EmbeddedBook(database, announces=told),
        playbooks=FolderPlaybooks(settings.playbooks),
        documents=EmbeddedDocuments(database),
        incidents=EmbeddedIncidents(database),
        inbox=EmbeddedInbox(database),
        pages=Pages(messages),
        access=access_service(settings, database),
        exports=exports,
        invoices=invoices,
        stores=with_crm(crm, embedded_stores(database, exports, product, (usage, health))),
        certificates=Certificates(settings.home / "certificates", messages, directory, crm, _supplier(settings)),
        erasures=EmbeddedErasureLedger(database),
        health=health,
        alerts=EmbeddedAlerts(database, announces=told),
        sweeps=EmbeddedSweeps(database),
        watch=watch_with(crm, EmbeddedWatch(database, usage, health, settings.home / SWEEPS)),
        outgoing=OutgoingEvents(database),
        endpoint=endpoint(settings),
        received=ReceivedEvents(database),
        readers=readers(billing, crm),
    )


def _exports(settings: Settings, database: Database, product: SqlProductData, crm: CrmPort) -> EmbeddedExports:
    folder = settings.home / "exports"
    store = archive_store(settings, folder)
    messages, lasts = settings.playbooks / "messages", settings.link_lasts
    return EmbeddedExports(database, product, crm, folder, messages, store=store, link_lasts=lasts)


def _supplier(settings: Settings) -> Party:
    """The company of the instance, as invoices and certificates show it."""
    return Party(
        name=settings.company_name,
        known_by=settings.sender,
        address=settings.company_address,
        tax_number=settings.company_tax_number,
    )
