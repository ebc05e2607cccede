"""Addresses of the administrators' desk, and of the page where an enterprise registers."""

from django.urls import path

from . import bodies, enterprises, imports, overview, people, proposals

app_name = "administration"
urlpatterns = [
    path("", overview.Home.as_view(), name="home"),
    path("overview/", overview.Overview.as_view(), name="overview"),
    path("proposals/", proposals.Proposals.as_view(), name="proposals"),
    path("proposals/<int:pk>/", proposals.OneProposal.as_view(), name="proposal"),
    path("propose/<slug:kind>/", proposals.Propose.as_view(), name="propose"),
    path("people/", people.People.as_view(), name="people"),
    path("people/import/", imports.Import.as_view(), name="import"),
    path("people/import/template/", imports.Template.as_view(), name="import_template"),
    path("people/<int:pk>/", people.Person.as_view(), name="person"),
    path("people/<int:pk>/keep/", people.Keep.as_view(), name="keep"),
    path("people/<int:pk>/hand-over/", people.HandOver.as_view(), name="hand_over"),
    path("bodies/", bodies.Bodies.as_view(), name="bodies"),
    path("bodies/<int:pk>/", bodies.Body.as_view(), name="body"),
    path("divisions/", bodies.Divisions.as_view(), name="divisions"),
    path("enterprises/", enterprises.Enterprises.as_view(), name="enterprises"),
    path("enterprises/enter/", enterprises.Enter.as_view(), name="enter_enterprise"),
    path("enterprises/<int:pk>/", enterprises.OneEnterprise.as_view(), name="enterprise"),
    path("register/", enterprises.Register.as_view(), name="register"),
]
