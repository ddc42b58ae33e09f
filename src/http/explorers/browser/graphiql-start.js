/** Starts GraphiQL with what the page has for it, and shows the REST calls of each answer below. */
import { showRestCalls } from './rest-calls.js';

const { tabs, headers } = JSON.parse(document.querySelector('#options').textContent);
const panel = document.querySelector('#rest-calls');

self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => new URL(`${label}-worker.js`, import.meta.url).href,
};

async function fetcher(parameters, options) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // So that a document with a mistake is an answer, and no failed request on the browser's console.
      accept: 'application/json',
      ...options?.headers,
    },
    body: JSON.stringify(parameters),
  });
  const answer = await response.json();
  if (parameters.operationName !== 'IntrospectionQuery') showRestCalls(panel, answer.extensions?.upstream);
  return answer;
}

/** The tab that was open at the last visit, or the first one. */
function currentTab() {
  const state = JSON.parse(localStorage.getItem('graphiql:tabState') ?? 'null');
  return state?.tabs?.[state.activeTabIndex] ?? tabs[0];
}

// GraphiQL keeps its tabs in the browser, but opens one more where what it is to show first is in none of them exactly.
const { query, variables, headers: initialHeaders } = currentTab();

globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Community users',
  fetcher,
  defaultTabs: tabs,
  query,
  variables,
  initialHeaders,
  headers,
  shouldPersistHeaders: true,
  // GraphiQL's own, which is the history, in place of the bundle's.
  plugins: undefined,
  // The bundle puts the operation into the address, from where it would go to servers and their logs.
  onEditQuery: () => history.replaceState({}, '', location.pathname),
});
showRestCalls(panel, undefined);
