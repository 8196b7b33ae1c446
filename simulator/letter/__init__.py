"""The letter of 18 June 2020: 58 statements, each measured on the model (simulation.md chapter 4).

A statement is a function of knobs that runs the model and says whether the sentence is true there, and with which
figures. Each names a world in which it is true, and one in which it is not: a sentence that no plan could make false
would say nothing.
"""

from __future__ import annotations

from simulator.letter import care, causes, now, plan, representation, sources
from simulator.letter.statement import STATEMENTS, Finding, Statement

__all__ = ["STATEMENTS", "Finding", "Statement", "care", "causes", "now", "plan", "representation", "sources"]
