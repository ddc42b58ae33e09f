import { useEffect, useState } from 'react';

/** Longer than an answer usually takes: who waits so long wants to know why. */
const SLOW_MS = 1000;

/** Says that something is loading, and after a while that it takes long. */
export function SlowHint({ label }: { readonly label: string }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className={slow ? 'slow' : 'visually-hidden'} role="status">
      {slow ? 'The community platform is slow today. Still waiting …' : `${label} …`}
    </p>
  );
}
