"""Every request has an id, which its answer, its log line and the jobs it starts carry."""

import hmac
import ipaddress
import logging
import re
import time
import uuid

from django.conf import settings
from django.http import HttpResponseServerError
from django.template.loader import render_to_string

from apps.audit import trace
from project import logs, metrics

HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_ADDRESS = re.compile(r"[A-Za-z0-9/_-]+")
# Of these the address itself is a right, or what somebody typed off a paper.
_SECRET = {"set_password", "verify"}
_log = logging.getLogger("tuiguan.requests")


class RequestMiddleware:
    """Gives a request its id, times it, counts it, and writes the one line that tells of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with trace.under(request=_id_of(request)):
            began = time.perf_counter()
            response = self.get_response(request)
            response.headers[HEADER] = trace.request_id()
            _tell(request, response, time.perf_counter() - began)
        return response


def _id_of(request) -> str:
    # Only a proxy of ours is believed: others could pass their requests off as somebody's.
    given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def address_of(request) -> str | None:
    """Where a request comes from; a proxy of ours names it last, and what stands before it anybody may have written."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    try:
        return str(ipaddress.ip_address(forwarded.rpartition(",")[2].strip()))
    except ValueError:
        return request.META.get("REMOTE_ADDR")


def _tell(request, response, seconds: float) -> None:
    match = getattr(request, "resolver_match", None)
    acting = getattr(request, "acting", None)
    facts = {
        "method": request.method,
        "path": _address(request.path, match),
        "view": match.view_name if match else "",
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "post": acting.post.pk if acting else None,
    }
    metrics.requests.labels(facts["view"] or "none", response.status_code).observe(seconds)
    _log.info("request", extra={"facts": facts})


def _address(path: str, match) -> str:
    """The address as it may be kept: one that is not ours may be anything, a name for one."""
    told = match and match.view_name not in _SECRET and _ADDRESS.fullmatch(path)
    return logs.without_typed(path) if told else ""


def name_tried(_request, credentials) -> str:
    """Return under which name a sign-in is counted: who types his own name or number leaves a digest."""
    name = (credentials or {}).get("username") or ""
    if name.isascii() and logs.without_typed(name) == name:
        return name
    return hmac.digest(settings.SECRET_KEY.encode(), name.encode(), "sha256").hex()


def server_error(request):
    """Say that something failed, and by which id the operator finds it; no more."""
    return HttpResponseServerError(render_to_string("500.html", {"request_id": trace.request_id()}))
