"""财政专户: the account, the bank's files, whose money it is, what waits, and the months two sides sign."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from apps.audit.models import Event
from apps.audit.streams import now
from apps.cases.models import Case
from apps.documents.models import Paper
from apps.engine import registry
from apps.engine.door import Refused
from apps.exchange import roster, statements
from apps.fees import matching, suspense
from apps.fees.models import FeeAssessment, Match
from apps.inbox.acting import ActingRequired, note_reading
from apps.inbox.sight import issued_to
from apps.inbox.views import page_of
from apps.organisations.choices import Level, Role
from apps.treasury import journal, months, offices
from apps.treasury.models import Difference, Entry, Reconciliation, SpecialAccount, Statement, StatementLine

from . import book, chart
from .fees import KINDS
from .forms import ChargeForm, PeriodFilter, PrepareForm, ReturnForm, StatementForm, month_of


class AccountRequired(ActingRequired):
    """A view of one account, for whoever may read it; nothing is there for anybody else."""

    def account(self) -> SpecialAccount:
        account = get_object_or_404(offices.seen_by(self.request.acting), pk=self.kwargs["account"])
        note_reading(self.request, "read_account", unit=account.name)
        return account

    def shared(self, account: SpecialAccount, here: str) -> dict:
        """What every page of an account shows: where one is, and what this post does here."""
        acting = self.request.acting
        own = acting.organisation.pk == account.finance_id
        return {
            "account": account,
            "here": here,
            "officer": own and acting.role == Role.FISCAL_OFFICER,
            "reviewer": own and acting.role == Role.FISCAL_REVIEWER,
        }

    def attempt(self, act, said=lambda done: ""):
        """Try an act; say what came of it, or why it was refused."""
        try:
            done = act()
        except Refused as refused:
            messages.error(self.request, "\n".join(refused.sentences))
            return None
        if words := said(done):
            messages.success(self.request, words)
        return done


class Home(ActingRequired, TemplateView):
    """The accounts a post may read; of a single one its page."""

    template_name = "finance/home.html"

    def get(self, request):
        if request.acting.organisation.kind not in KINDS:
            raise Http404
        accounts = list(book.with_balance(offices.seen_by(request.acting)))
        if len(accounts) == 1:
            return redirect("finance:account", accounts[0].pk)
        for account in accounts:
            note_reading(request, "read_account", unit=account.name)
        told = book.course(accounts, timezone.localdate(now()))
        charts = [(Level(level).label, chart.draw(points)) for level, points in told.items()]
        return render(request, self.template_name, {"accounts": accounts, "charts": charts})


class Account(AccountRequired, View):
    """The book of an account: its figures, its course, its entries with the running balance."""

    def get(self, request, account, charge=None, status=200):
        account = self.account()
        form = PeriodFilter(request.GET)
        since, until, head = form.said()
        page = page_of(book.entries(account, since, until, head), request.GET.get("page"))
        figures = journal.figures(account, since, until)
        points = book.course([account], until).get(account.finance.level, [])
        shown = self.shared(account, "account") | {
            "form": form,
            "since": since,
            "until": until,
            "head": head,
            "page": page,
            "lines": book.lines(account, page.object_list, head),
            "figures": figures,
            "opens": [(name, head, getattr(figures, name)) for name, head in book.HEADS.items()],
            "chart": chart.draw(points),
            "owed": book.owed([account]),
            "charge": charge or ChargeForm(),
        }
        return render(request, "finance/account.html", shown, status=status)


class Charge(Account):
    """Books what the bank has charged."""

    http_method_names = ["post"]

    def post(self, request, account):
        form = ChargeForm(request.POST)
        if not form.is_valid():
            return self.get(request, account, charge=form, status=400)
        self.attempt(
            lambda: suspense.book_charge(self.account(), by=request.acting, **form.cleaned_data),
            lambda _entry: _("已记账"),
        )
        return redirect("finance:account", account)


class EntryPage(AccountRequired, View):
    """One entry: its postings, who booked it by which act, its case and the papers of that act."""

    def get(self, request, account, pk):
        account = self.account()
        rows = Entry.objects.select_related("case", "line", "corrects", "corrected_by")
        entry = get_object_or_404(rows, pk=pk, account=account)
        seen = entry.case and Case.objects.seen_by(request.acting).filter(pk=entry.case_id).exists()
        papers = Paper.objects.filter(act=entry.act).select_related("issuer", "case")
        shown = self.shared(account, "account") | {
            "entry": entry,
            "postings": entry.postings.order_by("-fen", "pk"),
            "case_seen": seen,
            "acts": [
                (
                    event,
                    registry.machine(event.machine).moves[event.move].title
                    if event.machine
                    else entry.get_kind_display(),
                )
                for event in Event.objects.filter(act=entry.act).order_by("pk")[:5]
            ],
            "papers": issued_to(papers, request.acting) if seen else [],
        }
        return render(request, "finance/entry.html", shown)


class Statements(AccountRequired, View):
    """The bank's files: what was imported, and importing another with all its faults told at once."""

    def get(self, request, account, status=200, **more):
        account = self.account()
        files = Statement.objects.filter(account=account).defer("sealed").select_related("imported_by")
        page = page_of(files.order_by("-pk"), request.GET.get("page"))
        shown = self.shared(account, "statements") | {"page": page, "form": StatementForm()} | more
        return render(request, "finance/statements.html", shown, status=status)

    def post(self, request, account):
        own = self.account()
        headers = request.POST.getlist("header")[:100]
        form = StatementForm(request.POST, request.FILES, headers=headers)
        if not form.is_valid():
            return self.get(request, account, status=400, form=form, headers=headers)
        file = form.cleaned_data["file"]
        content = file.read(statements.LARGEST + 1)
        try:
            answer = statements.import_file(
                own, content, file.name, by=request.acting, headers=form.columns()
            )
        except statements.ColumnsUnknown as unknown:
            form = StatementForm(headers=unknown.headers)
            more = {"form": form, "headers": unknown.headers, "refused": [unknown.message]}
            return self.get(request, account, status=409, **more)
        except roster.Unreadable as unreadable:
            return self.get(request, account, status=409, refused=[unreadable.message])
        except Refused as refused:
            return self.get(request, account, status=409, refused=refused.sentences)
        if answer.faults:
            return self.get(request, account, status=409, answer=answer)
        done = matching.match(own)
        words = {"new": answer.new, "known": answer.known, "matched": done.by_reference + done.by_payer}
        messages.success(
            request, _("新入 %(new)d 笔，此前已导入 %(known)d 笔；已自动匹配 %(matched)d 笔") % words
        )
        return redirect("finance:matching", account)


class Matching(AccountRequired, View):
    """Lines that wait for a person: chosen by arrow keys, one form for the page; below, what was matched."""

    def get(self, request, account):
        account = self.account()
        page = page_of(matching.unmatched(account), request.GET.get("page"))
        matched = Match.objects.filter(line__account=account, line__payment=None)
        matched = matched.select_related("line", "assessment__payer", "assessment__case").order_by("-pk")
        found = matching.suggestions(account, page.object_list) if page.object_list else {}
        shown = self.shared(account, "matching") | {
            "page": page,
            "rows": [(line, found.get(line.pk, [])) for line in page.object_list],
            "matched": page_of(matched, request.GET.get("matched-page")),
        }
        return render(request, "finance/matching.html", shown)

    def post(self, request, account):
        """Take every line for what was chosen beside it; what was refused is said, the rest is done."""
        own = self.account()
        chosen = {
            int(name.removeprefix("line-")): said
            for name, said in request.POST.items()
            if name.startswith("line-") and name.removeprefix("line-").isdecimal() and len(name) < 24 and said
        }
        lines = {line.pk: line for line in StatementLine.objects.filter(account=own, pk__in=chosen)}
        typed = {request.POST.get(f"code-{pk}", "").strip() for pk in chosen} - {""}
        fees = FeeAssessment.objects.filter(finance=own.finance_id).select_related("payer")
        by_id = fees.in_bulk([int(said) for said in chosen.values() if said.isdecimal() and len(said) < 19])
        by_code = {fee.reference: fee for fee in fees.filter(reference__in=typed)}
        taken = 0
        for pk, said in chosen.items():
            line, fee = lines.get(pk), by_id.get(int(said)) if said.isdecimal() and len(said) < 19 else None
            if said == "code":
                fee = by_code.get(request.POST.get(f"code-{pk}", "").strip())
            if line is None:
                raise Http404
            if said == "interest":
                taken += bool(
                    self.attempt(lambda line=line: suspense.book_interest(own, [line], by=request.acting))
                )
            elif fee is None:
                messages.error(request, _("%(payer)s：没有这个缴款码") % {"payer": line.payer})
            else:
                taken += bool(
                    self.attempt(lambda line=line, fee=fee: matching.take(line, fee, by=request.acting))
                )
        if taken:
            messages.success(request, ngettext("已认定 %d 笔", "已认定 %d 笔", taken) % taken)
        place = "suspense" if request.POST.get("from") == "suspense" else "matching"
        return redirect(f"finance:{place}", account)


class MatchAll(AccountRequired, View):
    """Matches again whatever can be matched without doubt."""

    http_method_names = ["post"]

    def post(self, request, account):
        own = self.account()
        if not self.shared(own, "")["officer"]:
            messages.error(request, _("到账由本财政部门的财政专户管理员认定"))
            return redirect("finance:matching", account)
        done = matching.match(own)
        words = {"codes": done.by_reference, "payers": done.by_payer}
        messages.success(request, _("按缴款码匹配 %(codes)d 笔，按付款人与金额匹配 %(payers)d 笔") % words)
        return redirect("finance:matching", account)


class BookRest(AccountRequired, View):
    """Books what nobody was found for to 待查款项."""

    http_method_names = ["post"]

    def post(self, request, account):
        own = self.account()
        self.attempt(
            lambda: suspense.book_rest(own, by=request.acting),
            lambda booked: _("已将 %d 笔记入待查款项") % len(booked),
        )
        return redirect("finance:suspense", account)


class Untake(AccountRequired, View):
    """Takes back what a line was matched with."""

    http_method_names = ["post"]

    def post(self, request, account, line):
        row = get_object_or_404(
            StatementLine.objects.select_related("account"), pk=line, account=self.account()
        )
        self.attempt(lambda: matching.untake(row, by=request.acting), lambda _none: _("已撤回"))
        return redirect("finance:matching", account)


class Suspense(AccountRequired, View):
    """待查款项: what waits, whose it may be, and sending it back."""

    def get(self, request, account, refused=None, status=200):
        account = self.account()
        page = page_of(matching.in_suspense(account), request.GET.get("page"))
        found = matching.suggestions(account, page.object_list) if page.object_list else {}
        shown = self.shared(account, "suspense") | {
            "page": page,
            "rows": [(line, found.get(line.pk, [])) for line in page.object_list],
            "total": -journal.balance(account, ledger="SUSPENSE"),
            "today": timezone.localdate(now()),
            "refused": refused,
        }
        return render(request, "finance/suspense.html", shown, status=status)


class Return(Suspense):
    """Sends money in suspense back to whoever paid it."""

    http_method_names = ["post"]

    def post(self, request, account, line):
        row = get_object_or_404(
            StatementLine.objects.select_related("account"), pk=line, account=self.account()
        )
        form = ReturnForm(request.POST)
        if not form.is_valid():
            sentences = [error for errors in form.errors.values() for error in errors]
            return self.get(request, account, refused=sentences, status=400)
        self.attempt(
            lambda: suspense.give_back(row, by=request.acting, **form.cleaned_data),
            lambda _entry: _("已退回"),
        )
        return redirect("finance:suspense", account)


class Months(AccountRequired, View):
    """The months of an account, and preparing the next."""

    def get(self, request, account, form=None, status=200):
        account = self.account()
        rows = Reconciliation.objects.filter(account=account).select_related(
            "prepared_by", "reviewed_by", "agreed_by"
        )
        following = months.to_reconcile(account)
        initial = {"month": f"{following:%Y-%m}"} if following else {}
        shown = self.shared(account, "months") | {
            "page": page_of(rows.order_by("-month"), request.GET.get("page")),
            "following": following,
            "form": form or PrepareForm(initial=initial),
        }
        return render(request, "finance/months.html", shown, status=status)

    def post(self, request, account):
        own, form = self.account(), PrepareForm(request.POST)
        if not form.is_valid():
            return self.get(request, account, form=form, status=400)
        month = form.cleaned_data["month"]
        made = self.attempt(
            lambda: months.prepare(own, month, bank_fen=form.cleaned_data["bank_fen"], by=request.acting),
            lambda made: _("已编制 %s 的对账单") % made,
        )
        return redirect("finance:month", account, str(made)) if made else redirect("finance:months", account)


class MonthRequired(AccountRequired):
    """A view of one month."""

    def month(self, account: SpecialAccount) -> Reconciliation:
        rows = Reconciliation.objects.select_related("account", "prepared_by", "reviewed_by", "agreed_by")
        first = month_of(self.kwargs["month"], Http404())
        return get_object_or_404(rows, account=account, month=first)


class Month(MonthRequired, View):
    """One month: its figures, what differs and who clears it up, who has signed."""

    def get(self, request, account, month):
        own = self.account()
        row = self.month(own)
        body, acting = offices.beside(own), request.acting
        shared = self.shared(own, "months")
        signs = shared["reviewer"] or (
            acting.role == Role.RMO_REVIEWER and body and body.pk == acting.organisation.pk
        )
        differences = row.differences.select_related("owner", "case", "line").order_by("pk")
        shown = shared | {
            "month": row,
            "figures": journal.Figures(**row.figures),
            "since": row.month,
            "until": months.last_day(row.month),
            "differences": [
                (one, shared["officer"] or one.owner_id == acting.organisation.pk) for one in differences
            ],
            "apart": row.bank_fen - row.figures["closing"],
            "signs": signs and not row.locked,
            "body": body,
        }
        return render(request, "finance/month.html", shown)


class Sign(MonthRequired, View):
    """Signs a month for one's own side."""

    http_method_names = ["post"]

    def post(self, request, account, month):
        row = self.month(self.account())
        self.attempt(
            lambda: months.sign(row, by=request.acting),
            lambda signed: _("已签署，本月已锁定") if signed.locked else _("已签署，待另一方签署"),
        )
        return redirect("finance:month", account, month)


class Explain(MonthRequired, View):
    """Says what a difference is about."""

    http_method_names = ["post"]

    def post(self, request, account, month, pk):
        row = self.month(self.account())
        rows = Difference.objects.select_related("reconciliation__account")
        difference = get_object_or_404(rows, pk=pk, reconciliation=row)
        note = request.POST.get("note", "")
        if len(note) > 200:
            raise BadRequest
        self.attempt(lambda: months.explain(difference, note, by=request.acting), lambda _one: _("已说明"))
        return redirect("finance:month", account, month)
