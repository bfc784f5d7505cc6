"""What must not happen on any page: console errors, dialogs, requests that fail or leave the host."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response


class Watch:
    """Collects in ``met`` what goes wrong on *page*. refusals: statuses of 400 and above that are expected."""

    def __init__(self, page: Page, address: str, refusals: set[int]) -> None:
        self.met: list[str] = []
        self._address = address
        self._refusals = refusals
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.met.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser also logs each refused address; the responses below know which of them are expected.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.met.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.met.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._address + "/", "data:")):
            self.met.append(f"request off the host: {request.url[:200]}")

    def _failed(self, request: Request) -> None:
        # A request is aborted by leaving the page, and by a download.
        if request.failure != "net::ERR_ABORTED":
            self.met.append(f"failed: {request.url[:200]} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._refusals:
            self.met.append(f"{response.status}: {response.url[:200]}")
