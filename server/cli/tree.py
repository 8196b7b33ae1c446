"""An explanation as a tree for a terminal, in Dutch or English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from rich.markup import escape
from rich.text import Text
from rich.tree import Tree

from authority.explanation import Explanation, OtherAuthority
from authority.learnt import Since
from authority.moments import SINCE_EVER, instant_text, moment_text
from authority.question import Question
from authority.reasons import TEXTS
from authority.walk import GroundWeighed, Reading, StepTaken
from authority.witness import FactRef, Look

Language = Literal["nl", "en"]

_COLOUR: Final = {"PERMIT": "green", "CONSENT_REQUIRED": "yellow", "INDETERMINATE": "magenta", "DENY": "red"}
_MARK: Final = {
    "PASSED": "[green]✓[/]",
    "FOUND": "[bold red]✗[/]",
    "NOT_REACHED": "[dim]·[/]",
    "NOT_ASKED": "[dim]-[/]",
}
_WORDS: Final[dict[str, dict[Language, str]]] = {
    "at": {"nl": "op", "en": "at"},
    "until": {"nl": "geldt tot", "en": "holds until"},
    "step_up": {"nl": "nodig niveau", "en": "level needed"},
    "consents": {"nl": "toestemming nodig van", "en": "consent needed from"},
    "also": {"nl": "andere redenen", "en": "other reasons"},
    "checks": {"nl": "Vooraf", "en": "Before any ground"},
    "ground": {"nl": "Grond", "en": "Ground"},
    "counts": {"nl": "geeft het antwoord", "en": "gives the answer"},
    "leaned": {"nl": "steunt op", "en": "rests on"},
    "others": {"nl": "Andere machten over deze persoon", "en": "Other authorities over this person"},
    "not_in_force": {"nl": "niet van kracht", "en": "not in force"},
    "registers": {"nl": "Registers", "en": "Registers"},
    "matters": {"nl": "doet ertoe", "en": "matters"},
    "stale": {"nl": "te lang stil", "en": "silent for too long"},
    "heard": {"nl": "gehoord", "en": "heard from"},
    "stale_from": {"nl": "te lang stil vanaf", "en": "too long silent from"},
    "changes": {"nl": "Wat het antwoord zou veranderen", "en": "What would change the answer"},
    "nothing": {"nl": "niets wat wij kennen", "en": "nothing that we know of"},
    "reading": {"nl": "Gelezen met geboortedag", "en": "Read with birth day"},
    "unreached": {"nl": "niet aan toegekomen", "en": "not reached"},
    "unasked": {"nl": "niet van toepassing", "en": "does not apply"},
    "since": {"nl": "Sindsdien bekend geworden", "en": "Learnt since then"},
    "recorded": {"nl": "bekend bij het register", "en": "known to the register"},
    "from": {"nl": "vanaf", "en": "from"},
    "ever": {"nl": "van oudsher", "en": "since ever"},
    "position": {"nl": "positie", "en": "position"},
    "nothing_learnt": {"nl": "niets wat hier meetelt", "en": "nothing around this question"},
    "now": {"nl": "Nu zou het antwoord zijn", "en": "Now the answer would be"},
    "same": {"nl": "Het antwoord zou nu hetzelfde zijn", "en": "The answer would be the same now"},
    "differs_in": {"nl": "anders in", "en": "differs in"},
}


def tree(question: Question, explanation: Explanation, language: Language, since: Since | None = None) -> Tree:
    """The whole of it: the decision, the steps, the grounds, what lies beside them, and what would change it.

    Of a past decision also what has been learnt `since`.
    """
    root = Tree(_decision(question, explanation, language), guide_style="dim")
    for reading in explanation.readings:
        branch = root
        if len(explanation.readings) > 1:
            born = f"{reading.representative_born} / {reading.represented_born}"
            branch = root.add(f"{_word('reading', language)} {born} → {_outcome(reading.outcome, reading.reason)}")
        _add_reading(branch, reading, language)
    if explanation.other_authorities:
        others = root.add(f"[bold]{_word('others', language)}[/]")
        for other in explanation.other_authorities:
            others.add(_other(other, language))
    _add_registers(root, explanation, language)
    _add_changes(root, explanation, language)
    if since is not None:
        _add_since(root, since, language)
    return root


def _decision(question: Question, explanation: Explanation, language: Language) -> Text:
    decision = explanation.decision
    through = f" ({question.organisation})" if question.organisation else ""
    text = TEXTS[decision.reason]
    lines = [
        f"{_outcome(decision.outcome, decision.reason)}",
        escape(f"{question.representative}{through} → {question.represented}, {question.service_id}")
        + f", {_word('at', language)} {instant_text(question.at)}",
        f"{text.nl if language == 'nl' else text.en} [dim]\\[{text.source}][/]",
    ]
    if decision.required_consents:
        lines.append(f"{_word('consents', language)}: {escape(', '.join(decision.required_consents))}")
    if decision.step_up is not None:
        lines.append(f"{_word('step_up', language)}: {decision.step_up}")
    if decision.valid_until is not None:
        lines.append(f"{_word('until', language)} {moment_text(decision.valid_until)}")
    if len(decision.reasons) > 1:
        lines.append(f"[dim]{_word('also', language)}: {', '.join(decision.reasons[1:])}[/]")
    return Text.from_markup("\n".join(lines))


def _outcome(outcome: str, reason: str) -> str:
    return f"[bold {_COLOUR[outcome]}]{outcome}[/] {reason}"


def _add_reading(branch: Tree, reading: Reading, language: Language) -> None:
    _add_steps(branch.add(f"[bold]{_word('checks', language)}[/] [dim](facts.md 5.1)[/]"), reading.checks, language)
    if reading.leaned_on:
        branch.add(_leaned(reading.leaned_on, language))
    for ground in reading.grounds:
        under = branch.add(_ground(ground, language))
        _add_steps(under, ground.steps, language)
        under.add(_leaned(ground.leaned_on, language))


def _ground(ground: GroundWeighed, language: Language) -> str:
    counts = f" [bold]← {_word('counts', language)}[/]" if ground.counts else ""
    interval = f"{ground.valid_from or '…'} / {ground.valid_until or '…'}"
    return (
        f"[bold]{_word('ground', language)} {escape(ground.id)}[/] {ground.kind} [dim]{escape(ground.register)}, "
        f"{ground.status}, {interval}[/] → {_outcome(ground.outcome, ground.reason)}{counts}"
    )


def _add_steps(branch: Tree, steps: Sequence[StepTaken], language: Language) -> None:
    """Each step on a line with what it looked at below; what was not come to in one line for all."""
    for step in steps:
        if step.state in ("NOT_REACHED", "NOT_ASKED"):
            continue
        text = step.text.nl if language == "nl" else step.text.en
        reason = f" → {step.reason}" if step.reason is not None else ""
        line = branch.add(f"{_MARK[step.state]} {text}{reason} [dim]{step.section} \\[{step.law}][/]")
        for look in step.looks:
            line.add(f"[dim]{_look(look, language)}[/]")
    for state, word in (("NOT_REACHED", "unreached"), ("NOT_ASKED", "unasked")):
        left = [step.name for step in steps if step.state == state]
        if left:
            branch.add(f"{_MARK[state]} [dim]{_word(word, language)}: {', '.join(left)}[/]")


_LOOKS: Final[dict[str, dict[Language, tuple[str, str]]]] = {
    # what was looked at → what is said where it is so, and where it is not
    "AGE": {
        "nl": ("{of} is {detail} of ouder", "{of} is jonger dan {detail}"),
        "en": ("{of} is {detail} or older", "{of} is under {detail}"),
    },
    "DEAD": {"nl": ("{of} is overleden", "{of} leeft"), "en": ("{of} is dead", "{of} is alive")},
    "DIED_BEFORE": {
        "nl": ("{of} is overleden voor de {detail}e verjaardag", "{of} is overleden na de {detail}e verjaardag"),
        "en": ("{of} died before turning {detail}", "{of} died after turning {detail}"),
    },
    "HOLDS_NOTHING": {
        "nl": ("{of} wordt niet gevraagd: overleden, minderjarig of onder curatele", "{of} wordt gevraagd"),
        "en": ("{of} is not asked: dead, under 18 or under curatele", "{of} is asked"),
    },
    "IN_FORCE": {
        "nl": ("{detail} {of} is van kracht", "{detail} {of} is niet van kracht"),
        "en": ("{detail} {of} is in force", "{detail} {of} is not in force"),
    },
    "REGISTER_STALE": {
        "nl": ("register {of} is te lang stil", "register {of} is niet te lang stil"),
        "en": ("register {of} has been silent too long", "register {of} has not been silent too long"),
    },
    "UNDER": {
        "nl": ("{of} staat onder {detail}", "{of} staat niet onder {detail}"),
        "en": ("{of} is under {detail}", "{of} is not under {detail}"),
    },
    "ABILITY": {
        "nl": ("{of} kan dit zelf beoordelen", "{of} kan dit niet zelf beoordelen"),
        "en": ("{of} is able to judge this", "{of} is not able to judge this"),
    },
}
_NOT_RECORDED: Final[dict[Language, str]] = {
    "nl": "of {of} dit zelf kan beoordelen is niet vastgelegd",
    "en": "whether {of} is able to judge this is not recorded",
}
_SAID: Final[dict[str, dict[Language, str]]] = {
    "GIVEN": {"nl": "{of} stemt in", "en": "{of} consents"},
    "REFUSED": {"nl": "{of} weigert", "en": "{of} refuses"},
    "SILENT": {"nl": "van {of} is geen toestemming bekend", "en": "no consent of {of} is known"},
}


def _look(look: Look, language: Language) -> str:
    if isinstance(look.found, str):
        text = _SAID[look.found][language]
    elif look.found is None:
        text = _NOT_RECORDED[language]
    else:
        so, not_so = _LOOKS[look.what][language]
        text = so if look.found else not_so
    return escape(text.format(of=look.of, detail=look.detail))


def _leaned(facts: Sequence[FactRef], language: Language) -> str:
    named = ", ".join(f"{ref.type} {ref.id}" for ref in facts)
    return f"[dim]{_word('leaned', language)}: {escape(named)}[/]"


def _other(other: OtherAuthority, language: Language) -> str:
    force = "" if other.in_force else f", {_word('not_in_force', language)}"
    text = other.text.nl if language == "nl" else other.text.en
    return f"{escape(other.id)} {other.kind} [dim]{escape(other.representative or '—')}{force}[/]: {text}"


def _add_registers(root: Tree, explanation: Explanation, language: Language) -> None:
    if not explanation.registers:
        return
    branch = root.add(f"[bold]{_word('registers', language)}[/]")
    for register in explanation.registers:
        said = [f"{_word('heard', language)} {register.heard_from}"] if register.heard_from else []
        if register.stale:
            said.append(f"[bold red]{_word('stale', language)}[/]")
        elif register.stale_from:
            said.append(f"{_word('stale_from', language)} {register.stale_from}")
        matters = f" [bold]{_word('matters', language)}[/]" if register.matters else ""
        branch.add(f"{escape(register.id)}{matters} [dim]{', '.join(said)}[/]".removesuffix(" [dim][/]"))


def _add_changes(root: Tree, explanation: Explanation, language: Language) -> None:
    branch = root.add(f"[bold]{_word('changes', language)}[/]")
    for change in explanation.changes:
        text = change.text.nl if language == "nl" else change.text.en
        branch.add(f"{escape(text)} → {_outcome(change.outcome, change.reason)}")
    if not explanation.changes:
        branch.add(f"[dim]{_word('nothing', language)}[/]")


_LEARNT: Final[dict[str, dict[Language, str]]] = {
    "ADDED": {"nl": "erbij", "en": "added"},
    "CORRECTED": {"nl": "opnieuw opgegeven", "en": "stated anew"},
    "RETRACTED": {"nl": "teruggenomen", "en": "taken back"},
}


def _add_since(root: Tree, since: Since, language: Language) -> None:
    branch = root.add(f"[bold]{_word('since', language)}[/]")
    for each in since.facts:
        place = f", {_word('position', language)} {each.position}" if each.position else ""
        ever = each.recorded_at == SINCE_EVER
        when = _word("ever", language) if ever else f"{_word('from', language)} {moment_text(each.recorded_at)}"
        recorded = f"{_word('recorded', language)} {when}{place}"
        branch.add(f"{each.fact} {escape(each.id)} {_LEARNT[each.change][language]} [dim]({recorded})[/]")
    if not since.facts:
        branch.add(f"[dim]{_word('nothing_learnt', language)}[/]")
    if since.differs:
        now, fields = since.decision_now, ", ".join(since.differs_in)
        told = f"{_word('now', language)} {_outcome(now.outcome, now.reason)}"
        branch.add(f"{told} [dim]({_word('differs_in', language)} {fields})[/]")
    else:
        branch.add(_word("same", language))


def _word(key: str, language: Language) -> str:
    return _WORDS[key][language]
