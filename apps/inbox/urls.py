"""The addresses of the inbox, of the case page, and of what a person sets for himself."""

from django.conf.urls.i18n import set_language
from django.urls import path

from . import account, case_page, coming, deciding, issued, paper_register, parcels, views

urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("coming/", coming.Coming.as_view(), name="coming"),
    path("claim/", views.Claim.as_view(), name="claim"),
    path("release/", views.Release.as_view(), name="release"),
    path("decide/", deciding.DecideMany.as_view(), name="decide"),
    path("decide/outcome/", deciding.ShowOutcome.as_view(), name="outcome"),
    path("cases/<str:number>/", case_page.CasePage.as_view(), name="case"),
    path("cases/<str:number>/decide/", case_page.Decide.as_view(), name="decide_case"),
    path("cases/<str:number>/papers/", case_page.Attach.as_view(), name="attach"),
    path("cases/<str:number>/papers/<int:paper>/", case_page.ReadPaper.as_view(), name="paper"),
    path("cases/<str:number>/sheets/<str:move>/", case_page.FetchSheet.as_view(), name="sheet"),
    path("cases/<str:number>/issued/<int:paper>/", issued.PaperPage.as_view(), name="issued"),
    path("cases/<str:number>/issued/<int:paper>/print/", issued.Print.as_view(), name="print"),
    path("cases/<str:number>/issued/<int:paper>/void/", issued.Void.as_view(), name="void"),
    path("cases/<str:number>/issued/<int:paper>/reissue/", issued.Reissue.as_view(), name="reissue"),
    path("papers/", paper_register.Register.as_view(), name="papers"),
    path("files/<int:pk>/", parcels.Fetch.as_view(), name="parcel"),
    path("papers/print/", paper_register.PrintMany.as_view(), name="print_many"),
    path("papers/bundles/<int:job>/", paper_register.Bundles.as_view(), name="bundles"),
    path("papers/bundles/<int:job>/<int:bundle>/", paper_register.FetchBundle.as_view(), name="bundle"),
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", account.SignOut.as_view(), name="logout"),
    path("password/<str:number>/<str:token>/", account.SetPassword.as_view(), name="set_password"),
    path("acting/", account.act_as, name="acting"),
    path("large-type/", account.large_type, name="large_type"),
    path("language/", set_language, name="set_language"),
]
