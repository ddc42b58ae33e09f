import { ApolloProvider } from '@apollo/client/react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { CallerSwitch } from './caller-switch.tsx';
import { callers } from './callers.ts';
import { createClient } from './client.ts';
import { difficultUsers } from './demo-users.ts';
import { Directory } from './directory.tsx';
import { PROFILE_HEADING, Profile } from './profile.tsx';
import { RestCalls } from './rest-calls.tsx';

/** The page: who is signed in, the members, and the one who was picked. */
export function App() {
  const [caller, setCaller] = useState(callers[0]);
  const [selected, setSelected] = useState<string | null>(null);
  const client = useMemo(() => createClient(caller.token), [caller.token]);

  // For those who use the keyboard: to the panel, and back to where it was opened from.
  const opener = useRef('');
  useEffect(() => {
    document.getElementById(selected === null ? opener.current : PROFILE_HEADING)?.focus();
  }, [selected]);

  function open(userId: string) {
    opener.current = document.activeElement?.id ?? '';
    setSelected(userId);
  }
  function closeOnEscape(event: KeyboardEvent) {
    if (event.key === 'Escape') setSelected(null);
  }

  return (
    <ApolloProvider client={client}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the panel from wherever the focus is. */}
      <div className="page" onKeyDown={closeOnEscape}>
        <header className="masthead">
          <div>
            <h1>Members</h1>
            <p className="tagline">One operation for the directory, one exact REST call for each member.</p>
          </div>
          <CallerSwitch caller={caller} onChange={setCaller} />
        </header>
        <div className="columns" data-panel={selected !== null}>
          <main>
            <Directory key={caller.token} caller={caller} selected={selected} onSelect={open} />
            <section className="difficult" aria-labelledby="difficult">
              <h2 id="difficult">Difficult members</h2>
              <p>Open one to see how the page takes it.</p>
              <ul>
                {difficultUsers.map(({ userId, name, description }) => (
                  <li key={userId}>
                    <button
                      type="button"
                      id={`difficult-${userId}`}
                      className="chip"
                      onClick={() => open(userId)}
                    >
                      {name} <small>{description}</small>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          </main>
          {selected !== null && (
            <Profile
              key={`${caller.token} ${selected}`}
              userId={selected}
              caller={caller}
              onClose={() => setSelected(null)}
            />
          )}
        </div>
        <RestCalls />
      </div>
    </ApolloProvider>
  );
}
