import { type Caller, callers } from './callers.ts';

/** Signs somebody else in. */
export function CallerSwitch(props: { readonly caller: Caller; onChange(caller: Caller): void }) {
  return (
    <fieldset className="callers">
      <legend>Signed in as</legend>
      <p aria-live="polite">{props.caller.description}</p>
      <div className="segments">
        {callers.map((caller) => (
          <label key={caller.token}>
            <input
              type="radio"
              name="caller"
              checked={caller === props.caller}
              onChange={() => props.onChange(caller)}
            />
            {caller.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
