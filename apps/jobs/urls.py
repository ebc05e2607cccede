"""Addresses of background jobs."""

from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.MyJobs.as_view(), name="mine"),
    path("<int:pk>/", views.JobPage.as_view(), name="job"),
    path("<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("operator/", views.Operator.as_view(), name="operator"),
    path("operator/retry/", views.Retry.as_view(), name="retry"),
]
