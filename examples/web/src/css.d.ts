import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties that style.css reads. */
    [name: `--${string}`]: string | number | undefined;
  }
}
