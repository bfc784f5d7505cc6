"""The web application: pages and API over one library. It never opens a PDF or an image; workers do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from corpus.store import Library
from ingest.pictures import Pictures
from webui import api, failing, page_images, pages
from webui.headers import SafeHeaders
from webui.rendering import STATIC
from webui.searching import open_search
from webui.settings import Settings


def _version() -> str:
    try:
        return version("can-cu")
    except PackageNotFoundError:
        return "0"


def create_app(settings: Settings) -> FastAPI:
    """The application over ``settings.library``, which is made when there is none. Raises LibraryDamaged."""
    library = Library.open(settings.library, create=True)
    search = open_search(settings, library)
    pictures = Pictures(library.folder / "pictures")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        pictures.close()
        search.close()
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
    search.catch_up()
    failing.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(page_images.router)
    app.add_middleware(SafeHeaders)
    return app
