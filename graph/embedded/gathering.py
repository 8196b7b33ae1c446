"""The neighbourhood of a question from the records: the two sides', the organisation's, and the other holders'."""

from __future__ import annotations

from authority.facts import Authority, Employment, Organisation, Person
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question
from graph.embedded.looking import NOW, Look
from graph.embedded.records import Record
from graph.ledger import View


def neighbourhood_of(question: Question, look: Look, as_of: int | None, token: str) -> Neighbourhood:
    """Everything that can matter to the question, as `authority.neighbourhood` describes it."""
    view = NOW if as_of is None and question.known_at is None else View(as_of, question.known_at)
    representative = look.record_in(question.representative, view)
    represented = representative if question.oneself else look.record_in(question.represented, view)
    people: dict[str, Person] = {}
    authorities: dict[str, list[Authority]] = {}
    _add(question.representative, representative, people, authorities)
    _add(question.represented, represented, people, authorities)
    for holder in other_holders(question, represented.authorities):
        if holder not in (question.representative, question.represented):
            _add(holder, look.record_in(holder, view), people, authorities)
    organisation: Organisation | None = None
    employments: list[Employment] = []
    if question.organisation is not None:
        organisation = look.record_in(question.organisation, view).organisation
        employments = [e for e in representative.employments if e.organisation == question.organisation]
    return Neighbourhood(
        service=look.service(question.service_id, view),
        provider=look.provider(question.provider, view),
        organisation=organisation,
        people=people,
        authorities=authorities,
        consents=represented.consents,
        abilities=represented.abilities,
        blocks=represented.blocks,
        employments=employments,
        registers=look.registers(view),
        as_of=token,
    )


def _add(party: str, record: Record, people: dict[str, Person], authorities: dict[str, list[Authority]]) -> None:
    if record.person is not None:
        people[party] = record.person
    if record.authorities:
        authorities[party] = record.authorities
