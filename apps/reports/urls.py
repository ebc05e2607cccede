"""Addresses of the ledger."""

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.Ledger.as_view(), name="ledger"),
    path("export/", views.Export.as_view(), name="export"),
    path("changes/", views.Changes.as_view(), name="changes"),
    path("people/<int:pk>/", views.Person.as_view(), name="person"),
    path("people/<int:pk>/number/", views.Reveal.as_view(), name="reveal"),
]
