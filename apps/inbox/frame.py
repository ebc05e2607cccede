"""What the frame around every page shows: the faces a person may open.

A face says in its AppConfig what it brings: ``navigation = ((url_name, title, kinds_or_roles), …)``.
"""

from django.apps import apps
from django.urls import reverse

ORDER = ("inbox", "portal", "histories")  # first the work, then the registers


def _place(config) -> int:
    return ORDER.index(config.label) if config.label in ORDER else len(ORDER)


def frame(request):
    """The entries of the top bar that concern the present post."""
    acting = getattr(request, "acting", None)
    if acting is None:
        return {"navigation": ()}
    entries = [
        {"url": reverse(url_name), "title": title}
        for config in sorted(apps.get_app_configs(), key=_place)
        for url_name, title, open_to in getattr(config, "navigation", ())
        if open_to is None or acting.organisation.kind in open_to or acting.role in open_to
    ]
    match = request.resolver_match
    at_root = match is not None and not match.app_name  # a page of a face without an entry is not the inbox's
    urls = [entry["url"] for entry in entries if at_root or entry["url"] != "/"]
    here = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    return {"navigation": [entry | {"here": entry["url"] == here} for entry in entries]}
