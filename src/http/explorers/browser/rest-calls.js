/**
 * Shows the REST calls of an answer, from its `extensions.upstream`, as a waterfall: a row for each GET, in the order in
 * which they began, with a bar from then on for as long as the request waited for it. A report without a timeline does not
 * say when they began: then all bars start at the left.
 */
export function showRestCalls(panel, report) {
  if (report === undefined) {
    const hint =
      'The REST calls of an answer show here, where its request has the header x-upstream-report: timeline.';
    panel.replaceChildren(element('span', 'faint', hint));
    return;
  }
  const { users, calls } = report;
  const longestMs = Math.max(...calls.map(({ durationMs }) => durationMs), 1);
  const facts = element('span', 'faint', summary(users, calls, longestMs));
  panel.replaceChildren(element('header', '', element('b', '', 'REST calls '), facts));
  if (calls.length > 0) panel.append(table(calls));
}

function summary(users, calls, longestMs) {
  const sent = calls.filter(({ shared }) => !shared);
  const sum = (part) => sent.reduce((total, call) => total + part(call), 0);
  const retries = sum(({ attempts }) => attempts - 1);
  const facts = [
    count(sent.length, 'GET'),
    `for ${count(users, 'user')}`,
    sent.length < calls.length && `${calls.length - sent.length} shared`,
    retries > 0 && count(retries, 'retry', 'retries'),
    calls.length > 0 && `slowest ${duration(longestMs)}`,
    size(sum(({ bytes }) => bytes)),
  ];
  return facts.filter(Boolean).join(' · ');
}

function table(calls) {
  const hasTimeline = calls.every(({ startMs }) => startMs !== undefined);
  const bars = calls.map((call) => ({ startMs: 0, ...call })).sort((a, b) => a.startMs - b.startMs);
  const originMs = bars[0].startMs;
  const spanMs = Math.max(...bars.map(({ startMs, durationMs }) => startMs - originMs + durationMs), 1);
  const titles = Object.keys(COLUMNS).map((title) =>
    element('th', '', title === WAITED && !hasTimeline ? `${title} (how long, not when)` : title),
  );
  const rows = bars.map((call) => {
    const cells = Object.values(COLUMNS).map((cell) => element('td', '', cell(call, originMs, spanMs)));
    return element('tr', outcome(call.status), ...cells);
  });
  return element(
    'table',
    '',
    element('thead', '', element('tr', '', ...titles)),
    element('tbody', '', ...rows),
  );
}

const WAITED = 'Waited';

const COLUMNS = {
  Status: ({ status }) => element('b', 'status', status ?? 'none'),
  Request({ method, path, shared }) {
    // What differs between the calls stands out: the last part of the path, and the flags.
    const [, start, id, flags] = /^(.*\/)([^/?]*)(.*)$/.exec(path) ?? [path, '', path, ''];
    const end = element('span', '', element('b', '', id), flags, shared ? ' (shared)' : '');
    const request = element('div', 'request', `${method}\u00a0`, element('span', 'faint', start), end);
    request.title = `${method} ${path}`;
    return request;
  },
  [WAITED]({ startMs, durationMs }, originMs, spanMs) {
    const bar = element('div', 'bar');
    bar.style.marginLeft = `${(99.5 * (startMs - originMs)) / spanMs}%`;
    bar.style.width = `${Math.max(0.5, (100 * durationMs) / spanMs)}%`;
    return element('div', 'time', duration(durationMs), bar);
  },
  Size: ({ bytes }) => size(bytes),
  Attempts: ({ attempts }) => (attempts > 1 ? element('b', '', `${attempts} ×`) : '1'),
};

function outcome(status) {
  if (status === null || status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'found';
}

const duration = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`);

const size = (bytes) => (bytes >= 1000 ? `${(bytes / 1000).toFixed(1)} kB` : `${bytes} B`);

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}
