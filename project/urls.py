"""Every address of the site: each face brings its own; the inbox answers at the root."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.inbox.urls")),
    path("desk/", include("apps.portal.urls")),
    path("finance/", include("apps.finance.urls")),
    path("ledger/", include("apps.reports.urls")),
    path("histories/", include("apps.histories.urls")),
    path("policies/processes/", include("apps.processes.urls")),
    path("policies/", include("apps.policies.urls")),
    path("notices/", include("apps.notices.urls")),
    path("administration/", include("apps.administration.urls")),
    path("organisations/", include("apps.organisations.urls")),
    path("jobs/", include("apps.jobs.urls")),
    path("verify/", include("apps.documents.urls")),
]

handler500 = "project.requests.server_error"
