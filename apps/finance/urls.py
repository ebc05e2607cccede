"""Addresses of the finance desk."""

from django.urls import path

from . import allocations, fees, views

app_name = "finance"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("fees/", fees.Fees.as_view(), name="fees"),
    path("allocations/", allocations.Allocations.as_view(), name="allocations"),
    path("<int:account>/", views.Account.as_view(), name="account"),
    path("<int:account>/charge/", views.Charge.as_view(), name="charge"),
    path("<int:account>/entries/<int:pk>/", views.EntryPage.as_view(), name="entry"),
    path("<int:account>/statements/", views.Statements.as_view(), name="statements"),
    path("<int:account>/matching/", views.Matching.as_view(), name="matching"),
    path("<int:account>/matching/all/", views.MatchAll.as_view(), name="match_all"),
    path("<int:account>/matching/rest/", views.BookRest.as_view(), name="book_rest"),
    path("<int:account>/matching/<int:line>/untake/", views.Untake.as_view(), name="untake"),
    path("<int:account>/suspense/", views.Suspense.as_view(), name="suspense"),
    path("<int:account>/suspense/<int:line>/return/", views.Return.as_view(), name="return"),
    path("<int:account>/months/", views.Months.as_view(), name="months"),
    path("<int:account>/months/<str:month>/", views.Month.as_view(), name="month"),
    path("<int:account>/months/<str:month>/sign/", views.Sign.as_view(), name="sign"),
    path("<int:account>/months/<str:month>/differences/<int:pk>/", views.Explain.as_view(), name="explain"),
]
