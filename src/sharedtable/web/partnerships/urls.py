"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.partnerships import by_link, decisions, home, registers, scope, seats, work

S, P = "s/<slug:space>/", "s/<slug:space>/p/<slug:partnership>/"

urlpatterns: list[URLPattern] = [
    path(S, home.space, name="space"),
    path(S + "partnerships/", home.partnerships, name="partnerships"),
    path(S + "partnerships/begin", home.begin, name="partnership-begin"),
    path(S + "shared/", home.shared, name="partnerships-shared"),
    path(S + "succession/", home.succession, name="succession"),
    path(S + "programs/", registers.programs, name="programs"),
    path(S + "programs/add", registers.program_add, name="program-add"),
    path(S + "programs/<int:program>/end", registers.program_end, name="program-end"),
    path(S + "contacts/", registers.contacts, name="company-contacts"),
    path(S + "contacts/set", registers.contact_set, name="company-contact-set"),
    path(P, home.partnership, name="partnership"),
    path(P + "describe", home.describe, name="partnership-describe"),
    path(P + "step", home.step, name="partnership-step"),
    path(P + "tick", home.tick, name="partnership-tick"),
    path(P + "seats/", seats.seats, name="partnership-seats"),
    path(P + "seats/give", seats.give, name="seat-give"),
    path(P + "seats/<int:seat>/", seats.seat, name="partnership-seat"),
    path(P + "seats/<int:seat>/change", seats.change, name="seat-change"),
    path(P + "seats/<int:seat>/renew", seats.renew, name="seat-renew"),
    path(P + "seats/<int:seat>/on-point", seats.on_point, name="seat-on-point"),
    path(P + "seats/<int:seat>/end", seats.end, name="seat-end"),
    path(P + "seats/<int:seat>/ask", seats.ask, name="seat-ask"),
    path(P + "seats/<int:seat>/hand-over", seats.hand_over, name="seat-hand-over"),
    path(P + "seats/<int:seat>/hand-over-convening", seats.convener_hand_over, name="convener-hand-over"),
    path(P + "scope/", scope.scope, name="partnership-scope"),
    path(P + "scope/version", scope.version, name="scope-version"),
    path(P + "scope/good-enough", scope.good_enough, name="scope-good-enough"),
    path(P + "scope/ready", scope.ready, name="scope-ready"),
    path(P + "companies/", scope.companies, name="partnership-companies"),
    path(P + "companies/companies.<str:kind>", scope.companies_download, name="companies-download"),
    path(P + "companies/<int:organisation>/mark", scope.mark, name="company-mark"),
    path(P + "decisions/", decisions.decisions, name="partnership-decisions"),
    path(P + "decisions/make", decisions.make, name="decision-make"),
    path(P + "decisions/<int:decision>/", decisions.decision, name="partnership-decision"),
    path(P + "decisions/<int:decision>/decision.<str:kind>", decisions.download, name="decision-download"),
    path(P + "clock/", work.clock, name="partnership-clock"),
    path(P + "clock/<int:deadline>", work.deadline, name="deadline-change"),
    path(P + "hours/", work.hours, name="partnership-hours"),
    path(P + "hours/steps", work.hours_set, name="hours-set"),
    path(P + "hours/pledges/<int:pledge>/end", work.pledge_end, name="pledge-end"),
    path(P + "agreement/", work.agreement, name="partnership-agreement"),
    path(P + "agreement/write", work.agreement_write, name="agreement-write"),
    path(P + "agreement/ask", work.agreement_ask, name="agreement-ask"),
    path(P + "agreement/agreement.<str:kind>", work.agreement_download, name="agreement-download"),
    path(P + "sharing/", work.sharing, name="partnership-sharing"),
    path("me/<int:link>/seat", by_link.seat, name="seat-link"),
    path("me/<int:link>/seat/act", by_link.seat_act, name="seat-link-act"),
    path("me/<int:link>/agreement", by_link.agreement, name="agreement-link"),
]
