// Simple inline pictures, so that nothing is loaded. They repeat the text.
import type { ComponentChildren } from 'preact';
import type { Owner } from '../../outcome/outcome-codes.ts';

interface PictureProps {
  /** A description for visitors who cannot see it. */
  readonly name: string;
  readonly children: ComponentChildren;
}

export function Picture({ name, children }: PictureProps) {
  return (
    <svg
      class="picture"
      viewBox="0 0 96 96"
      role="img"
      aria-label={name}
      fill="none"
      stroke="currentColor"
      stroke-width="4"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <circle class="back" cx="48" cy="48" r="46" stroke="none" />
      {children}
    </svg>
  );
}

export function OwnerPicture({ owner, name }: { readonly owner: Owner; readonly name: string }) {
  return <Picture name={name}>{drawings[owner]}</Picture>;
}

export const waving = (
  <>
    <circle cx="48" cy="48" r="26" />
    <path d="M39 42v3M57 42v3M37 55c6 8 16 8 22 0" />
  </>
);

export const door = (
  <>
    <path d="M32 74V24h26v50M24 74h48M50 48v4" />
    <path d="M66 38l10 10-10 10M76 48H64" />
  </>
);

const drawings: Readonly<Record<Owner, ComponentChildren>> = {
  district: (
    <>
      <path d="M62 40V24H26v46h18M34 36h20M34 46h12M34 56h8" />
      <circle cx="58" cy="56" r="11" />
      <path d="M66 64l10 10" />
    </>
  ),
  summit: (
    <>
      <circle cx="48" cy="48" r="17" />
      <circle cx="48" cy="48" r="5" />
      <path d="M48 24v7M48 65v7M24 48h7M65 48h7M31 31l5 5M60 60l5 5M65 31l-5 5M36 60l-5 5" />
    </>
  ),
  clever: <path d="M34 66h30a13 13 0 0 0 2-26 19 19 0 0 0-36-3 15 15 0 0 0 4 29z" />,
  user: <path d="M70 48a22 22 0 1 1-7-16M66 20v13H53" />,
  wait: (
    <>
      <circle cx="48" cy="48" r="25" />
      <path d="M48 33v15l10 7" />
    </>
  ),
};
