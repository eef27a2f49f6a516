// The additional style of the support pages: more width, rows, two values side by side, a chart of hours. Contains none
// of the characters " & <, see style.ts.

export const supportStyle = `
:root { --bad: #951f15; --good: #105a34; --mark: #ffd76a; --on-mark: #2b1d00; }
@media (prefers-color-scheme: dark) { :root { --bad: #ffaaa0; --good: #8fe0b1; } }
.staff { padding-top: 1rem; }
.staff header, .staff main { max-width: 68rem; }
.staff main:focus { outline: none; }
.skip { position: absolute; inset-inline-start: 1rem; top: -6rem; z-index: 1; padding: .7rem 1rem; border-radius: .5rem; background: var(--accent); color: var(--on-accent); }
.skip:focus { top: .5rem; color: var(--on-accent); }
.staff header { flex-wrap: wrap; gap: 0 .6rem; padding-top: .5rem; padding-bottom: .5rem; }
.staff header > span { margin-inline-end: auto; }
.staff nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.1rem; font-weight: 500; }
.staff nav a, .staff nav .plain { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0; }
.staff nav a[aria-current] { color: var(--ink); font-weight: 650; text-decoration: none; box-shadow: inset 0 -.2rem var(--accent); }
.staff nav form { margin: 0; }
.staff a { overflow-wrap: anywhere; }
.staff h1 { font-size: clamp(1.4rem, 1.1rem + 1.4vw, 1.9rem); }
.staff h3 { margin: 1.2rem 0 .35rem; font-size: 1rem; }
.staff label { display: block; margin: 0 0 .25rem; font-weight: 600; font-size: .94rem; }
.staff h2 label { margin: 0; font-size: inherit; font-weight: inherit; }
.staff input, .staff select, .staff textarea { width: 100%; min-height: 2.9rem; padding: .45rem .75rem; border: 2px solid var(--quiet);
  border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; }
.staff input[type=datetime-local]:focus-within { outline: 3px solid var(--accent); outline-offset: 3px; }
.staff ::placeholder { color: var(--quiet); opacity: 1; }
.staff textarea { display: block; margin: 0 0 1rem; padding: .75rem .9rem; font: .94rem/1.5 ui-monospace, Menlo, Consolas, monospace; field-sizing: content; max-height: min(18rem, 70vh); resize: vertical; }
html:has(.staff textarea:focus) { scroll-padding-bottom: calc(min(18rem, 70vh) + 1rem); }
.staff .button { min-height: 2.9rem; margin: 0; padding: .4rem 1.3rem; }
.staff main > .button, .staff main > form:not([class]) > .button { margin: 0 0 .8rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0 1rem; align-items: end; margin: 0 0 .4rem; }
.fields > * { margin: 0 0 .8rem; } .fields .whole { grid-column: 1 / -1; } .fields .button { width: 100%; }
@supports (grid-template-rows: subgrid) { .fields > div { display: grid; grid-template: subgrid / minmax(0, 1fr); grid-row: span 3; } .fields label { align-self: end; } .fields .wrong { align-self: start; } .fields > div > .button { grid-row: 2; } }
.search, .act { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .6rem; align-items: end; margin: 0 0 .9rem; }
.why { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .8rem; margin: 0 0 .9rem; }
.staff .why label { margin: 0; font-weight: 500; } .staff .why input { flex: 1 1 12rem; max-width: 26rem; min-height: 2.75rem; border-width: 1px; }
.act .button { min-width: 13rem; }
.staff footer p { margin: .6rem 0 0; }
.staff footer { max-width: 68rem; margin: 2rem auto 0; padding: .8rem 0 1.2rem; border-top: 1px solid var(--line); }
.zone { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; margin: 0; } .staff .zone label { margin: 0; font-weight: 500; } .staff .zone select { width: auto; max-width: 100%; }
.utc { color: var(--quiet); font-weight: 400; } .wall, .utc { white-space: nowrap; }
.wrong { margin: .25rem 0 0; color: var(--bad); font-weight: 600; font-size: .94rem; } .staff [aria-invalid=true] { border-color: var(--bad); }
.onward { display: inline-block; padding: .6rem 0; }
.onwards { display: flex; flex-wrap: wrap; gap: 0 2rem; }
.rows { list-style: none; margin: 0 0 1.2rem; padding: 0; border-top: 1px solid var(--line); }
.rows li { margin: 0; padding: .35rem 0; border-bottom: 1px solid var(--line); }
.attempts li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) 7rem 11.5rem 6rem; gap: 0 1rem; align-items: baseline; }
.attempts .quiet { display: inline-block; }
.attempts a { padding: .6rem 0; white-space: nowrap; font: 650 1.02rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.incidents li { display: grid; grid-template-columns: minmax(0, 1.5fr) minmax(0, 1.4fr) 13.5rem 5.5rem; gap: 0 1rem; align-items: baseline; }
@media (min-width: 62.01rem) { .incidents li > :is(a, .what) { grid-row: 1 / 3; } .incidents .time { grid-area: 2 / 3; } .incidents .badge { grid-area: 1 / 4; } }
.incidents .quiet { display: block; }
.people li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) 15rem 6rem; gap: 0 1rem; align-items: baseline; }
.incidents a, .people a { padding: .6rem 0; }
.people a { font: 650 1.02rem/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: nowrap; }
.rows .time { color: var(--quiet); font-size: .94rem; }
.timeline li { display: grid; grid-template-columns: 11.5rem minmax(0, 1fr); gap: 0 1rem; align-items: baseline; }
.timeline details { margin: 0; padding: 0; border: 0; } .timeline li li { display: list-item; padding: 0; border: 0; }
.timeline a { display: inline-block; padding: .6rem 0; margin: -.6rem 0; }
.places li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.2rem; }
.places a { padding: .6rem 0; font-weight: 600; } .places li > a { flex: 1 0 16rem; }
.count { min-width: 10.5rem; } .unusual { color: var(--bad); font-weight: 600; }
.badge { display: inline-block; justify-self: start; padding: 0 .6rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .88rem; font-weight: 650; letter-spacing: 0; }
h1 .badge { vertical-align: .3em; }
.badge.open { color: var(--bad); } .badge.done { color: var(--good); }
.note { margin: 0 0 1.2rem; padding: .8rem 1rem; border-inline-start: .3rem solid var(--good); border-radius: .3rem; background: var(--soft); }
.todo { border-inline-start-color: var(--bad); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: .5rem 0 1rem; }
.pair > div { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.pair > :only-child { grid-column: 2; }
.pair h3 { margin: 0 0 .35rem; font-size: .94rem; color: var(--quiet); }
.value { margin: 0; font: 1.15rem/1.7 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; white-space: break-spaces; }
.value mark { padding: .05em .1em; border-radius: .2em; background: var(--mark); color: var(--on-mark); font-weight: 700;
  text-decoration: underline; text-decoration-thickness: 2px; }
.source { display: block; margin: .3rem 0 0; color: var(--quiet); font: .94rem/1.5 system-ui, -apple-system, Segoe UI, Roboto, sans-serif; white-space: normal; }
.said { font-weight: 600; }
.facts dl { display: grid; grid-template-columns: minmax(7.5rem, max-content) minmax(0, 1fr); gap: .35rem 1.5rem; align-items: baseline; margin: .5rem 0 1rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; font-weight: 500; }
.seen { margin: 0 0 .35rem; } .seen[dir=rtl] { text-align: start; }
.feed { margin: .8rem 0 1rem; padding: .8rem 1rem .2rem; border: 1px solid var(--line); border-radius: .6rem; }
.feed h2, .feed h3 { margin: 0; }
.actions-of { margin: 1.2rem 0; padding: 0 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.hours { margin: .5rem 0 1rem; }
.hours figcaption { margin: 0 0 .6rem; }
.hours details { margin-top: .6rem; }
.chart { display: block; overflow: visible; }
.chart rect { fill: var(--accent); opacity: .55; } .chart .peak { opacity: 1; }
.chart line { stroke: var(--quiet); } .chart text { fill: var(--quiet); font-size: 13px; }
.chart .name { fill: var(--ink); font-size: 15px; font-weight: 600; }
.staff table { width: 100%; border-collapse: collapse; font-size: .94rem; }
.staff th, .staff td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
.staff thead th { color: var(--quiet); white-space: nowrap; }
@media (min-width: 42rem) { .places.counted li { display: grid; grid-template-columns: minmax(0, 1fr) 8rem 8rem; } .places.counted .id { grid-area: 2 / 1; } .places.counted .count { min-width: 0; } }
@media (min-width: 62rem) { .places.counted li { grid-template-columns: minmax(0, 1.5fr) minmax(0, .6fr) 11.5rem 14rem; } .places.counted .id { grid-area: auto; } }
@media (max-width: 62rem) {
  .attempts li { grid-template-columns: 8rem auto minmax(0, 1fr) auto; gap: 0 1rem; }
  .attempts .what { grid-column: 2 / 4; } .attempts .badge { grid-area: 1 / 4; }
  .attempts .who { grid-area: 2 / 2; color: var(--quiet); font-size: .94rem; } .attempts .time { grid-area: 2 / 3 / 3 / 5; } }
@media (max-width: 62rem) { .incidents li { grid-template-columns: minmax(0, 1fr) auto; } .incidents a { grid-column: 1; } .incidents .what { grid-column: 1 / -1; } .incidents .badge { grid-area: 1 / 2; justify-self: end; }
  .incidents .who { grid-area: 3 / 2; justify-self: end; } .incidents .time { grid-area: 3 / 1; } }
@media (max-width: 42rem) {
  .wall { white-space: normal; } .people li { grid-template-columns: auto 1fr; } .people .badge { justify-self: end; } .people .time { grid-area: 2 / 1; }
  .staff { padding-top: 0; } .staff footer { padding: .8rem 1.25rem 1.2rem; }
  .staff nav { gap: 0 .65rem; font-size: .86rem; }
  .staff nav .plain { font-size: inherit; }
  .facts dl { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin: 0 0 .6rem; }
  .attempts li { grid-template-columns: auto minmax(0, 1fr); padding: .2rem 0 .6rem; }
  .attempts .what { grid-area: 2 / 1 / 3 / 3; } .attempts .badge { grid-area: 1 / 2; justify-self: end; }
  .attempts .who { grid-area: 3 / 1; } .attempts .time { grid-area: 3 / 2; }
  .timeline li { grid-template-columns: minmax(0, 1fr); padding: .5rem 0; }
  .pair, .search, .act { grid-template-columns: minmax(0, 1fr); } .pair > :only-child { grid-column: auto; } }
.places strong { min-width: 0; overflow-wrap: anywhere; }
.persons li, .findings li, .credentials li { padding: .7rem 0; }
.persons li > *, .credentials li > * { display: block; } .persons li > a { padding: .6rem 0; } .persons strong { font-size: 1.02rem; } .persons span strong { font-size: inherit; }
.addresses { font: .94rem/1.6 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.findings li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0 .8rem; align-items: baseline; }
.upload, .stack { max-width: 40rem; margin: .5rem 0 1.5rem; }
.field { margin: 0 0 1rem; } .field .quiet { margin: .25rem 0 0; }
.staff fieldset { margin: 0 0 1rem; padding: .6rem 1rem 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.staff legend { padding: 0 .4rem; font-weight: 600; }
.staff .choice { display: flex; gap: .7rem; align-items: center; min-height: 2.9rem; font-weight: 500; }
.staff .choice input { flex: none; width: 1.35rem; height: 1.35rem; min-height: 0; accent-color: var(--accent); }
.staff input[type=file] { padding: .6rem; border-style: dashed; } .upload input[type=file] + .actions { margin-top: .75rem; } .upload input[type=file] + .quiet { margin-top: .35rem; } .upload .actions, .staff .onwards { gap: .6rem 1.5rem; align-items: center; margin: 0 0 .75rem; }
@media (max-width: 42rem) { .findings li { grid-template-columns: minmax(0, 1fr); } }
@media print { .staff nav, .staff form, .staff footer, .staff .actions-of, .skip { display: none; } .rows li, .pair > div, .feed { break-inside: avoid; }
  h2, h3 { break-after: avoid; } .value mark { background: none; color: inherit; } .note { border: 1px solid; } .staff textarea { max-height: none; border: 1px solid; }
  .pair { grid-template-columns: 1fr 1fr; } .value { font-size: .94rem; } .chart rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
