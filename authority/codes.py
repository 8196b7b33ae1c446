"""The words of the contract: kinds, domains, levels, statuses and outcomes (facts.md chapters 1 to 4).

They are plain strings, the same in JSON, GraphQL, Python and Cypher.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Outcome = Literal["PERMIT", "DENY", "CONSENT_REQUIRED", "INDETERMINATE"]
Assurance = Literal["BASIC", "LOW", "SUBSTANTIAL", "HIGH"]
Domain = Literal["CARE_RECORD", "CARE_DECISION", "PROPERTY", "TAX", "GOVERNMENT", "SCHOOL"]
Act = Literal["ORDINARY", "DISPOSAL", "PASSPORT", "IDENTITY_CARD", "RELOCATION"]
Kind = Literal[
    "VOLUNTARY_MANDATE",
    "PARENTAL_SOLE",
    "PARENTAL_JOINT",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "TREATMENT_SUBSTITUTE",
    "CURATELE",
    "BEWIND",
    "MENTORSCHAP",
    "NEXT_OF_KIN_MANDATE",
    "EXECUTOR",
    "HEIR",
    "RECORD_AFTER_DEATH",
]
RegisterStatement = Literal["NO_AUTHORITY", "UNDETERMINED"]
AuthorityKind = Literal[
    "VOLUNTARY_MANDATE",
    "PARENTAL_SOLE",
    "PARENTAL_JOINT",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "TREATMENT_SUBSTITUTE",
    "CURATELE",
    "BEWIND",
    "MENTORSCHAP",
    "NEXT_OF_KIN_MANDATE",
    "EXECUTOR",
    "HEIR",
    "RECORD_AFTER_DEATH",
    "NO_AUTHORITY",
    "UNDETERMINED",
]
Claim = Literal[
    "VOLUNTARY_MANDATE",
    "PARENTAL_SOLE",
    "PARENTAL_JOINT",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "TREATMENT_SUBSTITUTE",
    "CURATELE",
    "BEWIND",
    "MENTORSCHAP",
    "NEXT_OF_KIN_MANDATE",
    "EXECUTOR",
    "HEIR",
    "RECORD_AFTER_DEATH",
    "CLOSE_RELATIVE",
]
FactType = Literal[
    "person",
    "organisation",
    "employment",
    "provider",
    "service",
    "authority",
    "consent",
    "ability",
    "block",
    "register",
]
Served = Literal[
    "VOLUNTARY_MANDATE",
    "PARENTAL_SOLE",
    "PARENTAL_JOINT",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "TREATMENT_SUBSTITUTE",
    "CURATELE",
    "BEWIND",
    "MENTORSCHAP",
    "NEXT_OF_KIN_MANDATE",
    "EXECUTOR",
    "HEIR",
    "RECORD_AFTER_DEATH",
    "NO_AUTHORITY",
    "UNDETERMINED",
    "person",
    "organisation",
    "employment",
    "provider",
    "service",
    "consent",
    "ability",
    "block",
]
OrganisationKind = Literal[
    "ADMINISTRATION_OFFICE", "GUARDIANSHIP_INSTITUTION", "FISCAL_INTERMEDIARY", "NOTARY", "OTHER"
]
Sector = Literal[
    "HOSPITAL",
    "GP",
    "PHARMACY",
    "MENTAL_CARE",
    "DENTAL",
    "NURSING_HOME",
    "PGO",
    "INSURER",
    "MUNICIPALITY",
    "TAX",
    "BENEFITS",
    "OTHER",
]
ProviderStatus = Literal["APPLIED", "ASSESSED", "CONNECTED", "TESTED", "LIVE", "SUSPENDED"]
Route = Literal["DIRECT", "ROUTING"]
Channel = Literal["PROVIDER", "PUBLIC"]
Matter = Literal["GENERAL", "FINANCIAL", "CARE_ASSESSMENT"]
Exercise = Literal["SOLE", "JOINT"]
Ground = Literal["PHYSICAL_OR_MENTAL", "DEBTS", "DRINK_OR_DRUGS"]
AuthorityStatus = Literal["REQUESTED", "ACTIVE", "WITHDRAWN", "ENDED"]
BlockReason = Literal["GOOD_CARE", "RULING", "SAFETY"]
CareDomain = Literal["CARE_RECORD", "CARE_DECISION"]

ASSURANCE_RANK: Final[dict[str, int]] = {level: rank for rank, level in enumerate(get_args(Assurance))}
CARE_DOMAINS: Final = frozenset(get_args(CareDomain))
REGISTER_STATEMENTS: Final = frozenset(get_args(RegisterStatement))
"""A register's own statements about a minor; nobody's ground."""
AUTHORITY_OVER_MINORS: Final = frozenset({"PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"})
CURATELE: Final = frozenset({"CURATELE"})
BEWIND: Final = frozenset({"BEWIND"})
MENTORSCHAP: Final = frozenset({"MENTORSCHAP"})
MEASURES: Final = CURATELE | BEWIND | MENTORSCHAP
"""Protection of adults: BW 1:378, 1:431, 1:450."""
AFTER_DEATH: Final = frozenset({"NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR", "RECORD_AFTER_DEATH"})

COURT: Final = "COURT"
"""The giver of leave in a consent; refused as the id of a person or organisation."""
