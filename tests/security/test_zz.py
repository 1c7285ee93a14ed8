import time, collections, os
from tests.security.cases import *
def test_world(world, visitors, settings):
    ev = cases(world, visitors)
    print(len(world.marks), len(ev), len(routes()), len(visitors))
    meth = os.environ.get("METH","GET").split(",")
    some = [c for c in ev if c.method in meth and c.variant in os.environ.get("VAR","mine").split(",") and not c.visitor.is_operator]
    if os.environ.get("WHO"): some=[c for c in some if c.visitor.name in os.environ["WHO"].split(",")]
    some=[c for c in some if c.visitor.team!="maine" and c.visitor.enters(ROUTES[c.route.name], c.teams()[0], c.visitor.link) and ROUTES[c.route.name].who!="anyone"]
    t=time.time(); missing={}
    slow=[]
    for c in some:
        a=time.time()
        for p in problems_of(c, world, missing): print(p)
        slow.append((time.time()-a, str(c)))
    print(len(some), time.time()-t, sorted(slow)[-8:])
