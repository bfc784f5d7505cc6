"""The web application: pages and API over one library. It opens no PDF and no image itself; workers do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from corpus.graph.choice import graph_of
from corpus.library import Library
from corpus.products.register import Register
from ingest.pictures import Pictures
from search.searcher import Search
from webui.app import searching, signatures
from webui.app.counts import Counts
from webui.app.document_cache import CachedSource
from webui.app.document_reader import pool_of
from webui.app.draft_pictures import DraftPictures
from webui.app.events import EventLog
from webui.app.index_following import IndexFollower, IndexLag
from webui.app.mail import Mailer, MailThread, Subscriptions
from webui.app.queue_state import QueueWatch
from webui.app.rereadings import Rereadings
from webui.app.settings import Settings
from webui.app.uploads import Uploads
from webui.app.users import Users
from webui.web import error_responses, monitoring
from webui.web.admission import AdmissionGate
from webui.web.api import document_routes, editing_routes, list_routes, relation_routes, search_routes
from webui.web.cluster_metrics import SharedParts
from webui.web.metrics import Metrics
from webui.web.middleware.body_limit import BodyLimit
from webui.web.middleware.head_requests import HeadMiddleware
from webui.web.middleware.headers import SafeHeaders
from webui.web.middleware.hosts import KnownHosts
from webui.web.middleware.rate_limits import RateLimitMiddleware, RateLimits
from webui.web.middleware.request_log import RequestLog
from webui.web.middleware.sessions import SessionMiddleware
from webui.web.middleware.timeouts import Timeouts
from webui.web.pages import (
    api_pages,
    archive_pages,
    check_pages,
    compare_pages,
    confirm_pages,
    document_pages,
    feed_pages,
    image_pages,
    list_pages,
    path_pages,
    product_pages,
    relation_pages,
    review_pages,
    revision_pages,
    search_pages,
    sign_in_pages,
    signature_pages,
    statistics_pages,
    status_pages,
    table_pages,
    take_away_pages,
    upload_pages,
)
from webui.web.rendering import STATIC
from webui.web.workers import handover
from webui.web.workers.roles import ALONE, MainProcessRoutes, Role
from webui.web.workers.shared_counts import SharedCounts

_MEGABYTE = 1024 * 1024
#: Seconds that a page waits for a database server that cannot be reached, before it is answered 503.
REACH_SECONDS = 1.0


def create_app(settings: Settings, role: Role = ALONE) -> FastAPI:
    """The application over ``settings.library``, which is made when there is none. Raises LibraryDamaged.

    role: of this process, where several serve the pages.
    """
    app = FastAPI(
        title="Căn Cứ",
        description="Tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    app.state.role = role
    _open_parts(app, settings)
    if role.is_main:
        _open_parts_of_main(app, settings)
        app.state.search.catch_up()
    error_responses.install(app)
    _add_routes(app)
    _add_middleware(app, settings)
    return app


def _version() -> str:
    try:
        return version("can-cu")
    except PackageNotFoundError:
        return "0"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    to_thread.current_default_thread_limiter().total_tokens = state.settings.threads
    with _mail(app), _index_followed(app):
        async with _handed_over(app):
            yield
    if state.role.is_main:
        for part in (state.uploads, state.rereadings, state.draft_pool, state.signature_pool, state.pictures):
            part.close()
    for part in (
        state.search,
        state.restricted_search,
        state.users,
        state.events,
        state.queue,
        state.patient_library,
        state.library,
    ):
        part.close()


@asynccontextmanager
async def _handed_over(app: FastAPI) -> AsyncIterator[None]:
    """Answers what the other processes hand over while the application runs, where there are any."""
    state = app.state
    if state.role.handed is None:
        yield
        return
    async with handover.taking(app, state.role.handed, state.restricted_search.catch_up):
        yield


@contextmanager
def _mail(app: FastAPI) -> Iterator[None]:
    """Sends mail while the application runs, where the settings name a server for it."""
    state = app.state
    if not state.settings.smtp_host or not state.role.is_main:
        yield
        return
    view = state.library.view()
    with closing(Subscriptions(state.library.folder, state.settings.store)) as subscriptions:
        mailer = Mailer(state.settings, subscriptions, state.events, state.search)
        with closing(MailThread(lambda: mailer.send(view, graph_of(view).refresh()), state.settings.mail_minutes)):
            yield


@contextmanager
def _index_followed(app: FastAPI) -> Iterator[None]:
    """Brings the index up to date with what other machines store while the application runs, where they may."""
    state = app.state
    if state.settings.store.url is None or not state.role.is_main:
        yield
        return
    with closing(IndexFollower(state.search, state.settings.index_seconds)):
        yield


def _open_parts(app: FastAPI, settings: Settings) -> None:
    """Open what requests work with, as attributes of ``app.state``."""
    store = replace(settings.store, reach_seconds=REACH_SECONDS)
    library = Library.open(settings.library, create=True, store=store)
    state = app.state
    state.settings = settings
    state.library = library
    # What works in the background waits for a database server longer than a page does.
    state.patient_library = library if store.url is None else Library.open(settings.library, store=settings.store)
    state.users = Users(library.folder, store)
    state.counts = Counts(library)
    state.events = EventLog(library.folder, store)
    state.products = {restricted: Register(library.view(restricted=restricted)) for restricted in (False, True)}
    state.graphs = {restricted: graph_of(library.view(restricted=restricted)) for restricted in (False, True)}

    sources = {flag: CachedSource(library.view(restricted=flag), graph) for flag, graph in state.graphs.items()}
    signed_in = library.folder / "signed-in"
    state.search = Search(library.folder, sources[False], settings.engine, settings.engine_address)
    state.restricted_search = Search(signed_in, sources[True], settings.engine, settings.engine_address)
    state.signed_in_search = lambda: _signed_in_search(app)
    state.trusted_roots = signatures.trusted_roots(settings.trusted_roots)
    state.queue = QueueWatch(library.folder, store)
    shared = SharedParts(library.view(), IndexLag(state.search), state.queue)
    state.metrics = Metrics(library.view(), lambda: _uploads_waiting(app), state.role.counts, [shared])
    #: Whether the server was asked to end; set by what serves the application.
    state.draining = False


def _open_parts_of_main(app: FastAPI, settings: Settings) -> None:
    """Open what only the main process works with: what it is doing, and pools of processes that read files."""
    state = app.state
    state.uploads = Uploads(state.patient_library, state.search, settings)
    state.rereadings = Rereadings(state.patient_library, state.search, settings)

    state.pictures = Pictures(state.library.folder / "pictures")
    state.picture_gate = AdmissionGate(image_pages.AT_ONCE, image_pages.WAITING, image_pages.WAIT_SECONDS)

    state.signature_pool = pool_of(settings, jobs=1, writable=())

    state.draft_pool = pool_of(settings, jobs=1, writable=())  # nothing of a draft is kept, not by OCR either
    state.draft_pictures = DraftPictures(check_pages.KEPT_SECONDS)
    state.draft_gate = AdmissionGate(check_pages.AT_ONCE, check_pages.WAITING, check_pages.WAIT_SECONDS)


def _uploads_waiting(app: FastAPI) -> int:
    return sum(not batch.done for batch in app.state.uploads.recent())


def _signed_in_search(app: FastAPI) -> Search:
    """The index for signed-in users; the common one while no document of restricted circulation is held."""
    state = app.state
    found: Search = state.search
    if state.counts.has_restricted():
        found = state.restricted_search
        if state.role.is_main:
            found.catch_up()
        elif searching.index_state(found)["behind"] != 0:
            handover.catch_up(state.role.address)  # one process writes
    return found


def _routers() -> list[APIRouter]:
    """The routers of all pages, in the order in which their routes are tried."""
    modules = (
        search_routes,
        document_routes,
        relation_routes,
        list_routes,
        editing_routes,
        search_pages,
        document_pages,
        relation_pages,
        path_pages,
        compare_pages,
        product_pages,
        list_pages,
        status_pages,
        table_pages,
        image_pages,
        sign_in_pages,
        upload_pages,
        review_pages,
        confirm_pages,
        archive_pages,
        revision_pages,
        take_away_pages,
        feed_pages,
        signature_pages,
        statistics_pages,
        api_pages,
        check_pages,
        monitoring,
    )
    return [module.router for module in modules]


def _add_routes(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in _routers():
        app.include_router(router)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add the middleware, innermost first: the one added last meets a request first."""
    role: Role = app.state.role
    counted = None if role.shared is None else SharedCounts(role.shared / "limits.db")
    app.add_middleware(RateLimitMiddleware, limits=RateLimits.of(settings), counted=counted)
    app.add_middleware(SessionMiddleware)
    app.add_middleware(BodyLimit, most=settings.max_upload_mb * _MEGABYTE, large_paths=("/nap", "/kiem-tra"))
    app.add_middleware(
        Timeouts,
        seconds=settings.answer_seconds,
        at_once=settings.at_once,
        longer={"/kiem-tra": check_pages.SECONDS + 60},
        waiting=max(1, settings.connections // 8),
    )
    app.add_middleware(KnownHosts, names=settings.hosts)
    app.add_middleware(SafeHeaders, https=settings.secure_cookies)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(HeadMiddleware)
    if role.address is not None and not role.is_main:
        app.add_middleware(handover.HandOver, address=role.address, routes=MainProcessRoutes(_routers()))
