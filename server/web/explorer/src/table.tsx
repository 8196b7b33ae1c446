// The same as the graph, for who rather reads.
import { Icon } from "./icon";
import { at, expand, keyOf, labelOf, links, moment, nodes, selected, stateOf, STATEMENTS, type Shown } from "./nodes";
import { tab, tell } from "./shell";
import { dayText } from "./time";
import { t, word } from "./words";

const ROWS_MAX = 500;

export function Table() {
  void at.value;
  const when = moment();
  const related = new Map<string, string[]>();
  for (const { relation, source, target } of links.value) {
    const [from, to] = [nodes.value.get(source), nodes.value.get(target)];
    if (!from || !to) continue;
    push(related, source, `${word(relation)} → ${labelOf(to)}`);
    push(related, target, `${labelOf(from)} ${word(relation)} →`);
  }
  const rows = [...nodes.value.values()].sort((a, b) => order(a).localeCompare(order(b)));
  return (
    <div class="table" tabIndex={0} role="region" aria-label={t("asTable")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("type")}</th>
            <th scope="col">{t("id")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("from")}</th>
            <th scope="col">{t("until")}</th>
            <th scope="col">{t("register")}</th>
            <th scope="col">{t("relations")}</th>
            <th scope="col">{t("around")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS_MAX).map((node) => {
            const key = keyOf(node);
            return (
              <tr key={key} class={selected.value === key ? "chosen" : ""}>
                <td>
                  <Icon type={node.type} /> {word(STATEMENTS.has(node.type) ? (node.kind ?? node.type) : node.type)}
                </td>
                <th scope="row">
                  <button
                    class="link"
                    aria-pressed={selected.value === key}
                    onClick={() => {
                      selected.value = key;
                      tab.value = "node";
                    }}
                  >
                    {node.name ?? node.id}
                  </button>
                  {node.name && <small> {node.id}</small>}
                </th>
                <td>{STATEMENTS.has(node.type) || !node.known ? <span class={`state ${stateOf(node, when)}`}>{t(stateOf(node, when))}</span> : ""}</td>
                <td>{STATEMENTS.has(node.type) ? dayText(node.validFrom) : ""}</td>
                <td>{STATEMENTS.has(node.type) ? dayText(node.validUntil) : ""}</td>
                <td>{node.register}</td>
                <td>
                  {(related.get(key) ?? []).slice(0, 8).map((each) => (
                    <div key={each}>{each}</div>
                  ))}
                </td>
                <td>
                  <button class="small" aria-label={`${t("showAll")}: ${labelOf(node)}`} onClick={() => expand(key, null).catch((wrong: Error) => tell(wrong.message))}>
                    {t("show")}
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > ROWS_MAX && <p class="hint">{`${ROWS_MAX} / ${rows.length}`}</p>}
    </div>
  );
}

function order(node: Shown): string {
  return `${STATEMENTS.has(node.type) ? 2 : 1} ${node.type} ${node.kind ?? ""} ${labelOf(node)}`;
}

function push(map: Map<string, string[]>, key: string, text: string): void {
  const list = map.get(key);
  if (list) list.push(text);
  else map.set(key, [text]);
}
