import { ApolloProvider } from '@apollo/client/react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { CallerSwitch } from './caller-switch.tsx';
import { callers } from './callers.ts';
import { createClient } from './client.ts';
import { difficultUsers } from './demo-users.ts';
import { Directory } from './directory.tsx';
import { Profile } from './profile.tsx';
import { RestCalls } from './rest-calls.tsx';

/** The page: who is signed in, the members, and the one who was picked. */
export function App() {
  const [caller, setCaller] = useState(callers[0]);
  const [selected, setSelected] = useState<string | null>(null);
  const client = useMemo(() => createClient(caller.token), [caller.token]);

  function close() {
    // Back to where the panel was opened from, for those who use the keyboard.
    if (selected !== null) document.getElementById(openerId(selected))?.focus();
    setSelected(null);
  }
  function closeOnEscape(event: KeyboardEvent) {
    if (event.key === 'Escape' && selected !== null) close();
  }

  return (
    <ApolloProvider client={client} key={caller.token}>
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
            <Directory caller={caller} selected={selected} onSelect={setSelected} />
            <section className="difficult" aria-labelledby="difficult">
              <h2 id="difficult">Difficult members</h2>
              <p>Open one to see how the page takes it.</p>
              <ul>
                {difficultUsers.map(({ userId, name, description }) => (
                  <li key={userId}>
                    <button type="button" className="chip" onClick={() => setSelected(userId)}>
                      {name} <small>{description}</small>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          </main>
          {selected !== null && <Profile key={selected} userId={selected} caller={caller} onClose={close} />}
        </div>
        <RestCalls />
      </div>
    </ApolloProvider>
  );
}

function openerId(userId: string): string {
  return `member-${userId}`;
}
