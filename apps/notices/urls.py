"""Addresses of notices."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.Notices.as_view(), name="list"),
    path("read/", views.ReadAll.as_view(), name="read"),
    path("<int:pk>/", views.Open.as_view(), name="open"),
    path("preferences/", views.Preferences.as_view(), name="preferences"),
    path("stop/<str:token>/", views.Stop.as_view(), name="stop"),
    path("deliveries/", views.Deliveries.as_view(), name="deliveries"),
]
