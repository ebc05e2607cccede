"""Addresses of the policy register."""

from django.urls import path

from apps.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.Documents.as_view(), name="documents"),
    path("enter/", views.EnterDocument.as_view(), name="enter_document"),
    path("clauses/", views.Clauses.as_view(), name="clauses"),
    path("rules/", views.Rules.as_view(), name="rules"),
    path("rules/propose/", views.Propose.as_view(), name="propose"),
    path("rules/<int:pk>/", views.RuleDetail.as_view(), name="rule"),
    path("rules/<int:pk>/approve/", views.Approve.as_view(), name="approve"),
    path("holidays/", views.Holidays.as_view(), name="holidays"),
    path("holidays/propose/", views.ProposeHolidays.as_view(), name="propose_holidays"),
    path("holidays/<int:pk>/approve/", views.ApproveHolidays.as_view(), name="approve_holidays"),
]
