// Passkeys: a form with data-passkey asks for a question at that address, has the browser answer it, and posts the answer in its
// field "answer". Where there is no script, or a browser has no passkeys, the password is beside it.
(() => {
  const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!able) continue;
    form.hidden = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const wrong = form.querySelector('[role=alert]');
      wrong.hidden = true;
      try {
        const asked = await fetch(form.dataset.passkey, {method: 'POST', headers: {Accept: 'application/json'}});
        if (!asked.ok) return form.submit(); // the answer to the form says why
        const question = await asked.json();
        const answer = 'makes' in form.dataset
          ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question)})
          : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question)});
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch { // the person, or the browser, did not want to
        wrong.hidden = false;
      }
    });
  }
})();
