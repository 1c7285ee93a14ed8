"""Walk: start, open, answer, reveal, results on test client."""
import pytest
from django.urls import reverse
from sharedtable.accounts.links import make_link
from sharedtable.worksheets import round_actions, queries
from sharedtable.worksheets.models import *
from sharedtable.ledger.models import Letter
import re
def token_in(letter): return re.search(r"/l/(\S+)", letter.body)[1]
@pytest.mark.django_db
@pytest.mark.parametrize("tool",["what-works"])
def test_walk(cast, tool):
    c=cast.client("convener"); t=cast.ohio
    for lang in ("en","es"):
        c.cookies["language"]=lang
        assert c.get(reverse("worksheets",args=["ohio"])).status_code==200
        assert c.get(reverse("worksheet",args=["ohio",tool])).status_code==200
        assert c.get(reverse("method",args=["ohio"])).status_code==200
        r=c.get(reverse("worksheet-start",args=["ohio",tool])+"?partnership=plastics"); assert r.status_code==200
    c.cookies["language"]="en"
    for kind in ("pdf","docx"): assert c.get(reverse("worksheet-paper",args=["ohio",tool,kind])).status_code==200
    r=c.post(reverse("worksheet-start",args=["ohio",tool]),{"partnership":"plastics","way":"private","people":[t.chair.pk,t.partner.pk]})
    assert r.status_code==302, r.content.decode()
    n=Round.objects.get().pk
    assert c.get(r["Location"]).status_code==200
    assert c.post(reverse("round-open",args=["ohio",n])).status_code==302
    letters=list(Letter.objects.filter(kind="worksheet")); assert len(letters)==2
    print(letters[0].body)
    from sharedtable.accounts.links import open_link
    for l in letters:
        tok=token_in(l); link=open_link(tok)
        p=cast.client("visitor"); p.cookies[f"link-{link.pk}"]=tok
        r=p.get(reverse("my-worksheet",args=[link.pk])); assert r.status_code==200
        r=p.post(reverse("my-worksheet-save",args=[link.pk]),{"question":"clusters","q-clusters":"4","counter":"1","device":"d1"}); assert r.json()=={"saved":"clusters","counter":1}, r.content
        r=p.post(reverse("my-worksheet-done",args=[link.pk]),{"counter":"1","device":"","q-clusters":"4","q-next":"hello"}); assert r.status_code==302
    assert c.post(reverse("round-reveal",args=["ohio",n])).status_code==302
    r=c.get(reverse("round-results",args=["ohio",n])); assert r.status_code==200; print(len(r.content))
    for kind in ("pdf","docx","xlsx"): assert c.get(reverse("round-download",args=["ohio",n,kind])).status_code==200
    r=p.get(reverse("my-worksheet",args=[link.pk])); assert r.status_code==200
    assert c.post(reverse("round-again",args=["ohio",n])).status_code==302
