"""The public addresses of papers."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.Ask.as_view(), name="ask"),
    path("<str:code>/", views.Verify.as_view(), name="verify"),
]
