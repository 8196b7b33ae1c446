// Why somebody looks, asked once a session; and a token, where the server asks for one.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { purpose, refused, statePurpose, token } from "./api";
import { t } from "./words";

function Modal({ title, children }: { title: string; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (box.current && !box.current.open) box.current.showModal();
  }, []);
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onCancel={(event) => event.preventDefault()}>
      <h1 id="dialog-title">{title}</h1>
      {children}
    </dialog>
  );
}

export function Purpose() {
  const said = useSignal("");
  const wrong = useSignal(false);
  if (purpose.value) return null;
  return (
    <Modal title={t("purposeTitle")}>
      <p>{t("purposeText")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const text = said.value.trim().replace(/\s+/g, " ");
          wrong.value = text.length < 3;
          if (!wrong.value) statePurpose(text);
        }}
      >
        <label for="purpose">{t("purpose")}</label>
        <input
          id="purpose"
          autocomplete="off"
          maxLength={200}
          value={said}
          aria-describedby="purpose-hint"
          aria-invalid={wrong.value}
          onInput={(event) => (said.value = event.currentTarget.value)}
          autofocus
        />
        <p id="purpose-hint" class={wrong.value ? "wrong" : "hint"}>
          {wrong.value ? t("purposeShort") : t("purposeHint")}
        </p>
        <button class="primary" type="submit">
          {t("begin")}
        </button>
      </form>
    </Modal>
  );
}

export function SignIn({ again }: { again: () => void }) {
  const said = useSignal("");
  if (!refused.value || !purpose.value) return null;
  return (
    <Modal title={t("signIn")}>
      <p>{t("signInText")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          token.value = said.value.trim();
          refused.value = false;
          again();
        }}
      >
        <label for="token">{t("token")}</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          value={said}
          onInput={(event) => (said.value = event.currentTarget.value)}
        />
        <div class="row">
          <button class="primary" type="submit">
            {t("signIn")}
          </button>
          <button type="button" onClick={() => (refused.value = false)}>
            {t("close")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
