// Converts the XML of a workbook part to items, as a stream with limits on memory.
import { SaxesParser } from 'saxes';
import { UnreadableWorkbook } from './spreadsheet-package.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Names come without their prefix: some programs write `<x:row>` (ECMA-376 leaves the prefix open). */
export interface XmlHandlers {
  readonly open?: (name: string, attributes: Attributes) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

// Endless text or deeply nested tags would fill the memory of a reader that waits for the end.
const maxPieceLength = 2 ** 20;
const deepest = 64;

/**
 * The items that the handlers emit, in order. Entities declared by a document are not expanded (the parser supports
 * only XML's five).
 * @throws {UnreadableWorkbook} at the first error of the XML
 */
export async function* readXml<Item>(
  text: AsyncIterable<string>,
  createHandlers: (emit: (item: Item) => void) => XmlHandlers,
): AsyncGenerator<Item> {
  let items: Item[] = [];
  let sinceEvent = 0;
  const parser = createParser(
    createHandlers((item) => void items.push(item)),
    () => {
      sinceEvent = 0;
    },
  );
  for await (const piece of text) {
    sinceEvent += piece.length;
    feed(() => parser.write(piece));
    if (sinceEvent > maxPieceLength) throw new UnreadableWorkbook('file_too_large');
    const ready = items;
    items = [];
    yield* ready;
  }
  feed(() => parser.close());
  yield* items;
}

function createParser(handlers: XmlHandlers, onEvent: () => void): SaxesParser {
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('opentag', ({ name, attributes }) => {
    onEvent();
    depth += 1;
    if (depth > deepest) throw new UnreadableWorkbook('file_unreadable');
    handlers.open?.(withoutPrefix(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    onEvent();
    depth -= 1;
    handlers.close?.(withoutPrefix(name));
  });
  const { text } = handlers;
  if (text !== undefined) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  return parser;
}

function feed(step: () => unknown): void {
  try {
    step();
  } catch (failure) {
    if (failure instanceof UnreadableWorkbook) throw failure;
    throw new UnreadableWorkbook('file_unreadable', failure);
  }
}

export function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
