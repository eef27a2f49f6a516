// Shows SUPPORT_CONTACT to a visitor: email addresses, web addresses and telephone numbers in it become links.
const reachable = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?:\/\/[^\s<>"]+[^\s<>".,;:)]|\+?\(?\d[\d ().-]{6,20}\d/g;

interface ContactProps {
  readonly label: string;
  readonly contact: string;
}

export function Contact({ label, contact }: ContactProps) {
  return (
    <p class="contact">
      {label}: <bdi>{linkParts(contact)}</bdi>
    </p>
  );
}

function linkParts(contact: string) {
  const parts = [];
  let end = 0;
  for (const found of contact.matchAll(reachable)) {
    parts.push(
      contact.slice(end, found.index),
      <a href={addressOf(found[0])} dir="ltr">
        {found[0]}
      </a>,
    );
    end = found.index + found[0].length;
  }
  return [...parts, contact.slice(end)];
}

function addressOf(text: string): string {
  if (text.includes('://')) return text;
  return text.includes('@') ? `mailto:${text}` : `tel:${text.replace(/[^\d+]/g, '')}`;
}

/** The first email address, for a message to support. */
export const emailIn = (contact: string | undefined): string | undefined =>
  contact?.match(reachable)?.find((text) => text.includes('@') && !text.includes('://'));
