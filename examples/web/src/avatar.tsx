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
  const words = name.split(' ').filter((word) => word !== '');
  return [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('');
}
