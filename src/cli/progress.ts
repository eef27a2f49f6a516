// The progress of reading: a bar on a terminal, otherwise an occasional plain line. Goes to standard error.
import { SingleBar } from 'cli-progress';
import type { Progress } from '../formats/feed.ts';
import type { Output } from './output.ts';

interface ProgressDisplay {
  see(progress: Progress): void;
  stop(): void;
}

export const createProgress = (output: Output): ProgressDisplay =>
  output.isTerminal ? createBar() : createLines(output);

function createBar(): ProgressDisplay {
  const bar = new SingleBar({
    format: '{file} [{bar}] {percentage}%',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(100, 0, { file: '' });
  return {
    see: ({ file, bytesRead, bytesTotal }) => bar.update(percentage(bytesRead, bytesTotal), { file }),
    stop: () => bar.stop(),
  };
}

function createLines(output: Output): ProgressDisplay {
  let last = '';
  return {
    see({ file, bytesRead, bytesTotal }) {
      const line = `${file}: ${Math.floor(percentage(bytesRead, bytesTotal) / 25) * 25}%`;
      if (line !== last) output.aside(line);
      last = line;
    },
    stop: () => undefined,
  };
}

const percentage = (read: number, total: number): number =>
  total === 0 ? 100 : Math.min(100, Math.round((read / total) * 100));
