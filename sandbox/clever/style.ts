// The style of the stand-in Clever's pages.
export const style = `
:root { color-scheme: light; --blue: #1464ff; --ink: #1b2540; --soft: #5a6580; --line: #dbe2ef; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f5f7fb; }
header { background: var(--blue); color: #fff; padding: .75rem 1.25rem; display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; }
header a { color: #fff; font-weight: 700; font-size: 1.25rem; text-decoration: none; }
header span { font-size: .875rem; }
main { max-width: 68rem; margin: 0 auto; padding: 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .75rem 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem; }
a { color: #0b4fd6; }
.lead { color: var(--soft); margin: 0 0 1rem; max-width: 46rem; }
.case { background: #fff7e0; border-left: 4px solid #e8b100; padding: .6rem .9rem; max-width: 46rem; }
.signed-in { background: #e7f6ec; border-radius: .5rem; padding: .6rem .9rem; margin: 0 0 1rem; }
.signed-in a { margin-right: .75rem; display: inline-block; }
ul { list-style: none; margin: 0; padding: 0; }
.people { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
.people a { display: grid; grid-template-columns: 1fr auto; gap: .15rem .75rem; height: 100%; align-content: start; background: #fff; border: 1px solid var(--line); border-radius: .6rem; padding: .75rem .9rem; text-decoration: none; color: inherit; }
.people a:hover, .people a:focus-visible, .apps a:hover, .apps a:focus-visible { border-color: var(--blue); outline: 2px solid var(--blue); }
.name { font-weight: 600; overflow-wrap: anywhere; }
.type { font-size: .8rem; color: var(--soft); align-self: center; }
.about { grid-column: 1 / -1; font-size: .9rem; color: var(--soft); overflow-wrap: anywhere; }
.apps { display: flex; flex-wrap: wrap; gap: 1rem; }
.apps li { display: grid; }
.apps a { display: grid; justify-items: center; align-content: start; gap: .5rem; width: 9.5rem; padding: 1.1rem .5rem; background: #fff; border: 1px solid var(--line); border-radius: .8rem; text-decoration: none; color: inherit; font-weight: 600; text-align: center; }
.icon { display: grid; place-items: center; width: 4rem; height: 4rem; border-radius: 1rem; color: #fff; font-size: 1.7rem; font-weight: 700; background: #00696b; }
.icon.secure-sync { background: #7a3ea8; }
.links { display: grid; gap: .5rem; justify-items: start; margin-top: 2rem; }
`;
