/**
 * A picture made of name and id. The addresses of the demo data's pictures lead nowhere; a real page would show
 * `avatar` here, and this where it is null.
 */
export function Avatar(props: { readonly userId: string; readonly name: string | null | undefined }) {
  const hue = Number.parseInt(props.userId.slice(-4), 16) * 47;
  return (
    <span className="avatar" aria-hidden="true" style={{ '--hue': `${hue % 360}deg` }}>
      {initials(props.name ?? '?')}
    </span>
  );
}

function initials(name: string): string {
  const letters = name.match(/(?<!\S)\p{L}/gu) ?? ['?'];
  return letters.length > 1 ? `${letters[0]}${letters.at(-1)}` : `${letters[0]}`;
}
