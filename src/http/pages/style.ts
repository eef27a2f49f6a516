// The style of every page, and the content security policy that allows exactly this style, the support pages' style and
// one script. The style contains none of the characters " & < so that rendering leaves it, and its hash, unchanged.
import { createHash } from 'node:crypto';
import { copyScript } from './copy-script.ts';
import { supportStyle } from './support-style.ts';

export const style = `
:root { color-scheme: light dark; --page: #eef3f7; --card: #ffffff; --ink: #17222d; --quiet: #414f5d; --line: #cfd8e1;
  --accent: #094d92; --accent-strong: #063a70; --on-accent: #ffffff; --soft: #e6f0fa; }
@media (prefers-color-scheme: dark) { :root { --page: #0f151b; --card: #18212b; --ink: #eef3f8; --quiet: #b4c1ce;
  --line: #3a4956; --accent: #8cc6ff; --accent-strong: #b5daff; --on-accent: #0a1825; --soft: #203040; } }
* { box-sizing: border-box; }
html { scroll-padding: 1rem 0; font: 112.5%/1.55 system-ui, -apple-system, Segoe UI, Roboto, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--ink); overflow-wrap: break-word; }
header, main { width: 100%; max-width: 40rem; margin: 0 auto; }
header { display: flex; align-items: center; gap: .6rem; padding: 1.25rem 1.25rem .75rem; font-weight: 650; color: var(--quiet); }
header > span { white-space: nowrap; }
header svg { width: 1.75rem; height: 1.75rem; color: var(--accent); flex: none; }
.languages { position: relative; margin-inline-start: auto; font-weight: 500; }
.languages summary { display: flex; align-items: center; gap: .4rem; min-height: 2.75rem; padding: 0 .2rem; font-weight: 500; }
.languages summary svg { width: 1.35rem; height: 1.35rem; }
.languages ul { position: absolute; inset-inline-end: 0; z-index: 1; min-width: 11rem; margin: 0; padding: .4rem 0; list-style: none;
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; box-shadow: 0 .4rem 1.2rem rgb(0 0 0 / .18); }
.languages li { margin: 0; padding: 0; }
.languages a { display: block; padding: .55rem 1.1rem; text-decoration: none; }
.languages a:hover, .languages a:focus-visible { background: var(--soft); }
.languages a[aria-current] { font-weight: 700; color: var(--ink); }
footer { width: 100%; max-width: 40rem; margin: 0 auto; padding: 1rem 1.25rem 2rem; }
.contact { margin: 0; color: var(--quiet); font-size: .94rem; overflow-wrap: anywhere; }
.contact a { display: inline-block; padding: .62rem 0; }
main { padding: clamp(1.4rem, 5vw, 2.5rem) clamp(1.1rem, 5vw, 2.5rem) clamp(1.6rem, 6vw, 2.75rem);
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
@media (max-width: 42rem) { main { border-width: 1px 0; border-radius: 0; } }
@media (min-width: 42.01rem) { body { padding: 4vh 1rem 3rem; } }
h1 { margin: 0 0 .75rem; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.1rem); line-height: 1.2; text-wrap: balance; }
h2 { margin: 2rem 0 .4rem; font-size: 1.1rem; line-height: 1.3; }
p { margin: 0 0 .75rem; }
ul, ol { margin: 0 0 .75rem; padding-inline-start: 1.4rem; }
li { margin: .3rem 0; padding-inline-start: .2rem; }
a { color: var(--accent); text-underline-offset: .2em; }
a:hover { color: var(--accent-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .3rem; }
.quiet { color: var(--quiet); font-size: .94rem; }
.button + .quiet { margin-top: 1.25rem; }
.picture { display: block; width: 6.5rem; height: 6.5rem; margin: 0 0 1.1rem; color: var(--accent); }
.picture .back { fill: var(--soft); }
.steps-only { list-style: none; padding: 0; }
.steps-only li { padding: 0; }
dl { margin: 1.5rem 0; }
dt { color: var(--quiet); font-size: .94rem; }
dd { margin: 0 0 .9rem; font-weight: 600; }
.reference { margin: 1.75rem 0; padding: 1rem 1.25rem 1.1rem; background: var(--soft); border-radius: .8rem; }
.reference dd { margin: 0; font: 700 clamp(1.9rem, 10vw, 3.25rem)/1.25 ui-monospace, Menlo, Consolas, monospace;
  letter-spacing: .03em; white-space: nowrap; }
.reference dd.quiet { font: inherit; font-size: .94rem; letter-spacing: 0; white-space: normal; }
.sign { user-select: all; -webkit-user-select: all; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  user-select: none; -webkit-user-select: none; }
.message { margin: .75rem 0; padding: .9rem 1.1rem; border: 1px solid var(--line); border-inline-start: .3rem solid var(--accent);
  border-radius: .4rem; user-select: all; -webkit-user-select: all; }
.message p { margin: 0; }
.message p + p, .message div + div { margin-top: .5rem; }
.message div + div, .part + .part { padding-top: .6rem; border-top: 1px solid var(--line); }
.send { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1rem; }
.send [role=status] { color: var(--quiet); }
.button { display: inline-flex; align-items: center; justify-content: center; min-height: 3.25rem; margin: 1rem 0 .25rem;
  padding: .6rem 1.6rem; border: 2px solid var(--accent); border-radius: .75rem; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 650; line-height: 1.25; text-align: center; text-decoration: none; cursor: pointer; }
.button:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
.button.second { background: transparent; color: var(--accent); }
.button.second:hover { background: var(--soft); color: var(--accent-strong); }
.plain { min-height: 3rem; padding: .4rem 0; border: 0; background: none; color: var(--accent); font: inherit; text-align: start;
  text-decoration: underline; text-underline-offset: .2em; cursor: pointer; }
.actions { display: flex; flex-wrap: wrap; gap: 0 1rem; }
.role { color: var(--quiet); margin: -.4rem 0 .5rem; }
main details { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
summary { cursor: pointer; color: var(--accent); }
main summary { min-height: 3rem; padding: .7rem 0; font-weight: 600; }
.child { --size: 5.5rem; } .child .picture { float: inline-start; width: var(--size); height: var(--size); margin: 0; margin-inline-end: 1.1rem; }
.child h1 { display: grid; align-content: center; min-height: var(--size); } .child .what { clear: both; }
.child .what, .child main > .steps-only, .child main > ol { font-size: 1.25rem; line-height: 1.45; }
a.plain { display: flex; align-items: center; }
.child main > .steps-only { font-weight: 650; }
@media (max-width: 42rem) { .button { width: 100%; } header { padding: .6rem 1.1rem; } .languages { font-size: .94rem; }
  .reference { margin: 1.1rem 0; padding: .7rem 1.1rem .8rem; } .child main details { margin-top: 1rem; }
  .child { --size: 3.75rem; } .child .picture { margin-inline-end: .75rem; } .child h1 { font-size: 1.45rem; } }
@media (min-width: 22rem) { .languages summary { white-space: nowrap; } }
@media print { :root { --page: #ffffff; --card: #ffffff; --ink: #000000; --quiet: #333333; --line: #888888; --accent: #000000;
  --soft: #ffffff; } body { padding: 0; } main { border: 0; } .reference { border: 2px solid; }
  .button, .plain, .languages { display: none; } details::details-content { content-visibility: visible; block-size: auto; } }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * For helmet's `contentSecurityPolicy`: nothing is loaded, only the bridge's script runs, forms go to the bridge, no
 * site frames a page.
 */
export const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: [hashOf(copyScript)],
    styleSrc: [hashOf(style), hashOf(supportStyle)],
    imgSrc: ['data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
};
