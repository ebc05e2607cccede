"""Every address of the site: each face brings its own."""

from importlib.util import find_spec

from django.urls import include, path

# A face has addresses as soon as it has a `urls` module; the inbox answers at the root.
FACES = {
    "inbox": "",
    "histories": "histories/",
    "policies": "policies/",
    "organisations": "organisations/",
    "reports": "ledger/",
    "portal": "desk/",
}

urlpatterns = [
    path(prefix, include(f"apps.{face}.urls"))
    for face, prefix in FACES.items()
    if find_spec(f"apps.{face}.urls") is not None
]
