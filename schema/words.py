"""The words of the contract as GraphQL enums: those of `authority.codes`, each value described.

A description is in English with the term of Dutch law or practice (domain.md chapter 13). To the type checker a word
is the plain string that it is everywhere else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

import strawberry

from authority import codes, explanation, learnt, mandates, walk, witness
from authority.reasons import OUTCOME_OF, TEXTS
from graph.desk import requests as desk_requests
from graph.registers import health
from resolvers import live, my_mandates, reading, telling

if TYPE_CHECKING:
    from authority.codes import (
        Act,
        Assurance,
        AuthorityKind,
        AuthorityStatus,
        BlockReason,
        Channel,
        Claim,
        Domain,
        Exercise,
        FactType,
        Ground,
        Matter,
        OrganisationKind,
        Outcome,
        ProviderStatus,
        Route,
        Sector,
        Served,
    )
    from authority.explanation import ChangeKind, WhyNot
    from authority.learnt import Change as LearntChange
    from authority.mandates import MandateState
    from authority.walk import State as StepState
    from authority.witness import What as LookKind
    from graph.desk.requests import RequestChannel
    from graph.registers.health import Breaker
    from resolvers.live import Cause as DecisionCause
    from resolvers.my_mandates import MandateSide
    from resolvers.reading import Freshness
    from resolvers.telling import EvidenceChannel

    ReasonCode = str
Language = Literal["NL", "EN"]
IdentityDocumentKind = Literal["PASSPORT", "IDENTITY_CARD", "DRIVING_LICENCE", "RESIDENCE_PERMIT", "OTHER"]
if TYPE_CHECKING:
    IdentityDocument = IdentityDocumentKind

__all__ = [
    "Act",
    "Assurance",
    "AuthorityKind",
    "AuthorityStatus",
    "BlockReason",
    "Breaker",
    "ChangeKind",
    "Channel",
    "Claim",
    "DecisionCause",
    "Domain",
    "EvidenceChannel",
    "Exercise",
    "FactType",
    "Freshness",
    "Ground",
    "IdentityDocument",
    "Language",
    "LearntChange",
    "LookKind",
    "MandateSide",
    "MandateState",
    "Matter",
    "OrganisationKind",
    "Outcome",
    "ProviderStatus",
    "ReasonCode",
    "RequestChannel",
    "Route",
    "Sector",
    "Served",
    "StepState",
    "WhyNot",
]


def _enum(name: str, about: str, words: Any, described: dict[str, str]) -> Any:
    """The GraphQL enum of a Literal. Every word is described, and no other."""
    assert set(get_args(words)) == set(described), f"{name}: {set(get_args(words)) ^ set(described)}"
    make: Any = StrEnum
    made = strawberry.enum(make(name, {word: word for word in described}), description=about)
    for each in made.__strawberry_definition__.values:
        each.description = described[each.value]
    return made


_KINDS = {
    "VOLUNTARY_MANDATE": "Given by the represented, for named services (vrijwillige machtiging; BW 3:60).",
    "PARENTAL_SOLE": "Parental authority of one parent (eenhoofdig ouderlijk gezag; BW 1:245).",
    "PARENTAL_JOINT": "Parental authority of both parents (gezamenlijk ouderlijk gezag; BW 1:251).",
    "SHARED_AUTHORITY": "Authority of a parent together with a non-parent (gezamenlijk gezag; BW 1:253sa, 1:253t).",
    "GUARDIANSHIP": "Authority of a non-parent or of an institution (voogdij; BW 1:280).",
    "TREATMENT_SUBSTITUTE": "The court's consent to treatment in a parent's place (vervangende toestemming, 1:265h).",
    "CURATELE": "Guardianship of an adult, for property and care (curatele; BW 1:378).",
    "BEWIND": "Administration of an adult's property (beschermingsbewind; BW 1:431).",
    "MENTORSCHAP": "Deciding on an adult's care (mentorschap; BW 1:450).",
    "NEXT_OF_KIN_MANDATE": "The tax office's mandate after a death (nabestaandenmachtiging).",
    "EXECUTOR": "Executor of an estate (executeur; BW 4:142).",
    "HEIR": "One of the heirs (erfgenaam; BW 4:182).",
    "RECORD_AFTER_DEATH": "The provider lets a deceased person's record be seen (inzage na overlijden; BW 7:458a).",
}
_STATEMENTS = {
    "NO_AUTHORITY": "A register's own word: nobody holds authority for now (tijdelijk geen gezag).",
    "UNDETERMINED": "A register's own word: it cannot tell who holds authority (gezag niet te bepalen).",
}
_TYPES = {
    "person": "People (personen).",
    "organisation": "Organisations (organisaties).",
    "employment": "Who works where (dienstbetrekkingen).",
    "provider": "Providers (dienstverleners).",
    "service": "Services (diensten).",
    "consent": "Consents and refusals (toestemmingen, weigeringen).",
    "ability": "Ability to judge a matter (wilsbekwaamheid ter zake).",
    "block": "Access that a provider refuses (goed hulpverlenerschap).",
}

if not TYPE_CHECKING:
    Outcome = _enum(
        "Outcome",
        "The answer to a question. Only PERMIT opens a door.",
        codes.Outcome,
        {
            "PERMIT": "The sources show that the representative may do this (toegestaan).",
            "DENY": "It is not shown, or something stands in the way (geweigerd).",
            "CONSENT_REQUIRED": "There is a ground, but somebody else must consent too (toestemming nodig).",
            "INDETERMINATE": "The sources do not settle it: no digital access, go to the counter (onbepaald; balie).",
        },
    )
    ReasonCode = _enum(
        "ReasonCode",
        "Why the outcome is what it is; each reason belongs to one outcome. In order of precedence.",
        Literal[tuple(TEXTS)],
        {code: f"{OUTCOME_OF[code]}. {text.en} {text.nl} ({text.source})" for code, text in TEXTS.items()},
    )
    Assurance = _enum(
        "Assurance",
        "How surely somebody logged in (betrouwbaarheidsniveau), lowest first.",
        codes.Assurance,
        {
            "BASIC": "Name and password; below eIDAS low (DigiD Basis).",
            "LOW": "App or text message; eIDAS low, laag (DigiD Midden).",
            "SUBSTANTIAL": "App with an identity check; eIDAS substantial (DigiD Substantieel, eHerkenning EH3).",
            "HIGH": "The document's chip each time; eIDAS high (DigiD Hoog, eHerkenning EH4).",
        },
    )
    Domain = _enum(
        "Domain",
        "What a service is about; each kind of authority covers some of these.",
        codes.Domain,
        {
            "CARE_RECORD": "Seeing a care record (inzage in het dossier).",
            "CARE_DECISION": "Deciding on care and treatment (zorgbeslissing).",
            "PROPERTY": "Property and money (vermogen).",
            "TAX": "Tax and the benefits that the tax office pays (belasting, toeslagen).",
            "GOVERNMENT": "Other dealings with government (overheid).",
            "SCHOOL": "School and education (onderwijs).",
        },
    )
    Act = _enum(
        "Act",
        "What the representative wants to do, where the law asks more for it than usual.",
        codes.Act,
        {
            "ORDINARY": "Anything else (gewone handeling).",
            "DISPOSAL": "Borrowing, disposing, gifts with burdens, settlements (beschikken; BW 1:345, 1:441 lid 2).",
            "PASSPORT": "Applying for a passport (paspoort).",
            "IDENTITY_CARD": "Applying for an identity card (identiteitskaart).",
            "RELOCATION": "Moving house (verhuizing).",
        },
    )
    AuthorityKind = _enum(
        "AuthorityKind",
        "The kind of ground on which one acts for another, or a register's own statement about a minor.",
        codes.AuthorityKind,
        _KINDS | _STATEMENTS,
    )
    Claim = _enum(
        "Claim",
        "What the representative says to be, where no register shows it. It never leads to PERMIT.",
        codes.Claim,
        _KINDS
        | {
            "CLOSE_RELATIVE": "Partner, parent, child or sibling of an adult who cannot judge the matter "
            "(naaste; BW 7:465 lid 3)."
        },
    )
    Served = _enum(
        "Served",
        "What a register serves: kinds of authority, its own statements, and types of fact.",
        codes.Served,
        _KINDS | _STATEMENTS | _TYPES,
    )
    AuthorityStatus = _enum(
        "AuthorityStatus",
        "Where an authority stands.",
        codes.AuthorityStatus,
        {
            "REQUESTED": "Asked for, not yet activated (aangevraagd).",
            "ACTIVE": "In force within its dates (actief).",
            "WITHDRAWN": "Taken back by either side (ingetrokken).",
            "ENDED": "Ended (beëindigd).",
        },
    )
    Exercise = _enum(
        "Exercise",
        "Whether each office-holder may act alone.",
        codes.Exercise,
        {"SOLE": "Each alone (zelfstandig).", "JOINT": "Only together (gezamenlijk)."},
    )
    Ground = _enum(
        "MeasureGround",
        "Why the court took a measure of protection.",
        codes.Ground,
        {
            "PHYSICAL_OR_MENTAL": "Physical or mental state (lichamelijke of geestelijke toestand).",
            "DEBTS": "Debts or squandering (problematische schulden, verkwisting).",
            "DRINK_OR_DRUGS": "Habitual abuse of drink or drugs (drank- of drugsmisbruik).",
        },
    )
    OrganisationKind = _enum(
        "OrganisationKind",
        "What sort of organisation acts through its employees.",
        codes.OrganisationKind,
        {
            "ADMINISTRATION_OFFICE": "Office of administrators, mentors, curators (bewindvoerderskantoor).",
            "GUARDIANSHIP_INSTITUTION": "Certified institution (gecertificeerde instelling; Jeugdwet 3.4).",
            "FISCAL_INTERMEDIARY": "Fiscal intermediary (fiscaal dienstverlener).",
            "NOTARY": "Notary (notaris).",
            "OTHER": "Any other (overig).",
        },
    )
    Sector = _enum(
        "Sector",
        "What sort of provider it is.",
        codes.Sector,
        {
            "HOSPITAL": "Hospital (ziekenhuis).",
            "GP": "General practitioner (huisarts).",
            "PHARMACY": "Pharmacy (apotheek).",
            "MENTAL_CARE": "Mental care (ggz).",
            "DENTAL": "Dental care (mondzorg).",
            "NURSING_HOME": "Nursing home (verpleeghuis).",
            "PGO": "Personal health environment (persoonlijke gezondheidsomgeving).",
            "INSURER": "Health insurer (zorgverzekeraar).",
            "MUNICIPALITY": "Municipality (gemeente).",
            "TAX": "Tax office (Belastingdienst).",
            "BENEFITS": "Benefits agency (uitkeringsinstantie, toeslagen).",
            "OTHER": "Any other (overig).",
        },
    )
    ProviderStatus = _enum(
        "ProviderStatus",
        "How far a provider has come with being connected.",
        codes.ProviderStatus,
        {
            "APPLIED": "Has applied (aangemeld).",
            "ASSESSED": "Has been assessed (beoordeeld).",
            "CONNECTED": "Is connected technically (aangesloten).",
            "TESTED": "Has been tested (getest).",
            "LIVE": "Is in production (live).",
            "SUSPENDED": "Has been suspended (opgeschort).",
        },
    )
    Route = _enum(
        "Route",
        "How a provider is connected.",
        codes.Route,
        {"DIRECT": "Directly (rechtstreeks).", "ROUTING": "Through the routing service (routeringsvoorziening, TVS)."},
    )
    Channel = _enum(
        "Channel",
        "Through which channel a service is used.",
        codes.Channel,
        {
            "PROVIDER": "The provider's own portal (eigen portaal).",
            "PUBLIC": "The public chain, which does not serve ages 12 to 15 (BVD, MedMij).",
        },
    )
    EvidenceChannel = _enum(
        "EvidenceChannel",
        "How what somebody states came to them.",
        telling.EvidenceChannel,
        {
            "ONLINE": "On a page, after logging in (online).",
            "LETTER": "By letter (brief).",
            "COUNTER": "At a counter, where an identity document was seen (balie).",
            "PAPER": "On paper, such as a ruling that no register shows yet (op papier, beschikking).",
        },
    )
    Matter = _enum(
        "Matter",
        "What a service in the domain GOVERNMENT is about.",
        codes.Matter,
        {
            "GENERAL": "Anything else (algemeen).",
            "FINANCIAL": "Benefits, debts, local tax (uitkering, schulden, gemeentelijke belasting).",
            "CARE_ASSESSMENT": "Assessment of a need for care (indicatie Wmo, Wlz).",
        },
    )
    StepState = _enum(
        "StepState",
        "How a step of the rules went.",
        walk.State,
        {
            "PASSED": "It stands in nobody's way.",
            "FOUND": "It gave the reason.",
            "NOT_REACHED": "An earlier step had answered already.",
            "NOT_ASKED": "It does not concern this.",
        },
    )
    LookKind = _enum(
        "LookKind",
        "What a step looked at.",
        witness.What,
        {
            "AGE": "Whether `of` is `detail` years old or older (leeftijd).",
            "ABILITY": "Whether `of` is able to judge the matter (wilsbekwaam ter zake).",
            "CONSENT": "The word of `of` (toestemming).",
            "DEAD": "Whether `of` has died (overleden).",
            "DIED_BEFORE": "Whether `of` died before the age `detail`.",
            "HOLDS_NOTHING": "Whether `of` holds nothing: dead, under 18 or under curatele.",
            "IN_FORCE": "Whether the fact `of`, of type `detail`, is in force (geldig).",
            "REGISTER_STALE": "Whether the register `of` has been silent too long.",
            "UNDER": "Whether `of` is under one of the measures in `detail` (curatele, bewind, mentorschap).",
        },
    )
    WhyNot = _enum(
        "WhyNot",
        "Why an authority is no ground for the asker.",
        explanation.WhyNot,
        {
            "HELD_BY_ANOTHER": "Somebody else holds it.",
            "HELD_PERSONALLY": "The asker holds it personally; here an organisation asks.",
            "HOLDER_NOT_NAMED": "The register does not name the holder.",
            "REGISTER_STATEMENT": "A register's own statement about a minor, nobody's ground.",
        },
    )
    ChangeKind = _enum(
        "ChangeKind",
        "What would have to change.",
        explanation.ChangeKind,
        {
            "TIME": "Time passes.",
            "CONSENT": "Somebody consents (toestemming).",
            "STEP_UP": "The representative logs in at a higher level (hoger betrouwbaarheidsniveau).",
            "HEARD": "Registers are heard from again.",
        },
    )
    FactType = _enum(
        "FactType",
        "The type of a fact, and of a node of the graph.",
        codes.FactType,
        {
            **_TYPES,
            "authority": "Grounds on which one may act for another (bevoegdheden).",
            "register": "Registers (registers).",
        },
    )
    LearntChange = _enum(
        "LearntChange",
        "How a fact came to hold otherwise than it did then.",
        learnt.Change,
        {
            "ADDED": "It was not known then, or taken back.",
            "CORRECTED": "It has been stated anew since.",
            "RETRACTED": "It has been taken back since (ingetrokken door het register).",
        },
    )
    Breaker = _enum(
        "Breaker",
        "Whether a source that failed is asked (circuit breaker).",
        health.Breaker,
        {
            "CLOSED": "It is asked in its ordinary time, or again soon after a failure.",
            "HALF_OPEN": "It failed many times in a row; the next try decides.",
            "OPEN": "It failed many times in a row and is left alone until the next try.",
        },
    )
    DecisionCause = _enum(
        "DecisionCause",
        "Why a decision is told.",
        live.Cause,
        {
            "START": "It is the first one: as it is when the subscription begins.",
            "FACT": "Something was learnt.",
            "TIME": "The one told before it was to hold until now: its `validUntil` has come.",
        },
    )
    Freshness = _enum(
        "Freshness",
        "How recent the ledger must be that answers.",
        reading.Freshness,
        {
            "ANY": "The default: the nearest copy, at most a few seconds behind.",
            "AT_LEAST": "Not before the token in `atLeast`, such as that of a withdrawal.",
            "LATEST": "The record itself.",
        },
    )
    Language = _enum(
        "Language", "The language of texts.", Language, {"NL": "Dutch (Nederlands).", "EN": "English (Engels)."}
    )
    BlockReason = _enum(
        "BlockReason",
        "Why a provider refuses representatives.",
        codes.BlockReason,
        {
            "GOOD_CARE": "Good care forbids it (goed hulpverlener; BW 7:457 lid 3, 7:465 lid 4).",
            "RULING": "A ruling seen on paper takes authority away (uitspraak).",
            "SAFETY": "Somebody's safety (veiligheid).",
        },
    )
    MandateState = _enum(
        "MandateState",
        "Where a mandate stands, from the request to its end.",
        mandates.MandateState,
        {
            "REQUESTED": "Asked for; its code can be used (aangevraagd).",
            "CODE_EXPIRED": "Nobody used the code in time (code verlopen).",
            "CANCELLED": "Taken back before anybody used the code (geannuleerd).",
            "PENDING_START": "Activated; it begins later (nog niet begonnen).",
            "ACTIVE": "In force (actief).",
            "EXPIRED": "Its period is over (verlopen).",
            "WITHDRAWN": "Taken back by either side (ingetrokken; BW 3:72).",
            "LAPSED_BY_LAW": "A measure or a death ended it or put it to rest (vervallen; BW 3:72, 1:453).",
        },
    )
    RequestChannel = _enum(
        "RequestChannel",
        "How a mandate was asked for.",
        desk_requests.RequestChannel,
        {
            "ONLINE": "By the represented, who got the code at once.",
            "LETTER": "By the helper; the code goes to the represented by letter.",
        },
    )
    MandateSide = _enum(
        "MandateSide",
        "On which side of a mandate one stands.",
        my_mandates.MandateSide,
        {
            "GIVEN": "I am represented (machtiginggever).",
            "RECEIVED": "I act for somebody (gemachtigde).",
        },
    )
    IdentityDocument = _enum(
        "IdentityDocument",
        "The kind of document that an official has seen; it goes into the audit record only.",
        IdentityDocumentKind,
        {
            "PASSPORT": "Passport (paspoort).",
            "IDENTITY_CARD": "Identity card (identiteitskaart).",
            "DRIVING_LICENCE": "Driving licence (rijbewijs).",
            "RESIDENCE_PERMIT": "Residence permit (verblijfsdocument).",
            "OTHER": "Another document by which the law lets people identify themselves.",
        },
    )
