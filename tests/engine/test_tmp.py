import pytest, traceback
from tests.worlds import *
from apps.engine.door import Refused
from apps.audit.models import Event
from apps.cases.models import *
from apps.retirees.models import *
from apps.transfers.models import *
from apps.fees.models import *
import datetime as dt

@pytest.fixture(scope="module")
def w(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield World()
            transaction.set_rollback(True)

def t(f):
    try: return f()
    except Refused as e: return f"REFUSED {e} / who {e.who}"
    except Exception as e: traceback.print_exc(); return repr(e)

def test_none(w, db):
    c=w.batch("submitted",1)
    print("by none:", t(lambda: perform(c,"accept",by=None).stage))
def test_withdraw_refile(w, db):
    p=Person(); c=w.batch("matching",[p])
    perform(c,"withdraw",by=w.applicant(c,"ENT_HEAD"),reason="暂不移交")
    print("items after withdraw", w.items(c).values_list("stage","open"))
    print("refile", t(lambda: w.batch("accepted",[p]).stage))
def test_overlap(w, db):
    p,q=Person(),Person(); c=w.batch("accepted",[p])
    print("overlap", t(lambda: [w.batch("submitted",[p,q],enterprise="ENT-015").stage]))
def test_returned(w, db):
    p,q=Person(),Person(); c=w.batch("handing_over",[p,q])
    a,b=w.items(c)
    h=w.by("STREET_HEAD",RONGHUA)
    perform(a,"send_back",by=h,reason_code="absent"); perform(b,"receive",by=h)
    c=TransferBatch.objects.get(pk=c.pk); print(c.stage, w.items(c).values_list("stage","open"))
    print("refile returned", t(lambda: w.batch("submitted",[p]).stage))
def test_all_returned(w, db):
    c=w.batch("handing_over",1); 
    perform(w.items(c).get(),"send_back",by=w.by("STREET_HEAD",RONGHUA),reason_code="absent")
    c=TransferBatch.objects.get(pk=c.pk); print("all returned", c.stage, [(o.move.name,o.allowed,o.unmet) for o in c.moves_for(w.authority(c,"RMO_HEAD"))])
def test_replace_option(w, db):
    c=w.batch("allocating",[Person(hukou=XINXING)]); i=w.items(c).get()
    print("options", [(o.move.name,o.allowed,o.unmet) for o in i.moves_for(w.authority(c,"RMO_CLERK"))])
def test_death_suspended(w, db):
    c=w.batch("clearing",2); head=w.authority(c,"RMO_HEAD")
    perform(c,"suspend",by=head,reason="法院在审",given={"review_on":today()})
    i=w.items(c).first(); w.report_death(i)
    print("dead file", w.files(c).filter(retiree=i.retiree_id).values_list("stage"), "charge", Charge.objects.filter(item=i).values_list("void","amount_fen"), FeeCollection.objects.get(case=c).amount_fen)
    fee=FeeCollection.objects.get(case=c); due=fee.due_at
    Case.objects.filter(pk=c.pk).update(suspended_at=now()-dt.timedelta(days=10))
    c=perform(c,"resume",by=head,reason="法院已结案")
    print("fee due moved", FeeCollection.objects.get(case=c).due_at-due, )
def test_death_all(w, db):
    c=w.batch("handing_over",1); head=w.authority(c,"RMO_HEAD")
    w.report_death(w.items(c).get()); c=TransferBatch.objects.get(pk=c.pk); print("all dead", c.stage, [(o.move.name,o.allowed,o.unmet) for o in c.moves_for(head)])
def test_second_death(w, db):
    c=w.batch("allocating",2); w.report_death(w.items(c)[0]); c.refresh_from_db()
    print("2nd without proof", t(lambda: perform(w.items(c)[1],"end_by_death",by=w.authority(c,"RMO_REVIEWER"),given={"died_on":today(),"reported_by":"街道"}).stage))
def test_evidence(w, db):
    c=w.batch("submitted",1); print("ev", Event.objects.filter(stream="case",stream_id=c.pk).values_list("move","evidence"))
def test_renegotiate(w, db):
    c=w.batch("agreed",1); c=perform(c,"renegotiate",by=w.authority(c,"RMO_HEAD"),reason="条款变更")
    print("reneg", c.stage, Signature.objects.filter(case=c).values_list("stage"), FeeCollection.objects.filter(case=c).values_list("stage"))
def test_managed_overwritten(w, db):
    p=Person(name="陈原名"); c=w.batch("completed",[p]); r=w.items(c).get().retiree
    q=Person(name="假冒名",number=p.number,facts={"paying_agency":"别处社保局"}); d=w.batch("submitted",[q, Person()],enterprise="ENT-015")
    r.refresh_from_db(); print("managed", r.name, r.enterprise.key, r.si_agency, w.items(d).values_list("stage","fault"))
def test_correction(w, db):
    p=Person(); c=w.batch("completed",[p]); d=w.batch("submitted",[Person(number=p.number),Person()],enterprise="ENT-015")
    d=perform(d,"correct",by=w.authority(d,"RMO_CLERK"),reason_code="roster")
    i=w.items(d,"invalid").get()
    print("correct item in correction", t(lambda: perform(i,"correct",by=w.applicant(d,"ENT_CLERK"),given={"note":"已改"}).stage))
    print("remove in correction", t(lambda: perform(i,"remove",by=w.authority(d,"RMO_REVIEWER"),reason_code="managed").stage))
def test_explain_note(w, db):
    c=w.batch("matching",[Person(remark="原备注")]); 
def test_set_single_constraint(w, db): pass
