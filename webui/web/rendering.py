"""Pages from templates. Every value is escaped; only :func:`marked` and :mod:`webui.app.text_pages` make markup."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from webui.app import effect_words, labels
from webui.web import menu

HERE = Path(__file__).parent
#: What :func:`quote_plus` leaves as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")
STATIC = HERE / "static"


@cache
def static_url(name: str) -> str:
    """The address of a static file with the hash of its content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def marked(text: str, ranges: Iterable[Sequence[int]]) -> Markup:
    """*text* escaped, with the [start, end) *ranges* (in order, not overlapping) inside ``<mark>``."""
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return Markup("".join(parts))


def address(path: str, **parameters: Any) -> str:
    """*path* with the parameters that have a value; lists are repeated."""
    given: list[str] = []
    for name, value in parameters.items():
        if value not in (None, "", [], False):
            several = value if isinstance(value, list | tuple) else [value]
            given += [f"{_quoted(name)}={_quoted(str(one))}" for one in several]
    return f"{path}?{'&'.join(given)}" if given else path


def _quoted(text: str) -> str:
    """*text* within a query; most of it is short and plain, and stays as it is."""
    return text if _PLAIN.fullmatch(text) else quote_plus(text)


def _number(value: int) -> str:
    """``12345`` → ``12.345``, as Vietnamese writes it."""
    return f"{value:,}".replace(",", ".")


@lru_cache(20_000)
def _escaped(text: str) -> str:
    return str(escape(text))


def facet_items(values: Sequence[Mapping[str, Any]]) -> Markup:
    """Values of a facet as items of a list: a page may have several hundred, so they are made at once."""
    if not values:
        return Markup("")
    urls = str(escape("\n".join(one["url"] for one in values))).split("\n")  # no address has a line break
    chosen = {False: "", True: ' class="chosen" aria-current="true"'}
    items = [
        f'<li><a href="{url}"{chosen[one["chosen"]]}>{_escaped(one["label"])}</a>'
        f' <span class="count">{_number(one["count"])}</span></li>\n'
        for url, one in zip(urls, values, strict=True)
    ]
    return Markup("".join(items))


#: What ``value.name`` means of a dict itself, whatever its keys.
_OF_DICTS = frozenset(dir(dict))


class _Templates(Environment):
    """Jinja's environment, in which ``value.key`` of a dict is found at once.

    Jinja looks for an attribute first, and pages ask for thousands of keys. The meaning is the same.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        """See :meth:`jinja2.Environment.getattr`."""
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def templates() -> Environment:
    """The environment of all templates."""
    made = _Templates(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        ngay=labels.date_text,
        so=_number,
        mark=marked,
        quan_he=lambda relation: labels.RELATIONS.get(relation, relation),
        khac_nhau=labels.conflict_text,
        ngay_trong=labels.dates_in,
    )
    made.globals.update(
        static=static_url, address=address, labels=labels, grouped=effect_words.grouped, facet_items=facet_items
    )
    made.globals.update(head_links=menu.head_links, foot_links=menu.foot_links)
    return made


def page(request: Request, template: str, /, status_code: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, which is also given ``request``, ``settings`` and ``user``."""
    user = getattr(request.state, "user", None)
    found = templates().get_template(template)
    body = found.render(request=request, settings=request.app.state.settings, user=user, **values)
    return HTMLResponse(body, status_code=status_code, headers={"Cache-Control": "no-cache"})
