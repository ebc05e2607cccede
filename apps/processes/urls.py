"""Addresses of the processes, among the policies they carry out."""

from django.urls import path

from apps.processes import views

app_name = "processes"
urlpatterns = [
    path("", views.Processes.as_view(), name="list"),
    path("<str:name>/", views.Process.as_view(), name="process"),
    path("<str:name>.bpmn", views.Download.as_view(), name="bpmn"),
]
