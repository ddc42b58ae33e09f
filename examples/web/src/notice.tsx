import { useEffect, useState } from 'react';
import type { Explanation } from './explain-error.ts';

/** Says what went wrong, and offers to try again where that may help. */
export function Notice(props: { readonly explanation: Explanation; onRetry(): void }) {
  const { title, text, retryable, retryAfterSeconds, requestId } = props.explanation;
  const seconds = useCountdown(retryAfterSeconds);
  return (
    <div className="notice" role="alert">
      <strong>{title}</strong>
      <p>{text}</p>
      {retryable && (
        <button type="button" className="primary" disabled={seconds > 0} onClick={props.onRetry}>
          {seconds > 0 ? `Try again in ${seconds} s` : 'Try again'}
        </button>
      )}
      {requestId !== undefined && (
        <p className="request-id">
          Request <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}

/** Counts down to 0, a second at a time. */
function useCountdown(start: number): number {
  const [seconds, setSeconds] = useState(start);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return seconds;
}
