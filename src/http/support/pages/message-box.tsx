// A text to copy and send.

interface MessageBoxProps {
  readonly label: string;
  readonly message: string;
  /** Whose data it contains, and what to attach. */
  readonly hint: string;
}

export function MessageBox({ label, message, hint }: MessageBoxProps) {
  const lines = message.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 1);
  return (
    <>
      <h2>
        <label for="message">{label}</label>
      </h2>
      <p class="quiet" id="message-hint">
        {hint} Click into it, select all (Ctrl+A, on a Mac ⌘A) and copy.
      </p>
      <textarea id="message" aria-describedby="message-hint" readOnly rows={lines} value={message}>
        {message}
      </textarea>
    </>
  );
}
