// The only script: adds a copy button to each message. Without scripts, one press selects the message. Pages contain it
// unchanged, and the content security policy allows exactly it.
export const copyScript = `
for (const box of document.querySelectorAll('.message')) {
  const [button, said] = ['button', 'span'].map((name) => document.createElement(name));
  Object.assign(button, { type: 'button', className: 'button second', textContent: box.dataset.copy });
  said.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(box.innerText);
    } catch {
      getSelection().selectAllChildren(box);
      document.execCommand('copy');
    }
    said.textContent = box.dataset.copied;
  });
  box.nextElementSibling.prepend(button, said);
}
`;
