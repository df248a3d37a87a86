// The reviewers' desk: its keys and its picture viewer. Every key presses a control that is on the page, and all of them work
// without this script.
(() => {
  const off = document.getElementById('keys')?.dataset.keys === 'off';
  const typing = el => el.closest?.('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])');

  // ---- keys: a letter presses the control that carries it, never while typing, never with a modifier
  const rows = () => [...document.querySelectorAll('.dt tbody tr')];
  const move = by => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex(r => r.hasAttribute('aria-current'));
    all.forEach(r => r.removeAttribute('aria-current'));
    const row = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
    row.setAttribute('aria-current', 'true');
    row.querySelector('a.nm')?.focus();
  };
  const press = el => {
    if (el.dataset.finds) {
      el.parentElement.open = true;
      document.querySelector(`[data-find="${el.dataset.finds}"]`)?.focus();
    } else if (el.matches('textarea, input[type=search]')) {
      el.focus();
    } else {
      el.focus({ preventScroll: el.matches('[data-tool]') });
      el.click();
    }
  };
  document.addEventListener('keydown', e => {
    const page = document.querySelector('dialog[open]') ?? document;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target.closest('textarea, input')) {
      const go = page.querySelector('[data-confirm], [form=decide][value=fail]');
      if (go) { e.preventDefault(); go.click(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || off || typing(e.target)) return;
    const key = e.key.toLowerCase();
    if (key === '?' && page === document) {
      const help = document.getElementById('keys');
      if (help) { e.preventDefault(); help.open = !help.open; help.querySelector('summary').focus(); }
      return;
    }
    if ((key === 'j' || key === 'k') && page === document && rows().length) { e.preventDefault(); move(key === 'j' ? 1 : -1); return; }
    const el = page.querySelector(`[data-key="${CSS.escape(key === '=' ? '+' : key)}"]`);
    if (el) { e.preventDefault(); press(el); }
  });

  // ---- the question before a decision stands beside the documents. What comes instead of it (the case is somebody else's by
  // now, the session has ended) is met on the plain way, on which nothing that was typed is lost.
  const question = document.getElementById('question'), decide = document.getElementById('decide');
  question?.addEventListener('htmx:afterSwap', () => { question.showModal(); question.querySelector('.errsum')?.focus(); });
  question?.addEventListener('click', e => { if (e.target.closest('[data-key=escape]')) { e.preventDefault(); question.close(); } });
  question?.addEventListener('close', () => question.replaceChildren());
  const plainly = e => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = decide.action;
    form.hidden = true;
    for (const [name, value] of e.detail.requestConfig.formData) form.append(Object.assign(document.createElement('input'), { name, value }));
    document.body.append(form);
    form.submit();
  };
  decide?.addEventListener('htmx:beforeOnLoad', e => { if (!e.detail.xhr.responseText.includes('id="asks"')) { e.preventDefault(); plainly(e); } });
  decide?.addEventListener('htmx:sendError', plainly);

  // ---- how many cases are chosen
  const count = document.querySelector('[data-bulk-count]');
  document.addEventListener('change', e => {
    if (e.target.matches('.rowsel') && count) count.textContent = document.querySelectorAll('.rowsel:checked').length;
  });

  // ---- finding a reason
  document.querySelectorAll('[data-find]').forEach(input => {
    input.hidden = false;
    const all = [...input.parentElement.querySelectorAll('[data-found]')];
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      all.forEach(r => { r.hidden = !words.every(w => r.dataset.found.toLowerCase().includes(w)); });
    });
    input.addEventListener('keydown', e => { if (e.key === 'Enter') e.preventDefault(); });
  });

  // ---- the pictures: geometry only, so that no style is needed
  const viewer = document.querySelector('[data-viewer]');
  if (!viewer) return;
  viewer.querySelector('[data-tools]').hidden = false;
  const levels = [1, 1.35, 1.8, 0.7];
  const view = { zoom: 1, turn: 0, light: 0, x: 0.5, y: 0.5 };
  const sheets = [...viewer.querySelectorAll('[data-sheet]')].map(svg => {
    const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number);
    return { svg, w, h, picture: svg.querySelector('image'), turn: svg.querySelector('[data-turn]') };
  });
  const ns = 'http://www.w3.org/2000/svg';
  const filter = slope => {
    const id = 'light-' + String(slope).replace('.', '-');
    if (!document.getElementById(id) && sheets[0]) {
      const f = document.createElementNS(ns, 'filter');
      f.id = id;
      const t = f.appendChild(document.createElementNS(ns, 'feComponentTransfer'));
      for (const c of 'RGB') {
        const fn = t.appendChild(document.createElementNS(ns, 'feFunc' + c));
        fn.setAttribute('type', 'linear');
        fn.setAttribute('slope', slope);
      }
      sheets[0].svg.prepend(f);
    }
    return `url(#${id})`;
  };
  const draw = () => sheets.forEach(({ svg, w, h, picture, turn }) => {
    const lying = view.turn % 2 === 1;
    const [ow, oh] = lying ? [h, w] : [w, h];
    const [vw, vh] = [ow / view.zoom, oh / view.zoom];
    const at = (v, whole, part) => Math.max(0, Math.min(whole - part, v * whole - part / 2));
    svg.setAttribute('viewBox', `${at(view.x, ow, vw)} ${at(view.y, oh, vh)} ${vw} ${vh}`);
    turn.setAttribute('transform', ['', `translate(${h} 0) rotate(90)`, `translate(${w} ${h}) rotate(180)`, `translate(0 ${w}) rotate(270)`][view.turn]);
    if (levels[view.light] === 1) picture.removeAttribute('filter'); else picture.setAttribute('filter', filter(levels[view.light]));
  });
  const tools = {
    '+': () => { view.zoom = Math.min(8, view.zoom * 1.5); },
    '-': () => { view.zoom = Math.max(1, view.zoom / 1.5); },
    0: () => { Object.assign(view, { zoom: 1, x: 0.5, y: 0.5 }); },
    o: () => { view.turn = (view.turn + 1) % 4; },
    b: () => { view.light = (view.light + 1) % levels.length; },
    c: button => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', on);
      viewer.querySelectorAll('[data-marks]').forEach(m => m.setAttribute('visibility', on ? 'visible' : 'hidden'));
    },
    t: button => {
      const read = viewer.querySelector('[data-read]');
      if (read) { read.open = !read.open; button.setAttribute('aria-pressed', read.open); }
    },
  };
  viewer.querySelectorAll('[data-tool]').forEach(button => {
    if (button.dataset.tool === 't' && !viewer.querySelector('[data-read]')) { button.remove(); return; }
    button.addEventListener('click', () => { tools[button.dataset.tool](button); draw(); });
  });
  // Dragging moves an enlarged picture; so do the arrow keys once it has the focus.
  const shift = (dx, dy) => { view.x = Math.max(0, Math.min(1, view.x + dx / view.zoom)); view.y = Math.max(0, Math.min(1, view.y + dy / view.zoom)); draw(); };
  sheets.forEach(({ svg }) => {
    let from = null;
    svg.setAttribute('tabindex', '0');
    svg.addEventListener('dblclick', () => { tools['+'](); draw(); });
    svg.addEventListener('pointerdown', e => { if (view.zoom > 1) { from = e; svg.setPointerCapture(e.pointerId); e.preventDefault(); } });
    svg.addEventListener('pointermove', e => {
      if (!from) return;
      shift((from.clientX - e.clientX) / svg.clientWidth, (from.clientY - e.clientY) / svg.clientHeight);
      from = e;
    });
    svg.addEventListener('pointerup', () => { from = null; });
    svg.addEventListener('keydown', e => {
      const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[e.key];
      if (by && view.zoom > 1) { e.preventDefault(); shift(...by); }
    });
  });
})();
