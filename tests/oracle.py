"""A second reading of facts.md, for comparison: plain dictionaries in, an answer out, and nothing of ours imported.

It was written from the page alone, without a look at `authority/`; `valid_until` is found by asking again at every
instant that any fact or birthday names. Slow, and as near to the page's own order and words as code can be: where the
two differ, one of them misreads the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Fact = dict[str, Any]
HERE = ZoneInfo("Europe/Amsterdam")
EVER = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
CARE = ("CARE_RECORD", "CARE_DECISION")
MINOR_KINDS = ("PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP")
JOINT_HOLDERS = ("PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP")
MEASURES = ("CURATELE", "BEWIND", "MENTORSCHAP")
AFTER_DEATH = ("NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR", "RECORD_AFTER_DEATH")
LEVELS = ("BASIC", "LOW", "SUBSTANTIAL", "HIGH")
OUTCOMES = ("PERMIT", "CONSENT_REQUIRED", "INDETERMINATE", "DENY")
REASONS = [
    "SELF",
    "PARENTAL_AUTHORITY",
    "SHARED_AUTHORITY",
    "GUARDIANSHIP",
    "CURATELE",
    "BEWIND",
    "MENTORSCHAP",
    "TREATMENT_SUBSTITUTE",
    "VOLUNTARY_MANDATE",
    "NEXT_OF_KIN_MANDATE",
    "EXECUTOR",
    "HEIR",
    "RECORD_AFTER_DEATH",
    "CHILD_MUST_CONSENT",
    "OBJECTION_BY_OTHER_HOLDER",
    "OTHER_HOLDER_MUST_CONSENT",
    "REPRESENTED_OR_COURT_MUST_CONSENT",
    "HOLDERS_MUST_CONSENT",
    "ADMINISTRATOR_MUST_CONSENT",
    "OTHER_HEIRS_MUST_CONSENT",
    "LEDGER_BEHIND",
    "BIRTH_DATE_UNCERTAIN",
    "UNDER_INVESTIGATION",
    "REGISTER_STALE",
    "AUTHORITY_UNDETERMINED",
    "SOURCES_DISAGREE",
    "OTHER_HOLDER_UNKNOWN",
    "CHILD_CONSENT_UNKNOWN",
    "ABILITY_UNKNOWN",
    "GOODS_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "CLAIM_NOT_IN_REGISTER",
    "PROVIDER_MUST_DECIDE",
    "SERVICE_NOT_OFFERED",
    "PROVIDER_NOT_LIVE",
    "REPRESENTATIVE_DECEASED",
    "REPRESENTATIVE_INCAPABLE",
    "BLOCKED",
    "STEP_UP_REQUIRED",
    "REPRESENTED_DECIDES_ALONE",
    "CHANNEL_EXCLUDES",
    "AUTHORITY_VACANT",
    "REPRESENTED_IS_ADULT",
    "REPRESENTED_DECEASED",
    "REPRESENTATIVE_EXCLUDED",
    "REPRESENTATIVE_TOO_YOUNG",
    "GRANTOR_NOT_ABLE",
    "LAPSED_BY_MEASURE",
    "SECOND_HOLDER",
    "WITHDRAWN",
    "EXPIRED",
    "NOT_YET_VALID",
    "NOT_ACTIVE",
    "EMPLOYEE_NOT_AUTHORISED",
    "NOT_EMPLOYED",
    "ORGANISATION_NOT_REGISTERED",
    "NOT_IN_SCOPE",
    "SELF_NOT_ABLE",
    "NO_GROUND",
]
TABLE_3: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # id: what it serves, and for which of these it is complete
    "BRP": (("person", "PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "NO_AUTHORITY", "UNDETERMINED"),) * 2,
    "GEZAGSREGISTER": (("GUARDIANSHIP", "TREATMENT_SUBSTITUTE"), ()),
    "CCBR": (("CURATELE", "BEWIND"), ("CURATELE",)),
    "COURT": (("MENTORSCHAP",), ()),
    "DIGID_MACHTIGEN": (("VOLUNTARY_MANDATE",),) * 2,
    "NEXT_OF_KIN": (("NEXT_OF_KIN_MANDATE",),) * 2,
    "ESTATE": (("EXECUTOR", "HEIR"), ()),
    "HANDELSREGISTER": (("organisation",),) * 2,
    "EHERKENNING": (("employment",),) * 2,
    "PROVIDER": (("provider", "service", "consent", "ability", "block", "RECORD_AFTER_DEATH"),) * 2,
}
ALL = ("CARE_RECORD", "CARE_DECISION", "PROPERTY", "TAX", "GOVERNMENT", "SCHOOL")
COVERS: dict[str, tuple[str, ...]] = {
    "VOLUNTARY_MANDATE": ALL,
    **dict.fromkeys(MINOR_KINDS, ALL),
    "TREATMENT_SUBSTITUTE": CARE,
    "CURATELE": (*CARE, "PROPERTY", "TAX", "GOVERNMENT"),
    "BEWIND": ("PROPERTY", "TAX", "GOVERNMENT"),
    "MENTORSCHAP": (*CARE, "GOVERNMENT"),
    "NEXT_OF_KIN_MANDATE": ("TAX",),
    "EXECUTOR": ("PROPERTY", "GOVERNMENT"),
    "HEIR": ("PROPERTY", "GOVERNMENT"),
    "RECORD_AFTER_DEATH": ("CARE_RECORD",),
}


class Found(NamedTuple):
    """What one way of looking gives."""

    outcome: str
    reason: str
    required: tuple[str, ...] = ()
    step_up: str | None = None


def permit(reason: str) -> Found:
    return Found("PERMIT", reason)


def deny(reason: str) -> Found:
    return Found("DENY", reason)


def unsure(reason: str) -> Found:
    return Found("INDETERMINATE", reason)


def ask(reason: str, required: set[str]) -> Found:
    return Found("CONSENT_REQUIRED", reason, tuple(sorted(required)))


def moment(text: str | None, default: datetime) -> datetime:
    """A date (00:00 in Amsterdam) or an instant."""
    if text is None:
        return default
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(), HERE).astimezone(UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def duration(text: str) -> timedelta:
    found = re.fullmatch(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    assert found
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February in a common year
        return date(born.year + years, 3, 1)


def possible_births(text: str, at: datetime) -> tuple[date, date]:
    """The earliest and the latest."""
    year, month, day = (int(part) for part in text.split("-"))
    today = at.astimezone(HERE).date()
    if year == 0:
        return birthday(today, -150), today
    if month == 0:
        return date(year, 1, 1), date(year, 12, 31)
    if day == 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1)
    return date(year, month, day), date(year, month, day)


class World:
    """The versions that hold at one `known_at`, seen at one `at`, with one possible birth date of either side."""

    def __init__(self, facts: dict[str, dict[str, Fact]], question: Fact, at: datetime, births: dict[str, date]):
        self.facts, self.question, self.at, self.births = facts, question, at, births
        known = question.get("known_at")
        self.measured_at = moment(known, NEVER) if known is not None else at
        self.representative: str = question["representative"]
        self.represented: str = question["represented"]
        self.organisation: str | None = question.get("organisation")
        self.oneself = self.representative == self.represented
        if self.oneself:
            self.organisation = None
        self.asker = self.organisation or self.representative
        self.act: str = question.get("act") or "ORDINARY"
        short: str = question["service"]
        self.service_id = short if "/" in short else f"{question['provider']}/{short}"
        self.service = self.of("service", self.service_id) or {}
        self.domain: str = self.service.get("domain", "")
        self.leaned: list[Fact] = []

    # facts

    def of(self, kind: str, name: str | None) -> Fact | None:
        fact = self.facts.get(kind, {}).get(name or "")
        return None if fact is None or fact.get("retracted") else fact

    def all(self, kind: str) -> Iterator[Fact]:
        return (fact for fact in self.facts.get(kind, {}).values() if not fact.get("retracted"))

    def within(self, fact: Fact) -> bool:
        return moment(fact.get("valid_from"), EVER) <= self.at < moment(fact.get("valid_until"), NEVER)

    def in_force(self, fact: Fact) -> bool:
        return fact.get("status", "ACTIVE") == "ACTIVE" and self.within(fact)

    def over(self, represented: str, *kinds: str) -> list[Fact]:
        """Authorities in force."""
        return [
            each
            for each in self.all("authority")
            if each["represented"] == represented and each["kind"] in kinds and self.in_force(each)
        ]

    # people

    def born(self, person: str) -> date:
        if person in self.births:
            return self.births[person]
        fact = self.of("person", person)
        return possible_births(fact["born"] if fact else "0000-00-00", self.at)[0]

    def age(self, person: str, when: datetime | None = None) -> int:
        today = (when or self.at).astimezone(HERE).date()
        born = self.born(person)
        years = today.year - born.year
        return years if birthday(born, years) <= today else years - 1

    def dead(self, person: str | None) -> bool:
        fact = self.of("person", person)
        return fact is not None and moment(fact.get("died"), NEVER) <= self.at

    def under(self, person: str, measure: str) -> bool:
        return self.age(person) >= 18 and bool(self.over(person, measure))

    # registers

    def stale(self, name: str) -> bool:
        fact = self.of("register", name)
        if fact is None or fact.get("max_silence") is None:
            return False
        if fact.get("heard_from") is None:
            return True
        return self.measured_at >= moment(fact["heard_from"], NEVER) + duration(fact["max_silence"])

    def serves(self, name: str) -> tuple[str, ...]:
        fact = self.of("register", name)
        if fact is not None and fact.get("serves") is not None:
            return tuple(fact["serves"])
        return TABLE_3[name][0] if name in TABLE_3 else ()

    def complete(self, name: str, kind: str) -> bool:
        fact = self.of("register", name)
        if fact is not None and fact.get("complete") is not None:
            return bool(fact["complete"])
        return name in TABLE_3 and kind in TABLE_3[name][1]

    def serving(self, kind: str, *, stated: bool) -> list[str]:
        names = {fact["id"] for fact in self.all("register")}
        if not stated:
            names |= TABLE_3.keys()
        return [name for name in names if kind in self.serves(name)]

    # consents and ability

    def consents(self, giver: str, *, child: bool = False) -> list[Fact]:
        """Matching consents and refusals; those under investigation are leaned on."""
        matching = []
        for each in self.all("consent"):
            fits = (
                each["from"] == giver
                and each["representative"] == self.asker
                and each["represented"] == self.represented
                and each.get("provider") in (None, self.question["provider"])
                and each.get("domain") in (None, self.domain)
                and (
                    each.get("act") == self.act
                    or (each.get("act") is None and self.act not in ("PASSPORT", "IDENTITY_CARD"))
                )
                and self.in_force(each)
            )
            if fits and child and each.get("given", True):
                twelfth = datetime.combine(birthday(self.born(giver), 12), time(), HERE)
                fits = moment(each.get("valid_from"), EVER) >= twelfth
            if fits:
                matching.append(each)
        self.leaned += matching
        return matching

    def refused(self, giver: str) -> bool:
        return any(not each.get("given", True) for each in self.consents(giver))

    def gave(self, giver: str, *, child: bool = False) -> bool:
        found = self.consents(giver, child=child)
        return bool(found) and all(each.get("given", True) for each in found)

    def able(self) -> bool | None:
        found = [
            each
            for each in self.all("ability")
            if each["person"] == self.represented
            and each.get("provider") in (None, self.question["provider"])
            and each.get("domain") in (None, self.domain)
            and self.in_force(each)
        ]
        self.leaned += found
        said = {each["able"] for each in found}
        return said.pop() if len(said) == 1 else None

    def lean_on_holders(self, authorities: list[Fact], asked: set[str]) -> None:
        for each in authorities:
            if each["representative"] in asked or each["representative"] is None:
                self.leaned.append(each)
        for name in asked:
            person = self.of("person", name)
            if person:
                self.leaned.append(person)

    # the page, from 5.1 on

    def blocked(self) -> bool:
        return any(
            each["provider"] == self.question["provider"]
            and each["represented"] == self.represented
            and each.get("representative") in (None, self.representative, self.asker)
            and self.in_force(each)
            for each in self.all("block")
        )

    def decide(self) -> Found:  # noqa: C901 - the page's order
        if not self.service or self.service["provider"] != self.question["provider"]:
            return deny("SERVICE_NOT_OFFERED")
        provider = self.of("provider", self.question["provider"])
        if not provider:
            return deny("SERVICE_NOT_OFFERED")
        if provider["status"] != "LIVE" or moment(provider.get("live_from"), EVER) > self.at:
            return deny("PROVIDER_NOT_LIVE")
        if not self.of("person", self.representative):
            return deny("NO_GROUND")
        if self.dead(self.representative):
            return deny("REPRESENTATIVE_DECEASED")
        if self.oneself:
            return self.myself()
        if self.under(self.representative, "CURATELE"):
            return deny("REPRESENTATIVE_INCAPABLE")
        if self.organisation is not None:
            wrong = self.employee()
            if wrong:
                return wrong
        if not self.of("person", self.represented):
            return self.no_ground()
        grounds = [
            each
            for each in self.all("authority")
            if each["represented"] == self.represented
            and each["representative"] == self.asker
            and each["kind"] not in ("NO_AUTHORITY", "UNDETERMINED")
        ]
        if not grounds:
            return self.no_ground()
        if self.blocked():
            return deny("BLOCKED")
        found = []
        for ground in grounds:
            self.leaned = []
            found.append((self.one(ground), ground["id"]))
        found.sort(key=lambda each: (OUTCOMES.index(each[0].outcome), REASONS.index(each[0].reason), each[1]))
        return found[0][0]

    def employments(self) -> list[Fact]:
        return [
            each
            for each in self.all("employment")
            if each["employee"] == self.representative
            and each["organisation"] == self.organisation
            and self.in_force(each)
        ]

    def covering(self) -> list[Fact]:
        return [e for e in self.employments() if e.get("services") is None or self.service_id in e["services"]]

    def employee(self) -> Found | None:
        organisation = self.of("organisation", self.organisation)
        if not organisation or not self.employments():
            return deny("NOT_EMPLOYED")
        if not self.covering():
            return deny("EMPLOYEE_NOT_AUTHORISED")
        if not organisation.get("registered", True):
            return deny("ORGANISATION_NOT_REGISTERED")
        return None

    def one(self, ground: Fact) -> Found:
        found = self.before(ground)
        if found is None:
            found = self.rule(ground)
        if found.outcome not in ("PERMIT", "CONSENT_REQUIRED"):
            return found
        registers = {ground["register"], "BRP"}
        if ground["kind"] == "VOLUNTARY_MANDATE":
            measures = MEASURES if self.domain in CARE else MEASURES[:2]
            registers |= {name for measure in measures for name in self.serving(measure, stated=True)}
        if self.organisation is not None:
            registers |= {"HANDELSREGISTER", "EHERKENNING"}
            organisation = self.of("organisation", self.organisation)
            assert organisation
            self.leaned.append(organisation)
            if all(each.get("under_investigation") for each in self.covering()):
                self.leaned += self.covering()
        return self.checked(found, ground, registers)

    def checked(self, found: Found, ground: Fact | None, registers: set[str]) -> Found:
        """Steps 6 to 8."""
        if found.outcome not in ("PERMIT", "CONSENT_REQUIRED"):
            return found
        sides = [self.of("person", self.representative), self.of("person", self.represented), ground]
        if any(each and each.get("under_investigation") for each in (*sides, *self.leaned)):
            return unsure("UNDER_INVESTIGATION")
        if any(self.stale(name) for name in registers):
            return unsure("REGISTER_STALE")
        needed = self.service["minimum_assurance"]
        if self.organisation is not None:
            needed = max(needed, "SUBSTANTIAL", key=LEVELS.index)
        if LEVELS.index(self.question["assurance"]) < LEVELS.index(needed):
            return Found("DENY", "STEP_UP_REQUIRED", (), needed)
        return found

    def before(self, ground: Fact) -> Found | None:
        """Steps 1 to 4."""
        status, kind = ground.get("status", "ACTIVE"), ground["kind"]
        if status != "ACTIVE":
            return deny({"REQUESTED": "NOT_ACTIVE", "WITHDRAWN": "WITHDRAWN", "ENDED": "EXPIRED"}[status])
        if self.at < moment(ground.get("valid_from"), EVER):
            return deny("NOT_YET_VALID")
        if self.at >= moment(ground.get("valid_until"), NEVER):
            return deny("EXPIRED")
        if self.dead(self.represented):
            if kind not in AFTER_DEATH:
                return self.child_that_died(kind)
        elif kind in AFTER_DEATH:
            return deny("NOT_YET_VALID")
        services, providers, domains = ground.get("services"), ground.get("providers"), ground.get("domains")
        if (
            (services is not None and self.service_id not in services)
            or (providers is not None and self.question["provider"] not in providers)
            or (domains is not None and self.domain not in domains)
            or not self.covered(kind, ground.get("goods"))
        ):
            return deny("NOT_IN_SCOPE")
        if self.organisation is not None:
            organisation = self.of("organisation", self.organisation)
            if (
                organisation
                and organisation["kind"] == "GUARDIANSHIP_INSTITUTION"
                and moment(organisation.get("certified_until"), EVER) <= self.at
            ):
                return unsure("CERTIFICATE_EXPIRED")
        return None

    def child_that_died(self, kind: str) -> Found:
        person = self.of("person", self.represented)
        assert person
        before_16 = self.age(self.represented, moment(person["died"], NEVER)) < 16
        if kind in MINOR_KINDS and before_16 and self.domain in ("CARE_RECORD", "PROPERTY", "TAX"):
            return unsure("PROVIDER_MUST_DECIDE")
        return deny("REPRESENTED_DECEASED")

    def covered(self, kind: str, goods: list[str] | None) -> bool:
        if self.domain not in COVERS[kind]:
            return False
        if self.domain == "GOVERNMENT":
            matter = self.service.get("matter", "GENERAL")
            if kind == "BEWIND":
                return bool(matter == "FINANCIAL" and goods is None)
            if kind == "MENTORSCHAP":
                return bool(matter == "CARE_ASSESSMENT")
        return True

    def rule(self, ground: Fact) -> Found:
        kind = ground["kind"]
        if kind in (*MINOR_KINDS, "TREATMENT_SUBSTITUTE"):
            wrong = self.before_minor(ground)
            return wrong or self.minor(ground)
        if kind in MEASURES:
            wrong = self.before_measure(ground)
            if wrong:
                return wrong
            found = self.measure(ground)
        elif kind == "VOLUNTARY_MANDATE":
            found = self.rule_m(ground)
        elif kind == "NEXT_OF_KIN_MANDATE":
            found = self.rule_n(ground)
        elif kind == "EXECUTOR":
            found = permit("EXECUTOR") if self.domain == "PROPERTY" else unsure("PROVIDER_MUST_DECIDE")
        elif kind == "HEIR":
            found = self.rule_h() if self.domain == "PROPERTY" else unsure("PROVIDER_MUST_DECIDE")
        else:
            found = permit("RECORD_AFTER_DEATH")
        joint = kind in (*MEASURES, "VOLUNTARY_MANDATE", "EXECUTOR") and ground.get("exercise", "SOLE") == "JOINT"
        if found.outcome == "PERMIT" and joint:
            others = [
                each
                for each in self.over(self.represented, kind)
                if each["representative"] != self.asker
                and not self.dead(each["representative"])
                and (kind != "VOLUNTARY_MANDATE" or self.service_id in each["services"])
            ]
            return self.asked(others, kind, routine=self.service.get("routine", False))
        return found

    def before_minor(self, ground: Fact) -> Found | None:
        kind = ground["kind"]
        if self.age(self.represented) >= 18:
            return deny("REPRESENTED_IS_ADULT")
        if self.organisation is None and self.age(self.representative) < 18:
            return deny("REPRESENTATIVE_TOO_YOUNG")
        if self.over(self.represented, "NO_AUTHORITY"):
            return deny("AUTHORITY_VACANT")
        if self.over(self.represented, "UNDETERMINED"):
            return unsure("AUTHORITY_UNDETERMINED")
        if kind != "TREATMENT_SUBSTITUTE" and any(
            each["representative"] != self.asker
            and not self.dead(each["representative"])
            and (each["kind"] != kind or kind == "PARENTAL_SOLE")
            for each in self.over(self.represented, *MINOR_KINDS)
        ):
            return unsure("SOURCES_DISAGREE")
        return None

    def minor(self, ground: Fact) -> Found:
        kind, domain = ground["kind"], self.domain
        reason = "PARENTAL_AUTHORITY" if kind.startswith("PARENTAL") else kind
        joint = kind in ("PARENTAL_JOINT", "SHARED_AUTHORITY") or (
            kind == "GUARDIANSHIP" and ground.get("exercise", "SOLE") == "JOINT"
        )
        if kind == "TREATMENT_SUBSTITUTE":
            if domain == "CARE_RECORD":
                return unsure("PROVIDER_MUST_DECIDE")
            if self.age(self.represented) < 12 or self.able() is False:
                return permit(reason)
            return deny("REPRESENTED_DECIDES_ALONE")
        if domain in CARE:
            return self.rule_k(reason, joint=joint)
        if domain == "SCHOOL":
            return self.rule_j(reason) if joint else permit(reason)
        if domain == "GOVERNMENT" and self.act in ("PASSPORT", "RELOCATION", "IDENTITY_CARD"):
            if self.act == "IDENTITY_CARD" and self.age(self.represented) >= 12:
                return deny("REPRESENTED_DECIDES_ALONE")
            return self.rule_j(reason, routine=False) if joint else permit(reason)
        return self.rule_j1(ground, reason) if joint else self.rule_c(ground, reason)

    def rule_k(self, reason: str, *, joint: bool) -> Found:
        age = self.age(self.represented)
        if age >= 16:
            return unsure("PROVIDER_MUST_DECIDE") if self.able() is False else deny("REPRESENTED_DECIDES_ALONE")
        if age >= 12:
            if self.service.get("channel", "PROVIDER") == "PUBLIC":
                return deny("CHANNEL_EXCLUDES")
            if self.able() is not False:
                return self.rule_k_12(reason, joint=joint)
        if self.domain == "CARE_RECORD":
            return permit(reason)
        return self.rule_j(reason) if joint else permit(reason)

    def rule_k_12(self, reason: str, *, joint: bool) -> Found:
        given = self.gave(self.represented, child=True)
        if self.domain == "CARE_RECORD":
            return permit(reason) if given else unsure("CHILD_CONSENT_UNKNOWN")
        others = self.rule_j(reason) if joint else permit(reason)
        if given:
            return others
        named = set(others.required)
        if others.reason == "OTHER_HOLDER_UNKNOWN":
            named = {e for e in self.others() if e is not None and not self.powerless(e) and not self.gave(e)}
        return ask("CHILD_MUST_CONSENT", {self.represented, *named})

    def powerless(self, holder: str | None) -> bool:
        if holder is None or self.of("organisation", holder):
            return False
        return self.dead(holder) or self.age(holder) < 18 or self.under(holder, "CURATELE")

    def others(self) -> set[str | None]:
        return {
            each["representative"]
            for each in self.over(self.represented, *JOINT_HOLDERS)
            if each["representative"] != self.asker
        }

    def rule_j(self, reason: str, *, routine: bool = True) -> Found:
        everyone = self.others()
        asked = {each for each in everyone if not self.powerless(each)}
        if everyone and not asked:
            return permit(reason)
        authorities = [e for e in self.over(self.represented, *JOINT_HOLDERS) if e["representative"] in asked]
        return self.asked(authorities, reason, routine=routine and self.service.get("routine", False))

    def asked(self, authorities: list[Fact], reason: str, *, routine: bool) -> Found:
        """Rule J from its third sentence on."""
        names = {each["representative"] for each in authorities}
        known = {name for name in names if name is not None}
        refused = [name for name in sorted(known) if self.refused(name)]
        if routine and not refused:
            return permit(reason)  # nobody is asked, so their facts are not leaned on
        self.lean_on_holders(authorities, known)
        if None in names or not names:
            return unsure("OTHER_HOLDER_UNKNOWN")
        missing = {name for name in known if not self.gave(name)}
        if not missing:
            return permit(reason)
        return ask("OBJECTION_BY_OTHER_HOLDER" if refused else "OTHER_HOLDER_MUST_CONSENT", missing)

    def rule_j1(self, ground: Fact, reason: str) -> Found:
        asked = {each for each in self.others() if each is not None and not self.powerless(each)}
        if self.act == "DISPOSAL" or any(self.refused(each) for each in sorted(asked)):
            found = self.rule_j(reason, routine=self.act != "DISPOSAL")
            return self.rule_c(ground, reason) if found.outcome == "PERMIT" else found
        return permit(reason)

    def rule_c(self, ground: Fact, reason: str) -> Found:
        if self.act != "DISPOSAL":
            return permit(reason)
        givers = {"COURT"} | ({self.represented} if ground["kind"] == "BEWIND" else set())
        if any(self.gave(giver) for giver in sorted(givers)):
            return permit(reason)
        return ask("REPRESENTED_OR_COURT_MUST_CONSENT", givers)

    def begun(self, measure: str) -> list[datetime]:
        return [
            moment(each.get("valid_from"), EVER)
            for each in self.all("authority")
            if each["represented"] == self.represented
            and each["kind"] == measure
            and each.get("status", "ACTIVE") != "REQUESTED"
            and moment(each.get("valid_from"), EVER) <= self.at
        ]

    def before_measure(self, ground: Fact) -> Found | None:
        if self.age(self.represented) < 18:
            return deny("NOT_YET_VALID")
        if self.organisation is None and (
            self.age(self.representative) < 18 or any(self.under(self.representative, each) for each in MEASURES)
        ):
            return deny("REPRESENTATIVE_EXCLUDED")
        mine = moment(ground.get("valid_from"), EVER)
        if ground["kind"] == "CURATELE":
            replaced = any(each > mine for measure in MEASURES[1:] for each in self.begun(measure))
        else:
            replaced = any(each >= mine for each in self.begun("CURATELE"))
        return deny("LAPSED_BY_MEASURE") if replaced else None

    def measure(self, ground: Fact) -> Found:
        kind = ground["kind"]
        if self.domain in CARE:
            able = self.able()
            if able is True:
                return deny("REPRESENTED_DECIDES_ALONE")
            if kind == "CURATELE" and ground.get("ground") == "DRINK_OR_DRUGS":
                return unsure("PROVIDER_MUST_DECIDE")
            return permit(kind) if able is False else unsure("ABILITY_UNKNOWN")
        if kind == "MENTORSCHAP":
            return permit(kind)
        if kind == "BEWIND" and self.domain != "GOVERNMENT":
            goods = ground.get("goods")
            if goods is not None and self.question.get("good") not in goods:
                return unsure("GOODS_UNKNOWN")
        return self.rule_c(ground, kind)

    def rule_n(self, ground: Fact) -> Found:
        def order(each: Fact) -> tuple[datetime, datetime, str]:
            return moment(each.get("valid_from"), EVER), moment(each.get("recorded_at"), EVER), each["id"]

        living = [e for e in self.over(self.represented, "NEXT_OF_KIN_MANDATE") if not self.dead(e["representative"])]
        first = min(living, key=order)
        return permit("NEXT_OF_KIN_MANDATE") if first["id"] == ground["id"] else deny("SECOND_HOLDER")

    def rule_h(self) -> Found:
        if any(each["representative"] != self.asker for each in self.over(self.represented, "EXECUTOR")):
            return deny("NOT_IN_SCOPE")
        authorities = [e for e in self.over(self.represented, "HEIR") if e["representative"] != self.asker]
        others = {each["representative"] for each in authorities}
        if not others:
            return unsure("PROVIDER_MUST_DECIDE")
        self.lean_on_holders(authorities, others)
        missing = {each for each in sorted(others) if not self.gave(each)}
        return ask("OTHER_HEIRS_MUST_CONSENT", missing) if missing else permit("HEIR")

    def rule_m(self, ground: Fact) -> Found:
        began = moment(ground["valid_from"], EVER)
        if not self.service.get("mandatable", True):
            return deny("NOT_IN_SCOPE")
        if self.age(self.represented) < 18 or self.age(self.represented, began) < 18:
            return deny("GRANTOR_NOT_ABLE")
        if self.organisation is None and self.age(self.representative) < (16 if self.domain in CARE else 18):
            return deny("REPRESENTATIVE_TOO_YOUNG")
        for measure in ("CURATELE", "BEWIND"):
            during, ran = self.during(measure, began)
            if ran:
                return deny("GRANTOR_NOT_ABLE")
            if during and (measure == "CURATELE" or self.domain in ("PROPERTY", "TAX", "GOVERNMENT")):
                return deny("LAPSED_BY_MEASURE")
        if self.domain in CARE and self.under(self.represented, "MENTORSCHAP"):
            return deny("LAPSED_BY_MEASURE")
        return permit("VOLUNTARY_MANDATE")

    def during(self, measure: str, began: datetime) -> tuple[bool, bool]:
        """Whether one shared an instant with the mandate so far, and whether one ran when it began."""
        spans = [
            (moment(each.get("valid_from"), EVER), moment(each.get("valid_until"), NEVER))
            for each in self.all("authority")
            if each["represented"] == self.represented
            and each["kind"] == measure
            and each.get("status", "ACTIVE") != "REQUESTED"
        ]
        return any(a <= self.at and z > began for a, z in spans), any(a <= began < z for a, z in spans)

    # 5.4

    def myself(self) -> Found:
        found = self.cell()
        registers = {"BRP", *(name for measure in MEASURES for name in self.serving(measure, stated=True))}
        return self.checked(found, None, registers)

    def cell(self) -> Found:  # noqa: C901 - the table's order
        age, domain, able = self.age(self.represented), self.domain, None
        if age < 12:
            return deny("SELF_NOT_ABLE")
        if domain in CARE:
            able = self.able()
            if able is False:  # "in every row": it stands before the cell
                return deny("SELF_NOT_ABLE")
        if age < 16 and domain == "CARE_RECORD" and self.service.get("channel") == "PUBLIC":
            return deny("CHANNEL_EXCLUDES")
        if age < 16:
            return self.cell_12(domain)
        if age < 18:
            asks = domain in ("PROPERTY", "SCHOOL") or (
                domain == "GOVERNMENT" and self.act in ("PASSPORT", "RELOCATION")
            )
            return self.holders() if asks else permit("SELF")
        found = [permit("SELF")]
        if self.under(self.represented, "CURATELE"):
            found.append(self.by_ability(able) if domain in CARE else deny("SELF_NOT_ABLE"))
        if self.under(self.represented, "BEWIND"):
            if domain == "PROPERTY":
                found.append(self.administrators())
            elif domain == "TAX":
                found.append(deny("SELF_NOT_ABLE"))
        if self.under(self.represented, "MENTORSCHAP") and domain in CARE:
            found.append(self.by_ability(able))
        return max(found, key=lambda each: OUTCOMES.index(each.outcome))

    def cell_12(self, domain: str) -> Found:
        if domain == "CARE_RECORD":
            return permit("SELF")
        if domain == "CARE_DECISION":
            return self.holders()
        if domain == "GOVERNMENT" and self.act == "IDENTITY_CARD":
            return permit("SELF")
        return deny("SELF_NOT_ABLE")

    def by_ability(self, able: bool | None) -> Found:
        return permit("SELF") if able is True else deny("SELF_NOT_ABLE") if able is False else unsure("ABILITY_UNKNOWN")

    def holders(self) -> Found:
        authorities = self.over(self.represented, *MINOR_KINDS)
        asked = {each["representative"] for each in authorities if not self.powerless(each["representative"])}
        if not asked or None in asked or self.over(self.represented, "NO_AUTHORITY", "UNDETERMINED"):
            return unsure("OTHER_HOLDER_UNKNOWN")
        self.lean_on_holders([e for e in authorities if e["representative"] in asked], asked)
        missing = {each for each in sorted(asked) if not self.gave(each)}
        return ask("HOLDERS_MUST_CONSENT", missing) if missing else permit("SELF")

    def administrators(self) -> Found:
        good = self.question.get("good")
        authorities = [
            each
            for each in self.over(self.represented, "BEWIND")
            if each.get("goods") is None or good is None or good in each["goods"]
        ]
        asked = {each["representative"] for each in authorities}
        self.lean_on_holders(authorities, asked)
        missing = {each for each in sorted(asked) if not self.gave(each)}
        return ask("ADMINISTRATOR_MUST_CONSENT", missing) if missing else permit("SELF")

    # 5.6

    def no_ground(self) -> Found:
        if self.organisation is None and self.of("person", self.represented) and self.age(self.represented) < 18:
            for each in self.over(self.represented, "UNDETERMINED"):
                if self.representative in each.get("candidates", ()):
                    return deny("BLOCKED") if self.blocked() else unsure("AUTHORITY_UNDETERMINED")
        claim = self.question.get("claim")
        if claim == "CLOSE_RELATIVE" and self.domain in CARE:
            return unsure("PROVIDER_MUST_DECIDE")
        if claim is not None and claim in COVERS and self.covered(claim, None):
            if claim in ("GUARDIANSHIP", "SHARED_AUTHORITY"):
                return unsure("CLAIM_NOT_IN_REGISTER")
            serving = self.serving(claim, stated=False)
            if any(self.stale(name) for name in serving):
                return unsure("REGISTER_STALE")
            if any(not self.complete(name, claim) for name in serving):
                return unsure("CLAIM_NOT_IN_REGISTER")
        return deny("NO_GROUND")


def default_register(fact: Fact) -> str:
    kind = fact["kind"] if fact["fact"] == "authority" else fact["fact"]
    if fact["fact"] == "register":
        return str(fact["id"])
    return next(name for name, (serves, _) in TABLE_3.items() if kind in serves)


def holding(facts: list[Fact], known_at: datetime | None) -> dict[str, dict[str, Fact]]:
    """The versions that hold, by type and id."""
    held: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        recorded = moment(fact.get("recorded_at"), EVER)
        if known_at is not None and recorded > known_at:
            continue
        before = held.setdefault(fact["fact"], {}).get(fact["id"])
        if before is None or moment(before.get("recorded_at"), EVER) <= recorded:
            held[fact["fact"]][fact["id"]] = {**fact, "register": fact.get("register") or default_register(fact)}
    return held


def found_at(held: dict[str, dict[str, Fact]], question: Fact, at: datetime) -> Found:
    """In every combination of possible birth dates."""
    sides = sorted({question["representative"], question["represented"]})
    possible = []
    for side in sides:
        person = held.get("person", {}).get(side)
        possible.append(possible_births(person["born"], at) if person else (date(1900, 1, 1),) * 2)
    answers = {
        World(held, question, at, dict(zip(sides, births, strict=True))).decide() for births in product(*possible)
    }
    return answers.pop() if len(answers) == 1 else unsure("BIRTH_DATE_UNCERTAIN")


def instants(held: dict[str, dict[str, Fact]], question: Fact) -> Iterator[datetime]:
    """Every instant that a fact or a birthday names."""
    for facts in held.values():
        for fact in facts.values():
            for field in ("valid_from", "valid_until", "died", "live_from", "certified_until"):
                if fact.get(field):
                    yield moment(fact[field], NEVER)
            if fact.get("heard_from") and fact.get("max_silence") and question.get("known_at") is None:
                yield moment(fact["heard_from"], NEVER) + duration(fact["max_silence"])
            if fact["fact"] == "person" and not fact["born"].startswith("0000"):
                for born in set(possible_births(fact["born"], NEVER - timedelta(days=3))):
                    for years in (12, 16, 18):
                        yield datetime.combine(birthday(born, years), time(), HERE).astimezone(UTC)


def answer(facts: list[Fact], question: Fact) -> tuple[Found, datetime | None]:
    """What facts.md answers, and until when."""
    known = question.get("known_at")
    held = holding(facts, moment(known, NEVER) if known is not None else None)
    at = moment(question["at"], NEVER)
    now = found_at(held, question, at)

    def differs(instant: datetime) -> bool:
        then = found_at(held, question, instant)
        return (then.outcome, then.reason) != (now.outcome, now.reason)

    later = sorted({instant for instant in instants(held, question) if instant > at})
    return now, next(filter(differs, later), None)
