// What the support pages have beyond the style of all pages: more room, rows, two values side by side, a picture of hours.
// Holds none of the signs " & < as style.ts explains.

export const supportStyle = `
.desk header, .desk main { max-width: 68rem; }
.desk header { flex-wrap: wrap; }
.desk nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.1rem; margin-left: auto; font-weight: 500; }
.desk nav a, .desk nav .plain { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0; }
.desk nav form { margin: 0; }
.desk a { overflow-wrap: anywhere; }
.desk h1 { font-size: clamp(1.4rem, 1.1rem + 1.4vw, 1.9rem); }
.desk label { display: block; margin: 0 0 .25rem; font-weight: 600; font-size: .94rem; }
.desk input, .desk select, .desk textarea { width: 100%; min-height: 2.9rem; padding: .45rem .75rem; border: 2px solid var(--quiet);
  border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; }
.desk textarea { font: .94rem/1.5 ui-monospace, Menlo, Consolas, monospace; resize: vertical; }
.desk .button { min-height: 2.9rem; margin: 0; padding: .4rem 1.3rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem 1rem; align-items: end; margin: 0 0 1.2rem; }
.fields .wide { grid-column: 1 / -1; }
.search { display: grid; grid-template-columns: 1fr auto; gap: .6rem; align-items: end; }
.rows { list-style: none; margin: 0 0 1rem; padding: 0; border-top: 1px solid var(--line); }
.rows li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) 8.5rem 10.5rem 6.5rem; gap: .1rem 1rem; align-items: baseline;
  margin: 0; padding: .55rem 0; border-bottom: 1px solid var(--line); }
.rows a { white-space: nowrap; font: 650 1.02rem/1.5 ui-monospace, Menlo, Consolas, monospace; padding: .6rem 0; }
.timeline li { grid-template-columns: 11.5rem minmax(0, 1fr); }
.rows .time { color: var(--quiet); font-size: .94rem; }
.badge { display: inline-block; padding: 0 .6rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .88rem; font-weight: 650; }
.badge.open { color: var(--bad); } .badge.done { color: var(--good); }
:root { --bad: #a3261b; --good: #14633a; --mark: #ffd76a; --on-mark: #2b1d00; }
@media (prefers-color-scheme: dark) { :root { --bad: #ffaaa0; --good: #8fe0b1; --mark: #ffd76a; --on-mark: #2b1d00; } }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: .5rem 0 1rem; }
.pair > div { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.pair h3 { margin: 0 0 .35rem; font-size: .94rem; color: var(--quiet); }
.value { margin: 0; font: 1.15rem/1.7 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.value mark { padding: .05em .1em; border-radius: .2em; background: var(--mark); color: var(--on-mark); font-weight: 700;
  text-decoration: underline; text-decoration-thickness: 2px; }
.facts dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .35rem 1.5rem; margin: .5rem 0 1rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.desk fieldset { margin: 0 0 1rem; padding: .8rem 1rem 1rem; border: 1px solid var(--line); border-radius: .6rem; }
.desk legend { padding: 0 .4rem; font-weight: 650; }
.chart { width: 100%; height: auto; margin: .5rem 0; }
.chart rect { fill: var(--accent); } .chart line { stroke: var(--line); } .chart text { fill: var(--quiet); font-size: 12px; }
.note { padding: .7rem 1rem; border-left: .3rem solid var(--good); background: var(--soft); }
@media (max-width: 48rem) { .facts dl { grid-template-columns: 1fr; gap: 0; } .facts dd { margin: 0 0 .6rem; } .rows li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; } .rows .what { flex: 1 0 100%; }
  .pair { grid-template-columns: 1fr; } .search { grid-template-columns: 1fr; } .desk nav { margin-left: 0; } }
@media print { .desk nav, .desk form, .desk fieldset { display: none; } .rows li, .pair > div { break-inside: avoid; }
  .value mark { background: none; color: inherit; } .desk textarea { border: 1px solid; field-sizing: content; } }
`;
