// The console's only script of its own: conveniences, never a requirement. Every form and link works without it.
(() => {
  const focusErrors = () => { const summary = document.querySelector('.errsum'); summary?.focus(); return !!summary; };

  // A menu closes when one clicks elsewhere or presses Escape.
  const close = except => document.querySelectorAll('details.menu[open], details.mm[open]').forEach(d => { if (d !== except) d.open = false; });
  document.addEventListener('click', e => close(e.target.closest('details')));
  document.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    const open = document.querySelector('details.menu[open], details.mm[open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
  });

  // A pill of a row that is scrolled comes into sight as a whole when it is reached with keys; the one in force is there at once.
  document.addEventListener('focusin', e => { if (e.target.closest('.seg')) e.target.scrollIntoView({ block: 'nearest', inline: 'nearest' }); });
  const showInForce = () => document.querySelectorAll('.seg > [aria-current]').forEach(pill => {
    const row = pill.parentElement;
    row.scrollLeft = pill.offsetLeft - row.offsetLeft - (row.clientWidth - pill.offsetWidth) / 2;
  });
  showInForce();
  addEventListener('resize', showInForce);

  // A form that was sent is not sent again by a second click; the server would do nothing twice anyway.
  document.addEventListener('submit', e => {
    const form = e.target;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(() => delete form.dataset.sent, 3000);
  });

  // Another language or theme changes the page in place: what was typed, ticked, chosen and opened on it stays. The page comes
  // anew, and a library, fetched when it is first wanted, finds what tells the two apart.
  const stays = { INPUT: ['value', 'checked'], TEXTAREA: ['value'], OPTION: ['selected'], DETAILS: ['open'] };
  const chooses = el => el.nodeName === 'OPTION' || el.type === 'checkbox' || el.type === 'radio';
  const sameField = (el, fresh) => el.name === fresh.name && el.type === fresh.type && (!chooses(el) || el.value === fresh.value);
  const script = src => new Promise((done, fail) => document.head.append(Object.assign(document.createElement('script'), { src, onload: done, onerror: fail })));
  const prefer = async (form, button) => {
    const asked = fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, button)) });
    if (!window.Idiomorph) await script(form.dataset.morph);
    const answer = await asked, page = await answer.text();
    if (!answer.ok || answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.assign(answer.url); return; }
    const same = new WeakSet();
    Idiomorph.morph(document.documentElement, page, { callbacks: {
      beforeNodeMorphed: (el, fresh) => {
        if (stays[el.nodeName] && sameField(el, fresh)) same.add(el);
        return !(el.dataset && 'sheet' in el.dataset); // a picture is as it was enlarged and turned
      },
      beforeNodeRemoved: el => !(el.dataset && 'shown' in el.dataset), // what no page shows again
      beforeAttributeUpdated: (name, el) => name !== 'hidden' && name !== 'aria-pressed' && !(same.has(el) && stays[el.nodeName].includes(name)),
    } });
    htmx.process(document.body);
    countAll();
  };
  document.addEventListener('submit', e => {
    const form = e.target, button = e.submitter;
    if (e.defaultPrevented || !form.dataset.morph || form.dataset.plain) return;
    e.preventDefault();
    prefer(form, button).catch(() => { form.dataset.plain = 'yes'; delete form.dataset.sent; form.requestSubmit(button); });
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
    const large = input.dataset.most && input.files[0].size > Number(input.dataset.most), note = input.form.querySelector('[data-large]');
    if (note) note.hidden = !large;
    if (large) { input.value = ''; return; }
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

  // A picture whose way was cut off is still at hand: the page says so, offers to send it again, and does that by itself when
  // the network comes back. Nothing of it was kept by the server.
  const broken = form => form.querySelector('[data-broken]');
  document.addEventListener('htmx:sendError', e => {
    const note = e.target.matches?.('form') && broken(e.target);
    if (!note) return;
    delete e.target.dataset.sent;
    e.target.querySelector('.meter rect + rect')?.setAttribute('width', '0');
    note.hidden = false;
    note.querySelector('button')?.focus();
  });
  document.addEventListener('htmx:beforeRequest', e => { const note = e.target.matches?.('form') && broken(e.target); if (note) note.hidden = true; });
  addEventListener('online', () => document.querySelectorAll('[data-broken]:not([hidden])').forEach(note => note.closest('form').requestSubmit()));

  // A picture that was sent, or taken away, changes the page around what was typed and is not saved yet. That stays, unless the
  // server has something else to say there.
  let unsaved = [];
  document.addEventListener('htmx:beforeSwap', e => {
    if (e.detail.target.id !== 'main') return;
    unsaved = [...document.querySelectorAll('#step input:not([type=hidden], [type=file])')].filter(el => el.value !== el.defaultValue || el.checked !== el.defaultChecked)
      .map(({ id, value, checked, defaultValue, defaultChecked }) => ({ id, value, checked, defaultValue, defaultChecked }));
  });
  document.addEventListener('htmx:afterSwap', e => {
    if (e.target.id !== 'main') return;
    unsaved.forEach(was => {
      const el = document.getElementById(was.id);
      if (el && el.defaultValue === was.defaultValue && el.defaultChecked === was.defaultChecked) { el.value = was.value; el.checked = was.checked; }
    });
  });

  // A link or a search that changes the page in place. What comes is loaded instead where it is no page of the shell, or brings
  // a script of its own. Who reads it begins at its top, as on a page that was loaded.
  document.addEventListener('htmx:beforeSwap', e => {
    if (!e.detail.boosted) return;
    const html = e.detail.xhr.responseText, body = html.slice(html.indexOf('<body'));
    if (!body.includes('id="shell"') || body.includes('<script')) {
      e.detail.shouldSwap = false;
      location.assign(e.detail.pathInfo.finalRequestPath);
      return;
    }
    // A page that is taken away with the focus in it is laid out once more, beside the new one, before it goes.
    document.activeElement?.blur();
  });
  document.addEventListener('htmx:afterSettle', e => {
    if (!e.detail.boosted) return;
    Object.keys(chosen).forEach(side => delete chosen[side]); // a picture belongs to the page that it was chosen on
    countAll();
    showInForce();
    if (!focusErrors()) document.getElementById('main').focus({ preventScroll: true });
  });

  // What comes by itself takes nothing away: neither a field that is being typed into, nor rows that were chosen.
  const inUse = el => el.contains(document.activeElement) && document.activeElement !== el || !!el.querySelector('.rowsel:checked');
  document.addEventListener('htmx:beforeSwap', e => { if ('follows' in e.detail.target.dataset && inUse(e.detail.target)) e.detail.shouldSwap = false; });
  document.addEventListener('htmx:oobBeforeSwap', e => { if (inUse(e.detail.target)) e.detail.shouldSwap = false; });
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
    if (whole) { whole.hidden = false; whole.checked = on > 0 && on === boxes.length; whole.indeterminate = on > 0 && on < boxes.length; }
  };
  const choosing = el => el.closest?.('form:has([data-bulk])');
  document.addEventListener('change', e => {
    const form = choosing(e.target);
    if (!form) return;
    if ('rows' in e.target.dataset) form.querySelectorAll('.rowsel').forEach(b => { b.checked = e.target.checked; });
    count(form);
  });
  document.addEventListener('reset', e => { const form = choosing(e.target); if (form) setTimeout(() => count(form)); });
  const countAll = () => document.querySelectorAll('form:has([data-bulk])').forEach(count);
  document.addEventListener('htmx:oobAfterSwap', countAll);
  addEventListener('pageshow', countAll);
  countAll();

  // An order that is picked with the pointer is applied at once. With keys one walks through the list, and presses the button.
  let pointed = false;
  document.addEventListener('pointerdown', () => { pointed = true; });
  document.addEventListener('keydown', () => { pointed = false; });
  document.addEventListener('change', e => { if (pointed && e.target.matches('select[data-send]')) e.target.form.requestSubmit(); });
})();
