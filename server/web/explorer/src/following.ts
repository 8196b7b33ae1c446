// The answer that is shown is followed: where it changes, by a fact or by time, it is asked again and that is told.
import { effect } from "@preact/signals";
import { follow } from "./api";
import { asked, submit } from "./asking";
import { at, knownAt, lookAgain } from "./nodes";
import { tell } from "./shell";
import { t, word } from "./words";

const AGAIN_MS = 10_000;

async function followed(question: NonNullable<(typeof asked.value)[0]["question"]>, until: AbortSignal): Promise<void> {
  let after: string | null = null;
  while (!until.aborted) {
    try {
      for await (const { decisionChanged } of follow("DecisionChanged", { question, after }, until)) {
        after = decisionChanged.resume;
        if (decisionChanged.cause === "START") continue;
        tell(`${t("answerChanged")}: ${word(decisionChanged.decision.outcome)}`);
        await lookAgain();
        await submit(0);
      }
    } catch {
      // the line is down; what was missed is told when it is up again
    }
    if (!until.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

// Only the present can change: an answer about another time is what it is.
export function followAnswers(): void {
  let before = "";
  let following = new AbortController();
  effect(() => {
    const { question } = asked.value[0];
    const now = question && at.value === null && knownAt.value === null ? JSON.stringify(question) : "";
    if (now === before) return;
    before = now;
    following.abort();
    following = new AbortController();
    if (question && now) void followed(question, following.signal);
  });
}
