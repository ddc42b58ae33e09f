/**
 * Shows the REST calls of an answer, from its `extensions.upstream`: a row for each GET, with a bar for how long the
 * request waited for it.
 */
export function showRestCalls(panel, report) {
  if (report === undefined) {
    panel.replaceChildren(
      element(
        'p',
        'hint',
        'The REST calls of an answer show here, where its request has the header x-upstream-report: 1.',
      ),
    );
    return;
  }
  const { users, calls } = report;
  const longestMs = Math.max(...calls.map((call) => call.durationMs), 1);
  const rows = calls.map((call) => row(call, longestMs));
  panel.replaceChildren(summary(users, calls, longestMs), ...(rows.length > 0 ? [table(rows)] : []));
}

function summary(users, calls, longestMs) {
  const sent = calls.filter((call) => !call.shared);
  const retries = sent.reduce((sum, call) => sum + call.attempts - 1, 0);
  const bytes = sent.reduce((sum, call) => sum + call.bytes, 0);
  const facts = [
    count(sent.length, 'GET'),
    `for ${count(users, 'user')}`,
    calls.length > sent.length && `${calls.length - sent.length} shared`,
    retries > 0 && count(retries, 'retry', 'retries'),
    calls.length > 0 && `slowest ${milliseconds(longestMs)}`,
    size(bytes),
  ];
  const heading = element('h2', '', 'REST calls');
  return element('header', '', heading, element('span', '', facts.filter(Boolean).join(' · ')));
}

function table(rows) {
  const head = element('tr', '');
  for (const title of ['Status', 'Request', 'Time', 'Size', 'Attempts'])
    head.append(element('th', '', title));
  return element('table', '', element('thead', '', head), element('tbody', '', ...rows));
}

function row({ method, path, status, durationMs, bytes, attempts, shared }, longestMs) {
  const bar = element('span', 'bar');
  bar.style.width = `${Math.max(0.5, (100 * durationMs) / longestMs)}%`;
  const time = element(
    'td',
    'time',
    element('span', 'track', bar),
    element('span', 'number', milliseconds(durationMs)),
  );
  const request = element('div', 'request', element('span', 'method', method), ...parts(path));
  request.title = `${method} ${path}`;
  if (shared) request.append(element('span', 'tag', 'shared'));
  const tries = element(
    'td',
    attempts > 1 ? 'number retried' : 'number',
    attempts > 1 ? `${attempts} ×` : '1',
  );
  const cells = [
    element('td', 'status', element('b', '', status ?? 'none')),
    element('td', '', request),
    time,
    element('td', 'number', size(bytes)),
    tries,
  ];
  return element('tr', kind(status), ...cells);
}

/** What differs between the calls stands out, the last part of the path and the flags; what comes before may be cut off. */
function parts(path) {
  const [, start, id, flags] = /^(.*\/)([^/?]*)(\?.*)?$/.exec(path) ?? [path, '', path, ''];
  return [element('span', 'start', start), element('b', '', id), element('span', 'flags', flags ?? '')];
}

function kind(status) {
  if (status === null || status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'found';
}

function milliseconds(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}

function size(bytes) {
  return bytes >= 1000 ? `${(bytes / 1000).toFixed(1)} kB` : `${bytes} B`;
}

function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.map((child) => (typeof child === 'number' ? String(child) : child)));
  return made;
}
