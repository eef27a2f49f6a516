// The only script: gives each message a button that copies it. Without script the message is text that one press selects.
// A page holds it as it is, and the content security policy lets exactly it run.
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
