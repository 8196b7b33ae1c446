"""The answer in plain words: what happens, when, who is left out, what would help. Made of the document's figures."""

from __future__ import annotations

from simulator.report.series import week_at, weeks_of
from simulator.report.words import (
    KIND_WORDS,
    LEVER_WORDS,
    change,
    day_of,
    day_words,
    euros,
    large,
    lower_first,
    month_words,
    number,
    percent,
    weeks,
)
from simulator.study import Document


def in_words(document: Document) -> list[tuple[str, str]]:
    """Paragraphs, each with a few words in front."""
    return [
        ("What happens.", _when(document)),
        ("When the country is connected.", _connected(document)),
        ("Who is left out.", _left_out(document)),
        ("What would help.", _help(document)),
        ("How sure this is.", _sure(document)),
    ]


def _when(document: Document) -> str:
    live = document["milestones"]["mandate_live"]
    shares = document["mandate_live_by_month"]
    if live["p50"] is None:
        return "In most runs routed mandates are not live before the run ends."
    if live["p10"] == live["p90"]:
        text = f"Routed mandates go live on {day_words(live['p50'])}, in at least eight runs of ten."
    else:
        text = (
            f"Routed mandates go live on {day_words(live['p50'])} in the median run; in one run of ten by "
            f"{day_words(live['p10'])}, in one of ten on {day_words(live['p90'])} or later."
        )
    if len(shares) > 1:
        top = max(shares, key=lambda month: shares[month])
        late = {m: s for m, s in shares.items() if (day_of(f"{m}-01") - day_of(f"{top}-01")).days > 120}
        if document["freeze"] and sum(late.values()) >= 0.005:
            text += (
                f" It is not spread evenly: {percent(round(shares[top], 2))} of the runs fall in "
                f"{month_words(day_of(f'{top}-01'))}, and {percent(round(sum(late.values()), 2))} from "
                f"{month_words(day_of(f'{min(late)}-01'))} on, after the freeze. A little too late is half a year late."
            )
    return text


def _connected(document: Document) -> str:
    providers, target = document["providers"], document["target"]
    all_care = providers["care"]
    if document["run"]["pathway"] == "direct":
        last = document["weekly"]["direct"]["p50"][-1]
        return (
            f"Without a routing service {number(last)} of {number(all_care)} care providers are connected when the run "
            f"ends on {day_words(document['run']['end'])}: at this pace the whole takes centuries."
            if last < all_care / 4
            else f"One by one, {number(last)} of {number(all_care)} care providers are connected when the run ends."
        )
    half, most = document["milestones"]["pgo_half"], document["milestones"]["pgo_90"]
    at = week_at(weeks_of(document), day_of(target["on"]))
    there = {band: document["weekly"]["pgo_ready"][band][at] for band in ("p10", "p50", "p90")}
    text = (
        f"Half of the {number(all_care)} care providers offer login and mandates by {day_words(half['p50'])} (P10 to "
        f"P90: {day_words(half['p10'])} to {day_words(half['p90'])}), nine in ten by {day_words(most['p50'])} "
        f"({day_words(most['p10'])} to {day_words(most['p90'])}). On {day_words(target['on'])}, the day of the target "
        f"of {number(target['providers'])}, there are {number(there['p50'])} ({number(there['p10'])} to "
        f"{number(there['p90'])})."
    )
    kinds = {
        kind: document["weekly"][f"pgo_ready_{kind}"]["p50"][at] / providers[kind]
        for kind in KIND_WORDS
        if providers[kind]
    }
    behind = [
        f"{lower_first(KIND_WORDS[kind])} {percent(share)}"
        for kind, share in kinds.items()
        if share < 0.6 * there["p50"] / all_care
    ]
    return text + (
        f" Not all kinds alike: {percent(there['p50'] / all_care)} of all, but {', '.join(behind)}." if behind else ""
    )


def _left_out(document: Document) -> str:
    total = document["totals"]["excluded_person_weeks"]
    weeks_shown, curve = weeks_of(document), document["weekly"]["excluded_people"]
    if total["mean"] == 0:
        return "Nobody is shut out by a higher login level without mandates, in any run."
    means = document["excluded_person_weeks_mean"]
    group = max(means, key=lambda key: means[key])
    age, skill = group.split("/")
    peak = max(range(len(weeks_shown)), key=lambda week: curve["p50"][week])
    text = (
        f"People who depend on somebody's help lose {large(total['p50'])} person-weeks of access in the median run "
        f"({large(total['p10'])} to {large(total['p90'])}; mean {large(total['mean'])}), because providers demand the "
        "higher level before mandates work there."
    )
    if curve["p50"][peak] > 0:
        text += f" Around {day_words(weeks_shown[peak])} that is {large(curve['p50'][peak])} people at a time."
    return text + (
        f" The largest group is people of {age.replace('-', ' to ').replace('+', ' and over')} with "
        f"{'low' if skill == 'low' else 'other'} digital skill: {percent(means[group] / sum(means.values()))} of it."
    )


def _help(document: Document) -> str:
    found = document["levers"]
    gone = [(lever["differences"]["excluded_person_weeks"]["mean"] or 0.0, lever) for lever in found]
    sooner = [(lever["differences"]["pgo_90"]["mean"] or 0.0, lever) for lever in found]
    sentences = []
    gone = sorted((pair for pair in gone if pair[0] < -0.5), key=lambda pair: pair[0])
    if gone:
        listed = "; ".join(
            f"{LEVER_WORDS[lever['name']].lower()} ({change(value)} person-weeks)" for value, lever in gone[:3]
        )
        sentences.append(f"Against exclusion, each alone and on average: {listed}.")
    sooner = sorted((pair for pair in sooner if pair[0] < -3.5), key=lambda pair: pair[0])
    if sooner:
        listed = "; ".join(f"{LEVER_WORDS[lever['name']].lower()} ({weeks(value)})" for value, lever in sooner[:3])
        sentences.append(f"To have nine in ten connected sooner: {listed}.")
    worse = [
        lever
        for value, lever in sooner
        if (lever["differences"]["excluded_person_weeks"]["mean"] or 0.0)
        > (lever["differences"]["excluded_person_weeks"]["half_width_95"] or 0.0)
    ]
    sentences += [
        f"But {LEVER_WORDS[lever['name']].lower()} by itself shuts more people out "
        f"({change(lever['differences']['excluded_person_weeks']['mean'])} person-weeks): login spreads "
        "faster than mandates come."
        for lever in worse
    ]
    helpful = {lever["name"] for _, lever in gone + sooner}
    paid = [
        lever
        for lever in found
        if lever["name"] in helpful and (lever["differences"]["cost_euro"]["mean"] or 0.0) > 500
    ]
    sentences += [
        f"{LEVER_WORDS[lever['name']]} costs {euros(lever['differences']['cost_euro']['mean'])} more." for lever in paid
    ]
    return " ".join(sentences) or "None of the changes tried brings anything that is larger than chance."


def _sure(document: Document) -> str:
    guesses = sum(1 for entry in document["assumptions"] if "estimate" in entry["source"])
    return (
        f"The bands hold what {document['replications']:,} runs of the model say, not what the world may do besides: "
        f"{guesses} of {len(document['assumptions'])} assumptions are estimates, marked so below. What differs between "
        "two plans is surer than any date, since both meet the same chance."
    )
