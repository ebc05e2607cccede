"""Addresses of the histories."""

from django.urls import path

from . import views

app_name = "histories"
urlpatterns = [
    path("", views.Events.as_view(), name="events"),
    path("export/", views.Export.as_view(), name="export"),
    path("verify/", views.Verify.as_view(), name="verify"),
    path("events/<int:pk>/", views.OneEvent.as_view(), name="event"),
    path("people/<int:pk>/", views.Person.as_view(), name="person"),
]
