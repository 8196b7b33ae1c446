// GraphiQL with our examples as tabs. What is typed stays in this tab of the browser (sessionStorage), since a question
// names people.
"use strict";

async function examples() {
  try {
    const answer = await fetch("/graphql/examples.json");
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}

// A token of the built-in issuer, which only a server for development has; it may ask, and not change anything.
async function headers() {
  const place = '{\n  "authorization": "Bearer …"\n}';
  try {
    const answer = await fetch("/dev/token?role=explorer", { headers: { accept: "text/plain" } });
    return answer.ok ? { text: place.replace("…", (await answer.text()).trim()), ready: true } : { text: place };
  } catch {
    return { text: place };
  }
}

async function start() {
  const [found, token] = await Promise.all([examples(), headers()]);
  const tabs = found.map((each) => ({
    query: each.query,
    variables: JSON.stringify(each.variables, null, 2),
    headers: token.text,
  }));
  // GraphiQL shows the first tab's variables only if they are given apart; it then forgets what was typed before
  const fresh = tabs.length && !window.sessionStorage.getItem("graphiql:tabState");
  const name = token.ready ? "Machtigen · development: whoever is here may be anybody" : "Machtigen";
  const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
  const page = React.createElement(
    GraphiQL,
    {
      fetcher,
      defaultTabs: tabs.length ? tabs : undefined,
      defaultHeaders: token.text,
      ...(fresh ? { variables: tabs[0].variables, headers: token.text } : {}),
      defaultEditorToolsVisibility: "variables",
      shouldPersistHeaders: false,
      storage: window.sessionStorage,
    },
    React.createElement(GraphiQL.Logo, {}, React.createElement("span", { className: "name" }, name)),
  );
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

start();
