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

async function start() {
  const tabs = (await examples()).map((each) => ({
    query: each.query,
    variables: JSON.stringify(each.variables, null, 2),
  }));
  // GraphiQL shows the first tab's variables only if they are given apart; it then forgets what was typed before
  const fresh = tabs.length && !window.sessionStorage.getItem("graphiql:tabState");
  const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
  const page = React.createElement(
    GraphiQL,
    {
      fetcher,
      defaultTabs: tabs.length ? tabs : undefined,
      ...(fresh ? { variables: tabs[0].variables } : {}),
      defaultEditorToolsVisibility: "variables",
      shouldPersistHeaders: false,
      storage: window.sessionStorage,
    },
    React.createElement(GraphiQL.Logo, {}, React.createElement("span", { className: "name" }, "Machtigen")),
  );
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

start();
