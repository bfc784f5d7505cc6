"""The web application: pages and API over one library. It never opens a PDF or an image; workers do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from anyio import to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from corpus.graph.graph import Graph
from corpus.library import Library
from ingest.pictures import Pictures
from search.searcher import Search
from webui.app.counts import Counts
from webui.app.document_cache import RememberingSource
from webui.app.document_reader import pool_of
from webui.app.settings import Settings
from webui.app.uploads import Uploads
from webui.app.users import Users
from webui.web import access, errors, health
from webui.web.admission import Turns
from webui.web.api import routes
from webui.web.metrics import Metrics
from webui.web.middleware.body_limit import BodyLimit
from webui.web.middleware.head_requests import AnswerHead
from webui.web.middleware.headers import SafeHeaders
from webui.web.middleware.hosts import KnownHosts
from webui.web.middleware.rate_limits import Limits, RateLimits
from webui.web.middleware.request_log import RequestLog
from webui.web.middleware.timeouts import Timeouts
from webui.web.pages import (
    check,
    documents,
    images,
    review,
    sign_in,
    upload,
)
from webui.web.rendering import STATIC


def _version() -> str:
    try:
        return version("can-cu")
    except PackageNotFoundError:
        return "0"


def create_app(settings: Settings) -> FastAPI:
    """The application over ``settings.library``, which is made when there is none. Raises LibraryDamaged."""
    library = Library.open(settings.library, create=True)
    search = Search(library.folder, RememberingSource(library.view()), settings.engine)
    pictures = Pictures(library.folder / "pictures")

    users = Users(library.folder)
    counts = Counts(library)
    draft_pool = pool_of(settings, jobs=1, writable=())  # a draft is remembered nowhere, not by OCR either
    uploads = Uploads(library, search, settings)
    whole = Search(library.folder / "signed-in", RememberingSource(library.view(restricted=True)), settings.engine)

    def whole_search() -> Search:
        """The index for the signed-in; the common one while there is no paper of restricted circulation."""
        if not counts.has_restricted():
            return search
        whole.catch_up()
        return whole

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.threads
        yield
        uploads.close()
        draft_pool.close()
        pictures.close()
        search.close()
        whole.close()
        users.close()
        library.close()

    app = FastAPI(
        title="Căn Cứ",
        description="Tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.library = library
    app.state.search = search
    app.state.pictures = pictures
    app.state.users = users
    app.state.uploads = uploads
    app.state.draft_pool = draft_pool
    app.state.draft_turns = Turns(check.AT_ONCE, check.WAITING, check.PATIENCE)
    app.state.picture_turns = Turns(images.AT_ONCE, images.WAITING, images.PATIENCE)
    app.state.counts = counts
    app.state.graphs = {restricted: Graph(library.view(restricted=restricted)) for restricted in (False, True)}
    app.state.whole_search = whole_search
    app.state.metrics = Metrics(library.view(), lambda: sum(not batch.done for batch in uploads.recent()))
    search.catch_up()
    errors.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(routes.router)
    app.include_router(documents.router)
    app.include_router(images.router)
    app.include_router(sign_in.router)
    app.include_router(upload.router)
    app.include_router(review.router)
    app.include_router(check.router)
    app.include_router(health.router)
    # The last added is met first.
    app.add_middleware(RateLimits, limits=Limits.of(settings))
    app.add_middleware(access.KnowTheUser)
    app.add_middleware(BodyLimit, most=settings.max_upload_mb * 1024 * 1024, large_paths=("/nap", "/kiem-tra"))
    app.add_middleware(
        Timeouts,
        seconds=settings.answer_seconds,
        at_once=settings.at_once,
        longer={"/kiem-tra": check.SECONDS + 60},
        waiting=max(1, settings.connections // 8),
    )
    app.add_middleware(KnownHosts, names=settings.hosts)
    app.add_middleware(SafeHeaders, https=settings.secure_cookies)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(AnswerHead)
    return app
