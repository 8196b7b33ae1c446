"""A country of invented people: households, parents, who holds authority over whom, mandates, deaths.

Everything about a row is a function of (seed, size, date, row): a slice needs no other slice. Read in this order:
`figures` (what is published), `streets` (households), `population` (people), `authorities` and its four families,
`institutions`, then `lines` and `writing` (out to files), `truth` and `questions` (what a service must answer).
"""

from __future__ import annotations

from simulator.population.authorities import Authorities, authorities
from simulator.population.institutions import Institutions
from simulator.population.lines import Lines
from simulator.population.population import AS_OF, People, Population
from simulator.population.questions import Posed, questions
from simulator.population.truth import Held, truth
from simulator.population.writing import SUFFIXES, UnknownFormat, write

__all__ = [
    "AS_OF",
    "SUFFIXES",
    "Authorities",
    "Held",
    "Institutions",
    "Lines",
    "People",
    "Population",
    "Posed",
    "UnknownFormat",
    "authorities",
    "questions",
    "truth",
    "write",
]
