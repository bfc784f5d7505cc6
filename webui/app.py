"""The web application: pages and API over one library. It never opens a PDF or an image; workers do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from anyio import to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from corpus.graph import Graph
from corpus.store import Library
from ingest.pictures import Pictures
from search.service import Search
from webui import access, api, check_pages, failing, health, page_images, pages, review_pages, signing_in, upload_pages
from webui.body_limit import BodyLimit
from webui.counts import Counts
from webui.head_requests import AnswerHead
from webui.headers import SafeHeaders
from webui.hosts import KnownHosts
from webui.metrics import Metrics
from webui.rate_limits import Limits, RateLimits
from webui.reader import Reader
from webui.reading import pool_of
from webui.rendering import STATIC
from webui.request_log import RequestLog
from webui.settings import Settings
from webui.source import RememberingSource
from webui.timeouts import Timeouts
from webui.turns import Turns
from webui.uploads import Uploads
from webui.users import Users


def _version() -> str:
    try:
        return version("can-cu")
    except PackageNotFoundError:
        return "0"


def create_app(settings: Settings) -> FastAPI:
    """The application over ``settings.library``, which is made when there is none. Raises LibraryDamaged."""
    library = Library.open(settings.library, create=True)
    search = Search(library.folder, RememberingSource(library), settings.engine)
    pictures = Pictures(library.folder / "pictures")

    users = Users(library.folder)
    counts = Counts(library)
    draft_pool = pool_of(settings, jobs=1, writable=())  # a draft is remembered nowhere, not by OCR either
    uploads = Uploads(library, search, settings)
    whole = Search(library.folder / "signed-in", RememberingSource(Reader(library, restricted=True)), settings.engine)

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
    app.state.draft_turns = Turns(check_pages.AT_ONCE, check_pages.WAITING, check_pages.PATIENCE)
    app.state.picture_turns = Turns(page_images.AT_ONCE, page_images.WAITING, page_images.PATIENCE)
    app.state.counts = counts
    app.state.graphs = {restricted: Graph(library, include_restricted=restricted) for restricted in (False, True)}
    app.state.whole_search = whole_search
    app.state.metrics = Metrics(library, lambda: sum(not batch.done for batch in uploads.recent()))
    search.catch_up()
    failing.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(page_images.router)
    app.include_router(signing_in.router)
    app.include_router(upload_pages.router)
    app.include_router(review_pages.router)
    app.include_router(check_pages.router)
    app.include_router(health.router)
    # The last added is met first.
    app.add_middleware(RateLimits, limits=Limits.of(settings))
    app.add_middleware(access.KnowTheUser)
    app.add_middleware(BodyLimit, most=settings.max_upload_mb * 1024 * 1024, large_paths=("/nap", "/kiem-tra"))
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
    app.add_middleware(AnswerHead)
    return app
