// The console's only script of its own: conveniences, never a requirement. Every form and link works without it.
(() => {
  const focusErrors = () => document.querySelector('.errsum')?.focus();

  // A menu closes when one clicks elsewhere or presses Escape.
  const close = except => document.querySelectorAll('details.menu[open], details.mm[open]').forEach(d => { if (d !== except) d.open = false; });
  document.addEventListener('click', e => close(e.target.closest('details')));
  document.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    const open = document.querySelector('details.menu[open], details.mm[open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
  });

  // A form that was sent is not sent again by a second click; the server would do nothing twice anyway.
  document.addEventListener('submit', e => {
    const form = e.target;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(() => delete form.dataset.sent, 3000);
  });

  // Pictures: what is chosen, dropped or pasted is sent at once. A picture that was refused stays at hand, so that a person
  // can be asked to look at it without choosing it again.
  const chosen = {};
  const send = (zone, files) => {
    const input = zone.querySelector('input[type=file]');
    if (!input || !files.length) return;
    const hold = new DataTransfer();
    hold.items.add(files[0]);
    input.files = hold.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  document.addEventListener('change', e => {
    const input = e.target;
    if (input.type !== 'file' || !input.files.length) return;
    chosen[input.dataset.side] = input.files;
    if (input.closest('.dz') || 'send' in input.dataset) input.form.requestSubmit();
  });
  ['dragover', 'dragleave', 'drop'].forEach(name => document.addEventListener(name, e => {
    const zone = e.target.closest?.('.dz');
    if (!zone) return;
    e.preventDefault();
    zone.classList.toggle('over', name === 'dragover');
    if (name === 'drop') send(zone, e.dataTransfer.files);
  }));
  document.addEventListener('paste', e => {
    const zone = document.querySelector('.dz');
    if (zone && e.clipboardData?.files.length) send(zone, e.clipboardData.files);
  });
  document.addEventListener('htmx:xhr:progress', e => {
    const bar = e.target.querySelector?.('.meter rect + rect');
    if (bar && e.detail.lengthComputable) bar.setAttribute('width', String(1000 * e.detail.loaded / e.detail.total));
  });
  document.addEventListener('htmx:afterSettle', e => {
    document.querySelectorAll('input[type=file][data-again]').forEach(input => {
      const files = chosen[input.dataset.side];
      if (!files || input.files.length) return;
      input.files = files;
      input.closest('[data-choose]')?.setAttribute('hidden', '');
    });
    if (e.target.id === 'main') focusErrors();
  });
  focusErrors();

  // A list whose rows can be chosen: how many are, and all of the page at once.
  const count = form => {
    const boxes = [...form.querySelectorAll('.rowsel')], on = boxes.filter(b => b.checked).length;
    form.querySelector('[data-bulk-count]').textContent = on;
    form.querySelector('[data-bulk]').hidden = !on;
    const whole = form.querySelector('[data-rows]');
    if (whole) { whole.hidden = false; whole.checked = on === boxes.length; whole.indeterminate = on > 0 && on < boxes.length; }
  };
  document.querySelectorAll('form:has([data-bulk])').forEach(form => {
    form.addEventListener('change', e => {
      if ('rows' in e.target.dataset) form.querySelectorAll('.rowsel').forEach(b => { b.checked = e.target.checked; });
      count(form);
    });
    form.addEventListener('reset', () => setTimeout(() => count(form)));
    count(form);
  });
})();
