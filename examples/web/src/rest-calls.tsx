import { useReactiveVar } from '@apollo/client/react';
import { useState } from 'react';
import { lastOperation, type RestCall } from './last-operation.ts';

/** A drawer at the foot of the page: the REST calls that the last operation caused. */
export function RestCalls() {
  const [open, setOpen] = useState(false);
  const last = useReactiveVar(lastOperation);
  if (last === null) return null;
  const { calls } = last.report;
  const failed = calls.filter(({ status }) => status !== 200).length;
  const longestMs = Math.max(...calls.map(({ durationMs }) => durationMs));
  return (
    <section className="calls" aria-label="REST calls of the last operation">
      <button type="button" aria-expanded={open} aria-controls="rest-calls" onClick={() => setOpen(!open)}>
        <span>
          <strong>{last.name}</strong> made {calls.length} REST {calls.length === 1 ? 'call' : 'calls'}
          {failed > 0 && `, ${failed} not OK`}
        </span>
        <span aria-hidden="true">{open ? '▾' : '▴'}</span>
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it only when it can have the focus.
        <ol id="rest-calls" tabIndex={0} aria-label="REST calls">
          {calls.map((call) => (
            <Call key={call.path} call={call} share={call.durationMs / longestMs} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Call({ call, share }: { readonly call: RestCall; readonly share: number }) {
  const { method, path, status, durationMs, attempts } = call;
  const [resource = '', flags = ''] = path.split('?');
  return (
    <li>
      <code>
        {method} {resource.replace(/^.*(?=\/users\/)/, '…')}?<mark>{flags}</mark>
      </code>
      <span className="outcome" data-ok={status === 200}>
        {status ?? 'no answer'}
        {attempts > 1 && `, ${attempts} attempts`}
      </span>
      <span className="duration">
        <span className="bar" style={{ '--share': share }} />
        {Math.round(durationMs)} ms
      </span>
    </li>
  );
}
