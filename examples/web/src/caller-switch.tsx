import { type Caller, callers } from './callers.ts';

/** Signs somebody else in. */
export function CallerSwitch(props: { readonly caller: Caller; onChange(caller: Caller): void }) {
  return (
    <fieldset className="callers">
      <legend>
        Signed in as <em>{props.caller.description.toLowerCase()}</em>
      </legend>
      {callers.map((caller) => (
        <label key={caller.token} title={caller.description}>
          <input
            type="radio"
            name="caller"
            checked={caller === props.caller}
            onChange={() => props.onChange(caller)}
          />
          {caller.name}
        </label>
      ))}
    </fieldset>
  );
}
