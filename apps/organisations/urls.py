"""Addresses of the network of bodies."""

from django.urls import path

from apps.organisations import views

app_name = "organisations"
urlpatterns = [path("", views.Network.as_view(), name="network")]
