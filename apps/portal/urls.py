"""Addresses of the enterprise desk."""

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.Desk.as_view(), name="desk"),
    path("template/", views.Template.as_view(), name="template"),
    path("<str:number>/roster/", views.Roster.as_view(), name="roster"),
    path("<str:number>/roster/leave-out/", views.LeaveOut.as_view(), name="leave_out"),
    path("<str:number>/roster/faults/", views.FaultBook.as_view(), name="fault_book"),
]
